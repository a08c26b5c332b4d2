// What rules and people took off a price, in words.

import type { AdjustmentView, ReductionView } from "../bindings/api";
import { isMessage, t } from "../messages";

/** Kinds that change the unit price; the line shows that price, with the old one struck. */
const IN_THE_PRICE = new Set(["price_book", "override"]);

/** `Promotion`, `Discount`, `Coupon`. */
export function reductionWord(kind: string): string {
  const key = `reduction.${kind}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : kind;
}

/** True for what a line names beside its price. */
export function shownOnLine({ kind, amount }: AdjustmentView): boolean {
  return amount !== 0 && !IN_THE_PRICE.has(kind);
}

/** `Damaged 10 %`, `3 for 2`, or the word for its kind where nobody named it. */
export function reductionText(reduction: AdjustmentView | ReductionView): string {
  const name = reduction.name || reductionWord(reduction.kind);
  const percent = "percent" in reduction ? reduction.percent : null;
  // A promotion's name says its percentage already.
  const given = reduction.kind === "line_discount" || reduction.kind === "basket_discount";
  return percent !== null && given ? t("reduction.percent", { name, percent }) : name;
}
