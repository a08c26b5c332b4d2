// How often each kind of thing has changed, for screens that ask again for what they show.

import { SvelteMap } from "svelte/reactivity";

export class News {
  readonly #counts = new SvelteMap<string, number>();

  /** Read in an effect, it runs that effect again with every change of this kind. */
  of(tag: string): number {
    return this.#counts.get(tag) ?? 0;
  }

  /** Notes what a change named. */
  take(tags: readonly string[]): void {
    for (const tag of tags) this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + 1);
  }
}
