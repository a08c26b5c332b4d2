// A card payment in words.

import type { AttemptView, CardView } from "../../bindings/api";
import { t } from "../../messages";
import { cardName } from "./ways";

/** What is going on, in as few words as fit above an amount; the terminal's own where it has some. */
export function attemptTitle({ state, says, kind, open }: AttemptView): string {
  switch (state) {
    case "sending":
      return t("terminal.sending");
    case "present":
      return says || t(kind === "reversal" ? "terminal.reversing" : "terminal.present");
    case "asking":
      return t("terminal.asking");
    case "in_doubt":
      return t("terminal.in_doubt");
    case "approved":
    case "resolved_approved":
      return t(open ? "terminal.asking" : "terminal.approved");
    case "declined":
    case "resolved_declined":
      return t(open ? "terminal.asking" : "terminal.declined");
    case "not_sent":
      return t("terminal.not_sent");
  }
}

/** What it was, for lists: a payment, or money that goes back. */
export function attemptKind({ kind }: AttemptView): string {
  return t(`terminal.kind.${kind}`);
}

/** What is known of its card: what the terminal showed as its last payment, or the card itself. */
export function attemptCard({ seen, card }: AttemptView): string {
  if (seen) return t("terminal.seen", { card: seenText(seen) });
  return card ? seenText(card) : "";
}

/** `Visa •••• 4821, receipt 12, 2026-11-23 14:31:00`: enough to find it on the terminal's slip. */
function seenText(card: CardView): string {
  const receipt = card.receipt === undefined ? "" : t("terminal.receipt", { n: card.receipt });
  return [cardName(card), receipt, card.at].filter((part) => part !== "").join(", ");
}
