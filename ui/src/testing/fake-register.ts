// A register in memory, for tests of the screens. As strict as the real one about commands, fields
// and ids; what it does not simulate: taxes (none), rights, several clients' baskets, paper.

import type {
  Added,
  BasketView,
  Changed,
  Commands,
  FileView,
  LineView,
  ParkedView,
  PayRequest,
  RegisterState,
  SaleView,
  ShiftView,
  TenderView,
  Tile,
} from "../bindings/api";
import { Refused, type CommandName, type Platform, type ReplyOf, type RequestOf } from "../platform/types";

const FIELDS: Record<CommandName, readonly string[]> = {
  "register.state": [],
  "shift.open": ["float"],
  "shift.close": ["counted"],
  "catalog.categories": [],
  "catalog.browse": ["category", "after"],
  "catalog.search": ["text"],
  "catalog.item": ["item_id"],
  "basket.current": [],
  "basket.scan": ["basket_id", "code"],
  "basket.add": ["basket_id", "variant_id", "quantity", "price"],
  "basket.set_quantity": ["basket_id", "line_id", "quantity"],
  "basket.set_price": ["basket_id", "line_id", "price", "reason"],
  "basket.set_note": ["basket_id", "line_id", "note"],
  "basket.remove_line": ["basket_id", "line_id"],
  "basket.clear": ["basket_id"],
  "basket.undo": ["basket_id"],
  "basket.park": ["basket_id", "label"],
  "basket.parked": [],
  "basket.recall": ["basket_id"],
  "pay.tender": ["basket_id", "tender_id", "kind", "offered", "print"],
  "pay.take_back": ["basket_id", "tender_id"],
  "orders.find": ["text", "after"],
  "orders.get": ["sale_id"],
  "receipt.preview": ["sale_id"],
  "receipt.pdf": ["sale_id", "paper"],
  "receipt.print": ["sale_id"],
  "prints.waiting": [],
  "prints.retry": ["job_id"],
  "prints.set_aside": ["job_id"],
  "devices.list": [],
  "devices.add": ["name", "address", "columns", "drawer"],
  "devices.test": ["device_id"],
  "devices.remove": ["device_id"],
  "shop.get": [],
  "shop.set": ["name", "address", "tax_number", "footer", "taxes"],
};

export interface Good extends Tile {
  readonly variant_id: string;
  readonly code: string;
}

interface Basket {
  readonly id: string;
  lines: LineView[];
  tenders: TenderView[];
  before: { lines: LineView[]; kind: "added" | "changed" | "removed" | "cleared"; name: string }[];
  label: string | null;
}

/** A few things to sell. */
export const GOODS: readonly Good[] = [
  good("milk", "Oat milk 1 l", 235, "4000000000012"),
  good("bread", "Sourdough loaf", 480, "4000000000029"),
  good("cake", "Carrot cake", 2400, "4000000000036"),
  { ...good("tomato", "Vine tomatoes", 398, "2000000000015"), unit: "kilogram" },
  { ...good("repair", "Repair", 0, "4000000000043"), price: null },
];

export function good(id: string, name: string, price: number, code: string): Good {
  return {
    item_id: `item-${id}`,
    variant_id: `variant-${id}`,
    name,
    price,
    price_from: false,
    unit: "piece",
    category: "Food",
    ink: 1,
    image: null,
    stock: null,
    code,
  };
}

export class FakeRegister implements Platform {
  readonly client = "test-client";
  goods: readonly Good[] = GOODS;
  shift: ShiftView | null = null;
  readonly calls: { name: CommandName; request: unknown }[] = [];
  readonly sales: SaleView[] = [];
  readonly files: FileView[] = [];
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
    this.#open = this.#newBasket();
    this.#openShift(10_000);
  }

  async call<K extends CommandName>(name: K, request: RequestOf<K>): Promise<ReplyOf<K>> {
    this.calls.push({ name, request });
    await this.before(name, request);
    check(name, request);
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

  tell(tags: string[], origin = "other"): void {
    for (const listener of this.#changed) listener({ tags, origin });
  }

  connect(up: boolean): void {
    for (const listener of this.#connection) listener(up);
  }

  /** How often a command came. */
  count(name: CommandName): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  // --- the commands ---------------------------------------------------------------------------

  #handle(name: CommandName, request: Record<string, never>): unknown {
    const handlers: { [K in CommandName]?: (request: Commands[K]["request"]) => unknown } = {
      "register.state": () => this.#state(),
      "shift.open": ({ float }) => {
        if (this.shift) refuse("shift_open");
        this.#openShift(float);
        return this.#state();
      },
      "shift.close": ({ counted }) => this.#closeShift(counted),
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
      "orders.find": () => ({ orders: [], next: null }),
      "orders.get": ({ sale_id }) =>
        this.sales.find((sale) => sale.id === sale_id) ?? refuse("no_such_sale"),
      "receipt.preview": () => ({ text: "RECEIPT\n" }),
      "receipt.pdf": () => ({ name: "T1-1.pdf", media_type: "application/pdf", base64: "JVBERg==" }),
      "prints.waiting": () => ({ jobs: [] }),
      "devices.list": () => ({ devices: [], ports: [] }),
    };
    const handler = handlers[name] as ((request: unknown) => unknown) | undefined;
    if (!handler) throw new Error(`the fake register does not simulate ${name}`);
    return handler(request);
  }

  #state(): RegisterState {
    return {
      shop: "Harbour Lane",
      register: "T1",
      currency: "EUR",
      exponent: 2,
      actor: "Mara",
      role: "owner",
      rights: ["look_up", "sell", "override_price", "run_shift", "reprint", "change_settings"],
      shift: this.shift,
      printer: "ready",
      prints_waiting: 0,
      outbox_waiting: 0,
      demo: false,
      version: "0.1.0",
    };
  }

  #openShift(float: number): void {
    this.shift = {
      id: this.#id("shift"),
      business_day: "2026-11-23",
      opened_at: Date.UTC(2026, 10, 23, 8),
      opened_by: "Mara",
      float,
      sales: 0,
      cash: 0,
      card: 0,
      expected: float,
    };
  }

  #closeShift(counted: number): Commands["shift.close"]["reply"] {
    const shift = this.shift ?? refuse("no_shift");
    this.shift = null;
    const { sales, cash, card, expected } = shift;
    return {
      sales,
      takings: cash + card,
      cash,
      card,
      expected,
      counted,
      over_short: counted - expected,
    };
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
          total: 0,
        };
    basket.lines = same
      ? basket.lines.map((other) => (other.id === line.id ? line : other))
      : [...basket.lines, line];
    return { basket: this.#view(basket), line_id: line.id };
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
    const line = basket.lines.find((line) => line.id === lineId) ?? refuse("no_such_line");
    basket.before.push({ lines: basket.lines, kind: "removed", name: line.name });
    basket.lines = basket.lines.filter((other) => other.id !== lineId);
    return this.#view(basket);
  }

  #pay({ basket_id, tender_id, kind, offered, print }: PayRequest): Commands["pay.tender"]["reply"] {
    const sold = this.sales.find((sale) => sale.id === basket_id);
    if (sold) return { basket: null, sale: sold };
    const basket = this.#basket(basket_id);
    if (!this.shift) refuse("no_shift");
    const { due } = this.#view(basket);
    if (!basket.tenders.some((tender) => tender.id === tender_id)) {
      if (kind === "card_external" && offered > due) refuse("more_than_due");
      const amount = Math.min(offered, due);
      basket.tenders.push({ id: tender_id, kind, amount, received: offered, change: offered - amount });
    }
    const view = this.#view(basket);
    if (view.due > 0) return { basket: view, sale: null };
    return { basket: null, sale: this.#complete(basket, view, print) };
  }

  #complete(basket: Basket, view: BasketView, print: boolean): SaleView {
    const sale: SaleView = {
      id: basket.id,
      receipt: `T1-${this.sales.length + 1}`,
      at: Date.UTC(2026, 10, 23, 9),
      local_time: "2026-11-23 09:00",
      business_day: "2026-11-23",
      cashier: "Mara",
      lines: view.lines,
      taxes: [],
      tenders: basket.tenders,
      net: view.total,
      total: view.total,
      change: basket.tenders.reduce((sum, tender) => sum + tender.change, 0),
      print: print ? "waiting" : "none",
    };
    this.sales.push(sale);
    this.#baskets.delete(basket.id);
    this.#open = this.#newBasket();
    return sale;
  }

  #view(basket: Basket): BasketView {
    const lines = basket.lines.map((line) => ({
      ...line,
      total: Math.round((line.unit_price * line.quantity) / 1000),
    }));
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    const due = total - basket.tenders.reduce((sum, tender) => sum + tender.amount, 0);
    const step = basket.before.at(-1);
    const round = Math.ceil(due / 1000) * 1000;
    const amounts = due > 0 ? [...new Set([due, round, 5000, 10_000])] : [];
    return {
      id: basket.id,
      lines,
      taxes: [],
      total,
      tenders: basket.tenders,
      due,
      quick_cash: amounts
        .filter((amount) => amount >= due)
        .map((amount) => ({ amount, change: amount - due })),
      undo: step ? { kind: step.kind, name: step.name } : null,
      parked: this.#parked().length,
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
    if (basket.tenders.length > 0) refuse("partly_paid");
  }

  #parked(): Basket[] {
    return [...this.#baskets.values()].filter((basket) => basket.label !== null);
  }

  #newBasket(): Basket {
    const basket = { id: this.#id("basket"), lines: [], tenders: [], before: [], label: null };
    this.#baskets.set(basket.id, basket);
    return basket;
  }

  #id(kind: string): string {
    this.#ids += 1;
    return `${kind}-${this.#ids}`;
  }
}

function refuse(code: string, about = ""): never {
  throw new Refused({ code, message: `refused: ${code}`, about });
}

function check(name: string, request: unknown): void {
  const fields = (FIELDS as Record<string, readonly string[]>)[name];
  if (!fields) refuse("unknown_command", name);
  const sent = Object.keys(request as object);
  const wrong = [
    ...sent.filter((field) => !fields?.includes(field)),
    ...(fields ?? []).filter((field) => !sent.includes(field)),
  ];
  if (wrong.length > 0) throw new Error(`${name}: wrong or missing field ${wrong.join(", ")}`);
}

function tile({ code: _, ...tile }: Good): Tile {
  return tile;
}

function parkedView(basket: Basket): ParkedView {
  return {
    id: basket.id,
    label: basket.label ?? "",
    lines: basket.lines.length,
    names: basket.lines.slice(0, 3).map((line) => line.name),
    total: basket.lines.reduce((sum, line) => sum + Math.round((line.unit_price * line.quantity) / 1000), 0),
  };
}
