// Everything that the screens share, put together over one platform.

import { getContext, setContext } from "svelte";
import type {
  AttemptView,
  Changed,
  ItemView,
  Paper,
  PrintJobView,
  SaleView,
  ScanNotice,
  Tile,
  VariantView,
} from "../bindings/api";
import { beep } from "../scan/beep";
import { SCAN_LENGTH_MAX } from "../scan/wedge";
import type { Keyboard, TypedHandler } from "../scan/keyboard";
import { t } from "../messages";
import { Refused, Unreachable, type Platform } from "../platform/types";
import { isMeasured, ONE } from "../text/quantity";
import { Actions } from "./actions";
import { Cards, isApproved } from "./cards.svelte";
import { Cart, TooFast } from "./cart.svelte";
import { Catalog } from "./catalog.svelte";
import { Machines } from "./machines.svelte";
import { News } from "./news.svelte";
import { OrderBook } from "./orders.svelte";
import { Payment } from "./payment.svelte";
import { Answers } from "./answers";
import { Requests } from "./requests.svelte";
import { Register } from "./register.svelte";
import { Route } from "./route.svelte";
import { Shops } from "./shops.svelte";
import { Theme } from "./theme.svelte";
import type { Asked, Sheet } from "./sheet";
import { Toasts } from "./toasts.svelte";
import { showWebOrder, WebOrders, webOrdersCame } from "./web-orders.svelte";

export type { Asked, Sheet } from "./sheet";

export class Till {
  readonly platform: Platform;
  readonly register: Register;
  readonly cart: Cart;
  readonly catalog: Catalog;
  readonly orders: OrderBook;
  readonly payment: Payment;
  readonly cards: Cards;
  readonly machines: Machines;
  readonly requests: Requests;
  readonly answers: Answers;
  readonly shops: Shops;
  readonly webOrders: WebOrders;
  readonly toasts = new Toasts();
  readonly theme = new Theme();
  readonly route = new Route();
  readonly actions = new Actions();
  readonly news = new News();
  sheet = $state.raw<Sheet | null>(null);
  prints = $state.raw<readonly PrintJobView[]>([]);
  /** Grows when held orders, customers or prices changed. */
  heldChanged = $state(0);
  customersChanged = $state(0);
  pricesChanged = $state(0);
  #keyboard: Keyboard | null = null;
  readonly #codeTakers: ((code: string) => boolean)[] = [];
  readonly #stop: (() => void)[] = [];

  constructor(platform: Platform) {
    this.platform = platform;
    const fail = (error: unknown) => this.fail(error);
    this.register = new Register(platform);
    this.cart = new Cart(platform);
    this.catalog = new Catalog(platform, fail);
    this.orders = new OrderBook(platform, fail);
    this.payment = new Payment(platform, this.cart, this.register);
    this.machines = new Machines(platform);
    this.requests = new Requests(platform, this.cart);
    this.answers = new Answers(this);
    this.shops = new Shops(platform);
    this.webOrders = new WebOrders(platform);
    this.cards = new Cards(platform, this.cart, {
      sold: (sale) => this.#sold(sale),
      elsewhere: (attempt) => this.#cardElsewhere(attempt),
    });
  }

  /** Waits for the register, then fills the first screen. */
  async begin(): Promise<void> {
    this.#stop.push(this.platform.onChanged((change) => this.changed(change)));
    this.#stop.push(this.platform.onLinkRefused(({ message }) => this.toasts.warn(message)));
    let lost = false;
    this.#stop.push(
      this.platform.onConnection((up) => {
        if (up && lost) this.everythingMayHaveChanged();
        lost = !up;
      }),
    );
    await Promise.all([
      this.register.begin(),
      this.cart.refresh().catch(() => undefined),
      this.catalog.begin(),
      this.machines.refresh().catch(() => undefined),
      this.shops.refresh().catch(() => undefined),
      this.webOrders.refresh().catch(() => undefined),
    ]);
    if (!this.cart.view) await this.run(this.cart.refresh());
    this.#stop.push(await this.answers.begin());
  }

  end(): void {
    for (const stop of this.#stop.splice(0)) stop();
    this.requests.end();
  }

  useKeyboard(keyboard: Keyboard): void {
    this.#keyboard = keyboard;
  }

  /** Asks for typed keys until the returned function is called. */
  onTyped(handler: TypedHandler): () => void {
    return this.#keyboard?.onTyped(handler) ?? (() => undefined);
  }

  /** Asks for scanned codes before the cart gets them; the last to ask is asked first. */
  onCode(taker: (code: string) => boolean): () => void {
    this.#codeTakers.push(taker);
    return () => void this.#codeTakers.splice(this.#codeTakers.indexOf(taker), 1);
  }

  /** Waits for something and says what went wrong. True if it went through. */
  async run(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  fail(error: unknown): void {
    if (error instanceof TooFast) this.toasts.warn(t("toast.too_fast"));
    else this.toasts.fail(error);
  }

  // --- what changed ---------------------------------------------------------------------------

  /** Asks again for what is shown of a change. */
  changed({ tags, origin, scan }: Changed): void {
    const own = origin === this.platform.client;
    this.news.take(tags);
    if (scan) void this.#scanned(scan);
    if (tags.includes("basket") && !own && this.cart.idle) void this.run(this.cart.refresh());
    // No answer carries the shift's figures or the printer's word, so these are asked for in any
    // case.
    if (["register", "prints", "devices"].some((tag) => tags.includes(tag))) {
      void this.register.refresh();
    }
    if (tags.includes("prints")) {
      void this.run(this.payment.refresh());
      if (this.sheet?.kind === "prints") void this.run(this.loadPrints());
    }
    if (this.route.screen === "orders" && (tags.includes("orders") || tags.includes("prints"))) {
      if (tags.includes("orders")) void this.orders.refresh();
      if (this.orders.sale) void this.orders.open(this.orders.sale.id);
    }
    if (tags.includes("catalog")) void this.catalog.refresh();
    // Steps of a card and what machines say come from nobody's command.
    if (tags.includes("card")) {
      void this.run(this.cards.refresh());
      void this.register.refresh();
    }
    if (tags.includes("requests")) void this.run(this.answers.refresh());
    if (tags.includes("devices")) void this.machines.refresh().catch(() => undefined);
    if (tags.includes("twins")) void this.machines.refreshTwins().catch(() => undefined);
    if (tags.includes("channels")) void this.shops.refresh().catch(() => undefined);
    if (tags.includes("channel_orders")) void this.run(webOrdersCame(this));
    if (tags.includes("held")) this.heldChanged += 1;
    if (tags.includes("customers")) this.customersChanged += 1;
    if (tags.includes("prices")) this.pricesChanged += 1;
  }

  /** After a lost connection nobody told us what happened. */
  everythingMayHaveChanged(): void {
    const some = ["requests", "basket", "orders", "register", "prints", "catalog", "devices"];
    const others = ["customers", "prices", "held", "card", "twins", "tokens", "apps", "webhooks"];
    const shops = ["channels", "channel_orders"];
    this.changed({ tags: [...some, ...others, ...shops], origin: "" });
  }

  // --- what comes in --------------------------------------------------------------------------

  /** Takes a scanned code into the cart, wherever we are. */
  async scan(scanned: string): Promise<boolean> {
    const code = scanned.trim().slice(0, SCAN_LENGTH_MAX);
    if (code === "") return false;
    if (this.#codeTakers.findLast((taker) => taker(code))) return true;
    if (this.payment.done) this.nextSale();
    const waits = this.#payingNow();
    if (waits) {
      beep();
      this.toasts.warn(waits);
      return false;
    }
    try {
      const { name, warning } = await this.cart.scan(code);
      this.#sayScanned(name, warning);
      this.#askToWeigh();
      return true;
    } catch (error) {
      await this.run(this.#scanFailed(code, error));
      return false;
    }
  }

  /** The item's own code says nothing of its weight: a whole kilogram came in, so it is asked for. */
  #askToWeigh(): void {
    const { line } = this.cart;
    if (this.route.screen !== "sell" || this.sheet || !line) return;
    if (isMeasured(line.unit) && line.quantity % ONE === 0) this.sheet = { kind: "quantity", line };
  }

  #sayScanned(name: string, warning: string | null): void {
    if (warning !== null) {
      beep();
      this.toasts.warn(warning);
    } else if (this.route.screen !== "sell" || this.sheet) {
      this.toasts.say(t("cart.added", { name }));
    }
  }

  /** A scanner on a wire of the register's own has read a code, and the register has dealt with it. */
  async #scanned({ client, code, line_id, refusal, warning }: ScanNotice): Promise<void> {
    if (client !== this.platform.client) return;
    if (refusal) {
      // It may be the code that a sheet waits for, and no item at all.
      if (code !== "" && this.#codeTakers.findLast((taker) => taker(code))) return;
      await this.run(this.#scanFailed(code, new Refused(refusal)));
      return;
    }
    if (this.payment.done) this.nextSale();
    if (line_id === null) return;
    try {
      this.#sayScanned(await this.cart.showScanned(line_id), warning);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Why nothing can come into the cart while it is being paid. */
  #payingNow(): string | null {
    if (this.payment.card !== null) return t("pay.card.open");
    if (this.payment.step === "unanswered" || this.cards.lost) return t("pay.unanswered.open");
    return this.cards.busy ? t("terminal.open") : null;
  }

  async #scanFailed(code: string, error: unknown): Promise<void> {
    if (error instanceof Refused && error.refusal.code === "needs_price") {
      // It has no price of its own: the cashier says it, as after a tap on its tile.
      const { tiles } = await this.platform.call("catalog.search", { text: error.refusal.about });
      const tile = tiles.find(({ name, price }) => name === error.refusal.about && price === null);
      if (tile) return this.pick(tile);
    }
    const unknown = error instanceof Refused && error.refusal.code === "unknown_barcode";
    if (unknown && (await showWebOrder(this, code))) return;
    beep();
    if (error instanceof Unreachable) {
      this.toasts.warn(t("toast.scan_lost", { code }));
    } else if (unknown) {
      const action = { label: t("toast.search"), run: () => this.goToSearch() };
      this.toasts.warn(t("toast.unknown_code", { code }), action);
    } else this.fail(error);
  }

  /** A tap on a tile: adds it, or asks for what is missing. */
  async pick(tile: Tile): Promise<void> {
    if (tile.variant_id === null) {
      try {
        const item = await this.platform.call("catalog.item", { item_id: tile.item_id });
        this.sheet = { kind: "variants", item, unit: tile.unit };
      } catch (error) {
        this.fail(error);
      }
      return;
    }
    const { variant_id, name, unit, price } = tile;
    await this.sell({ variant_id, name, unit, price, quantity: null });
  }

  async pickVariant(item: ItemView, variant: VariantView, unit: string): Promise<void> {
    const name = [item.name, ...variant.options].join(", ");
    const { variant_id, price } = variant;
    await this.sell({ variant_id, name, unit, price, quantity: null });
  }

  /** Adds to the cart once quantity and price are known; asks for them until then. */
  async sell(asked: Asked, price: number | null = null): Promise<void> {
    if (isMeasured(asked.unit) && asked.quantity === null) {
      this.sheet = { kind: "measure", asked };
    } else if (asked.price === null && price === null) {
      this.sheet = { kind: "open_price", asked };
    } else {
      this.sheet = null;
      await this.run(this.cart.add(asked.variant_id, asked.quantity, price));
    }
  }

  /** Card payments under way that are not the one on this screen. */
  get cardsAway(): number {
    const { shown } = this.cards;
    const here = shown?.open && shown.state !== "in_doubt" ? 1 : 0;
    return Math.max(0, this.register.state.cards.running - here);
  }

  // --- what more than one screen does ---------------------------------------------------------

  goToSearch(): void {
    this.sheet = null;
    this.route.go("sell");
    requestAnimationFrame(() => document.getElementById("search")?.focus());
  }

  goToPay(): void {
    if (!this.cart.empty && this.register.state.shift) this.route.go("pay");
  }

  nextSale(): void {
    this.payment.next();
    this.toasts.clear();
    this.route.replace("sell");
    this.answers.leaveEnd();
  }

  /** Sets the cart aside. With a card at the terminal or in doubt its payment goes on without it. */
  async park(label: string): Promise<void> {
    if (!this.cart.parkable) return;
    const card = this.cart.view?.card;
    try {
      const id = await this.cart.park(label);
      if (card) {
        this.cards.setAside(card);
        this.route.replace("sell");
        this.toasts.say(t("terminal.parked"));
        return;
      }
      const undo = () => void this.run(this.cart.recall(id));
      this.toasts.say(t("toast.parked"), { label: t("key.undo"), run: undo });
    } catch (error) {
      this.fail(error);
    }
  }

  /** A card paid what was left of the basket on the screen. */
  async #sold(sale: SaleView): Promise<void> {
    if (this.route.screen === "pay") {
      this.sheet = null;
      await this.payment.finish(sale);
      return;
    }
    await this.cart.refresh();
    this.#saySold(sale.receipt, () => void this.showReceipt(sale));
  }

  #saySold(receipt: string, run: () => void): void {
    this.toasts.say(t("terminal.sold", { receipt }), { label: t("terminal.sold.show"), run });
  }

  /** A card came to its end whose basket was set aside. */
  #cardElsewhere(attempt: AttemptView): void {
    const { sale_id, basket_label: name } = attempt;
    if (!isApproved(attempt)) {
      this.toasts.warn(t("terminal.elsewhere.refused", { name, words: attempt.words }));
    } else if (sale_id === undefined) {
      this.toasts.say(t("terminal.elsewhere.part", { name }));
    } else {
      const asked = this.platform.call("orders.get", { sale_id });
      void this.run(
        asked.then((sale) => this.#saySold(sale.receipt, () => void this.showReceipt(sale))),
      );
    }
  }

  /** Opens the list of cards that wait for somebody. */
  showCards(): void {
    this.sheet = { kind: "cards" };
    void this.run(this.cards.load());
  }

  /** Opens the page that faces the customer. */
  async openDisplay(): Promise<void> {
    if (await this.run(this.platform.openDisplay())) this.toasts.say(t("display.open.do"));
  }

  /** Shows why a line of the cart, or of a sale, costs what it costs. */
  async showWhy(line_id: string, sale_id: string | null = null): Promise<void> {
    try {
      const why =
        sale_id === null
          ? await this.cart.explain(line_id)
          : await this.platform.call("orders.explain", { sale_id, line_id });
      this.sheet = { kind: "why", why };
    } catch (error) {
      this.fail(error);
    }
  }

  /** Asks what of a sale comes back. */
  async refund(sale: SaleView): Promise<void> {
    try {
      const left = await this.platform.call("orders.returnable", { sale_id: sale.id });
      this.sheet = { kind: "refund", sale, left };
    } catch (error) {
      this.fail(error);
    }
  }

  async loadPrints(): Promise<void> {
    this.prints = (await this.platform.call("prints.waiting", {})).jobs;
  }

  /** Opens the list behind the printer's word in the status bar. */
  showPrints(): void {
    this.sheet = { kind: "prints" };
    void this.run(this.loadPrints());
  }

  async print(sale: { id: string; receipt: string }): Promise<void> {
    try {
      await this.platform.call("receipt.print", { sale_id: sale.id });
      this.toasts.say(t("toast.printing", { receipt: sale.receipt }));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Prints a receipt without prices. */
  async printGift(sale: { id: string }): Promise<void> {
    await this.sayPrinting(this.platform.call("receipt.gift", { sale_id: sale.id }));
  }

  /** Says what goes to the printer: a slip or a report, by its name. */
  async sayPrinting(work: Promise<PrintJobView>): Promise<void> {
    try {
      const { title, receipt } = await work;
      this.toasts.say(t("toast.printing.paper", { title: title ?? receipt }));
    } catch (error) {
      this.fail(error);
    }
  }

  async savePdf(sale_id: string, paper: Paper): Promise<void> {
    try {
      const file = await this.platform.call("receipt.pdf", { sale_id, paper });
      await this.platform.openFile(file);
      this.toasts.say(t("toast.saved", { name: file.name }));
    } catch (error) {
      this.fail(error);
    }
  }

  async showReceipt(sale: { id: string; receipt: string }): Promise<void> {
    try {
      const { text } = await this.platform.call("receipt.preview", { sale_id: sale.id });
      this.sheet = { kind: "receipt", receipt: sale.receipt, text };
    } catch (error) {
      this.fail(error);
    }
  }
}

const KEY = Symbol("till");

/** Gives a till to every component below. */
export function provideTill(till: Till): void {
  setContext(KEY, till);
}

/** The till that this component belongs to. */
export function useTill(): Till {
  return getContext<Till>(KEY);
}
