// A rule in a few words, for its row in a list.

import { isMessage, locale, t, type MessageKey } from "../../messages";
import { dayText } from "../../text/time";
import { minuteText } from "./draft";
import type { Conditions, Promotion, PromotionRule } from "./rules";
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

/** A message with the figures of a rule. */
export interface RuleSays {
  readonly key: MessageKey;
  /** Minor units by name. */
  readonly amounts: Record<string, number>;
  readonly values: Record<string, string | number>;
}

/** `From an amount of 50.00 on`: what a rule does, with its figures. */
export function ruleSays(rule: PromotionRule): RuleSays {
  const says = (amounts: Record<string, number>, values: Record<string, string | number>) => ({
    key: `prices.says.${rule.by}` as const,
    amounts,
    values,
  });
  switch (rule.by) {
    case "x_for_y":
      return says({}, { take: rule.take, pay: rule.pay });
    case "x_for_price":
      return says({ price: rule.price.minor }, { take: rule.take });
    case "nth_at_percent": {
      const said = says({}, { nth: rule.nth, percent: rule.percent_off });
      const key = `prices.says.nth_at_percent.${rule.nth}`;
      return isMessage(key) ? { ...said, key } : said;
    }
    case "buy_get":
      return says({}, { buy: rule.buy[1], get: rule.get[1], percent: rule.percent_off });
    case "bundle":
      return says({ price: rule.price.minor }, {});
    case "spend":
      return says({ over: rule.over.minor }, {});
    case "percent_off":
      return says({}, { percent: rule.percent });
    case "amount_off":
      return says({ amount: rule.amount.minor }, {});
    case "fixed_price":
      return says({ price: rule.price.minor }, {});
  }
}

/** `Fri, Sat · 17:00 to 19:00`: when a promotion counts within its days; empty for always. */
export function promotionText({ needs_coupon, weekdays, hours }: Promotion): string {
  const names = weekdayNames(locale);
  const parts: string[] = [];
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
