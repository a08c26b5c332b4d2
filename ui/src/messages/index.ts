// Looking up what the screens say.

import { en, type Messages } from "./en";

export type MessageKey = keyof Messages;

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Variants<K extends MessageKey> = Messages[K] extends string
  ? Messages[K]
  : Messages[K][keyof Messages[K]];

/** What a message wants filled in; `n` chooses between one and many. */
export type Values<K extends MessageKey> = {
  [Name in Names<Variants<K>> | (Messages[K] extends string ? never : "n")]: Name extends "n"
    ? string | number
    : string | number;
};
type Rest<K extends MessageKey> = keyof Values<K> extends never ? [] : [values: Values<K>];

/** The language of the texts; numbers and times follow it, in the region that the browser names. */
export const locale: string = navigator.language?.startsWith("en") ? navigator.language : "en";

const plural = new Intl.PluralRules(locale);

/** The text of a message before anything is filled in. */
export function template(key: MessageKey, n: unknown): string {
  const entry: string | { one: string; other: string } = en[key];
  if (typeof entry === "string") return entry;
  return plural.select(Number(n)) === "one" ? entry.one : entry.other;
}

/** A message, filled in. */
export function t<K extends MessageKey>(key: K, ...rest: Rest<K>): string {
  const values = (rest[0] ?? {}) as Record<string, string | number>;
  return template(key, values["n"]).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

/** True for a key that has a text; for keys put together at run time. */
export function isMessage(key: string): key is MessageKey {
  return key in en;
}
