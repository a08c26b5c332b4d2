// The listener in a page: what a scan may and may not do to fields and keys.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenToKeyboard, type Keyboard } from "./keyboard";

const EAN = "4006381333931";
let keyboard: Keyboard;
let scans: string[];
let field: HTMLInputElement;
let button: HTMLButtonElement;
let pressed: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  document.body.innerHTML = `<input><button>Pay</button>`;
  field = document.querySelector("input") as HTMLInputElement;
  button = document.querySelector("button") as HTMLButtonElement;
  pressed = 0;
  scans = [];
  keyboard = listenToKeyboard(window, (code) => scans.push(code));
});
afterEach(() => {
  keyboard.stop();
  vi.useRealTimers();
});

/** Presses a key as a browser does: what nobody prevents goes into the field, or presses. */
function press(key: string, init: KeyboardEventInit = {}): void {
  const target = document.activeElement ?? document.body;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, "timeStamp", { value: performance.now() });
  target.dispatchEvent(event);
  if (event.defaultPrevented) return;
  if (target === field && key.length === 1) {
    field.setRangeText(key, field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  if (target === button && key === "Enter") pressed += 1;
}

function type(text: string, gap: number): void {
  for (const key of text) {
    press(key);
    vi.advanceTimersByTime(gap);
  }
}

describe("a scan into a page", () => {
  it("leaves the focused field as it was, with what was typed before", () => {
    field.focus();
    type("oat", 120);
    type(EAN, 5);
    press("Enter");
    expect(scans).toEqual([EAN]);
    expect(field.value).toBe("oat");
  });

  it("puts a selected text back that its first character replaced", () => {
    field.value = "milk";
    field.focus();
    field.setSelectionRange(0, 4);
    type(EAN, 5);
    press("Enter");
    expect(field.value).toBe("milk");
  });

  it("never presses the focused key", () => {
    button.focus();
    type(EAN, 5);
    press("Enter");
    press("Enter");
    expect(scans).toEqual([EAN]);
    expect(pressed).toBe(0);
    vi.advanceTimersByTime(300);
    press("Enter");
    expect(pressed).toBe(1);
  });

  it("is no business of the hotkeys, even if its first keys were taken for typing", () => {
    const typed: string[] = [];
    keyboard.onTyped((key) => {
      typed.push(key);
      return () => void typed.pop();
    });
    button.focus();
    const start = performance.now();
    const late = (key: string, at: number) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: start + at });
      button.dispatchEvent(event);
    };
    late("4", 0);
    late("0", 5);
    vi.advanceTimersByTime(400);
    expect(typed).toEqual(["4", "0"]);
    [...EAN.slice(2)].forEach((key, index) => late(key, 10 + index * 5));
    late("Enter", 80);
    expect(scans).toEqual([EAN]);
    expect(typed).toEqual([]);
  });
});

describe("a person at a page", () => {
  it("types into a field what they type, also when two keys roll", () => {
    field.focus();
    type("so", 120);
    press("u");
    vi.advanceTimersByTime(12);
    press("r");
    vi.advanceTimersByTime(500);
    expect(field.value).toBe("sour");
    expect(scans).toEqual([]);
  });

  it("reaches the last handler that asked, outside of a field", () => {
    const got: string[] = [];
    keyboard.onTyped((key) => got.push(`below ${key}`) > 0);
    const stop = keyboard.onTyped((key) => got.push(`above ${key}`) > 0);
    button.focus();
    press("+");
    vi.advanceTimersByTime(200);
    stop();
    press("-");
    vi.advanceTimersByTime(200);
    expect(got).toEqual(["above +", "below -"]);
  });

  it("a tap finds every digit that was keyed in before it", () => {
    let entry = "";
    keyboard.onTyped((key) => {
      entry += key;
      return true;
    });
    type("30", 120);
    press("0");
    window.dispatchEvent(new Event("pointerdown"));
    expect(entry).toBe("300");
  });

  it("a tap into the beginning of a scan does not break it", () => {
    let entry = "";
    keyboard.onTyped((key) => {
      entry += key;
      return () => (entry = entry.slice(0, -1));
    });
    type(EAN.slice(0, 2), 5);
    window.dispatchEvent(new Event("pointerdown"));
    type(EAN.slice(2), 5);
    press("Enter");
    expect(scans).toEqual([EAN]);
    expect(entry).toBe("");
  });

  it("holding a key down is no scan", () => {
    field.focus();
    press("a");
    for (let index = 0; index < 30; index += 1) {
      vi.advanceTimersByTime(30);
      press("a", { repeat: true });
    }
    vi.advanceTimersByTime(500);
    expect(scans).toEqual([]);
    expect(field.value).toBe("a".repeat(31));
  });

  it("presses a key with the space bar", () => {
    button.focus();
    const event = new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true });
    button.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });
});
