import type { Action } from "../state/actions";

/** Those actions whose title has a word that begins with each typed word, in their own order. */
export function matching(actions: readonly Action[], text: string): Action[] {
  const wanted = words(text);
  return actions.filter((action) => {
    const has = words(action.title);
    return wanted.every((word) => has.some((other) => other.startsWith(word)));
  });
}

function words(text: string): string[] {
  return text.toLocaleLowerCase().split(/[\s,:]+/).filter((word) => word !== "");
}
