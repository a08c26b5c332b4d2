// A register in memory, for tests of the screens. As strict as the real one about commands, fields
// and ids; what it does not simulate: taxes (none), several clients' baskets, paper. A test gives
// the answers of other commands itself: `answers`.

import type {
  Added, BasketView, Changed, Commands, FileView, LineView, PayRequest,
  RegisterState, ReturnView, SaleView, ScanNotice, ShiftView, ShopSettings, TenderKey, TenderView,
} from "../bindings/api";
import type { CommandName, Platform, ReplyOf, RequestOf } from "../platform/types";
import { FakeCounter, type Host } from "./fake-counter";
import { EURO_PIECES, FakeDrawer } from "./fake-drawer";
import { FakeLinks } from "./fake-links";
import { FakeTerminal } from "./fake-terminal";
import { tenderOf, toStep } from "./fake-tender";
import { GOODS, good as goodOf, key, RIGHTS, SHOP, type Good } from "./fake-shop";
import { NOTHING_YET, orderRow, paper, parkedView, soldView, tile } from "./fake-views";
import { refuse, wrongFields } from "./fields";

export { GOODS, good, key, type Good } from "./fake-shop";

/** What carries out some of the commands. */
export type Handlers = { [K in CommandName]?: (request: RequestOf<K>) => unknown };

interface Basket {
  readonly id: string;
  lines: LineView[];
  tenders: TenderView[];
  returns: ReturnView[];
  tip: number;
  before: { lines: LineView[]; kind: "added" | "changed" | "removed" | "cleared"; name: string }[];
  label: string | null;
}

export class FakeRegister extends FakeLinks implements Platform {
  readonly client = "test-client";
  goods: readonly Good[] = GOODS;
  readonly drawer = new FakeDrawer();
  /** Customers, reductions, returns and held orders. */
  readonly counter = new FakeCounter();
  /** The card terminal. */
  readonly terminal: FakeTerminal;
  /** What the person at the till may do. */
  rights = [...RIGHTS];
  tenders: TenderKey[] = [key("cash"), key("card_external")];
  tipPercents: string[] = [];
  /** Whether francs are taken, and what one is worth in cents. */
  franc: number | null = null;
  /** The smallest coin. */
  step = 1;
  /** What is on gift cards and store credit. */
  readonly credit = new Map<string, number>();
  shop: ShopSettings = structuredClone(SHOP);
  /** Answers that a test gives itself; asked first. */
  answers: Handlers = {};
  readonly calls: { name: CommandName; request: unknown }[] = [];
  readonly sales: SaleView[] = [];
  readonly files: FileView[] = [];
  /** How often the page that faces the customer was opened. */
  displays = 0;
  /** Runs before each command; may throw or wait. */
  before: (name: CommandName, request: unknown) => void | Promise<void> = () => undefined;
  /** Runs after each command, when it is done but not answered yet; may throw to lose the answer. */
  afterwards: (name: CommandName) => void | Promise<void> = () => undefined;
  readonly #baskets = new Map<string, Basket>();
  #open: Basket;
  #ids = 0;
  readonly #changed = new Set<(change: Changed) => void>();
  readonly #connection = new Set<(up: boolean) => void>();

  constructor() {
    super();
    this.#open = this.#newBasket();
    this.terminal = new FakeTerminal({
      refuse,
      add: (basket_id, tender, print) => {
        const basket = this.#basket(basket_id);
        basket.tenders = [...basket.tenders, tender];
        return this.#paid(basket, print).sale?.id;
      },
      tell: (tags) => this.tell(tags, ""),
    });
    this.drawer.open({ float: 10_000, pieces: null, foreign: null, business_day: null });
  }

  get shift(): ShiftView | null {
    return this.drawer.shift;
  }

  set shift(shift: ShiftView | null) {
    this.drawer.shift = shift;
  }

  async call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ReplyOf<K>> {
    this.calls.push({ name, request });
    await this.before(name, request);
    const wrong = wrongFields(name, request);
    if (!wrong) refuse("unknown_command", name);
    if (wrong.length > 0) throw new Error(`${name}: wrong or missing field ${wrong.join(", ")}`);
    const reply: unknown = this.#handle(name, request as never);
    await this.afterwards(name);
    // As over the wire: nobody shares objects with the register.
    return JSON.parse(JSON.stringify(reply)) as ReplyOf<K>;
  }

  onChanged(listener: (change: Changed) => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  onConnection(listener: (up: boolean) => void): () => void {
    this.#connection.add(listener);
    return () => this.#connection.delete(listener);
  }

  openFile(file: FileView): Promise<void> {
    this.files.push(file);
    return Promise.resolve();
  }

  async openDisplay(): Promise<void> {
    this.displays += 1;
  }

  tell(tags: string[], origin = "other"): void {
    for (const listener of this.#changed) listener({ tags, origin });
  }

  /** A scanner on a wire of the register's own read something. */
  read(scan: ScanNotice): void {
    for (const listener of this.#changed) listener({ tags: ["basket"], origin: "", scan });
  }

  connect(up: boolean): void {
    for (const listener of this.#connection) listener(up);
  }

  /** Puts goods that come back into the open basket. */
  takeBack(returned: ReturnView): void {
    this.#open.returns = [...this.#open.returns, returned];
  }

  /** How often a command came. */
  count(name: CommandName): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  // --- the commands ---------------------------------------------------------------------------

  #handle(name: CommandName, request: Record<string, never>): unknown {
    const handlers: Handlers = {
      ...NOTHING_YET,
      ...this.counter.handlers(this.#host),
      ...this.terminal.handlers(),
      "register.state": () => this.#state(),
      "shift.open": (request) => {
        if (this.shift) refuse("shift_open");
        this.drawer.open(request);
        return this.#state();
      },
      "shift.x": () => this.drawer.x(this.#blind) ?? refuse("no_shift"),
      "shift.move_cash": (request) => {
        if (!this.shift) refuse("no_shift");
        if (request.reason.trim() === "") refuse("no_reason");
        this.drawer.move(request);
        return this.#state();
      },
      "shift.close": (request) => this.drawer.close(request) ?? refuse("no_shift"),
      "shift.closed": () => this.drawer.list(),
      "shift.z": ({ shift_id }) =>
        this.drawer.closed.find((z) => z.shift_id === shift_id) ?? refuse("no_such_shift"),
      "shop.get": () => this.shop,
      "shop.logo": () => ({ svg: null }),
      "shop.set": (settings) => {
        this.shop = settings;
        return this.shop;
      },
      "catalog.categories": () => ({
        categories: [{ name: "Food", items: this.goods.length, ink: 1 }],
      }),
      "catalog.browse": () => ({ tiles: this.goods.map(tile), next: null }),
      "catalog.search": ({ text }) => ({
        tiles: this.goods
          .filter((good) => good.name.toLowerCase().includes(text.toLowerCase()))
          .map(tile),
        next: null,
      }),
      "basket.current": () => this.#view(this.#open),
      "basket.scan": ({ basket_id, code }) => {
        const found = this.goods.find((good) => good.code === code);
        if (!found) return refuse("unknown_barcode", code);
        return this.#add(this.#basket(basket_id), found, 1000, null);
      },
      "basket.add": ({ basket_id, variant_id, quantity, price }) => {
        const found = this.goods.find((good) => good.variant_id === variant_id);
        if (!found) return refuse("no_such_item");
        return this.#add(this.#basket(basket_id), found, quantity ?? 1000, price);
      },
      "basket.set_quantity": ({ basket_id, line_id, quantity }) =>
        this.#change(basket_id, line_id, (line) => ({ ...line, quantity })),
      "basket.set_price": ({ basket_id, line_id, price, reason }) =>
        this.#change(basket_id, line_id, (line) => ({
          ...line,
          unit_price: price ?? line.list_price ?? line.unit_price,
          list_price: price === null ? null : (line.list_price ?? line.unit_price),
          price_reason: price === null ? null : reason || null,
        })),
      "basket.set_note": ({ basket_id, line_id, note }) =>
        this.#change(basket_id, line_id, (line) => ({ ...line, note: note || null })),
      "basket.remove_line": ({ basket_id, line_id }) => this.#remove(basket_id, line_id),
      "basket.clear": ({ basket_id }) => {
        const basket = this.#editable(basket_id);
        basket.before.push({ lines: basket.lines, kind: "cleared", name: "" });
        basket.lines = [];
        return this.#view(basket);
      },
      "basket.undo": ({ basket_id }) => {
        const basket = this.#editable(basket_id);
        const step = basket.before.pop();
        if (!step) return refuse("nothing_to_undo");
        basket.lines = step.lines;
        return this.#view(basket);
      },
      "basket.park": ({ basket_id, label }) => {
        const basket = this.#basket(basket_id);
        if (basket.lines.length === 0) refuse("basket_empty");
        basket.label = label;
        this.#open = this.#newBasket();
        return this.#view(this.#open);
      },
      "basket.parked": () => ({ baskets: this.#parked().map(parkedView) }),
      "basket.recall": ({ basket_id }) => {
        const basket = this.#basket(basket_id);
        if (this.#open.lines.length > 0) this.#open.label = "";
        basket.label = null;
        this.#open = basket;
        return this.#view(basket);
      },
      "pay.tender": (request) => this.#pay(request),
      "pay.take_back": ({ basket_id, tender_id }) => {
        const basket = this.#basket(basket_id);
        basket.tenders = basket.tenders.filter((tender) => tender.id !== tender_id);
        return this.#view(basket);
      },
      "pay.confirm": ({ basket_id, tender_id, print }) => {
        const basket = this.#basket(basket_id);
        basket.tenders = basket.tenders.map((tender) =>
          tender.id === tender_id ? { ...tender, pending: false } : tender,
        );
        return this.#paid(basket, print);
      },
      "pay.set_tip": ({ basket_id, percent, amount }) => {
        const basket = this.#basket(basket_id);
        const { total } = this.#view(basket);
        basket.tip = percent === null ? (amount ?? 0) : Math.round((total * Number(percent)) / 100);
        return this.#view(basket);
      },
      "pay.code": ({ kind }) => ({ text: `${kind}`, reference: "T1-7", modules: ["10", "01"] }),
      "credit.get": ({ kind, code }) => {
        const balance = this.credit.get(code) ?? refuse("no_such_credit", code);
        return { kind, code, balance, moves: [] };
      },
      "orders.find": () => ({ orders: this.sales.map(orderRow).reverse(), next: null }),
      "orders.get": ({ sale_id }) =>
        this.sales.find((sale) => sale.id === sale_id) ?? refuse("no_such_sale"),
      "receipt.gift": ({ sale_id }) => paper(sale_id, "Gift receipt T1-1"),
      "shift.print_x": () => paper("x", "X report"),
      "shift.print_z": ({ shift_id }) => paper(shift_id, "Z report T1-Z1"),
      "held.print": ({ order_id }) => paper(order_id, "Deposit T1-H1"),
      "receipt.preview": () => ({ text: "RECEIPT\n" }),
      "receipt.pdf": () => ({ name: "T1-1.pdf", media_type: "application/pdf", base64: "JVBERg==" }),
    };
    const handler = (this.answers[name] ?? handlers[name]) as ((request: unknown) => unknown) | undefined;
    if (!handler) throw new Error(`the fake register does not simulate ${name}`);
    return handler(request);
  }

  readonly #host: Host = {
    sales: this.sales,
    view: (id) => this.#view(this.#basket(id)),
    addReturn: (id, back) => {
      const basket = this.#editable(id);
      basket.returns = [...basket.returns, { ...back, id: this.#id("return") }];
      return this.#view(basket);
    },
    addGiftCard: (id, code, amount) => {
      const card = { ...goodOf("card", "Gift card", amount, code), gift_card: code };
      return this.#add(this.#basket(id), card, 1000, amount);
    },
    anew: () => {
      this.#open = this.#newBasket();
      return this.#view(this.#open);
    },
    reopen: (id) => {
      this.#open = this.#basket(id);
      return this.#view(this.#open);
    },
    price: (variant) => {
      const found = this.goods.find(({ variant_id }) => variant_id === variant);
      return found ? { name: found.name, price: found.price ?? 0 } : refuse("no_such_item");
    },
    refuse,
  };

  #state(): RegisterState {
    return {
      shop: "Harbour Lane",
      register: "T1",
      currency: "EUR",
      exponent: 2,
      actor: "Mara",
      role: "owner",
      rights: this.rights,
      shift: this.drawer.seen(this.#blind),
      printer: "ready",
      prints_waiting: 0,
      cards: this.terminal.counts,
      outbox_waiting: 0,
      tenders: this.tenders,
      drawer: [
        { currency: "EUR", exponent: 2, denominations: [...EURO_PIECES], rate: null },
        ...(this.franc === null
          ? []
          : [
              {
                currency: "CHF",
                exponent: 2,
                denominations: [10_000, 5000, 2000, 1000, 500, 200, 100],
                rate: `0.${this.franc}`,
              },
            ]),
      ],
      positions: this.counter.positions,
      tip_percents: this.tipPercents,
      demo: false,
      version: "0.1.0",
    };
  }

  get #blind(): boolean {
    return !this.rights.includes("see_expected_cash");
  }

  #add(basket: Basket, good: Good, quantity: number, price: number | null): Added {
    this.#unpaid(basket);
    if (good.price === null && price === null) refuse("needs_price", good.name);
    basket.before.push({ lines: basket.lines, kind: "added", name: good.name });
    const unit_price = price ?? good.price ?? 0;
    const same = basket.lines.find(
      (line) => line.variant_id === good.variant_id && line.unit_price === unit_price,
    );
    const line: LineView = same
      ? { ...same, quantity: same.quantity + quantity }
      : {
          id: this.#id("line"),
          variant_id: good.variant_id,
          item_id: good.item_id,
          name: good.name,
          quantity,
          unit: good.unit,
          unit_price,
          list_price: null,
          price_reason: null,
          note: null,
          gross: 0,
          adjustments: [],
          discount: null,
          gift_card: "gift_card" in good ? String(good.gift_card) : null,
          origin: null,
          return_reason: "",
          lot: null,
          serial: null,
          best_before: null,
          total: 0,
        };
    basket.lines = same
      ? basket.lines.map((other) => (other.id === line.id ? line : other))
      : [...basket.lines, line];
    return { basket: this.#view(basket), line_id: line.id, warning: null };
  }

  #change(basketId: string, lineId: string, edit: (line: LineView) => LineView): BasketView {
    const basket = this.#editable(basketId);
    const line = basket.lines.find((line) => line.id === lineId) ?? refuse("no_such_line");
    const after = edit(line);
    if (after.quantity <= 0) refuse("bad_quantity");
    basket.before.push({ lines: basket.lines, kind: "changed", name: line.name });
    basket.lines = basket.lines.map((other) => (other.id === lineId ? after : other));
    return this.#view(basket);
  }

  #remove(basketId: string, lineId: string): BasketView {
    const basket = this.#editable(basketId);
    if (basket.returns.some((back) => back.id === lineId)) {
      basket.returns = basket.returns.filter((back) => back.id !== lineId);
      return this.#view(basket);
    }
    const line = basket.lines.find((line) => line.id === lineId) ?? refuse("no_such_line");
    basket.before.push({ lines: basket.lines, kind: "removed", name: line.name });
    basket.lines = basket.lines.filter((other) => other.id !== lineId);
    return this.#view(basket);
  }

  #pay(request: PayRequest): Commands["pay.tender"]["reply"] {
    const sold = this.sales.find((sale) => sale.id === request.basket_id);
    if (sold) return { basket: null, sale: sold };
    const basket = this.#basket(request.basket_id);
    if (!this.shift) refuse("no_shift");
    if (this.terminal.of(basket.id)) refuse("card_open");
    if (!basket.tenders.some((tender) => tender.id === request.tender_id)) {
      const rules = { step: this.step, franc: this.franc ?? 100, credit: this.credit };
      const tender = tenderOf(request, this.#view(basket).due, rules);
      if (typeof tender === "string") refuse(tender);
      else basket.tenders.push(tender);
    }
    return this.#paid(basket, request.print);
  }

  #paid(basket: Basket, print: boolean): Commands["pay.tender"]["reply"] {
    const view = this.#view(basket);
    const open = view.due !== 0 || basket.tenders.some((tender) => tender.pending);
    if (open) return { basket: view, sale: null };
    return { basket: null, sale: this.#complete(basket, view, print) };
  }

  #complete(basket: Basket, view: BasketView, print: boolean): SaleView {
    const sale = soldView(basket, view, this.sales.length + 1, print);
    this.sales.push(sale);
    this.drawer.sold(sale);
    this.#baskets.delete(basket.id);
    this.#open = this.#newBasket();
    return sale;
  }

  #view(basket: Basket): BasketView {
    const plain = basket.lines.map((line) => {
      const gross = Math.round((line.unit_price * line.quantity) / 1000);
      return { ...line, gross, total: gross };
    });
    const dressed = this.counter.dress(basket.id, plain);
    const goods = [...dressed.lines, ...basket.returns];
    const total = goods.reduce((sum, line) => sum + line.total, 0);
    const due = total + basket.tip - basket.tenders.reduce((sum, tender) => sum + tender.amount, 0);
    const cash_due = toStep(due, this.step);
    const step = basket.before.at(-1);
    const round = Math.ceil(due / 1000) * 1000;
    const amounts = due > 0 ? [...new Set([cash_due, round, 5000, 10_000])] : [];
    return {
      id: basket.id,
      ...dressed,
      renewed: null,
      returns: basket.returns,
      taxes: [],
      total,
      tip: basket.tip,
      tenders: basket.tenders,
      due,
      cash_due,
      quick_cash: amounts
        .filter((amount) => amount >= cash_due)
        .map((amount) => ({ amount, change: amount - cash_due })),
      undo: step ? { kind: step.kind, name: step.name } : null,
      parked: this.#parked().length,
      ...this.terminal.shows(basket.id),
    };
  }

  #basket(id: string): Basket {
    return this.#baskets.get(id) ?? refuse("no_such_basket");
  }

  #editable(id: string): Basket {
    const basket = this.#basket(id);
    this.#unpaid(basket);
    return basket;
  }

  #unpaid(basket: Basket): void {
    if (this.terminal.of(basket.id)) refuse("card_open");
    if (basket.tenders.length > 0) refuse("partly_paid");
  }

  #parked(): Basket[] {
    return [...this.#baskets.values()].filter((basket) => basket.label !== null);
  }

  #newBasket(): Basket {
    const id = this.#id("basket");
    const basket = { id, lines: [], tenders: [], returns: [], tip: 0, before: [], label: null };
    this.#baskets.set(basket.id, basket);
    return basket;
  }

  #id(kind: string): string {
    this.#ids += 1;
    return `${kind}-${this.#ids}`;
  }
}
