// Taking the money. A payment gets its id here, before it is sent, and keeps it until the register
// has answered: sent twice, it counts once.

import type { PayWith, SaleView } from "../bindings/api";
import { newId } from "../platform/client";
import { Unreachable, type Platform } from "../platform/types";
import type { Cart } from "./cart.svelte";
import type { Register } from "./register.svelte";
import { remember, remembered } from "./settings";

interface Attempt {
  /** The basket that it pays, even if another one has become the open one since. */
  basket_id: string | null;
  readonly tender_id: string;
  readonly kind: PayWith;
  readonly offered: number;
}

export type PaymentStep = "ready" | "sending" | "unanswered";

export class Payment {
  readonly #platform: Platform;
  readonly #cart: Cart;
  readonly #register: Register;
  step = $state<PaymentStep>("ready");
  /** The payment that was sent and has no answer yet. */
  attempt = $state.raw<Attempt | null>(null);
  /** The amount that the card terminal asks for while nobody has said how it went. */
  card = $state<number | null>(null);
  /** The sale that was just completed, until the next one begins. */
  done = $state.raw<SaleView | null>(null);
  /** Whether the next receipt is printed without being asked for. */
  prints = $state(remembered("receipt") !== "none");

  constructor(platform: Platform, cart: Cart, register: Register) {
    this.#platform = platform;
    this.#cart = cart;
    this.#register = register;
  }

  /** Takes an amount. Ignored while another payment is under way. */
  async take(kind: PayWith, offered: number): Promise<void> {
    if (this.step !== "ready" || this.done) return;
    this.attempt = { basket_id: null, tender_id: newId(), kind, offered };
    await this.#send();
  }

  /** Sends the payment without an answer again, under the same id. */
  async again(): Promise<void> {
    if (this.step === "unanswered") await this.#send();
  }

  async takeBack(tender_id: string): Promise<void> {
    await this.#cart.after(async (basket_id) => {
      this.#cart.show(await this.#platform.call("pay.take_back", { basket_id, tender_id }));
    });
  }

  /** Ends the sale that was just completed. */
  next(): void {
    this.done = null;
    this.card = null;
  }

  choosePrint(prints: boolean): void {
    this.prints = prints;
    remember("receipt", prints ? "print" : "none");
  }

  /** Asks where the receipt of the completed sale is now. */
  async refresh(): Promise<void> {
    const shown = this.done;
    if (!shown) return;
    const sale = await this.#platform.call("orders.get", { sale_id: shown.id });
    if (this.done?.id === sale.id) this.done = sale;
  }

  async #send(): Promise<void> {
    const attempt = this.attempt;
    if (!attempt) return;
    this.step = "sending";
    const print = this.prints && this.#register.state.printer !== "none";
    try {
      await this.#cart.after(async (current) => {
        const basket_id = (attempt.basket_id ??= current);
        const { tender_id, kind, offered } = attempt;
        const request = { basket_id, tender_id, kind, offered, print };
        const paid = await this.#platform.call("pay.tender", request);
        if (paid.basket) this.#cart.show(paid.basket);
        if (paid.sale) {
          this.done = paid.sale;
          await this.#cart.startAnew();
        }
      });
      this.#settle();
    } catch (error) {
      if (error instanceof Unreachable && !this.done) {
        this.step = "unanswered";
        return;
      }
      this.#settle();
      throw error;
    }
  }

  #settle(): void {
    this.step = "ready";
    this.attempt = null;
    this.card = null;
  }
}
