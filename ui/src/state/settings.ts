// What this client remembers for itself. Nothing here is needed to sell: where nothing can be
// kept, the defaults serve.

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`countertop.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`countertop.${key}`, value);
  } catch {
    // A browser that keeps nothing still sells.
  }
}
