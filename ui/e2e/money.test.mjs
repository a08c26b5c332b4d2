// What decides an amount, from the page to the sale in the books: by touch, then by keyboard alone.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { promisify } from "node:util";
import { add, cart, moneySale, openDialog, search, tenders } from "./money.mjs";
import { openTill, typeByHand } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;

before(async () => {
  till = await openTill();
});
// A page that is still open belongs to a test that failed.
afterEach(() => till.picture("money"));
after(async () => {
  await till?.close();
});

/** @typedef {import("playwright-core").Page} Page */

const DESK = { viewport: { width: 1024, height: 768 } };
const touch = () => till.page({ ...DESK, hasTouch: true });
const desk = () => till.page(DESK);

/** @param {Page} page @param {string} expected */
async function total(page, expected) {
  await page.locator(".cart .total", { hasText: expected }).waitFor();
}

test("a discount on a line and one on the cart, each in the line's own words for its price", async () => {
  const page = await touch();
  await add(page, "Flat white");
  await page.getByRole("button", { name: "Change the line" }).tap();
  const off = page.getByRole("dialog", { name: "Discount on Flat white" });
  await off.getByRole("button", { name: "10 %", exact: true }).tap();
  await off.getByRole("button", { name: "Damaged" }).tap();
  await off.getByRole("button", { name: "Give the discount" }).tap();
  await total(page, "€3.24");
  await page.getByRole("button", { name: "More for this cart" }).tap();
  await page.getByRole("button", { name: "Discount on the cart" }).tap();
  const all = page.getByRole("dialog", { name: "Discount on the cart" });
  await all.getByRole("button", { name: "Amount", exact: true }).tap();
  for (const digit of ["1", "0", "0"]) {
    await all.getByRole("button", { name: digit, exact: true }).tap();
  }
  await all.getByRole("button", { name: "Give the discount" }).tap();
  await total(page, "€2.24");
  await page.getByRole("button", { name: "Why this price" }).tap();
  const why = page.getByRole("dialog", { name: "Why Flat white costs this" });
  const row = (/** @type {string} */ text) => why.getByRole("row").filter({ hasText: text });
  assert.match(await row("Price on the label").innerText(), /€3\.60/);
  assert.match(await row("Discount, Damaged").innerText(), /−€0\.36\s+€3\.24/);
  assert.match(await row("Share of the discount on the cart").innerText(), /−€1\.00\s+€2\.24/);
  assert.match(await row("What it comes to").innerText(), /€2\.24/);
  await page.context().close();
});

test("a voided cart asks for a reason, and the report counts it", async () => {
  const page = await touch();
  const { voids } = await till.ask("shift.x", {});
  await add(page, "Flat white");
  await page.getByRole("button", { name: "More for this cart" }).tap();
  await page.getByRole("button", { name: "Void the cart" }).tap();
  const sheet = page.getByRole("dialog", { name: "Void this cart?" });
  assert.ok(await sheet.getByRole("button", { name: "Void the cart" }).isDisabled());
  await sheet.getByRole("button", { name: "Customer left" }).tap();
  await sheet.getByRole("button", { name: "Void the cart" }).tap();
  await page.getByText("The cart is empty").waitFor();
  assert.equal((await till.ask("shift.x", {})).voids, voids + 1);
  await page.context().close();
});

test("a tip, then cash, a card and a gift card settle one sale together", async () => {
  const code = "GIFT-E2E-1";
  const page = await touch();
  const id = crypto.randomUUID();
  await till.ask("credit.issue", { id, kind: "gift_card", code, amount: 2000, reason: "Prize" });
  for (const name of ["Flat white", "Flat white", "Filter coffee"]) await add(page, name);
  await total(page, "€10.10");
  await cart(page).getByRole("button", { name: "Pay", exact: false }).last().tap();
  await page.getByRole("button", { name: "Tip", exact: true }).tap();
  await page.getByRole("dialog", { name: "Tip" }).getByRole("button", { name: "10 %" }).tap();
  await page.locator(".due", { hasText: "€11.11" }).waitFor();
  const pad = page.getByRole("region", { name: "Part amount" });
  for (const digit of ["5", "00"]) await pad.getByRole("button", { name: digit, exact: true }).tap();
  const way = (/** @type {RegExp} */ name) => page.locator(".tenders").getByRole("button", { name });
  await way(/^Cash/).tap();
  await page.locator(".due", { hasText: "€6.11" }).waitFor();
  for (const digit of ["3", "00"]) await pad.getByRole("button", { name: digit, exact: true }).tap();
  await way(/^Card/).tap();
  await page.getByRole("button", { name: "Approved" }).tap();
  await page.locator(".due", { hasText: "€3.11" }).waitFor();
  await way(/^Gift card/).tap();
  const card = page.getByRole("dialog", { name: "Pay with a gift card" });
  await card.getByRole("textbox").fill(code);
  await card.getByRole("button", { name: "Show the balance" }).tap();
  await card.getByText("€16.89 stays on it.").waitFor();
  await card.getByRole("button", { name: "Use €3.11" }).tap();
  await page.locator(".done").getByText("Tip €1.01").waitFor();
  const sale = await till.newestSale();
  assert.deepEqual([sale.total, sale.tip, sale.change], [1010, 101, 0]);
  assert.deepEqual(tenders(sale), [
    ["cash", 500],
    ["card_external", 300],
    ["gift_card", 311],
  ]);
  const { balance } = await till.ask("credit.get", { kind: "gift_card", code });
  assert.equal(balance, 1689);
  await page.context().close();
});

test("pounds pay for a sale in euros, and the change is in euros", async () => {
  const page = await touch();
  await add(page, "Flat white");
  await page.keyboard.press("F12");
  await page.getByRole("button", { name: "Foreign cash" }).tap();
  const sheet = page.getByRole("dialog", { name: "Foreign cash" });
  await sheet.getByText("1 GBP = 1.14 EUR").waitFor();
  for (const digit of ["1", "0", "00"]) {
    await sheet.getByRole("button", { name: digit, exact: true }).tap();
  }
  await sheet.getByText("Worth €11.40, change €7.80").waitFor();
  await sheet.getByRole("button", { name: "Take it" }).tap();
  await page.getByRole("heading", { name: "Change due" }).waitFor();
  const sale = await till.newestSale();
  assert.equal(sale.change, 780);
  assert.deepEqual(
    sale.tenders.map((/** @type {any} */ tender) => tender.foreign),
    [{ currency: "GBP", exponent: 2, rate: "1.14", received: 1000 }],
  );
  await page.context().close();
});

for (const [way, begins, holds] of /** @type {const} */ ([
  ["Transfer", "BCD\n", "\nEUR3.6"],
  ["Wallet", "000201", "5303978"],
])) {
  test(`the code of a ${way} payment is read from the screen, and waits for the money`, async () => {
    const page = await touch();
    const { orders } = await till.ask("orders.find", { text: "", after: null });
    await add(page, "Flat white");
    await page.keyboard.press("F12");
    await page.locator(".tenders").getByRole("button", { name: new RegExp(`^${way}`) }).tap();
    const sheet = page.getByRole("dialog");
    const picture = join(till.data, `${way}.png`);
    await sheet.locator(".qr").screenshot({ path: picture });
    const read = await decode(picture);
    if (read !== null) {
      assert.ok(read.startsWith(begins), read);
      assert.ok(read.includes(holds), read);
    }
    await sheet.getByRole("button", { name: "Not yet" }).tap();
    await page.getByRole("heading", { name: "Waits for the money" }).waitFor();
    const since = await till.ask("orders.find", { text: "", after: null });
    assert.equal(since.orders[0].id, orders[0].id, "nothing is sold before the money is there");
    await page.locator(".live").getByRole("button", { name: "Received" }).tap();
    await page.locator(".done").waitFor();
    assert.notEqual((await till.newestSale()).id, orders[0].id);
    await page.context().close();
  });
}

test("one line of a sale goes back the way it was paid, and no further", async () => {
  const sale = await moneySale(till, ["Flat white", "Filter coffee"], "card_external");
  const page = await touch();
  await page.goto(`${till.register.address}/#/orders/${sale.id}`);
  await page.getByRole("button", { name: "Refund or exchange" }).tap();
  const sheet = page.getByRole("dialog");
  const flat = sheet.locator(".refund-line", { hasText: "Flat white" });
  await flat.getByRole("button", { name: "One more" }).tap();
  await sheet.getByRole("button", { name: "Faulty" }).tap();
  await sheet.getByRole("button", { name: "Pay back" }).tap();
  await page.getByRole("heading", { name: "To pay back" }).waitFor();
  await page.getByRole("button", { name: /^Card.*€3\.60/ }).tap();
  await page.getByRole("button", { name: "Approved" }).tap();
  await page.getByRole("heading", { name: "Paid back" }).waitFor();
  const refund = await till.newestSale();
  assert.equal(refund.total, -360);
  assert.deepEqual(tenders(refund), [["card_external", -360]]);
  const { lines } = await till.ask("orders.returnable", { sale_id: sale.id });
  assert.deepEqual(
    lines.map((/** @type {any} */ line) => [line.name, line.left]),
    [
      ["Flat white", 0],
      ["Filter coffee", 1000],
    ],
  );
  await page.context().close();
});

test("an exchange is one ticket: only the difference is paid", async () => {
  const sale = await moneySale(till, ["Filter coffee"], "cash");
  const page = await touch();
  await page.goto(`${till.register.address}/#/orders/${sale.id}`);
  await page.getByRole("button", { name: "Refund or exchange" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "Into the cart, to exchange" }).tap();
  await total(page, "−€2.90");
  await add(page, "Flat white");
  await total(page, "€0.70");
  await page.keyboard.press("F12");
  await page.locator(".cash .key").first().tap();
  await page.locator(".done").waitFor();
  const exchange = await till.newestSale();
  assert.equal(exchange.total, 70);
  assert.deepEqual(
    exchange.lines.map((/** @type {any} */ line) => line.quantity).sort(),
    [-1000, 1000],
  );
  await page.context().close();
});

test("a layaway takes a deposit, is taken up again, and asks for the rest", async () => {
  const page = await touch();
  await add(page, "Flat white");
  await page.getByRole("button", { name: "More for this cart" }).tap();
  await page.getByRole("button", { name: "Set the cart aside as an order" }).tap();
  const sheet = page.getByRole("dialog", { name: "Set this cart aside" });
  await sheet.getByRole("button", { name: /^Layaway/ }).tap();
  await sheet.getByRole("button", { name: "Set it aside" }).tap();
  await page.locator(".toast").getByRole("button", { name: "Deposit" }).tap();
  const deposit = page.getByRole("dialog", { name: /^Deposit on/ });
  for (const digit of ["1", "00"]) {
    await deposit.getByRole("button", { name: digit, exact: true }).tap();
  }
  await deposit.getByRole("button", { name: "Take the deposit" }).tap();
  await page.getByText(/^Deposit on .* is taken$/).first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+F9");
  const held = page.getByRole("dialog", { name: "Held orders" });
  await held.locator(".choice").first().tap();
  await held.getByText("Paid so far").waitFor();
  await held.getByRole("button", { name: "Take it up" }).tap();
  await page.locator(".key-pay", { hasText: "€2.60" }).tap();
  await page.locator(".cash .key").first().tap();
  await page.locator(".done").waitFor();
  const sale = await till.newestSale();
  assert.equal(sale.total, 360);
  assert.deepEqual(tenders(sale).sort(), [
    ["cash", 260],
    ["deposit", 100],
  ]);
  await page.context().close();
});

test("the shift by touch: cash in, cash to the safe, X, a blind count of both currencies, Z", async () => {
  const page = await touch();
  const { shift } = await till.ask("register.state", {});
  await page.keyboard.press("F6");
  await move(page, "Pay in", ["2", "0", "00"], "More change", "Pay in");
  await move(page, "Safe drop", ["5", "00"], "Evening drop", "Drop it in the safe");
  const { shift: now } = await till.ask("register.state", {});
  assert.equal(now.expected, shift.expected + 2000 - 500);
  await page.getByRole("button", { name: "X report" }).tap();
  const x = page.getByRole("dialog", { name: "X report" });
  await x.getByRole("row", { name: /Safe drop/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Count and close" }).tap();
  const { drawer } = await till.ask("register.state", {});
  const { counts } = await till.ask("shift.x", {});
  for (const { currency, expected } of counts) {
    if (counts.length > 1) {
      await page
        .getByRole("group", { name: "Currency" })
        .getByRole("button", { name: new RegExp(`^${currency}`) })
        .tap();
    }
    const of = drawer.find((/** @type {any} */ other) => other.currency === currency);
    await countByTouch(page, of.denominations, expected);
  }
  await page.locator(".foot").getByRole("button", { name: "Close shift" }).tap();
  await page
    .getByRole("dialog", { name: "Close the shift?" })
    .getByRole("button", { name: "Close shift" })
    .tap();
  await page.getByText("The drawer is right").first().waitFor();
  await page.getByRole("link", { name: /^Show the Z report/ }).tap();
  await page.getByRole("row", { name: /^GBP.*Exact/ }).waitFor();
  await page.getByRole("row", { name: /^EUR.*Exact/ }).waitFor();
  await page.context().close();
});

test("by keyboard alone: the float, discounts, why, the sale, its refund, and the Z", async () => {
  const page = await desk();
  const key = (/** @type {string} */ name) => page.keyboard.press(name);
  const dialog = (/** @type {string | RegExp} */ name) => openDialog(page, name);
  await page.getByRole("heading", { name: "Open the shift" }).waitFor();
  await typeByHand(page, "15000");
  await key("Enter");
  await page.locator(".tile").first().waitFor();
  await search(page, "flat whi", "Flat white");
  await typeByHand(page, "%");
  await dialog("Discount on Flat white");
  await typeByHand(page, "10");
  await key("Enter");
  await total(page, "€3.24");
  await key("Control+d");
  await dialog("Discount on the cart");
  await typeByHand(page, "50");
  await key("Enter");
  await total(page, "€1.62");
  await typeByHand(page, "?");
  await (await dialog("Why Flat white costs this")).getByText("What it comes to").waitFor();
  await key("Escape");
  await key("F12");
  await page.getByRole("heading", { name: "Left to pay" }).waitFor();
  await key("Enter");
  await page.locator(".done").waitFor();
  const sale = await till.newestSale();
  assert.equal(sale.total, 162);
  await key("Enter");

  await key("F4");
  await page.locator(".item").first().waitFor();
  await tabTo(page, ".item");
  await key("Enter");
  await page.getByRole("heading", { name: `Receipt ${sale.receipt}` }).waitFor();
  await key("Control+j");
  await dialog(/^What of it comes back|comes back of/);
  await tabTo(page, "form .key-accent");
  await key("Enter");
  await page.getByRole("heading", { name: "To pay back" }).waitFor();
  await page.locator(".pay-back .key-accent").waitFor();
  await key("Enter");
  await page.locator(".done").waitFor();
  assert.equal((await till.newestSale()).total, -162);
  await key("Enter");

  await key("F6");
  await page.getByRole("heading", { name: "So far" }).waitFor();
  await key("Alt+c");
  await page.getByRole("heading", { name: "Cash in the drawer" }).waitFor();
  const { drawer } = await till.ask("register.state", {});
  let left = 15_000;
  for (const value of drawer[0].denominations) {
    const pieces = Math.floor(left / value);
    left -= pieces * value;
    if (pieces > 0) await typeByHand(page, String(pieces));
    await key("ArrowDown");
  }
  await page.locator(".foot .total", { hasText: "€150.00" }).waitFor();
  await key("Control+Enter");
  await dialog("Close the shift?");
  await key("Enter");
  await page.getByText("The drawer is right").first().waitFor();
  await key("Alt+z");
  await page.locator(".item").first().waitFor();
  await tabTo(page, ".item");
  await key("Enter");
  await page.getByRole("row", { name: /^EUR.*€150\.00.*Exact/ }).waitFor();
  await page.context().close();
});

test("a coupon and a member's price, by keyboard: both are named and both come off", async () => {
  const { shift } = await till.ask("register.state", {});
  if (!shift) {
    await till.ask("shift.open", { float: 0, pieces: null, foreign: null, business_day: null });
  }
  const page = await desk();
  await search(page, "flat whi", "Flat white");
  await page.keyboard.press("Control+u");
  await openDialog(page, "Who buys?");
  await typeByHand(page, "aoife");
  await page.getByRole("dialog").getByRole("button", { name: /^Aoife Byrne/ }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("dialog .choice").length === 1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await total(page, "€3.42");
  await page.locator(".cart .line", { hasText: "Members' price" }).waitFor();
  await page.keyboard.press("Control+b");
  const coupons = await openDialog(page, "Coupons");
  await typeByHand(page, "WELCOME10");
  await page.keyboard.press("Enter");
  await coupons.locator(".taken", { hasText: "WELCOME10" }).waitFor();
  await page.keyboard.press("Escape");
  await total(page, "€3.08");
  await page.locator(".cart .sums", { hasText: "Welcome" }).waitFor();
  await page.keyboard.press("F12");
  await page.keyboard.press("Enter");
  await page.locator(".done").waitFor();
  const sale = await till.newestSale();
  assert.deepEqual([sale.total, sale.customer.name], [308, "Aoife Byrne"]);
  await page.context().close();
});

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});

/** @param {Page} page @param {string} key @param {string[]} digits @param {string} why @param {string} done */
async function move(page, key, digits, why, done) {
  await page.locator(".moves").getByRole("button", { name: key }).tap();
  const sheet = page.getByRole("dialog", { name: key });
  for (const digit of digits) await sheet.getByRole("button", { name: digit, exact: true }).tap();
  await sheet.getByRole("button", { name: why }).tap();
  await sheet.getByRole("button", { name: done, exact: true }).tap();
  await sheet.waitFor({ state: "detached" });
}

/** @param {Page} page @param {number[]} values @param {number} amount */
async function countByTouch(page, values, amount) {
  let left = amount;
  const pad = page.getByRole("group", { name: "Keypad" });
  for (const [index, value] of values.entries()) {
    const pieces = Math.floor(left / value);
    left -= pieces * value;
    if (pieces === 0) continue;
    await page.locator(".denom").nth(index).tap();
    for (const digit of String(pieces)) {
      await pad.getByRole("button", { name: digit, exact: true }).tap();
    }
  }
  assert.equal(left, 0, "the drawer can be counted in coins and notes");
}

/** Presses Tab until what is wanted has the focus. @param {Page} page @param {string} wanted */
async function tabTo(page, wanted) {
  const there = (/** @type {string} */ selector) => document.activeElement?.matches(selector) ?? false;
  for (let count = 0; count < 60; count += 1) {
    if (await page.evaluate(there, wanted)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${wanted}`);
}

/** What the picture of a code says; null where nothing reads pictures. @param {string} picture */
async function decode(picture) {
  try {
    const { stdout } = await promisify(execFile)("zbarimg", ["--quiet", "--raw", picture]);
    return stdout;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return null;
    throw error;
  }
}
