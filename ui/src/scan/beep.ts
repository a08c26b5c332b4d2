// The sound for "not taken": short, low, twice, so that nobody takes it for the scanner's own.

const HERTZ = 220;
const BEEP_S = 0.12;
const PAUSE_S = 0.07;
const LOUDNESS = 0.2;

let context: AudioContext | null = null;

/** Sounds the refusal; silent where the browser has no sound, or none yet. */
export function beep(): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  for (const start of [0, BEEP_S + PAUSE_S]) tone(context, context.currentTime + start);
}

function tone(audio: AudioContext, at: number): void {
  const gain = audio.createGain();
  gain.gain.value = LOUDNESS;
  gain.connect(audio.destination);
  const oscillator = audio.createOscillator();
  oscillator.type = "square";
  oscillator.frequency.value = HERTZ;
  oscillator.connect(gain);
  oscillator.start(at);
  oscillator.stop(at + BEEP_S);
}
