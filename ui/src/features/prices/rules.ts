// Price books and promotions in the shapes in which the register keeps them.

export interface Money {
  readonly minor: number;
  readonly currency: string;
}

export type Selector =
  | { readonly by: "all" }
  | { readonly by: "variants" | "items" | "categories"; readonly of: readonly string[] };

export type RulePrice =
  | { readonly by: "fixed"; readonly value: Money }
  | { readonly by: "percent_off"; readonly value: string };

export interface PriceRule {
  readonly of: Selector;
  /** In thousandths; one of them for any quantity. */
  readonly min_quantity: number;
  readonly price: RulePrice;
}

/** When and for whom a book or a promotion counts. */
export interface Conditions {
  readonly groups: readonly string[];
  readonly channels: readonly string[];
  readonly from: string | null;
  readonly until: string | null;
  readonly priority: number;
}

export interface PriceBook extends Conditions {
  readonly id: string;
  readonly name: string;
  readonly prices: readonly PriceRule[];
}

export type Reduction =
  | { readonly by: "percent"; readonly value: string }
  | { readonly by: "amount"; readonly value: Money };

type Counted = readonly [Selector, number];

export type PromotionRule =
  | { readonly by: "x_for_y"; readonly of: Selector; readonly take: number; readonly pay: number }
  | { readonly by: "x_for_price"; readonly of: Selector; readonly take: number; readonly price: Money }
  | {
      readonly by: "nth_at_percent";
      readonly of: Selector;
      readonly nth: number;
      readonly percent_off: string;
    }
  | { readonly by: "bundle"; readonly parts: readonly Counted[]; readonly price: Money }
  | {
      readonly by: "buy_get";
      readonly buy: Counted;
      readonly get: Counted;
      readonly percent_off: string;
    }
  | { readonly by: "spend"; readonly of: Selector; readonly over: Money; readonly off: Reduction }
  | { readonly by: "percent_off"; readonly of: Selector; readonly percent: string }
  | { readonly by: "amount_off"; readonly of: Selector; readonly amount: Money }
  | { readonly by: "fixed_price"; readonly of: Selector; readonly price: Money };

export type RuleKind = PromotionRule["by"];

export const RULE_KINDS: readonly RuleKind[] = [
  "x_for_y",
  "x_for_price",
  "nth_at_percent",
  "buy_get",
  "bundle",
  "spend",
  "percent_off",
  "amount_off",
  "fixed_price",
];

export interface Promotion extends Conditions {
  readonly id: string;
  readonly name: string;
  readonly stacks: boolean;
  /** 1 is Monday, 7 is Sunday; empty for all. */
  readonly weekdays: readonly number[];
  /** Minutes of the day. */
  readonly hours: readonly [number, number] | null;
  readonly needs_coupon: boolean;
  readonly rule: PromotionRule;
  readonly except: Selector | null;
}

/** An id that nobody has yet, made from a name. */
export function idFrom(name: string, taken: readonly string[], word: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || word;
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? slug : `${slug}-${n}`;
    if (!taken.includes(id)) return id;
  }
}
