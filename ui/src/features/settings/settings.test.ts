import { cleanup, fireEvent, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Refused } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
});
afterEach(() => cleanup());

async function open(part: string | null = null): Promise<void> {
  till = await openTill(fake);
  till.route.go("settings", part);
  await screen.findByRole("heading", { name: "Settings" });
}

const tap = (name: RegExp | string) => screen.getByRole("button", { name }).click();
const type = (label: string, text: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value: text } });

describe("the settings", () => {
  it("are saved as a whole, and the rest of them stays", async () => {
    await open();
    await screen.findByDisplayValue("Harbour Lane");
    await type("Name, as on the receipt", "Harbour Lane 2");
    tap("Save");
    await waitFor(() => expect(fake.shop.name).toBe("Harbour Lane 2"));
    expect(fake.shop.taxes).toHaveLength(1);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
  });

  it("that are refused stay as typed, with the reason beside them", async () => {
    fake.answers["shop.set"] = () => {
      throw new Refused({ code: "bad_rate", message: "The rate is no number.", about: "" });
    };
    await open("taxes");
    await screen.findByDisplayValue("23");
    await type("Percentage", "much");
    tap("Save");
    await screen.findByText("The rate is no number.");
    expect(screen.getByDisplayValue("much")).toBeTruthy();
    tap("Undo changes");
    await screen.findByDisplayValue("23");
  });

  it("never lose what is typed when something changes elsewhere", async () => {
    await open();
    await screen.findByDisplayValue("Harbour Lane");
    await type("Name, as on the receipt", "Half a na");
    fake.shop = { ...fake.shop, name: "From elsewhere" };
    const asked = fake.count("shop.get");
    fake.tell(["register"]);
    await waitFor(() => expect(fake.count("shop.get")).toBeGreaterThan(asked));
    expect(screen.getByDisplayValue("Half a na")).toBeTruthy();
  });

  it("set a tax of a fixed amount, part of what later taxes are taken on", async () => {
    await open("taxes");
    await screen.findByDisplayValue("23");
    tap("Amount a unit");
    await screen.findByLabelText("Amount for one unit, EUR");
    await type("Amount for one unit, EUR", "0.25");
    screen.getByLabelText("Later taxes are taken on it too").click();
    tap("Save");
    await waitFor(() => expect(fake.shop.taxes[0]?.amount).toBe(25));
    expect(fake.shop.taxes[0]).toMatchObject({ rate: "0", affects_base: true });
  });

  it("switch a way to pay on, and ask for what it needs", async () => {
    await open("ways");
    await screen.findByRole("heading", { name: "Keys of the Pay screen" });
    tap("Transfer");
    await screen.findByRole("heading", { name: "Account for transfers" });
    await type("IBAN", "IE29AIBK93115212345678");
    tap("Save");
    await waitFor(() => expect(fake.shop.money?.tenders).toContain("bank_transfer"));
    expect(fake.shop.money?.bank?.iban).toBe("IE29AIBK93115212345678");
  });

  it("are not for those who may not change them", async () => {
    fake.rights = fake.rights.filter((right) => right !== "change_settings");
    await open();
    await screen.findByText(/Ask the owner/);
    expect(screen.queryByLabelText("Name, as on the receipt")).toBeNull();
  });
});
