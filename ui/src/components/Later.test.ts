import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import type { Component } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import Note from "./Note.svelte";
import Later from "./Later.svelte";
import { fetchScreen, keptScreen } from "../state/later";

afterEach(() => cleanup());

/** Any component that shows something without being told anything. */
const shown = ((...args: Parameters<typeof Note>) => {
  const [anchor] = args;
  return Note(anchor, { title: "Here it is", text: "" });
}) as unknown as Component;

it("says that a screen is coming, then shows it and has its heading read", async () => {
  let arrive: (screen: Component) => void = () => {};
  const fetch = () => new Promise<Component>((resolve) => (arrive = resolve));
  const onshown = vi.fn();
  render(Later, { props: { screen: "prices", fetch, onshown } });
  expect(screen.getByRole("status").textContent).toBe("Fetching this screen");
  expect(onshown).not.toHaveBeenCalled();
  arrive(shown);
  await screen.findByText("Here it is");
  await vi.waitFor(() => expect(onshown).toHaveBeenCalledOnce());
  expect(screen.queryByRole("status")).toBeNull();
});

it("says what to do when a screen cannot be fetched, and shows it once it can", async () => {
  let connected = false;
  const fetch = () =>
    connected ? Promise.resolve(shown) : Promise.reject(new TypeError("Failed to fetch"));
  const onshown = vi.fn();
  render(Later, { props: { screen: "prices", fetch, onshown } });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("This screen did not arrive");
  expect(screen.getByRole("button", { name: "Load the page anew" })).toBeTruthy();
  expect(onshown).not.toHaveBeenCalled();
  connected = true;
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("Here it is");
  expect(screen.queryByRole("alert")).toBeNull();
});

it("fetches a screen once, and one that failed again", async () => {
  const lost = () => Promise.reject(new TypeError("Failed to fetch"));
  await expect(fetchScreen("orders", lost)).rejects.toThrow("Failed to fetch");
  expect(keptScreen("orders")).toBeNull();
  expect(await fetchScreen("orders", () => Promise.resolve({ default: shown }))).toBe(shown);
  expect(keptScreen("orders")).toBe(shown);
  expect(await fetchScreen("orders", lost)).toBe(shown);
});
