// Price books, promotions and coupons. The register takes the rules as a whole: every change is
// made to the newest that are known here.

import type { CouponRow, IssueCoupon, PriceRulesView } from "../bindings/api";
import { Refused, type Platform } from "../platform/types";
import type { PriceBook, Promotion } from "../features/prices/rules";

export type Stacking = "best_for_customer" | "in_order";

export class PriceRules {
  readonly #platform: Platform;
  books = $state.raw<readonly PriceBook[]>([]);
  promotions = $state.raw<readonly Promotion[]>([]);
  stacking = $state<Stacking>("best_for_customer");
  coupons = $state.raw<readonly CouponRow[]>([]);
  known = $state(false);
  /** The edition that is shown here; a change replaces this one and no other. */
  #version = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async refresh(): Promise<void> {
    const [rules, list] = await Promise.all([
      this.#platform.call("prices.get", {}),
      this.#platform.call("coupons.list", {}),
    ]);
    this.#take(rules);
    this.coupons = list.coupons;
    this.known = true;
  }

  /** Adds a book, or changes the one with its id. */
  async saveBook(book: PriceBook): Promise<void> {
    await this.#set(put(this.books, book), this.promotions, this.stacking);
  }

  async savePromotion(promotion: Promotion): Promise<void> {
    await this.#set(this.books, put(this.promotions, promotion), this.stacking);
  }

  async removeBook(id: string): Promise<void> {
    await this.#set(without(this.books, id), this.promotions, this.stacking);
  }

  async removePromotion(id: string): Promise<void> {
    await this.#set(this.books, without(this.promotions, id), this.stacking);
  }

  async choose(stacking: Stacking): Promise<void> {
    await this.#set(this.books, this.promotions, stacking);
  }

  async issue(coupon: IssueCoupon): Promise<void> {
    this.coupons = (await this.#platform.call("coupons.issue", coupon)).coupons;
  }

  async #set(
    books: readonly PriceBook[],
    promotions: readonly Promotion[],
    stacking: Stacking,
  ): Promise<void> {
    const rules = {
      version: this.#version,
      books: [...books],
      promotions: [...promotions],
      stacking,
    };
    try {
      this.#take(await this.#platform.call("prices.set", rules));
    } catch (error) {
      // Another screen was first: what it saved is shown, and what is typed here is kept.
      if (error instanceof Refused && error.refusal.code === "rules_changed") await this.refresh();
      throw error;
    }
  }

  #take(rules: PriceRulesView): void {
    this.#version = rules.version;
    this.books = rules.books as PriceBook[];
    this.promotions = rules.promotions as Promotion[];
    this.stacking = rules.stacking === "in_order" ? "in_order" : "best_for_customer";
  }
}

function put<T extends { readonly id: string }>(list: readonly T[], one: T): T[] {
  const known = list.some(({ id }) => id === one.id);
  return known ? list.map((other) => (other.id === one.id ? one : other)) : [...list, one];
}

function without<T extends { readonly id: string }>(list: readonly T[], id: string): T[] {
  return list.filter((one) => one.id !== id);
}
