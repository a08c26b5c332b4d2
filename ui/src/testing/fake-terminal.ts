// A card terminal of the register in memory: a test says what it does next.

import type { AttemptView, CardState, CardView, TenderView } from "../bindings/api";
import type { Handlers } from "./fake-register";

interface Till {
  readonly refuse: (code: string, about?: string) => never;
  /** Adds a payment to a basket. @returns the id of the sale, if that settled it. */
  readonly add: (basket_id: string, tender: TenderView, print: boolean) => string | undefined;
  readonly tell: (tags: string[]) => void;
}

interface Attempt {
  view: AttemptView;
  readonly print: boolean;
}

const VISA: CardView = {
  brand: "Visa",
  last_four: "4821",
  authorisation: "1234",
  terminal: "T-7",
  at: "2026-11-23 14:31:00",
  receipt: 12,
};

const WORDS: Partial<Record<CardState, string>> = {
  in_doubt: "The terminal does not answer. Nothing is lost: ask again, or set this sale aside.",
  declined: "The card was declined. Nothing was charged.",
  not_sent: "The terminal is not there. Nothing was charged.",
};

export class FakeTerminal {
  readonly attempts: Attempt[] = [];
  /** Whether who is asking may decide by hand. */
  mayResolve = true;
  readonly #till: Till;

  constructor(till: Till) {
    this.#till = till;
  }

  /** The payment that is open for a basket. */
  of(basket_id: string): AttemptView | undefined {
    return this.attempts.find(({ view }) => view.open && view.basket_id === basket_id)?.view;
  }

  /** The same as part of the basket's view. */
  shows(basket_id: string): { card?: AttemptView } {
    const card = this.of(basket_id);
    return card ? { card } : {};
  }

  get counts(): { in_doubt: number; orphaned: number; running: number } {
    const views = this.attempts.map(({ view }) => view);
    const count = (which: (view: AttemptView) => boolean) => views.filter(which).length;
    return {
      in_doubt: count(({ open, state }) => open && state === "in_doubt"),
      orphaned: count(({ orphaned }) => orphaned),
      running: count(({ open, state }) => open && state !== "in_doubt"),
    };
  }

  /** The terminal says something, and the register tells of it. */
  becomes(state: CardState, more: Partial<AttemptView> = {}): AttemptView {
    const attempt = this.attempts.at(-1);
    if (!attempt) throw new Error("nothing was asked of the terminal");
    const doubt = state === "in_doubt";
    const open = doubt || state === "present" || state === "asking";
    attempt.view = {
      ...attempt.view,
      state,
      open,
      words: WORDS[state] ?? "",
      may_stop: state === "present",
      may_ask_again: doubt,
      may_resolve: doubt && this.mayResolve,
      ...more,
    };
    if (state === "approved" || state === "resolved_approved") this.#approve(attempt);
    this.#till.tell(open ? ["card"] : ["card", "basket", "orders"]);
    return attempt.view;
  }

  /** Money that was taken for a sale that is not there. */
  orphan(more: Partial<AttemptView> = {}): void {
    const view = this.#view("orphan", "gone", 1500, "charge");
    const orphaned = { orphaned: true, may_reverse: true, may_resolve: true, card: VISA };
    this.attempts.push({
      view: { ...view, open: false, state: "approved", ...orphaned, ...more },
      print: false,
    });
  }

  handlers(): Handlers {
    return {
      "card.start": ({ basket_id, tender_id, amount, print }) =>
        this.#begin(tender_id, basket_id, amount, "charge", print),
      "card.refund": ({ basket_id, tender_id, amount, print }) =>
        this.#begin(tender_id, basket_id, amount, "refund", print),
      "card.status": ({ tender_id }) => this.#find(tender_id).view,
      "card.stop": ({ tender_id }) => {
        const attempt = this.#find(tender_id);
        attempt.view = { ...attempt.view, stopping: true, may_stop: false };
        return attempt.view;
      },
      "card.ask_again": ({ tender_id }) => {
        const attempt = this.#find(tender_id);
        attempt.view = { ...attempt.view, state: "asking", may_ask_again: false };
        return attempt.view;
      },
      "card.resolve": ({ tender_id, charged, reason }) => {
        const attempt = this.#find(tender_id);
        if (reason.trim() === "") this.#till.refuse("no_reason");
        const state = charged ? "resolved_approved" : "resolved_declined";
        attempt.view = { ...attempt.view, state, reason, open: false, orphaned: false };
        if (charged && attempt.view.basket_id !== "gone") this.#approve(attempt);
        return attempt.view;
      },
      "card.reverse": ({ tender_id, reversal_id }) => {
        const attempt = this.#find(tender_id);
        attempt.view = { ...attempt.view, orphaned: false };
        return this.#begin(reversal_id, "gone", attempt.view.amount, "reversal", false);
      },
      "card.open": () => ({
        attempts: this.attempts.map(({ view }) => view).filter(({ open, orphaned }) => open || orphaned),
      }),
      "card.reports": () => ({ reports: [] }),
    };
  }

  #begin(
    id: string,
    basket_id: string,
    amount: number,
    kind: AttemptView["kind"],
    print: boolean,
  ): AttemptView {
    const known = this.attempts.find(({ view }) => view.tender_id === id);
    if (known) return known.view;
    if (this.attempts.some(({ view }) => view.open)) this.#till.refuse("terminal_busy");
    const view = this.#view(id, basket_id, amount, kind);
    this.attempts.push({ view, print });
    return view;
  }

  #view(id: string, basket_id: string, amount: number, kind: AttemptView["kind"]): AttemptView {
    return {
      tender_id: id,
      basket_id,
      terminal_id: "terminal-1",
      terminal: "Counter terminal",
      kind,
      amount,
      state: "present",
      open: true,
      words: "The customer holds a card to the terminal.",
      says: "",
      stopping: false,
      may_stop: true,
      may_ask_again: false,
      may_resolve: false,
      orphaned: false,
      may_reverse: false,
      reason: "",
      local_time: "2026-11-23 14:31",
      basket_label: "Oat milk 1 l",
    };
  }

  #approve(attempt: Attempt): void {
    const { view } = attempt;
    const out = view.kind === "charge" ? 1 : -1;
    const amount = out * view.amount;
    const tender: TenderView = {
      id: view.tender_id,
      kind: "card",
      amount,
      received: amount,
      change: 0,
      rounding: 0,
      pending: false,
      reference: null,
      name: null,
      foreign: null,
      refunded: 0,
      card: VISA,
    };
    const sale_id = this.#till.add(view.basket_id, tender, attempt.print);
    attempt.view = { ...view, open: false, card: VISA, ...(sale_id ? { sale_id } : {}) };
  }

  #find(id: string): Attempt {
    return (
      this.attempts.find(({ view }) => view.tender_id === id) ??
      this.#till.refuse("no_such_payment", id)
    );
  }
}
