// Taking the money, or paying it out. A payment gets its id here, before it is sent, and keeps it
// until the register has answered: sent twice, it counts once.

import type { Paid, PaymentCode, PayWith, SaleView } from "../bindings/api";
import { newId } from "../platform/client";
import { Refused, Unreachable, type Platform } from "../platform/types";
import type { Entry } from "../text/entry";
import type { Cart } from "./cart.svelte";
import type { Register } from "./register.svelte";
import { remember, remembered } from "./settings";

/** What some ways to pay need besides an amount. */
export interface TenderDetails {
  /** Card code, voucher number, customer and the like. */
  readonly reference?: string | null;
  /** The name of a custom tender or a wallet. */
  readonly name?: string | null;
  /** The currency of foreign cash. */
  readonly currency?: string | null;
  /** The payment that this one pays back. */
  readonly refunds?: string | null;
}

interface Attempt extends TenderDetails {
  /** The basket that it pays, even if another one has become the open one since. */
  basket_id: string | null;
  readonly tender_id: string;
  readonly kind: PayWith;
  readonly offered: number;
  /** It was announced before, and has come in now. */
  readonly confirms: boolean;
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
  /** The payment that a card refund pays back. */
  cardRefunds: string | null = null;
  /** The part that was keyed in; empty for all that is left. */
  entry = $state<Entry>("");
  /** The codes to pay with that were asked for, by the payment that waits for them. */
  codes = $state.raw<Readonly<Record<string, PaymentCode>>>({});
  /** The sale that was just completed, until the next one begins. */
  done = $state.raw<SaleView | null>(null);
  /** Whether the next receipt is printed without being asked for. */
  prints = $state(remembered("receipt") !== "none");

  constructor(platform: Platform, cart: Cart, register: Register) {
    this.#platform = platform;
    this.#cart = cart;
    this.#register = register;
  }

  /** Shows what to type on the card terminal; somebody says how it went. */
  askCard(amount: number, refunds: string | null = null): void {
    if (this.step !== "ready" || this.done) return;
    this.cardRefunds = refunds;
    this.card = amount;
  }

  /** Takes an amount, or pays one out. Ignored while another payment is under way. */
  async take(kind: PayWith, offered: number, details: TenderDetails = {}): Promise<void> {
    await this.#begin(newId(), kind, offered, details, false);
  }

  /**
   * Announces a payment by code: the customer scans it, and somebody says when the money is there.
   * @returns the id of the payment that waits, or null if it was not announced.
   */
  async announce(kind: PayWith, amount: number, name: string | null): Promise<string | null> {
    if (this.step !== "ready" || this.done) return null;
    const code = await this.#cart.after((basket_id) =>
      this.#platform.call("pay.code", { basket_id, kind, amount }),
    );
    const tender_id = newId();
    this.codes = { ...this.codes, [tender_id]: code };
    await this.#begin(tender_id, kind, amount, { reference: code.reference, name }, false);
    return tender_id;
  }

  /** Says that an announced payment has come in. */
  async confirm(tender_id: string): Promise<void> {
    const tender = this.#cart.view?.tenders.find((tender) => tender.id === tender_id);
    if (tender) await this.#begin(tender_id, tender.kind, tender.amount, {}, true);
  }

  /** Sends the payment without an answer again, under the same id. */
  async again(): Promise<void> {
    if (this.step === "unanswered") await this.#send();
  }

  async takeBack(tender_id: string): Promise<void> {
    await this.#cart.after(async (basket_id) => {
      this.#cart.show(await this.#platform.call("pay.take_back", { basket_id, tender_id }));
    });
    const { [tender_id]: _, ...others } = this.codes;
    this.codes = others;
  }

  /** Sets what the customer gives on top: a percentage as text, or an amount; neither clears it. */
  async setTip(percent: string | null, amount: number | null): Promise<void> {
    await this.#cart.after(async (basket_id) => {
      const request = { basket_id, percent, amount };
      this.#cart.show(await this.#platform.call("pay.set_tip", request));
    });
  }

  /** Shows the end of a sale that was settled at a terminal. */
  async finish(sale: SaleView): Promise<void> {
    this.entry = "";
    this.codes = {};
    this.done = sale;
    await this.#cart.after(() => this.#cart.startAnew());
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

  async #begin(
    tender_id: string,
    kind: PayWith,
    offered: number,
    details: TenderDetails,
    confirms: boolean,
  ): Promise<void> {
    if (this.step !== "ready" || this.done) return;
    this.attempt = { ...details, basket_id: null, tender_id, kind, offered, confirms };
    await this.#send();
  }

  async #send(): Promise<void> {
    const attempt = this.attempt;
    if (!attempt) return;
    this.step = "sending";
    try {
      await this.#cart.after(async (current) => {
        const basket_id = (attempt.basket_id ??= current);
        const paid = await this.#ask(attempt, basket_id);
        this.entry = "";
        if (paid.basket) this.#cart.show(paid.basket);
        if (paid.sale) {
          this.done = paid.sale;
          this.codes = {};
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

  async #ask(attempt: Attempt, basket_id: string): Promise<Paid> {
    const { tender_id, kind, offered } = attempt;
    const print = this.prints && this.#register.state.printer !== "none";
    if (attempt.confirms) {
      try {
        return await this.#platform.call("pay.confirm", { basket_id, tender_id, print });
      } catch (error) {
        // Confirmed before, and only the answer was lost: the payment itself answers with the sale.
        if (!(error instanceof Refused) || error.refusal.code !== "no_such_basket") throw error;
      }
    }
    const { reference = null, name = null, currency = null, refunds = null } = attempt;
    const what = { kind, offered, reference, name, currency, refunds };
    return this.#platform.call("pay.tender", { basket_id, tender_id, ...what, print });
  }

  #settle(): void {
    this.step = "ready";
    this.attempt = null;
    this.card = null;
  }
}
