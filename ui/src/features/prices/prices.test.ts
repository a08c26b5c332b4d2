import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Refused } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, type } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

const MEMBERS = {
  id: "members",
  name: "Members",
  groups: ["member"],
  channels: [],
  from: null,
  until: null,
  priority: 0,
  prices: [{ of: { by: "all" }, min_quantity: 1, price: { by: "percent_off", value: "5" } }],
};

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
  fake.counter.rules = { ...fake.counter.rules, books: [MEMBERS] };
});
afterEach(() => cleanup());

async function open(rest: string): Promise<void> {
  till = await openTill(fake);
  till.route.go("prices", rest);
}

describe("the Prices screen", () => {
  it("adds a promotion and leaves the price books as they are", async () => {
    await open("promotions:new");
    const form = within(await screen.findByRole("region", { name: "New promotion" }));
    type(form.getByLabelText("Name, as printed"), "3 for 2");
    type(form.getByLabelText("Taken"), "3");
    type(form.getByLabelText("Paid"), "2");
    form.getByRole("button", { name: "Save" }).click();
    await waitFor(() => expect(fake.counter.rules.promotions).toHaveLength(1));
    expect(fake.counter.rules.books).toEqual([MEMBERS]);
    expect(fake.counter.rules.promotions[0]).toMatchObject({
      id: "3-for-2",
      rule: { by: "x_for_y", of: { by: "all" }, take: 3, pay: 2 },
    });
    await waitFor(() => expect(till.route.rest).toBe("promotions:3-for-2"));
  });

  it("says beside the form what the register refuses, and keeps what was typed", async () => {
    fake.answers["prices.set"] = () => {
      throw new Refused({ code: "bad_rule", message: "Members: two prices for milk.", about: "" });
    };
    await open("books:members");
    const form = within(await screen.findByRole("region", { name: "Members" }));
    type(form.getByLabelText(/^Off the list price/), "7.5");
    form.getByRole("button", { name: "Save" }).click();
    await form.findByText("Members: two prices for milk.");
    expect(form.getByDisplayValue("7.5")).toBeTruthy();
    expect(fake.counter.rules.books).toEqual([MEMBERS]);
  });

  it("never overwrite what another screen saved meanwhile", async () => {
    await open("books:members");
    const form = within(await screen.findByRole("region", { name: "Members" }));
    type(form.getByLabelText(/^Off the list price/), "7.5");
    // Another screen adds a book, and this one has not heard of it.
    const mine = fake.counter.rules;
    const other = { ...MEMBERS, id: "staff", name: "Staff" };
    fake.counter.rules = { ...mine, version: mine.version + 1, books: [MEMBERS, other] };
    form.getByRole("button", { name: "Save" }).click();
    await form.findByText(/^Prices were changed at another screen/);
    expect(fake.counter.rules.books).toEqual([MEMBERS, other]);
    // What was typed is still there, and goes in beside what the other screen saved.
    expect(form.getByDisplayValue("7.5")).toBeTruthy();
    form.getByRole("button", { name: "Save" }).click();
    await waitFor(() => expect(JSON.stringify(fake.counter.rules.books)).toContain("7.5"));
    expect(fake.counter.rules.books).toHaveLength(2);
  });

  it("name the figures of a rule in the list", async () => {
    const euro = (minor: number) => ({ minor, currency: "EUR" });
    const of = { by: "all" };
    const { prices: _none, ...conditions } = MEMBERS;
    const promotion = (id: string, rule: object) => ({
      ...conditions,
      id,
      name: id,
      stacks: false,
      weekdays: [],
      hours: null,
      needs_coupon: false,
      except: null,
      rule,
    });
    fake.counter.rules.promotions = [
      promotion("A", { by: "spend", of, over: euro(5000), off: { by: "percent", value: "10" } }),
      promotion("B", { by: "x_for_y", of, take: 3, pay: 2 }),
      promotion("C", { by: "nth_at_percent", of, nth: 2, percent_off: "50" }),
      promotion("D", { by: "fixed_price", of, price: euro(250) }),
    ];
    await open("promotions");
    const list = await screen.findByRole("list", { name: "Promotions" });
    for (const text of [
      "From an amount of €50.00 on",
      "3 for the price of 2",
      "Every second reduced by 50 %",
      "Each for €2.50",
    ]) {
      expect(list.textContent).toContain(text);
    }
  });

  it("brings a removed price book back by Undo", async () => {
    await open("books:members");
    (await screen.findByRole("button", { name: "Remove Members" })).click();
    await waitFor(() => expect(fake.counter.rules.books).toEqual([]));
    (await screen.findByRole("button", { name: "Undo" })).click();
    await waitFor(() => expect(fake.counter.rules.books).toEqual([MEMBERS]));
  });

  it("is to look at only for a role that may not change prices", async () => {
    fake.rights = fake.rights.filter((right) => right !== "change_prices");
    await open("books:members");
    const form = within(await screen.findByRole("region", { name: "Members" }));
    expect(form.getByText(/^Your role may not change prices/)).toBeTruthy();
    expect(form.queryByRole("button", { name: "Save" })).toBeNull();
    expect(screen.queryByRole("button", { name: "New price book" })).toBeNull();
  });

  it("gives out a coupon for a promotion that needs one", async () => {
    const welcome = { ...MEMBERS, id: "welcome", name: "Welcome back", needs_coupon: true };
    const rule = { by: "percent_off", of: { by: "all" }, percent: "10" };
    const rest = { stacks: false, weekdays: [], hours: null, except: null, rule };
    fake.counter.rules.promotions = [{ ...welcome, ...rest }];
    await open("coupons");
    type(await screen.findByLabelText("Code on it"), "WELCOME10");
    const key = screen.getByRole<HTMLButtonElement>("button", { name: "Give it out" });
    await waitFor(() => expect(key.disabled).toBe(false));
    key.click();
    await screen.findByText("0 of 1 used");
    expect(fake.counter.coupons).toEqual([
      { code: "WELCOME10", promotion: "welcome", limit: 1, expires: null, uses: 0 },
    ]);
  });
});
