// Names of items, for rules that only know their ids.

import type { Platform } from "../../platform/types";

export class ItemNames {
  readonly #platform: Platform;
  readonly #asked = new Set<string>();
  #names = $state.raw<Readonly<Record<string, string>>>({});

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The name, or null while it is asked for or where the item is gone. */
  of(item_id: string): string | null {
    return this.#names[item_id] ?? null;
  }

  ask(item_ids: readonly string[]): void {
    for (const item_id of item_ids) {
      if (this.#asked.has(item_id)) continue;
      this.#asked.add(item_id);
      this.#platform.call("catalog.item", { item_id }).then(
        ({ name }) => this.know(item_id, name),
        // An item that is gone shows its id.
        () => undefined,
      );
    }
  }

  know(item_id: string, name: string): void {
    this.#asked.add(item_id);
    this.#names = { ...this.#names, [item_id]: name };
  }
}
