// Where the focus goes for somebody at the keyboard.

/** Whether a key on the screen was pressed by Enter or Space rather than by touch or mouse. */
export function pressedByKey(event: MouseEvent): boolean {
  return event.detail === 0;
}

/** When what had the focus is gone, or cannot be pressed any more: on from the screen's heading. */
export function keepSomewhere(): void {
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}
