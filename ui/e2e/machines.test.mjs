// A shop without any hardware runs its day with virtual machines: they are set up on the screen, a
// card pays, is declined and is in doubt, goods are weighed and scanned, and the customer sees it all.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { look } from "./look.mjs";
import { openDialog, tenders } from "./money.mjs";
import { openTill, SIZES, typeByHand } from "./till.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("./till.mjs").Till} */
let till;
/** @type {Page} */
let page;

before(async () => {
  till = await openTill();
  page = await till.page({ viewport: { width: 1280, height: 800 } });
});
after(async () => {
  await till?.close();
});

/** @param {string} kind @param {string} key @param {string} name @param {RegExp} [driver] */
async function addTwin(kind, key, name, driver) {
  const form = page.locator("form", { hasText: "Add a device" });
  await form.getByRole("group", { name: "What it is" }).getByRole("button", { name: kind }).click();
  if (driver) await form.getByRole("button", { name: driver }).click();
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByRole("button", { name: /Without hardware/ }).click();
  await form.getByRole("button", { name: key }).click();
  await page.locator(".device", { hasText: name }).waitFor();
}

/** The virtual machines over whatever is on the screen. @param {(twins: import("playwright-core").Locator) => Promise<unknown>} work */
async function atTheTwins(work) {
  await page.keyboard.press("Shift+F8");
  const twins = await openDialog(page, "Virtual devices");
  await work(twins);
  await page.keyboard.press("Escape");
  await twins.waitFor({ state: "detached" });
}

/** @param {string} name @param {string} button */
async function press(name, button) {
  const { devices } = await till.ask("devices.list", {});
  const { id } = devices.find((/** @type {any} */ device) => device.name === name);
  await till.ask("twins.press", { device_id: id, button });
}

async function toPay(item = "Flat white") {
  await page.keyboard.press("F3");
  await page.getByRole("button", { name: new RegExp(`^${item} €`) }).click();
  await page.locator(".line-on").waitFor();
  await page.keyboard.press("F12");
  await page.getByRole("heading", { name: "Left to pay" }).waitFor();
}

const payKey = () => page.locator(".tenders").getByRole("button", { name: /^Till terminal/ });
/** The terminal has the order, and asks for the card. */
const presented = () => page.locator(".terminal h2", { hasText: /card/i }).waitFor();
const heading = (/** @type {string | RegExp} */ name) => page.getByRole("heading", { name });

test("a terminal, a printer, a scale, a scanner and a display are set up without hardware", async () => {
  await page.keyboard.press("F7");
  await heading("Add a device").waitFor();
  await addTwin("Card terminal", "Add card terminal", "Till terminal");
  await addTwin("Printer", "Add printer", "Till printer");
  await addTwin("Scale", "Add scale", "Till scale");
  await addTwin("Scanner", "Add scanner", "Till scanner");
  await addTwin("Display", "Add display", "Pole display");
});

test("a card that is approved ends the sale by itself", async () => {
  await toPay();
  await payKey().click();
  await presented();
  await page.keyboard.press("Shift+F8");
  const twins = await openDialog(page, "Virtual devices");
  await twins.getByRole("button", { name: "Approve" }).click();
  await page.locator(".done").waitFor();
  assert.deepEqual(tenders(await till.newestSale()), [["card", 360]]);
  await page.keyboard.press("Enter");
});

test("a card that is declined charges nothing, and cash pays the sale", async () => {
  await toPay();
  await payKey().click();
  await presented();
  await press("Till terminal", "decline");
  await heading("Declined").waitFor();
  await page.getByRole("button", { name: "Another way" }).click();
  await page.locator(".cash .key").first().click();
  await page.locator(".done").waitFor();
  assert.deepEqual(tenders(await till.newestSale()), [["cash", 360]]);
  await page.keyboard.press("Enter");
});

test("a card in doubt lets the next customer be served, and never pays twice", async () => {
  await toPay();
  await payKey().click();
  await presented();
  await press("Till terminal", "die_after_charging");
  await heading(/Not known yet|No answer/).waitFor();
  await page.getByRole("button", { name: "Park this sale" }).click();
  await page.locator(".toast", { hasText: "goes on by itself" }).waitFor();
  const waits = page.locator(".status").getByRole("button", { name: /card payment/ });
  await waits.waitFor();
  const { id: before } = await till.newestSale();

  await toPay("Filter coffee");
  await page.locator(".cash .key").first().click();
  await page.locator(".done").waitFor();
  assert.notEqual((await till.newestSale()).id, before);
  await page.keyboard.press("Enter");

  // This terminal takes back what nobody acknowledged, and says so when it is there again.
  await press("Till terminal", "plug_in");
  await page.locator(".toast", { hasText: "No card payment for Flat white" }).waitFor({ timeout: 60_000 });
  await waits.waitFor({ state: "detached" });
  await page.keyboard.press("F9");
  const parked = await openDialog(page, "Parked carts");
  await parked.getByRole("button", { name: /Flat white/ }).click();
  await page.locator(".key-pay", { hasText: "€3.60" }).waitFor();
  await page.keyboard.press("F12");
  await payKey().click();
  await presented();
  await press("Till terminal", "approve");
  await page.locator(".done").waitFor();
  assert.deepEqual(tenders(await till.newestSale()), [["card", 360]]);
  await page.keyboard.press("Enter");
});

test("a terminal that cannot be asked leaves it to a person, with a reason", async () => {
  await page.keyboard.press("F7");
  await addTwin("Card terminal", "Add card terminal", "Old terminal", /Concert/);
  await toPay();
  await page.locator(".tenders").getByRole("button", { name: /^Old terminal/ }).click();
  await presented();
  await press("Old terminal", "die_after_charging");
  await heading(/Not known yet/).waitFor({ timeout: 30_000 });
  await look(page, "in-doubt");
  await page.locator(".status").getByRole("button", { name: "1 card payment in doubt" }).click();
  const list = await openDialog(page, "Card payments that wait");
  await list.getByRole("button", { name: "Decide" }).waitFor();
  await look(page, "cards-that-wait");
  await list.getByRole("button", { name: "Decide" }).click();
  const sheet = await openDialog(page, "What became of this payment?");
  await sheet.getByRole("button", { name: "It was charged" }).click();
  await sheet.getByRole("button", { name: "Terminal's slip" }).click();
  await look(page, "decide");
  await sheet.getByRole("button", { name: "Decide" }).click();
  await page.locator(".done").waitFor();
  assert.deepEqual(tenders(await till.newestSale()), [["card", 360]]);
  await page.keyboard.press("Enter");
});

test("what goes over a wire is recorded, shown and saved", async () => {
  await page.keyboard.press("F7");
  await page.getByRole("button", { name: "Change Till terminal" }).click();
  await (await openDialog(page, "Till terminal")).getByRole("button", { name: "Watch the traffic" }).click();
  const sheet = await openDialog(page, "Traffic of Till terminal");
  await sheet.getByRole("button", { name: "Record", exact: true }).click();
  await sheet.getByRole("button", { name: "Stop recording" }).waitFor();
  const { devices } = await till.ask("devices.list", {});
  const { id } = devices.find((/** @type {any} */ { name }) => name === "Till terminal");
  await till.ask("devices.test", { device_id: id });
  const bytes = sheet.locator(".traffic", { hasText: / > .* \| / });
  await bytes.waitFor();
  await sheet.getByRole("button", { name: "Text" }).click();
  await bytes.waitFor({ state: "detached" });
  await sheet.getByRole("button", { name: "Save as a file" }).click();
  await page.locator(".toast", { hasText: "Till-terminal-traffic.txt is saved" }).waitFor();
  await sheet.getByRole("button", { name: "Stop recording" }).click();
  await sheet.getByRole("button", { name: "Record", exact: true }).waitFor();
  await page.keyboard.press("Escape");
});

test("goods are weighed, and a scale that moves is told", async () => {
  const { tiles } = await till.ask("catalog.search", { text: "" });
  const weighed = tiles.find((/** @type {any} */ { unit, price }) => unit === "kilogram" && price);
  const { name } = weighed ?? (await byWeight());
  await atTheTwins(async (twins) => {
    await twins.getByLabel("What lies on it").fill("0.642");
    await twins.getByRole("button", { name: "Put it on" }).click();
    await twins.getByText("0.642").waitFor();
  });
  await page.keyboard.press("F3");
  await page.keyboard.press("/");
  await typeByHand(page, name.toLowerCase(), 40);
  await page.keyboard.press("Enter");
  const sheet = await openDialog(page, `Weight of ${name}`);
  await sheet.getByText(/Till scale: 0\.642/).waitFor();
  await press("Till scale", "motion");
  await sheet.getByRole("button", { name: "Weigh" }).click();
  await sheet.getByText(/come to rest/).waitFor();
  await press("Till scale", "still");
  await sheet.getByRole("button", { name: "Weigh" }).click();
  await sheet.getByText(/Till scale: 0\.642/).waitFor();
  await look(page, "weigh");
  await page.keyboard.press("Enter");
  await page.locator(".cart .line", { hasText: "0.642" }).waitFor();
});

async function byWeight() {
  const found = till.products.find(({ unit, price }) => unit === "kilogram" && Number(price) > 0);
  if (!found) throw new Error("the demo store sells nothing by weight");
  return found;
}

test("a scanner on a wire puts goods into the cart, and says of a code that nothing has it", async () => {
  const product = till.scannable(3);
  const lines = await page.locator(".cart .line").count();
  const { devices } = await till.ask("devices.list", {});
  const { id } = devices.find((/** @type {any} */ { kind }) => kind === "scanner");
  await till.ask("twins.press", { device_id: id, button: "scan", value: product.barcode });
  await page.waitForFunction((n) => document.querySelectorAll(".cart .line").length === n, lines + 1);
  await till.ask("twins.press", { device_id: id, button: "scan", value: "9999999999994" });
  await page.locator(".toast", { hasText: "Nothing has the code 9999999999994" }).waitFor();
});

test("the customer sees the lines, the total and thanks, in light and dark at every size", async () => {
  const opened = page.context().waitForEvent("page");
  await page.keyboard.press("F7");
  await page.getByRole("button", { name: "Open customer display" }).click();
  const display = await opened;
  await display.locator(".show .line").first().waitFor();
  for (const viewport of SIZES) {
    await display.setViewportSize(viewport);
    await look(display, "display");
  }
  await page.getByRole("button", { name: /^Switch theme/ }).click();
  await display.waitForFunction(() => document.documentElement.dataset["theme"] === "dark");
  await look(display, "display");
  await page.keyboard.press("F3");
  await page.keyboard.press("F12");
  await page.locator(".cash .key").nth(1).click();
  await page.locator(".done").waitFor();
  await display.getByText("Thank you").waitFor();
  await look(display, "display-thanks");
  await display.close();
  await page.keyboard.press("Enter");
});

for (const viewport of SIZES) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`the machines at ${viewport.width}x${viewport.height}, ${colorScheme}`, async () => {
      const other = await till.page({ viewport, colorScheme });
      await other.keyboard.press("F7");
      await other.getByRole("heading", { name: "Add a device" }).waitFor();
      await look(other, "devices");
      await other.getByRole("button", { name: "Change Till terminal" }).click();
      await openDialog(other, "Till terminal");
      await look(other, "device");
      await other.getByRole("button", { name: "Watch the traffic" }).click();
      await openDialog(other, "Traffic of Till terminal");
      await look(other, "traffic");
      await other.keyboard.press("Escape");
      await other.getByRole("link", { name: "Virtual devices" }).click();
      await other.getByRole("button", { name: "Approve" }).first().waitFor();
      await look(other, "twins");
      await other.getByRole("link", { name: "End of day" }).click();
      await other.getByRole("button", { name: /^Close the day of/ }).first().waitFor();
      await look(other, "end-of-day");
      await other.keyboard.press("F3");
      await other.getByRole("button", { name: /^Flat white €/ }).click();
      await other.locator(".key-pay:visible, .cartbar .key-accent:visible").first().click();
      await other.getByRole("heading", { name: "Left to pay" }).waitFor();
      await other.locator(".tenders").getByRole("button", { name: /^Till terminal/ }).click();
      await other.locator(".terminal").getByRole("button", { name: "Stop" }).waitFor();
      await look(other, "terminal");
      await other.locator(".terminal").getByRole("button", { name: "Stop" }).click();
      await other.getByRole("button", { name: "Try again" }).waitFor();
      await look(other, "terminal-stopped");
      await other.context().close();
    });
  }
}

test("no page complained about anything", () => {
  assert.deepEqual(till.complaints, []);
});
