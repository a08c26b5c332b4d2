// Short messages over the screen. What was refused is said at once; everything else politely.

import { Refused, Unreachable } from "../platform/types";
import { isMessage, t } from "../messages";
import type { Refusal } from "../bindings/api";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly urgent: boolean;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN_MAX = 3;
const SHOW_MS = 6_000;
const SHOW_URGENT_MS = 12_000;

export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Says something; the oldest message goes when there are too many. */
  say(text: string, action: Toast["action"] = null): void {
    this.#add({ id: this.#next++, text, urgent: false, action }, SHOW_MS);
  }

  /** Says that something was not done, and what to do. */
  warn(text: string, action: Toast["action"] = null): void {
    this.#add({ id: this.#next++, text, urgent: true, action }, SHOW_URGENT_MS);
  }

  /** Says why a command did not go through. */
  fail(error: unknown): void {
    this.warn(reasonOf(error));
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** Takes away what is no longer true, such as a refusal once the thing worked. */
  clear(): void {
    for (const toast of this.shown) this.dismiss(toast.id);
  }

  #add(toast: Toast, millis: number): void {
    const same = this.shown.find((other) => other.text === toast.text);
    if (same) this.dismiss(same.id);
    while (this.shown.length >= SHOWN_MAX) this.dismiss(this.shown[0]?.id ?? 0);
    this.shown = [...this.shown, toast];
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), millis),
    );
  }
}

/** A refusal in the language of the screens, or in the register's own words. */
export function refusalText(refusal: Refusal): string {
  const key = `refusal.${refusal.code}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : refusal.message;
}

/** Why something failed, for a person. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return refusalText(error.refusal);
  if (error instanceof Unreachable) return t("toast.no_answer");
  throw error;
}
