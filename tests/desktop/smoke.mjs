// The register in its real window: it starts, sells, prints and shows the receipt.
//
//   COUNTERTOP=…/countertop xvfb-run -a dbus-run-session -- node tests/desktop/smoke.mjs
//
// TAURI_DRIVER and WEBKIT_DRIVER name the drivers, SHOTS the folder for the screenshots.

import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { cutAt, Printer, pulseIn, readable } from "./printer.mjs";
import { Driver, until } from "./webdriver.mjs";

const OVERALL_MS = 240_000;
/** Exit code of a register whose folder another one holds. */
const HELD = 3;
/** A command that changes nothing. */
const STATE = { command: "register.state", body: {}, client: "smoke" };
const ROUNDS = 10;
/** An item without variants: it asks no question. */
const ITEM = "Baguette";

const program = resolve(process.env.COUNTERTOP || "countertop");
const folder = mkdtempSync(join(tmpdir(), "countertop-smoke-"));
const data = join(folder, "data");
const shots = process.env.SHOTS || mkdtempSync(join(tmpdir(), "countertop-shots-"));
const downloads = join(folder, "Downloads");
/** Where the system's opener stands in this test, and what it was asked to open. */
const bin = join(folder, "bin");
const opened = join(folder, "opened");
// Nothing of the person who runs this is read or written.
const env = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  HOME: folder,
  XDG_DATA_HOME: join(folder, "share"),
  XDG_CACHE_HOME: join(folder, "cache"),
  XDG_CONFIG_HOME: join(folder, "config"),
};

/** The same, with a program that tells what it does. */
const told = { ...env, COUNTERTOP_LOG: "countertop=debug" };
const PIPED = ["ignore", "ignore", "pipe"];

let passed = 0;
const failed = [];
let driver;
let printer;
let window;

function end(code) {
  driver?.stop();
  printer?.stop();
  if (code === 0) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
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

/** A program whose words on standard error are waited for. */
function listenTo(child) {
  let heard = "";
  child.stderr.on("data", (bytes) => (heard += bytes));
  const ended = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));
  return { child, ended, says: (words) => until(`"${words}"`, () => heard.includes(words)) };
}

/** A link as an app opens it. */
function linkFor(state) {
  const request = {
    client_id: "smoke",
    version: "1.3",
    amount_money: { amount: 1200, currency_code: "EUR" },
    callback_url: "smoke-app://back?kept=1",
    state,
  };
  return `countertop://payment/create?data=${encodeURIComponent(JSON.stringify(request))}`;
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

mkdirSync(downloads);
mkdirSync(bin);
writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$1" >> "${opened}"\n`, { mode: 0o755 });
mkdirSync(env.XDG_CONFIG_HOME);
writeFileSync(
  join(env.XDG_CONFIG_HOME, "user-dirs.dirs"),
  `XDG_DOWNLOAD_DIR="${downloads}"\n`,
);

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
    ["plugin:deep-link|register", { protocol: "https" }],
    ["plugin:opener|open_url", { url: "https://example.com" }],
  ]) {
    const answer = await invoked(command, args);
    if (!/not allowed/.test(answer)) throw new Error(`${command}: ${answer}`);
  }
});

await step("the page cannot be changed by what it shows", async () => {
  const frozen = "return Object.isFrozen(Object.prototype)";
  same("frozen prototype", await window.run(frozen), true);
  same("a global Tauri", await window.run("return typeof window.__TAURI__"), "undefined");
  const made = 'try { return new Function("return 1")(); } catch { return "refused"; }';
  same("code made from text", await window.run(made), "refused");
});

await step("the page cannot be led elsewhere", async () => {
  const refused = await window.runAsync(`
    const done = arguments[arguments.length - 1];
    document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
    fetch("http://127.0.0.1:9/").catch(() => undefined);`);
  holds("the content policy's refusal", refused, "connect-src");
  const before = await window.run("return location.href");
  const asked = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.url);
    response.end("elsewhere");
  });
  await new Promise((done) => elsewhere.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${elsewhere.address().port}`;
  for (const attempt of [
    `location.href = "${address}/address"`,
    `window.open("${address}/window")`,
    `const link = document.createElement("a"); link.href = "${address}/link"; link.click()`,
    'location.href = "data:text/html,elsewhere"',
  ]) {
    await window.run(attempt);
    // Going elsewhere takes the same way through the program as these do, and would come first.
    for (let n = 0; n < ROUNDS; n += 1) {
      same("the register's answer", await invoked("rpc", STATE), "done");
    }
    same("the page's address", await window.run("return location.href"), before);
  }
  elsewhere.close();
  same("what was asked for elsewhere", asked.join(), "");
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
  receipt = await until("the receipt's number", () =>
    window.run('return /Receipt (\\S+) /.exec(document.querySelector("main").innerText)?.[1]'),
  );
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

await step("the receipt is saved as a PDF with the downloads", async () => {
  await window.press("button", /^PDF/);
  const saved = await until("the file", () => {
    const name = readdirSync(downloads).find((name) => name.includes(receipt));
    const bytes = name && readFileSync(join(downloads, name));
    return bytes && bytes.includes("%%EOF") ? bytes : null;
  });
  holds("the file", saved.subarray(0, 8).toString("latin1"), "%PDF-");
});

await step("a second start ends at once: the window is there already", async () => {
  const second = listenTo(spawn(program, ["--data", data], { env, stdio: PIPED }));
  same("exit code", await second.ended, 0);
});

await step("a second register on the same folder is refused", async () => {
  // In a session of its own it cannot know of the first one's window.
  const apart = { ...env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, "no-bus")}` };
  const second = listenTo(spawn(program, ["--data", data], { env: apart, stdio: PIPED }));
  await second.says("held by another register");
  // Its notice waits for whoever sits there; told to end, it ends as if it had been closed.
  second.child.kill("SIGTERM");
  same("exit code", await second.ended, HELD);
});

await step("a second start hands its link over, and the app hears that it was refused", async () => {
  const app = {
    client_id: "smoke", name: "Smoke app", callbacks: ["smoke-app://"],
    scopes: ["payments"], post: false, new_token: false,
  };
  same("the app", await invoked("rpc", { command: "apps.save", body: app, client: "smoke" }), "done");
  await window.press("button", /^Next sale/);
  const second = listenTo(spawn(program, ["--data", data, linkFor("order 1")], { env, stdio: PIPED }));
  same("exit code", await second.ended, 0);
  await window.see("dialog h2", /^Smoke app asks for a payment/);
  await shoot("request");
  await window.press("dialog button", /^Refuse/);
  const callback = await until("the callback", () => existsSync(opened) && readFileSync(opened, "utf8"));
  same("callbacks", callback.trim().split("\n").length, 1);
  holds("the callback", callback, "smoke-app://back?kept=1&data=");
  const reply = JSON.parse(decodeURIComponent(callback.trim().split("data=")[1]));
  same("the reply", `${reply.status} ${reply.error_code} ${reply.state}`, "error payment_canceled order 1");
});

await step("a link of an app that nobody registered opens nothing, and the window says so", async () => {
  const stranger = linkFor("order 2").replace("smoke%22", "stranger%22");
  const second = listenTo(spawn(program, ["--data", data, stranger], { env, stdio: PIPED }));
  same("exit code", await second.ended, 0);
  await window.see(".toast", /./);
  await shoot("stranger");
  same("callbacks", readFileSync(opened, "utf8").trim().split("\n").length, 1);
});

await step("a cart outlives its window", async () => {
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

await step("the system is told whose links are handed to this program", async () => {
  const known = join(env.XDG_DATA_HOME, "applications", `${basename(program)}-handler.desktop`);
  const words = readFileSync(known, "utf8");
  holds("the program's entry", words, "x-scheme-handler/countertop");
  if (words.includes("square-commerce-v1")) throw new Error("Square's links are taken unasked");
});

await step("a start with a link shows what it asks for, over a cart that stays as it is", async () => {
  await window.close();
  window = await until("the folder to be let go", () =>
    driver.open(program, ["--demo", "--data", data, linkFor("order 3")]),
  );
  await window.see(".request-notice", /^Smoke app asks for a payment/);
  await window.see("aside.cart button", /^Pay\b.*[1-9]/);
  await shoot("link-at-start");
});

await step("told to end, the register closes its books first", async () => {
  await window.close();
  const again = await until("a register on the folder", async () => {
    const register = listenTo(spawn(program, ["--data", data], { env: told, stdio: PIPED }));
    await Promise.race([register.says("the register is open"), register.ended]);
    return register.child.exitCode === null ? register : null;
  });
  // Its signal is heard from when the window is there; the page asks for things only then.
  await again.says("answered");
  again.child.kill("SIGTERM");
  same("exit code", await again.ended, 0);
  const left = readdirSync(data).filter((name) => /-(wal|journal)$/.test(name));
  same("logs left beside the database", left.join(), "");
});
end(failed.length === 0 ? 0 : 1);
