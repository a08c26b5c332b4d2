import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ChannelView, PlatformView, WebOrderView } from "../../bindings/api";
import { FakeRegister } from "../../testing/fake-register";
import { openTill, type as typeInto } from "../../testing/open-till";

let fake: FakeRegister;
let channels: ChannelView[];
let orders: WebOrderView[];

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
    in_keychain: false,
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
    hook_refused_ms: null,
    hook: "/hooks/shop-1",
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

function order(more: Partial<WebOrderView>): WebOrderView {
  return {
    id: `order-${orders.length + 1}`,
    channel: "Online",
    number: "W-218",
    external_id: "218",
    hand_over: "collect",
    status: "ready",
    next: ["collected", "cancelled"],
    paid: true,
    takes_back: false,
    held_order_id: null,
    recipient: "Jonas Bell",
    contact: [],
    address: [],
    note: "",
    tracking: "",
    total: 4610,
    lines: [
      { id: "l", variant_id: "v", name: "Honey", sku: "H-1", quantity: 2000, returned: 0, unit_price: 2305 },
    ],
    ordered_ms: 0,
    created_ms: 0,
    ...more,
  };
}

beforeEach(() => {
  channels = [];
  orders = [];
  fake = new FakeRegister();
  fake.answers = {
    "channels.list": () => ({ channels, platforms: [PLATFORM] }),
    "channels.problems": () => ({ problems: [], more: false }),
    "web_orders.list": () => ({ orders, more: false }),
    "web_orders.find": ({ code }) => ({
      orders: orders.filter(({ number }) => number === code),
      more: false,
    }),
    "web_orders.step": ({ order_id, status }) => {
      const now = { ...orders.find(({ id }) => id === order_id), status, next: [] } as WebOrderView;
      orders = orders.filter(({ id }) => id !== order_id);
      return now;
    },
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

  it("offers what fits a to-do: choose, try again, set aside", async () => {
    fake.rights.push("change_catalogue");
    channels = [channel({ problems: 1 })];
    const problem = {
      number: 7,
      kind: "ambiguous",
      words: "its number fits more than one item here",
      state: "open",
      first_ms: 0,
      last_ms: 0,
      times: 1,
      can_retry: false,
      external_id: "101",
      title: "Mug (MUG-1)",
    };
    let problems = [problem];
    fake.answers["channels.problems"] = () => ({ problems, more: false });
    fake.answers["channels.set_aside"] = () => {
      problems = [];
      channels = [channel({ id: "shop-1", problems: 0 })];
      return { problems, more: false };
    };
    await openTill(fake);
    const todo = within(await screen.findByRole("list", { name: "To do in Online" }));
    expect(todo.getByText("Mug (MUG-1)")).toBeTruthy();
    expect(todo.getByRole("button", { name: "Choose item" })).toBeTruthy();
    expect(todo.getByRole("button", { name: "Try again" })).toBeTruthy();
    await fireEvent.click(todo.getByRole("button", { name: "Set aside" }));
    await waitFor(() => expect(screen.queryByText("Mug (MUG-1)")).toBeNull());
    expect(asked("channels.set_aside")).toEqual([{ number: 7 }]);
  });

  it("keeps what was set aside within reach, to be taken up again", async () => {
    fake.rights.push("change_catalogue");
    channels = [channel({})];
    const problem = {
      number: 7,
      kind: "refused",
      words: "the shop says that the coupon is none",
      state: "aside",
      first_ms: 0,
      last_ms: 0,
      times: 1,
      can_retry: false,
      external_id: null,
      title: "",
    };
    let aside = true;
    fake.answers["channels.problems"] = ({ state }) => ({
      problems: (state === "aside") === aside ? [problem] : [],
      more: false,
    });
    fake.answers["channels.take_up"] = () => {
      aside = false;
      return { problems: [problem], more: false };
    };
    await openTill(fake);
    await fireEvent.click(await screen.findByText("1 set aside"));
    const list = within(screen.getByRole("list", { name: "Set aside in Online" }));
    await fireEvent.click(list.getByRole("button", { name: "Take up again" }));
    const todo = within(await screen.findByRole("list", { name: "To do in Online" }));
    expect(todo.getByText(/the coupon is none/)).toBeTruthy();
    expect(asked("channels.take_up")).toEqual([{ number: 7 }]);
    await waitFor(() => expect(screen.queryByText("1 set aside")).toBeNull());
  });

  it("lets nobody wait for a shop that does not answer a test", async () => {
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    fake.before = (name) => (name === "channels.test" ? slow : undefined);
    const found = { name: "", version: "", currency: "", missing: [], warnings: [] };
    fake.answers["channels.test"] = () => ({ ready: false, ...found, trouble: "late" });
    location.hash = "#/channels/new";
    await openTill(fake);
    typeInto(await screen.findByLabelText("Address"), "https://slow.example.com");
    await fireEvent.click(screen.getByRole("button", { name: "Test connection" }));
    expect(await screen.findByText("Asking slow.example.com")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Stop asking" }));
    expect(screen.queryByText("Asking slow.example.com")).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Connect" }).disabled).toBe(false);
    // What it says later is about a question that nobody asks any more.
    let answered = false;
    fake.afterwards = () => void (answered = true);
    answer();
    await waitFor(() => expect(answered).toBe(true));
    await tick();
    expect(screen.queryByText("late")).toBeNull();
  });

  it("is said to be out of reach on the till, too, and sales go on", async () => {
    channels = [
      channel({ state: "trouble", trouble: "no answer", trouble_since_ms: Date.now() - 3_600_000 }),
    ];
    location.hash = "#/sell";
    await openTill(fake);
    expect(await screen.findByText(/Online has been out of reach since .* Sales go on/)).toBeTruthy();
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

describe("orders of web shops", () => {
  it("are announced once when they come in", async () => {
    channels = [channel({})];
    await openTill(fake);
    await waitFor(() => expect(asked("web_orders.list").length).toBeGreaterThan(0));
    orders = [order({ status: "new", next: ["picking", "ready", "cancelled"] })];
    fake.tell(["channel_orders"], "");
    expect(await screen.findByText("New order W-218 of Online", { selector: ".toast span" })).toBeTruthy();
    const before = asked("web_orders.list").length;
    fake.tell(["channel_orders"], "");
    await waitFor(() => expect(asked("web_orders.list").length).toBeGreaterThan(before));
    expect(screen.getAllByText("New order W-218 of Online", { selector: ".toast span" }).length).toBe(1);
  });

  it("open by the code that the customer shows, and are handed over", async () => {
    channels = [channel({})];
    orders = [order({})];
    const till = await openTill(fake);
    await till.scan("W-218");
    expect(await screen.findByRole("heading", { name: "Order W-218" })).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Hand over" }));
    await waitFor(() => expect(asked("web_orders.step").length).toBe(1));
    expect(asked("web_orders.step")).toEqual([{ order_id: "order-1", status: "collected" }]);
    expect(await screen.findByText("Order W-218: Collected", { selector: ".toast span" })).toBeTruthy();
  });

  it("take back what a customer brings, once, and never more than went out", async () => {
    fake.rights.push("refund");
    channels = [channel({})];
    orders = [order({ status: "collected", next: [], takes_back: true })];
    fake.answers["web_orders.take_back"] = () => orders[0];
    location.hash = "#/orders/web:order-1";
    await openTill(fake);
    await fireEvent.click(await screen.findByRole("button", { name: "Take goods back" }));
    const form = within(screen.getByRole("form", { name: "Take goods back" }));
    // There is one line: all of it is meant, unless somebody says less.
    await fireEvent.click(form.getByRole("button", { name: "One more" }));
    await fireEvent.click(form.getByRole("button", { name: "One less" }));
    await fireEvent.click(form.getByRole("button", { name: "They are back" }));
    await waitFor(() => expect(asked("web_orders.take_back").length).toBe(1));
    expect(asked("web_orders.take_back")[0]).toMatchObject({
      order_id: "order-1",
      lines: [{ line_id: "l", quantity: 1000 }],
      reason: "",
    });
  });
});
