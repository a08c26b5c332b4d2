import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CloseShift, MoveCash, OpenShift } from "../../bindings/api";
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

async function open(rest: string | null = null): Promise<void> {
  till = await openTill(fake);
  till.route.go("shift", rest);
  await screen.findByRole("heading", { name: "Shift" });
}

const tap = (name: RegExp | string) => screen.getByRole("button", { name }).click();
const sheet = async () => within(await screen.findByRole("dialog"));
const last = <T>(name: string) =>
  fake.calls.filter((call) => call.name === name).at(-1)?.request as T;

async function keyIn(where: Pick<typeof screen, "getByRole">, keys: string[]): Promise<void> {
  for (const name of keys) {
    where.getByRole("button", { name }).click();
    await Promise.resolve();
  }
}

describe("a shift", () => {
  it("opens with its float by coins and notes", async () => {
    fake.shift = null;
    await open();
    tap("By coins and notes");
    (await screen.findByRole("button", { name: /^€20 × 0/ })).click();
    await screen.findByLabelText("How many of €20");
    await keyIn(screen, ["1", "2"]);
    tap(/^€0\.50 × 0/);
    await screen.findByLabelText("How many of €0.50");
    await keyIn(screen, ["4"]);
    tap("Open shift");
    await waitFor(() => expect(fake.shift?.float).toBe(24_200));
    expect(last<OpenShift>("shift.open").pieces).toEqual([
      { value: 2000, count: 12 },
      { value: 50, count: 4 },
    ]);
  });

  it("that counts blind never says what the drawer should hold", async () => {
    fake.rights = ["sell", "run_shift"];
    await open();
    await screen.findByText(/counted blind/);
    expect(screen.queryByText("Should be in the drawer")).toBeNull();
  });

  it("counts each currency, and shows over and short once it is closed", async () => {
    fake.franc = 92;
    await open("count");
    (await screen.findByRole("button", { name: /^€50 × 0/ })).click();
    await screen.findByLabelText("How many of €50");
    await keyIn(screen, ["3"]);
    tap(/^CHF/);
    (await screen.findByRole("button", { name: /^CHF\s20 × 0/ })).click();
    await screen.findByLabelText(/How many of CHF\s20/);
    await keyIn(screen, ["2"]);
    tap("Close shift");
    (await sheet()).getByRole("button", { name: "Close shift" }).click();
    await screen.findByRole("heading", { name: "Shift closed" });
    expect(last<CloseShift>("shift.close").counts).toEqual([
      { currency: "EUR", counted: 15_000, pieces: [{ value: 5000, count: 3 }] },
      { currency: "CHF", counted: 4000, pieces: [{ value: 2000, count: 2 }] },
    ]);
    const told = screen.getByRole("status", { name: "Shift closed" }).textContent;
    expect(told).toMatch(/Over\s+€50\.00/);
    expect(told).toMatch(/Over\s+CHF\s40\.00/);
  });

  it("shows the Z report of a closed shift again", async () => {
    fake.drawer.close({ counts: [{ currency: "EUR", counted: 9900, pieces: null }] });
    await open("closed");
    (await screen.findByRole("link", { name: /Z report T1-Z1/ })).click();
    await screen.findByRole("heading", { name: "Z report T1-Z1" });
    expect(screen.getByRole("table", { name: "Drawer" }).textContent).toMatch(/Short\s+\u2212€1\.00/);
  });

  it("prints the Z report of a closed shift once more", async () => {
    const z = fake.drawer.close({ counts: [{ currency: "EUR", counted: 9900, pieces: null }] });
    await open(z?.shift_id);
    (await screen.findByRole("button", { name: "Print" })).click();
    await screen.findAllByText("Z report T1-Z1 goes to the printer");
    expect(last("shift.print_z")).toEqual({ shift_id: z?.shift_id });
  });

  it("shows an X report at any time, and prints it by a key", async () => {
    await open();
    (await screen.findByRole("button", { name: "X report" })).click();
    const report = await sheet();
    expect(report.getByText("Everything this register ever took")).toBeTruthy();
    report.getByRole("button", { name: "Print the X report" }).click();
    await screen.findAllByText("X report goes to the printer");
  });
});

describe("cash that moves", () => {
  it("needs a reason, and keeps its id over every try", async () => {
    await open();
    (await screen.findByRole("button", { name: /^Pay out/ })).click();
    const dialog = await sheet();
    await keyIn(dialog, ["1", "2", "5", "0"]);
    let lost = true;
    fake.before = (name) => {
      if (name === "shift.move_cash" && lost) {
        throw new Refused({ code: "busy", message: "Try again.", about: "" });
      }
    };
    dialog.getByRole("button", { name: "Postage" }).click();
    await waitFor(() => expect(dialog.getByDisplayValue("Postage")).toBeTruthy());
    dialog.getByRole("button", { name: "Pay out" }).click();
    await waitFor(() => expect(till.toasts.shown).toHaveLength(1));
    lost = false;
    dialog.getByRole("button", { name: "Pay out" }).click();
    await waitFor(() => expect(fake.drawer.moves).toHaveLength(1));
    const ids = fake.calls
      .filter((call) => call.name === "shift.move_cash")
      .map((call) => (call.request as MoveCash).id);
    expect(new Set(ids).size).toBe(1);
    expect(ids.length).toBe(2);
    expect(last<MoveCash>("shift.move_cash")).toMatchObject({
      kind: "pay_out",
      amount: 1250,
      currency: null,
      reason: "Postage",
    });
    expect(fake.shift?.expected).toBe(8750);
  });

  it("is not offered to those who may not", async () => {
    fake.rights = fake.rights.filter((right) => right !== "move_cash");
    await open();
    await screen.findByText(/may not move cash/);
    expect(screen.queryByRole("button", { name: /^Pay in/ })).toBeNull();
  });
});
