import { describe, expect, it } from "vitest";
import { SCAN_GAP_MS, SCAN_IDLE_MS, wedge, WEDGE_START, waitAfter, type WedgeInput } from "./wedge";

const EAN = "4006381333931";

interface Outcome {
  scans: string[];
  /** What stands in the focused field, or reached the page's hotkeys. */
  page: string;
  enters: number;
}

/** Plays inputs the way the keyboard listener does, with its timer. */
function play(inputs: WedgeInput[]): Outcome {
  const outcome: Outcome = { scans: [], page: "", enters: 0 };
  let state = WEDGE_START;
  const take = (input: WedgeInput) => {
    const step = wedge(state, input);
    state = step.state;
    if (step.scan) {
      outcome.page = outcome.page.slice(0, outcome.page.length - step.scan.undo);
      outcome.scans.push(step.scan.code);
    }
    outcome.page += step.typed;
    if (!step.hold && input.kind === "char") outcome.page += input.char;
    if (!step.hold && input.kind === "end") outcome.enters += 1;
  };
  for (const input of [...inputs, { kind: "idle", at: Infinity } as const]) {
    const wait = waitAfter(state);
    if (wait !== null && input.at > state.lastAt + wait) {
      take({ kind: "idle", at: state.lastAt + wait });
    }
    if (input.at !== Infinity) take(input);
  }
  return outcome;
}

function keys(text: string, gap: number, start = 0, field = true): WedgeInput[] {
  return [...text].map((char, index) => ({ kind: "char", char, at: start + index * gap, field }));
}

function enter(at: number): WedgeInput {
  return { kind: "end", at };
}

describe("a scan", () => {
  it.each([1, 5, 10, 20, 30, SCAN_GAP_MS])("is known at %i ms a character", (gap) => {
    const scan = play([...keys(EAN, gap), enter(EAN.length * gap)]);
    expect(scan).toEqual({ scans: [EAN], page: "", enters: 0 });
  });

  it("is known when no field has the focus, and no hotkey sees it", () => {
    const scan = play([...keys("C-128-77", 5, 0, false), enter(45)]);
    expect(scan).toEqual({ scans: ["C-128-77"], page: "", enters: 0 });
  });

  it("without Enter ends when it falls silent", () => {
    expect(play(keys(EAN, 30))).toEqual({ scans: [EAN], page: "", enters: 0 });
  });

  it("never presses the focused button with a second or a late Enter", () => {
    const end = (EAN.length - 1) * 5;
    const twice = play([...keys(EAN, 5, 0, false), enter(end + 5), enter(end + 6)]);
    expect(twice).toEqual({ scans: [EAN], page: "", enters: 0 });
    const late = play([...keys(EAN, 5, 0, false), enter(end + 120)]);
    expect(late).toEqual({ scans: [EAN], page: "", enters: 0 });
  });

  it("of two codes right after one another gives two codes", () => {
    const end = EAN.length * 5;
    const two = play([
      ...keys(EAN, 5),
      enter(end),
      ...keys("12345670", 5, end + 5),
      enter(end + 45),
    ]);
    expect(two).toEqual({ scans: [EAN, "12345670"], page: "", enters: 0 });
  });

  it("of two codes without Enter needs only the silence between them", () => {
    const two = play([...keys("1111", 10), ...keys("2222", 10, 30 + SCAN_IDLE_MS + 1)]);
    expect(two.scans).toEqual(["1111", "2222"]);
  });

  it("whose rest came late to a busy page is whole, and nothing of it stays behind", () => {
    let state = WEDGE_START;
    const take = (input: WedgeInput) => {
      const step = wedge(state, input);
      state = step.state;
      return step;
    };
    const [first, second, ...rest] = keys(EAN, 5, 0, false) as [WedgeInput, ...WedgeInput[]];
    take(first);
    take(second as WedgeInput);
    // Silence as far as the page can tell; the two go to the page.
    expect(take({ kind: "idle", at: 200 }).typed).toBe("40");
    for (const key of rest) expect(take(key).hold).toBe(true);
    expect(take(enter(EAN.length * 5)).scan).toEqual({ code: EAN, undo: 2 });
  });

  it("in the middle of typing leaves what was typed", () => {
    const start = 3 * 120 + 200;
    const mixed = play([
      ...keys("oat", 120),
      ...keys(EAN, 5, start),
      enter(start + EAN.length * 5),
      ...keys("mi", 120, start + 1000),
    ]);
    expect(mixed).toEqual({ scans: [EAN], page: "oatmi", enters: 0 });
  });
});

describe("a person", () => {
  it.each([45, 60, 90, 150])("typing at %i ms a key is never taken for a scanner", (gap) => {
    const typed = play([...keys("whole milk 1 l", gap), enter(14 * gap)]);
    expect(typed).toEqual({ scans: [], page: "whole milk 1 l", enters: 1 });
  });

  it("typing a code by hand keeps it in the field, and Enter works", () => {
    const typed = play([...keys(EAN, 80), enter(EAN.length * 80)]);
    expect(typed).toEqual({ scans: [], page: EAN, enters: 1 });
  });

  it("rolling over three keys loses none of them, in order", () => {
    const rolled = play([...keys("the", 12), ...keys(" loaf", 90, 200), enter(900)]);
    expect(rolled).toEqual({ scans: [], page: "the loaf", enters: 1 });
  });

  it("gets the first character at once in a field, and a hotkey after a moment elsewhere", () => {
    expect(wedge(WEDGE_START, { kind: "char", char: "o", at: 0, field: true }).hold).toBe(false);
    expect(wedge(WEDGE_START, { kind: "char", char: "/", at: 0, field: false }).hold).toBe(true);
    expect(play(keys("/", 1, 0, false)).page).toBe("/");
  });

  it("pressing an arrow between two fast keys gets both", () => {
    const step = wedge(WEDGE_START, { kind: "char", char: "a", at: 0, field: true });
    const held = wedge(step.state, { kind: "char", char: "b", at: 10, field: true });
    expect(wedge(held.state, { kind: "other", at: 12 }).typed).toBe("b");
  });
});
