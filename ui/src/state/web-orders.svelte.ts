// Orders of web shops that wait for somebody here.

import type { WebOrderView } from "../bindings/api";
import { t } from "../messages";
import type { Platform } from "../platform/types";
import { chime } from "../scan/beep";
import type { Till } from "./till.svelte";

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

/** Says what came from a web shop, with a sound: somebody picks it. */
export async function webOrdersCame(till: Till): Promise<void> {
  const came = await till.webOrders.refresh();
  const [first] = came;
  if (!first) return;
  chime();
  const { number, channel } = first;
  const rest = came.length === 1 ? `${WEB}:${first.id}` : WEB;
  const action = { label: t("web.show"), run: () => till.route.go("orders", rest) };
  till.toasts.say(t("web.arrived", { n: came.length, number, channel }), action);
}

/** Opens the order of a web shop that a customer's code is for; false if there is none. */
export async function showWebOrder(till: Till, code: string): Promise<boolean> {
  if (!till.shops.list?.channels.length && till.webOrders.waiting.length === 0) return false;
  const { orders } = await till.platform.call("web_orders.find", { code });
  const [order] = orders;
  if (!order || orders.length > 1) return false;
  till.sheet = null;
  till.route.go("orders", `${WEB}:${order.id}`);
  return true;
}
