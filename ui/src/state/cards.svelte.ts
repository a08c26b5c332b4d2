// Cards at a terminal. The register carries the payment out and says where it stands; here it is
// started, watched and shown. A payment has its id before it is sent and keeps it: nothing on this
// page can charge a second time while nobody knows what became of the first.

import type { AttemptView, CardState, Commands, SaleView } from "../bindings/api";
import { newId } from "../platform/client";
import { Unreachable, type Platform } from "../platform/types";
import { oneAtATime } from "./asking";
import type { Cart } from "./cart.svelte";

/** What was asked for and got no answer: it may be sent again, under the same id. */
type Sent =
  | { readonly name: "card.start"; readonly request: Commands["card.start"]["request"] }
  | { readonly name: "card.refund"; readonly request: Commands["card.refund"]["request"] };

export interface CardEnds {
  /** The basket on the screen was paid as a whole. */
  sold(sale: SaleView): Promise<void>;
  /** A payment of a basket that was set aside came to its end. */
  elsewhere(attempt: AttemptView): void;
}

const APPROVED: readonly CardState[] = ["approved", "resolved_approved"];

/** Nobody has to wait for it any more, and it was paid. */
export function isApproved({ state, open }: AttemptView): boolean {
  return !open && APPROVED.includes(state);
}

/** Nobody has to wait for it any more, and nothing was paid. */
export function isRefused({ state, open }: AttemptView): boolean {
  return !open && !APPROVED.includes(state);
}

export class Cards {
  readonly #platform: Platform;
  readonly #cart: Cart;
  readonly #ends: CardEnds;
  /** The newest that is known of the payment on the screen. */
  #known = $state.raw<AttemptView | null>(null);
  /** Put away by the cashier: declined, and seen. */
  #seen = $state<string | null>(null);
  /** What was sent without an answer. */
  lost = $state.raw<Sent | null>(null);
  /** An order is on its way to the register. */
  sending = $state(false);
  /** What was sent last, to send the same again after nothing was charged. */
  #sent: Sent | null = null;
  /** Everything that waits for somebody, for the list behind the status bar. */
  waiting = $state.raw<readonly AttemptView[] | null>(null);
  /** Payments of baskets that this page has set aside meanwhile. */
  readonly #aside = new Set<string>();

  /** The payment that the Pay screen shows: running, in doubt, or just refused. */
  readonly shown: AttemptView | null = $derived.by(() => {
    const card = this.#cart.view?.card ?? null;
    if (card && card.tender_id !== this.#seen && card.tender_id !== this.#known?.tender_id) {
      return card;
    }
    return this.#known;
  });
  /** Nothing else may be paid meanwhile. */
  readonly busy: boolean = $derived(
    this.sending || this.lost !== null || (this.shown?.open ?? false),
  );

  constructor(platform: Platform, cart: Cart, ends: CardEnds) {
    this.#platform = platform;
    this.#cart = cart;
    this.#ends = ends;
  }

  /** Asks a terminal to take a card. */
  async start(amount: number, terminal_id: string | undefined, print: boolean): Promise<void> {
    if (this.busy) return;
    const basket_id = this.#cart.view?.id ?? "";
    const to = terminal_id === undefined ? {} : { terminal_id };
    const request = { basket_id, tender_id: newId(), amount, print, ...to };
    await this.#send({ name: "card.start", request });
  }

  /** Asks the terminal of an earlier payment to give money back to its card. */
  async refund(amount: number, refunds: string, print: boolean): Promise<void> {
    if (this.busy) return;
    const basket_id = this.#cart.view?.id ?? "";
    const request = { basket_id, tender_id: newId(), refunds, amount, print };
    await this.#send({ name: "card.refund", request });
  }

  /** The same as a payment of its own, after this one charged nothing. */
  async again(attempt: AttemptView, print: boolean): Promise<void> {
    if (this.busy) return;
    this.putAway();
    const sent = this.#sent;
    if (sent?.request.tender_id !== attempt.tender_id) {
      // It was begun before this page was loaded.
      const { kind, amount, terminal_id } = attempt;
      if (kind === "charge") await this.start(amount, terminal_id, print);
    } else if (sent.name === "card.start") {
      await this.#send({ name: sent.name, request: { ...sent.request, tender_id: newId() } });
    } else {
      await this.#send({ name: sent.name, request: { ...sent.request, tender_id: newId() } });
    }
  }

  /** Sends what had no answer again, under its id: the register knows it if it came before. */
  async sendAgain(): Promise<void> {
    if (this.lost) await this.#send(this.lost);
  }

  async #send(sent: Sent): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.#sent = sent;
    try {
      await this.#cart.after(async () => {
        const view =
          sent.name === "card.start"
            ? await this.#platform.call(sent.name, sent.request)
            : await this.#platform.call(sent.name, sent.request);
        this.lost = null;
        this.#known = view;
        // From now on the basket says that a card is open for it.
        this.#cart.show(await this.#platform.call("basket.current", {}));
      });
    } catch (error) {
      if (error instanceof Unreachable) {
        if (this.#known?.tender_id !== sent.request.tender_id) this.lost = sent;
      } else {
        this.lost = null;
        throw error;
      }
    } finally {
      this.sending = false;
    }
    if (this.#known) await this.#settle(this.#known);
  }

  /** Asks the terminal to stop; what it answers decides. */
  async stop(): Promise<void> {
    await this.#act("card.stop");
  }

  /** Has the terminal asked once more what became of the payment. */
  async askAgain(attempt = this.shown): Promise<void> {
    await this.#act("card.ask_again", attempt);
  }

  async #act(name: "card.stop" | "card.ask_again", attempt = this.shown): Promise<void> {
    if (!attempt) return;
    this.#known = await this.#platform.call(name, { tender_id: attempt.tender_id });
  }

  /** Says by hand what became of a payment, as only some may. */
  async decide(attempt: AttemptView, charged: boolean, reason: string): Promise<void> {
    const { tender_id } = attempt;
    const view = await this.#platform.call("card.resolve", { tender_id, charged, reason });
    if (this.shown?.tender_id === tender_id) {
      this.#known = view;
      await this.#settle(view);
    }
    if (this.waiting) await this.load();
  }

  /** Gives back at the terminal what it took for a sale that is not there. */
  async reverse({ tender_id }: AttemptView): Promise<void> {
    await this.#platform.call("card.reverse", { tender_id, reversal_id: newId() });
    if (this.waiting) await this.load();
  }

  /** The cashier has read that nothing was paid. */
  putAway(): void {
    if (!this.#known || this.#known.open) return;
    this.#seen = this.#known.tender_id;
    this.#known = null;
  }

  /** The basket of the payment on the screen was set aside; its payment goes on. */
  setAside(attempt: AttemptView): void {
    this.#aside.add(attempt.tender_id);
    if (this.#known?.tender_id === attempt.tender_id) this.#known = null;
  }

  /** Everything that waits for somebody. */
  async load(): Promise<void> {
    this.waiting = (await this.#platform.call("card.open", {})).attempts;
  }

  /** A payment somewhere came a step further. */
  readonly refresh = oneAtATime(async () => {
    await this.#refreshShown();
    await this.#refreshAside();
    if (this.waiting) await this.load();
  });

  async #refreshShown(): Promise<void> {
    const { shown } = this;
    if (!shown || !shown.open) return;
    const { tender_id } = shown;
    const view = await this.#platform.call("card.status", { tender_id });
    if (this.shown?.tender_id !== tender_id) return;
    this.#known = view;
    await this.#settle(view);
  }

  async #refreshAside(): Promise<void> {
    for (const tender_id of [...this.#aside]) {
      const view = await this.#platform.call("card.status", { tender_id });
      if (view.open) continue;
      this.#aside.delete(tender_id);
      this.#ends.elsewhere(view);
    }
  }

  /** What follows once a payment is no longer open. */
  async #settle(view: AttemptView): Promise<void> {
    if (view.open) {
      // Taken up by somebody else, or set aside on another page of this client.
      if (this.#cart.idle && this.#cart.view && this.#cart.view.id !== view.basket_id) {
        this.setAside(view);
      }
      return;
    }
    if (isApproved(view) && view.sale_id !== undefined) {
      const sale = await this.#platform.call("orders.get", { sale_id: view.sale_id });
      await this.#ends.sold(sale);
      this.#forget(view);
    } else {
      await this.#cart.refresh();
      // What was declined stays on the screen until it is read, or until it is tried again.
      if (isApproved(view)) this.#forget(view);
    }
  }

  #forget(view: AttemptView): void {
    this.#seen = view.tender_id;
    if (this.#known?.tender_id === view.tender_id) this.#known = null;
  }
}
