import type { ShiftClosed } from "../../bindings/api";

/** How the last shift of this session ended; shown until the next one is open. */
class LastShift {
  result = $state.raw<ShiftClosed | null>(null);
}

export const lastShift = new LastShift();
