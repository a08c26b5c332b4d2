// A book or a promotion while it is typed: text in every field, and back again. What cannot be read
// is named by the field that it stands in; nothing typed is lost.

import { plainText } from "../../text/decimal";
import { typedDay } from "../../text/day";
import { typedUnits } from "../../text/entry";
import { listed } from "../../text/list";
import { QUANTITY_EXPONENT } from "../../text/quantity";
import type {
  Conditions,
  Money,
  PriceBook,
  PriceRule,
  Promotion,
  PromotionRule,
  Reduction,
  RuleKind,
  Selector,
} from "./rules";

/** The currency that amounts are typed in. */
export interface Home {
  readonly currency: string;
  readonly exponent: number;
}

export type Field =
  | "name"
  | "from"
  | "until"
  | "priority"
  | "hours"
  | "of"
  | "prices"
  | "parts"
  | "count"
  | "percent"
  | "amount"
  | "quantity";

/** A field that cannot be read. */
export class Unreadable extends Error {
  readonly field: Field;

  constructor(field: Field) {
    super(`cannot read ${field}`);
    this.field = field;
  }
}

const ALL: Selector = { by: "all" };
/** Decimal places of a percentage. */
const PERCENT_EXPONENT = 4;
/** In thousandths: a rule for any quantity. */
const ANY = 1;

export interface ConditionsDraft {
  groups: string;
  channels: string;
  from: string;
  until: string;
  priority: string;
}

export interface RuleDraft {
  of: Selector;
  quantity: string;
  by: "fixed" | "percent_off";
  value: string;
}

export interface BookDraft extends ConditionsDraft {
  id: string;
  name: string;
  prices: RuleDraft[];
}

export interface PartDraft {
  of: Selector;
  count: string;
}

export interface PromotionDraft extends ConditionsDraft {
  id: string;
  name: string;
  stacks: boolean;
  weekdays: number[];
  begin: string;
  end: string;
  needs_coupon: boolean;
  except: Selector | null;
  kind: RuleKind;
  /** What is counted, bought or reduced. */
  of: Selector;
  /** What is got for it. */
  get: Selector;
  parts: PartDraft[];
  take: string;
  pay: string;
  percent: string;
  /** The price of a set, the amount that comes off, or the price of one. */
  amount: string;
  /** From this amount on. */
  over: string;
  off: "percent" | "amount";
}

// --- to text ----------------------------------------------------------------------------------

function conditionsDraft(from: Conditions): ConditionsDraft {
  return {
    groups: from.groups.join(", "),
    channels: from.channels.join(", "),
    from: from.from ?? "",
    until: from.until ?? "",
    priority: String(from.priority),
  };
}

const NO_CONDITIONS: Conditions = {
  groups: [],
  channels: [],
  from: null,
  until: null,
  priority: 0,
};

export const NEW_RULE: RuleDraft = { of: ALL, quantity: "", by: "percent_off", value: "" };

export function bookDraft(book: PriceBook | null, home: Home): BookDraft {
  return {
    id: book?.id ?? "",
    name: book?.name ?? "",
    ...conditionsDraft(book ?? NO_CONDITIONS),
    prices: book?.prices.map((rule) => ruleDraft(rule, home)) ?? [{ ...NEW_RULE }],
  };
}

function ruleDraft({ of, min_quantity, price }: PriceRule, home: Home): RuleDraft {
  return {
    of,
    quantity: min_quantity <= ANY ? "" : plainText(min_quantity, QUANTITY_EXPONENT),
    by: price.by,
    value: price.by === "fixed" ? amountText(price.value, home) : price.value,
  };
}

export function promotionDraft(promotion: Promotion | null, home: Home): PromotionDraft {
  const draft: PromotionDraft = {
    id: promotion?.id ?? "",
    name: promotion?.name ?? "",
    ...conditionsDraft(promotion ?? NO_CONDITIONS),
    stacks: promotion?.stacks ?? false,
    weekdays: [...(promotion?.weekdays ?? [])],
    begin: promotion?.hours ? minuteText(promotion.hours[0]) : "",
    end: promotion?.hours ? minuteText(promotion.hours[1]) : "",
    needs_coupon: promotion?.needs_coupon ?? false,
    except: promotion?.except ?? null,
    kind: promotion?.rule.by ?? "x_for_y",
    of: ALL,
    get: ALL,
    parts: [
      { of: ALL, count: "1" },
      { of: ALL, count: "1" },
    ],
    take: "",
    pay: "",
    percent: "",
    amount: "",
    over: "",
    off: "percent",
  };
  if (promotion) Object.assign(draft, ruleText(promotion.rule, home));
  return draft;
}

function ruleText(rule: PromotionRule, home: Home): Partial<PromotionDraft> {
  switch (rule.by) {
    case "x_for_y":
      return { of: rule.of, take: String(rule.take), pay: String(rule.pay) };
    case "x_for_price":
      return { of: rule.of, take: String(rule.take), amount: amountText(rule.price, home) };
    case "nth_at_percent":
      return { of: rule.of, take: String(rule.nth), percent: rule.percent_off };
    case "bundle": {
      const parts = rule.parts.map(([of, count]) => ({ of, count: String(count) }));
      return { parts, amount: amountText(rule.price, home) };
    }
    case "buy_get":
      return {
        of: rule.buy[0],
        take: String(rule.buy[1]),
        get: rule.get[0],
        pay: String(rule.get[1]),
        percent: rule.percent_off,
      };
    case "spend": {
      const over = amountText(rule.over, home);
      return rule.off.by === "percent"
        ? { of: rule.of, over, off: "percent", percent: rule.off.value }
        : { of: rule.of, over, off: "amount", amount: amountText(rule.off.value, home) };
    }
    case "percent_off":
      return { of: rule.of, percent: rule.percent };
    case "amount_off":
      return { of: rule.of, amount: amountText(rule.amount, home) };
    case "fixed_price":
      return { of: rule.of, amount: amountText(rule.price, home) };
  }
}

function amountText({ minor }: Money, { exponent }: Home): string {
  const text = plainText(minor, exponent);
  const [whole = "", fraction] = text.split(".");
  // `2.5` of a currency with cents is written `2.50`.
  return fraction === undefined ? whole : `${whole}.${fraction.padEnd(exponent, "0")}`;
}

/** `1020` is `17:00`. */
export function minuteText(minute: number): string {
  const [hours, minutes] = [Math.trunc(minute / 60), minute % 60];
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

// --- and back ---------------------------------------------------------------------------------

export function bookOf(draft: BookDraft, home: Home): PriceBook {
  if (draft.prices.length === 0) throw new Unreadable("prices");
  return {
    id: draft.id,
    name: nameOf(draft.name),
    ...conditionsOf(draft),
    prices: draft.prices.map((rule) => priceRuleOf(rule, home)),
  };
}

function priceRuleOf(draft: RuleDraft, home: Home): PriceRule {
  const plain = draft.quantity.trim();
  const min_quantity = plain === "" ? ANY : typedUnits(plain, QUANTITY_EXPONENT);
  if (min_quantity === null || min_quantity < ANY) throw new Unreadable("quantity");
  const price =
    draft.by === "fixed"
      ? ({ by: "fixed", value: amountOf(draft.value, home) } as const)
      : ({ by: "percent_off", value: percentOf(draft.value) } as const);
  return { of: selectorOf(draft.of), min_quantity, price };
}

export function promotionOf(draft: PromotionDraft, home: Home): Promotion {
  return {
    id: draft.id,
    name: nameOf(draft.name),
    ...conditionsOf(draft),
    stacks: draft.stacks,
    weekdays: [...draft.weekdays].sort((a, b) => a - b),
    hours: hoursOf(draft.begin, draft.end),
    needs_coupon: draft.needs_coupon,
    rule: ruleOf(draft, home),
    except: draft.except && selectorOf(draft.except),
  };
}

function ruleOf(draft: PromotionDraft, home: Home): PromotionRule {
  const of = () => selectorOf(draft.of);
  const amount = () => amountOf(draft.amount, home);
  const take = () => countOf(draft.take);
  switch (draft.kind) {
    case "x_for_y":
      return { by: "x_for_y", of: of(), take: take(), pay: countOf(draft.pay, 0) };
    case "x_for_price":
      return { by: "x_for_price", of: of(), take: take(), price: amount() };
    case "nth_at_percent":
      return {
        by: "nth_at_percent",
        of: of(),
        nth: take(),
        percent_off: percentOf(draft.percent),
      };
    case "bundle": {
      if (draft.parts.length === 0) throw new Unreadable("parts");
      const parts = draft.parts.map((part) => [selectorOf(part.of), countOf(part.count)] as const);
      return { by: "bundle", parts, price: amount() };
    }
    case "buy_get":
      return {
        by: "buy_get",
        buy: [of(), take()],
        get: [selectorOf(draft.get), countOf(draft.pay)],
        percent_off: percentOf(draft.percent),
      };
    case "spend":
      return { by: "spend", of: of(), over: amountOf(draft.over, home), off: offOf(draft, home) };
    case "percent_off":
      return { by: "percent_off", of: of(), percent: percentOf(draft.percent) };
    case "amount_off":
      return { by: "amount_off", of: of(), amount: amount() };
    case "fixed_price":
      return { by: "fixed_price", of: of(), price: amount() };
  }
}

function offOf(draft: PromotionDraft, home: Home): Reduction {
  return draft.off === "percent"
    ? { by: "percent", value: percentOf(draft.percent) }
    : { by: "amount", value: amountOf(draft.amount, home) };
}

function conditionsOf(draft: ConditionsDraft): Conditions {
  const priority = draft.priority.trim() || "0";
  if (!/^[-−]?\d{1,6}$/.test(priority)) throw new Unreadable("priority");
  return {
    groups: listed(draft.groups),
    channels: listed(draft.channels),
    from: dayOf(draft.from, "from"),
    until: dayOf(draft.until, "until"),
    priority: Number(priority.replace("−", "-")),
  };
}

function nameOf(text: string): string {
  if (text.trim() === "") throw new Unreadable("name");
  return text.trim();
}

function dayOf(text: string, field: "from" | "until"): string | null {
  if (text.trim() === "") return null;
  const day = typedDay(text);
  if (day === null) throw new Unreadable(field);
  return day;
}

/** Empty is none; one without the other cannot be read. */
function hoursOf(begin: string, end: string): [number, number] | null {
  if (begin.trim() === "" && end.trim() === "") return null;
  const [from, until] = [minuteOf(begin), minuteOf(end)];
  if (from === null || until === null || from === until) throw new Unreadable("hours");
  return [from, until];
}

function minuteOf(text: string): number | null {
  const [, hours = "", minutes = ""] = /^(\d{1,2})[:.](\d{2})$/.exec(text.trim()) ?? [];
  if (hours === "" || Number(hours) > 23 || Number(minutes) > 59) return null;
  return Number(hours) * 60 + Number(minutes);
}

function selectorOf(selector: Selector): Selector {
  if (selector.by !== "all" && selector.of.length === 0) throw new Unreadable("of");
  return selector;
}

function countOf(text: string, least = 1): number {
  const plain = text.trim();
  if (!/^\d{1,4}$/.test(plain) || Number(plain) < least) throw new Unreadable("count");
  return Number(plain);
}

function amountOf(text: string, { currency, exponent }: Home): Money {
  const minor = typedUnits(text, exponent);
  if (minor === null) throw new Unreadable("amount");
  return { minor, currency };
}

function percentOf(text: string): string {
  const units = typedUnits(text, PERCENT_EXPONENT);
  if (units === null || units > 100 * 10 ** PERCENT_EXPONENT) throw new Unreadable("percent");
  return plainText(units, PERCENT_EXPONENT);
}
