import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PayRequest, ReturnView } from "../../bindings/api";
import type { Till } from "../../state/till.svelte";
import { FakeRegister, key } from "../../testing/fake-register";
import { openTill } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
});
afterEach(() => cleanup());

/** Opens the Pay screen with things of these codes in the cart. */
async function pay(...codes: string[]): Promise<void> {
  till = await openTill(fake);
  for (const code of codes) await till.cart.scan(code);
  till.goToPay();
  await screen.findByRole("heading", { name: "Pay" });
}

const CAKE = "4000000000036";
const MILK = "4000000000012";
const tap = (name: RegExp | string) => screen.getByRole("button", { name }).click();
const sheet = async () => within(await screen.findByRole("dialog"));
const sent = () =>
  fake.calls.filter((call) => call.name === "pay.tender").map((call) => call.request as PayRequest);
const due = () => document.querySelector(".due")?.textContent?.trim();

function comesBack(total: number, sale_id: string | null = "sale-9"): ReturnView {
  const origin = sale_id && { sale_id, receipt: "T1-9", line_id: "line-9" };
  const what = { name: "Carrot cake", quantity: 1000, unit: "piece", reason: "" };
  return { id: "back-1", origin: origin || null, total, ...what };
}

describe("paying", () => {
  it("in cash asks for what the smallest coin allows, and says so", async () => {
    fake.step = 5;
    await pay("4000000000029", MILK);
    await till.cart.add("variant-tomato", 642);
    expect(till.cart.view?.due).toBe(971);
    expect(await screen.findByText(/in cash$/)).toBeTruthy();
    tap(/^€9\.70\s*exact/);
    await screen.findByRole("heading", { name: "Paid" });
    expect(fake.sales[0]?.cash_rounding).toBe(-1);
    expect(screen.getByText(/cash rounding/)).toBeTruthy();
  });

  it("with a gift card shows its balance before anything is taken", async () => {
    fake.tenders.push(key("gift_card"));
    fake.credit.set("GC-77", 1000);
    await pay(CAKE);
    tap(/^Gift card/);
    const dialog = await sheet();
    await till.scan("GC-77");
    expect(await dialog.findByText("€10.00", { selector: ".total bdi" })).toBeTruthy();
    expect(sent()).toHaveLength(0);
    dialog.getByRole("button", { name: /^Use\s+€10\.00/ }).click();
    await waitFor(() => expect(due()).toBe("€14.00"));
    expect(sent()[0]).toMatchObject({ kind: "gift_card", offered: 1000, reference: "GC-77" });
    expect(till.cart.view?.lines).toHaveLength(1);
  });

  it("with an unknown gift card keeps what was typed, with the reason", async () => {
    fake.tenders.push(key("gift_card"));
    await pay(MILK);
    tap(/^Gift card/);
    const dialog = await sheet();
    await till.scan("GC-0");
    expect(await dialog.findByText(/refused: no_such_credit/)).toBeTruthy();
    expect(dialog.getByDisplayValue("GC-0")).toBeTruthy();
  });

  it("with foreign cash says what is needed, what it is worth and the change", async () => {
    fake.tenders.push(key("foreign_cash"));
    fake.franc = 92;
    await pay(CAKE);
    tap(/^Foreign cash/);
    const dialog = await sheet();
    dialog.getByRole("button", { name: /^CHF\s26\.09$/ });
    dialog.getByRole("button", { name: /^CHF\s50$/ }).click();
    expect(await dialog.findByText(/Worth/)).toHaveProperty(
      "textContent",
      expect.stringMatching(/€46\.00, change €22\.00/),
    );
    dialog.getByRole("button", { name: "Take it" }).click();
    await screen.findByRole("heading", { name: "Change due" });
    expect(sent()[0]).toMatchObject({ kind: "foreign_cash", offered: 5000, currency: "CHF" });
  });

  it("by transfer waits until somebody says that the money is there", async () => {
    fake.tenders.push(key("bank_transfer"));
    await pay(CAKE);
    tap(/^Transfer/);
    const dialog = await sheet();
    expect(dialog.getByRole("img", { name: /Code to pay/ })).toBeTruthy();
    expect(fake.sales).toHaveLength(0);
    dialog.getByRole("button", { name: "Not yet" }).click();
    await screen.findByRole("heading", { name: "Waits for the money" });
    expect(sent()[0]?.reference).toBe("T1-7");
    tap("Received");
    await screen.findByRole("heading", { name: "Paid" });
  });

  it("by a transfer that never came is taken back, and paid another way", async () => {
    fake.tenders.push(key("wallet"));
    await pay(CAKE);
    tap(/^Wallet/);
    (await sheet()).getByRole("button", { name: "Not yet" }).click();
    await screen.findByRole("heading", { name: "Waits for the money" });
    tap("Take back Wallet payment");
    await waitFor(() => expect(due()).toBe("€24.00"));
    tap(/^€30/);
    await screen.findByRole("heading", { name: "Change due" });
    expect(fake.sales[0]?.tenders.map(({ kind }) => kind)).toEqual(["cash"]);
  });

  it("by card that fails leaves the payment before it standing", async () => {
    await pay(CAKE);
    await till.payment.take("cash", 1000);
    fake.before = (name) => {
      if (name === "pay.tender") throw new Error("must not be sent");
    };
    tap(/^Card/);
    (await screen.findByRole("button", { name: "Declined" })).click();
    await waitFor(() => expect(till.payment.card).toBeNull());
    expect(till.cart.view?.tenders.map(({ amount }) => amount)).toEqual([1000]);
    expect(due()).toBe("€14.00");
  });

  it("while a card is asked about, a tap on an amount of cash takes nothing", async () => {
    await pay(CAKE);
    tap(/^Card/);
    const declined = await screen.findByRole("button", { name: "Declined" });
    tap(/^€30/);
    expect(sent()).toHaveLength(0);
    expect(till.payment.step).toBe("ready");
    declined.click();
    await waitFor(() => expect(till.payment.card).toBeNull());
    tap(/^€30/);
    await screen.findByRole("heading", { name: "Change due" });
    expect(sent().map(({ kind }) => kind)).toEqual(["cash"]);
  });

  it("on account needs a customer, and says so", async () => {
    fake.tenders.push(key("on_account"));
    await pay(CAKE);
    tap(/^On account/);
    await waitFor(() => expect(till.toasts.shown[0]?.text).toMatch(/Choose a customer/));
    expect(till.toasts.shown[0]?.action).not.toBeNull();
    expect(sent()).toHaveLength(0);
  });

  it("the shop's own way carries its name", async () => {
    fake.tenders.push(key("custom", "Meal ticket"));
    await pay(MILK);
    tap(/^Meal ticket/);
    await screen.findByRole("heading", { name: "Paid" });
    expect(sent()[0]).toMatchObject({ kind: "custom", name: "Meal ticket", offered: 235 });
  });

  it("with a tip asks for both, and the end of the sale names it", async () => {
    fake.tipPercents = ["10"];
    await pay(CAKE);
    tap("Tip");
    (await sheet()).getByRole("button", { name: "10 %" }).click();
    await waitFor(() => expect(due()).toBe("€26.40"));
    tap(/^€26\.40\s*exact/);
    await screen.findByRole("heading", { name: "Paid" });
    expect(screen.getByText(/^Tip/).textContent).toContain("€2.40");
  });
});

describe("paying out", () => {
  beforeEach(() => {
    const original = { tender_id: "t-card", name: null, reference: null };
    fake.answers["orders.returnable"] = () => ({
      sale_id: "sale-9",
      receipt: "T1-9",
      lines: [],
      tenders: [{ ...original, kind: "card_external", left: 1500 }],
    });
  });

  it("goes back to the card first, never more than it brought, then another way", async () => {
    fake.takeBack(comesBack(-2400));
    await pay();
    await screen.findByRole("heading", { name: "To pay back" });
    expect(due()).toBe("€24.00");
    (await screen.findByRole("button", { name: /^Card €15\.00/ })).click();
    (await screen.findByRole("button", { name: "Approved" })).click();
    await waitFor(() => expect(due()).toBe("€9.00"));
    expect(sent()[0]).toMatchObject({ kind: "card_external", offered: 1500, refunds: "t-card" });
    expect(screen.queryByRole("button", { name: /^Card €/ })).toBeNull();
    tap(/^Cash €9\.00/);
    await screen.findByRole("heading", { name: "Pay out" });
    expect(fake.sales[0]?.total).toBe(-2400);
  });

  it("in cash or as credit is not offered to those who may not", async () => {
    fake.rights = ["sell", "refund"];
    fake.takeBack(comesBack(-1000));
    await pay();
    await screen.findByRole("button", { name: /^Card €10\.00/ });
    expect(screen.queryByRole("button", { name: /^Cash/ })).toBeNull();
    expect(screen.queryByRole("button", { name: /^Store credit/ })).toBeNull();
    expect(screen.getByText(/Ask a manager/)).toBeTruthy();
  });

  it("of an exchange that comes to nothing ends with one key", async () => {
    fake.takeBack(comesBack(-2400));
    await pay(CAKE);
    expect(due()).toBe("€0.00");
    tap(/^Cash/);
    await screen.findByRole("heading", { name: "Nothing to pay" });
  });
});
