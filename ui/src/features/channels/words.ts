// How a web shop does, in words.

import type { ChannelStreamView, ChannelView } from "../../bindings/api";
import { isMessage, locale, t } from "../../messages";
import { clockText, momentText } from "../../text/time";

const count = new Intl.NumberFormat(locale);
const DAY_MS = 86_400_000;

/** A moment as short as it can be: the time of day if it is of the last day. */
export function whenText(millis: number): string {
  return Date.now() - millis < DAY_MS ? clockText(millis) : momentText(millis);
}

export function countText(n: number): string {
  return count.format(n);
}

/** `shop.example.com`; the address itself if it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** What is read now, and how far; none if nothing is. */
export function readingText({ streams }: ChannelView): string | null {
  const stream = streams.find(({ running }) => running);
  if (!stream) return null;
  const values = { what: streamName(stream), read: countText(stream.read) };
  return stream.total === null
    ? t("channels.reading.open", values)
    : t("channels.reading", { ...values, total: countText(stream.total) });
}

function streamName({ stream }: ChannelStreamView): string {
  const key = `channels.stream.${stream}`;
  return isMessage(key) ? t(key as "channels.stream.products") : stream;
}

/** The heading of a to-do. */
export function problemTitle(kind: string): string {
  const key = `channels.problem.${kind}`;
  return isMessage(key)
    ? t(key as "channels.problem.refused")
    : t("channels.problem.other");
}

/** What an update is about. */
export function opText({ kind, about }: { kind: string; about: string }): string {
  const key = `channels.op.${kind}`;
  return isMessage(key) ? t(key as "channels.op.sale", { about }) : `${kind} ${about}`;
}

/** How far an update is. */
export function opState(state: string): string {
  const key = `channels.op.${state}`;
  return isMessage(key) ? t(key as "channels.op.done") : state;
}
