// The shop's settings while they are changed: a copy, until it is saved as a whole.

import type {
  ForeignSetting,
  InStoreSetting,
  MoneySettings,
  PayWith,
  PositionSetting,
  ShopSettings,
  TaxRoundingSetting,
  TaxSetting,
} from "../../bindings/api";

/** The settings with nothing left out, so that every field can be shown. */
export interface FullSettings extends ShopSettings {
  tax_rounding: TaxRoundingSetting;
  money: MoneySettings;
  in_store: InStoreSetting[];
}

const LINE_ROUNDING: TaxRoundingSetting = { scope: "line", mode: "half_up" };
const CASH_AND_CARD: MoneySettings = {
  cash_step: null,
  tenders: ["cash", "card_external"],
  custom: [],
  foreign: [],
  tip_percents: [],
  cashier_discount_limit: null,
  bank: null,
  wallet: null,
};

/** The ways to pay that a shop switches on by themselves, in the order in which they are offered. */
export const OFFERED: readonly PayWith[] = [
  "cash",
  "card_external",
  "foreign_cash",
  "gift_card",
  "store_credit",
  "on_account",
  "voucher",
  "bank_transfer",
  "wallet",
];

export class ShopDraft {
  #saved = $state.raw("");
  settings: FullSettings = $state(full(EMPTY));

  constructor(settings: ShopSettings) {
    this.take(settings);
  }

  /** Begins anew with what the register knows. */
  take(settings: ShopSettings): void {
    this.settings = full(settings);
    this.#saved = JSON.stringify(this.request);
  }

  /** As it is sent: without lines and names that were left empty. */
  get request(): ShopSettings {
    const settings = $state.snapshot(this.settings);
    const { money } = settings;
    return {
      ...settings,
      name: settings.name.trim(),
      address: filled(settings.address),
      footer: filled(settings.footer),
      tax_number: settings.tax_number?.trim() || null,
      positions: settings.positions.map((position) => ({
        ...position,
        swaps: position.swaps.filter(({ from, to }) => from !== "" && to !== ""),
      })),
      in_store: settings.in_store.filter(({ pattern }) => pattern.trim() !== ""),
      money: {
        ...money,
        custom: filled(money.custom),
        tip_percents: filled(money.tip_percents),
        foreign: money.foreign.filter(({ currency }) => currency.trim() !== ""),
        cashier_discount_limit: money.cashier_discount_limit?.trim() || null,
        bank: money.bank && { ...money.bank, bic: money.bank.bic?.trim() || null },
      },
    };
  }

  get dirty(): boolean {
    return JSON.stringify(this.request) !== this.#saved;
  }

  // --- taxes ----------------------------------------------------------------------------------

  /** The classes that taxes are for, each once. */
  get classes(): string[] {
    return [...new Set(this.settings.taxes.map((tax) => tax.class).filter((name) => name !== ""))];
  }

  addTax(): void {
    const { taxes } = this.settings;
    const tax: TaxSetting = {
      class: taxes.length === 0 ? "standard" : "",
      name: taxes.at(-1)?.name ?? "",
      rate: "",
      inclusive: taxes.at(-1)?.inclusive ?? true,
      amount: null,
      affects_base: false,
      ignores_others: false,
    };
    taxes.push(tax);
  }

  addPosition(): void {
    const position: PositionSetting = {
      id: this.#freshId(),
      name: "",
      swaps: [],
      others: null,
      keeps: "label",
    };
    this.settings.positions.push(position);
  }

  /** An id of its own; sales keep it, so it never changes with the name. */
  #freshId(): string {
    const taken = new Set(this.settings.positions.map(({ id }) => id));
    let number = this.settings.positions.length + 1;
    while (taken.has(`position-${number}`)) number += 1;
    return `position-${number}`;
  }

  /** Another kind of label of the shop's own scale. */
  addLabel(): void {
    this.settings.in_store.push({ pattern: "", decimals: null });
  }

  // --- ways to pay ----------------------------------------------------------------------------

  takes(kind: PayWith): boolean {
    return this.settings.money.tenders.includes(kind);
  }

  /** Switches a way to pay on, after those before it, or off. */
  switchTender(kind: PayWith): void {
    const { money } = this.settings;
    money.tenders = this.takes(kind)
      ? money.tenders.filter((other) => other !== kind)
      : [...money.tenders, kind];
    if (kind === "bank_transfer" && this.takes(kind)) {
      money.bank ??= { name: this.settings.name, iban: "", bic: null };
    }
    if (kind === "wallet" && this.takes(kind)) {
      money.wallet ??= { name: "", scheme: "", account: "", category: "", country: "", city: "" };
    }
    if (kind === "foreign_cash" && this.takes(kind) && money.foreign.length === 0) {
      this.addForeign();
    }
  }

  addForeign(): void {
    const foreign: ForeignSetting = { currency: "", rate: "" };
    this.settings.money.foreign.push(foreign);
  }
}

/** Moves one of a list by one place; at an end it stays. */
export function shift<T>(list: T[], at: number, by: 1 | -1): void {
  const to = at + by;
  const [one, other] = [list[at], list[to]];
  if (one === undefined || other === undefined) return;
  list[at] = other;
  list[to] = one;
}

const EMPTY: ShopSettings = {
  name: "",
  address: [],
  tax_number: null,
  footer: [],
  taxes: [],
  positions: [],
  tax_rounding: null,
  money: null,
  print_z: false,
  fee_class: null,
  in_store: null,
};

function full(settings: ShopSettings): FullSettings {
  // State never writes into what it was made from, so nothing needs to be copied in depth.
  return {
    ...settings,
    tax_rounding: settings.tax_rounding ?? LINE_ROUNDING,
    money: settings.money ?? CASH_AND_CARD,
    in_store: settings.in_store ?? [],
  };
}

function filled(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}
