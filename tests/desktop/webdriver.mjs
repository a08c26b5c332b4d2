// A small client of the W3C WebDriver protocol: only what a smoke needs.

import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** The key under which WebDriver names an element (W3C WebDriver, section 12). */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const POLL_MS = 50;
const WAIT_MS = 30_000;
const REQUEST_MS = 60_000;
/** Between two keys that a person types. */
const PERSON_MS = 60;

/** Asks until the answer is truthy, and gives it; the name tells what was waited for in vain. */
export async function until(name, ask, wait = WAIT_MS) {
  const end = Date.now() + wait;
  let trouble;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    await pause(POLL_MS);
  } while (Date.now() < end);
  throw new Error(`waited ${wait / 1000} s in vain for ${name}`, { cause: trouble });
}

async function freePort() {
  const server = createServer();
  await new Promise((done, fail) => server.once("error", fail).listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function listens(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    return await new Promise((done, fail) => {
      socket.once("connect", () => done(true)).once("error", fail);
    });
  } finally {
    socket.destroy();
  }
}

/** tauri-driver with WebKit's own driver behind it, in a process group of its own. */
export class Driver {
  static async start({ program, native, env }) {
    const [port, nativePort] = [await freePort(), await freePort()];
    const options = ["--port", port, "--native-port", nativePort, "--native-driver", native];
    const child = spawn(program, options.map(String), {
      env,
      detached: true,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const driver = new Driver(child, `http://127.0.0.1:${port}`);
    const gone = new Promise((_, fail) => {
      child.once("error", (error) => fail(new Error(`${program} does not start`, { cause: error })));
      child.once("exit", (code) => fail(new Error(`${program} ended with ${code}`)));
    });
    gone.catch(() => undefined);
    // Both, one after the other: the first complains loudly when the second is not there yet.
    const ready = (which) => until(`the driver at ${which}`, () => listens(which));
    await Promise.race([ready(nativePort).then(() => ready(port)), gone]);
    return driver;
  }

  constructor(child, url) {
    this.child = child;
    this.url = url;
  }

  /** Starts the program and gives its window. */
  async open(application, args) {
    const options = { application, args };
    const capabilities = { alwaysMatch: { "tauri:options": options, browserName: "wry" } };
    const { sessionId } = await ask("POST", `${this.url}/session`, { capabilities });
    return new Window(`${this.url}/session/${sessionId}`);
  }

  stop() {
    try {
      process.kill(-this.child.pid, "SIGTERM");
    } catch {
      // It is gone already.
    }
  }
}

async function ask(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

/** A window of the program under test. */
export class Window {
  constructor(url) {
    this.url = url;
  }

  /** Runs the body of a function in the page and gives what it returns. */
  run(script, ...args) {
    return ask("POST", `${this.url}/execute/sync`, { script, args });
  }

  /** The same for a body that calls its last argument when it is done. */
  runAsync(script, ...args) {
    return ask("POST", `${this.url}/execute/async`, { script, args });
  }

  /** The first visible element of a selector whose name (label or text) passes, or null. */
  async find(selector, name) {
    const found = await this.run(FIND, selector, name.source, name.flags);
    return found?.[ELEMENT] ?? null;
  }

  /** Waits for an element, as a person would look for it. */
  see(selector, name) {
    return until(`${selector} ${name}`, () => this.find(selector, name));
  }

  /** A real click, in the middle of the element; first brought into sight, as a person would. */
  async press(selector, name) {
    const element = await this.see(selector, name);
    await this.run('arguments[0].scrollIntoView({ block: "nearest" })', { [ELEMENT]: element });
    await ask("POST", `${this.url}/element/${element}/click`);
  }

  /** Text typed into a field, no faster than by a person: fast keys are a scanner's. */
  async type(selector, name, text) {
    await this.press(selector, name);
    await this.keys(text, PERSON_MS);
  }

  /** Keys, with a pause after each. */
  async keys(text, gap) {
    const actions = Array.from(text).flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
      { type: "pause", duration: gap },
    ]);
    const keyboard = { type: "key", id: "keyboard", actions };
    await ask("POST", `${this.url}/actions`, { actions: [keyboard] });
  }

  /** A PNG of the page. WebKit takes it with the next frame, and a page at rest draws none. */
  async screenshot() {
    await this.run(`
      const { style } = document.documentElement;
      window.smokeFrames = setInterval(() => (style.opacity = style.opacity ? "" : "0.9999"), 16);`);
    const png = await ask("GET", `${this.url}/screenshot`);
    await this.run(`
      clearInterval(window.smokeFrames);
      document.documentElement.style.opacity = "";`);
    return Buffer.from(png, "base64");
  }

  close() {
    return ask("DELETE", this.url);
  }
}

const FIND = `
  const [selector, source, flags] = arguments;
  const name = new RegExp(source, flags);
  const called = (element) =>
    element.getAttribute("aria-label") ??
    element.labels?.[0]?.innerText ??
    element.innerText ??
    "";
  for (const element of document.querySelectorAll(selector)) {
    if (element.disabled || !element.checkVisibility?.()) continue;
    if (name.test(called(element).replace(/\\s+/g, " ").trim())) return element;
  }
  return null;`;
