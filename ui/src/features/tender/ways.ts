// The ways to pay: how each is called, drawn and reached from the keyboard.

import type { CardView, PayWith, TenderKey } from "../../bindings/api";
import type { IconName } from "../../components/icons";
import { t } from "../../messages";

interface Named {
  readonly kind: PayWith;
  readonly name?: string | null;
  /** Of a payment at a terminal. */
  readonly card?: CardView | undefined;
}

interface Way {
  readonly icon: IconName;
  /** The key that takes it; none where Enter or the palette does. A letter alone only opens
   * something: it may turn out to be the beginning of a scan. */
  readonly key: string | null;
}

const WAYS: Record<PayWith, Way> = {
  cash: { icon: "cash", key: null },
  card_external: { icon: "card", key: "C" },
  card: { icon: "tap", key: "Alt+C" },
  foreign_cash: { icon: "coins", key: "F" },
  gift_card: { icon: "gift", key: "G" },
  store_credit: { icon: "credit", key: "S" },
  on_account: { icon: "ledger", key: "O" },
  voucher: { icon: "voucher", key: "V" },
  bank_transfer: { icon: "bank", key: "Alt+B" },
  wallet: { icon: "qr", key: "Alt+W" },
  deposit: { icon: "safe", key: null },
  custom: { icon: "more", key: null },
};

export function wayIcon(kind: PayWith): IconName {
  return WAYS[kind].icon;
}

export function wayKey(kind: PayWith): string | null {
  return WAYS[kind].key;
}

/** What a way to pay is called: the shop's own name for it, where it has one. */
export function wayName({ kind, name, card }: Named): string {
  if (card && (card.brand || card.last_four)) return cardName(card);
  return name || t(`tender.${kind}`);
}

/** `Visa •••• 4821`, as far as the terminal told. */
export function cardName({ brand, last_four }: CardView): string {
  const name = brand || t("tender.card");
  return last_four ? `${name} •••• ${last_four}` : name;
}

/** What the palette says about a key of the Pay screen. */
export function wayAction(key: TenderKey): string {
  switch (key.kind) {
    case "cash":
    case "deposit":
      return t("action.pay.enter");
    case "card_external":
      return t("action.pay.card");
    case "card":
      return t("action.pay.terminal", { name: key.name });
    case "custom":
      return t("action.pay.custom", { name: key.name });
    default:
      return t(`action.pay.${key.kind}`);
  }
}

/** The keys of the Pay screen in their order; a card terminal comes right after cash. */
export function keysInOrder(keys: readonly TenderKey[]): TenderKey[] {
  const first = keys.filter(({ kind }) => kind === "cash");
  const terminals = keys.filter(({ kind }) => kind === "card");
  const others = keys.filter(({ kind }) => !["cash", "card", "deposit"].includes(kind));
  return [...first, ...terminals, ...others];
}

/** A payment by a code that the customer scans. */
export function byCode(kind: PayWith): kind is "bank_transfer" | "wallet" {
  return kind === "bank_transfer" || kind === "wallet";
}
