// What this browser was let in with, if it is a paired tablet or phone. It is kept with the page's
// origin: another register, or another page, never sees it.

import type { PairedDevice } from "../bindings/api";

const KEY = "countertop.device";

/** True where the page came over the network, where nothing is done without a token. */
export function cameOverNetwork(): boolean {
  return location.protocol === "https:";
}

/** What this device was let in with; null if it was not, or not any more. */
export function pairedDevice(): PairedDevice | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isDevice(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps it. False where the browser keeps nothing (a private window): it would be lost at once. */
export function keepDevice(device: PairedDevice): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(device));
    return true;
  } catch {
    return false;
  }
}

/** The register does not let this device in any more. */
export function forgetDevice(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Where nothing is kept, nothing has to go.
  }
}

function isDevice(value: unknown): value is PairedDevice {
  if (typeof value !== "object" || value === null) return false;
  const { token, client } = value as Record<string, unknown>;
  return typeof token === "string" && typeof client === "string";
}
