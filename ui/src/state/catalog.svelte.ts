// What can be sold: categories, pages of tiles, and what a few letters find.

import type { Category, Tile } from "../bindings/api";
import type { Platform } from "../platform/types";

/** Shorter than a frame or two: the person is still looking at the key. */
export const SEARCH_WAIT_MS = 30;
export const SEARCH_TEXT_MAX = 100;
/** Pages of one category that are kept on the screen. */
const PAGES_MAX = 10;

export class Catalog {
  readonly #platform: Platform;
  readonly #fail: (error: unknown) => void;
  categories = $state.raw<readonly Category[]>([]);
  /** The chosen category; null for the favourites. */
  category = $state<string | null>(null);
  text = $state("");

  /** What the grid shows. */
  tiles = $state.raw<readonly Tile[]>([]);
  /** The text that `tiles` answers; null when they are a category's. */
  found = $state<string | null>(null);
  /** True until the first answer. */
  loading = $state(true);
  /** True when a category has more than the screen keeps. */
  cut = $state(false);
  #next: string | null = null;
  #pages = 0;
  /** Grows with every question; an answer to an older one is thrown away. */
  #asked = 0;
  #paging = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: Promise<void> = Promise.resolve();

  constructor(platform: Platform, fail: (error: unknown) => void) {
    this.#platform = platform;
    this.#fail = fail;
  }

  async begin(): Promise<void> {
    await Promise.all([this.#loadCategories(), this.#ask()]);
  }

  async refresh(): Promise<void> {
    await Promise.all([this.#loadCategories(), this.#ask()]);
  }

  choose(category: string | null): void {
    this.category = category;
    this.clearSearch();
  }

  /** Takes what was typed; asks as soon as the typing rests. */
  type(text: string): void {
    this.text = text.slice(0, SEARCH_TEXT_MAX);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), SEARCH_WAIT_MS);
  }

  clearSearch(): void {
    this.text = "";
    clearTimeout(this.#timer);
    void this.#ask();
  }

  /** Waits until `tiles` answers what was typed. */
  async settle(): Promise<void> {
    if (this.found !== (this.text.trim() || null)) {
      clearTimeout(this.#timer);
      void this.#ask();
    }
    await this.#pending;
  }

  /** The next page, when the end of the grid comes into sight. */
  async more(): Promise<void> {
    if (this.#next === null || this.#paging) return;
    if (this.#pages >= PAGES_MAX) {
      this.cut = true;
      return;
    }
    this.#paging = true;
    const asked = this.#asked;
    try {
      const after = this.#next;
      const page = await this.#platform.call("catalog.browse", { category: this.category, after });
      if (asked !== this.#asked) return;
      this.tiles = [...this.tiles, ...page.tiles];
      this.#next = page.next;
      this.#pages += 1;
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#paging = false;
    }
  }

  #ask(): Promise<void> {
    const asked = ++this.#asked;
    const text = this.text.trim();
    const answer =
      text === ""
        ? this.#platform.call("catalog.browse", { category: this.category, after: null })
        : this.#platform.call("catalog.search", { text });
    this.#pending = answer.then(
      ({ tiles, next }) => {
        if (asked !== this.#asked) return;
        this.tiles = tiles;
        this.found = text || null;
        this.#next = text ? null : next;
        this.#pages = 1;
        this.cut = false;
        this.loading = false;
      },
      (error: unknown) => {
        if (asked === this.#asked) this.#fail(error);
      },
    );
    return this.#pending;
  }

  async #loadCategories(): Promise<void> {
    try {
      this.categories = (await this.#platform.call("catalog.categories", {})).categories;
    } catch (error) {
      this.#fail(error);
    }
  }
}
