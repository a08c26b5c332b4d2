// What can be changed about a line, a page each: the page that opens first, and the others.

import type { LineView } from "../../bindings/api";
import type { Register } from "../../state/register.svelte";
import type { Sheet } from "../../state/till.svelte";

export type PageKind = "discount" | "price" | "note" | "turn_back";

/** The pages that the person at the till may use for a line. */
export function pagesOf(register: Register, line: LineView): readonly PageKind[] {
  // A gift card is worth what is on it.
  if (line.gift_card !== null) return ["note"];
  const may: Record<PageKind, boolean> = {
    discount: register.may("discount"),
    price: register.may("override_price"),
    note: true,
    turn_back: register.may("refund_without_receipt"),
  };
  return (Object.keys(may) as PageKind[]).filter((kind) => may[kind]);
}

export function firstPage(register: Register, line: LineView): Sheet {
  return { kind: pagesOf(register, line)[0] ?? "note", line };
}
