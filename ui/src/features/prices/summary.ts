// A rule in a few words, for its row in a list.

import { locale, t } from "../../messages";
import { dayText } from "../../text/time";
import { minuteText } from "./draft";
import type { Conditions, Promotion } from "./rules";
import { weekdayNames } from "./weekdays";

/** `member, 1 Dec 2026 to 24 Dec 2026`; everyone, always, where nothing limits it. */
export function conditionsText({ groups, from, until }: Conditions): string {
  const days =
    from && until
      ? t("prices.days.both", { from: dayText(from), until: dayText(until) })
      : from
        ? t("prices.days.from", { from: dayText(from) })
        : until
          ? t("prices.days.until", { until: dayText(until) })
          : t("prices.days.always");
  return [groups.length > 0 ? groups.join(", ") : t("prices.everyone"), days].join(" · ");
}

/** `Percent off · Fri, Sat · 17:00 to 19:00`. */
export function promotionText({ rule, needs_coupon, weekdays, hours }: Promotion): string {
  const names = weekdayNames(locale);
  const parts = [t(`prices.rule.${rule.by}`)];
  if (needs_coupon) parts.push(t("prices.promotion.coupon"));
  if (weekdays.length > 0) parts.push(weekdays.map((day) => names[day - 1] ?? "").join(", "));
  if (hours) {
    const [from, until] = hours.map(minuteText);
    parts.push(t("prices.days.both", { from: from ?? "", until: until ?? "" }));
  }
  return parts.join(" · ");
}

/** Whether a day is one on which it counts. */
export function runsOn({ from, until }: Conditions, day: string): boolean {
  return (from === null || from <= day) && (until === null || day <= until);
}
