import { describe, expect, it } from "vitest";
import { bookDraft, bookOf, promotionDraft, promotionOf, Unreadable, type Home } from "./draft";
import { idFrom, type PriceBook, type Promotion, type PromotionRule, type Selector } from "./rules";

const EUR: Home = { currency: "EUR", exponent: 2 };
const JPY: Home = { currency: "JPY", exponent: 0 };
const ALL: Selector = { by: "all" };
const FOOD: Selector = { by: "categories", of: ["Food"] };
const MILK: Selector = { by: "items", of: ["item-milk"] };
const money = (minor: number) => ({ minor, currency: "EUR" });

const RULES: PromotionRule[] = [
  { by: "x_for_y", of: FOOD, take: 3, pay: 2 },
  { by: "x_for_price", of: MILK, take: 3, price: money(1000) },
  { by: "nth_at_percent", of: ALL, nth: 2, percent_off: "50" },
  { by: "bundle", parts: [[FOOD, 1], [MILK, 2]], price: money(850) },
  { by: "buy_get", buy: [FOOD, 2], get: [MILK, 1], percent_off: "100" },
  { by: "spend", of: ALL, over: money(5000), off: { by: "percent", value: "10" } },
  { by: "spend", of: ALL, over: money(5000), off: { by: "amount", value: money(505) } },
  { by: "percent_off", of: FOOD, percent: "12.5" },
  { by: "amount_off", of: FOOD, amount: money(5) },
  { by: "fixed_price", of: MILK, price: money(199) },
];

function promotion(rule: PromotionRule): Promotion {
  return {
    id: "autumn",
    name: "Autumn",
    priority: -2,
    stacks: true,
    groups: ["member", "staff"],
    channels: ["counter"],
    from: "2026-10-01",
    until: "2026-11-30",
    weekdays: [5, 6],
    hours: [1020, 65],
    needs_coupon: true,
    rule,
    except: FOOD,
  };
}

/** Which field of a promotion cannot be read after a change to its draft. */
function unreadable(rule: PromotionRule, change: object): string {
  try {
    promotionOf({ ...promotionDraft(promotion(rule), EUR), ...change }, EUR);
  } catch (error) {
    if (error instanceof Unreadable) return error.field;
  }
  return "";
}

describe("a promotion that is opened and saved", () => {
  for (const rule of RULES) {
    it(`stays the same: ${JSON.stringify(rule)}`, () => {
      const before = promotion(rule);
      expect(promotionOf(promotionDraft(before, EUR), EUR)).toEqual(before);
    });
  }

  it("keeps single variants, which are chosen elsewhere", () => {
    const before = promotion({ by: "percent_off", of: { by: "variants", of: ["v1"] }, percent: "5" });
    expect(promotionOf(promotionDraft(before, EUR), EUR)).toEqual(before);
  });
});

describe("what is typed into a promotion", () => {
  const [rule] = RULES as [PromotionRule];

  it("is read as people write it", () => {
    const typed = { from: "1.10.2026", begin: "9.30", end: "10:00", priority: "−2", take: " 4 " };
    const after = promotionOf({ ...promotionDraft(promotion(rule), EUR), ...typed }, EUR);
    expect(after).toMatchObject({ from: "2026-10-01", hours: [570, 600], priority: -2 });
    expect(after.rule).toMatchObject({ take: 4 });
  });

  it("names the field that cannot be read", () => {
    const wrong: [object, string][] = [
      [{ name: "  " }, "name"],
      [{ from: "2026-02-30" }, "from"],
      [{ until: "soon" }, "until"],
      [{ begin: "17:00", end: "" }, "hours"],
      [{ begin: "24:00", end: "25:00" }, "hours"],
      [{ begin: "17:00", end: "17:00" }, "hours"],
      [{ priority: "high" }, "priority"],
      [{ of: { by: "items", of: [] } }, "of"],
      [{ take: "0" }, "count"],
      [{ take: "1.5" }, "count"],
      [{ kind: "percent_off", percent: "101" }, "percent"],
      [{ kind: "percent_off", percent: "" }, "percent"],
      [{ kind: "fixed_price", amount: "1.999" }, "amount"],
      [{ kind: "fixed_price", amount: "-1" }, "amount"],
      [{ kind: "bundle", parts: [] }, "parts"],
    ];
    for (const [change, field] of wrong) {
      expect(unreadable(rule, change), JSON.stringify(change)).toBe(field);
    }
  });

  it("has the decimal places of the currency and no more", () => {
    const draft = { ...promotionDraft(null, JPY), name: "x", kind: "fixed_price" as const };
    expect(promotionOf({ ...draft, amount: "250" }, JPY).rule).toMatchObject({
      price: { minor: 250, currency: "JPY" },
    });
    expect(() => promotionOf({ ...draft, amount: "2.50" }, JPY)).toThrow(Unreadable);
  });
});

describe("a price book that is opened and saved", () => {
  const book: PriceBook = {
    id: "members",
    name: "Members",
    priority: 10,
    groups: ["member"],
    channels: [],
    from: null,
    until: null,
    prices: [
      { of: FOOD, min_quantity: 1, price: { by: "percent_off", value: "5" } },
      { of: MILK, min_quantity: 6000, price: { by: "fixed", value: money(1990) } },
      { of: ALL, min_quantity: 500, price: { by: "fixed", value: money(100) } },
    ],
  };

  it("stays the same, with its quantity breaks", () => {
    expect(bookOf(bookDraft(book, EUR), EUR)).toEqual(book);
    expect(bookDraft(book, EUR).prices.map(({ quantity, value }) => [quantity, value])).toEqual([
      ["", "5"],
      ["6", "19.90"],
      ["0.5", "1"],
    ]);
  });

  it("needs at least one price", () => {
    expect(() => bookOf({ ...bookDraft(book, EUR), prices: [] }, EUR)).toThrow(Unreadable);
  });
});

it("an id is made from the name, and never taken twice", () => {
  expect(idFrom("Café au lait – 3 für 2!", [], "promotion")).toBe("cafe-au-lait-3-fur-2");
  expect(idFrom("Members", ["members", "members-2"], "book")).toBe("members-3");
  expect(idFrom("会員", [], "book")).toBe("book");
});
