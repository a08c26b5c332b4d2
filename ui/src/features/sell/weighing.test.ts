import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeviceView } from "../../bindings/api";
import { Refused } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, press, sheet } from "../../testing/open-till";

let fake: FakeRegister;
let till: Till;
/** What the scale says: thousandths, or why there is no weight. */
let scale: number | string;

const SCALE: DeviceView = {
  id: "scale-1",
  kind: "scale",
  driver: "cas",
  name: "Counter scale",
  address: "twin",
  options: {},
  twin: true,
  recording: false,
  status: "ready",
  words: "",
  columns: 0,
  drawer: false,
};

beforeEach(async () => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
  scale = 642;
  fake.answers = {
    "devices.list": () => ({ devices: [SCALE], ports: [], drivers: [] }),
    "scale.weigh": () => {
      if (typeof scale === "string") {
        throw new Refused({ code: "no_weight", message: scale, about: "" });
      }
      return { weight: scale, net: false, scale: "Counter scale", basket: null, line_id: null };
    },
    "scale.tare": () => ({}),
  };
  till = await openTill(fake);
});
afterEach(() => cleanup());

async function tapTomatoes() {
  (await screen.findByRole("button", { name: /^Vine tomatoes/ })).click();
  return sheet("Weight of Vine tomatoes");
}

describe("goods sold by weight", () => {
  it("are weighed as soon as they are tapped", async () => {
    const dialog = await tapTomatoes();
    await dialog.findByText(/^Counter scale: 0\.642/);
    dialog.getByRole("button", { name: "Add" }).click();
    await waitFor(() => expect(till.cart.view?.lines[0]?.quantity).toBe(642));
  });

  it("on a scale that moves are not sold by a guess: it says why, and weighs again", async () => {
    scale = "The scale has not come to rest: take your hand off and weigh again.";
    const dialog = await tapTomatoes();
    await dialog.findByText(/take your hand off/);
    expect(dialog.getByRole("button", { name: "Add" })).toHaveProperty("disabled", true);
    scale = 1255;
    dialog.getByRole("button", { name: "Weigh" }).click();
    await dialog.findByText(/1\.255/);
    expect(dialog.queryByText(/take your hand off/)).toBeNull();
  });

  it("are typed where the scale is wrong: the first figure replaces the weight", async () => {
    const dialog = await tapTomatoes();
    await dialog.findByText(/^Counter scale: 0\.642/);
    const keypad = () => dialog.getByLabelText("kg");
    await waitFor(() => expect(keypad()).toHaveProperty("value", "0.642\u00a0kg"));
    dialog.getByRole("button", { name: "5" }).click();
    await waitFor(() => expect(keypad()).toHaveProperty("value", "0.005\u00a0kg"));
    press("Escape");
  });

  it("have the scale's tare taken before", async () => {
    const dialog = await tapTomatoes();
    await dialog.findByText(/^Counter scale: 0\.642/);
    dialog.getByRole("button", { name: "Tare" }).click();
    await dialog.findByText(/is its tare now/);
    expect(fake.count("scale.tare")).toBe(1);
  });

  it("is asked for when the item's own code is scanned", async () => {
    till.route.go("sell");
    await till.scan("2000000000015");
    expect(till.sheet).toMatchObject({ kind: "quantity", line: { unit: "kilogram" } });
    till.sheet = null;
    await till.scan("4000000000012");
    expect(till.sheet).toBe(null);
  });
});
