// Customers by the first letters of a name, an address or a number.

import type { CustomerView } from "../bindings/api";
import type { Platform } from "../platform/types";

const SEARCH_WAIT_MS = 120;
export const CUSTOMER_TEXT_MAX = 100;

export class CustomerBook {
  readonly #platform: Platform;
  readonly #fail: (error: unknown) => void;
  text = $state("");
  rows = $state.raw<readonly CustomerView[]>([]);
  loading = $state(true);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(platform: Platform, fail: (error: unknown) => void) {
    this.#platform = platform;
    this.#fail = fail;
  }

  type(text: string): void {
    this.text = text.slice(0, CUSTOMER_TEXT_MAX);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), SEARCH_WAIT_MS);
  }

  /** Asks again; an answer that was overtaken by a later question does not count. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    try {
      const list = await this.#platform.call("customers.find", { text: this.text.trim() });
      if (asked !== this.#asked) return;
      this.rows = list.customers;
      this.loading = false;
    } catch (error) {
      if (asked === this.#asked) this.#fail(error);
    }
  }
}
