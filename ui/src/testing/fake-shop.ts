// What the shop of the register in memory sells, and how it is set up.

import type { MoneySettings, ShopSettings, TenderKey, Tile } from "../bindings/api";

export interface Good extends Tile {
  readonly variant_id: string;
  readonly code: string;
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

export const RIGHTS = [
  "look_up",
  "sell",
  "discount",
  "override_price",
  "void",
  "refund",
  "refund_without_receipt",
  "refund_to_credit",
  "issue_credit",
  "keep_deposit",
  "move_cash",
  "see_expected_cash",
  "run_shift",
  "reprint",
  "change_prices",
  "change_settings",
];

const MONEY: MoneySettings = {
  cash_step: null,
  tenders: ["cash", "card_external"],
  custom: [],
  foreign: [],
  tip_percents: [],
  cashier_discount_limit: null,
  bank: null,
  wallet: null,
};

export const SHOP: ShopSettings = {
  name: "Harbour Lane",
  address: ["1 Quay Street", "Galway"],
  tax_number: null,
  footer: [],
  taxes: [
    {
      class: "standard",
      name: "VAT",
      rate: "23",
      inclusive: true,
      amount: null,
      affects_base: false,
      ignores_others: false,
    },
  ],
  positions: [],
  tax_rounding: null,
  money: MONEY,
  print_z: false,
  fee_class: null,
  in_store: [],
};

/** A key of the Pay screen. */
export function key(kind: TenderKey["kind"], name = ""): TenderKey {
  return { kind, name };
}
