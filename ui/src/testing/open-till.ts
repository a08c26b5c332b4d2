// The whole page over the register in memory, for tests of its screens.

import { render, screen, waitFor, within } from "@testing-library/svelte";
import App from "../App.svelte";
import { Till } from "../state/till.svelte";
import type { FakeRegister } from "./fake-register";

export async function openTill(fake: FakeRegister): Promise<Till> {
  const till = new Till(fake);
  render(App, { props: { till } });
  await waitFor(() => {
    if (!till.register.known || till.cart.view === null) throw new Error("still starting");
  });
  return till;
}

/** The sheet with a title, once it is open. */
export async function sheet(name: string | RegExp) {
  return within(await screen.findByRole("dialog", { name }));
}

/** Types into a field as a person does. */
export function type(field: HTMLElement, text: string): void {
  if (!(field instanceof HTMLInputElement)) throw new Error("no field to type into");
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

export function press(key: string, more: KeyboardEventInit = {}): void {
  window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
}
