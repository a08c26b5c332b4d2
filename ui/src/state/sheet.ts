// What can lie over the screen.

import type {
  AttemptView,
  CashMoveKindView,
  CountRequest,
  CreditOf,
  CustomerView,
  ExplanationView,
  HeldOrderView,
  ItemView,
  LineView,
  Returnable,
  SaleView,
  ShiftReport,
} from "../bindings/api";

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
  | { readonly kind: "resolve_card"; readonly attempt: AttemptView }
  | { readonly kind: "device" | "traffic" | "end_of_day"; readonly device_id: string }
  | { readonly kind: "cards" | "twins" | "request" }
  | { readonly kind: "categories" | "parked" | "prints" | "status" | "palette" };
