// Completed sales: a list by pages, and one of them in full.

import type { OrderRow, SaleView } from "../bindings/api";
import type { Platform } from "../platform/types";

const SEARCH_WAIT_MS = 120;
export const ORDER_TEXT_MAX = 100;
/** Pages of 40 that are kept on the screen; what is older is found by searching. */
const PAGES_MAX = 25;

export class OrderBook {
  readonly #platform: Platform;
  readonly #fail: (error: unknown) => void;
  text = $state("");
  rows = $state.raw<readonly OrderRow[]>([]);
  loading = $state(true);
  cut = $state(false);
  sale = $state.raw<SaleView | null>(null);
  preview = $state<string | null>(null);
  #next: string | null = null;
  #pages = 0;
  #asked = 0;
  #opened = 0;
  #paging = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(platform: Platform, fail: (error: unknown) => void) {
    this.#platform = platform;
    this.#fail = fail;
  }

  type(text: string): void {
    this.text = text.slice(0, ORDER_TEXT_MAX);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), SEARCH_WAIT_MS);
  }

  /** The newest page again. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    try {
      const text = this.text.trim();
      const page = await this.#platform.call("orders.find", { text, after: null });
      if (asked !== this.#asked) return;
      this.rows = page.orders;
      this.#next = page.next;
      this.#pages = 1;
      this.cut = false;
      this.loading = false;
    } catch (error) {
      if (asked === this.#asked) this.#fail(error);
    }
  }

  async more(): Promise<void> {
    if (this.#next === null || this.#paging) return;
    if (this.#pages >= PAGES_MAX) {
      this.cut = true;
      return;
    }
    this.#paging = true;
    const asked = this.#asked;
    try {
      const request = { text: this.text.trim(), after: this.#next };
      const page = await this.#platform.call("orders.find", request);
      if (asked !== this.#asked) return;
      this.rows = [...this.rows, ...page.orders];
      this.#next = page.next;
      this.#pages += 1;
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#paging = false;
    }
  }

  /** Shows one sale with its receipt; none closes it. */
  async open(sale_id: string | null): Promise<void> {
    const opened = ++this.#opened;
    if (sale_id === null) {
      this.sale = null;
      this.preview = null;
      return;
    }
    try {
      const [sale, preview] = await Promise.all([
        this.#platform.call("orders.get", { sale_id }),
        this.#platform.call("receipt.preview", { sale_id }),
      ]);
      if (opened !== this.#opened) return;
      this.sale = sale;
      this.preview = preview.text;
    } catch (error) {
      if (opened === this.#opened) this.#fail(error);
    }
  }
}
