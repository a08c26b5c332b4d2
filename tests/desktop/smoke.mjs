// The register in its real window: it starts, sells, prints and shows the receipt.
//
//   COUNTERTOP=…/countertop xvfb-run -a dbus-run-session -- node tests/desktop/smoke.mjs
//
// TAURI_DRIVER and WEBKIT_DRIVER name the drivers, SHOTS the folder for the screenshots.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cutAt, Printer, pulseIn, readable } from "./printer.mjs";
import { Driver, until } from "./webdriver.mjs";

const OVERALL_MS = 240_000;
/** Exit code of a register whose folder another one holds. */
const HELD = 3;
/** An item without variants: it asks no question. */
const ITEM = "Baguette";

const program = resolve(process.env.COUNTERTOP || "countertop");
const folder = mkdtempSync(join(tmpdir(), "countertop-smoke-"));
const data = join(folder, "data");
const shots = process.env.SHOTS || mkdtempSync(join(tmpdir(), "countertop-shots-"));
// Nothing of the person who runs this is read or written.
const env = {
  ...process.env,
  HOME: folder,
  XDG_DATA_HOME: join(folder, "share"),
  XDG_CACHE_HOME: join(folder, "cache"),
  XDG_CONFIG_HOME: join(folder, "config"),
};

let passed = 0;
const failed = [];
let driver;
let printer;
let window;
let kept = false;

function end(code) {
  driver?.stop();
  printer?.stop();
  if (code === 0 && !kept) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  else console.log(`# kept: ${folder}`);
  console.log(`# screenshots: ${shots}`);
  console.log(`${passed} passed, ${failed.length} failed`);
  process.exit(code);
}

async function step(name, work) {
  const start = Date.now();
  try {
    await work();
    passed += 1;
    console.log(`ok ${passed + failed.length} - ${name} # ${Date.now() - start} ms`);
    return true;
  } catch (error) {
    failed.push(name);
    console.log(`not ok ${passed + failed.length} - ${name}`);
    for (let cause = error; cause; cause = cause.cause) console.log(`#   ${cause.message ?? cause}`);
    await shoot(`failed-${failed.length}`).catch(() => undefined);
    return false;
  }
}

/** A step that all that follow stand on. */
async function must(name, work) {
  if (!(await step(name, work))) end(1);
}

async function shoot(name) {
  mkdirSync(shots, { recursive: true });
  writeFileSync(join(shots, `${name}.png`), await window.screenshot());
}

function same(what, found, wanted) {
  if (found !== wanted) throw new Error(`${what}: found ${found}, wanted ${wanted}`);
}

function holds(what, text, part) {
  if (!text.includes(part)) throw new Error(`${what} does not have "${part}":\n${text}`);
}

/** What a call of the program from the page comes to: "done", or why it was refused. */
function invoked(command, args) {
  const script = `
    const [command, args, done] = arguments;
    window.__TAURI_INTERNALS__.invoke(command, args).then(
      () => done("done"),
      (reason) => done(String(reason?.message ?? reason)),
    );`;
  return window.runAsync(script, command, args);
}

setTimeout(() => {
  console.log(`not ok - the whole took longer than ${OVERALL_MS / 1000} s`);
  failed.push("in time");
  end(1);
}, OVERALL_MS).unref();
process.once("SIGINT", () => end(130)).once("SIGTERM", () => end(143));

await must("the window opens on the demo store, ready to sell", async () => {
  driver = await Driver.start({
    program: process.env.TAURI_DRIVER || "tauri-driver",
    native: process.env.WEBKIT_DRIVER || "/usr/bin/WebKitWebDriver",
    env,
  });
  window = await driver.open(program, ["--demo", "--data", data]);
  await window.see("button.tile", new RegExp(`^${ITEM}`));
  await shoot("sell");
});

await step("the page can call nothing but what it was given", async () => {
  for (const [command, args] of [
    ["plugin:window|close", {}],
    ["plugin:webview|create_webview_window", { options: { label: "other" } }],
    ["plugin:event|emit", { event: "changed", payload: null }],
    ["plugin:path|resolve_directory", { directory: 1 }],
    ["plugin:app|version", {}],
  ]) {
    const answer = await invoked(command, args);
    if (!/not allowed/.test(answer)) throw new Error(`${command}: ${answer}`);
  }
  const file = { name: "a.sh", media_type: "text/x-sh", base64: "IyEvYmluL3No" };
  holds("a file that is no PDF", await invoked("open_file", { file }), "PDF");
});

await step("the page cannot be led elsewhere", async () => {
  const refused = await window.runAsync(`
    const done = arguments[arguments.length - 1];
    document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
    fetch("http://127.0.0.1:9/").catch(() => undefined);`);
  holds("the content policy's refusal", refused, "connect-src");
  const before = await window.run("return location.href");
  await window.run('location.href = "http://127.0.0.1:9/"');
  await window.run('location.href = "data:text/html,elsewhere"');
  await window.see("button.tile", new RegExp(`^${ITEM}`));
  same("the page's address", await window.run("return location.href"), before);
});

await must("a printer on a serial line is set up under Devices", async () => {
  printer = await Printer.start(folder);
  await window.press("nav a", /^Devices/);
  await window.type("input", /^Name/, "Smoke printer");
  await window.type("input", /^Address/, `serial:${printer.port}?baud=115200`);
  await window.press("button", /^Add printer/);
  await window.see(".device", /Smoke printer/);
  same("paper before the first sale", printer.bytes().length, 0);
});

let receipt = "";
await must("a sale for cash: tap, pay, exact", async () => {
  await window.press("nav a", /^Sell/);
  await window.press("button.tile", new RegExp(`^${ITEM}`));
  await window.press("button", /^Pay\b.*[1-9]/);
  await window.press("button", /exact$/);
  await window.see("h1", /^Paid/);
  const told = await until("the receipt's number", () =>
    window.run('return /Receipt (\\S+) /.exec(document.querySelector("main").innerText)?.[1]'),
  );
  receipt = told;
  await shoot("done");
});

await step("the receipt is on paper, cut, and the drawer is opened", async () => {
  await until("the cut", () => cutAt(printer.bytes()) >= 0);
  await window.see("p", new RegExp(`^Receipt ${receipt} is printed`));
  const bytes = printer.bytes();
  const text = readable(bytes);
  holds("the paper", text, ITEM);
  holds("the paper", text, receipt);
  holds("the paper", text, "Total");
  const pulse = pulseIn(bytes);
  if (!pulse) throw new Error(`no pulse for the drawer among ${bytes.length} bytes`);
  same("drawer pulses", bytes.indexOf(pulse, bytes.indexOf(pulse) + 1), -1);
});

await step("the receipt is shown on the screen as it is on paper", async () => {
  await window.press("button", /^Show/);
  await window.see("dialog h2", new RegExp(`^Receipt ${receipt}`));
  const shown = await window.run('return document.querySelector("dialog").innerText');
  holds("the preview", shown, ITEM);
  holds("the preview", shown, receipt);
  await shoot("receipt");
  await window.press("dialog button", /^Close/);
});

await step("a second register on the same folder is refused", async () => {
  const second = spawn(program, ["--data", data], { env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => second.once("exit", done));
  let told = "";
  second.stderr.on("data", (bytes) => (told += bytes));
  await until("the refusal", () => told.includes("held by another register"));
  // Its notice waits for whoever sits there; told to end, it ends as if it had been closed.
  second.kill("SIGTERM");
  same("exit code", await ended, HELD);
});

await step("a cart outlives its window", async () => {
  await window.press("button", /^Next sale/);
  await window.press("button.tile", new RegExp(`^${ITEM}`));
  await window.press("button.tile", new RegExp(`^${ITEM}`));
  await window.see("aside.cart button", /^Pay\b.*[1-9]/);
  const cart = () => window.run('return document.querySelector("aside.cart .total").innerText');
  const before = await until("two in the cart", async () =>
    (await window.find("button.tile", new RegExp(`^${ITEM}.*in cart: 2`))) ? cart() : null,
  );
  await window.close();
  window = await until("the folder to be let go", () =>
    driver.open(program, ["--demo", "--data", data]),
  );
  await window.see("aside.cart button", /^Pay\b.*[1-9]/);
  same("the cart's total", await cart(), before);
  await shoot("cart-given-back");
});

await step("the window closes", () => window.close());
end(failed.length === 0 ? 0 : 1);
