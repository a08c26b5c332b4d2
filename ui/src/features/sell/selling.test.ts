import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Refused } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, press, sheet, type } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
});
afterEach(() => cleanup());

async function openWithBread(): Promise<void> {
  till = await openTill(fake);
  await till.cart.scan("4000000000029");
}

const cart = () => within(screen.getByRole("complementary", { name: "Cart" }));
const closed = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
const minus = (text: string) => text.replace("-", "\u2212");

describe("a discount on a line", () => {
  it("is given by touch, and shows by name with a minus", async () => {
    await openWithBread();
    cart().getByRole("button", { name: "Change the line" }).click();
    const asked = await sheet("Discount on Sourdough loaf");
    asked.getByRole("button", { name: "10 %" }).click();
    asked.getByRole("button", { name: "Damaged" }).click();
    await waitFor(() => expect(asked.getByDisplayValue("10 %")).toBeTruthy());
    asked.getByRole("button", { name: "Give the discount" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(432));
    expect(till.cart.line?.discount).toMatchObject({ percent: "10", reason: "Damaged" });
    await waitFor(() => expect(cart().getAllByText(minus("-€0.48"))).toHaveLength(2));
    expect(cart().getByText("Damaged 10 %")).toBeTruthy();
  });

  it("is given by keyboard, as an amount too, and taken off again", async () => {
    await openWithBread();
    press("%");
    const asked = await sheet("Discount on Sourdough loaf");
    asked.getByRole("button", { name: "Amount" }).click();
    for (const key of ["5", "0"]) press(key);
    await waitFor(() => expect(asked.getByDisplayValue("€0.50")).toBeTruthy());
    asked.getByRole("button", { name: "Give the discount" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(430));
    await closed();
    press("%");
    (await sheet("Discount on Sourdough loaf"))
      .getByRole("button", { name: "Take the discount off" })
      .click();
    await waitFor(() => expect(till.cart.view?.total).toBe(480));
  });

  it("that is refused leaves what was typed", async () => {
    await openWithBread();
    fake.answers["basket.set_discount"] = () => {
      throw new Refused({ code: "above_the_price", message: "More than the price.", about: "" });
    };
    press("%");
    const asked = await sheet("Discount on Sourdough loaf");
    asked.getByRole("button", { name: "50 %" }).click();
    await waitFor(() => expect(asked.getByDisplayValue("50 %")).toBeTruthy());
    asked.getByRole("button", { name: "Give the discount" }).click();
    expect(await screen.findByText("More than the price.", { selector: ".toast span" })).toBeTruthy();
    expect(asked.getByDisplayValue("50 %")).toBeTruthy();
  });

  it("is not offered to a role that may not give one", async () => {
    fake.rights = fake.rights.filter((right) => right !== "discount" && right !== "void");
    await openWithBread();
    cart().getByRole("button", { name: "Change the line" }).click();
    const asked = await sheet("Another price for Sourdough loaf");
    expect(asked.queryByRole("button", { name: "Discount" })).toBeNull();
    till.sheet = { kind: "basket" };
    const menu = await sheet("This cart");
    expect(menu.queryByRole("button", { name: /^Discount on the cart/ })).toBeNull();
    expect(menu.queryByRole("button", { name: /^Void the cart/ })).toBeNull();
    expect(menu.getByRole("button", { name: /^Take a coupon/ })).toBeTruthy();
  });
});

describe("the whole cart", () => {
  it("takes a discount that is listed with its name", async () => {
    await openWithBread();
    press("D", { ctrlKey: true });
    const asked = await sheet("Discount on the cart");
    asked.getByRole("button", { name: "5 %" }).click();
    await waitFor(() => expect(asked.getByDisplayValue("5 %")).toBeTruthy());
    asked.getByRole("button", { name: "Regular customer" }).click();
    asked.getByRole("button", { name: "Give the discount" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(456));
    expect(cart().getByText("Regular customer")).toBeTruthy();
  });

  it("explains a line in one tap", async () => {
    await openWithBread();
    cart().getByRole("button", { name: "Why this price" }).click();
    const why = await sheet("Why Sourdough loaf costs this");
    expect(why.getByRole("rowheader", { name: /^Price on the label/ })).toBeTruthy();
    expect(why.getByRole("rowheader", { name: "What it comes to" })).toBeTruthy();
  });

  it("takes a scanned coupon while its sheet is open, and says when one is used up", async () => {
    fake.counter.coupons = [
      { code: "TENOFF", promotion: "ten", uses: 0, limit: null, expires: null },
      { code: "OLD", promotion: "ten", uses: 1, limit: 1, expires: null },
    ];
    await openWithBread();
    press("B", { ctrlKey: true });
    const asked = await sheet("Coupons");
    expect(await till.scan("TENOFF")).toBe(true);
    await waitFor(() => expect(till.cart.view?.total).toBe(432));
    expect(till.cart.view?.lines).toHaveLength(1);
    await till.scan("OLD");
    expect(await screen.findByText("refused: coupon_used_up", { selector: ".toast span" })).toBeTruthy();
    expect(asked.getByDisplayValue("OLD")).toBeTruthy();
    asked.getByRole("button", { name: "Give back coupon TENOFF" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(480));
    till.sheet = null;
    await closed();
    await till.scan("4000000000012");
    expect(till.cart.view?.lines).toHaveLength(2);
  });

  it("finds a customer, or adds one in place", async () => {
    await openWithBread();
    cart().getByRole("button", { name: "Add a customer" }).click();
    const asked = await sheet("Who buys?");
    type(asked.getByRole("searchbox"), "okafor");
    (await asked.findByRole("button", { name: /^Ben Okafor/ })).click();
    await waitFor(() => expect(till.cart.view?.customer?.name).toBe("Ben Okafor"));
    await closed();
    cart().getByRole("button", { name: /Ben Okafor/ }).click();
    const again = await sheet("Who buys?");
    again.getByRole("button", { name: "New" }).click();
    const form = await sheet("New customer");
    type(form.getByLabelText("Name"), "Cara Doyle");
    await waitFor(() => expect(form.getByDisplayValue("Cara Doyle")).toBeTruthy());
    form.getByRole("button", { name: "Add the customer" }).click();
    await waitFor(() => expect(till.cart.view?.customer?.name).toBe("Cara Doyle"));
    expect(fake.counter.customers).toHaveLength(3);
  });

  it("changes its taxes with one tap where the shop has more than one set", async () => {
    fake.counter.positions = [{ id: "take-away", name: "Take away" }];
    await openWithBread();
    cart().getByRole("button", { name: "Take away" }).click();
    await waitFor(() => expect(till.cart.view?.position).toBe("take-away"));
    cart().getByRole("button", { name: "As usual" }).click();
    await waitFor(() => expect(till.cart.view?.position).toBeNull());
  });

  it("is voided only with a reason", async () => {
    await openWithBread();
    press("Delete", { ctrlKey: true });
    const asked = await sheet("Void this cart?");
    const key = asked.getByRole<HTMLButtonElement>("button", { name: "Void the cart" });
    expect(key.disabled).toBe(true);
    asked.getByRole("button", { name: "Customer left" }).click();
    await waitFor(() => expect(key.disabled).toBe(false));
    key.click();
    await screen.findByText("The cart is empty");
    expect(fake.calls.at(-1)?.request).toMatchObject({ reason: "Customer left" });
  });

  it("sells a gift card with a scanned code", async () => {
    till = await openTill(fake);
    press("G", { ctrlKey: true });
    const asked = await sheet("Sell a gift card");
    for (const key of ["2", "5", "00"]) asked.getByRole("button", { name: key }).click();
    await till.scan("GIFT-0042");
    await waitFor(() => expect(asked.getByDisplayValue("GIFT-0042")).toBeTruthy());
    asked.getByRole("button", { name: "Add the gift card" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(2500));
    expect(till.cart.line?.gift_card).toBe("GIFT-0042");
  });
});

describe("what comes back", () => {
  it("without a receipt needs a reason, and shows with a minus and a word", async () => {
    await openWithBread();
    press("J", { ctrlKey: true });
    const asked = await sheet("Sourdough loaf comes back");
    asked.getByRole("button", { name: "Take it back" }).click();
    expect(await screen.findByText(/^Say why first/, { selector: ".toast span" })).toBeTruthy();
    asked.getByRole("button", { name: "Faulty" }).click();
    await waitFor(() => expect(asked.getByDisplayValue("Faulty")).toBeTruthy());
    asked.getByRole("button", { name: "Take it back" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(-480));
    const row = cart().getByRole("button", { name: /^1 × Sourdough loaf Return/ });
    expect(row.textContent).toContain(minus("-€4.80"));
    expect(cart().getByText("To pay back")).toBeTruthy();
    expect(cart().getByRole("button", { name: /^Pay back/ })).toBeTruthy();
    (await cart().findByRole("button", { name: "Remove line" })).click();
    await screen.findByText("The cart is empty");
  });

  it("without a receipt is not offered to a cashier", async () => {
    fake.rights = fake.rights.filter((right) => right !== "refund_without_receipt");
    await openWithBread();
    press("J", { ctrlKey: true });
    cart().getByRole("button", { name: "Change the line" }).click();
    const asked = await sheet("Discount on Sourdough loaf");
    expect(asked.queryByRole("button", { name: "Comes back" })).toBeNull();
  });

  it("of a sale is chosen by line, and exchanged for other goods in one ticket", async () => {
    await openWithBread();
    await till.cart.step(till.cart.selected ?? "", 1);
    till.goToPay();
    await till.payment.take("cash", 960);
    till.nextSale();
    till.route.go("orders", fake.sales[0]?.id ?? "");
    (await screen.findByRole("button", { name: "Refund or exchange" })).click();
    const asked = await sheet("What comes back of T1-1?");
    asked.getByRole("button", { name: "One less" }).click();
    asked.getByRole("button", { name: "Wrong size" }).click();
    asked.getByRole("button", { name: "Into the cart, to exchange" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(-480));
    expect(till.cart.view?.returns[0]).toMatchObject({ quantity: 1000, reason: "Wrong size" });
    expect(till.route.screen).toBe("sell");
    await till.scan("4000000000036");
    expect(till.cart.view?.due).toBe(1920);
  });

  it("of a sale in full goes straight to paying back, once", async () => {
    await openWithBread();
    till.goToPay();
    await till.payment.take("cash", 480);
    till.nextSale();
    till.route.go("orders", fake.sales[0]?.id ?? "");
    (await screen.findByRole("button", { name: "Refund or exchange" })).click();
    (await sheet(/^What comes back/)).getByRole("button", { name: "Pay back" }).click();
    await waitFor(() => expect(till.route.screen).toBe("pay"));
    expect(till.cart.view?.due).toBe(-480);
  });
});
