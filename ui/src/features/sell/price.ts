import { isMessage, t } from "../../messages";

/** `for 1 kg`: what a price is the price of. */
export function priceLabel(unit: string): string {
  const key = `sheet.unit.${unit}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : t("sheet.unit");
}
