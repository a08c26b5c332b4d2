// The sounds of the till. "Not taken" is short, low, twice, so that nobody takes it for the scanner's
// own; an order of a web shop is two soft notes upwards.

const HERTZ = 220;
const BEEP_S = 0.12;
const PAUSE_S = 0.07;
const LOUDNESS = 0.2;

const CHIME_HERTZ = [660, 880] as const;
const CHIME_S = 0.22;

let context: AudioContext | null = null;

/** Sounds the refusal; silent where the browser has no sound, or none yet. */
export function beep(): void {
  const audio = sound();
  if (!audio) return;
  for (const start of [0, BEEP_S + PAUSE_S]) {
    tone(audio, "square", HERTZ, audio.currentTime + start, BEEP_S);
  }
}

/** Sounds that an order of a web shop came. */
export function chime(): void {
  const audio = sound();
  if (!audio) return;
  CHIME_HERTZ.forEach((hertz, index) => {
    tone(audio, "sine", hertz, audio.currentTime + index * CHIME_S, CHIME_S);
  });
}

function sound(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  return context;
}

function tone(
  audio: AudioContext,
  type: OscillatorType,
  hertz: number,
  at: number,
  seconds: number,
): void {
  const gain = audio.createGain();
  gain.gain.value = LOUDNESS;
  gain.connect(audio.destination);
  const oscillator = audio.createOscillator();
  oscillator.type = type;
  oscillator.frequency.value = hertz;
  oscillator.connect(gain);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}
