import type { RegisterState } from "../bindings/api";
import { locale } from "../messages";
import type { Platform } from "../platform/types";
import { MoneyFormat } from "../text/money";

const TRY_AGAIN_MS = 1_500;

/** What the register says about itself, asked for again whenever it changes. */
export class Register {
  readonly #platform: Platform;
  /** Known before any screen is shown. */
  #state = $state.raw<RegisterState | null>(null);
  /** An answer came. It changes once: what waits for it is not done again with each answer. */
  readonly known = $derived(this.#state !== null);
  #money = $state.raw(new MoneyFormat("XXX", 2, locale));
  /** False while no answer comes. */
  up = $state(true);
  #asking = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
    platform.onConnection((up) => {
      this.up = up;
    });
  }

  get state(): RegisterState {
    if (!this.#state) throw new Error("a screen was shown before the register answered");
    return this.#state;
  }

  get money(): MoneyFormat {
    return this.#money;
  }

  /** How amounts of a currency are written that the drawer takes. */
  moneyOf(currency: string): MoneyFormat {
    if (currency === this.#money.currency) return this.#money;
    const known = this.#state?.drawer.find((other) => other.currency === currency);
    return new MoneyFormat(currency, known?.exponent ?? 2, locale, true);
  }

  may(right: string): boolean {
    return this.#state?.rights.includes(right) ?? false;
  }

  take(state: RegisterState): void {
    if (this.#money.currency !== state.currency || this.#money.exponent !== state.exponent) {
      this.#money = new MoneyFormat(state.currency, state.exponent, locale);
    }
    this.#state = state;
  }

  /** Asks until an answer comes. */
  async begin(): Promise<void> {
    for (;;) {
      try {
        this.take(await this.#platform.call("register.state", {}));
        this.up = true;
        return;
      } catch {
        this.up = false;
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      }
    }
  }

  /** Asks again; an answer that was overtaken by a later question does not count. */
  async refresh(): Promise<void> {
    const asking = ++this.#asking;
    try {
      const state = await this.#platform.call("register.state", {});
      if (asking === this.#asking) this.take(state);
    } catch {
      // The next change, or the way back to the register, asks again.
    }
  }
}
