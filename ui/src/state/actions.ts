// Every action with its keys, in one list: the palette shows it and the keyboard runs it, so that
// no shortcut is a secret.

import { onDestroy } from "svelte";

export interface Action {
  /** As the palette says it. */
  readonly title: string;
  /** Keys, the first one shown: `Ctrl+K`, `F8`, `Delete`. */
  readonly keys: readonly string[];
  /** Whether it makes sense now; always, if left out. */
  readonly when?: () => boolean;
  /** Whether its key also works while a text field has the focus; `Ctrl`, `F` keys always do. */
  readonly inField?: boolean;
  readonly run: () => void;
}

export class Actions {
  // Not reactive: read when a key is pressed or the palette opens. A screen that goes away would
  // read the state from before the new one came.
  readonly #groups: (() => readonly Action[])[] = [];

  /** Those that make sense now. */
  get available(): Action[] {
    return this.#groups.flatMap((group) => group()).filter((action) => action.when?.() ?? true);
  }

  /** Adds the actions of a screen for as long as its component lives. */
  use(group: () => readonly Action[]): void {
    this.#groups.push(group);
    onDestroy(() => void this.#groups.splice(this.#groups.indexOf(group), 1));
  }

  /** Runs what a pressed key stands for; true if there was something. */
  press(key: string, inField: boolean): boolean {
    const found = this.available.find(
      (action) => action.keys.includes(key) && (!inField || worksInField(key, action)),
    );
    found?.run();
    return found !== undefined;
  }
}

function worksInField(key: string, action: Action): boolean {
  return action.inField === true || /^(Ctrl\+[A-Y]|Ctrl\+Enter|(Shift\+)?F\d+)$/.test(key);
}

/** `Ctrl+K`, `Shift+Delete`, `F8`: a key event in the words of the list. */
export function keyName(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && event.key.length > 1;
  const ctrl = event.ctrlKey || event.metaKey;
  return `${ctrl ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}
