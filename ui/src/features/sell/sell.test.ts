import { expect, it } from "vitest";
import { looksLikeCode } from "./code";
import { WINDOW_FROM, windowOf } from "./window";

it("text off a label is a code, words are not", () => {
  for (const code of ["4006381333931", "C-128-774", "20000015", "ABC.123"]) {
    expect(looksLikeCode(code), code).toBe(true);
  }
  for (const text of ["oat milk", "milk", "12", "latte 200", ""]) {
    expect(looksLikeCode(text), text).toBe(false);
  }
});

it("a short cart is on the page as a whole", () => {
  expect(windowOf(WINDOW_FROM, 0, 500, 56)).toEqual({ from: 0, to: WINDOW_FROM });
});

it("a long cart keeps what is near to what is seen, never beyond its ends", () => {
  expect(windowOf(300, 0, 560, 56)).toEqual({ from: 0, to: 22 });
  expect(windowOf(300, 56 * 100, 560, 56)).toEqual({ from: 88, to: 122 });
  expect(windowOf(300, 56 * 500, 560, 56)).toEqual({ from: 300, to: 300 });
});
