import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Unreachable } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, press, sheet, type } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

beforeEach(async () => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
  till = await openTill(fake);
  await till.cart.scan("4000000000036");
});
afterEach(() => cleanup());

async function layaway(): Promise<void> {
  const order = await till.cart.hold("layaway", "2026-12-24", "Blue ribbon");
  till.sheet = { kind: "deposit", order };
}

describe("a held order", () => {
  it("is set aside with its day, and taken up again", async () => {
    press("H", { ctrlKey: true });
    const asked = await sheet("Set this cart aside");
    asked.getByRole("button", { name: /^Layaway/ }).click();
    asked.getByRole("button", { name: "In 30 days" }).click();
    await waitFor(() => expect(asked.getByDisplayValue("2026-12-23")).toBeTruthy());
    asked.getByRole("button", { name: "Set it aside" }).click();
    await screen.findByText("The cart is empty");
    expect(fake.counter.held[0]).toMatchObject({ kind: "layaway", due: "2026-12-23" });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    press("F9", { shiftKey: true });
    const list = await sheet("Held orders");
    (await list.findByRole("button", { name: /^T1-H1/ })).click();
    (await list.findByRole("button", { name: "Take it up" })).click();
    await waitFor(() => expect(till.cart.view?.order?.number).toBe("T1-H1"));
    expect(screen.getByText("Order T1-H1")).toBeTruthy();
  });

  it("is not set aside until a day that does not exist", async () => {
    press("H", { ctrlKey: true });
    const asked = await sheet("Set this cart aside");
    type(asked.getByLabelText(/^Until when/), "2026-02-30");
    const key = asked.getByRole<HTMLButtonElement>("button", { name: "Set it aside" });
    await waitFor(() => expect(key.disabled).toBe(true));
    expect(asked.getByText("Write the day as 2026-12-24.")).toBeTruthy();
  });

  it("takes a deposit once, however often it is sent, and says the change", async () => {
    await layaway();
    const asked = await sheet("Deposit on T1-H1");
    for (const key of ["3", "00", "0"]) asked.getByRole("button", { name: key }).click();
    await waitFor(() => expect(asked.getByDisplayValue("€30.00")).toBeTruthy());
    fake.before = (name) => {
      if (name === "held.deposit") throw new Unreachable();
    };
    asked.getByRole("button", { name: "Take the deposit" }).click();
    await screen.findByText(/^No answer from the register/, { selector: ".toast span" });
    fake.before = () => undefined;
    asked.getByRole("button", { name: "Take the deposit" }).click();
    const done = await sheet("Deposit on T1-H1 is taken");
    expect(done.getByText("€6.00")).toBeTruthy();
    const sent = fake.calls.filter(({ name }) => name === "held.deposit");
    const ids = sent.map(({ request }) => (request as { tender_id: string }).tender_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it("that is cancelled says what goes back, and needs a reason", async () => {
    await layaway();
    const held = fake.counter.held[0];
    if (!held) throw new Error("nothing is held");
    held.deposit = 1000;
    till.sheet = { kind: "cancel_held", order: { ...held } };
    const asked = await sheet("Cancel order T1-H1?");
    const key = asked.getByRole<HTMLButtonElement>("button", { name: "Cancel the order" });
    expect(key.disabled).toBe(true);
    asked.getByRole("button", { name: "Not collected" }).click();
    await waitFor(() => expect(key.disabled).toBe(false));
    key.click();
    const done = await sheet("Order T1-H1 is cancelled");
    expect(done.getByText("\u2212€10.00")).toBeTruthy();
    expect(held.state).toBe("cancelled");
  });
});
