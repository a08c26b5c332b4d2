// The drawer of the register in memory: shifts, cash that moves, and what a report says of them.

import type {
  CashMoveKindView,
  ClosedShifts,
  CloseShift,
  MoveCash,
  OpenShift,
  SaleView,
  ShiftReport,
  ShiftView,
  TenderView,
} from "../bindings/api";

/** Euros, and Swiss francs beside them once the shop takes them. */
export const EURO_PIECES = [
  50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1,
] as const;

const SIGN: Record<CashMoveKindView, number> = {
  pay_in: 1,
  pay_out: -1,
  safe_drop: -1,
  no_sale: 0,
};

export class FakeDrawer {
  shift: ShiftView | null = null;
  readonly closed: ShiftReport[] = [];
  moves: MoveCash[] = [];
  opened: OpenShift | null = null;
  /** What everything that was ever taken comes to. */
  grand = 1_000_000;
  #sales: SaleView[] = [];
  #ids = 0;

  open(request: OpenShift): void {
    this.opened = request;
    this.moves = [];
    this.#sales = [];
    this.#ids += 1;
    this.shift = {
      id: `shift-${this.#ids}`,
      business_day: request.business_day ?? "2026-11-23",
      opened_at: Date.UTC(2026, 10, 23, 8),
      opened_local: "2026-11-23 08:00",
      opened_by: "Mara",
      float: request.float,
      sales: 0,
      expected: request.float,
    };
  }

  /** The shift as a reader sees it: without what it expects, if they count blind. */
  seen(blind: boolean): ShiftView | null {
    return this.shift && { ...this.shift, expected: blind ? null : this.shift.expected };
  }

  sold(sale: SaleView): void {
    if (!this.shift) return;
    this.#sales.push(sale);
    this.grand += sale.total;
    const cash = sale.tenders.reduce((sum, tender) => sum + inDrawer(tender), 0);
    this.shift = {
      ...this.shift,
      sales: this.shift.sales + 1,
      expected: (this.shift.expected ?? 0) + cash,
    };
  }

  move(request: MoveCash): void {
    if (!this.shift || this.moves.some((move) => move.id === request.id)) return;
    this.moves.push(request);
    if (request.currency !== null) return;
    const expected = (this.shift.expected ?? 0) + SIGN[request.kind] * request.amount;
    this.shift = { ...this.shift, expected };
  }

  /** What the open shift took so far. */
  x(blind: boolean): ShiftReport | null {
    const { shift } = this;
    if (!shift) return null;
    const sum = (of: (sale: SaleView) => number) =>
      this.#sales.reduce((total, sale) => total + of(sale), 0);
    const tenders = this.#sales.flatMap((sale) => sale.tenders);
    const kinds = [...new Set(tenders.map((tender) => tender.kind))];
    const moved = [...new Set(this.moves.map((move) => move.kind))];
    return {
      shift_id: shift.id,
      z_number: null,
      z_name: null,
      business_day: shift.business_day,
      opened_local: shift.opened_local,
      opened_by: shift.opened_by,
      closed_local: null,
      closed_by: null,
      float: shift.float,
      sales: shift.sales,
      refunds: this.#sales.filter((sale) => sale.total < 0).length,
      takings: sum((sale) => sale.total),
      net: sum((sale) => sale.net),
      tax: sum((sale) => sale.total - sale.net),
      discount: sum((sale) => sale.discount),
      tip: sum((sale) => sale.tip),
      cash_rounding: sum((sale) => sale.cash_rounding),
      voids: 0,
      no_sales: this.moves.filter((move) => move.kind === "no_sale").length,
      tenders: kinds.map((kind) => {
        const these = tenders.filter((tender) => tender.kind === kind);
        const amount = these.reduce((total, tender) => total + tender.amount, 0);
        return { kind, name: "", count: these.length, amount };
      }),
      taxes: [],
      cash_moves: moved.map((kind) => {
        const these = this.moves.filter((move) => move.kind === kind);
        const amount = these.reduce((total, move) => total + move.amount, 0);
        return { kind, name: "", count: these.length, amount };
      }),
      counts: blind
        ? []
        : [
            {
              currency: "EUR",
              exponent: 2,
              expected: shift.expected ?? 0,
              counted: null,
              over_short: null,
              pieces: [],
            },
          ],
      first_receipt: this.#sales[0]?.receipt ?? null,
      last_receipt: this.#sales.at(-1)?.receipt ?? null,
      grand_total: this.grand,
      text: "X REPORT\n",
    };
  }

  close({ counts }: CloseShift): ShiftReport | null {
    const report = this.x(false);
    if (!report || !this.shift) return null;
    const z: ShiftReport = {
      ...report,
      z_number: this.closed.length + 1,
      z_name: `T1-Z${this.closed.length + 1}`,
      closed_local: "2026-11-23 18:00",
      closed_by: "Mara",
      counts: counts.map(({ currency, counted, pieces }) => {
        const expected = currency === "EUR" ? (this.shift?.expected ?? 0) : 0;
        const over_short = counted - expected;
        return { currency, exponent: 2, expected, counted, over_short, pieces: pieces ?? [] };
      }),
      text: "Z REPORT\n",
    };
    this.closed.unshift(z);
    this.shift = null;
    return z;
  }

  list(): ClosedShifts {
    return {
      shifts: this.closed.map((z) => ({
        shift_id: z.shift_id,
        z_number: z.z_number ?? 0,
        z_name: z.z_name ?? "",
        business_day: z.business_day,
        closed_local: z.closed_local ?? "",
        takings: z.takings,
        over_short: z.counts[0]?.over_short ?? 0,
      })),
    };
  }
}

function inDrawer({ kind, amount, rounding }: TenderView): number {
  return kind === "cash" ? amount + rounding : 0;
}
