// A web shop on a port of this machine: the twin of the Rust tests, told by lines what happens in it.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.WEB_SHOP ?? join(dirname(process.env.COUNTERTOPD ?? ""), "examples", "woocommerce");

export const KEY = "ck_demo:cs_demo";

export class WebShop {
  /** @param {number} products */
  static async open(products) {
    const program = spawn(PROGRAM, [String(products)], { stdio: ["pipe", "pipe", "inherit"] });
    const shop = new WebShop(program);
    shop.url = (await shop.#line()).replace("listening on ", "").replace(/\/$/, "");
    return shop;
  }

  /** @param {import("node:child_process").ChildProcessWithoutNullStreams | any} program */
  constructor(program) {
    this.program = program;
    this.url = "";
    /** @type {string[]} */
    this.lines = [];
    /** @type {((line: string) => void)[]} */
    this.waiting = [];
    createInterface({ input: program.stdout }).on("line", (/** @type {string} */ line) => {
      const next = this.waiting.shift();
      if (next) next(line);
      else this.lines.push(line);
    });
  }

  /** @returns {Promise<string>} */
  #line() {
    const line = this.lines.shift();
    return line === undefined ? new Promise((take) => this.waiting.push(take)) : Promise.resolve(line);
  }

  /** Has something happen; answers with its one line. @param {string} words */
  async happens(words) {
    this.program.stdin.write(`${words}\n`);
    const line = await this.#line();
    if (line.startsWith("not understood")) throw new Error(line);
    return line;
  }

  close() {
    this.program.stdin.end();
  }
}
