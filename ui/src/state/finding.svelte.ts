// Finding as it is typed: asks a moment after the last key, and an answer that was overtaken by a
// later question does not count.

const WAIT_MS = 120;
export const TEXT_MAX = 100;

export abstract class Finding {
  readonly #fail: (error: unknown) => void;
  text = $state("");
  loading = $state(true);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fail: (error: unknown) => void) {
    this.#fail = fail;
  }

  /** Asks for what matches; what it gives back takes the answer in. */
  protected abstract find(text: string): Promise<() => void>;

  type(text: string): void {
    this.text = text.slice(0, TEXT_MAX);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), WAIT_MS);
  }

  /** Asks again, from the beginning. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (await this.ask(() => this.find(this.text.trim()))) this.loading = false;
  }

  /** Takes an answer in unless another question was begun meanwhile; true if it was taken. */
  protected async ask(work: () => Promise<() => void>): Promise<boolean> {
    const asked = this.#asked;
    try {
      const take = await work();
      if (asked !== this.#asked) return false;
      take();
      return true;
    } catch (error) {
      if (asked === this.#asked) this.#fail(error);
      return false;
    }
  }
}
