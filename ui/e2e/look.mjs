// Looks at a screen as it stands: keeps its picture, and says what is cut, too small or not
// accessible.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";

/** @typedef {import("playwright-core").Page} Page */

const FOLDER = process.env.SHOTS ?? join(tmpdir(), "countertop-shots");

/** @param {Page} page @param {string} name */
export async function look(page, name) {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const theme = await page.evaluate(() => document.documentElement.dataset["theme"]);
  const where = `${name} at ${width}x${height}, ${theme}`;
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${width}x${height}.png`) });
  assert.equal(await page.evaluate(scrollsSideways), "", `${where} scrolls sideways`);
  assert.deepEqual(await page.evaluate(smallTargets), [], `${where} has small targets`);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  assert.deepEqual(found, [], `${where} has violations`);
}

function scrollsSideways() {
  const wide = [document.documentElement, ...document.querySelectorAll("main, aside, dialog, .app")];
  return wide
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .map((element) => `${element.tagName}.${element.className}`)
    .join();
}

function smallTargets() {
  return [...document.querySelectorAll("button, a[href], input:not([readonly])")]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ element, box }) => box.width > 0 && !element.closest("label, .vh, [popover]"))
    .filter(({ box }) => box.width < 47.5 || box.height < 47.5)
    .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}x${box.height}`);
}
