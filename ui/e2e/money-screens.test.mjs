// The screens of money at four sizes, light and dark: nothing is cut or scrolls sideways, no target
// is too small, and axe finds nothing.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { look } from "./look.mjs";
import { moneySale } from "./money.mjs";
import { openTill, SIZES } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;
/** @type {any} */
let sale;
/** @type {any} */
let closed;

before(async () => {
  till = await openTill();
  const { drawer, shift } = await till.ask("register.state", {});
  const counts = drawer.map((/** @type {any} */ { currency }, /** @type {number} */ index) => ({
    currency,
    counted: index === 0 ? shift.expected - 250 : 0,
    pieces: null,
  }));
  closed = await till.ask("shift.close", { counts });
  await till.ask("shift.open", { float: 15_000, pieces: null, foreign: null, business_day: null });
  sale = await moneySale(till, ["Flat white", "Filter coffee"], "card_external");
});
// A page that is still open belongs to a test that failed.
afterEach(() => till.picture("money-screens"));
after(async () => {
  await till?.close();
});

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} shown @param {string} name */
async function sheet(page, shown, name) {
  await page.getByRole("dialog", { name: shown }).waitFor();
  await page.waitForLoadState("networkidle");
  await look(page, name);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

for (const viewport of SIZES) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const size = `${viewport.width}x${viewport.height}, ${colorScheme}`;

    test(`paying and paying back at ${size}`, async () => {
      const page = await till.page({ viewport, colorScheme });
      await page.goto(`${till.register.address}/#/orders/${sale.id}`);
      await page.getByRole("button", { name: "Refund or exchange" }).click();
      const refund = page.getByRole("dialog");
      await refund.getByRole("button", { name: "Everything" }).click();
      await look(page, "refund");
      await refund.getByRole("button", { name: "Pay back" }).click();
      await page.locator(".pay-back .tender").waitFor();
      await look(page, "pay-back");
      await page.keyboard.press("Escape");
      await page.locator(".tile").first().waitFor();
      await page.keyboard.press("Shift+Delete");
      await page.locator(".tile", { hasText: "Flat white" }).first().click();
      await page.locator(".cart .undo", { hasText: "Flat white added" }).waitFor({ state: "attached" });
      for (const [key, shown, name] of /** @type {const} */ ([
        ["Control+u", "Who buys?", "who-buys"],
        ["Control+d", "Discount on the cart", "discount-cart"],
        ["Control+b", "Coupons", "coupons"],
        ["Control+g", "Sell a gift card", "gift-card"],
        ["Control+h", "Set this cart aside", "hold"],
        ["Control+Delete", "Void this cart?", "void"],
      ])) {
        await page.keyboard.press(key);
        await sheet(page, shown, name);
      }
      await page.keyboard.press("F12");
      await page.getByRole("heading", { name: "Left to pay" }).waitFor();
      for (const [key, shown, name] of /** @type {const} */ ([
        ["t", "Tip", "tip"],
        ["f", "Foreign cash", "foreign"],
        ["g", "Pay with a gift card", "use-gift-card"],
        ["v", "Voucher", "voucher"],
        ["Alt+b", "Transfer", "transfer"],
      ])) {
        await page.keyboard.press(key);
        await sheet(page, shown, name);
      }
      await page.getByRole("heading", { name: "Waits for the money" }).waitFor();
      await look(page, "pay-waiting");
      await page.context().close();
    });

    test(`shift, customers, prices and settings at ${size}`, async () => {
      const page = await till.page({ viewport, colorScheme });
      const go = async (/** @type {string} */ where, /** @type {string} */ ready) => {
        await page.goto(`${till.register.address}/#/${where}`);
        await page.locator(ready).first().waitFor();
        await page.waitForLoadState("networkidle");
        await look(page, where.replace(closed.shift_id, "z").replace("/", "-"));
      };
      await go("shift", ".moves");
      await page.keyboard.press("Alt+i");
      await sheet(page, "Pay in", "pay-in");
      await page.keyboard.press("Alt+x");
      await sheet(page, "X report", "x-report");
      await go("shift/count", ".denom");
      await go("shift/closed", ".item");
      await go(`shift/${closed.shift_id}`, ".report");
      await go("customers", ".item");
      await go("prices", "main h1");
      for (const part of ["shop", "taxes", "positions", "ways", "cash"]) {
        await go(`settings/${part}`, "main .scroll input, main .scroll button");
      }
      await page.context().close();
    });
  }
}

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
