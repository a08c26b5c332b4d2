import { clockText } from "../text/time";

const MINUTE_MS = 60_000;

/** The time of day, to the minute. */
class Clock {
  text = $state(clockText(Date.now()));

  constructor() {
    const tick = () => {
      this.text = clockText(Date.now());
      setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + 20);
    };
    setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + 20);
  }
}

export const clock = new Clock();
