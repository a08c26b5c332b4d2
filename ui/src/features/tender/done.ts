// What the end of a sale shows as its largest figure.

import type { SaleView } from "../../bindings/api";

export type Ending = "change" | "refund" | "refunded" | "even" | "paid";

export interface Headline {
  readonly ending: Ending;
  /** Never below nothing: the word says which way it goes. */
  readonly amount: number;
}

/** What is handed over the counter comes first: change, or cash that is paid out. */
export function headline(sale: SaleView): Headline {
  const out = sale.tenders
    .filter(({ kind, received }) => kind === "cash" && received < 0)
    .reduce((sum, { received }) => sum - received, 0);
  if (out > 0) return { ending: "refund", amount: out };
  if (sale.change > 0) return { ending: "change", amount: sale.change };
  if (sale.total < 0) return { ending: "refunded", amount: -sale.total };
  const paid = sale.total + sale.tip;
  return paid === 0 ? { ending: "even", amount: 0 } : { ending: "paid", amount: paid };
}

/** True where one sentence tells it all: one payment, in the shop's own cash or by card. */
export function isPlain({ tenders, tip, cash_rounding }: SaleView): boolean {
  const [only] = tenders;
  if (tip !== 0 || cash_rounding !== 0 || tenders.length !== 1 || !only) return false;
  return only.amount >= 0 && (only.kind === "cash" || only.kind === "card_external");
}
