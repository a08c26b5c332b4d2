import { describe, expect, it } from "vitest";
import type { PayWith, Returnable, ReturnableTender, TenderView } from "../../bindings/api";
import { originsOf, waysBack } from "./back";

function original(tender_id: string, kind: PayWith, left: number, reference: string | null = null) {
  return { tender_id, kind, name: null, reference, left } satisfies ReturnableTender;
}

function sale(receipt: string, tenders: ReturnableTender[]): Returnable {
  return { sale_id: receipt, receipt, lines: [], tenders };
}

function out(kind: PayWith, amount: number, reference: string | null = null): TenderView {
  const none = { name: null, foreign: null, pending: false, change: 0, rounding: 0, refunded: 0 };
  return { id: "x", kind, amount: -amount, received: -amount, reference, ...none };
}

describe("the ways back", () => {
  const paid = sale("T1-1", [
    original("a", "card_external", 1500),
    original("b", "gift_card", 900, "GC-1"),
    original("c", "cash", 0),
  ]);

  it("are the payments that something is left of", () => {
    const ways = waysBack([paid], []);
    expect(ways.map(({ kind, left, refunds }) => [kind, left, refunds])).toEqual([
      ["card_external", 1500, "a"],
      ["gift_card", 900, "b"],
    ]);
  });

  it("lose what this basket pays out already, and no other card loses it", () => {
    const ways = waysBack([paid], [out("card_external", 1000), out("gift_card", 900, "GC-2")]);
    expect(ways.map(({ kind, left }) => [kind, left])).toEqual([
      ["card_external", 500],
      ["gift_card", 900],
    ]);
    expect(waysBack([paid], [out("card_external", 1500)]).map(({ kind }) => kind)).toEqual([
      "gift_card",
    ]);
  });

  it("of two sales are taken from one after the other, never twice", () => {
    const two = [paid, sale("T1-2", [original("d", "card_external", 700)])];
    const ways = waysBack(two, [out("card_external", 1600)]);
    expect(ways.map(({ refunds, left }) => [refunds, left])).toEqual([
      ["b", 900],
      ["d", 600],
    ]);
  });

  it("for foreign cash and deposits are in the shop's own cash", () => {
    const abroad = sale("T1-3", [original("e", "foreign_cash", 460), original("f", "deposit", 500)]);
    const ways = waysBack([abroad], [out("cash", 400)]);
    expect(ways.map(({ kind, paid, left }) => [kind, paid, left])).toEqual([
      ["cash", "foreign_cash", 60],
      ["cash", "deposit", 500],
    ]);
  });
});

it("a sale that several things come back from is asked about once", () => {
  const back = (sale_id: string | null) => ({
    origin: sale_id && { sale_id, receipt: "", line_id: "" },
  });
  const view = { returns: [back("one"), back(null), back("two"), back("one")] };
  expect(originsOf(view as never)).toEqual(["one", "two"]);
});
