// Paying out: what may go back to each payment of the sales that the returned goods came from.

import type { BasketView, PayWith, Returnable, TenderView } from "../../bindings/api";

/** A way to pay out that is offered. */
export interface WayBack {
  readonly kind: PayWith;
  readonly name: string | null;
  readonly reference: string | null;
  /** The payment that it goes back to. */
  readonly refunds: string;
  /** That payment as it was made, for the eye. */
  readonly paid: PayWith;
  readonly receipt: string;
  /** How much may still go back this way. */
  readonly left: number;
}

/** The sales whose goods come back. */
export function originsOf(view: BasketView | null): string[] {
  const sales = (view?.returns ?? []).flatMap(({ origin }) => (origin ? [origin.sale_id] : []));
  return [...new Set(sales)];
}

/**
 * The ways back, less what this basket pays out already. Cash of another currency and deposits go
 * back in the shop's own cash.
 */
export function waysBack(
  returnables: readonly Returnable[],
  tenders: readonly TenderView[],
): WayBack[] {
  const out = tenders
    .filter((tender) => tender.amount < 0)
    .map((tender) => ({ ...tender, left: -tender.amount }));
  return returnables.flatMap(({ receipt, tenders: originals }) =>
    originals.flatMap((original): WayBack[] => {
      const inCash = original.kind === "foreign_cash" || original.kind === "deposit";
      const kind = inCash ? "cash" : original.kind;
      let { left } = original;
      for (const paid of out) {
        if (paid.kind !== kind || (!inCash && paid.reference !== original.reference)) continue;
        const used = Math.min(paid.left, left);
        paid.left -= used;
        left -= used;
      }
      if (left <= 0) return [];
      const { name, reference, tender_id: refunds, kind: paid } = original;
      return [{ kind, name, reference, refunds, paid, receipt, left }];
    }),
  );
}

/** Whether no receipt shows any of what comes back: then there is no payment to go back to. */
export function allUnseen(view: BasketView | null): boolean {
  return (view?.returns ?? []).every(({ origin }) => origin === null);
}
