import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Till } from "../../state/till.svelte";
import { FakeRegister, key } from "../../testing/fake-register";
import { openTill, press, sheet, type } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
  fake.tenders.push({ ...key("card", "Counter terminal"), terminal_id: "terminal-1" });
});
afterEach(() => cleanup());

async function pay(...codes: string[]): Promise<void> {
  till = await openTill(fake);
  for (const code of codes) await till.cart.scan(code);
  till.goToPay();
  await screen.findByRole("heading", { name: "Pay" });
}

const CAKE = "4000000000036";
const MILK = "4000000000012";
const tap = (name: RegExp | string) => screen.getByRole("button", { name }).click();
const due = () => document.querySelector(".due")?.textContent?.trim();
const panel = () => within(document.querySelector<HTMLElement>(".terminal") ?? document.body);
const started = () => fake.count("card.start");

describe("paying by card at a terminal", () => {
  it("says where it stands, and ends the sale by itself", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.becomes("present", { says: "Enter PIN" });
    await screen.findByRole("heading", { name: "Enter PIN" });
    fake.terminal.becomes("asking");
    await screen.findByRole("heading", { name: "No answer: asking the terminal" });
    fake.terminal.becomes("approved");
    await screen.findByRole("heading", { name: "Paid" });
    expect(fake.sales[0]?.tenders.map(({ kind }) => kind)).toEqual(["card"]);
  });

  it("leaves no other way to pay while it is open", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    tap(/^Cash/);
    tap(/^Counter terminal/);
    press("Enter");
    expect(fake.count("pay.tender")).toBe(0);
    expect(started()).toBe(1);
    for (const name of [/^Cash/, /^Card/, /^Counter terminal/]) {
      const button = screen.getByRole("button", { name });
      expect(button.getAttribute("aria-disabled")).toBe("true");
    }
  });

  it("takes a part of it, and the rest in another way", async () => {
    await pay(CAKE);
    till.payment.entry = "1000";
    await screen.findByText("€10.00", { selector: "output bdi" });
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.becomes("approved");
    await waitFor(() => expect(due()).toBe("€14.00"));
    expect(screen.getByText("Visa •••• 4821")).toBeTruthy();
    tap(/^€14\s*exact/);
    await screen.findByRole("heading", { name: "Paid" });
  });

  it("is stopped once", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    panel().getByRole("button", { name: "Stop" }).click();
    const stopping = await panel().findByRole("button", { name: "Stopping" });
    expect(stopping).toHaveProperty("disabled", true);
    fake.terminal.becomes("declined", { words: "Stopped by the cashier." });
    await screen.findByText("Stopped by the cashier.");
  });

  it("declined is tried again or paid another way", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.becomes("declined");
    await screen.findByRole("heading", { name: "Declined" });
    tap("Try again");
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.becomes("declined");
    await screen.findByRole("heading", { name: "Declined" });
    tap("Another way");
    await waitFor(() => expect(screen.queryByRole("heading", { name: "Declined" })).toBeNull());
    tap(/^€30/);
    await screen.findByRole("heading", { name: "Change due" });
    expect(fake.sales[0]?.tenders.map(({ kind }) => kind)).toEqual(["cash"]);
    expect(started()).toBe(2);
  });

  it("in doubt offers to ask, to set the sale aside and to decide, and nothing that charges", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.becomes("in_doubt");
    await screen.findByRole("heading", { name: /Not known yet/ });
    const keys = panel().getAllByRole("button").map((button) => button.textContent?.trim());
    expect(keys).toEqual(["Ask again", "Park this sale", "Decide"]);
    tap("Ask again");
    await screen.findByRole("heading", { name: "No answer: asking the terminal" });
    expect(started()).toBe(1);
  });

  it("in doubt lets the next customer be served, and the sale ends when the terminal answers", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.becomes("in_doubt");
    await screen.findByRole("heading", { name: /Not known yet/ });
    tap("Park this sale");
    await waitFor(() => expect(till.route.screen).toBe("sell"));
    await screen.findByRole("button", { name: "1 card payment in doubt" });
    await till.scan(MILK);
    till.goToPay();
    await screen.findByRole("heading", { name: "Pay" });
    tap(/^€2\.35\s*exact/);
    await screen.findByRole("heading", { name: "Paid" });
    fake.terminal.becomes("approved");
    await waitFor(() => expect(fake.sales).toHaveLength(2));
    await waitFor(() => expect(till.toasts.shown.map(({ text }) => text)).toContain(
      "The card paid: receipt T1-2",
    ));
    await waitFor(() =>
      expect(screen.queryByRole("button", { name: /in doubt/ })).toBeNull(),
    );
  });

  it("in doubt is decided with a reason, and only by those who may", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    fake.terminal.mayResolve = false;
    fake.terminal.becomes("in_doubt");
    await screen.findByText(/Only the owner or a manager/);
    expect(screen.queryByRole("button", { name: "Decide" })).toBeNull();
    fake.terminal.mayResolve = true;
    fake.terminal.becomes("in_doubt");
    (await screen.findByRole("button", { name: "Decide" })).click();
    const dialog = await sheet("What became of this payment?");
    const decide = dialog.getByRole("button", { name: "Decide" });
    expect(decide).toHaveProperty("disabled", true);
    dialog.getByRole("button", { name: "It was charged" }).click();
    await dialog.findByText(/counts as paid/);
    expect(decide).toHaveProperty("disabled", true);
    type(dialog.getByLabelText("How you know"), "The slip says so");
    await waitFor(() => expect(decide).toHaveProperty("disabled", false));
    decide.click();
    await screen.findByRole("heading", { name: "Paid" });
    expect(fake.calls.find(({ name }) => name === "card.resolve")?.request).toMatchObject({
      charged: true,
      reason: "The slip says so",
    });
  });

  it("keeps a scan out of a sale whose card is open, and says why", async () => {
    await pay(CAKE);
    tap(/^Counter terminal/);
    await screen.findByRole("heading", { name: "Present card" });
    expect(await till.scan(MILK)).toBe(false);
    expect(till.toasts.shown[0]?.text).toMatch(/card payment is open/);
    expect(till.cart.view?.lines).toHaveLength(1);
  });

  it("that was taken for no sale waits in the list, and is given back", async () => {
    fake.terminal.orphan();
    till = await openTill(fake);
    (await screen.findByRole("button", { name: "1 card payment in doubt" })).click();
    const dialog = await sheet("Card payments that wait");
    await dialog.findByText(/Paid at the terminal, no sale/);
    dialog.getByRole("button", { name: "Give it back" }).click();
    await dialog.findByText(/Card payment taken back/);
    expect(fake.count("card.reverse")).toBe(1);
  });

  it("goes back to the card at its terminal", async () => {
    const original = { tender_id: "t-card", name: null, reference: null };
    fake.answers["orders.returnable"] = () => ({
      sale_id: "sale-9",
      receipt: "T1-9",
      lines: [],
      tenders: [{ ...original, kind: "card", left: 1000 }],
    });
    fake.takeBack({
      id: "back-1",
      origin: { sale_id: "sale-9", receipt: "T1-9", line_id: "line-9" },
      total: -1000,
      name: "Carrot cake",
      quantity: 1000,
      unit: "piece",
      reason: "",
    });
    await pay();
    (await screen.findByRole("button", { name: /^Card €10\.00/ })).click();
    await screen.findByRole("heading", { name: "Present card" });
    expect(fake.calls.find(({ name }) => name === "card.refund")?.request).toMatchObject({
      amount: 1000,
      refunds: "t-card",
    });
    fake.terminal.becomes("approved");
    await screen.findByRole("heading", { name: "Paid back" });
    expect(fake.sales[0]?.tenders.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["card", -1000],
    ]);
  });
});
