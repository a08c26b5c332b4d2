import { SCAN_LENGTH_MIN } from "../../scan/wedge";

/** True for text that somebody typed off a label: a code without a space, with a figure in it. */
export function looksLikeCode(text: string): boolean {
  return text.length >= SCAN_LENGTH_MIN && /^[\w.+/-]+$/.test(text) && /\d{3}/.test(text);
}
