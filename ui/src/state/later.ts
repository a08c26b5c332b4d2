// Screens that are not needed to sell: each is fetched when it is first gone to, and kept.

import type { Component } from "svelte";
import type { Screen } from "./route.svelte";

/** All but those that come with the page itself, because nothing is sold without them. */
export type LaterScreen = Exclude<Screen, "sell" | "pay">;
type Fetched = { default: Component };

const FETCH: Record<LaterScreen, () => Promise<Fetched>> = {
  orders: () => import("../features/orders/Orders.svelte"),
  customers: () => import("../features/customers/Customers.svelte"),
  shift: () => import("../features/shift/Shift.svelte"),
  prices: () => import("../features/prices/Prices.svelte"),
  channels: () => import("../features/channels/Channels.svelte"),
  devices: () => import("../features/devices/Devices.svelte"),
  apps: () => import("../features/apps/Apps.svelte"),
  settings: () => import("../features/settings/Settings.svelte"),
};

const kept = new Map<LaterScreen, Component>();

/** A screen that was fetched before. */
export function keptScreen(screen: LaterScreen): Component | null {
  return kept.get(screen) ?? null;
}

/** Fetches a screen; fails where the register cannot be reached, or is of another version by now. */
export async function fetchScreen(
  screen: LaterScreen,
  fetch: () => Promise<Fetched> = FETCH[screen],
): Promise<Component> {
  const fetched = kept.get(screen) ?? (await fetch()).default;
  kept.set(screen, fetched);
  return fetched;
}
