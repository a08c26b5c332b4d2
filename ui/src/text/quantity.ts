// Quantities as text. They come from the register in thousandths of a unit.

import { decimalText, withMinus } from "./decimal";

/** Decimal places of a quantity on the wire. */
export const QUANTITY_EXPONENT = 3;
/** The unit that a scale weighs in. */
export const WEIGHED = "kilogram";
/** One piece on the wire. */
export const ONE = 1000;

const SYMBOL: Record<string, string> = { kilogram: "kg", litre: "l", metre: "m" };
const formats = new Map<string, Intl.NumberFormat>();

function format(locale: string): Intl.NumberFormat {
  let known = formats.get(locale);
  if (!known) {
    known = new Intl.NumberFormat(locale, { maximumFractionDigits: QUANTITY_EXPONENT });
    formats.set(locale, known);
  }
  return known;
}

/** True for what is measured rather than counted. */
export function isMeasured(unit: string): boolean {
  return unit in SYMBOL;
}

/** `kg`, `l`, `m`; empty for pieces. */
export function unitSymbol(unit: string): string {
  return SYMBOL[unit] ?? "";
}

/** `642` of a kilogram is `0.642 kg`; `2000` pieces are `2`. The space does not break. */
export function quantityText(thousandths: number, unit: string, locale: string): string {
  const number = withMinus(format(locale).format(decimalText(thousandths, QUANTITY_EXPONENT)));
  const symbol = unitSymbol(unit);
  return symbol ? `${number}\u00a0${symbol}` : number;
}
