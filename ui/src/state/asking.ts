// Asking again when something changed: however often it is wished meanwhile, that is one question
// more, and never two at once.

/** @returns a way to wish for the work; it resolves when nothing is wished for any more. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        await work();
      } while (again);
    } finally {
      running = null;
    }
  };
  return () => {
    again = true;
    return (running ??= run());
  };
}
