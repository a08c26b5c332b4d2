// Amounts as text. They come from the register as minor units; here they are only written, never
// added up.

import { decimalText, withMinus } from "./decimal";

/** Writes amounts of one currency the way people of a place do. */
export class MoneyFormat {
  readonly currency: string;
  /** Decimal places of the minor unit: 2 for EUR, 0 for JPY. */
  readonly exponent: number;
  readonly #full: Intl.NumberFormat;
  readonly #short: Intl.NumberFormat;

  /** @param foreign names the currency by its code: `$` alone may be the shop's own. */
  constructor(currency: string, exponent: number, locale: string, foreign = false) {
    this.currency = currency;
    this.exponent = exponent;
    const base: Intl.NumberFormatOptions = {
      style: "currency",
      currency,
      currencyDisplay: foreign ? "code" : "narrowSymbol",
      minimumFractionDigits: exponent,
      maximumFractionDigits: exponent,
    };
    this.#full = new Intl.NumberFormat(locale, base);
    this.#short = new Intl.NumberFormat(locale, {
      ...base,
      trailingZeroDisplay: "stripIfInteger",
    } as Intl.NumberFormatOptions);
  }

  /** `1250` is `€12.50`. */
  text(minor: number): string {
    return withMinus(this.#full.format(decimalText(minor, this.exponent)));
  }

  /** As on a banknote: `1000` is `€10`, `1250` still `€12.50`. */
  short(minor: number): string {
    return withMinus(this.#short.format(decimalText(minor, this.exponent)));
  }
}
