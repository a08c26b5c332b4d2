// The webhooks' part of the Apps screen, by touch and by keyboard, with a real receiver: a webhook is
// added, what could not be delivered is said and sent again, a secret is changed.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { look } from "./look.mjs";
import { openTill, SIZES } from "./till.mjs";
import { Walk } from "./walk.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ id: string, body: string, headers: import("node:http").IncomingHttpHeaders }} Message */

/** @type {import("./till.mjs").Till} */
let till;
/** @type {{ url: string, status: number, taken: Message[], stop: () => void }} */
let receiver;

before(async () => {
  till = await openTill();
  receiver = await receive();
});
// A page that is still open belongs to a test that failed.
afterEach(() => till.picture("webhooks"));
after(async () => {
  receiver?.stop();
  await till?.close();
});

/** A program of the shop that takes messages, unless it is told to answer otherwise. */
async function receive() {
  /** @type {Message[]} */
  const taken = [];
  const own = { url: "", status: 204, taken, stop: () => {} };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const { headers } = request;
      if (own.status < 300) taken.push({ id: String(headers["webhook-id"]), body, headers });
      response.writeHead(own.status).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  own.url = `http://127.0.0.1:${port}/hook`;
  own.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return own;
}

/** @param {Message} message @param {string} secret */
function isSignedWith({ id, body, headers }, secret) {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const text = `${id}.${headers["webhook-timestamp"]}.${body}`;
  const own = `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(own);
}

/** Cash goes in: something to tell. */
async function happens() {
  const { shift } = await till.ask("register.state", {});
  if (!shift) await till.ask("shift.open", { float: 10_000 });
  const move = { kind: "pay_in", amount: 100, reason: "change" };
  await till.ask("shift.move_cash", { id: crypto.randomUUID(), ...move });
}

/** @param {import("playwright-core").BrowserContextOptions} options */
async function webhooks(options) {
  const page = await till.page(options);
  await page.evaluate(() => (location.hash = "#/apps/webhooks"));
  await page.getByRole("heading", { name: "New webhook" }).waitFor();
  return page;
}

/** What arrived last. @param {number} count so many in all */
async function arrived(count) {
  for (;;) {
    const last = receiver.taken.at(-1);
    if (last && receiver.taken.length >= count) return last;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The only webhook of this name. @param {Page} page @param {string} name */
const card = (page, name) =>
  page.getByRole("list", { name: "Webhooks" }).locator("> li", { hasText: name });

/** @param {Page} page @param {string} name */
const key = (page, name) => page.getByRole("button", { name, exact: true });

test("by touch: added, given up, switched on again, sent again, a new secret, removed", async () => {
  const page = await webhooks({ viewport: { width: 800, height: 1280 }, hasTouch: true });
  await page.getByLabel("What it is for").fill("Safe");
  await page.getByLabel("Address", { exact: true }).fill(receiver.url);
  await page.getByLabel("Cash in and out").tap();
  await key(page, "Add webhook").tap();
  // The address is in a private network, and nobody has said yet that it may be.
  await page.getByRole("alert").filter({ hasText: "https://" }).waitFor();
  await page.getByLabel("The address is in our own network").tap();
  await key(page, "Add webhook").tap();
  const secret = String(await page.locator(".secret-text").textContent());
  await key(page, "I have kept it").tap();
  await happens();
  assert.ok(isSignedWith(await arrived(1), secret));
  await card(page, "Safe").getByText(/^.*Last message arrived/).waitFor();

  receiver.status = 410;
  await happens();
  await card(page, "Safe").getByText("1 message did not arrive and was given up").waitFor();
  await card(page, "Safe").getByText("wants no more messages").waitFor();
  receiver.status = 204;
  await key(page, "Send them again").tap();
  await page.getByText("Sent again as soon as Safe is switched on").first().waitFor();
  await key(page, "Change Safe").tap();
  await page.getByLabel("Switched on").tap();
  await key(page, "Save").tap();
  await arrived(2);
  await card(page, "Safe").getByText("Works").waitFor();

  await key(page, "New secret for Safe").tap();
  await key(page, "Keep").tap();
  await key(page, "New secret for Safe").tap();
  await key(page, "Make a new secret for Safe").tap();
  const next = String(await page.locator(".secret-text").textContent());
  assert.notEqual(next, secret);
  await key(page, "I have kept it").tap();
  await happens();
  const message = await arrived(3);
  assert.ok(isSignedWith(message, secret) && isSignedWith(message, next), "for a day both sign");

  await key(page, "Messages to Safe").tap();
  await page.getByRole("list", { name: "Messages to Safe" }).getByText(/^Arrived/).nth(2).waitFor();
  await key(page, "Remove Safe").tap();
  await key(page, "Remove Safe for good").tap();
  await page.getByText("No address is told of what happens here").waitFor();
  assert.deepEqual(till.complaints, []);
  await page.context().close();
});

test("by keyboard: added, a message sent again, a new secret, removed; the focus is always seen", async () => {
  const page = await webhooks({ viewport: { width: 1024, height: 768 } });
  const walk = new Walk(page);
  const before = receiver.taken.length;
  await page.getByLabel("What it is for").focus();
  await walk.type("Safe");
  await walk.tabTo(page.getByLabel("Address", { exact: true }));
  await walk.type(receiver.url);
  await walk.tabTo(page.getByLabel("Cash in and out"));
  await walk.press("Space");
  await walk.tabTo(page.getByLabel("Products"));
  await walk.tabTo(page.getByLabel("The address is in our own network"));
  await walk.press("Space");
  await walk.go(key(page, "Add webhook"));
  await page.locator(".secret-text").waitFor();
  await walk.go(key(page, "I have kept it"));
  await walk.isOn(key(page, "Messages to Safe"));
  await happens();
  await arrived(before + 1);
  await walk.press("Enter");
  const again = page.getByRole("button", { name: /^Send cash.moved of .* again$/ });
  await again.waitFor();
  await walk.go(again);
  const { id } = await arrived(before + 2);
  assert.equal(id, receiver.taken.at(-2)?.id, "the same message, known by its id");
  await walk.go(key(page, "Change Safe"), "Shift+Tab");
  await walk.isOn(page.getByRole("heading", { name: "Change Safe" }));
  await walk.tabTo(page.getByLabel("What it is for"));
  await walk.press("Enter");
  await page.getByRole("heading", { name: "New webhook" }).waitFor();
  await walk.isOn(key(page, "Change Safe"));
  await walk.go(key(page, "New secret for Safe"));
  await walk.go(key(page, "Keep"), "Shift+Tab");
  await walk.isOn(key(page, "New secret for Safe"));
  await walk.press("Enter", "Enter");
  await page.locator(".secret-text").waitFor();
  await walk.go(key(page, "I have kept it"));
  await walk.isOn(key(page, "Messages to Safe"));
  await walk.go(key(page, "Remove Safe"));
  await walk.press("Enter");
  await page.getByText("No address is told of what happens here").waitFor();
  assert.deepEqual(till.complaints, []);
  await page.context().close();
});

test("at every size with everything on it: nothing is cut, too small or out of reach", async () => {
  const save = { types: ["cash.*"], enabled: true, allow_host: true, certificate: "" };
  const gone = { name: "Newsletter and loyalty letters", url: receiver.url, ...save };
  const { webhook } = await till.ask("webhooks.save", gone);
  receiver.status = 410;
  await happens();
  for (;;) {
    const { webhooks } = await till.ask("webhooks.list", {});
    if (webhooks[0].dead === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  receiver.status = 204;
  await till.ask("webhooks.save", { ...gone, name: "Books", types: [] });
  await happens();
  await arrived(1);
  for (const viewport of SIZES) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const page = await webhooks({ viewport, colorScheme });
      await key(page, `Messages to ${webhook.name}`).click();
      await page.getByText(/^Given up after 1 try/).waitFor();
      await key(page, `Remove ${webhook.name}`).click();
      await key(page, `Change ${webhook.name}`).click();
      await page.getByRole("heading", { name: `Change ${webhook.name}` }).waitFor();
      await look(page, "webhooks");
      await page.context().close();
    }
  }
  assert.deepEqual(till.complaints, []);
});
