// A printer is set up, tested, used and put away, and one that does not answer never holds up a
// sale: all from the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openTill } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  till = await openTill();
  page = await till.page({ viewport: { width: 1024, height: 768 } });
});
after(async () => {
  await till?.close();
});

/** @param {string} name @param {string} address */
async function addPrinter(name, address) {
  await page.keyboard.press("F7");
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Address" }).fill(address);
  await page.getByRole("button", { name: "Add printer" }).click();
}

/** @param {string} name */
async function remove(name) {
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await page.getByRole("dialog", { name }).getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByText("No device is set up").waitFor();
}

async function sellFlatWhite() {
  await page.keyboard.press("F3");
  await page.getByRole("button", { name: /^Flat white €/ }).click();
  await page.locator(".line-on").waitFor();
  await page.keyboard.press("F12");
  await page.locator(".cash .key").first().click();
  await page.locator(".done").waitFor();
}

test("an address that cannot be read is explained beside what was typed, which stays", async () => {
  await addPrinter("Front printer", "somewhere");
  await page.locator("#add-device-trouble .neg").waitFor();
  const address = page.getByRole("textbox", { name: "Address" });
  assert.equal(await address.inputValue(), "somewhere");
});

test("a printer is added, prints a test page, and prints the receipt of a sale", async () => {
  const paper = join(till.data, "paper.bin");
  await addPrinter("Front printer", `file:${paper}`);
  await page.locator(".device", { hasText: "Front printer" }).waitFor();
  await page.getByRole("button", { name: "Test Front printer" }).click();
  await page.locator(".toast", { hasText: "A test page was sent" }).waitFor();
  const before = (await readFile(paper)).length;
  assert.ok(before > 0);
  await sellFlatWhite();
  await page.getByText(/^Receipt .* is printed/).waitFor();
  assert.ok((await readFile(paper)).length > before);
  await page.getByRole("button", { name: "PDF" }).click();
  await page.locator(".toast", { hasText: "is saved with your downloads" }).waitFor();
});

test("after None, the next sale prints no receipt", async () => {
  await page.getByRole("button", { name: "None" }).click();
  await page.keyboard.press("Enter");
  await sellFlatWhite();
  await page.getByText(/^Receipt .* is kept/).waitFor();
  assert.equal((await till.newestSale()).print, "none");
  await page.getByRole("button", { name: "Print", exact: true }).click();
  await page.getByText(/^Receipt .* is printed/).waitFor();
  await page.keyboard.press("Enter");
});

test("a removed printer comes back by Undo", async () => {
  await page.keyboard.press("F7");
  await remove("Front printer");
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await page.locator(".device", { hasText: "Front printer" }).waitFor();
  await remove("Front printer");
});

test("a printer that does not answer never holds up a sale: its receipts wait in a list", async () => {
  await addPrinter("Far printer", "tcp:127.0.0.1:9");
  await page.locator(".device", { hasText: "Far printer" }).waitFor();
  await sellFlatWhite();
  await page.keyboard.press("Enter");
  await page.getByText("The cart is empty").waitFor();
  await page.locator(".status .count").waitFor();
  await page.keyboard.press("F10");
  const sheet = page.getByRole("dialog", { name: "Waiting for paper" });
  await sheet.locator(".todo").waitFor();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await sheet.locator(".todo").waitFor();
  await sheet.getByRole("button", { name: "Set aside" }).click();
  await sheet.getByText("Nothing waits for a printer.").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".status .count").waitFor({ state: "detached" });
});

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
