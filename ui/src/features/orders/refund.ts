// What of a sale comes back, as it is chosen: never more than is left.

import type { ReturnableLine } from "../../bindings/api";
import type { Back } from "../../state/cart.svelte";
import { isMeasured, ONE } from "../../text/quantity";

/** How much of each line comes back, in thousandths, by the line's id. */
export type Chosen = Readonly<Record<string, number>>;

export function all(lines: readonly ReturnableLine[]): Chosen {
  return Object.fromEntries(lines.map((line) => [line.line_id, line.left]));
}

/** One more or one less of a line; what is weighed comes back whole or not at all. */
export function step(chosen: Chosen, line: ReturnableLine, by: 1 | -1): Chosen {
  const now = chosen[line.line_id] ?? 0;
  const next = isMeasured(line.unit) ? (by > 0 ? line.left : 0) : now + by * ONE;
  return { ...chosen, [line.line_id]: Math.min(Math.max(next, 0), line.left) };
}

/** What is asked of the register: only lines of which something comes back. */
export function backs(lines: readonly ReturnableLine[], chosen: Chosen): Back[] {
  return lines
    .map(({ line_id }) => ({ line_id, quantity: chosen[line_id] ?? 0 }))
    .filter(({ quantity }) => quantity > 0);
}
