// Everything that the screens share, put together over one platform.

import { getContext, setContext } from "svelte";
import type {
  CashMoveKindView,
  Changed,
  CountRequest,
  CreditOf,
  CustomerView,
  ExplanationView,
  HeldOrderView,
  ItemView,
  LineView,
  Paper,
  PrintJobView,
  Returnable,
  SaleView,
  ShiftReport,
  Tile,
  VariantView,
} from "../bindings/api";
import { beep } from "../scan/beep";
import { SCAN_LENGTH_MAX } from "../scan/wedge";
import type { Keyboard, TypedHandler } from "../scan/keyboard";
import { t } from "../messages";
import { Refused, Unreachable, type Platform } from "../platform/types";
import { isMeasured } from "../text/quantity";
import { Actions } from "./actions";
import { Cart, TooFast } from "./cart.svelte";
import { Catalog } from "./catalog.svelte";
import { OrderBook } from "./orders.svelte";
import { Payment } from "./payment.svelte";
import { Register } from "./register.svelte";
import { Route } from "./route.svelte";
import { Theme } from "./theme.svelte";
import { Toasts } from "./toasts.svelte";

/** Something to sell whose quantity or price the cashier still has to say. */
export interface Asked {
  readonly variant_id: string;
  readonly name: string;
  readonly unit: string;
  readonly price: number | null;
  readonly quantity: number | null;
}

/** What lies over the screen. */
export type Sheet =
  | { readonly kind: "variants"; readonly item: ItemView; readonly unit: string }
  | { readonly kind: "measure"; readonly asked: Asked }
  | { readonly kind: "open_price"; readonly asked: Asked }
  | { readonly kind: "quantity"; readonly line: LineView }
  | { readonly kind: "price"; readonly line: LineView }
  | { readonly kind: "note"; readonly line: LineView }
  | { readonly kind: "turn_back"; readonly line: LineView }
  | { readonly kind: "discount"; readonly line: LineView | null }
  | { readonly kind: "why"; readonly why: ExplanationView }
  | { readonly kind: "refund"; readonly sale: SaleView; readonly left: Returnable }
  | { readonly kind: "deposit" | "cancel_held"; readonly order: HeldOrderView }
  | { readonly kind: "pay_account"; readonly customer: CustomerView }
  | { readonly kind: "give_credit"; readonly customer: CustomerView | null }
  | {
      readonly kind: "balance";
      readonly code: string;
      readonly of: "gift_card" | "store_credit";
      /** Whose credit it is; none for what goes by its code. */
      readonly name: string | null;
    }
  | { readonly kind: "basket" | "customer" | "coupon" | "gift_card" | "void" | "hold" | "held" }
  | { readonly kind: "receipt"; readonly receipt: string; readonly text: string }
  | { readonly kind: "tip" }
  | { readonly kind: "foreign_cash" | "voucher" | "on_account"; readonly amount: number }
  | { readonly kind: "use_credit"; readonly of: CreditOf; readonly amount: number }
  | { readonly kind: "pay_back_credit"; readonly amount: number }
  | { readonly kind: "payment_code"; readonly tender_id: string }
  | { readonly kind: "move_cash"; readonly move: CashMoveKindView }
  | { readonly kind: "x_report"; readonly report: ShiftReport }
  | { readonly kind: "close_shift"; readonly counts: readonly CountRequest[] }
  | { readonly kind: "categories" | "parked" | "prints" | "status" | "palette" };

export class Till {
  readonly platform: Platform;
  readonly register: Register;
  readonly cart: Cart;
  readonly catalog: Catalog;
  readonly orders: OrderBook;
  readonly payment: Payment;
  readonly toasts = new Toasts();
  readonly theme = new Theme();
  readonly route = new Route();
  readonly actions = new Actions();
  sheet = $state.raw<Sheet | null>(null);
  prints = $state.raw<readonly PrintJobView[]>([]);
  /** Grows when devices changed elsewhere. */
  devicesChanged = $state(0);
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
  }

  /** Waits for the register, then fills the first screen. */
  async begin(): Promise<void> {
    this.#stop.push(this.platform.onChanged((change) => this.changed(change)));
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
    ]);
    if (!this.cart.view) await this.run(this.cart.refresh());
  }

  end(): void {
    for (const stop of this.#stop.splice(0)) stop();
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
  changed({ tags, origin }: Changed): void {
    const own = origin === this.platform.client;
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
    if (tags.includes("devices") && !own) this.devicesChanged += 1;
    if (tags.includes("held")) this.heldChanged += 1;
    if (tags.includes("customers")) this.customersChanged += 1;
    if (tags.includes("prices")) this.pricesChanged += 1;
  }

  /** After a lost connection nobody told us what happened. */
  everythingMayHaveChanged(): void {
    const some = ["basket", "orders", "register", "prints", "catalog", "devices"];
    const others = ["customers", "prices", "held"];
    this.changed({ tags: [...some, ...others], origin: "" });
  }

  // --- what comes in --------------------------------------------------------------------------

  /** Takes a scanned code into the cart, wherever we are. */
  async scan(scanned: string): Promise<boolean> {
    const code = scanned.trim().slice(0, SCAN_LENGTH_MAX);
    if (code === "") return false;
    if (this.#codeTakers.findLast((taker) => taker(code))) return true;
    if (this.payment.done) this.nextSale();
    if (this.payment.card !== null || this.payment.step === "unanswered") {
      beep();
      const key = this.payment.card !== null ? "pay.card.open" : "pay.unanswered.open";
      this.toasts.warn(t(key));
      return false;
    }
    try {
      const name = await this.cart.scan(code);
      if (this.route.screen !== "sell" || this.sheet) this.toasts.say(t("cart.added", { name }));
      return true;
    } catch (error) {
      await this.run(this.#scanFailed(code, error));
      return false;
    }
  }

  async #scanFailed(code: string, error: unknown): Promise<void> {
    if (error instanceof Refused && error.refusal.code === "needs_price") {
      // It has no price of its own: the cashier says it, as after a tap on its tile.
      const { tiles } = await this.platform.call("catalog.search", { text: error.refusal.about });
      const tile = tiles.find(({ name, price }) => name === error.refusal.about && price === null);
      if (tile) return this.pick(tile);
    }
    beep();
    if (error instanceof Unreachable) {
      this.toasts.warn(t("toast.scan_lost", { code }));
    } else if (error instanceof Refused && error.refusal.code === "unknown_barcode") {
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
  }

  async park(label: string): Promise<void> {
    if (this.cart.empty) return;
    try {
      const id = await this.cart.park(label);
      const undo = () => void this.run(this.cart.recall(id));
      this.toasts.say(t("toast.parked"), { label: t("key.undo"), run: undo });
    } catch (error) {
      this.fail(error);
    }
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
