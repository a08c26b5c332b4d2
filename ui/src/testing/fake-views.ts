// What the register in memory tells of what it knows.

import type {
  LineView,
  OrderRow,
  ParkedView,
  ReturnView,
  SaleView,
  Tile,
} from "../bindings/api";
import type { Good } from "./fake-shop";

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
  const quantity = -back.quantity;
  return { id, name, unit, origin, return_reason, quantity, total, adjustments: [], ...item, ...none };
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
