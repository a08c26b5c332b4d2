import { fireEvent, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ChannelView, PlatformView } from "../../bindings/api";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, type as typeInto } from "../../testing/open-till";

let fake: FakeRegister;
let channels: ChannelView[];

const PLATFORM: PlatformView = {
  kind: "woocommerce",
  name: "WooCommerce",
  secrets: [
    { name: "key", label: "Consumer key", needed: true },
    { name: "webhook_secret", label: "Webhook secret", needed: false },
  ],
  options: [],
  rights: ["Read/Write"],
};

function channel(more: Partial<ChannelView>): ChannelView {
  return {
    id: `shop-${channels.length + 1}`,
    kind: "woocommerce",
    platform: "WooCommerce",
    name: "Online",
    url: "https://shop.example.com/",
    options: {},
    secrets: ["key"],
    policy: "till",
    buffer: 0,
    certificate: "",
    allow_host: false,
    state: "in_step",
    trouble: "",
    trouble_since_ms: null,
    created_ms: 0,
    success_ms: Date.now(),
    woken_ms: null,
    waiting: 0,
    unknown: 0,
    dead: 0,
    oldest_ms: null,
    problems: 0,
    items: 12,
    unmatched: 0,
    orders_today: 0,
    streams: [],
    ...more,
  };
}

beforeEach(() => {
  channels = [];
  fake = new FakeRegister();
  fake.answers = {
    "channels.list": () => ({ channels, platforms: [PLATFORM] }),
    "channels.problems": () => ({ problems: [], more: false }),
    "web_orders.list": () => ({ orders: [], more: false }),
  };
});

function asked(name: string): unknown[] {
  return fake.calls.filter((call) => call.name === name).map(({ request }) => request);
}

describe("the screen of web shops", () => {
  beforeEach(() => {
    location.hash = "#/channels";
  });

  it("says what is in a shop's way, and everybody hears of one that is away for long", async () => {
    channels = [
      channel({
        state: "trouble",
        trouble: "the key is no good: enter it again",
        trouble_since_ms: Date.now() - 3_600_000,
      }),
    ];
    await openTill(fake);
    expect(await screen.findByText(/the key is no good/)).toBeTruthy();
    expect(screen.getByText(/^Online has been out of reach since/)).toBeTruthy();
    expect(screen.getByText("A web shop needs you")).toBeTruthy();
  });

  it("is connected with a test before, and the secret leaves the page once", async () => {
    fake.answers["channels.test"] = () => ({
      ready: false,
      name: "",
      version: "",
      currency: "",
      missing: ["write_products"],
      warnings: [],
      trouble: "rights are missing",
    });
    fake.answers["channels.save"] = () => {
      channels = [channel({ state: "first" })];
      return channels[0];
    };
    location.hash = "#/channels/new";
    await openTill(fake);
    typeInto(await screen.findByLabelText("What you call it"), "Online");
    typeInto(screen.getByLabelText("Address"), "https://shop.example.com");
    typeInto(screen.getByLabelText("Consumer key"), "ck_1:cs_2");
    await fireEvent.click(screen.getByRole("button", { name: "Test connection" }));
    expect(await screen.findByText("Missing: write_products")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Connect" }));
    expect(await screen.findByText("First sync")).toBeTruthy();
    expect(asked("channels.save")).toEqual([
      {
        kind: "woocommerce",
        name: "Online",
        url: "https://shop.example.com",
        options: {},
        secrets: { key: "ck_1:cs_2" },
        policy: "till",
        buffer: 0,
        allow_host: false,
        certificate: "",
      },
    ]);
  });

  it("is removed only after a second press", async () => {
    channels = [channel({})];
    fake.answers["channels.remove"] = () => {
      channels = [];
      return { channels, platforms: [PLATFORM] };
    };
    await openTill(fake);
    await fireEvent.click(await screen.findByRole("button", { name: "Remove Online" }));
    expect(asked("channels.remove")).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Remove Online for good" }));
    expect(await screen.findByText("No web shop is connected")).toBeTruthy();
  });
});
