// Whole numbers of a small unit (cents, thousandths) as decimal text, without ever going through a
// binary fraction.

/** `-60` with 2 places is `-0.60`. */
export function decimalText(units: number, places: number): `${number}` {
  const digits = Math.abs(units).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const rest = digits.slice(digits.length - places);
  const sign = units < 0 ? "-" : "";
  return `${sign}${whole}${places > 0 ? `.${rest}` : ""}` as `${number}`;
}

/** A minus that is as wide as a plus, in place of the hyphen that formatters give. */
export function withMinus(text: string): string {
  return text.replace(/[-\u2010\u2011]/g, "\u2212");
}

/** As people write it: `1050` hundredths is `10.5`, `1000` is `10`. */
export function plainText(units: number, places: number): string {
  const text = decimalText(units, places);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
