// The callers of the manual, as they stand there, against a real register: Node, Python, a page in the
// browser, and links that were made for Square.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { openTill } from "./till.mjs";

const MANUAL = new URL("../../.docs/pos-api/", import.meta.url);
/** @type {import("./till.mjs").Till} */
let till;
/** @type {{ origin: string, stop: () => void }} */
let site;

before(async () => {
  till = await openTill();
  site = await serveManual();
});
after(async () => {
  site?.stop();
  await till?.close();
});

/** A shop's own web server, with the files of the manual. */
async function serveManual() {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
    if (name === "square.html" || name === "back.html") {
      const page = name === "back.html" ? "<!doctype html><title>Back</title>" : squarePage();
      response.setHeader("Content-Type", "text/html").end(page);
      return;
    }
    try {
      const body = await readFile(new URL(name, MANUAL));
      const type = name.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
      response.setHeader("Content-Type", type).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${address.port}`, stop: () => void server.close() };
}

/** A page that knows only Square, with the shim in front. */
function squarePage() {
  const data = encodeURIComponent(
    JSON.stringify({
      client_id: "sandbox-square",
      version: "1.3",
      amount_money: { amount: "1099", currency_code: "EUR" },
      callback_url: `${site.origin}/back.html`,
      state: "ios 1",
      options: { supported_tender_types: ["CREDIT_CARD", "CASH", "OTHER", "SQUARE_GIFT_CARD", "CARD_ON_FILE"] },
    }),
  );
  const android = [
    "action=com.squareup.pos.action.CHARGE",
    "package=com.squareup",
    `S.com.squareup.pos.WEB_CALLBACK_URI=${encodeURIComponent(`${site.origin}/back.html`)}`,
    "S.com.squareup.pos.CLIENT_ID=sandbox-square",
    "S.com.squareup.pos.API_VERSION=v2.0",
    "i.com.squareup.pos.TOTAL_AMOUNT=1099",
    "S.com.squareup.pos.CURRENCY_CODE=EUR",
    "S.com.squareup.pos.TENDER_TYPES=com.squareup.pos.TENDER_CARD,com.squareup.pos.TENDER_CASH",
    "S.com.squareup.pos.REQUEST_METADATA=android%201",
  ];
  return `<!doctype html><html lang="en"><title>Square</title>
    <script src="shim.js" data-register="${till.register.address}"></script>
    <a href="square-commerce-v1://payment/create?data=${data}">iOS</a>
    <a href="intent:#Intent;${android.join(";")};end">Android</a>`;
}

/** Registers an app. @param {string} client_id @param {string[]} callbacks @returns {Promise<string>} */
async function app(client_id, callbacks = []) {
  const more = { scopes: ["payments"], post: false, new_token: true };
  const saved = await till.ask("apps.save", { client_id, name: client_id, callbacks, ...more });
  return saved.secret;
}

/** @param {string} program @param {string} file @param {string[]} args */
function call(program, file, args) {
  const path = fileURLToPath(new URL(file, MANUAL));
  return new Promise((resolve) => {
    execFile(program, [path, till.register.address, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, reply: stdout ? JSON.parse(stdout) : null, stderr });
    });
  });
}

for (const [program, file] of /** @type {const} */ ([
  [process.execPath, "caller.mjs"],
  [process.env.PYTHON ?? "python3", "caller.py"],
])) {
  test(`${file} is told what became of its payment, and checks who says so`, async () => {
    const id = `sandbox-${file}`;
    const token = await app(id);
    const paid = await call(program, file, [token, id, "1099", "order 1 (it's paid!)"]);
    assert.equal(paid.code, 0, paid.stderr);
    assert.equal(paid.reply.state, "order 1 (it's paid!)");
    assert.equal(paid.reply.total_money.amount, 1099);
    const again = await call(program, file, [token, id, "1099", "order 1 (it's paid!)"]);
    assert.equal(again.reply.transaction_id, paid.reply.transaction_id);
    const canceled = await call(program, file, [token, id, "1001", "order 2"]);
    assert.equal(canceled.code, 1, canceled.stderr);
    assert.equal(canceled.reply.error_code, "payment_canceled");
    const doubt = await call(program, file, [token, id, "1002", "order 3"]);
    assert.equal(doubt.code, 2, doubt.stderr);
    assert.equal(doubt.reply.transaction_id, undefined);
  });
}

test("a page in the browser asks by a link, and its reply comes back to it, signed", async () => {
  const callback = `${site.origin}/web-page.html`;
  await app("sandbox-web", [callback]);
  const { keys } = await (await fetch(`${till.register.address}/v1/keys`)).json();
  const page = await till.page();
  for (const [amount, words] of /** @type {const} */ ([
    [1099, /^Paid, receipt/],
    [1001, /^Not paid: payment_canceled/],
    [1002, /^Nobody knows yet/],
  ])) {
    const settings = new URLSearchParams({
      register: till.register.address,
      key: keys[0].x,
      amount: String(amount),
    });
    await page.goto(`${callback}?anew=${amount}#${settings}`);
    await page.getByText("Pay 10.99").click();
    await page.waitForURL(/[?&]data=/);
    await page.getByRole("status").filter({ hasText: words }).waitFor();
  }
  // Somebody else's reply is not believed.
  const forged = new URL(page.url());
  const reply = JSON.parse(String(forged.searchParams.get("data")));
  forged.searchParams.set("data", JSON.stringify({ ...reply, status: "ok" }));
  await page.goto(forged.href);
  await page.getByText("nothing was believed").waitFor();
  await page.context().close();
});

test("links that were made for Square come back in Square's own words", async () => {
  await app("sandbox-square", [`${site.origin}/back.html`]);
  const page = await till.page();
  await page.goto(`${site.origin}/square.html`);
  await page.getByText("iOS").click();
  await page.waitForURL(/back\.html\?data=/);
  const ios = JSON.parse(String(new URL(page.url()).searchParams.get("data")));
  assert.deepEqual([ios.status, ios.state, "error_code" in ios], ["ok", "ios 1", false]);
  assert.ok(ios.transaction_id && ios.client_transaction_id);
  await page.goto(`${site.origin}/square.html`);
  await page.getByText("Android").click();
  await page.waitForURL(/back\.html\?com\.squareup/);
  const android = new URL(page.url()).searchParams;
  assert.equal(android.get("com.squareup.pos.REQUEST_METADATA"), "android 1");
  assert.ok(android.get("com.squareup.pos.SERVER_TRANSACTION_ID"));
  assert.equal(android.get("com.squareup.pos.ERROR_CODE"), null);
  await page.context().close();
});
