import { describe, expect, it } from "vitest";
import { DrawerCount } from "./count.svelte";

const EURO = { currency: "EUR", exponent: 2, denominations: [1000, 500, 200, 5], rate: null };
const FRANC = { currency: "CHF", exponent: 2, denominations: [2000, 1000], rate: "0.92" };

describe("a count", () => {
  it("by coins and notes adds them up, and names only what is there", () => {
    const count = new DrawerCount([EURO]);
    expect(count.total()).toBeNull();
    expect(count.ready).toBe(false);
    count.setPieces(5, "3");
    count.setPieces(1000, "12");
    count.setPieces(200, "0");
    expect(count.total()).toBe(12_015);
    expect(count.count).toBe(15);
    expect(count.requests).toEqual([
      {
        currency: "EUR",
        counted: 12_015,
        pieces: [
          { value: 1000, count: 12 },
          { value: 5, count: 3 },
        ],
      },
    ]);
  });

  it("of nothing is nothing, once somebody says so", () => {
    const count = new DrawerCount([EURO]);
    count.setPieces(1000, "0");
    expect(count.total()).toBe(0);
    expect(count.ready).toBe(true);
  });

  it("as a sum has no coins and notes", () => {
    const count = new DrawerCount([EURO], "sum");
    count.sum = "9900";
    expect(count.requests).toEqual([{ currency: "EUR", counted: 9900, pieces: null }]);
  });

  it("keeps each currency apart, and names those that nobody counted as empty", () => {
    const count = new DrawerCount([EURO, FRANC]);
    count.currency = "CHF";
    count.setPieces(2000, "2");
    expect(count.ready).toBe(false);
    expect(count.total("EUR")).toBeNull();
    expect(count.total("CHF")).toBe(4000);
    count.currency = "EUR";
    expect(count.pieces(2000)).toBe("");
    count.setPieces(500, "1");
    expect(count.requests.map(({ currency, counted }) => [currency, counted])).toEqual([
      ["EUR", 500],
      ["CHF", 4000],
    ]);
  });
});
