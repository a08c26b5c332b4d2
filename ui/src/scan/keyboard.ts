// The one listener of the keyboard: it lets the wedge reducer see every key first, keeps the keys
// of a scan from the page, and hands what a person types outside of a field to whoever asked last.

import { SCAN_GAP_MS, waitAfter, wedge, WEDGE_START, type WedgeInput, type WedgeStep } from "./wedge";

/** Handles a key typed outside of a field: one character, or `Backspace`. True if it was used. */
export type TypedHandler = (key: string) => boolean;

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

/** Later than this the timer was held up, and keys may be waiting behind it. */
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
  let timer = 0;

  function typed(text: string): void {
    if (before && document.activeElement === before.field) insertText(before.field, text);
    else for (const char of text) deliver(char);
  }

  function deliver(key: string): boolean {
    for (let index = handlers.length - 1; index >= 0; index -= 1) {
      if (handlers[index]?.(key)) return true;
    }
    return false;
  }

  function take(input: WedgeInput): WedgeStep {
    const step = wedge(state, input);
    state = step.state;
    if (step.scan) {
      if (step.scan.undo && before) restore(before);
      before = null;
      onScan(step.scan.code);
    }
    if (step.typed) typed(step.typed);
    return step;
  }

  function arm(): void {
    target.clearTimeout(timer);
    const wait = waitAfter(state);
    if (wait === null) return;
    const due = state.lastAt + wait;
    timer = target.setTimeout(() => check(due, false), Math.max(0, due - performance.now() + 2));
  }

  function check(due: number, again: boolean): void {
    const now = performance.now();
    // A busy page runs timers late, and the next keys of a scan may stand in the queue: let them
    // come in first, once.
    if (!again && now > due + LATE_MS) {
      timer = target.setTimeout(() => check(now, true), SCAN_GAP_MS);
      return;
    }
    take({ kind: "idle", at: now });
    arm();
  }

  function onKeydown(event: KeyboardEvent): void {
    if (SILENT_KEYS.has(event.key)) return;
    const at = event.timeStamp;
    const field = textField(event.target);
    const input = inputOf(event, field !== null, state.burst !== "");
    const waiting = before;
    const step = take({ ...input, at });
    if (input.kind === "char" && !step.hold) before = field ? snapshot(field) : null;
    if (input.kind === "char" && step.hold && step.state.burst.length === 1) before = null;
    if (waiting && state.burst === "") before = null;
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

  target.addEventListener("keydown", onKeydown, { capture: true });
  target.addEventListener("focusin", onFocus, { capture: true });
  return {
    onTyped(handler) {
      handlers.push(handler);
      return () => void handlers.splice(handlers.indexOf(handler), 1);
    },
    stop() {
      target.clearTimeout(timer);
      target.removeEventListener("keydown", onKeydown, { capture: true });
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
