// The open basket of this client. Every change goes to the register, one after another; what comes
// back is shown. Nothing is priced here.

import type {
  Added,
  BasketView,
  ExplanationView,
  HeldOrderView,
  LineView,
  ReturnView,
} from "../bindings/api";
import { Refused, type Platform } from "../platform/types";
import { ONE } from "../text/quantity";

/** Changes that may wait for the register: far more than a person can cause. */
const WAITING_MAX = 100;

/** Too many changes wait already; nothing was done. */
export class TooFast extends Error {}

/** What comes off, as it is sent: a percentage as text, an amount, or neither to clear it. */
export interface DiscountGiven {
  readonly percent: string | null;
  readonly amount: number | null;
  readonly reason: string;
}

/** Part of a sold line that comes back; the quantity in thousandths. */
export interface Back {
  readonly line_id: string;
  readonly quantity: number;
}

/** What came into the cart. */
export interface Arrived {
  readonly name: string;
  /** What the cashier should know of it: its best-before day is over. */
  readonly warning: string | null;
}

export class Cart {
  readonly #platform: Platform;
  #view = $state.raw<BasketView | null>(null);
  /** The line whose tools are shown. */
  selected = $state<string | null>(null);
  /** Grows with everything that came in, so that the list knows to show it. */
  arrivals = $state(0);
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Nothing is bought and nothing comes back. */
  readonly empty = $derived(
    (this.#view?.lines.length ?? 0) + (this.#view?.returns.length ?? 0) === 0,
  );
  readonly line = $derived(
    this.#view?.lines.find((line) => line.id === this.selected) ?? null,
  );
  /** The selected one of what comes back. */
  readonly back = $derived(
    this.#view?.returns.find((back) => back.id === this.selected) ?? null,
  );
  /** Something is paid already, or at a terminal: nothing else may change until that is settled. */
  readonly paying = $derived(
    (this.#view?.tenders.length ?? 0) > 0 || this.#view?.card !== undefined,
  );
  /** It may be set aside: with a card in doubt too, so that the queue goes on. */
  readonly parkable = $derived(!this.empty && (!this.paying || this.#view?.card !== undefined));
  /** How often each item and variant is in the cart, for the tiles. */
  readonly counts = $derived(countByTile(this.#view?.lines ?? []));

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get view(): BasketView | null {
    return this.#view;
  }

  get idle(): boolean {
    return this.#waiting === 0;
  }

  /** Shows a basket. Lines that did not change stay the same objects, so only the others redraw. */
  show(view: BasketView): void {
    const before = new Map((this.#view?.lines ?? []).map((line) => [line.id, line]));
    const lines = view.lines.map((line) => {
      const known = before.get(line.id);
      return known && sameLine(known, line) ? known : line;
    });
    this.#view = { ...view, lines };
    const rows = [...lines, ...view.returns];
    if (!rows.some((row) => row.id === this.selected)) this.selected = null;
  }

  /** Does something with the basket after everything before it is done. */
  after<T>(work: (basketId: string) => Promise<T>): Promise<T> {
    if (this.#waiting >= WAITING_MAX) return Promise.reject(new TooFast());
    this.#waiting += 1;
    const done = this.#last.then(async () => {
      try {
        if (!this.#view) this.show(await this.#platform.call("basket.current", {}));
        return await work(this.#view?.id ?? "");
      } finally {
        this.#waiting -= 1;
      }
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  async refresh(): Promise<void> {
    await this.after(async () => this.show(await this.#platform.call("basket.current", {})));
  }

  /** Shows the basket that follows a paid one. To be called in turn, from `after`. */
  async startAnew(): Promise<void> {
    this.#view = null;
    this.selected = null;
    try {
      this.show(await this.#platform.call("basket.current", {}));
    } catch {
      // Whatever comes next asks again.
    }
  }

  /** @returns what came in. */
  async scan(code: string): Promise<Arrived> {
    return this.#arrived((basket_id) => this.#platform.call("basket.scan", { basket_id, code }));
  }

  /** @returns the name of what came in. */
  async add(
    variant_id: string,
    quantity: number | null = null,
    price: number | null = null,
  ): Promise<string> {
    const { name } = await this.#arrived((basket_id) =>
      this.#platform.call("basket.add", { basket_id, variant_id, quantity, price }),
    );
    return name;
  }

  /** Shows what a scanner of the register's own put into the basket. @returns its name. */
  async showScanned(line_id: string): Promise<string> {
    await this.refresh();
    this.selected = line_id;
    this.arrivals += 1;
    return this.line?.name ?? "";
  }

  async setQuantity(line_id: string, quantity: number): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.set_quantity", { basket_id, line_id, quantity }),
    );
  }

  /** One more or one less of a counted line; nothing is left of the last one. */
  async step(line_id: string, by: 1 | -1): Promise<void> {
    await this.#change((basket_id) => {
      // Read when its turn comes: three fast taps are three steps.
      const line = this.#view?.lines.find((line) => line.id === line_id);
      const quantity = (line?.quantity ?? 0) + by * ONE;
      return quantity > 0
        ? this.#platform.call("basket.set_quantity", { basket_id, line_id, quantity })
        : this.#platform.call("basket.remove_line", { basket_id, line_id });
    });
  }

  async setPrice(line_id: string, price: number | null, reason: string): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.set_price", { basket_id, line_id, price, reason }),
    );
  }

  async setNote(line_id: string, note: string): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.set_note", { basket_id, line_id, note }),
    );
  }

  /** Sets or clears what comes off a line; off the whole cart if none is named. */
  async setDiscount(line_id: string | null, given: DiscountGiven): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.set_discount", { basket_id, line_id, ...given }),
    );
  }

  async setCustomer(customer_id: string | null): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.set_customer", { basket_id, customer_id }),
    );
  }

  async setPosition(position: string | null): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.set_position", { basket_id, position }),
    );
  }

  async addCoupon(code: string): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.add_coupon", { basket_id, code }),
    );
  }

  async removeCoupon(code: string): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.remove_coupon", { basket_id, code }),
    );
  }

  /** @returns the name of what came in. */
  async addGiftCard(code: string, amount: number): Promise<string> {
    const { name } = await this.#arrived((basket_id) =>
      this.#platform.call("basket.add_gift_card", { basket_id, code, amount }),
    );
    return name;
  }

  /** Takes parts of a sale back, one after another; what was taken before a refusal stays. */
  async addReturns(sale_id: string, backs: readonly Back[], reason: string): Promise<void> {
    for (const back of backs) {
      await this.#change((basket_id) =>
        this.#platform.call("basket.add_return", { basket_id, sale_id, ...back, reason }),
      );
    }
    this.#showNewestReturn();
  }

  /** Makes of a line what comes back without a receipt, at most at the line's price. */
  async turnBack(line: LineView, price: number, reason: string): Promise<void> {
    const { id: line_id, variant_id, quantity } = line;
    await this.#change((basket_id) => {
      const request = { basket_id, variant_id, quantity, price, reason };
      return this.#platform.call("basket.add_return_unseen", request);
    });
    await this.remove(line_id);
    this.#showNewestReturn();
  }

  #showNewestReturn(): void {
    this.selected = this.#view?.returns.at(-1)?.id ?? this.selected;
    this.arrivals += 1;
  }

  /** Gives the basket up; an empty one follows. */
  async void(reason: string): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.void", { basket_id, reason }),
    );
  }

  /** Sets the basket aside as an order; an empty one follows. */
  async hold(kind: HeldOrderView["kind"], due: string | null, note: string): Promise<HeldOrderView> {
    return this.after(async (basket_id) => {
      const order = await this.#platform.call("held.hold", { basket_id, kind, due, note });
      await this.startAnew();
      return order;
    });
  }

  /** Takes a held order up again. */
  async takeUp(order_id: string): Promise<void> {
    await this.#change(() => this.#platform.call("held.recall", { order_id }));
  }

  /** Why a line costs what it costs. */
  async explain(line_id: string): Promise<ExplanationView> {
    return this.after((basket_id) => this.#platform.call("basket.explain", { basket_id, line_id }));
  }

  async remove(line_id: string): Promise<void> {
    await this.#change((basket_id) =>
      this.#platform.call("basket.remove_line", { basket_id, line_id }),
    );
  }

  async clear(): Promise<void> {
    await this.#change((basket_id) => this.#platform.call("basket.clear", { basket_id }));
  }

  async undo(): Promise<void> {
    await this.#change((basket_id) => this.#platform.call("basket.undo", { basket_id }));
  }

  /** @returns the id under which the parked basket can be recalled. */
  async park(label: string): Promise<string> {
    return this.after(async (basket_id) => {
      this.show(await this.#platform.call("basket.park", { basket_id, label }));
      return basket_id;
    });
  }

  async recall(basket_id: string): Promise<void> {
    await this.#change(() => this.#platform.call("basket.recall", { basket_id }));
  }

  /** Selects the line `by` steps from the selected one, or the last. */
  move(by: 1 | -1): void {
    const rows: readonly (LineView | ReturnView)[] = [
      ...(this.#view?.lines ?? []),
      ...(this.#view?.returns ?? []),
    ];
    const at = rows.findIndex((row) => row.id === this.selected);
    const next = at < 0 ? rows.length - 1 : Math.min(Math.max(at + by, 0), rows.length - 1);
    this.selected = rows[next]?.id ?? null;
  }

  async #change(work: (basketId: string) => Promise<BasketView>): Promise<void> {
    await this.#asked(async (basketId) => this.show(await work(basketId)));
  }

  async #arrived(
    work: (basketId: string) => Promise<Added>,
  ): Promise<Arrived> {
    return this.#asked(async (basketId) => {
      const { basket, line_id, warning } = await work(basketId);
      this.show(basket);
      this.selected = line_id;
      this.arrivals += 1;
      const name = basket.lines.find((line) => line.id === line_id)?.name ?? "";
      return { name, warning };
    });
  }

  /** A basket that is gone (paid elsewhere, recalled by another screen) is asked for again. */
  async #asked<T>(work: (basketId: string) => Promise<T>): Promise<T> {
    return this.after(async (basketId) => {
      try {
        return await work(basketId);
      } catch (error) {
        if (!(error instanceof Refused) || error.refusal.code !== "no_such_basket") throw error;
        const current = await this.#platform.call("basket.current", {});
        this.show(current);
        return work(current.id);
      }
    });
  }
}

/** The key under which `counts` knows a tile. */
export function tileKey(itemId: string, variantId: string | null): string {
  return variantId ?? `item ${itemId}`;
}

function countByTile(lines: readonly LineView[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    // A weighed line counts once, however heavy it is.
    const count = line.unit === "piece" ? Math.trunc(line.quantity / ONE) : 1;
    for (const key of [tileKey(line.item_id, line.variant_id), tileKey(line.item_id, null)]) {
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  return counts;
}

function sameLine(a: LineView, b: LineView): boolean {
  return (Object.keys(b) as (keyof LineView)[]).every((key) => {
    if (a[key] === b[key]) return true;
    // Lists of rules and the like are small; everything else is compared without being written out.
    return typeof b[key] === "object" && JSON.stringify(a[key]) === JSON.stringify(b[key]);
  });
}
