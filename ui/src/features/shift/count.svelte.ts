// What is being counted: of each currency either every coin and note, or one sum. Whole numbers of
// the small unit throughout.

import type { CountRequest, DrawerCurrency, PiecesView } from "../../bindings/api";
import { entryUnits, type Entry } from "../../text/entry";

export type CountBy = "pieces" | "sum";

interface Part {
  /** The sum, as keyed in. */
  sum: Entry;
  /** How many of each coin and note, as keyed in. */
  pieces: Record<number, Entry>;
}

export class DrawerCount {
  readonly currencies: readonly DrawerCurrency[];
  /** The currency that is counted now. */
  currency = $state("");
  by = $state<CountBy>("pieces");
  readonly #parts: Record<string, Part> = $state({});

  constructor(currencies: readonly DrawerCurrency[], by: CountBy = "pieces") {
    this.currencies = currencies;
    this.currency = currencies[0]?.currency ?? "";
    this.by = by;
    for (const { currency } of currencies) this.#parts[currency] = { sum: "", pieces: {} };
  }

  get now(): DrawerCurrency | undefined {
    return this.currencies.find(({ currency }) => currency === this.currency);
  }

  /** The sum of the current currency, as it is keyed in. */
  get sum(): Entry {
    return this.#part().sum;
  }

  set sum(entry: Entry) {
    this.#part().sum = entry;
  }

  pieces(value: number): Entry {
    return this.#part().pieces[value] ?? "";
  }

  setPieces(value: number, entry: Entry): void {
    this.#part().pieces[value] = entry;
  }

  /** What was counted of a currency; null if nothing was said. */
  total(currency = this.currency): number | null {
    const part = this.#parts[currency];
    if (!part) return null;
    if (this.by === "sum") {
      const exponent = this.currencies.find((other) => other.currency === currency)?.exponent ?? 0;
      return entryUnits(part.sum, exponent);
    }
    const said = Object.values(part.pieces).some((entry) => entry !== "");
    if (!said) return null;
    return this.counted(currency).reduce((sum, { value, count }) => sum + value * count, 0);
  }

  /** The coins and notes that there are, the largest first. */
  counted(currency = this.currency): PiecesView[] {
    return Object.entries(this.#parts[currency]?.pieces ?? {})
      .map(([value, entry]) => ({ value: Number(value), count: entryUnits(entry, 0) ?? 0 }))
      .filter(({ count }) => count > 0)
      .sort((one, other) => other.value - one.value);
  }

  /** How many coins and notes. */
  get count(): number {
    return this.counted().reduce((sum, { count }) => sum + count, 0);
  }

  /** The shop's own currency is counted. */
  get ready(): boolean {
    return this.total(this.currencies[0]?.currency) !== null;
  }

  /** Every currency, as it is sent; what was not counted is nothing. */
  get requests(): CountRequest[] {
    return this.currencies.map(({ currency }) => ({
      currency,
      counted: this.total(currency) ?? 0,
      pieces: this.by === "pieces" ? this.counted(currency) : null,
    }));
  }

  #part(): Part {
    return (this.#parts[this.currency] ??= { sum: "", pieces: {} });
  }
}
