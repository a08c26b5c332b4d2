// Completed sales: a list by pages, and one of them in full.

import type { OrderRow, SaleView } from "../bindings/api";
import type { Platform } from "../platform/types";
import { Finding } from "./finding.svelte";

/** Pages of 40 that are kept on the screen; what is older is found by searching. */
const PAGES_MAX = 25;

export class OrderBook extends Finding {
  readonly #platform: Platform;
  readonly #fail: (error: unknown) => void;
  rows = $state.raw<readonly OrderRow[]>([]);
  cut = $state(false);
  sale = $state.raw<SaleView | null>(null);
  preview = $state<string | null>(null);
  #next: string | null = null;
  #pages = 0;
  #opened = 0;
  #paging = false;

  constructor(platform: Platform, fail: (error: unknown) => void) {
    super(fail);
    this.#platform = platform;
    this.#fail = fail;
  }

  /** The newest page. */
  protected async find(text: string): Promise<() => void> {
    const page = await this.#platform.call("orders.find", { text, after: null });
    return () => {
      this.rows = page.orders;
      this.#next = page.next;
      this.#pages = 1;
      this.cut = false;
    };
  }

  async more(): Promise<void> {
    if (this.#next === null || this.#paging) return;
    if (this.#pages >= PAGES_MAX) {
      this.cut = true;
      return;
    }
    this.#paging = true;
    const request = { text: this.text.trim(), after: this.#next };
    await this.ask(async () => {
      const page = await this.#platform.call("orders.find", request);
      return () => {
        this.rows = [...this.rows, ...page.orders];
        this.#next = page.next;
        this.#pages += 1;
      };
    });
    this.#paging = false;
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
