import { describe, expect, it } from "vitest";
import type { PayWith, SaleView, TenderView } from "../../bindings/api";
import { headline, isPlain } from "./done";

function tender(kind: PayWith, amount: number, received = amount): TenderView {
  const change = received - amount;
  const none = { reference: null, name: null, foreign: null };
  return { id: kind, kind, amount, received, change, rounding: 0, refunded: 0, pending: false, ...none };
}

function sale(total: number, tenders: TenderView[], tip = 0): SaleView {
  const change = tenders.reduce((sum, each) => sum + each.change, 0);
  return { total, tip, change, tenders, cash_rounding: 0 } as unknown as SaleView;
}

describe("the end of a sale", () => {
  it("shows the change above all", () => {
    const sold = sale(480, [tender("cash", 480, 1000)]);
    expect(headline(sold)).toEqual({ ending: "change", amount: 520 });
    expect(isPlain(sold)).toBe(true);
  });

  it("shows the tip with what was paid", () => {
    const sold = sale(480, [tender("card_external", 528)], 48);
    expect(headline(sold)).toEqual({ ending: "paid", amount: 528 });
    expect(isPlain(sold)).toBe(false);
  });

  it("of a refund shows the cash to hand out, not what goes to the card", () => {
    const sold = sale(-1000, [tender("card_external", -700), tender("cash", -300)]);
    expect(headline(sold)).toEqual({ ending: "refund", amount: 300 });
    expect(isPlain(sold)).toBe(false);
  });

  it("of a refund to a card has nothing to hand out", () => {
    const sold = sale(-1000, [tender("card_external", -1000)]);
    expect(headline(sold)).toEqual({ ending: "refunded", amount: 1000 });
  });

  it("of an even exchange says that nothing is to be paid", () => {
    expect(headline(sale(0, []))).toEqual({ ending: "even", amount: 0 });
  });
});
