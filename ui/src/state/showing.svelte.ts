// What the customer sees: the basket of this client as it grows, the code to pay with, and thanks
// when it is paid. It follows the register and changes nothing.

import type { BasketView, Changed, PaymentCode, SaleView, TenderView } from "../bindings/api";
import type { Platform } from "../platform/types";
import { oneAtATime } from "./asking";

/** How long the thanks stay when nobody begins another sale. */
const THANKS_MS = 45_000;
const TRY_AGAIN_MS = 1_500;
/** What tells that the basket, or what became of it, may be another one. */
const TAGS = ["basket", "orders", "card"];

export class Showing {
  readonly #platform: Platform;
  basket = $state.raw<BasketView | null>(null);
  /** The sale that the last basket became, until the next one begins. */
  sold = $state.raw<SaleView | null>(null);
  /** The code of an announced payment, and whose it is. */
  code = $state.raw<{ readonly tender: TenderView; readonly code: PaymentCode } | null>(null);
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;
  readonly #stop: (() => void)[];

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#stop = [
      platform.onChanged((change) => this.#changed(change)),
      platform.onConnection((up) => up && void this.refresh()),
    ];
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#late);
    for (const stop of this.#stop.splice(0)) stop();
  }

  #changed({ tags }: Changed): void {
    if (TAGS.some((tag) => tags.includes(tag))) void this.refresh();
  }

  /** Asks for the basket as it is now. */
  readonly refresh = oneAtATime(async () => {
    if (this.#over) return;
    try {
      await this.#show(await this.#platform.call("basket.current", {}));
    } catch {
      // Nobody at this screen can do anything about it: it asks until an answer comes.
      this.#late = setTimeout(() => void this.refresh(), TRY_AGAIN_MS);
    }
  });

  async #show(basket: BasketView): Promise<void> {
    const before = this.basket;
    if (before && before.id !== basket.id && filled(before)) {
      const sold = await this.#sale(before.id);
      if (sold) this.#thank(sold);
    }
    if (filled(basket)) this.#forget();
    this.basket = basket;
    const tender = basket.tenders.find(
      ({ pending, kind }) => pending && (kind === "bank_transfer" || kind === "wallet"),
    );
    if (!tender) this.code = null;
    else if (this.code?.tender.id !== tender.id) {
      const { kind, amount } = tender;
      const request = { basket_id: basket.id, kind, amount };
      this.code = { tender, code: await this.#platform.call("pay.code", request) };
    }
  }

  /** The sale that a basket became; none if it was set aside or given up. */
  async #sale(id: string): Promise<SaleView | null> {
    try {
      return await this.#platform.call("orders.get", { sale_id: id });
    } catch {
      return null;
    }
  }

  #thank(sale: SaleView): void {
    this.sold = sale;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#forget(), THANKS_MS);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.sold = null;
  }
}

function filled(basket: BasketView): boolean {
  return basket.lines.length + basket.returns.length > 0;
}
