// What the register in memory knows about customers, reductions, coupons, returns and held orders.
// It prices as plainly as a test can check by hand: percentages and amounts off, coupons of ten
// percent, no taxes.

import type {
  BasketView,
  CouponRow,
  CustomerView,
  DiscountView,
  HeldOrderView,
  LineView,
  PositionView,
  PriceRulesView,
  ReductionView,
  Returnable,
  ReturnView,
  SaleView,
} from "../bindings/api";
import type { Handlers } from "./fake-register";

/** What a basket has besides its goods. */
interface Extra {
  customer: CustomerView | null;
  position: string | null;
  discount: DiscountView | null;
  readonly lines: Map<string, DiscountView>;
  coupons: string[];
  order: HeldOrderView | null;
}

/** The rest of the register, as far as it is needed here. */
export interface Host {
  readonly sales: readonly SaleView[];
  view(basketId: string): BasketView;
  addReturn(basketId: string, back: Omit<ReturnView, "id">): BasketView;
  addGiftCard(basketId: string, code: string, amount: number): unknown;
  /** An empty basket in place of the open one. */
  anew(): BasketView;
  /** A put-away basket is the open one again. */
  reopen(basketId: string): BasketView;
  price(variantId: string): { name: string; price: number };
  refuse(code: string, about?: string): never;
}

export function customer(id: string, name: string, more: Partial<CustomerView> = {}): CustomerView {
  const nothing = { email: "", phone: "", groups: [], tax_exempt: false, tax_id: null };
  const money = { position: null, account_limit: null, owes: 0, credit: 0, has_paid: false };
  return { id, name, ...nothing, ...money, ...more };
}

export class FakeCounter {
  customers: CustomerView[] = [
    customer("customer-ada", "Ada Byrne", { phone: "091 555 010", groups: ["member"], owes: 1250 }),
    customer("customer-ben", "Ben Okafor", { email: "ben@example.org", credit: 2000 }),
  ];
  positions: PositionView[] = [];
  rules: PriceRulesView = {
    version: 1,
    books: [],
    promotions: [],
    stacking: "best_for_customer",
  };
  coupons: CouponRow[] = [];
  held: (HeldOrderView & { basket: string })[] = [];
  readonly #extras = new Map<string, Extra>();

  /** A basket's lines with what comes off them, and what else it has. */
  dress(basketId: string, plain: readonly LineView[]) {
    const extra = this.#extra(basketId);
    const off: ReductionView[] = [];
    let lines = plain.map((line) => {
      const discount = extra.lines.get(line.id) ?? null;
      return discount ? reduced({ ...line, discount }, "line_discount", discount, off) : line;
    });
    if (extra.discount) lines = spread(lines, "basket_discount", extra.discount, off);
    const coupons = extra.coupons.map((code) => {
      const name = this.#promotionOf(code);
      const before = off.length;
      const tenth = { percent: "10", amount: null, reason: name };
      lines = spread(lines, "coupon", tenth, off);
      return { code, name, amount: off[before]?.amount ?? 0 };
    });
    const { position, discount, order } = extra;
    const buyer = extra.customer;
    return {
      lines,
      reductions: off,
      coupons,
      position,
      discount,
      customer: buyer && {
        id: buyer.id,
        name: buyer.name,
        groups: buyer.groups,
        tax_exempt: buyer.tax_exempt,
      },
      order: order && { id: order.id, number: order.number },
    };
  }

  handlers(host: Host): Handlers {
    const { refuse } = host;
    const edit = (basket_id: string, change: (extra: Extra) => void): BasketView => {
      if (host.view(basket_id).tenders.length > 0) refuse("partly_paid");
      change(this.#extra(basket_id));
      return host.view(basket_id);
    };
    const order = (id: string) =>
      this.held.find((one) => one.id === id && one.state === "open") ?? refuse("no_such_order");
    return {
      "basket.set_discount": ({ basket_id, line_id, percent, amount, reason }) =>
        edit(basket_id, (extra) => {
          const none = percent === null && amount === null;
          const discount = none ? null : { percent, amount, reason };
          if (line_id === null) extra.discount = discount;
          else if (discount) extra.lines.set(line_id, discount);
          else extra.lines.delete(line_id);
        }),
      "basket.set_customer": ({ basket_id, customer_id }) =>
        edit(basket_id, (extra) => {
          extra.customer = this.customers.find(({ id }) => id === customer_id) ?? null;
        }),
      "basket.set_position": ({ basket_id, position }) =>
        edit(basket_id, (extra) => (extra.position = position)),
      "basket.add_coupon": ({ basket_id, code }) => {
        const known = this.coupons.find((coupon) => coupon.code === code);
        if (!known) return refuse("no_such_coupon", code);
        if (known.limit !== null && known.uses >= known.limit) return refuse("coupon_used_up", code);
        return edit(basket_id, (extra) => (extra.coupons = [...extra.coupons, code]));
      },
      "basket.remove_coupon": ({ basket_id, code }) =>
        edit(basket_id, (extra) => (extra.coupons = extra.coupons.filter((one) => one !== code))),
      "basket.add_gift_card": ({ basket_id, code, amount }) =>
        host.addGiftCard(basket_id, code || "GC-1", amount),
      "basket.add_return": ({ basket_id, sale_id, line_id, quantity, reason }) => {
        const sale = host.sales.find(({ id }) => id === sale_id) ?? refuse("no_such_sale");
        const line = sale.lines.find(({ id }) => id === line_id) ?? refuse("no_such_line");
        const left = this.#left(host, sale, line).quantity;
        if (quantity > left) refuse("more_than_left", line.name);
        const total = -Math.round((line.total * quantity) / line.quantity);
        const origin = { sale_id, receipt: sale.receipt, line_id };
        const { name, unit } = line;
        return host.addReturn(basket_id, { origin, name, quantity, unit, total, reason });
      },
      "basket.add_return_unseen": ({ basket_id, variant_id, quantity, price, reason }) => {
        if (reason.trim() === "") refuse("no_reason");
        const today = host.price(variant_id);
        const total = -Math.round(((price ?? today.price) * quantity) / 1000);
        const back = { origin: null, name: today.name, quantity, unit: "piece", total, reason };
        return host.addReturn(basket_id, back);
      },
      "basket.void": ({ reason }) => (reason.trim() === "" ? refuse("no_reason") : host.anew()),
      "basket.explain": ({ basket_id, line_id }) => {
        const { lines, returns } = host.view(basket_id);
        const line = lines.find(({ id }) => id === line_id);
        const back = returns.find(({ id }) => id === line_id);
        if (back) return told(back.name, back.total, [step("origin", back.total, back.total)]);
        return line ? explained(line) : refuse("no_such_line");
      },
      "orders.explain": ({ sale_id, line_id }) => {
        const sale = host.sales.find(({ id }) => id === sale_id) ?? refuse("no_such_sale");
        const line = sale.lines.find(({ id }) => id === line_id) ?? refuse("no_such_line");
        return explained(line);
      },
      "orders.returnable": ({ sale_id }): Returnable => {
        const sale = host.sales.find(({ id }) => id === sale_id) ?? refuse("no_such_sale");
        const lines = sale.lines.map((line) => {
          const { id: line_id, name, unit, quantity: sold } = line;
          const { quantity: left, amount: amount_left } = this.#left(host, sale, line);
          return { line_id, name, unit, sold, left, amount_left };
        });
        const tenders = sale.tenders.map(({ id, kind, name, reference, amount }) => {
          return { tender_id: id, kind, name, reference, left: amount };
        });
        return { sale_id, receipt: sale.receipt, lines, tenders };
      },
      "customers.find": ({ text }) => ({
        customers: this.customers.filter(({ name, email, phone }) =>
          `${name} ${email} ${phone}`.toLowerCase().includes(text.toLowerCase()),
        ),
      }),
      "customers.save": (saved) => {
        const known = this.customers.find(({ id }) => id === saved.id);
        const id = saved.id ?? `customer-${this.customers.length + 1}`;
        const after = { ...customer(id, saved.name), ...known, ...saved, id };
        this.customers = [...this.customers.filter((one) => one.id !== id), after];
        return after;
      },
      "customers.pay_account": ({ customer_id, amount }) => {
        const known = this.customers.find(({ id }) => id === customer_id) ?? refuse("no_customer");
        if (amount > known.owes) refuse("more_than_due");
        known.owes -= amount;
        known.has_paid = true;
        return known;
      },
      "held.hold": ({ basket_id, kind, due, note }) => {
        const { lines, total, customer } = host.view(basket_id);
        const n = this.held.length + 1;
        const placed: HeldOrderView = {
          id: `order-${n}`,
          number: `T1-H${n}`,
          kind,
          state: "open",
          customer: customer?.name ?? null,
          due,
          late: due !== null && due < "2026-11-23",
          note,
          total,
          deposit: 0,
          lines: lines.map(({ name, quantity }) => `${quantity / 1000} × ${name}`),
          local_time: "2026-11-23 09:30",
          receipt: null,
        };
        this.held.unshift({ ...placed, basket: basket_id });
        host.anew();
        return placed;
      },
      "held.list": ({ open_only }) => ({
        orders: this.held.filter(({ state }) => !open_only || state === "open"),
      }),
      "held.recall": ({ order_id }) => {
        const found = order(order_id);
        this.#extra(found.basket).order = found;
        return host.reopen(found.basket);
      },
      "held.deposit": ({ order_id, offered }) => {
        const found = order(order_id);
        const amount = Math.min(offered, found.total - found.deposit);
        found.deposit += amount;
        return { order: found, change: offered - amount };
      },
      "held.cancel": ({ order_id, keep }) => {
        const found = order(order_id);
        found.state = "cancelled";
        const received = keep - found.deposit;
        const base = { id: "tender-back", kind: "cash", amount: received, received } as const;
        const rest = { change: 0, rounding: 0, refunded: 0, pending: false, reference: null };
        const back = { ...base, ...rest, name: null, foreign: null };
        return { order: found, refunds: received < 0 ? [back] : [], kept: keep };
      },
      "prices.get": () => this.rules,
      "prices.set": (rules) => {
        if (rules.version !== this.rules.version) refuse("rules_changed");
        return (this.rules = { ...rules, version: rules.version + 1 });
      },
      "coupons.list": () => ({ coupons: this.coupons }),
      "coupons.issue": (coupon) => {
        this.coupons = [...this.coupons, { ...coupon, uses: 0 }];
        return { coupons: this.coupons };
      },
    };
  }

  #extra(basketId: string): Extra {
    const known = this.#extras.get(basketId);
    if (known) return known;
    const none = { customer: null, position: null, discount: null, order: null };
    const extra: Extra = { ...none, lines: new Map(), coupons: [] };
    this.#extras.set(basketId, extra);
    return extra;
  }

  /** How much of a sold line, and of what it came to, did not come back yet. */
  #left(host: Host, sale: SaleView, line: LineView): { quantity: number; amount: number } {
    const back = host.sales
      .flatMap(({ lines }) => lines)
      .filter(({ origin }) => origin?.sale_id === sale.id && origin.line_id === line.id);
    const quantity = back.reduce((left, one) => left + one.quantity, line.quantity);
    return { quantity, amount: back.reduce((left, one) => left + one.total, line.total) };
  }

  #promotionOf(code: string): string {
    const coupon = this.coupons.find((one) => one.code === code);
    const rules = this.rules.promotions as { id: string; name: string }[];
    return rules.find(({ id }) => id === coupon?.promotion)?.name ?? code;
  }
}

function reduced(
  line: LineView,
  kind: string,
  { percent, amount, reason: name }: DiscountView,
  off: ReductionView[],
): LineView {
  const wanted = percent === null ? (amount ?? 0) : Math.round((line.total * Number(percent)) / 100);
  const took = -Math.min(wanted, line.total);
  const known = off.find((one) => one.kind === kind && one.name === name);
  if (known) known.amount += took;
  else off.push({ kind, name, amount: took });
  const adjustments = [...line.adjustments, { kind, name, percent, amount: took }];
  return { ...line, adjustments, total: line.total + took };
}

/** A percentage off each line; an amount off the first lines that have it. */
function spread(
  lines: readonly LineView[],
  kind: string,
  given: DiscountView,
  off: ReductionView[],
): LineView[] {
  let left = given.amount ?? 0;
  return lines.map((line) => {
    if (given.percent !== null) return reduced(line, kind, given, off);
    const amount = Math.min(left, line.total);
    left -= amount;
    return amount > 0 ? reduced(line, kind, { ...given, amount }, off) : line;
  });
}

function step(kind: string, amount: number, running: number, name = "", detail = "") {
  return { kind, name, detail, amount, running };
}

function told(name: string, total: number, steps: ReturnType<typeof step>[]) {
  return { name, steps, total };
}

function explained(line: LineView) {
  const { name, unit_price, quantity, gross, total } = line;
  const steps = [
    step("list_price", unit_price, unit_price),
    step("quantity", gross, gross, "", `${quantity / 1000} x ${unit_price / 100}`),
  ];
  let running = gross;
  for (const { kind, name: by, amount, percent } of line.adjustments) {
    running += amount;
    steps.push(step(kind, amount, running, by, percent === null ? "" : `${percent}%`));
  }
  return told(name, total, [...steps, step("total", total, total)]);
}
