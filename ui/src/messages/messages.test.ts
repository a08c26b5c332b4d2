import { expect, it } from "vitest";
import { t, template } from ".";
import { refusalText } from "../state/toasts.svelte";

it("a message is filled in", () => {
  expect(t("toast.unknown_code", { code: "4711" })).toContain("4711");
  expect(template("pay.of", undefined)).toBe("of {total}");
});

it("one line is a line, and more are lines", () => {
  expect(t("cart.lines", { n: 1 })).toBe("1 line");
  expect(t("cart.lines", { n: 0 })).toBe("0 lines");
  expect(t("cart.lines", { n: 12 })).toBe("12 lines");
});

it("a name with braces is shown as it is", () => {
  expect(t("undo.added", { name: "{name} {x}" })).toBe("{name} {x} added");
});

it("a refusal without a text of ours speaks in the register's words", () => {
  expect(refusalText({ code: "no_shift", message: "x", about: "" })).toContain("Open one");
  expect(refusalText({ code: "brand_new", message: "Paper is out.", about: "" })).toBe(
    "Paper is out.",
  );
});
