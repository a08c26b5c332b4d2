import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeviceList, DeviceView, TwinView } from "../../bindings/api";
import { Refused } from "../../platform/types";
import type { Till } from "../../state/till.svelte";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, sheet, type } from "../../testing/open-till";
import { asText, textFile } from "./traffic";

let fake: FakeRegister;
let till: Till;
let devices: DeviceView[];
let twins: TwinView[];

const list = (): DeviceList => ({
  devices,
  ports: ["serial:/dev/ttyUSB0"],
  drivers: [
    {
      kind: "printer",
      driver: "escpos",
      name: "ESC/POS",
      example: "tcp:192.168.1.40:9100",
      options: [
        { name: "columns", words: "Characters a line", value: "48", choices: [] },
        { name: "drawer", words: "Opens the drawer", value: "yes", choices: ["yes", "no"] },
      ],
    },
    { kind: "scale", driver: "cas", name: "CAS", example: "serial:/dev/ttyS0", options: [] },
    { kind: "scale", driver: "sma", name: "SMA", example: "serial:/dev/ttyS0", options: [] },
  ],
});

function device(kind: DeviceView["kind"], name: string, more: Partial<DeviceView> = {}): DeviceView {
  const none = { options: {}, twin: false, recording: false, words: "", columns: 0, drawer: false };
  return { ...none, id: name, kind, driver: "escpos", name, address: "tcp:a:1", status: "ready", ...more };
}

function twin(kind: TwinView["kind"], name: string, more: Partial<TwinView> = {}): TwinView {
  const none = { driver: "x", buttons: [], display: [], ledger: [], paper: [], faults: [] };
  return { device_id: name, kind, name, ...none, ...more };
}

beforeEach(() => {
  localStorage.clear();
  location.hash = "";
  fake = new FakeRegister();
  devices = [];
  twins = [];
  fake.answers = {
    "devices.list": list,
    "devices.add": ({ kind, name, address, options }) => {
      if (address === "somewhere") {
        throw new Refused({ code: "bad_address", message: "No such place.", about: "" });
      }
      const more = { address, options: options ?? {}, twin: address === "twin" };
      devices = [...devices, device(kind ?? "printer", name, more)];
      return list();
    },
    "devices.change": ({ device_id, options }) => {
      devices = devices.map((each) =>
        each.id === device_id ? { ...each, options: options ?? each.options } : each,
      );
      return list();
    },
    "devices.remove": ({ device_id }) => {
      devices = devices.filter(({ id }) => id !== device_id);
      return list();
    },
    "devices.twin": ({ device_id, on }) => {
      devices = devices.map((each) => (each.id === device_id ? { ...each, twin: on } : each));
      return list();
    },
    "devices.record": ({ device_id, on }) => {
      devices = devices.map((each) => (each.id === device_id ? { ...each, recording: on } : each));
      return list();
    },
    "devices.traffic": () => ({ text: "0.012 > 06 01 41 42 | ..AB" }),
    "devices.test": () => ({ words: "It answers." }),
    "twins.state": () => ({ twins }),
    "twins.press": () => ({ twins }),
    "card.end_of_day": () => ({}),
  };
});
afterEach(() => cleanup());

async function open(part: string | null = null): Promise<void> {
  till = await openTill(fake);
  till.route.go("devices", part);
  await screen.findByRole("heading", { name: "Devices" });
}

const tap = (name: RegExp | string) => screen.getByRole("button", { name }).click();
const sent = (name: string) => fake.calls.filter((call) => call.name === name).at(-1)?.request;
const field = (label: string | RegExp) => screen.getByLabelText(label);

describe("the Devices screen", () => {
  it("says in words how each device is, and what can be done about it", async () => {
    const words = "The scale on COM4 does not answer. Check its cable and power.";
    devices = [
      device("printer", "Front printer"),
      device("scale", "Counter scale", { status: "not_there", words }),
    ];
    await open();
    await screen.findByText("Ready");
    expect(screen.getByText("No answer")).toBeTruthy();
    expect(screen.getByText(words)).toBeTruthy();
    tap("Use a virtual one");
    await waitFor(() => expect(sent("devices.twin")).toEqual({ device_id: "Counter scale", on: true }));
  });

  it("adds a device of any kind with its driver and options", async () => {
    await open();
    await screen.findByText("No device is set up");
    tap("Scale");
    (await screen.findByRole("button", { name: "SMA" })).click();
    tap(/Found on this machine/);
    await waitFor(() => expect(field("Address")).toHaveProperty("value", "serial:/dev/ttyUSB0"));
    tap("Add scale");
    await screen.findByText("Counter scale");
    expect(sent("devices.add")).toEqual({
      kind: "scale",
      driver: "sma",
      name: "Counter scale",
      address: "serial:/dev/ttyUSB0",
      options: {},
      columns: null,
      drawer: null,
    });
  });

  it("sets up a virtual machine of each kind at once for a shop without hardware", async () => {
    await open();
    await screen.findByText("No device is set up");
    tap("Set up a virtual counter");
    await screen.findByText("Counter scale");
    expect(devices.every(({ address }) => address === "twin")).toBe(true);
    // What this register drives.
    expect(devices.map(({ kind }) => kind)).toEqual(["printer", "scale"]);
  });

  it("keeps what was typed when the register refuses it, with the reason", async () => {
    await open();
    await screen.findByText("No device is set up");
    type(field("Name"), "Kitchen");
    type(field("Address"), "somewhere");
    tap("Add printer");
    await screen.findByText("No such place.");
    expect(field("Name")).toHaveProperty("value", "Kitchen");
    expect(field("Address")).toHaveProperty("value", "somewhere");
  });

  it("changes a device, and takes it away until Undo", async () => {
    devices = [device("printer", "Front printer", { options: { columns: "48" } })];
    await open();
    (await screen.findByRole("button", { name: "Change Front printer" })).click();
    const dialog = await sheet("Front printer");
    type(dialog.getByLabelText("Characters a line"), "32");
    dialog.getByRole("button", { name: "Save" }).click();
    await waitFor(() => expect(sent("devices.change")).toMatchObject({ options: { columns: "32" } }));
    (await screen.findByRole("button", { name: "Change Front printer" })).click();
    (await sheet("Front printer")).getByRole("button", { name: "Remove Front printer" }).click();
    await screen.findByText("No device is set up");
    till.toasts.shown.find(({ action }) => action)?.action?.run();
    await waitFor(() => expect(devices).toHaveLength(1));
    expect(sent("devices.add")).toMatchObject({ name: "Front printer", options: { columns: "32" } });
  });

  it("tests a device and says what came of it", async () => {
    devices = [device("printer", "Front printer")];
    await open();
    (await screen.findByRole("button", { name: "Test Front printer" })).click();
    await waitFor(() => expect(till.toasts.shown[0]?.text).toBe("It answers."));
  });

  it("shows the traffic of a wire as bytes and as text, and saves it", async () => {
    devices = [device("printer", "Front printer", { recording: true })];
    await open();
    till.sheet = { kind: "traffic", device_id: "Front printer" };
    const dialog = await sheet("Traffic of Front printer");
    await dialog.findByText("0.012 > 06 01 41 42 | ..AB");
    dialog.getByRole("button", { name: "Text" }).click();
    await dialog.findByText("0.012 > ..AB");
    dialog.getByRole("button", { name: "Save as a file" }).click();
    await waitFor(() => expect(fake.files[0]?.name).toBe("Front-printer-traffic.txt"));
  });

  it("is only read by those who may not change devices", async () => {
    devices = [device("printer", "Front printer")];
    fake.rights = fake.rights.filter((right) => right !== "change_settings");
    await open();
    await screen.findByText(/Ask the owner/);
    expect(screen.queryByRole("button", { name: "Change Front printer" })).toBeNull();
  });

  it("closes the day of a terminal after asking once", async () => {
    devices = [device("terminal", "Counter terminal")];
    await open("day");
    (await screen.findByRole("button", { name: "Close the day of Counter terminal" })).click();
    (await sheet(/^Close the day of/)).getByRole("button", { name: "Close the day" }).click();
    await waitFor(() => expect(sent("card.end_of_day")).toEqual({ terminal_id: "Counter terminal" }));
  });
});

describe("the virtual devices", () => {
  it("are pressed over whatever is on the screen", async () => {
    devices = [device("terminal", "Counter terminal", { twin: true })];
    twins = [twin("terminal", "Counter terminal", { buttons: ["approve", "slow"], display: ["€1.00"] })];
    till = await openTill(fake);
    (await screen.findByRole("button", { name: "Virtual devices" })).click();
    const dialog = await sheet("Virtual devices");
    (await dialog.findByRole("button", { name: "Approve" })).click();
    await waitFor(() =>
      expect(sent("twins.press")).toEqual({ device_id: "Counter terminal", button: "approve" }),
    );
    expect(dialog.getByText("€1.00")).toBeTruthy();
  });

  it("show the paper as it comes out, and the drawer that it opens", async () => {
    const plain = { bold: false, wide: false, tall: false, inverse: false, underline: false };
    twins = [
      twin("printer", "Front printer", {
        buttons: ["paper_out", "close_drawer"],
        faults: ["paper_out"],
        drawer_open: true,
        paper: [
          { kind: "text", text: "HARBOUR LANE", align: "center", ...plain, bold: true },
          { kind: "cut", text: "", align: "left", ...plain },
        ],
      }),
    ];
    await open("twins");
    const text = await screen.findByText("HARBOUR LANE");
    expect([...text.classList]).toContain("paper-bold");
    expect(document.querySelector(".cut")).toBeTruthy();
    expect(screen.getByRole("button", { name: "No paper" }).getAttribute("aria-pressed")).toBe("true");
    tap("Close drawer");
    await waitFor(() =>
      expect(sent("twins.press")).toEqual({ device_id: "Front printer", button: "close_drawer" }),
    );
  });

  it("take a code and a weight as typed", async () => {
    twins = [twin("scanner", "Scanner"), twin("scale", "Scale", { weight: "0.000" })];
    await open("twins");
    type(await screen.findByLabelText("Code"), "4000000000012");
    await waitFor(() => expect(screen.getByRole("button", { name: "Scan" })).toHaveProperty("disabled", false));
    tap("Scan");
    await waitFor(() => expect(sent("twins.press")).toMatchObject({ value: "4000000000012" }));
    type(field(/^What lies on it/), "1,255");
    await waitFor(() => expect(screen.getByRole("button", { name: "Put it on" })).toHaveProperty("disabled", false));
    tap("Put it on");
    await waitFor(() => expect(sent("twins.press")).toMatchObject({ button: "weight", value: "1.255" }));
  });

  it("are asked for again only while somebody looks", async () => {
    till = await openTill(fake);
    fake.tell(["twins"], "");
    expect(fake.count("twins.state")).toBe(0);
    till.route.go("devices", "twins");
    await waitFor(() => expect(fake.count("twins.state")).toBe(1));
    fake.tell(["twins"], "");
    await waitFor(() => expect(fake.count("twins.state")).toBe(2));
    till.route.go("sell");
    await waitFor(() => expect(screen.queryByText(/No virtual device/)).toBeNull());
    fake.tell(["twins"], "");
    expect(fake.count("twins.state")).toBe(2);
  });
});

describe("traffic", () => {
  it("leaves what is not bytes as it is", () => {
    expect(asText("# twin:a\n0.100 < 02 ** ** 7C 03   | .**|.\n")).toBe(
      "# twin:a\n0.100 < .**|.\n",
    );
  });

  it("becomes a file with a name that every system takes", () => {
    expect(textFile("Kasse: vorn/links", "ä").name).toBe("Kasse-vorn-links-traffic.txt");
  });
});
