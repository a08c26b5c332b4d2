// What cash of another currency is worth, for the eye: the register itself decides it when it is
// taken. Whole numbers throughout; a rate is read as it is written.

/** A currency beside the shop's own. */
export interface Exchange {
  /** What one whole unit is worth in whole units of the shop's currency: `0.92`. */
  readonly rate: string;
  /** Decimal places of its minor unit. */
  readonly exponent: number;
  /** Decimal places of the shop's minor unit. */
  readonly home: number;
}

/** What some of it is worth in the shop's minor units, halves up. */
export function worth(units: number, exchange: Exchange): number {
  const { over, under } = ratio(exchange);
  return under === 0n ? 0 : Number((2n * BigInt(units) * over + under) / (2n * under));
}

/** The least of it that is worth so much; null for a rate that is none. */
export function neededFor(due: number, exchange: Exchange): number | null {
  const { over, under } = ratio(exchange);
  if (over <= 0n) return null;
  // The smallest number whose worth, rounded, is enough.
  const exact = (BigInt(due) * 2n - 1n) * under;
  const least = exact <= 0n ? 0n : (exact + 2n * over - 1n) / (2n * over);
  return Number(least);
}

/** Worth in the shop's minor units of one minor unit, as a fraction. */
function ratio({ rate, exponent, home }: Exchange): { over: bigint; under: bigint } {
  const written = /^(\d+)(?:\.(\d+))?$/.exec(rate.trim());
  if (!written) return { over: 0n, under: 1n };
  const [, whole = "0", places = ""] = written;
  return {
    over: BigInt(whole + places) * 10n ** BigInt(home),
    under: 10n ** BigInt(places.length + exponent),
  };
}
