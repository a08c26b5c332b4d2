// How the register in memory takes a payment or pays one out.

import type { PayRequest, TenderView } from "../bindings/api";

export interface TenderRules {
  /** The smallest coin, in cents. */
  readonly step: number;
  /** What one franc is worth, in hundredths of a euro. */
  readonly franc: number;
  /** What is on gift cards and store credit, by code. */
  readonly credit: Map<string, number>;
}

/** The nearest multiple of the smallest coin, halves away from nothing. */
export function toStep(amount: number, step: number): number {
  return Math.sign(amount) * Math.round(Math.abs(amount) / step) * step;
}

/** The payment, or the code of the refusal. */
export function tenderOf(request: PayRequest, due: number, rules: TenderRules): TenderView | string {
  const { tender_id: id, kind, offered, reference, name } = request;
  const base = { id, kind, reference, name, refunded: 0, pending: false, foreign: null };
  if (due < 0) {
    const cash = toStep(due, rules.step);
    const all = kind === "cash" && offered === -cash;
    if (!all && offered > -due) return "more_than_due";
    const amount = all ? due : -offered;
    const rounding = all ? cash - due : 0;
    return { ...base, amount, rounding, received: amount + rounding, change: 0 };
  }
  if (kind === "cash") {
    const cash = toStep(due, rules.step);
    if (offered < cash) {
      return { ...base, amount: offered, rounding: 0, received: offered, change: 0 };
    }
    return { ...base, amount: due, rounding: cash - due, received: offered, change: offered - cash };
  }
  if (kind === "foreign_cash") {
    const received = Math.round((offered * rules.franc) / 100);
    const amount = Math.min(received, due);
    const rate = `0.${rules.franc}`;
    const foreign = { currency: "CHF", exponent: 2, received: offered, rate };
    return { ...base, foreign, amount, rounding: 0, received, change: received - amount };
  }
  if (offered > due) return "more_than_due";
  if (kind === "gift_card" || kind === "store_credit") {
    const balance = rules.credit.get(reference ?? "");
    if (balance === undefined) return "no_such_credit";
    if (balance < offered) return "not_enough_credit";
    rules.credit.set(reference ?? "", balance - offered);
  }
  const pending = kind === "bank_transfer" || kind === "wallet";
  return { ...base, pending, amount: offered, rounding: 0, received: offered, change: 0 };
}
