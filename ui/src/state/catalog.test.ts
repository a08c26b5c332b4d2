import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Search } from "../bindings/api";
import { FakeRegister } from "../testing/fake-register";
import { Catalog, SEARCH_TEXT_MAX, SEARCH_WAIT_MS } from "./catalog.svelte";

let fake: FakeRegister;
let catalog: Catalog;

beforeEach(async () => {
  vi.useFakeTimers();
  fake = new FakeRegister();
  catalog = new Catalog(fake, (error) => {
    throw error;
  });
  await catalog.begin();
});
afterEach(() => vi.useRealTimers());

const typed = async (text: string) => {
  catalog.type(text);
  await vi.advanceTimersByTimeAsync(SEARCH_WAIT_MS);
};

it("typing fast asks once, when it rests", async () => {
  for (const text of ["o", "oa", "oat"]) catalog.type(text);
  await vi.advanceTimersByTimeAsync(SEARCH_WAIT_MS);
  expect(fake.count("catalog.search")).toBe(1);
  expect(catalog.tiles.map((tile) => tile.name)).toEqual(["Oat milk 1 l"]);
  expect(catalog.found).toBe("oat");
});

it("an answer that was overtaken by a later question is thrown away", async () => {
  const waiting: (() => void)[] = [];
  fake.before = (name, request) =>
    name === "catalog.search" && (request as Search).text === "s"
      ? new Promise<void>((resolve) => waiting.push(resolve))
      : undefined;
  await typed("s");
  await typed("sour");
  expect(catalog.found).toBe("sour");
  waiting[0]?.();
  await vi.advanceTimersByTimeAsync(1);
  expect(catalog.found).toBe("sour");
  expect(catalog.tiles.map((tile) => tile.name)).toEqual(["Sourdough loaf"]);
});

it("clearing the search shows the category again", async () => {
  await typed("oat");
  catalog.clearSearch();
  await vi.advanceTimersByTimeAsync(1);
  expect(catalog.found).toBeNull();
  expect(catalog.tiles).toHaveLength(5);
});

it("Enter right after typing waits for the answer to what was typed", async () => {
  catalog.type("cake");
  await catalog.settle();
  expect(catalog.tiles.map((tile) => tile.name)).toEqual(["Carrot cake"]);
});

it("a search has a limit", () => {
  catalog.type("x".repeat(500));
  expect(catalog.text).toHaveLength(SEARCH_TEXT_MAX);
});
