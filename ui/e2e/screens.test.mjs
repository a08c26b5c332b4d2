// Every screen at four sizes: nothing is cut or scrolls sideways, no target is too small, and axe
// finds nothing, light, dark and in high contrast. Pictures are kept to be looked at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look } from "./look.mjs";
import { openTill, SIZES, typeByHand } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;

before(async () => {
  till = await openTill();
});
after(async () => {
  await till?.close();
});

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string[]} names */
async function fill(page, names) {
  const codes = till.products.filter(({ name, barcode }) => barcode && names.includes(name));
  for (const { barcode } of codes) {
    await till.scan(page, barcode);
  }
  await page.locator(".tile", { hasText: "Flat white" }).first().click();
  await page.locator(".tile", { hasText: "Flat white" }).first().click();
  await page.waitForFunction(
    (count) => document.querySelectorAll(".cart .line").length === count,
    codes.length + 1,
  );
  await page.waitForLoadState("networkidle");
}

for (const viewport of SIZES) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`the screens at ${viewport.width}x${viewport.height}, ${colorScheme}`, async () => {
      const page = await till.page({ viewport, colorScheme });
      const some = [0, 7, 12, 19, 26].map((index) => till.scannable(index).name);
      await fill(page, some);
      await look(page, "sell");
      if (viewport.width < 700) {
        await page.locator(".cartbar a").click();
        await page.locator(".cart.is-open").waitFor();
        await look(page, "cart");
      }
      await page.locator(".key-pay:visible, .cartbar .key-accent:visible").first().click();
      await page.getByRole("heading", { name: "Left to pay" }).waitFor();
      await look(page, "pay");
      await typeByHand(page, "500", 50);
      await page.keyboard.press("c");
      await page.getByRole("button", { name: "Approved" }).waitFor();
      await look(page, "card");
      await page.getByRole("button", { name: "Approved" }).click();
      await page.getByText("Taken").waitFor();
      await look(page, "split");
      await page.locator(".cash .key").nth(1).click();
      await page.locator(".done").getByRole("heading").waitFor();
      await look(page, "done");
      await page.getByRole("button", { name: "Show" }).click();
      await page.locator("dialog .roll").waitFor();
      await look(page, "receipt");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Next sale" }).click();

      await page.keyboard.press("F4");
      await page.locator(".item").nth(20).waitFor();
      if (viewport.width < 700) await look(page, "orders-list");
      await page.locator(".item").first().click();
      await page.locator(".order-paper .roll").waitFor();
      await look(page, "orders");
      await page.keyboard.press("F6");
      await page.getByRole("heading", { name: "So far" }).waitFor();
      await look(page, "shift");
      await page.keyboard.press("F7");
      await page.getByRole("heading", { name: "Add a device" }).waitFor();
      await look(page, "devices");
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog", { name: "All actions" }).waitFor();
      await look(page, "palette");
      await page.context().close();
    });
  }
}

test("the sheets of the Sell screen", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await page.getByRole("button", { name: /^Espresso/ }).click();
  await page.getByRole("dialog", { name: "Which Espresso?" }).waitFor();
  await look(page, "variants");
  await page.keyboard.press("Enter");
  await page.locator(".line-on", { hasText: "Espresso" }).waitFor();
  for (const [name, key, chip] of /** @type {const} */ ([
    ["quantity", /type another quantity/, null],
    ["discount", "Change the line", null],
    ["price", "Change the line", "Price"],
    ["note", "Change the line", "Note"],
    ["turn-back", "Change the line", "Comes back"],
    ["why", "Why this price", null],
  ])) {
    await page.locator(".line-tools").getByRole("button", { name: key }).click();
    await page.getByRole("dialog").waitFor();
    if (chip) {
      await page.getByRole("dialog").getByRole("button", { name: chip, exact: true }).click();
      await page.locator('.tabs [aria-pressed="true"]', { hasText: chip }).waitFor();
    }
    await look(page, name);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByRole("dialog", { name: "Categories" }).waitFor();
  await look(page, "categories");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Park this cart" }).click();
  await page.locator(".toast", { hasText: "Cart parked" }).waitFor();
  await page.keyboard.press("F9");
  await page.getByRole("dialog", { name: "Parked carts" }).getByText("Espresso").waitFor();
  await look(page, "parked");
  await page.keyboard.press("Escape");
  await page.keyboard.press("F10");
  await page.getByRole("dialog", { name: "Waiting for paper" }).waitFor();
  await look(page, "prints");
  await page.context().close();
});

test("high contrast, right to left and larger text keep every screen whole", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 }, contrast: "more" });
  await fill(page, [till.scannable(0).name, till.scannable(1).name]);
  await look(page, "contrast-sell");
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
    document.documentElement.style.fontSize = "125%";
  });
  for (const screen of ["sell", "pay", "orders", "shift", "devices"]) {
    await page.goto(`${till.register.address}/#/${screen}`);
    await page.locator("h1").waitFor({ state: "attached" });
    await look(page, `rtl-${screen}`);
  }
  await page.context().close();
});

test("no shift, no sale: the Sell screen asks for the float, and closing says how it went", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  const { shift } = await till.ask("register.state", {});
  await page.keyboard.press("F6");
  await page.getByRole("heading", { name: "So far" }).waitFor();
  await page.keyboard.press("Alt+c");
  await page.getByRole("heading", { name: "Cash in the drawer" }).waitFor();
  await page.getByRole("button", { name: "As a sum" }).click();
  await typeByHand(page, String(shift.expected - 150), 50);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog", { name: "Close the shift?" }).waitFor();
  await look(page, "close-shift");
  await page.keyboard.press("Enter");
  await page.getByText("Short").first().waitFor();
  assert.match(await page.locator(".closed .total").innerText(), /Short\s+−€1\.50/);
  await look(page, "shift-closed");
  await page.keyboard.press("F3");
  await page.getByRole("heading", { name: "Open the shift" }).waitFor();
  await look(page, "open-shift");
  await typeByHand(page, "15000", 50);
  await page.keyboard.press("Enter");
  await page.locator(".tile").first().waitFor();
  await page.context().close();
});

test("300 lines come in without a task over 50 ms", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  const items = await till.ask("catalog.search", { text: "flat white" });
  const variant = items.tiles[0].variant_id;
  // Lines of one item stay apart by their notes, so that any store can fill a long cart.
  const client = await page.evaluate(() => localStorage.getItem("countertop.client"));
  const ask = (/** @type {string} */ command, /** @type {object} */ request) =>
    fetch(`${till.register.address}/rpc/${command}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Countertop-Client": String(client) },
      body: JSON.stringify(request),
    }).then((response) => response.json());
  const basket_id = (await ask("basket.current", {})).id;
  for (let index = 0; index < 280; index += 1) {
    const { line_id } = await ask("basket.add", {
      basket_id,
      variant_id: variant,
      quantity: null,
      price: null,
    });
    await ask("basket.set_note", { basket_id, line_id, note: `cup ${index + 1}` });
  }
  await page.reload();
  await page.locator(".lines-windowed").waitFor();
  await page.evaluate(() => {
    Object.assign(window, { longTasks: [] });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window["longTasks"].push(entry.duration);
    }).observe({ type: "longtask" });
  });
  const codes = till.products.filter(({ barcode, unit }) => barcode && unit === "piece");
  const wanted = [...new Set(codes.map(({ barcode }) => barcode))].slice(0, 20);
  // A machine that stands still for a moment makes one round's tasks long, a slow page every round's.
  const long = [];
  let scanned = 0;
  for (const code of wanted) {
    await till.scan(page, code);
    scanned += 1;
    if (scanned % 5 > 0) continue;
    await page.getByText(`${280 + scanned} lines`).first().waitFor();
    long.push(await page.evaluate(() => window["longTasks"].splice(0)));
  }
  const shown = await page.locator(".cart .line").count();
  assert.ok(shown < 80, `${shown} rows are on the page`);
  await page.locator(".line-on").waitFor();
  assert.ok(await page.locator(".line-on").isVisible(), "the newest line is in sight");
  assert.ok(long.some((tasks) => tasks.length === 0), `each round has long tasks: ${JSON.stringify(long)}`);
  await look(page, "long-cart");
  await page.context().close();
});

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
