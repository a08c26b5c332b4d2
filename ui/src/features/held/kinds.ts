// What is known of held orders in words.

import type { HeldKind, HeldOrderView } from "../../bindings/api";
import { t } from "../../messages";
import { dayText } from "../../text/time";

export const KINDS: readonly HeldKind[] = ["quote", "layaway", "collect", "deliver"];

/** `Layaway until 24 Dec 2026`. */
export function heldText({ kind, due }: HeldOrderView): string {
  const word = t(`held.kind.${kind}`);
  return due === null ? word : t("held.until", { kind: word, day: dayText(due) });
}
