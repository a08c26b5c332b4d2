// Days in the books as they are typed: `2026-12-24`, `24.12.2026` or `24/12/2026`.

const DAY_MS = 86_400_000;

/** The day as the register writes it; null for what is no day. */
export function typedDay(text: string): string | null {
  const plain = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  const written = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(plain);
  const [year, month, day] = iso ? iso.slice(1) : (written?.slice(1).reverse() ?? []);
  if (!year || !month || !day) return null;
  const found = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const millis = Date.parse(`${found}T00:00:00Z`);
  // Thirty days of February come back as days of March.
  const real = !Number.isNaN(millis) && isoDay(millis) === found;
  return real ? found : null;
}

/** The day so many days after another. */
export function dayAfter(iso: string, days: number): string {
  return isoDay(Date.parse(`${iso}T00:00:00Z`) + days * DAY_MS);
}

function isoDay(millis: number): string {
  return new Date(millis).toISOString().slice(0, 10);
}
