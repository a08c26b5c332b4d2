import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LanView, PairingView } from "../../bindings/api";
import { HttpPlatform } from "../../platform/http";
import { Refused } from "../../platform/types";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, type as typeInto } from "../../testing/open-till";
import { readScanned } from "./kind";
import Pair from "./Pair.svelte";

const ADDRESS = "https://192.168.1.20:7671";
const PRINT = "0f".repeat(32);

let fake: FakeRegister;
let lan: LanView;
let pairing: PairingView;

beforeEach(() => {
  location.hash = "#/apps/tablets";
  lan = {
    open: false, port: 7671, for_this_run: false, addresses: [], fingerprint: null, trouble: null,
  };
  pairing = {
    pairing_id: null, stage: "none", url: "", modules: [], fingerprint: "", until_ms: 0, device: null,
  };
  fake = new FakeRegister();
  fake.answers = {
    "tokens.list": () => ({ tokens: [] }),
    "lan.get": () => lan,
    "lan.set": ({ open, port }) => (lan = { ...lan, open, port: port ?? lan.port }),
    "pairing.state": () => pairing,
    "pairing.begin": () =>
      (pairing = {
        ...pairing, pairing_id: "p1", stage: "shown", url: `${ADDRESS}/#/pair?code=abc&fp=${PRINT}`,
        modules: ["1"], fingerprint: "0F0F", until_ms: Date.now() + 60_000,
      }),
    "pairing.accept": () => (pairing = { ...pairing, stage: "accepted" }),
    "pairing.refuse": () => (pairing = { ...pairing, stage: "refused" }),
  };
});
afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

function asked(name: string): unknown {
  return fake.calls.findLast((call) => call.name === name)?.request;
}

it("the register is opened to the network on a port that makes sense", async () => {
  await openTill(fake);
  typeInto(await screen.findByLabelText("Port"), "80");
  await fireEvent.click(screen.getByRole("button", { name: "Open to the network" }));
  expect(await screen.findByText(/from 1024/)).toBeTruthy();
  expect(asked("lan.set")).toBeUndefined();
  typeInto(screen.getByLabelText("Port"), "7700");
  await fireEvent.click(screen.getByRole("button", { name: "Open to the network" }));
  expect(asked("lan.set")).toEqual({ open: true, port: 7700 });
});

it("who wants in is let in as what was chosen, and as a cashier who sells if nothing was", async () => {
  lan = { ...lan, open: true, addresses: [ADDRESS], fingerprint: "0F0F" };
  await openTill(fake);
  await fireEvent.click(await screen.findByRole("button", { name: "Pair a device" }));
  expect(await screen.findByText(/#\/pair\?code=abc/)).toBeTruthy();
  const device = { name: "Terrace", address: "192.168.1.7", check: "0042" };
  pairing = { ...pairing, stage: "asking", url: "", device };
  fake.tell(["pairing"], "");
  expect(await screen.findByText("Terrace wants in")).toBeTruthy();
  expect(screen.getByText("0042")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Let it in" }));
  expect(asked("pairing.accept")).toEqual({ pairing_id: "p1", grant: "till", role: "cashier" });
});

it("a device without a code is told where to find one, and a revoked one why it is out", async () => {
  location.hash = "#/pair";
  const { unmount } = render(Pair);
  expect(screen.getByText("This device is not paired")).toBeTruthy();
  unmount();
  location.hash = "#/pair?why=revoked";
  render(Pair);
  expect(screen.getByText(/does not let this device in any more/)).toBeTruthy();
});

it("only a whole fingerprint is shown for comparing", () => {
  expect(readScanned(`#/pair?code=abc&fp=${PRINT}`).fingerprint).toMatch(/^(0F0F ){15}0F0F$/);
  expect(readScanned("#/pair?code=abc&fp=0f0f").fingerprint).toBeNull();
  expect(readScanned("#/sell?code=abc").code).toBeNull();
});

it("a paired device sends its token in the head and nowhere else, and hears when it is out", async () => {
  const sent: { url: string; head: Headers }[] = [];
  let status = 200;
  vi.stubGlobal("fetch", (url: string, options: RequestInit) => {
    sent.push({ url, head: new Headers(options.headers) });
    const body = status === 200 ? "{}" : '{"code":"no_token","message":"not paired","about":""}';
    return Promise.resolve(new Response(body, { status }));
  });
  const out = vi.fn();
  const device = { token: "ctp_x", client: "token-1", name: "Terrace", grant: "till" } as const;
  const platform = new HttpPlatform(device, out);
  expect(platform.client).toBe("token-1");
  await platform.call("register.state", {});
  expect(sent[0]?.head.get("authorization")).toBe("Bearer ctp_x");
  expect(sent[0]?.url).not.toContain("ctp_x");
  expect(out).not.toHaveBeenCalled();
  status = 401;
  await expect(platform.call("register.state", {})).rejects.toBeInstanceOf(Refused);
  expect(out).toHaveBeenCalled();
});
