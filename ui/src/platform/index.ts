import type { Platform } from "./types";

/** The platform that this page runs on. */
export async function findPlatform(): Promise<Platform> {
  if ("__TAURI_INTERNALS__" in window) {
    const { WindowPlatform } = await import("./tauri");
    return new WindowPlatform();
  }
  const { HttpPlatform } = await import("./http");
  return new HttpPlatform();
}
