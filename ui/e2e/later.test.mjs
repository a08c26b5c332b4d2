// Screens that are fetched when they are first gone to, by a tablet that loses its connection.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look } from "./look.mjs";
import { openTill, SIZES } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;

before(async () => {
  till = await openTill();
});
after(async () => {
  await till?.close();
});

test("a screen that cannot be fetched says so, selling goes on, and it comes when it can", async () => {
  for (const viewport of SIZES) {
    const page = await till.page({ viewport });
    /** @type {string[]} */
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    await page.route(/\/assets\/Prices-.*\.js$/, (route) => route.abort("internetdisconnected"));
    await page.keyboard.press("Shift+F3");
    const sorry = page.getByRole("alert").getByText("This screen did not arrive");
    await sorry.waitFor();
    assert.equal(fetched.filter((url) => url.includes("/assets/Prices-")).length, 1);
    await look(page, "not-fetched");
    await page.keyboard.press("F3");
    await page.locator(".tile", { hasText: "Flat white" }).first().click();
    await page.locator(".cart .line, .cartbar").first().waitFor({ state: "attached" });
    await page.keyboard.press("Shift+F3");
    await sorry.waitFor();
    await page.unroute(/\/assets\/Prices-.*\.js$/);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Prices" }).waitFor({ state: "attached" });
    await sorry.waitFor({ state: "detached" });
    await page.context().close();
  }
  // What the browser says of the fetches that were cut off here.
  const cut = (/** @type {string} */ words) => words.includes("ERR_INTERNET_DISCONNECTED");
  assert.ok(till.complaints.some(cut));
  till.complaints = till.complaints.filter((words) => !cut(words));
});

test("the page that sells fetches no other screen", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".js")),
  );
  assert.ok(scripts.length > 0);
  const others = /\/(Orders|Customers|Shift|Prices|Channels|Devices|Apps|Settings)-/;
  assert.deepEqual(scripts.filter((name) => others.test(name)), []);
  await page.keyboard.press("F7");
  await page.getByRole("heading", { name: "Add a device" }).waitFor();
  await page.context().close();
});
