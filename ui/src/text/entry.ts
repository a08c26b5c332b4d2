// A number as it is keyed in. Digits fill from the right as on every till (`1250` is 12.50) until
// a point is typed; from then on it is read as written (`12.5`).

/** What was keyed so far: digits with at most one point. Empty is nothing. */
export type Entry = string;

/** Digits of an entry: beyond any drawer, and far inside an exact number. */
export const ENTRY_DIGITS_MAX = 9;

export type EntryKey = string; // "0" to "9", "00", ".", "back" or "clear"

/** The entry after a key; a key that makes no sense there changes nothing. */
export function press(entry: Entry, key: EntryKey, exponent: number): Entry {
  if (key === "clear") return "";
  if (key === "back") return entry.slice(0, -1);
  if (key === "." || key === ",") {
    if (exponent === 0 || entry.includes(".")) return entry;
    return `${entry || "0"}.`;
  }
  if (!/^\d{1,2}$/.test(key)) return entry;
  const point = entry.indexOf(".");
  if (point >= 0 && entry.length - point - 1 + key.length > exponent) return entry;
  const next = point >= 0 ? entry + key : (entry + key).replace(/^0+(?=\d)/, "");
  return next.replace(".", "").length > ENTRY_DIGITS_MAX ? entry : next;
}

/** The entry in the small unit (cents, thousandths); null for nothing. */
export function entryUnits(entry: Entry, exponent: number): number | null {
  if (entry === "") return null;
  const [whole = "", fraction] = entry.split(".");
  if (fraction === undefined) return Number(whole);
  return Number(whole + fraction.padEnd(exponent, "0"));
}

/** The entry that stands for an amount: what was keyed is shown again for a change. */
export function entryOf(units: number): Entry {
  return String(Math.max(0, units));
}

/** The same of an entry that is read as written, with or without a point: `10` is ten. */
export function writtenUnits(entry: Entry, exponent: number): number | null {
  if (entry === "") return null;
  return entryUnits(entry.includes(".") || exponent === 0 ? entry : `${entry}.`, exponent);
}

/** What somebody wrote into a field, in the small unit; null for nothing and for what is no number. */
export function typedUnits(text: string, exponent: number): number | null {
  const plain = text.trim().replace(",", ".");
  if (!/^\d+(\.\d*)?$/.test(plain)) return null;
  const [whole = "", fraction = ""] = plain.split(".");
  const tooFine = fraction.replace(/0+$/, "").length > exponent;
  if (tooFine || whole.length > ENTRY_DIGITS_MAX) return null;
  return Number(whole + fraction.slice(0, exponent).padEnd(exponent, "0"));
}
