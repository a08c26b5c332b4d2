import { expect, it } from "vitest";
import { matching } from "./palette";
import { Actions, keyName, type Action } from "../state/actions";

const ran: string[] = [];
const actions: Action[] = [
  { title: "Park this cart", keys: ["F8"], run: () => ran.push("park") },
  { title: "Show parked carts", keys: ["F9"], run: () => ran.push("parked") },
  { title: "Remove the selected line", keys: ["Delete"], run: () => ran.push("remove") },
  { title: "Undo the last change", keys: ["Ctrl+Z"], run: () => ran.push("undo") },
];

it("the palette finds an action by the beginnings of its words, in any order", () => {
  const titles = (text: string) => matching(actions, text).map((action) => action.title);
  expect(titles("")).toHaveLength(4);
  expect(titles("park")).toEqual(["Park this cart", "Show parked carts"]);
  expect(titles("CART pa")).toEqual(["Park this cart", "Show parked carts"]);
  expect(titles("line rem")).toEqual(["Remove the selected line"]);
  expect(titles("arted")).toEqual([]);
});

it("a key in a text field edits the text, but F keys and letters with Ctrl still act", () => {
  const list = new Actions();
  Object.defineProperty(list, "available", { value: actions });
  ran.length = 0;
  expect(list.press("Delete", true)).toBe(false);
  expect(list.press("Delete", false)).toBe(true);
  expect(list.press("F8", true)).toBe(true);
  expect(list.press("F5", false)).toBe(false);
  expect(ran).toEqual(["remove", "park"]);
});

it("Ctrl+Z in a text field is the field's own undo", () => {
  const list = new Actions();
  Object.defineProperty(list, "available", { value: actions });
  expect(list.press("Ctrl+Z", true)).toBe(false);
});

it("a key is named as the palette shows it", () => {
  const name = (key: string, init: KeyboardEventInit = {}) =>
    keyName(new KeyboardEvent("keydown", { key, ...init }));
  expect(name("k", { ctrlKey: true })).toBe("Ctrl+K");
  expect(name("k", { metaKey: true })).toBe("Ctrl+K");
  expect(name("Delete", { shiftKey: true })).toBe("Shift+Delete");
  expect(name("+", { shiftKey: true })).toBe("+");
  expect(name("F12")).toBe("F12");
});
