// Orders of web shops that wait for somebody here.

import type { WebOrderView } from "../bindings/api";
import type { Platform } from "../platform/types";

/** What follows `orders` in the address for orders of web shops: `web`, or `web:` and an id. */
export const WEB = "web";

export class WebOrders {
  readonly #platform: Platform;
  waiting = $state.raw<readonly WebOrderView[]>([]);
  /** Ids of orders that were seen, so that each is announced once; none before the first answer. */
  #seen: Set<string> | null = null;
  #turn = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Asks what waits; answers with what came since it was last asked. */
  async refresh(): Promise<readonly WebOrderView[]> {
    const turn = ++this.#turn;
    const { orders } = await this.#platform.call("web_orders.list", { open_only: true });
    if (turn !== this.#turn) return [];
    this.waiting = orders;
    const seen = this.#seen;
    this.#seen = new Set([...(seen ?? []), ...orders.map(({ id }) => id)]);
    return seen === null ? [] : orders.filter(({ id, status }) => !seen.has(id) && status === "new");
  }

  /** The order that waits under what a customer shows. */
  shown(code: string): WebOrderView | null {
    const bare = code.trim().replace(/^#/, "");
    const fits = this.waiting.filter(
      ({ number, external_id }) => number.replace(/^#/, "") === bare || external_id === bare,
    );
    return fits.length === 1 ? (fits[0] ?? null) : null;
  }
}
