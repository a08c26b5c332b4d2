// Which rows of a long list are worth having on the page.

/** From so many lines on, only those near what is seen are on the page. */
export const WINDOW_FROM = 60;
/** Rows kept above and below what is seen. */
const SPARE = 12;

export interface Slice {
  readonly from: number;
  /** The first row that is left out again. */
  readonly to: number;
}

/** The rows to keep: `top` and `height` of what is seen and `row`, all in px. */
export function windowOf(count: number, top: number, height: number, row: number): Slice {
  if (count <= WINDOW_FROM) return { from: 0, to: count };
  const first = Math.floor(top / row) - SPARE;
  const last = Math.ceil((top + height) / row) + SPARE;
  const from = Math.min(Math.max(first, 0), count);
  return { from, to: Math.min(Math.max(last, from), count) };
}
