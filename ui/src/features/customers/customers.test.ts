import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Unreachable } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, sheet, type } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

beforeEach(async () => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
  till = await openTill(fake);
  till.route.go("customers");
  await screen.findByRole("link", { name: /^Ada Byrne/ });
});
afterEach(() => cleanup());

async function openAda() {
  till.route.go("customers", "customer-ada");
  return within(await screen.findByRole("region", { name: "Ada Byrne" }));
}

describe("the Customers screen", () => {
  it("finds by a phone number and shows what is owed and held", async () => {
    type(screen.getByRole("searchbox"), "555 010");
    await waitFor(() => expect(screen.queryByRole("link", { name: /^Ben/ })).toBeNull());
    const ada = await openAda();
    expect(ada.getByText("€12.50")).toBeTruthy();
  });

  it("changes a customer, with their limit and groups", async () => {
    const ada = await openAda();
    type(ada.getByLabelText("May owe up to"), "200");
    type(ada.getByLabelText("Groups, with commas between"), "member, staff");
    ada.getByRole("button", { name: "Save" }).click();
    await waitFor(() =>
      expect(fake.calls.at(-2)?.request ?? fake.calls.at(-1)?.request).toMatchObject({
        account_limit: 20_000,
        groups: ["member", "staff"],
      }),
    );
  });

  it("keeps what was typed when it cannot be read", async () => {
    const ada = await openAda();
    type(ada.getByLabelText("May owe up to"), "a lot");
    ada.getByRole("button", { name: "Save" }).click();
    await ada.findByText(/^Write the limit as an amount/);
    expect(ada.getByDisplayValue("a lot")).toBeTruthy();
    expect(fake.count("customers.save")).toBe(0);
  });

  it("takes what is owed once, however often it is sent", async () => {
    const ada = await openAda();
    ada.getByRole("button", { name: "Pay what is owed" }).click();
    const asked = await sheet("Ada Byrne pays");
    fake.afterwards = (name) => {
      if (name === "customers.pay_account") throw new Unreachable();
    };
    asked.getByRole("button", { name: "Take the payment" }).click();
    await screen.findByText(/^No answer from the register/, { selector: ".toast span" });
    fake.afterwards = () => undefined;
    fake.answers["customers.pay_account"] = () => fake.counter.customers[0];
    asked.getByRole("button", { name: "Take the payment" }).click();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const sent = fake.calls.filter(({ name }) => name === "customers.pay_account");
    const ids = sent.map(({ request }) => (request as { tender_id: string }).tender_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it("sells to a customer at one tap", async () => {
    await openAda();
    screen.getByRole("button", { name: "Sell to them" }).click();
    await waitFor(() => expect(till.cart.view?.customer?.name).toBe("Ada Byrne"));
    expect(till.route.screen).toBe("sell");
  });

  it("offers credit only to those who may give it out", async () => {
    const ada = await openAda();
    expect(ada.getByRole("button", { name: "Give credit" })).toBeTruthy();
    cleanup();
    fake.rights = fake.rights.filter((right) => right !== "issue_credit");
    till = await openTill(fake);
    expect((await openAda()).queryByRole("button", { name: "Give credit" })).toBeNull();
  });
});
