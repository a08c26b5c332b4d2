// A real page of another origin, in Chromium, against the running register: whatever it tries, nothing
// changes and nothing can be read. Even with a token that it was told.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { openTill } from "./till.mjs";

/** @type {import("./till.mjs").Till} */
let till;
/** @type {import("node:http").Server} */
let shop;
/** @type {string} */
let token;

before(async () => {
  till = await openTill();
  shop = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>Free things</title><body></body>");
  });
  await new Promise((done) => shop.listen(0, "127.0.0.1", () => done(undefined)));
  token = (await rpc("tokens.create", { name: "Leaked", scopes: SCOPES, role: "owner" })).secret;
});
after(async () => {
  shop?.close();
  await till?.close();
});

const SCOPES = [
  "payments", "catalog:read", "catalog:write", "customers:read", "customers:write", "sales:read",
  "orders:write", "settings", "events", "till",
];

/** What the register's own page would send. @param {string} command @param {object} body */
async function rpc(command, body) {
  const answer = await fetch(`${till.register.address}/rpc/${command}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Countertop-Client": "witness" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, command);
  return answer.json();
}

/** What an attacker could have changed. */
async function state() {
  const customers = await rpc("customers.find", { text: "Mallory" });
  const tokens = await rpc("tokens.list", {});
  const shift = (await rpc("register.state", {})).shift;
  return { customers: customers.customers, tokens: tokens.tokens.length, shift };
}

/** Where the attacker's page can come from: another port, and another name for this machine. */
const pages = () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (shop.address());
  return [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, `http://shop.localhost:${port}/`];
};

/**
 * Everything that a page can send, run inside the attacker's page. Gives what it could read.
 * @param {{ base: string, token: string | null }} target
 */
async function attack({ base, token }) {
  /** @type {string[]} */
  const read = [];
  const paths = [
    "/rpc/register.state", "/rpc/tokens.list", "/rpc/customers.find", "/rpc/shift.move_cash",
    "/rpc/tokens.create", "/v1/token", "/v1/health", "/v1/customers", "/v1/openapi.json", "/v1/docs",
    "/health", "/events", "/v1/events", "/index.html", "/",
  ];
  const body = JSON.stringify({ name: "Mallory", scopes: ["till"], text: "Mallory" });
  const bearer = token === null ? [] : [{ Authorization: `Bearer ${token}` }];
  const kinds = ["application/json", "text/plain", "application/x-www-form-urlencoded"];
  const headers = [{}, ...bearer, ...kinds.map((kind) => ({ "Content-Type": kind, ...bearer[0] }))];
  for (const path of paths) {
    for (const mode of /** @type {RequestMode[]} */ (["cors", "no-cors"])) {
      for (const method of ["GET", "POST", "PUT", "DELETE"]) {
        for (const header of headers) {
          const sent = method === "GET" ? {} : { body };
          const stop = AbortSignal.timeout(3_000);
          try {
            const answer = await fetch(base + path, {
              method, mode, headers: header, credentials: "include", signal: stop, ...sent,
            });
            const text = answer.type === "opaque" ? "" : await answer.text();
            if (text !== "" || answer.status !== 0) read.push(`${mode} ${method} ${path}: ${text}`);
          } catch {
            // Refused, as it should be.
          }
        }
      }
    }
  }
  /** @param {(done: (text: string) => void) => void} begin @param {string} what */
  const wait = async (begin, what) => {
    const heard = await new Promise((done) => {
      begin(done);
      setTimeout(() => done(""), 1_500);
    });
    if (heard !== "") read.push(`${what}: ${heard}`);
  };
  for (const path of ["/", "/index.html", "/v1/customers", "/v1/openapi.json"]) {
    for (const tag of /** @type {const} */ (["img", "script", "iframe", "link"])) {
      await wait((done) => {
        const element = document.createElement(tag);
        element.addEventListener("error", () => done(""));
        // A frame "loads" its refusal too, but is of an origin that cannot be looked into.
        element.addEventListener("load", () => {
          try {
            const inside = /** @type {HTMLIFrameElement} */ (element).contentDocument?.body.innerText;
            done(tag === "iframe" ? (inside ?? "") : "it loaded");
          } catch {
            done("");
          }
        });
        if (tag === "link") {
          element.setAttribute("rel", "stylesheet");
          element.setAttribute("href", base + path);
        } else {
          element.setAttribute("src", base + path);
        }
        document.body.append(element);
      }, `${tag} ${path}`);
    }
  }
  for (const path of ["/events", "/v1/events", "/rpc/register.state"]) {
    await wait((done) => {
      const stream = new EventSource(base + path, { withCredentials: true });
      stream.onopen = () => done("it opened");
      stream.onmessage = (event) => done(event.data);
      stream.onerror = () => done("");
    }, `EventSource ${path}`);
    await wait((done) => {
      const socket = new WebSocket(base.replace("http", "ws") + path);
      socket.onopen = () => done("it opened");
      socket.onerror = () => done("");
    }, `WebSocket ${path}`);
  }
  for (const path of ["/rpc/tokens.create", "/rpc/customers.save", "/v1/customers"]) {
    navigator.sendBeacon(base + path, new Blob([body], { type: "application/json" }));
    navigator.sendBeacon(base + path, new Blob([body], { type: "text/plain" }));
    for (const kind of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const frame = document.createElement("iframe");
      frame.name = `${path} ${kind}`;
      const form = document.createElement("form");
      Object.assign(form, { method: "POST", action: base + path, enctype: kind, target: frame.name });
      const field = document.createElement("input");
      // As text/plain this is JSON: {"name":"Mallory","a":"=b"}
      Object.assign(field, { name: '{"name":"Mallory","a":"', value: 'b"}' });
      form.append(field);
      document.body.append(frame, form);
      form.submit();
    }
  }
  await new Promise((done) => setTimeout(done, 1_000));
  return read;
}

test("a page of another origin changes nothing and reads nothing, without a token and with one", async () => {
  const before = await state();
  const base = till.register.address;
  for (const address of pages()) {
    for (const known of [null, token]) {
      const context = await till.browser.newContext();
      const page = await context.newPage();
      await page.goto(address);
      const read = await page.evaluate(attack, { base, token: known });
      assert.deepEqual(read, [], `${address} ${known === null ? "without" : "with"} a token`);
      await context.close();
    }
  }
  assert.deepEqual(await state(), before);
});

test("a name that is pointed at this machine reads and changes nothing: DNS rebinding", async () => {
  const before = await state();
  const { port } = new URL(till.register.address);
  // What a resolver of the attacker's would answer the second time: this machine.
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.attacker.example 127.0.0.1"],
  });
  try {
    const page = await browser.newPage();
    const base = `http://pos.attacker.example:${port}`;
    const answer = await page.goto(`${base}/`);
    assert.equal(answer?.status(), 421);
    const seen = await page.evaluate(
      async ({ token }) => {
        const texts = [];
        for (const path of ["/rpc/register.state", "/rpc/tokens.create", "/v1/customers", "/v1/token"]) {
          for (const method of ["GET", "POST"]) {
            const answer = await fetch(path, {
              method,
              headers: {
                "Content-Type": "application/json",
                "X-Countertop-Client": "page",
                Authorization: `Bearer ${token}`,
              },
              ...(method === "POST" ? { body: '{"name":"Mallory","scopes":["till"]}' } : {}),
            });
            texts.push(`${answer.status} ${await answer.text()}`);
          }
        }
        return texts;
      },
      { token },
    );
    for (const text of seen) {
      // Of its own origin it may read the refusal, which says nothing of the shop.
      assert.match(text, /^421 /);
      assert.doesNotMatch(text, /Mallory|secret|ctp_|Owner|Mara/);
    }
    assert.equal(seen.length, 8);
  } finally {
    await browser.close();
  }
  assert.deepEqual(await state(), before);
});
