import type { ShiftReport } from "../../bindings/api";

/** How the last shift of this session ended; shown until the next one is open. */
class LastShift {
  report = $state.raw<ShiftReport | null>(null);
}

export const lastShift = new LastShift();
