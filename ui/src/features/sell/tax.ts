import type { TaxView } from "../../bindings/api";
import { t } from "../../messages";

/** `VAT 20 % included`. */
export function taxText({ name, rate, inclusive }: TaxView): string {
  return t(inclusive ? "tax.included" : "tax.added", { name, rate });
}
