// What the register in memory tells of what it knows.

import type {
  BasketView,
  LineView,
  OrderRow,
  ParkedView,
  PrintJobView,
  ReturnView,
  SaleView,
  TenderView,
  Tile,
} from "../bindings/api";
import type { Handlers } from "./fake-register";
import type { Good } from "./fake-shop";

/** What a register answers that has no machines, apps or web shops yet. */
export const NOTHING_YET: Handlers = {
  "prints.waiting": () => ({ jobs: [] }),
  "devices.list": () => ({ devices: [], ports: [], drivers: [] }),
  "twins.state": () => ({ twins: [] }),
  "requests.open": () => ({ current: null, waiting: 0 }),
  "channels.list": () => ({ channels: [], platforms: [] }),
  "web_orders.list": () => ({ orders: [], more: false }),
};

interface Parked {
  readonly id: string;
  readonly label: string | null;
  readonly lines: readonly LineView[];
}

/** What came back, as a line of the sale. */
export function soldBack(back: ReturnView): LineView {
  const { id, name, unit, origin, reason: return_reason, total } = back;
  const item = { variant_id: "variant-back", item_id: "item-back", unit_price: 0, gross: total };
  const none = { list_price: null, price_reason: null, note: null, discount: null, gift_card: null };
  const label = { lot: null, serial: null, best_before: null };
  const quantity = -back.quantity;
  const what = { id, name, unit, origin, return_reason, quantity, total, adjustments: [] };
  return { ...what, ...item, ...none, ...label };
}

interface Paid {
  readonly id: string;
  readonly tenders: TenderView[];
}

/** The sale that a settled basket becomes. */
export function soldView(basket: Paid, view: BasketView, number: number, print: boolean): SaleView {
  const { id, tenders } = basket;
  return {
    id,
    receipt: `T1-${number}`,
    at: Date.UTC(2026, 10, 23, 9),
    local_time: "2026-11-23 09:00",
    business_day: "2026-11-23",
    cashier: "Mara",
    customer: view.customer,
    lines: [...view.lines, ...view.returns.map(soldBack)],
    taxes: [],
    tenders,
    net: view.total,
    total: view.total,
    discount: -view.reductions.reduce((sum, { amount }) => sum + amount, 0),
    tip: view.tip,
    cash_rounding: tenders.reduce((sum, tender) => sum + tender.rounding, 0),
    change: tenders.reduce((sum, tender) => sum + tender.change, 0),
    refunded_by: [],
    print: print ? "waiting" : "none",
  };
}

export function orderRow({ id, receipt, local_time, cashier, tenders, total, lines }: SaleView): OrderRow {
  const paid_with = tenders.map(({ kind }) => kind);
  return { id, receipt, local_time, cashier, paid_with, total, lines: lines.length };
}

export function tile({ code: _, ...tile }: Good): Tile {
  return tile;
}

/** A parked basket in the list of them. */
export function parkedView(basket: Parked): ParkedView {
  return {
    id: basket.id,
    label: basket.label ?? "",
    lines: basket.lines.length,
    names: basket.lines.slice(0, 3).map((line) => line.name),
    total: basket.lines.reduce((sum, line) => sum + Math.round((line.unit_price * line.quantity) / 1000), 0),
  };
}

/** A slip or a report on its way to the printer. */
export function paper(about: string, title: string): PrintJobView {
  return { id: `job-${about}`, sale_id: about, receipt: "", title, status: "waiting", trouble: "" };
}
