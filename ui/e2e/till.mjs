// A register of its own for each test file: the real program over a demo store in a temporary
// folder, and the real page in Chromium.

import { spawn, execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const PROGRAM = process.env.COUNTERTOPD;
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 60_000;
/** Far longer than any screen takes, even on a machine that stands still for a while. */
const WAIT_MS_MAX = 30_000;
export const SIZES = [
  { width: 1024, height: 768 },
  { width: 1920, height: 1080 },
  { width: 800, height: 1280 },
  { width: 390, height: 844 },
];

/** @typedef {{ name: string, price: string, barcode: string, unit: string }} Product */

/**
 * Starts a register and a browser.
 * @param {string[]} [options] of `countertopd serve`.
 * @returns {Promise<Till>}
 */
export async function openTill(options = []) {
  if (!PROGRAM) throw new Error("name the countertopd program in the environment as COUNTERTOPD");
  const data = await mkdtemp(join(tmpdir(), "countertop-e2e-"));
  // Once to fill the demo store and read what is sold there, then for good.
  const first = await serve(data, ["--demo"]);
  await first.stop();
  const products = await exportProducts(data);
  const register = await serve(data, options);
  const browser = await chromium.launch({
    executablePath: BROWSER,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return new Till(data, register, browser, products);
}

export class Till {
  /**
   * @param {string} data
   * @param {{ address: string, stop: () => Promise<void> }} register
   * @param {import("playwright-core").Browser} browser
   * @param {Product[]} products
   */
  constructor(data, register, browser, products) {
    this.data = data;
    this.register = register;
    this.browser = browser;
    this.products = products;
    /** What pages complained about; a test that ends with any has failed. @type {string[]} */
    this.complaints = [];
  }

  /** When the last scan ended: no scanner reads two codes at once. */
  #scanned = 0;

  /** A counted product with a barcode. @param {number} index @returns {Product} */
  scannable(index) {
    const all = this.products.filter(
      ({ barcode, price, unit }) => barcode && unit === "piece" && Number(price) > 0,
    );
    const product = all[index];
    if (!product) throw new Error(`the demo store has only ${all.length} products to scan`);
    return product;
  }

  /**
   * A page at the register, as a client of its own.
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  async page(options = {}) {
    const context = await this.browser.newContext({ locale: "en-IE", ...options });
    context.setDefaultTimeout(WAIT_MS_MAX);
    const page = await context.newPage();
    page.on("pageerror", (error) => this.complaints.push(`page: ${error.message}`));
    page.on("console", (message) => {
      // A refused command is an answer like any other; Chromium logs its status all the same.
      const answer = message.location().url.includes("/rpc/");
      if (message.type() === "error" && !answer) this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(this.register.address);
    await page.locator(".tile, .sell-open form").first().waitFor();
    return page;
  }

  /**
   * Sends keys as a keyboard-wedge scanner does: at its own pace, whatever the page is busy with,
   * each with the time at which it left the scanner.
   * @param {import("playwright-core").Page} page @param {string} code @param {number} [gap]
   */
  async scan(page, code, gap = 5) {
    const session = await page.context().newCDPSession(page);
    const keys = [...code, "Enter"];
    const start = Math.max(Date.now(), this.#scanned + gap);
    this.#scanned = start + gap * keys.length;
    const sent = keys.flatMap((key, index) => {
      const timestamp = (start + gap * index) / 1000;
      const text = key === "Enter" ? "\r" : key;
      return [
        session.send("Input.dispatchKeyEvent", { type: "keyDown", key, text, timestamp }),
        session.send("Input.dispatchKeyEvent", { type: "keyUp", key, timestamp }),
      ];
    });
    await Promise.all(sent);
    await session.detach();
    // What comes next comes after the scan.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.#scanned - Date.now())));
  }

  /** The newest sale. */
  async newestSale() {
    const { orders } = await this.ask("orders.find", { text: "", after: null });
    return this.ask("orders.get", { sale_id: orders[0].id });
  }

  /**
   * @param {string} command
   * @param {object} request
   */
  async ask(command, request) {
    const response = await fetch(`${this.register.address}/rpc/${command}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Countertop-Client": "e2e" },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${command}: ${await response.text()}`);
    return response.json();
  }

  /** Keeps pictures of the pages that are open, and closes them. @param {string} name */
  async picture(name) {
    for (const [index, context] of this.browser.contexts().entries()) {
      const [page] = context.pages();
      await page?.screenshot({ path: join(tmpdir(), `countertop-${name}-${Date.now()}-${index}.png`) });
      await context.close();
    }
  }

  async close() {
    await this.browser.close();
    await this.register.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}

/**
 * Types as a person does: each key with the time at which it was pressed, so that a machine that stands
 * still for a moment does not make a scanner of them.
 * @param {import("playwright-core").Page} page @param {string} text @param {number} [gap] ms between keys
 */
export async function typeByHand(page, text, gap = 60) {
  const session = await page.context().newCDPSession(page);
  let pressed = Date.now();
  for (const key of text) {
    const timestamp = pressed / 1000;
    await session.send("Input.dispatchKeyEvent", { type: "keyDown", key, text: key, timestamp });
    await session.send("Input.dispatchKeyEvent", { type: "keyUp", key, timestamp });
    await new Promise((resolve) => setTimeout(resolve, gap));
    pressed = Math.max(Date.now(), pressed + gap);
  }
  await session.detach();
}

/**
 * @param {string} data
 * @param {string[]} options
 */
async function serve(data, options) {
  const args = ["serve", "--data", data, "--listen", "127.0.0.1:0", ...options];
  const program = spawn(/** @type {string} */ (PROGRAM), args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const lines = createInterface({ input: program.stdout });
  const address = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the register did not start")), START_MS_MAX);
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`the register ended with code ${code}`)));
    lines.on("line", (line) => {
      const found = /^listening on (http:\/\/\S+)/.exec(line);
      if (!found) return;
      clearTimeout(late);
      resolve(found[1]);
    });
  });
  return {
    address: String(address).replace(/\/$/, ""),
    async stop() {
      program.kill("SIGTERM");
      const late = setTimeout(() => program.kill("SIGKILL"), STOP_MS_MAX);
      await ended;
      clearTimeout(late);
    },
  };
}

/** @param {string} data @returns {Promise<Product[]>} */
async function exportProducts(data) {
  const run = promisify(execFile);
  const args = ["export", "products", "--data", data];
  const { stdout } = await run(/** @type {string} */ (PROGRAM), args, { maxBuffer: 1 << 26 });
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
