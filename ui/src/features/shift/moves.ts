// Cash that moves without a sale, and the report of the open shift.

import type { CashMoveKindView } from "../../bindings/api";
import type { Till } from "../../state/till.svelte";

const KEYS: Record<CashMoveKindView, string> = {
  pay_in: "Alt+I",
  pay_out: "Alt+O",
  safe_drop: "Alt+S",
  no_sale: "Alt+N",
};

export function moveKey(move: CashMoveKindView): string {
  return KEYS[move];
}

/** Asks what the shift took so far, and shows it. */
export async function showX(till: Till): Promise<void> {
  try {
    till.sheet = { kind: "x_report", report: await till.platform.call("shift.x", {}) };
  } catch (error) {
    till.fail(error);
  }
}

/** Prints what the shift took so far. */
export async function printX(till: Till): Promise<void> {
  await till.sayPrinting(till.platform.call("shift.print_x", {}));
}

/** Prints the report of a closed shift. */
export async function printZ(till: Till, shift_id: string): Promise<void> {
  await till.sayPrinting(till.platform.call("shift.print_z", { shift_id }));
}
