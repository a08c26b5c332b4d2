import { cameOverNetwork, forgetDevice, pairedDevice } from "./device";
import { PAIR_PAGE, type Platform } from "./types";

/** The platform that this page runs on; null where the page has yet to be let in. */
export async function findPlatform(): Promise<Platform | null> {
  if ("__TAURI_INTERNALS__" in window) {
    const { WindowPlatform } = await import("./tauri");
    return new WindowPlatform();
  }
  const { HttpPlatform } = await import("./http");
  if (!cameOverNetwork()) return new HttpPlatform();
  const device = pairedDevice();
  if (!device || location.hash.startsWith(PAIR_PAGE)) return null;
  let out = false;
  return new HttpPlatform(device, () => {
    if (out) return;
    out = true;
    forgetDevice();
    location.hash = `${PAIR_PAGE}?why=revoked`;
    location.reload();
  });
}
