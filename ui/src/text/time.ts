// Times as text.

import { locale } from "../messages";

const clock = new Intl.DateTimeFormat(locale, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

const moment = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** The time of day of an instant, on this machine's clock: `14:08`. */
export function clockText(millis: number): string {
  return clock.format(millis);
}

/** How long something takes: `0:12`. */
export function waitText(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** An instant on this machine's clock, with its day: `23 Nov 2026, 14:08`. */
export function momentText(millis: number): string {
  return moment.format(millis);
}

/** A day in the books, `2026-11-23`, as people write it; the text itself if it is no day. */
export function dayText(iso: string): string {
  const millis = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(millis) ? iso : day.format(millis);
}

/** `2026-11-23 14:08` of the shop's wall clock: only the time if it is of that business day. */
export function wallTimeText(local: string, today: string | null): string {
  const [date = "", time = ""] = local.split(" ");
  return date === today ? time : `${dayText(date)} ${time}`;
}
