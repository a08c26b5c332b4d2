import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Till } from "../../state/till.svelte";
import { FakeRegister, key } from "../../testing/fake-register";
import Display from "./Display.svelte";

let fake: FakeRegister;
let basket: string;

beforeEach(async () => {
  localStorage.clear();
  location.hash = "#/display";
  fake = new FakeRegister();
  basket = (await fake.call("basket.current", {})).id;
  render(Display, { props: { till: new Till(fake) } });
});
afterEach(() => cleanup());

async function scan(code: string): Promise<void> {
  await fake.call("basket.scan", { basket_id: basket, code });
  fake.tell(["basket"], fake.client);
}

const none = { reference: null, name: null, currency: null, refunds: null, print: false };
const due = () => document.querySelector(".due")?.textContent?.trim();

describe("the page that faces the customer", () => {
  it("follows the till line by line", async () => {
    await screen.findByText("Welcome");
    await scan("4000000000012");
    await screen.findByText("Oat milk 1 l");
    expect(due()).toBe("€2.35");
    await scan("4000000000029");
    await waitFor(() => expect(due()).toBe("€7.15"));
  });

  it("shows the code of an announced payment, and thanks with the change", async () => {
    fake.tenders.push(key("wallet"));
    await scan("4000000000036");
    await screen.findByText("Carrot cake");
    const part = { basket_id: basket, kind: "wallet", offered: 400, ...none } as const;
    await fake.call("pay.tender", { ...part, tender_id: "t-1" });
    fake.tell(["basket"], fake.client);
    await screen.findByRole("img", { name: /Code to pay/ });
    expect(due()).toBe("€4.00");
    await fake.call("pay.confirm", { basket_id: basket, tender_id: "t-1", print: false });
    fake.tell(["basket"], fake.client);
    await waitFor(() => expect(due()).toBe("€20.00"));
    const rest = { basket_id: basket, kind: "cash", offered: 5000, ...none } as const;
    await fake.call("pay.tender", { ...rest, tender_id: "t-2" });
    fake.tell(["basket", "orders"], fake.client);
    await screen.findByText("Thank you");
    expect(due()).toBe("€30.00");
  });

  it("forgets a sale that was set aside, and thanks for none", async () => {
    await scan("4000000000012");
    await screen.findByText("Oat milk 1 l");
    await fake.call("basket.park", { basket_id: basket, label: "" });
    fake.tell(["basket"], fake.client);
    await screen.findByText("Welcome");
    expect(screen.queryByText("Thank you")).toBeNull();
  });

  it("changes nothing at the till", async () => {
    await scan("4000000000012");
    await screen.findByText("Oat milk 1 l");
    const asked = new Set(fake.calls.map(({ name }) => name));
    expect([...asked].sort()).toEqual(["basket.current", "basket.scan", "register.state"]);
  });
});
