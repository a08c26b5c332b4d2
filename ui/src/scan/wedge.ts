// Tells a keyboard-wedge scanner from a person by timing alone. Pure: keys and times in, what to do
// out. A scanner sends a code as fast keys and mostly ends it with Enter or Tab; a person leaves
// more time between two keys.

/** Longest time between two characters of a scan. People who type fast leave 45 ms and more. */
export const SCAN_GAP_MS = 35;
/** A burst that falls silent for this long is over, with or without Enter. */
export const SCAN_IDLE_MS = 60;
/** Fewer characters than this are never a scan: two fingers can roll over three keys. */
export const SCAN_LENGTH_MIN = 4;
/** More than any code on goods; a stuck key ends here. */
export const SCAN_LENGTH_MAX = 512;
/** After a scan, an Enter or Tab within this time belongs to it (CR and LF, or a late Enter). */
export const SCAN_ECHO_MS = 250;

export interface WedgeState {
  /** Characters that came fast after one another. */
  readonly burst: string;
  /**
   * How many of them the page has got: the first one in a text field, so that typing is never
   * delayed; all of them once they were taken for typing.
   */
  readonly shown: number;
  /** When the last of them was pressed, ms. */
  readonly lastAt: number;
  /** When the last scan ended, ms. */
  readonly scannedAt: number;
}

export type WedgeInput =
  /** A printable character; `field` when the focus is where text is typed. */
  | { readonly kind: "char"; readonly char: string; readonly at: number; readonly field: boolean }
  /** Enter or Tab. */
  | { readonly kind: "end"; readonly at: number }
  /** Any other key, a held key's repeat, or the focus went elsewhere. */
  | { readonly kind: "other"; readonly at: number }
  /** Time has passed. */
  | { readonly kind: "idle"; readonly at: number };

export interface WedgeStep {
  readonly state: WedgeState;
  /** A whole code came in; the page has `undo` of its characters and must lose them again. */
  readonly scan: { readonly code: string; readonly undo: number } | null;
  /** Characters held back that turned out to be typed by hand: give them to the page now. */
  readonly typed: string;
  /** Keep the key of this very input from the page. */
  readonly hold: boolean;
}

export const WEDGE_START: WedgeState = {
  burst: "",
  shown: 0,
  lastAt: Number.NEGATIVE_INFINITY,
  scannedAt: Number.NEGATIVE_INFINITY,
};

/** What to do about one input. */
export function wedge(state: WedgeState, input: WedgeInput): WedgeStep {
  const gap = input.at - state.lastAt;
  switch (input.kind) {
    case "char": {
      // Also when the burst was taken for typing meanwhile: a busy page may get keys late, but the
      // times at which they were pressed tell.
      const goesOn = state.burst !== "" && gap >= 0 && gap <= SCAN_GAP_MS;
      if (goesOn && state.burst.length < SCAN_LENGTH_MAX) {
        const next = { ...state, burst: state.burst + input.char, lastAt: input.at };
        return { state: next, scan: null, typed: "", hold: true };
      }
      const before = settle(state, gap);
      const shown = input.field ? 1 : 0;
      const next = { ...before.state, burst: input.char, shown, lastAt: input.at };
      return { ...before, state: next, hold: shown === 0 };
    }
    case "end": {
      if (isOpen(state) && state.burst.length >= SCAN_LENGTH_MIN && gap <= SCAN_IDLE_MS) {
        return { ...scanned(state, input.at), hold: true };
      }
      const before = forget(settle(state, gap));
      const echo = input.at - before.state.scannedAt <= SCAN_ECHO_MS;
      return { ...before, hold: echo };
    }
    case "other":
      return forget(settle(state, gap));
    case "idle": {
      const wait = waitAfter(state);
      if (wait === null || gap < wait) return { state, scan: null, typed: "", hold: false };
      return settle(state, gap);
    }
  }
}

/** Milliseconds after the last character at which silence decides; null when nothing is open. */
export function waitAfter(state: WedgeState): number | null {
  if (!isOpen(state)) return null;
  return state.burst.length >= SCAN_LENGTH_MIN ? SCAN_IDLE_MS : SCAN_GAP_MS + 1;
}

/** True while nobody knows yet whether the burst is a scan. */
function isOpen({ burst, shown }: WedgeState): boolean {
  return burst.length > shown;
}

/** Ends a burst without Enter: a scan if it was long enough and has fallen silent. */
function settle(state: WedgeState, gap: number): WedgeStep {
  if (isOpen(state) && state.burst.length >= SCAN_LENGTH_MIN && gap >= SCAN_IDLE_MS) {
    return scanned(state, state.lastAt + SCAN_IDLE_MS);
  }
  const typed = state.burst.slice(state.shown);
  const next = { ...state, shown: state.burst.length };
  return { state: next, scan: null, typed, hold: false };
}

/** Nothing that comes later belongs to the burst. */
function forget(step: WedgeStep): WedgeStep {
  return { ...step, state: { ...step.state, burst: "", shown: 0 } };
}

function scanned(state: WedgeState, at: number): WedgeStep {
  return {
    state: { ...state, burst: "", shown: 0, scannedAt: at },
    scan: { code: state.burst, undo: state.shown },
    typed: "",
    hold: false,
  };
}
