import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import App from "./App.svelte";
import { Till } from "./state/till.svelte";
import { FakeRegister } from "./testing/fake-register";

let fake: FakeRegister;
let till: Till;

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
});
afterEach(() => cleanup());

async function open(): Promise<void> {
  till = new Till(fake);
  render(App, { props: { till } });
  await waitFor(() => expect(till.register.known && till.cart.view !== null).toBe(true));
}

function tap(name: RegExp): void {
  screen.getByRole("button", { name }).click();
}

const lines = () => within(screen.getByRole("list", { name: "Lines of the cart" }));

describe("the till", () => {
  it("sells two things in cash by touch", async () => {
    await open();
    await screen.findByRole("button", { name: /Oat milk/ });
    tap(/^Oat milk/);
    await waitFor(() => expect(lines().getByText("Oat milk 1 l")).toBeTruthy());
    tap(/^Sourdough/);
    await waitFor(() => expect(till.cart.view?.total).toBe(715));
    within(screen.getByRole("complementary", { name: "Cart" }))
      .getByRole("button", { name: /^Pay/ })
      .click();
    await screen.findByRole("heading", { name: "Left to pay" });
    tap(/^€10 /);
    await screen.findByRole("heading", { name: "Change due" });
    expect(screen.getByText("€2.85", { selector: ".figure bdi" })).toBeTruthy();
    tap(/Next sale/);
    await screen.findByText("The cart is empty");
    expect(fake.sales).toHaveLength(1);
  });

  it("asks for a weight before it adds a weighed thing", async () => {
    await open();
    (await screen.findByRole("button", { name: /Vine tomatoes/ })).click();
    const sheet = within(await screen.findByRole("dialog", { name: "Weight of Vine tomatoes" }));
    for (const key of ["6", "4", "2"]) sheet.getByRole("button", { name: key }).click();
    await waitFor(() => expect(sheet.getByDisplayValue("0.642 kg")).toBeTruthy());
    sheet.getByRole("button", { name: "Add" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(256));
  });

  it("asks for the price of what has none", async () => {
    await open();
    (await screen.findByRole("button", { name: /Repair/ })).click();
    const sheet = within(await screen.findByRole("dialog", { name: "Price of Repair" }));
    for (const key of ["1", "5", "00"]) sheet.getByRole("button", { name: key }).click();
    await waitFor(() => expect(sheet.getByDisplayValue("€15.00")).toBeTruthy());
    sheet.getByRole("button", { name: "Add" }).click();
    await waitFor(() => expect(till.cart.view?.total).toBe(1500));
  });

  it("asks for the price of a scanned thing that has none", async () => {
    await open();
    await till.scan("4000000000043");
    expect(await screen.findByRole("dialog", { name: "Price of Repair" })).toBeTruthy();
  });

  it("knows the keys of a screen when one gives way to another", async () => {
    await open();
    await till.cart.scan("4000000000012");
    const press = (key: string) =>
      window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    press("F12");
    await screen.findByRole("heading", { name: "Left to pay" });
    press("Escape");
    await screen.findByRole("heading", { name: "Sell" });
    press("F12");
    await screen.findByRole("heading", { name: "Left to pay" });
    press("Enter");
    await screen.findByRole("heading", { name: "Paid" });
    press("Enter");
    await screen.findByText("The cart is empty");
  });

  it("names an unknown code and changes nothing", async () => {
    await open();
    expect(await till.scan("999999999")).toBe(false);
    expect(till.toasts.shown.map((toast) => toast.text).join()).toContain("999999999");
    expect(till.cart.empty).toBe(true);
  });

  it("opens the shift with its float before anything is sold", async () => {
    fake.shift = null;
    await open();
    await screen.findByRole("heading", { name: "Open the shift" });
    for (const key of ["1", "5", "00", "0"]) tap(new RegExp(`^${key}$`));
    tap(/^Open shift$/);
    await waitFor(() => expect(fake.shift?.float).toBe(15_000));
    expect(await screen.findByRole("button", { name: /Oat milk/ })).toBeTruthy();
  });

  it("says short as a word when the drawer holds too little", async () => {
    await open();
    till.route.go("shift", "count");
    await screen.findByRole("heading", { name: "Cash in the drawer" });
    tap(/^As a sum$/);
    await screen.findByLabelText("Counted");
    for (const key of ["9", "9", "00"]) tap(new RegExp(`^${key}$`));
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>("button", { name: "Close shift" }).disabled).toBe(
        false,
      ),
    );
    tap(/^Close shift$/);
    const sheet = within(await screen.findByRole("dialog", { name: "Close the shift?" }));
    sheet.getByRole("button", { name: "Close shift" }).click();
    const verdict = await screen.findByText(/^Short/);
    expect(verdict.textContent).toContain("\u2212€1.00");
  });

  it("starts the next sale with a scan after the last one", async () => {
    await open();
    await till.scan("4000000000012");
    till.goToPay();
    await till.payment.take("cash", 235);
    await screen.findByRole("heading", { name: "Paid" });
    await till.scan("4000000000029");
    await waitFor(() => expect(lines().getByText("Sourdough loaf")).toBeTruthy());
    expect(till.payment.done).toBeNull();
  });

  it("takes no scan while a card payment is open", async () => {
    await open();
    await till.scan("4000000000012");
    till.payment.card = 235;
    expect(await till.scan("4000000000029")).toBe(false);
    expect(till.cart.view?.lines).toHaveLength(1);
  });

  it("asks again only for what others changed", async () => {
    await open();
    await till.cart.scan("4000000000012");
    const asked = fake.count("basket.current");
    fake.tell(["basket"], fake.client);
    expect(fake.count("basket.current")).toBe(asked);
    fake.tell(["basket"], "another");
    await waitFor(() => expect(fake.count("basket.current")).toBe(asked + 1));
  });

  it("asks for everything again when the way to the register is found again", async () => {
    await open();
    const asked = fake.count("register.state");
    fake.connect(false);
    expect(await screen.findByText(/No connection/)).toBeTruthy();
    fake.connect(true);
    await waitFor(() => expect(fake.count("register.state")).toBeGreaterThan(asked));
  });
});
