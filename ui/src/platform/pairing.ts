// What a device says before it has a token.

import type { AwaitPairing, ClaimPairing, PairingClaim, PairingOutcome } from "../bindings/api";
import { isRefusal, Refused, Unreachable } from "./types";

/** Longer than the register hangs on before it says that nothing was decided yet. */
const ANSWER_MS_MAX = 40_000;

/**
 * Asks to be let in, with the code that was scanned.
 * @throws {Refused} when the code is no good (any more).
 * @throws {Unreachable} when no answer came.
 */
export function claim(request: ClaimPairing): Promise<PairingClaim> {
  return send("/pair/claim", request);
}

/**
 * Asks what the person at the till decided; hangs on for a while.
 * @throws {Refused} when the wait is over.
 * @throws {Unreachable} when no answer came.
 */
export function outcome(request: AwaitPairing): Promise<PairingOutcome> {
  return send("/pair/wait", request);
}

async function send<T>(path: string, request: object): Promise<T> {
  let response: Response;
  let reply: unknown;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    reply = await response.json();
  } catch (cause) {
    throw new Unreachable(cause);
  }
  if (response.ok) return reply as T;
  if (isRefusal(reply)) throw new Refused(reply);
  throw new Unreachable(`status ${response.status}`);
}
