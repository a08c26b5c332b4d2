// A walk through the screens by keyboard alone: what has the focus is seen, wherever Tab comes by.

import assert from "node:assert/strict";
import { typeByHand } from "./till.mjs";
import { openDialog } from "./money.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

/** More stops than this between two steps, and the order of the keys is wrong. */
const STOPS_MAX = 12;

export class Walk {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Presses keys, one after another. @param {string[]} keys */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** @param {string} text */
  async type(text) {
    await typeByHand(this.page, text);
  }

  /** @param {string | RegExp} name */
  async sheet(name) {
    return openDialog(this.page, name);
  }

  /** No sheet is open, and the focus is somewhere. */
  async backOnTheScreen() {
    await this.page.getByRole("dialog").waitFor({ state: "detached" });
    await this.page.waitForFunction(() => document.activeElement !== document.body);
  }

  /** Something has the focus. @param {Locator} wanted */
  async isOn(wanted) {
    const other = await wanted.evaluate((element) => {
      const on = document.activeElement;
      return on === element ? "" : (on?.outerHTML.slice(0, 160) ?? "nothing");
    });
    assert.equal(other, "");
  }

  /** Tabs to something; each stop must be seen. @param {Locator} wanted @param {string} [key] */
  async tabTo(wanted, key = "Tab") {
    await wanted.waitFor();
    for (let stops = 0; stops < STOPS_MAX; stops += 1) {
      await this.press(key);
      assert.equal(await this.page.evaluate(unseen), "");
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
    }
    assert.fail(`${key} came to ${STOPS_MAX} other places before ${wanted}`);
  }

  /** Tabs to something and presses it. @param {Locator} wanted @param {string} [key] */
  async go(wanted, key) {
    await this.tabTo(wanted, key);
    await this.press("Enter");
  }

  /** Pays what is due in cash. */
  async payCash() {
    await this.press("F12");
    await this.page.getByRole("heading", { name: "Left to pay" }).waitFor();
    await this.press("Enter");
    await this.done();
  }

  /** The sale has come to its end. */
  async done() {
    await this.page.locator(".done").waitFor();
  }

  /** The newest order is the first of the list. @param {string} receipt */
  async openOrder(receipt) {
    await this.press("F4");
    await this.page.locator("li:first-child > .item", { hasText: receipt }).waitFor();
    await this.press("/");
    await this.page.waitForFunction(() => document.activeElement?.id === "order-search");
    await this.press("ArrowDown", "Enter");
    await this.page.getByRole("heading", { name: `Receipt ${receipt}` }).waitFor();
  }

  /** @param {string} expected */
  async total(expected) {
    await this.page.locator(".cart .total", { hasText: expected }).waitFor();
  }
}

/** What has the focus without being seen to have it; nothing if it is seen. */
function unseen() {
  const on = document.activeElement;
  if (!on || on === document.body) return "nothing has the focus";
  const ring = [on, on.closest(".field"), on.closest(".pad-shown")].some((element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const { left, top, width, height } = on.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  const where = `on ${on.outerHTML.slice(0, 160)}`;
  if (!there || !on.contains(there)) return `out of sight, ${where}`;
  return ring ? "" : `no ring, ${where}`;
}
