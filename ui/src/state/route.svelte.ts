// Where we are, in the address after the #.

import { CUSTOMER_PAGE } from "../platform/types";

const SCREENS = [
  "sell",
  "pay",
  "orders",
  "customers",
  "shift",
  "prices",
  "channels",
  "devices",
  "apps",
  "settings",
] as const;

export type Screen = (typeof SCREENS)[number];

/** True on the page that faces the customer, which is no screen of the till. */
export function facesCustomer(): boolean {
  return location.hash === CUSTOMER_PAGE;
}

export class Route {
  screen = $state<Screen>("sell");
  /** What follows the screen: the id of an order, or `cart` for the cart of a phone. */
  rest = $state<string | null>(null);

  constructor() {
    this.#read();
    window.addEventListener("hashchange", () => this.#read());
  }

  go(screen: Screen, rest: string | null = null): void {
    const hash = this.href(screen, rest);
    if (location.hash !== hash) location.hash = hash;
    this.#read();
  }

  /** Like `go`, but Back skips where we were. */
  replace(screen: Screen, rest: string | null = null): void {
    history.replaceState(null, "", this.href(screen, rest));
    this.#read();
  }

  href(screen: Screen, rest: string | null = null): string {
    return `#/${screen}${rest === null ? "" : `/${encodeURIComponent(rest)}`}`;
  }

  #read(): void {
    const [, name, rest] = location.hash.split("/");
    this.screen = SCREENS.find((screen) => screen === name) ?? "sell";
    this.rest = rest ? decode(rest) : null;
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
