// What can be done with the whole cart: the same list in its sheet, in the palette and by keys.

import type { IconName } from "../../components/icons";
import { t } from "../../messages";
import type { Action } from "../../state/actions";
import type { Sheet, Till } from "../../state/till.svelte";

export interface BasketAction extends Action {
  readonly icon: IconName;
  /** Why it cannot be done now. */
  readonly unless: string;
  /** It gives something up. */
  readonly grave?: boolean;
}

type Plain = Extract<Sheet["kind"], "customer" | "coupon" | "gift_card" | "void" | "hold" | "held">;

/** The actions that the role of the person at the till has. */
export function basketActions(till: Till): BasketAction[] {
  const { cart, register } = till;
  const selling = register.state.shift !== null;
  const open = selling && !cart.paying;
  const filled = open && !cart.empty;
  const unless = !selling
    ? t("refusal.no_shift")
    : cart.paying
      ? t("cart.part_paid")
      : t("cart.empty");
  const sheet = (kind: Plain) => () => (till.sheet = { kind });
  const all: (BasketAction & { right?: string })[] = [
    {
      title: t("action.customer"),
      icon: "person",
      keys: ["Ctrl+U"],
      when: () => open,
      unless,
      run: sheet("customer"),
    },
    {
      title: t("action.discount.cart"),
      icon: "percent",
      keys: ["Ctrl+D"],
      right: "discount",
      when: () => filled,
      unless,
      run: () => (till.sheet = { kind: "discount", line: null }),
    },
    {
      title: t("action.coupon"),
      icon: "ticket",
      keys: ["Ctrl+B"],
      when: () => filled,
      unless,
      run: sheet("coupon"),
    },
    {
      title: t("action.gift_card"),
      icon: "gift",
      keys: ["Ctrl+G"],
      when: () => open,
      unless,
      run: sheet("gift_card"),
    },
    {
      title: t("action.turn_back"),
      icon: "comeback",
      keys: ["Ctrl+J"],
      right: "refund_without_receipt",
      when: () => open && cart.line !== null && cart.line.gift_card === null,
      unless: filled || open ? t("action.turn_back.unless") : unless,
      run: () => cart.line && (till.sheet = { kind: "turn_back", line: cart.line }),
    },
    {
      title: t("action.hold"),
      icon: "hold",
      keys: ["Ctrl+H"],
      when: () => filled,
      unless,
      run: sheet("hold"),
    },
    { title: t("action.held"), icon: "orders", keys: ["Shift+F9"], unless: "", run: sheet("held") },
    {
      title: t("action.void"),
      icon: "trash",
      keys: ["Ctrl+Delete"],
      right: "void",
      grave: true,
      when: () => filled,
      unless,
      run: sheet("void"),
    },
  ];
  return all.filter(({ right }) => right === undefined || register.may(right));
}
