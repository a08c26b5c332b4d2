// How the web shops are, for every screen.

import type { ChannelList, ChannelView } from "../bindings/api";
import type { Platform } from "../platform/types";

/** How long a shop may be in trouble before everybody is told of it. */
const LONG_MS = 10 * 60_000;

export class Shops {
  readonly #platform: Platform;
  list = $state.raw<ChannelList | null>(null);
  /** When the list was asked for. */
  #asked = $state(0);
  #turn = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    const list = await this.#platform.call("channels.list", {});
    // A later question has a newer answer.
    if (turn !== this.#turn) return;
    this.list = list;
    this.#asked = Date.now();
  }

  /** Those that are not paused. */
  get running(): readonly ChannelView[] {
    return this.list?.channels.filter(({ state }) => state !== "paused") ?? [];
  }

  /** Updates that wait to be sent. */
  get waiting(): number {
    return this.running.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** To-dos that are open. */
  get todos(): number {
    return this.list?.channels.reduce((sum, { problems }) => sum + problems, 0) ?? 0;
  }

  /** Shops that have been out of reach for long. */
  get away(): readonly ChannelView[] {
    return this.running.filter(
      ({ state, trouble_since_ms: since }) =>
        state === "trouble" && since !== null && this.#asked - since >= LONG_MS,
    );
  }
}
