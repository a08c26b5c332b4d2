// A receipt printer on a serial line: a pseudo-terminal whose far end writes a file.

import { spawn } from "node:child_process";
import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./webdriver.mjs";

/** ESC p m t1 t2: the five bytes that open the drawer. */
const PULSE = [0x1b, 0x70];
const PULSE_PINS = [0, 1, 0x30, 0x31];
const PULSE_LENGTH = 5;
/** GS V: the cut. */
const CUT = Buffer.from([0x1d, 0x56]);

export class Printer {
  static async start(folder) {
    const printer = new Printer(join(folder, "printer"), join(folder, "paper.bin"));
    const line = `PTY,raw,echo=0,link=${printer.port}`;
    printer.child = spawn("socat", ["-u", line, `OPEN:${printer.paper},creat,append`], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const gone = new Promise((_, fail) => {
      const because = (cause) => fail(new Error("socat does not run: install it", { cause }));
      printer.child.once("error", because).once("exit", because);
    });
    gone.catch(() => undefined);
    // Held open from here: a line that nobody has open ends, and socat with it.
    const hold = () => openSync(printer.port, constants.O_RDWR | constants.O_NOCTTY);
    printer.held = await Promise.race([until("the serial line", hold), gone]);
    return printer;
  }

  constructor(port, paper) {
    this.port = port;
    this.paper = paper;
  }

  /** All that came down the line so far. */
  bytes() {
    try {
      return readFileSync(this.paper);
    } catch {
      return Buffer.alloc(0);
    }
  }

  stop() {
    if (this.held !== undefined) closeSync(this.held);
    this.child.kill("SIGTERM");
  }
}

/** Where the paper is cut, or -1. */
export function cutAt(bytes) {
  return bytes.indexOf(CUT);
}

/** The five bytes of the drawer's pulse, or null. */
export function pulseIn(bytes) {
  for (let at = bytes.indexOf(Buffer.from(PULSE)); at >= 0; ) {
    const pulse = bytes.subarray(at, at + PULSE_LENGTH);
    if (pulse.length === PULSE_LENGTH && PULSE_PINS.includes(pulse[2])) return pulse;
    at = bytes.indexOf(Buffer.from(PULSE), at + 1);
  }
  return null;
}

/** What can be read on the paper. Only ASCII: the rest is a matter of the code page. */
export function readable(bytes) {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "\n"))
    .join("")
    .replace(/\n+/g, "\n");
}
