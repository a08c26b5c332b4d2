import type { TaxView } from "../../bindings/api";
import { t } from "../../messages";

/** The taxes worth a line while selling: one of nothing is on the receipt only. */
export function shownTaxes(taxes: readonly TaxView[] | undefined): readonly TaxView[] {
  return (taxes ?? []).filter((tax) => tax.amount !== 0);
}

/** `VAT 20 % included`. */
export function taxText({ name, rate, inclusive }: TaxView): string {
  return t(inclusive ? "tax.included" : "tax.added", { name, rate });
}
