// A shop's day with a web shop beside it, with its own twin: connected by keyboard alone, read while the
// till sells, told of a sale; its orders come in, are fetched and handed over; what is wrong is solved,
// set aside, taken up. Every screen of it at four sizes.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { look } from "./look.mjs";
import { openTill, SIZES } from "./till.mjs";
import { KEY, WebShop } from "./shops.mjs";
import { Walk } from "./walk.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("./till.mjs").Till} */
let till;
/** @type {WebShop} */
let shop;

before(async () => {
  [till, shop] = await Promise.all([openTill(), WebShop.open(40)]);
});
// A page that is still open belongs to a test that failed.
afterEach(() => till.picture("channels"));
after(async () => {
  shop?.close();
  await till?.close();
});

/** Asks until something is so. @template T @param {string} what @param {() => Promise<T | null | false | undefined>} ask */
async function until(what, ask) {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}

async function channel() {
  const { channels } = await till.ask("channels.list", {});
  return channels[0];
}

/** Everything is read, and nothing waits. */
function inStep() {
  return until("the web shop to be in step", async () => {
    const now = await channel();
    return now.state === "in_step" && now.waiting === 0 && now.items > 0 && now;
  });
}

async function sync() {
  const { id } = await channel();
  await till.ask("channels.sync", { channel_id: id });
}

/** Goes to a screen by its address. @param {Page} page @param {string} hash */
async function go(page, hash) {
  await page.evaluate((to) => (location.hash = to), hash);
}

/** @param {Page} page @param {string} name @param {(page: Page) => Promise<void>} [ready] */
async function pictures(page, name, ready = async () => {}) {
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport);
    await ready(page);
    await look(page, name);
  }
  await page.setViewportSize(/** @type {any} */ (SIZES[0]));
}

test("a shop is connected by keyboard alone, after a test that says what is wrong", async () => {
  const page = await till.page({ viewport: SIZES[0] });
  const walk = new Walk(page);
  await page.keyboard.press("Shift+F2");
  await page.getByText("No web shop is connected").waitFor();
  await pictures(page, "channels-none");
  await walk.go(page.getByRole("link", { name: "Connect a shop" }));
  const field = (/** @type {string} */ label) => page.getByLabel(label, { exact: true });
  await field("What you call it").waitFor();
  await pictures(page, "channels-form");
  await field("What you call it").focus();
  await walk.type("Online");
  await walk.tabTo(field("Address"));
  await walk.type(shop.url);
  await walk.tabTo(page.getByLabel(/^consumer key and secret/i));
  await walk.type("ck_wrong:cs_wrong");
  await walk.tabTo(page.locator("summary", { hasText: "More settings" }));
  await walk.press("Enter");
  await walk.tabTo(page.getByRole("checkbox", { name: /in our own network/ }));
  await walk.press("Space");
  await page.getByRole("button", { name: "Test connection" }).focus();
  await walk.press("Enter");
  await page.locator(".shop-form .neg").first().waitFor();
  await pictures(page, "channels-tested");

  await page.locator("input[type=password]").first().fill(KEY);
  await page.getByRole("button", { name: "Test connection" }).focus();
  await walk.press("Enter");
  await page.getByText(/^Works: /).waitFor();
  await page.getByRole("button", { name: "Connect", exact: true }).focus();
  await walk.press("Enter");
  await page.getByRole("heading", { name: "Online" }).waitFor();
  await inStep();
  await page.getByText("In step").waitFor();
  await pictures(page, "channels");
  assert.deepEqual(till.complaints, []);
  await page.context().close();
});

test("what is sold here is one order there", async () => {
  const page = await till.page({ viewport: SIZES[0] });
  await till.scan(page, "200000000001");
  await page.locator(".cart .line", { hasText: "Product CUP-1" }).waitFor();
  await page.keyboard.press("F12");
  // By touch: an Enter so soon after a scan is the scanner's.
  await page.locator(".cash .key").first().click();
  await new Walk(page).done();
  await until("the order", async () => (await shop.happens("ours")) === "ours 1");
  const now = await inStep();
  assert.equal(now.unmatched, 0);
  assert.equal(await shop.happens("ours"), "ours 1");
  await go(page, `#/channels/${now.id}:queue`);
  await page.getByText(/^Sale /).waitFor();
  await pictures(page, "channels-queue");
  await page.context().close();
});

test("an order of the shop comes in with a sound, and is fetched by its code", async () => {
  const page = await till.page({ viewport: SIZES[0] });
  // The page asks once what waits; what comes from now on is new.
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => {
    const real = AudioContext.prototype.createOscillator;
    Object.assign(window, { notes: 0 });
    AudioContext.prototype.createOscillator = function () {
      /** @type {any} */ (window).notes += 1;
      return real.call(this);
    };
  });
  const id = (await shop.happens("collect CUP-2 2")).replace("order ", "");
  await sync();
  await page.locator(".toast", { hasText: `New order ${id} of Online` }).waitFor();
  await page.waitForFunction(() => /** @type {any} */ (window).notes === 2);
  await go(page, "#/orders/web");
  await page.getByRole("list", { name: "Orders of web shops" }).getByText(id).waitFor();
  await pictures(page, "web-orders");

  // The customer shows the code while something else is being rung up.
  await go(page, "#/sell");
  await page.locator(".tile").first().waitFor();
  await till.scan(page, `#${id}`);
  await page.getByRole("heading", { name: `Order ${id}` }).waitFor();
  await pictures(page, "web-order");
  await page.getByRole("button", { name: "Ready", exact: true }).click();
  await page.getByRole("button", { name: "Hand over" }).click();
  await page.locator(".toast", { hasText: `Order ${id}: Collected` }).waitFor();
  await until("the shop to hear of it", async () => (await shop.happens(`status ${id}`)) === "status completed");
  await inStep();

  // The customer brings one back.
  await page.getByRole("button", { name: "Take goods back" }).click();
  const form = page.getByRole("form", { name: "Take goods back" });
  await form.getByRole("button", { name: "One less" }).click();
  await pictures(page, "web-return");
  await form.getByRole("button", { name: "They are back" }).click();
  await page.getByText("1 came back").waitFor();
  await go(page, "#/channels");
  const todo = page.getByRole("list", { name: "To do in Online" });
  await todo.getByText("Money is to be given back").waitFor();
  await todo.getByRole("listitem").filter({ hasText: "Money" }).getByRole("button", { name: "Set aside" }).click();
  await todo.waitFor({ state: "detached" });
  assert.deepEqual(till.complaints, []);
  await page.context().close();
});

test("what nobody can match is set aside, taken up, and solved by keyboard", async () => {
  const page = await till.page({ viewport: SIZES[0] });
  // Two items here have the article number of one that is new in the shop.
  for (const name of ["Blue bowl", "Green bowl"]) {
    const variant = { options: [], sku: "BOWL", price: 500, barcodes: [], tracks_stock: true };
    await till.ask("products.save", {
      name, unit: "piece", tax_class: "", images: [], favourite: false, variants: [variant],
    });
  }
  await shop.happens("add BOWL 4");
  await sync();
  await until("the to-do", async () => (await channel()).problems > 0);
  await go(page, "#/channels");
  const todo = page.getByRole("list", { name: "To do in Online" });
  await todo.getByText("More than one item fits").waitFor();
  await pictures(page, "channels-todo");

  const walk = new Walk(page);
  await todo.getByRole("button", { name: "Set aside" }).focus();
  await walk.press("Enter");
  const aside = page.locator("summary", { hasText: "2 set aside" });
  await aside.waitFor();
  await page.waitForFunction(() => document.activeElement !== document.body);
  await aside.focus();
  await walk.press("Enter");
  await pictures(page, "channels-aside");
  const mine = page.getByRole("listitem").filter({ hasText: "More than one item fits" });
  await mine.getByRole("button", { name: "Take up again" }).focus();
  await walk.press("Enter");
  await todo.getByRole("button", { name: "Choose item" }).focus();
  await walk.press("Enter");
  await walk.type("green bowl");
  await page.locator(".choice", { hasText: "Green bowl" }).waitFor();
  await pictures(page, "channels-choose");
  await walk.press("ArrowDown", "Enter");
  await page.locator(".toast", { hasText: "Green bowl" }).waitFor();
  await todo.waitFor({ state: "detached" });
  const { id, unmatched } = await channel();
  assert.equal(unmatched, 0);
  await go(page, `#/channels/${id}:names`);
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByText("Stands for Green bowl, BOWL").waitFor();
  await pictures(page, "channels-names");
  assert.deepEqual(till.complaints, []);
  await page.context().close();
});
