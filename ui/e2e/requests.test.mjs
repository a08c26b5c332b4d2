// The whole way of a payment that an app asks for: it asks, the cashier accepts and takes the money, and
// the app's own page gets the reply. Refused, too late, and busy.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { look } from "./look.mjs";
import { openTill, SIZES, typeByHand } from "./till.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("./till.mjs").Till} */
let till;
/** The app's own web server: what its callback page was opened with. */
const replies = [];
/** @type {import("node:http").Server} */
let server;
let callback = "";
let token = "";
const WAIT_MS = 30_000;

before(async () => {
  till = await openTill();
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.searchParams.has("data")) replies.push(JSON.parse(String(url.searchParams.get("data"))));
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><html lang=en><title>Shop</title><h1>Back in the shop</h1>");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  callback = `http://127.0.0.1:${port}/paid`;
  const more = { callbacks: [callback], scopes: ["payments"], post: false, new_token: true };
  const saved = await till.ask("apps.save", { client_id: "web-shop", name: "Web shop", ...more });
  token = saved.secret;
});
after(async () => {
  server?.close();
  await till?.close();
});

let asked = 0;

/** Asks as an app does. @param {object} [more] */
async function ask(more = {}) {
  asked += 1;
  const response = await fetch(`${till.register.address}/v1/payment-requests`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      "Idempotency-Key": `e2e-${asked}`,
    },
    body: JSON.stringify({
      client_id: "web-shop",
      amount_money: { amount: 2400, currency_code: "EUR" },
      callback_url: callback,
      state: `order ${asked}`,
      ...more,
    }),
  });
  return { status: response.status, body: await response.json() };
}

/** What the app finds when it looks. @param {string} id */
async function found(id) {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${till.register.address}/v1/payment-requests/${id}`, { headers });
  return response.json();
}

/** Waits for something that another program brings about. @param {() => unknown} ready */
async function until(ready) {
  const end = Date.now() + WAIT_MS;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Gives a tap that opens a page of the shop, and the reply that it came with. @param {Page} page @param {() => Promise<void>} tap */
async function back(page, tap) {
  const before = replies.length;
  const [shop] = await Promise.all([page.context().waitForEvent("page"), tap()]);
  await shop.getByRole("heading", { name: "Back in the shop" }).waitFor();
  await shop.close();
  assert.equal(replies.length, before + 1, "the callback was opened once");
  return replies.at(-1);
}

test("accepted, paid in parts by cash and card, and the app's page gets the reply", async () => {
  const page = await till.page();
  const { status, body } = await ask({
    notes: "Order 17",
    line_items: [
      { name: "Poster", quantity: "2", base_price_money: { amount: 1200, currency_code: "EUR" } },
    ],
  });
  assert.equal(status, 201);
  const dialog = page.getByRole("dialog", { name: "Web shop asks for a payment" });
  await dialog.getByText("2 × €12.00").waitFor();
  assert.equal((await found(body.id)).reply, undefined);
  await page.keyboard.press("Enter");
  await page.getByText("For Web shop").waitFor();
  await typeByHand(page, "1000", 50);
  await page.keyboard.press("c");
  await page.getByRole("button", { name: "Approved" }).click();
  await page.getByText("Taken").waitFor();
  await page.locator(".cash .key").first().click();
  const way = page.getByRole("button", { name: "Back to Web shop" });
  await way.waitFor();
  // It is stored before anything opens.
  assert.equal((await found(body.id)).status, "completed");
  const reply = await back(page, () => way.click());
  assert.equal(reply.status, "ok");
  assert.equal(reply.state, "order 1");
  assert.deepEqual(reply.tenders.map((one) => [one.kind, one.amount]), [["card_external", 1000], ["cash", 1400]]);
  assert.equal(reply.receipt_number, (await till.newestSale()).receipt);
  assert.equal((await found(body.id)).reply.signature, reply.signature);
  await page.locator(".tile").first().waitFor();
  await page.context().close();
});

test("refused: the app hears so, and nothing is in the books", async () => {
  const page = await till.page();
  const before = await till.newestSale();
  const { body } = await ask();
  const refuse = page.getByRole("button", { name: "Refuse" });
  const reply = await back(page, () => refuse.click());
  assert.deepEqual([reply.status, reply.error_code], ["error", "payment_canceled"]);
  assert.equal(reply.transaction_id, undefined);
  assert.equal((await found(body.id)).status, "canceled");
  assert.equal((await till.newestSale()).id, before.id);
  await page.context().close();
});

test("too late: it goes from the screen, and the app finds that it expired", async () => {
  const page = await till.page();
  const { body } = await ask({ expires_at: new Date(Date.now() + 3000).toISOString() });
  await page.getByRole("dialog", { name: "Web shop asks for a payment" }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.locator(".toast", { hasText: "does not ask any more" }).waitFor();
  assert.equal((await found(body.id)).status, "expired");
  await page.context().close();
});

test("busy: another request is told so, unless it waits in the queue", async () => {
  const page = await till.page();
  const first = await ask();
  const busy = await ask();
  assert.deepEqual([busy.status, busy.body.code], [409, "could_not_perform"]);
  const queued = await ask({ options: { queue: true } });
  assert.equal(queued.status, 201);
  await page.getByText("1 more request").waitFor();
  await back(page, () => page.getByRole("button", { name: "Refuse" }).click());
  await page.getByRole("dialog", { name: "Web shop asks for a payment" }).waitFor();
  await back(page, () => page.getByRole("button", { name: "Refuse" }).click());
  for (const { body } of [first, queued]) assert.equal((await found(body.id)).status, "canceled");
  await page.context().close();
});

test("a half-filled cart is parked, and comes back whole", async () => {
  const page = await till.page();
  await till.scan(page, till.scannable(0).barcode);
  await page.locator(".cart .line").waitFor();
  const { body } = await ask({ options: { supported_tender_types: ["CASH"] } });
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("parked first").waitFor();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByText("For Web shop").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Card/ }).count(), 0);
  // The cashier changes their mind: nothing was charged, and the app hears that.
  const reply = await back(page, () => page.getByRole("button", { name: "Cancel it" }).click());
  assert.equal(reply.error_code, "payment_canceled");
  assert.equal((await found(body.id)).status, "canceled");
  await page.keyboard.press("F9");
  await page.getByRole("dialog", { name: "Parked carts" }).getByText("Before Web shop").click();
  await page.locator(".cart .line", { hasText: till.scannable(0).name }).waitFor();
  await page.keyboard.press("Shift+Delete");
  await page.context().close();
});

test("by the keyboard alone, back by itself, and without the receipt's screen for a card", async () => {
  const page = await till.page();
  await ask({ options: { auto_return: true } });
  await page.getByRole("dialog", { name: "Web shop asks for a payment" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("For Web shop").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText(/^Back to Web shop in \d seconds?/).waitFor();
  // Nothing is tapped: a browser that keeps pages from opening others says so, with a way.
  const before = replies.length;
  await until(() => replies.length > before);
  assert.equal(replies.at(-1).status, "ok");
  const { body } = await ask({ options: { skip_receipt: true } });
  await page.getByRole("dialog", { name: "Web shop asks for a payment" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("For Web shop").waitFor();
  await page.keyboard.press("c");
  await page.keyboard.press("a");
  await until(() => replies.length > before + 1);
  assert.equal(replies.at(-1).request_id, body.id);
  await page.context().close();
});

const WIDTHS = [...SIZES, { width: 1280, height: 800 }];
for (const viewport of WIDTHS) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`the screens at ${viewport.width}x${viewport.height}, ${colorScheme}`, async () => {
      const page = await till.page({ viewport, colorScheme });
      const { body } = await ask({
        notes: "Order 17, to be collected by Ada before six",
        line_items: [
          { name: "Poster, A2, matt", quantity: "2", base_price_money: { amount: 900, currency_code: "EUR" } },
          { name: "Frame", base_price_money: { amount: 600, currency_code: "EUR" } },
        ],
      });
      await page.getByRole("dialog", { name: "Web shop asks for a payment" }).waitFor();
      await look(page, "request");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await look(page, "request-later");
      await page.keyboard.press("Shift+F6");
      await page.getByRole("button", { name: "Accept" }).click();
      await page.getByText("For Web shop").waitFor();
      await look(page, "request-pay");
      await page.locator(".cash .key").first().click();
      await page.getByRole("button", { name: "Back to Web shop" }).waitFor();
      await look(page, "request-done");
      await back(page, () => page.getByRole("button", { name: "Back to Web shop" }).click());
      await page.goto(`${till.register.address}/#/apps`);
      await page.getByText("web-shop", { exact: true }).waitFor();
      await look(page, "apps");
      await page.getByRole("link", { name: /^Requests/ }).first().click();
      await page.getByText("Poster", { exact: false }).or(page.getByText("Paid").first()).first().waitFor();
      await look(page, "apps-requests");
      await page.goto(`${till.register.address}/#/apps/tokens`);
      await page.getByRole("heading", { name: "New token" }).waitFor();
      await look(page, "apps-tokens");
      assert.equal((await found(body.id)).status, "completed");
      await page.context().close();
    });
  }
}

test("a request comes over what is on the screen, and moves nothing", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await till.scan(page, till.scannable(0).barcode);
  await page.locator(".cart .line").waitFor();
  await ask();
  await page.locator(".request-notice").waitFor();
  await look(page, "request-notice");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("parked first").waitFor();
  await look(page, "request-parks");
  await back(page, () => page.getByRole("button", { name: "Refuse" }).click());
  await page.goto(`${till.register.address}/#/apps/tokens`);
  await page.getByLabel("Whose it is").fill("Kiosk at the door");
  await page.getByRole("checkbox", { name: /Ask for payments/ }).check();
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.getByRole("heading", { name: "The secret of Kiosk" }).waitFor();
  await look(page, "apps-secret");
  await page.context().close();
});

test("the register sends results by itself where the owner wants that, and says what became of them", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await page.goto(`${till.register.address}/#/apps`);
  await page.getByLabel("Name, as the cashier sees it").fill("Phone orders");
  await page.getByLabel("What it calls itself (client ID)").fill("phone-orders");
  // A port at which nobody listens.
  const away = "http://127.0.0.1:9/paid";
  await page.getByLabel("Where it hears of results, one address a line").fill(away);
  await page.getByLabel("The register sends results there by itself").check();
  await page.getByRole("button", { name: "Register it" }).click();
  await page.getByText("phone-orders", { exact: true }).waitFor();
  const data = {
    client_id: "phone-orders",
    version: "1.3",
    callback_url: away,
    state: "9",
    amount_money: { amount: 2400, currency_code: "EUR" },
  };
  const url = `countertop://payment/create?data=${encodeURIComponent(JSON.stringify(data))}`;
  const { request } = await till.ask("requests.receive_link", { url });
  const ended = await till.ask("requests.cancel", { request_id: request.id, reason: "" });
  assert.deepEqual([ended.post, ended.callback_url], [true, null]);
  await page.getByText("The register sends results to:").waitFor();
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport);
    await page.goto(`${till.register.address}/#/apps`);
    await page.getByText("phone-orders", { exact: true }).waitFor();
    await look(page, "apps-post");
    await page.getByRole("link", { name: /^Requests/ }).first().click();
    await page.getByText(/^Result not sent yet, next try/).waitFor();
    await look(page, "apps-posted");
  }
  await till.ask("apps.revoke", { client_id: "phone-orders" });
  await page.getByText(/^Result given up after/).waitFor();
  await page.context().close();
});

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
