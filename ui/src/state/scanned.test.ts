import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beep } from "../scan/beep";
import { FakeRegister } from "../testing/fake-register";
import { openTill } from "../testing/open-till";
import type { Till } from "./till.svelte";

vi.mock("../scan/beep", () => ({ beep: vi.fn() }));

let fake: FakeRegister;
let till: Till;

beforeEach(async () => {
  localStorage.clear();
  location.hash = "";
  vi.mocked(beep).mockClear();
  fake = new FakeRegister();
  till = await openTill(fake);
});
afterEach(() => cleanup());

const MILK = "4000000000012";
const notice = { client: "test-client", code: MILK, line_id: null, refusal: null, warning: null };
const unknown = (code: string) => ({ code: "unknown_barcode", message: "Unknown.", about: code });
const said = () => till.toasts.shown.map(({ text }) => text);

/** What the register did with a code before it tells of it. */
async function added(): Promise<string> {
  const basket_id = (await fake.call("basket.current", {})).id;
  return (await fake.call("basket.scan", { basket_id, code: MILK })).line_id;
}

describe("a code from a scanner on a wire of the register's own", () => {
  it("shows what it put into the cart, and selects it", async () => {
    const line_id = await added();
    fake.read({ ...notice, line_id });
    await waitFor(() => expect(till.cart.selected).toBe(line_id));
    expect(said()).toEqual([]);
    till.route.go("orders");
    fake.read({ ...notice, line_id });
    await waitFor(() => expect(said()).toEqual(["Oat milk 1 l added to the cart"]));
  });

  it("that nothing has sounds and says so, as one that was typed in by a scanner", async () => {
    fake.read({ ...notice, code: "999", refusal: unknown("999") });
    await waitFor(() => expect(said()).toHaveLength(1));
    const [wire] = said();
    expect(beep).toHaveBeenCalledTimes(1);
    till.toasts.clear();
    await till.scan("999");
    expect(said()).toEqual([wire]);
    expect(beep).toHaveBeenCalledTimes(2);
    expect(till.toasts.shown[0]?.action?.label).toBe("Search by name");
  });

  it("that a sheet waits for goes to that sheet, and is no mistake", async () => {
    const taken: string[] = [];
    const stop = till.onCode((code) => taken.push(code) > 0);
    fake.read({ ...notice, code: "GC-77", refusal: unknown("GC-77") });
    await waitFor(() => expect(taken).toEqual(["GC-77"]));
    expect(beep).not.toHaveBeenCalled();
    stop();
  });

  it("for another screen is not this screen's business", async () => {
    fake.read({ ...notice, client: "kitchen", code: "999", refusal: unknown("999") });
    await screen.findByText("The cart is empty");
    expect(said()).toEqual([]);
    expect(beep).not.toHaveBeenCalled();
  });

  it("whose goods are over their day is sold, with a word about it", async () => {
    const warning = "Oat milk was good until 2026-11-20: show it to the customer.";
    fake.read({ ...notice, line_id: await added(), warning });
    await waitFor(() => expect(said()).toEqual([warning]));
    expect(till.cart.view?.lines).toHaveLength(1);
    expect(beep).toHaveBeenCalledTimes(1);
  });
});
