// The screens of money by keyboard alone, as a cashier without a mouse works them. Wherever Tab comes
// by, the focus is seen; a sheet that closes gives it back.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { moneySale, search, tenders } from "./money.mjs";
import { openTill } from "./till.mjs";
import { Walk } from "./walk.mjs";

/** @type {import("./till.mjs").Till} */
let till;

before(async () => {
  till = await openTill();
});
// A page that is still open belongs to a test that failed.
afterEach(() => till.picture("money-keys"));
after(async () => {
  await till?.close();
});

/**
 * Walks a page that complains when anything but a key is used.
 * @param {(walk: Walk) => Promise<void>} steps
 */
async function byKeyboard(steps) {
  const page = await till.page({ viewport: { width: 1280, height: 800 } });
  await page.evaluate(() => {
    for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
      addEventListener(kind, () => console.error(`${kind} in a walk by keyboard`), true);
    }
  });
  await steps(new Walk(page));
  await page.context().close();
}

test("Tab leaves the items for the cart, and sheets give the focus back to the key that opened them", () =>
  byKeyboard(async (walk) => {
    const { page } = walk;
    await search(page, "flat whi", "Flat white");
    await page.locator(".tile").nth(20).waitFor();
    await walk.press("/");
    await page.waitForFunction(() => document.activeElement?.id === "search");
    await walk.press("ArrowDown", "ArrowRight");
    const more = page.getByRole("button", { name: "More for this cart" });
    await walk.go(more);
    await walk.sheet("This cart");
    await walk.press("Enter");
    await walk.sheet("Who buys?");
    await walk.press("Escape");
    await walk.backOnTheScreen();
    await walk.isOn(more);
    // News from the register leave it there too.
    const news = page.waitForResponse(/register\.state/);
    const move = { id: crypto.randomUUID(), kind: "pay_in", amount: 100, currency: null, reason: "Change" };
    await till.ask("shift.move_cash", move);
    await (await news).finished();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    await walk.isOn(more);
    await walk.tabTo(page.locator(".tile").nth(1), "Shift+Tab");
    await walk.press("Control+Delete");
    await walk.sheet("Void this cart?");
    await walk.type("practice");
    await walk.press("Enter");
    await walk.backOnTheScreen();
  }));

test("part in cash, the rest by card", () =>
  byKeyboard(async (walk) => {
    await search(walk.page, "flat whi", "Flat white");
    await walk.press("F12");
    await walk.page.getByRole("heading", { name: "Left to pay" }).waitFor();
    await walk.type("100");
    await walk.page.locator("output", { hasText: "€1.00" }).waitFor();
    await walk.press("Enter");
    await walk.page.locator(".due", { hasText: "€2.60" }).waitFor();
    await walk.press("c");
    await walk.page.getByText("Type the amount on the terminal").waitFor();
    await walk.press("d");
    await walk.page.getByText("Type the amount on the terminal").waitFor({ state: "detached" });
    await walk.type("60");
    await walk.press("c");
    await walk.go(walk.page.getByRole("button", { name: "Approved" }));
    await walk.page.locator(".due", { hasText: "€2.00" }).waitFor();
    // The key that was pressed is gone: the walk goes on from the top of the screen.
    await walk.backOnTheScreen();
    await walk.tabTo(walk.page.locator(".cash .key").first());
    await walk.press("c", "a");
    await walk.done();
    const sale = await till.newestSale();
    assert.deepEqual(tenders(sale), [
      ["cash", 100],
      ["card_external", 60],
      ["card_external", 200],
    ]);
  }));

test("pounds for a sale in euros, the change in euros", () =>
  byKeyboard(async (walk) => {
    await search(walk.page, "flat whi", "Flat white");
    await walk.press("F12", "f");
    const sheet = await walk.sheet("Foreign cash");
    await walk.type("2000");
    await sheet.getByText("Worth €22.80, change €19.20").waitFor();
    // Another note than was keyed in: chosen above the figures, taken with Enter.
    await walk.go(sheet.getByRole("button", { name: "GBP 10" }), "Shift+Tab");
    await sheet.getByText("Worth €11.40, change €7.80").waitFor();
    await walk.press("Enter");
    await walk.done();
    const sale = await till.newestSale();
    assert.deepEqual([sale.change, sale.tenders[0].foreign.received], [780, 1000]);
  }));

test("a transfer waits for its money, and is received", () =>
  byKeyboard(async (walk) => {
    const { id: before } = await till.newestSale();
    await search(walk.page, "flat whi", "Flat white");
    await walk.press("F12", "Alt+b");
    await (await walk.sheet("Transfer")).locator(".qr").waitFor();
    await walk.press("Escape");
    await walk.backOnTheScreen();
    await walk.page.getByRole("heading", { name: "Waits for the money" }).waitFor();
    await walk.go(walk.page.locator(".live").getByRole("button", { name: "Show the code" }));
    const again = await walk.sheet("Transfer");
    await walk.go(again.getByRole("button", { name: "Not yet" }), "Shift+Tab");
    await walk.backOnTheScreen();
    assert.equal((await till.newestSale()).id, before, "nothing is sold before the money is there");
    await walk.press("Control+Enter");
    await walk.done();
    const sale = await till.newestSale();
    assert.deepEqual(tenders(sale), [["bank_transfer", 360]]);
  }));

test("one line comes back and another is bought, for more money and for less", () =>
  byKeyboard(async (walk) => {
    for (const [back, bought, total, given] of /** @type {const} */ ([
      ["Filter coffee", "Flat white", 70, "€0.70"],
      ["Flat white", "Filter coffee", -70, "−€0.70"],
    ])) {
      const sold = await moneySale(till, ["Flat white", "Filter coffee"], "card_external");
      await walk.openOrder(sold.receipt);
      await walk.press("Control+j");
      const sheet = await walk.sheet(/^What comes back of/);
      const line = sheet.locator(".refund-line", { hasText: back });
      await walk.go(line.getByRole("button", { name: "One more" }));
      await walk.go(sheet.getByRole("button", { name: "Into the cart, to exchange" }));
      await walk.backOnTheScreen();
      await search(walk.page, bought.toLowerCase().slice(0, 8), bought);
      await walk.total(given);
      await walk.press("F12");
      await walk.page.locator(".pay .key-accent").first().waitFor();
      await walk.press("Enter");
      if (total < 0) {
        await walk.page.getByText("Card refund").waitFor();
        await walk.press("a");
      }
      await walk.done();
      const sale = await till.newestSale();
      assert.equal(sale.total, total);
      assert.deepEqual(
        sale.lines.map((/** @type {any} */ { name, quantity }) => [name, quantity]).sort(),
        [[back, -1000], [bought, 1000]].sort(),
      );
      await walk.press("Enter");
    }
  }));

test("one of two comes back, with a reason, the way it was paid", () =>
  byKeyboard(async (walk) => {
    const sold = await moneySale(till, ["Flat white", "Flat white", "Filter coffee"], "cash");
    await walk.openOrder(sold.receipt);
    await walk.press("Control+j");
    const sheet = await walk.sheet(/^What comes back of/);
    const line = sheet.locator(".refund-line", { hasText: "Flat white" }).first();
    const more = line.getByRole("button", { name: "One more" });
    await walk.go(more);
    const chosen = line.locator("output", { hasText: "1" });
    await chosen.waitFor();
    // One more than there is does nothing, and does not lose the focus either.
    await walk.press("Enter", "Enter");
    await walk.isOn(more);
    const less = line.getByRole("button", { name: "One less" });
    while (Number.parseInt(await line.locator("output").innerText(), 10) > 1) {
      await walk.go(less, "Shift+Tab");
    }
    await walk.go(sheet.getByRole("button", { name: "Faulty" }));
    // The reason stands in its field now, and Enter is the next step.
    await walk.press("Enter");
    await walk.page.getByRole("heading", { name: "To pay back" }).waitFor();
    await walk.page.locator(".pay-back .key-accent").waitFor();
    await walk.press("Enter");
    await walk.done();
    const refund = await till.newestSale();
    assert.equal(refund.total, -360);
    assert.deepEqual(tenders(refund), [["cash", -360]]);
  }));

test("a layaway: the deposit today, the rest when it is fetched", () =>
  byKeyboard(async (walk) => {
    await search(walk.page, "flat whi", "Flat white");
    await walk.press("Control+h");
    const sheet = await walk.sheet("Set this cart aside");
    const layaway = sheet.getByRole("button", { name: /^Layaway/ });
    await walk.go(layaway, "Shift+Tab");
    await walk.go(sheet.getByRole("button", { name: "Set it aside" }));
    await walk.backOnTheScreen();
    await walk.page.getByText("The cart is empty").waitFor();

    await walk.press("/");
    await walk.page.waitForFunction(() => document.activeElement?.id === "search");
    await walk.press("ArrowDown");
    const waiting = walk.page.getByRole("button", { name: "No parked carts" });
    await walk.tabTo(waiting);
    await walk.press("Shift+F9");
    const held = await walk.sheet("Held orders");
    await held.locator(".choice").first().waitFor();
    await walk.press("ArrowDown", "Enter");
    await walk.go(held.getByRole("button", { name: "Deposit" }));
    await walk.sheet(/^Deposit on/);
    await walk.type("100");
    await walk.press("Enter");
    await walk.sheet(/is taken$/);
    await walk.press("Enter");
    await walk.backOnTheScreen();
    // Three sheets later.
    await walk.isOn(waiting);

    await walk.press("Shift+F9");
    await held.locator(".choice").first().waitFor();
    await walk.press("ArrowDown", "Enter");
    await held.getByText("Paid so far").waitFor();
    await walk.go(held.getByRole("button", { name: "Take it up" }));
    await walk.backOnTheScreen();
    await walk.page.locator(".key-pay", { hasText: "€2.60" }).waitFor();
    await walk.payCash();
    const sale = await till.newestSale();
    assert.deepEqual(tenders(sale).sort(), [
      ["cash", 260],
      ["deposit", 100],
    ]);
  }));

test("a cart is voided with a usual reason, and with one that is typed", () =>
  byKeyboard(async (walk) => {
    const { voids } = await till.ask("shift.x", {});
    for (const usual of [true, false]) {
      await search(walk.page, "flat whi", "Flat white");
      await walk.press("Control+Delete");
      const sheet = await walk.sheet("Void this cart?");
      if (usual) await walk.go(sheet.getByRole("button", { name: "Customer left" }), "Shift+Tab");
      else await walk.type("training");
      await walk.press("Enter");
      await walk.backOnTheScreen();
      await walk.page.getByText("The cart is empty").waitFor();
    }
    assert.equal((await till.ask("shift.x", {})).voids, voids + 2);
  }));

test("cash in, cash out, cash to the safe, and the drawer opened", () =>
  byKeyboard(async (walk) => {
    const before = (await till.ask("register.state", {})).shift.expected;
    const { no_sales } = await till.ask("shift.x", {});
    await walk.press("F6");
    await walk.page.getByRole("heading", { name: "So far" }).waitFor();
    for (const [key, name, amount, why] of /** @type {const} */ ([
      ["Alt+i", "Pay in", "2000", "More change"],
      ["Alt+o", "Pay out", "700", "Postage"],
      ["Alt+s", "Safe drop", "500", "Evening drop"],
      ["Alt+n", "No sale", "", "Give change"],
    ])) {
      await walk.press(key);
      const sheet = await walk.sheet(name);
      await walk.type(amount);
      await walk.go(sheet.getByRole("button", { name: why }), amount ? "Tab" : "Shift+Tab");
      await walk.press("Enter");
      await walk.backOnTheScreen();
    }
    const { shift } = await till.ask("register.state", {});
    assert.equal(shift.expected, before + 2000 - 700 - 500);
    assert.equal((await till.ask("shift.x", {})).no_sales, no_sales + 1);
    await walk.press("Alt+x");
    await (await walk.sheet("X report")).getByRole("row", { name: /Safe drop/ }).waitFor();
    await walk.press("Escape");
    await walk.backOnTheScreen();
  }));

test("a gift card is sold, and pays for a part of the next sale", () =>
  byKeyboard(async (walk) => {
    const code = "KEYS-GIFT-1";
    await walk.press("Control+g");
    const sell = await walk.sheet("Sell a gift card");
    await walk.type("200");
    await walk.tabTo(sell.getByRole("textbox", { name: /^Code on the card/ }));
    await walk.type(code);
    await walk.press("Enter");
    await walk.backOnTheScreen();
    await walk.total("€2.00");
    await walk.payCash();
    await walk.press("Enter");

    await search(walk.page, "flat whi", "Flat white");
    await walk.press("F12", "g");
    const use = await walk.sheet("Pay with a gift card");
    await walk.type(code);
    await walk.press("Enter");
    await use.getByText("Balance", { exact: true }).waitFor();
    await walk.press("Enter");
    await walk.backOnTheScreen();
    await walk.page.locator(".due", { hasText: "€1.60" }).waitFor();
    await walk.press("Enter");
    await walk.done();
    const sale = await till.newestSale();
    assert.deepEqual(tenders(sale), [
      ["gift_card", 200],
      ["cash", 160],
    ]);
    assert.equal((await till.ask("credit.get", { kind: "gift_card", code })).balance, 0);
  }));

test("another price and a discount, each with its reason, and a coupon", () =>
  byKeyboard(async (walk) => {
    await search(walk.page, "flat whi", "Flat white");
    await walk.press("Control+e");
    const price = await walk.sheet("Another price for Flat white");
    await walk.type("300");
    await walk.go(price.getByRole("button", { name: "End of day" }));
    await walk.press("Enter");
    await walk.backOnTheScreen();
    await walk.total("€3.00");
    await walk.type("%");
    const off = await walk.sheet("Discount on Flat white");
    // A percentage at first; an amount is chosen above the figures, and typed at once.
    await walk.go(off.getByRole("button", { name: "Amount", exact: true }), "Shift+Tab");
    await walk.type("50");
    await walk.go(off.getByRole("button", { name: "Damaged" }));
    await walk.press("Enter");
    await walk.backOnTheScreen();
    await walk.total("€2.50");
    await walk.press("Control+b");
    const coupons = await walk.sheet("Coupons");
    await walk.type("WELCOME10");
    await walk.press("Enter");
    await coupons.locator(".taken", { hasText: "WELCOME10" }).waitFor();
    // Given back and taken again: the field is ready for the next code.
    await walk.go(coupons.getByRole("button", { name: "Give back coupon WELCOME10" }));
    await coupons.locator(".taken").waitFor({ state: "detached" });
    await walk.type("WELCOME10");
    await walk.press("Enter");
    await coupons.locator(".taken", { hasText: "WELCOME10" }).waitFor();
    await walk.press("Escape");
    await walk.backOnTheScreen();
    // A price set by hand stays what it is: the coupon takes from what has its usual price.
    await search(walk.page, "filter co", "Filter coffee");
    await walk.total("€5.11");
    await walk.payCash();
    const sale = await till.newestSale();
    const byName = (/** @type {string} */ name) =>
      sale.lines
        .find((/** @type {any} */ line) => line.name === name)
        .adjustments.map((/** @type {any} */ { kind, name, amount }) => [kind, name, amount]);
    assert.deepEqual(byName("Flat white"), [
      ["override", "End of day", -60],
      ["line_discount", "Damaged", -50],
    ]);
    assert.deepEqual(byName("Filter coffee"), [["coupon", "Welcome", -29]]);
  }));

test("a blind count of both currencies, and the Z", () =>
  byKeyboard(async (walk) => {
    await walk.press("F6");
    await walk.page.getByRole("heading", { name: "So far" }).waitFor();
    await walk.press("Alt+c");
    await walk.page.getByRole("heading", { name: "Cash in the drawer" }).waitFor();
    const { drawer } = await till.ask("register.state", {});
    const { counts } = await till.ask("shift.x", {});
    for (const { currency, expected } of counts) {
      const key = walk.page.getByRole("group", { name: "Currency" }).getByRole("button", { name: currency });
      if (currency !== counts[0].currency) await walk.go(key);
      const { denominations } = drawer.find((/** @type {any} */ one) => one.currency === currency);
      let left = expected;
      for (const value of denominations) {
        const pieces = Math.floor(left / value);
        left -= pieces * value;
        if (pieces > 0) await walk.type(String(pieces));
        if (left === 0) break;
        await walk.press("ArrowDown");
      }
      assert.equal(left, 0, "the drawer can be counted in coins and notes");
    }
    await walk.press("Control+Enter");
    await walk.sheet("Close the shift?");
    await walk.press("Enter");
    await walk.backOnTheScreen();
    await walk.page.getByText("The drawer is right").first().waitFor();
    await walk.press("Alt+z");
    await walk.go(walk.page.locator(".item").first());
    for (const { currency } of counts) {
      await walk.page.getByRole("row", { name: new RegExp(`^${currency}.*Exact`) }).waitFor();
    }
  }));

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
