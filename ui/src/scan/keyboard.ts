// The one listener of the keyboard: it lets the wedge reducer see every key first, keeps the keys
// of a scan from the page, and hands what a person types outside of a field to whoever asked last.

import {
  SCAN_GAP_MS,
  SCAN_LENGTH_MIN,
  waitAfter,
  wedge,
  WEDGE_START,
  type WedgeInput,
  type WedgeStep,
} from "./wedge";

/**
 * Handles a key typed outside of a field: one character, or `Backspace`. Says whether it was used;
 * if so, it may say how to take that back, for a character that turns out to be part of a scan.
 */
export type TypedHandler = (key: string) => boolean | (() => void);

export interface Keyboard {
  /** Asks for typed keys; the last to ask is the first to get them. Returns the way to stop. */
  onTyped(handler: TypedHandler): () => void;
  stop(): void;
}

type TextField = HTMLInputElement | HTMLTextAreaElement;

interface Snapshot {
  field: TextField;
  value: string;
  start: number;
  end: number;
}

/** How long a key may be under way to the page on a slow machine; still too short to be felt. */
const ON_THE_WAY_MS = 40;
/** The same once it looks like a scan: only scanners that send no Enter wait for it. */
const SCAN_ON_THE_WAY_MS = 160;
/** A timer later than this was held up, and keys may be waiting behind it. */
const LATE_MS = 12;
const SILENT_KEYS = new Set([
  "Shift",
  "CapsLock",
  "NumLock",
  "AltGraph",
  "Control",
  "Alt",
  "Meta",
  "Fn",
]);
const TEXT_TYPES = new Set(["text", "search", "url", "tel", "email", "password", ""]);

/** Listens to a window; scanned codes go to `onScan`. */
export function listenToKeyboard(target: Window, onScan: (code: string) => void): Keyboard {
  const handlers: TypedHandler[] = [];
  let state = WEDGE_START;
  let before: Snapshot | null = null;
  /** Take back what the characters of the burst did, the first one first. */
  let effects: (() => void)[] = [];
  let timer = 0;

  function typed(text: string): void {
    if (before && document.activeElement === before.field) insertText(before.field, text);
    else for (const char of text) deliver(char);
  }

  function deliver(key: string): boolean {
    for (let index = handlers.length - 1; index >= 0; index -= 1) {
      const used = handlers[index]?.(key);
      if (typeof used === "function") effects.push(used);
      if (used) return true;
    }
    return false;
  }

  function take(input: WedgeInput): WedgeStep {
    const step = wedge(state, input);
    state = step.state;
    if (step.scan) {
      if (step.scan.undo > 0) takeBack();
      before = null;
      onScan(step.scan.code);
    }
    if (step.typed) typed(step.typed);
    return step;
  }

  /**
   * Silence counts from when the last key was handled here, not from when it was pressed: on a busy
   * page the rest of a scan may still stand in the queue.
   */
  function takeBack(): void {
    if (before) restore(before);
    for (const effect of effects.reverse()) effect();
    effects = [];
  }

  function arm(): void {
    target.clearTimeout(timer);
    const wait = waitAfter(state);
    if (wait === null) return;
    const handled = performance.now();
    const likely = state.burst.length >= SCAN_LENGTH_MIN;
    const patience = wait + (likely ? SCAN_ON_THE_WAY_MS : ON_THE_WAY_MS);
    timer = target.setTimeout(() => check(handled, handled + patience, false), patience);
  }

  function check(handled: number, due: number, again: boolean): void {
    const now = performance.now();
    if (!again && now > due + LATE_MS) {
      // The timer itself was held up: let waiting keys come in first, once.
      timer = target.setTimeout(() => check(handled, now, true), SCAN_GAP_MS);
      return;
    }
    take({ kind: "idle", at: state.lastAt + now - handled });
    arm();
  }

  function onKeydown(event: KeyboardEvent): void {
    if (SILENT_KEYS.has(event.key)) return;
    const at = event.timeStamp;
    const field = textField(event.target);
    const input = inputOf(event, field !== null, state.burst !== "");
    const step = take({ ...input, at });
    if (input.kind === "char" && state.burst.length === 1) {
      before = field ? snapshot(field) : null;
      effects = [];
    }
    if (state.burst === "") before = null;
    let hold = step.hold;
    if (!hold && !field && isTyped(event)) hold = deliver(event.key);
    if (hold) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    arm();
  }

  function onFocus(): void {
    if (before && document.activeElement !== before.field) {
      take({ kind: "other", at: performance.now() });
    }
  }

  /**
   * A tap finds what was keyed in before it: on a busy machine it could otherwise overtake the last
   * digit of an amount. What looks like a scan goes on; so does one whose first keys these were.
   */
  function onPointerdown(): void {
    if (state.burst.length >= SCAN_LENGTH_MIN) return;
    take({ kind: "idle", at: state.lastAt + SCAN_GAP_MS + 1 });
  }

  target.addEventListener("keydown", onKeydown, { capture: true });
  target.addEventListener("pointerdown", onPointerdown, { capture: true });
  target.addEventListener("focusin", onFocus, { capture: true });
  return {
    onTyped(handler) {
      handlers.push(handler);
      return () => void handlers.splice(handlers.indexOf(handler), 1);
    },
    stop() {
      target.clearTimeout(timer);
      target.removeEventListener("keydown", onKeydown, { capture: true });
      target.removeEventListener("pointerdown", onPointerdown, { capture: true });
      target.removeEventListener("focusin", onFocus, { capture: true });
    },
  };
}

type Kind =
  | { kind: "char"; char: string; field: boolean }
  | { kind: "end" }
  | { kind: "other" };

function inputOf(event: KeyboardEvent, field: boolean, open: boolean): Kind {
  const altGraph = event.getModifierState("AltGraph");
  const command = (event.ctrlKey || event.metaKey || event.altKey) && !altGraph;
  if (event.isComposing || command || event.repeat) return { kind: "other" };
  if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) return { kind: "end" };
  // A space outside of a field presses what has the focus; inside a code it is a character.
  if ([...event.key].length !== 1 || (event.key === " " && !field && !open)) {
    return { kind: "other" };
  }
  return { kind: "char", char: event.key, field };
}

/** Keys that the reducer lets through although they are typed: a held one's repeat, Backspace. */
function isTyped(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (event.key === "Backspace") return true;
  return event.repeat && event.key !== " " && [...event.key].length === 1;
}

/** The text field that an event goes to; null for anything that does not take text. */
export function textField(target: EventTarget | null): TextField | null {
  if (target instanceof HTMLTextAreaElement) {
    return target.readOnly || target.disabled ? null : target;
  }
  if (target instanceof HTMLInputElement && TEXT_TYPES.has(target.type)) {
    return target.readOnly || target.disabled ? null : target;
  }
  return null;
}

function snapshot(field: TextField): Snapshot {
  const end = field.value.length;
  return {
    field,
    value: field.value,
    start: field.selectionStart ?? end,
    end: field.selectionEnd ?? end,
  };
}

function restore({ field, value, start, end }: Snapshot): void {
  if (field.value === value) return;
  field.value = value;
  field.setSelectionRange(start, end);
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "historyUndo" }));
}

/** Types text into a field as if by hand. */
export function insertText(field: TextField, text: string): void {
  const room = field.maxLength >= 0 ? field.maxLength - field.value.length : text.length;
  const fits = text.slice(0, Math.max(0, room));
  if (fits === "") return;
  const end = field.value.length;
  field.setRangeText(fits, field.selectionStart ?? end, field.selectionEnd ?? end, "end");
  const detail = { bubbles: true, inputType: "insertText", data: fits };
  field.dispatchEvent(new InputEvent("input", detail));
}
