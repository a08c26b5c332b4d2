import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, it } from "vitest";
import type { OpenRequests, RequestEnd, RequestView } from "../../bindings/api";
import { FakeRegister, GOODS } from "../../testing/fake-register";
import { openTill, press } from "../../testing/open-till";
import type { Till } from "../../state/till.svelte";

let fake: FakeRegister;
let open: OpenRequests;
let end: RequestEnd;

function asked(more: Partial<RequestView> = {}): RequestView {
  return {
    id: "request-1", app: "Web shop", client_id: "web-shop", amount: 1200, tip_allowed: false,
    line_items: [], notes: "", customer: null, tenders: ["cash", "card_external"],
    auto_return_ms: null, skip_receipt: false, disable_cnp: false, untaxed: false, status: "shown",
    basket_id: null, sale_id: null, receipt: null, error_code: null, sandbox: false,
    received_ms: Date.now(), expires_ms: Date.now() + 900_000, replied: false, called_back: 0, posted: null,
    ...more,
  };
}

/** Accepts into the open basket, as the register does: the goods stand for what the app asks for. */
async function accepted(till: Till): Promise<unknown> {
  const basket = await fake.call("basket.current", {});
  const { variant_id } = GOODS[0]!;
  const plain = { basket_id: basket.id, variant_id, quantity: null, price: null };
  const added = await fake.call("basket.add", plain);
  open = { current: asked({ ...open.current, status: "accepted", basket_id: basket.id }), waiting: 0 };
  void till;
  return added.basket;
}

async function ask(more: Partial<RequestView> = {}): Promise<void> {
  open = { current: asked(more), waiting: 0 };
  fake.tell(["requests"]);
}

async function start(): Promise<Till> {
  const till = await openTill(fake);
  const call = fake.call.bind(fake);
  fake.call = async (name, request) =>
    name === "requests.accept"
      ? (fake.calls.push({ name, request }), (await accepted(till)) as never)
      : call(name, request);
  return till;
}

function count(name: string): number {
  return fake.calls.filter((call) => call.name === name).length;
}

beforeEach(() => {
  location.hash = "#/sell";
  sessionStorage.clear();
  fake = new FakeRegister();
  open = { current: null, waiting: 0 };
  end = {
    status: "completed", callback_url: "shop://paid?data=%7B%7D", post: false,
    auto_return_ms: null, app: "Web shop", message: "Web shop is told.",
  };
  fake.answers = {
    "requests.open": () => open,
    "requests.end": () => end,
    "requests.cancel": () => ({ ...end, status: "canceled" }),
  };
});

it("a request shows who asks, how much, for what and until when; nothing is taken yet", async () => {
  await start();
  await ask({ notes: "Order 17", customer: "Ada Byron", line_items: [
    { name: "Poster", quantity: 2000, price: 600 },
  ] });
  const dialog = within(await screen.findByRole("dialog", { name: "Web shop asks for a payment" }));
  for (const text of ["€12.00", "Order 17", "Ada Byron", "Poster", "Cash, Card"]) {
    expect(dialog.getAllByText(new RegExp(text)).length).toBeGreaterThan(0);
  }
  expect(screen.getByRole("dialog").textContent).toMatch(/2\s+×\s+€6\.00/);
  expect(count("requests.accept") + count("pay.tender")).toBe(0);
});

it("accepting opens Pay with the app's ways to pay only, and the app's name", async () => {
  await start();
  await ask({ tenders: ["card_external"] });
  await fireEvent.click(await screen.findByRole("button", { name: "Accept" }));
  expect(await screen.findByText("For Web shop")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Cash/ })).toBeNull();
  expect(screen.getByRole("button", { name: /^Card/ })).toBeTruthy();
  press("Enter");
  expect(count("pay.tender")).toBe(0);
});

it("a cart that was begun is parked before the request is taken up", async () => {
  const till = await start();
  await till.cart.add(GOODS[0]!.variant_id);
  await ask();
  expect(screen.queryByRole("dialog")).toBeNull();
  await fireEvent.click(await screen.findByRole("button", { name: "Show" }));
  expect(await screen.findByText(/parked first/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Accept" }));
  await screen.findByText("For Web shop");
  const order = fake.calls.map(({ name }) => name);
  expect(order.indexOf("basket.park")).toBeGreaterThan(0);
  expect(order.indexOf("basket.park")).toBeLessThan(order.indexOf("requests.accept"));
});

it("refusing tells the app, and charges nothing", async () => {
  await start();
  await ask();
  await fireEvent.click(await screen.findByRole("button", { name: "Refuse" }));
  await waitFor(() => expect(fake.opened).toHaveLength(1));
  expect(count("requests.cancel")).toBe(1);
  expect(count("pay.tender")).toBe(0);
});

it("the result is stored before the app is opened, and it opens once", async () => {
  await start();
  await ask();
  await fireEvent.click(await screen.findByRole("button", { name: "Accept" }));
  await screen.findByText("For Web shop");
  press("Enter");
  const back = await screen.findByRole("button", { name: "Back to Web shop" });
  expect(count("requests.end")).toBe(1);
  expect(fake.opened).toHaveLength(0);
  await fireEvent.click(back);
  await waitFor(() => expect(fake.opened).toEqual([
    { request_id: "request-1", address: "shop://paid?data=%7B%7D" },
  ]));
});

it("leaving the end of the sale another way keeps the way back on offer", async () => {
  const till = await start();
  await ask();
  await fireEvent.click(await screen.findByRole("button", { name: "Accept" }));
  await screen.findByText("For Web shop");
  press("Enter");
  await screen.findByRole("button", { name: "Back to Web shop" });
  till.nextSale();
  await waitFor(() => expect(screen.queryByRole("heading", { level: 1, name: "Sell" })).toBeTruthy());
  const offers = await screen.findByRole("button", { name: "Back to Web shop" });
  expect(fake.opened).toHaveLength(0);
  await fireEvent.click(offers);
  await waitFor(() => expect(fake.opened).toHaveLength(1));
});

it("a payment that nobody knows about never reads as canceled", async () => {
  end = { ...end, status: "in_doubt", message: "Nobody knows yet." };
  await start();
  await ask({ status: "in_doubt", basket_id: "another" });
  await fireEvent.click((await screen.findAllByText(/Nobody knows yet whether/))[0]!);
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.queryByRole("button", { name: /Cancel|Refuse/ })).toBeNull();
  await fireEvent.click(dialog.getByRole("button", { name: "Tell Web shop" }));
  await waitFor(() => expect(fake.opened).toHaveLength(1));
});

it("a request that goes away while it is shown says so", async () => {
  await start();
  await ask();
  await screen.findByRole("dialog");
  open = { current: null, waiting: 0 };
  fake.tell(["requests"]);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect((await screen.findAllByText(/does not ask any more/)).length).toBeGreaterThan(0);
});

it("a request put off stays in the status bar", async () => {
  await start();
  await ask();
  const dialog = within(await screen.findByRole("dialog"));
  await fireEvent.click(dialog.getByRole("button", { name: "Close" }));
  fake.tell(["requests"]);
  expect(await screen.findByRole("button", { name: "Web shop waits for an answer" })).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("a link that came to nothing is said in words", async () => {
  await start();
  await waitFor(() => fake.refuseLink("This register does not know the app."));
  expect((await screen.findAllByText(/does not know the app/)).length).toBeGreaterThan(0);
});

it("news that come while a request is being accepted lead to Pay all the same", async () => {
  await start();
  await ask();
  fake.before = (name) => {
    // The register tells everybody before the answer to the question is there.
    if (name === "requests.open" && open.current?.status === "accepted" && count("requests.open") < 6) {
      fake.tell(["requests"]);
    }
  };
  await fireEvent.click(await screen.findByRole("button", { name: "Accept" }));
  expect(await screen.findByText("For Web shop")).toBeTruthy();
  expect(count("requests.end")).toBe(0);
});
