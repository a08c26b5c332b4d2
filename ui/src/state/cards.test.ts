import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AttemptView, Commands, SaleView } from "../bindings/api";
import { Refused, Unreachable } from "../platform/types";
import { FakeRegister } from "../testing/fake-register";
import { Cards } from "./cards.svelte";
import { Cart } from "./cart.svelte";

let fake: FakeRegister;
let cart: Cart;
let cards: Cards;
let sold: SaleView[];
let elsewhere: AttemptView[];

beforeEach(async () => {
  fake = new FakeRegister();
  cart = new Cart(fake);
  sold = [];
  elsewhere = [];
  cards = new Cards(fake, cart, {
    sold: async (sale) => {
      sold.push(sale);
      await cart.refresh();
    },
    elsewhere: (attempt) => void elsewhere.push(attempt),
  });
  await cart.scan("4000000000029");
});

const sent = () =>
  fake.calls
    .filter((call) => call.name === "card.start")
    .map((call) => call.request as Commands["card.start"]["request"]);
const start = (amount = 480) => cards.start(amount, "terminal-1", true);

describe("a card at a terminal", () => {
  it("that pays all of the sale ends it by itself", async () => {
    await start();
    expect(cards.busy).toBe(true);
    expect(cards.shown?.state).toBe("present");
    fake.terminal.becomes("approved");
    await cards.refresh();
    expect(sold.map(({ total }) => total)).toEqual([480]);
    expect(sold[0]?.tenders.map(({ kind }) => kind)).toEqual(["card"]);
    expect(cards.shown).toBeNull();
    expect(cards.busy).toBe(false);
  });

  it("that pays a part leaves the rest to be paid", async () => {
    await start(200);
    fake.terminal.becomes("approved");
    await cards.refresh();
    expect(sold).toHaveLength(0);
    expect(cart.view?.due).toBe(280);
    expect(cards.shown).toBeNull();
  });

  it("locks the cart while it is open, which may still be set aside", async () => {
    await start();
    expect(cart.view?.card?.tender_id).toBe(sent()[0]?.tender_id);
    expect([cart.paying, cart.parkable]).toEqual([true, true]);
    await expect(cart.scan("4000000000012")).rejects.toBeInstanceOf(Refused);
  });

  it("that is declined stays on the screen until it is read; trying again is another payment", async () => {
    await start();
    fake.terminal.becomes("declined");
    await cards.refresh();
    expect(cards.shown?.state).toBe("declined");
    expect(cards.busy).toBe(false);
    const [first] = fake.terminal.attempts;
    if (first) await cards.again(first.view, true);
    expect(cards.shown?.state).toBe("present");
    const [one, two] = sent();
    expect(one?.tender_id).not.toBe(two?.tender_id);
    expect({ ...one, tender_id: "" }).toEqual({ ...two, tender_id: "" });
  });

  it("in doubt is never charged a second time, whatever is pressed", async () => {
    await start();
    fake.terminal.becomes("in_doubt");
    await cards.refresh();
    expect(cards.busy).toBe(true);
    await start();
    await cards.start(480, "terminal-2", true);
    cards.putAway();
    expect(cards.shown?.state).toBe("in_doubt");
    const [attempt] = fake.terminal.attempts;
    if (attempt) await cards.again(attempt.view, true);
    expect(sent()).toHaveLength(1);
  });

  it("in doubt is asked about again, and then is known", async () => {
    await start();
    fake.terminal.becomes("in_doubt");
    await cards.refresh();
    await cards.askAgain();
    expect(cards.shown?.state).toBe("asking");
    fake.terminal.becomes("approved");
    await cards.refresh();
    expect(sold).toHaveLength(1);
    expect(sent()).toHaveLength(1);
  });

  it("in doubt is decided by hand, with a reason", async () => {
    await start();
    fake.terminal.becomes("in_doubt");
    await cards.refresh();
    const attempt = cards.shown;
    if (!attempt) throw new Error("nothing is shown");
    await expect(cards.decide(attempt, true, " ")).rejects.toBeInstanceOf(Refused);
    expect(cards.shown?.state).toBe("in_doubt");
    await cards.decide(attempt, true, "Terminal's slip");
    expect(sold).toHaveLength(1);
  });

  it("whose order got no answer is sent again under the same id, and counts once", async () => {
    let lost = true;
    fake.afterwards = (name) => {
      if (name === "card.start" && lost) throw new Unreachable();
    };
    await start();
    expect(cards.lost).not.toBeNull();
    expect(cards.busy).toBe(true);
    await start();
    lost = false;
    await cards.sendAgain();
    expect(cards.lost).toBeNull();
    expect(new Set(sent().map(({ tender_id }) => tender_id)).size).toBe(1);
    expect(fake.terminal.attempts).toHaveLength(1);
  });

  it("that is refused by the register can be begun anew", async () => {
    fake.before = (name) => {
      if (name === "card.start") throw new Refused({ code: "terminal_busy", message: "", about: "" });
    };
    await expect(start()).rejects.toBeInstanceOf(Refused);
    expect(cards.busy).toBe(false);
    fake.before = () => undefined;
    await start();
    expect(cards.shown?.state).toBe("present");
  });

  it("is there again after the page was loaded anew", async () => {
    await start();
    fake.terminal.becomes("in_doubt");
    const later = new Cart(fake);
    const again = new Cards(fake, later, { sold: async () => undefined, elsewhere: vi.fn() });
    await later.refresh();
    expect(again.shown?.state).toBe("in_doubt");
    expect(again.busy).toBe(true);
    fake.terminal.becomes("declined");
    await again.refresh();
    expect(again.shown?.state).toBe("declined");
  });

  it("of a sale that was set aside tells how it ended, and does not touch the next sale", async () => {
    await start();
    fake.terminal.becomes("in_doubt");
    await cards.refresh();
    const attempt = cards.shown;
    if (!attempt) throw new Error("nothing is shown");
    await cart.park("");
    cards.setAside(attempt);
    expect(cards.busy).toBe(false);
    await cart.scan("4000000000012");
    fake.terminal.becomes("approved");
    await cards.refresh();
    expect(elsewhere.map(({ sale_id }) => sale_id)).toEqual([attempt.basket_id]);
    expect(sold).toHaveLength(0);
    expect(cart.view?.lines).toHaveLength(1);
  });

  it("that never belonged to a sale is given back once", async () => {
    fake.terminal.orphan();
    await cards.load();
    expect(cards.waiting).toHaveLength(1);
    const [orphan] = cards.waiting ?? [];
    if (orphan) await cards.reverse(orphan);
    expect(cards.waiting?.map(({ kind }) => kind)).toEqual(["reversal"]);
  });
});
