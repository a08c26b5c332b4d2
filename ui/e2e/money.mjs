// Steps that the tests of money share.

import { typeByHand } from "./till.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./till.mjs").Till} Till */

/** @param {Page} page */
export const cart = (page) => page.locator(".cart");

/** Taps a simple tile, and waits until the cart has it. @param {Page} page @param {string} name */
export async function add(page, name) {
  const said = page.locator(".cart .undo", { hasText: `${name} ` });
  await page.getByRole("button", { name: new RegExp(`^${name} €`) }).click();
  await said.waitFor();
}

/** Finds an item by typing and puts it into the cart. @param {Page} page @param {string} text @param {string} name */
export async function search(page, text, name) {
  await page.keyboard.press("/");
  await typeByHand(page, text);
  await page.getByRole("status").filter({ hasText: "1 match" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".line-on", { hasText: name }).waitFor();
  // Out of the search field: the signs are for the line again.
  await page.keyboard.press("Tab");
}

/** @param {Page} page @param {string | RegExp} name */
export async function openDialog(page, name) {
  const dialog = page.getByRole("dialog", { name });
  await dialog.waitFor();
  return dialog;
}

/** Kind and amount of each payment. @param {any} sale */
export const tenders = (sale) =>
  sale.tenders.map((/** @type {any} */ tender) => [tender.kind, tender.amount]);

/** A sale that was made before, paid in one way. @param {Till} till @param {string[]} names @param {string} kind */
export async function moneySale(till, names, kind) {
  const { id: basket_id } = await till.ask("basket.current", {});
  for (const text of names) {
    const { tiles } = await till.ask("catalog.search", { text });
    const { variant_id } = tiles[0];
    await till.ask("basket.add", { basket_id, variant_id, quantity: null, price: null });
  }
  const { due } = await till.ask("basket.current", {});
  await till.ask("pay.tender", {
    basket_id,
    tender_id: crypto.randomUUID(),
    kind,
    offered: due,
    name: null,
    reference: null,
    currency: null,
    refunds: null,
    print: false,
  });
  return till.newestSale();
}
