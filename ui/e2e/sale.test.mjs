// Sales from the first tap to the sale on disk, through the real page and the real register.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openTill, typeByHand } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;

before(async () => {
  till = await openTill();
});
after(async () => {
  await till?.close();
});

/** @typedef {import("playwright-core").Page} Page */

/** As in src/scan/wedge.ts. */
const SCAN_ECHO_MS = 250;

/** @param {Page} page */
const lines = (page) => page.locator(".cart .line .name");
/** @param {Page} page */
const total = (page) => page.locator(".cart .total").innerText();
/** A simple tile: one variant with a price, by the piece. @param {Page} page @param {string} name */
const tile = (page, name) => page.getByRole("button", { name: new RegExp(`^${name} €`) });

test("a sale by touch: two tiles, a round note, the change, and on to the next", async () => {
  const page = await till.page({ hasTouch: true, viewport: { width: 1024, height: 768 } });
  await tile(page, "Flat white").tap();
  await tile(page, "Flat white").tap();
  await tile(page, "Filter coffee").tap();
  await page.locator(".cart .line", { hasText: "2 ×" }).waitFor();
  assert.deepEqual(await lines(page).allInnerTexts(), ["Flat white", "Filter coffee"]);
  assert.equal(await total(page), "€10.10");

  await page.locator(".cart").getByRole("button", { name: "Pay" }).tap();
  await page.getByRole("button", { name: "€20 change €9.90" }).tap();
  await page.getByRole("heading", { name: "Change due" }).waitFor();
  assert.equal(await page.locator(".done .figure").innerText(), "€9.90");

  const sale = await till.newestSale();
  assert.equal(sale.total, 1010);
  assert.equal(sale.change, 990);
  assert.deepEqual(sale.lines.map((/** @type {any} */ line) => line.quantity), [2000, 1000]);

  await page.getByRole("button", { name: "Next sale" }).tap();
  await page.getByText("The cart is empty").waitFor();
  await page.context().close();
});

test("a sale by keyboard alone: search, add, one more, part by card, the rest in cash", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  const key = (/** @type {string} */ name) => page.keyboard.press(name);
  await key("/");
  await typeByHand(page, "flat whi");
  await page.getByRole("status").filter({ hasText: "1 match" }).waitFor();
  await key("Enter");
  await page.locator(".line-on", { hasText: "Flat white" }).waitFor();
  // Out of the search field: the signs are for the line again.
  await key("Tab");
  await typeByHand(page, "+");
  await page.locator(".line-on", { hasText: "2 ×" }).waitFor();
  await key("F12");
  await page.getByRole("heading", { name: "Left to pay" }).waitFor();
  await typeByHand(page, "500");
  await page.locator("output", { hasText: "€5.00" }).waitFor();
  await key("c");
  await page.getByText("Type the amount on the terminal").waitFor();
  await key("a");
  await page.locator(".due", { hasText: "€2.20" }).waitFor();
  await key("Enter");
  await page.getByRole("heading", { name: "Paid" }).waitFor();
  await key("Enter");
  await page.getByText("The cart is empty").waitFor();

  const sale = await till.newestSale();
  assert.equal(sale.total, 720);
  assert.deepEqual(
    sale.tenders.map((/** @type {any} */ tender) => [tender.kind, tender.amount]),
    [
      ["card_external", 500],
      ["cash", 220],
    ],
  );
  await page.context().close();
});

for (const gap of [5, 30]) {
  test(`a scan at ${gap} ms a character while the search has the focus goes to the cart`, async () => {
    const page = await till.page({ viewport: { width: 1024, height: 768 } });
    const [one, other] = [till.scannable(0), till.scannable(1)];
    const search = page.getByRole("searchbox", { name: "Search or scan" });
    await search.click();
    await typeByHand(page, "oat", 80);
    await till.scan(page, one.barcode, gap);
    await page.locator(".cart .line", { hasText: one.name.split(",")[0] }).first().waitFor();
    await till.scan(page, other.barcode, gap);
    await page.locator(".cart .line").nth(1).waitFor();
    assert.equal(await search.inputValue(), "oat");

    // With the focus on a key, the Enter of a scan must not press it.
    await page.locator(".cart").getByRole("button", { name: "Park this cart" }).focus();
    await till.scan(page, one.barcode, gap);
    await page.locator(".cart .line", { hasText: "2 ×" }).waitFor();
    assert.equal(await lines(page).count(), 2);

    // An Enter right after a scan belongs to the scan: nobody is that fast.
    await page.waitForTimeout(SCAN_ECHO_MS);
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "Left to pay" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".done").getByRole("heading").waitFor();
    const sale = await till.newestSale();
    assert.deepEqual(
      sale.lines.map((/** @type {any} */ line) => line.quantity),
      [2000, 1000],
    );

    // A scan starts the next sale too.
    await till.scan(page, other.barcode, gap);
    await page.locator(".cart .line").first().waitFor();
    assert.equal(await lines(page).count(), 1);
    await page.context().close();
  });
}

test("typing quickly by hand is never taken for a scanner", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  const search = page.getByRole("searchbox", { name: "Search or scan" });
  await search.click();
  await typeByHand(page, "sourdough", 50);
  assert.equal(await search.inputValue(), "sourdough");
  await page.locator(".tile", { hasText: "Sourdough" }).first().waitFor();
  assert.equal(await lines(page).count(), 0);
  await page.keyboard.press("Escape");
  assert.equal(await search.inputValue(), "");
  await page.context().close();
});

test("an unknown barcode is named, and the cart stays as it is", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await tile(page, "Flat white").click();
  await lines(page).first().waitFor();
  await till.scan(page, "96385074");
  await page.locator(".toast", { hasText: "96385074" }).waitFor();
  assert.equal(await lines(page).count(), 1);
  await page.context().close();
});

test("a parked cart comes back, and so does what Undo takes back", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await tile(page, "Flat white").click();
  await lines(page).first().waitFor();
  await page.keyboard.press("F8");
  await page.getByText("The cart is empty").waitFor();
  await tile(page, "Filter coffee").click();
  await lines(page).first().waitFor();
  await page.locator(".line-tools").getByRole("button", { name: "Remove line" }).click();
  await page.getByText("Filter coffee removed").waitFor();
  await page.getByRole("button", { name: "Undo: Filter coffee removed" }).click();
  await page.locator(".cart .line", { hasText: "Filter coffee" }).waitFor();
  await page.keyboard.press("Shift+Delete");
  await page.getByText("Cart cleared").waitFor();
  await page.keyboard.press("F9");
  await page.getByRole("dialog", { name: "Parked carts" }).getByText("Flat white").click();
  await page.locator(".cart .line", { hasText: "Flat white" }).waitFor();
  await page.keyboard.press("Shift+Delete");
  await page.context().close();
});

test("loading the page again gives the cart back", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await tile(page, "Flat white").click();
  await tile(page, "Filter coffee").click();
  await lines(page).nth(1).waitFor();
  const before = await total(page);
  await page.reload();
  await lines(page).nth(1).waitFor();
  assert.equal(await total(page), before);
  assert.deepEqual(await lines(page).allInnerTexts(), ["Flat white", "Filter coffee"]);
  await page.context().close();
});

test("another price and a note show on their line", async () => {
  const page = await till.page({ viewport: { width: 1024, height: 768 } });
  await tile(page, "Flat white").click();
  await page.locator(".line-tools").getByRole("button", { name: "Change the line" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Price", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Another price for Flat white" });
  await typeByHand(page, "300");
  await sheet.getByRole("button", { name: "End of day" }).click();
  await sheet.getByRole("button", { name: "Set the price" }).click();
  await page.locator(".cart .line", { hasText: "End of day" }).waitFor();
  assert.equal(await total(page), "€3.00");
  await page.locator(".line-tools").getByRole("button", { name: "Change the line" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("dialog", { name: "Note for Flat white" }).waitFor();
  await typeByHand(page, "extra hot");
  await page.keyboard.press("Enter");
  await page.locator(".cart .line", { hasText: "“extra hot”" }).waitFor();
  await page.context().close();
});

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
