// What the address of the pairing page says, and what a device may call itself.

import { t } from "../../messages";
import { PAIR_PAGE } from "../../platform/types";

/** What the code carried. */
export interface Scanned {
  readonly code: string | null;
  /** SHA-256 of the register's certificate, in groups of four; null if there is none to compare. */
  readonly fingerprint: string | null;
  readonly revoked: boolean;
}

/** Reads what follows the # of the page's address. */
export function readScanned(hash: string): Scanned {
  const query = hash.startsWith(`${PAIR_PAGE}?`) ? hash.slice(PAIR_PAGE.length + 1) : "";
  const values = new URLSearchParams(query);
  const print = values.get("fp") ?? "";
  return {
    code: values.get("code") || null,
    fingerprint: /^[0-9a-f]{64}$/i.test(print) ? inGroups(print) : null,
    revoked: values.get("why") === "revoked",
  };
}

/** A fingerprint as people compare it. */
export function inGroups(print: string): string {
  return (print.toUpperCase().match(/.{1,4}/g) ?? []).join(" ");
}

/** What kind of device this is, as a name to begin with. */
export function suggestedName(agent: string, touches: number): string {
  if (/iPhone|Android.*Mobile/.test(agent)) return t("pair.kind.phone");
  // An iPad says that it is a Mac, which has no touch screen.
  const tablet = /iPad|Android/.test(agent) || (agent.includes("Macintosh") && touches > 1);
  return tablet ? t("pair.kind.tablet") : t("pair.kind.computer");
}
