import { beforeEach, describe, expect, it } from "vitest";
import { Refused, Unreachable } from "../platform/types";
import { FakeRegister } from "../testing/fake-register";
import { Cart, tileKey, TooFast } from "./cart.svelte";

let register: FakeRegister;
let cart: Cart;

beforeEach(async () => {
  register = new FakeRegister();
  cart = new Cart(register);
  await cart.refresh();
});

const names = () => cart.view?.lines.map((line) => `${line.quantity / 1000} ${line.name}`);

describe("the cart", () => {
  it("takes scans one after another, however fast they come", async () => {
    await Promise.all(["4000000000012", "4000000000029", "4000000000012"].map((c) => cart.scan(c)));
    expect(names()).toEqual(["2 Oat milk 1 l", "1 Sourdough loaf"]);
    expect(cart.view?.total).toBe(950);
  });

  it("selects what came in last", async () => {
    await cart.scan("4000000000012");
    await cart.scan("4000000000029");
    expect(cart.line?.name).toBe("Sourdough loaf");
    expect(cart.arrivals).toBe(2);
  });

  it("counts three fast taps on + as three", async () => {
    await cart.scan("4000000000012");
    const id = cart.selected ?? "";
    await Promise.all([cart.step(id, 1), cart.step(id, 1), cart.step(id, 1)]);
    expect(names()).toEqual(["4 Oat milk 1 l"]);
  });

  it("removes the line when one less than one is asked, and Undo brings it back", async () => {
    await cart.scan("4000000000012");
    await cart.step(cart.selected ?? "", -1);
    expect(names()).toEqual([]);
    expect(cart.view?.undo).toEqual({ kind: "removed", name: "Oat milk 1 l" });
    expect(cart.selected).toBeNull();
    await cart.undo();
    expect(names()).toEqual(["1 Oat milk 1 l"]);
  });

  it("keeps the objects of lines that did not change, so that only others redraw", async () => {
    await cart.scan("4000000000012");
    const milk = cart.view?.lines[0];
    await cart.scan("4000000000029");
    expect(cart.view?.lines[0]).toBe(milk);
    await cart.scan("4000000000012");
    expect(cart.view?.lines[0]).not.toBe(milk);
  });

  it("counts a weighed line once on its tile, and pieces by number", async () => {
    await cart.add("variant-tomato", 642);
    await cart.add("variant-milk", 3000);
    expect(cart.counts.get(tileKey("item-tomato", "variant-tomato"))).toBe(1);
    expect(cart.counts.get(tileKey("item-milk", null))).toBe(3);
  });

  it("shows nothing of a refused change, and goes on", async () => {
    await cart.scan("4000000000012");
    await expect(cart.scan("999999")).rejects.toBeInstanceOf(Refused);
    expect(names()).toEqual(["1 Oat milk 1 l"]);
    await cart.scan("4000000000029");
    expect(names()).toHaveLength(2);
  });

  it("goes on in the open basket when its own was paid elsewhere", async () => {
    const gone = cart.view?.id;
    register.before = (name) => {
      if (name !== "basket.scan" || register.count("basket.scan") > 1) return;
      throw new Refused({ code: "no_such_basket", message: "", about: "" });
    };
    await cart.scan("4000000000012");
    expect(names()).toEqual(["1 Oat milk 1 l"]);
    expect(gone).toBeDefined();
  });

  it("refuses more changes than can wait, and loses none that it took", async () => {
    let let_go = () => {};
    register.before = () => new Promise<void>((resolve) => (let_go = resolve));
    const scans = Array.from({ length: 102 }, () => cart.scan("4000000000012"));
    const results = Promise.allSettled(scans);
    register.before = () => undefined;
    await Promise.resolve();
    let_go();
    const settled = await results;
    const refused = settled.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(2);
    expect((refused[0] as PromiseRejectedResult).reason).toBeInstanceOf(TooFast);
    expect(names()).toEqual(["100 Oat milk 1 l"]);
  });

  it("walks its lines from the last", async () => {
    for (const code of ["4000000000012", "4000000000029", "4000000000036"]) await cart.scan(code);
    cart.selected = null;
    cart.move(-1);
    expect(cart.line?.name).toBe("Carrot cake");
    cart.move(-1);
    cart.move(-1);
    cart.move(-1);
    expect(cart.line?.name).toBe("Oat milk 1 l");
  });

  it("parks, starts empty, and recalls", async () => {
    await cart.scan("4000000000012");
    const id = await cart.park("Blue coat");
    expect(cart.empty).toBe(true);
    expect(cart.view?.parked).toBe(1);
    await cart.recall(id);
    expect(names()).toEqual(["1 Oat milk 1 l"]);
  });

  it("says so when no answer comes", async () => {
    register.before = () => {
      throw new Unreachable();
    };
    await expect(cart.scan("4000000000012")).rejects.toBeInstanceOf(Unreachable);
  });

  it("tells every reduction of a line anew, and keeps the objects of the others", async () => {
    await cart.scan("4000000000012");
    await cart.scan("4000000000029");
    const milk = cart.view?.lines[0];
    const id = cart.selected ?? "";
    await cart.setDiscount(id, { percent: "10", amount: null, reason: "Damaged" });
    expect(cart.view?.lines[1]?.adjustments).toMatchObject([{ name: "Damaged", amount: -48 }]);
    expect(cart.view?.lines[0]).toBe(milk);
    const bread = cart.view?.lines[1];
    await cart.setCustomer("customer-ada");
    expect(cart.view?.lines[1]).toBe(bread);
    await cart.setDiscount(id, { percent: null, amount: null, reason: "" });
    expect(cart.view?.total).toBe(715);
  });

  it("walks on from what is bought to what comes back", async () => {
    await cart.scan("4000000000012");
    const line = cart.line;
    if (!line) throw new Error("nothing is selected");
    await cart.scan("4000000000029");
    await cart.turnBack(line, 235, "Faulty");
    expect(names()).toEqual(["1 Sourdough loaf"]);
    expect(cart.back?.total).toBe(-235);
    cart.move(-1);
    expect(cart.line?.name).toBe("Sourdough loaf");
    cart.move(1);
    expect(cart.back?.name).toBe("Oat milk 1 l");
  });

  it("is not empty while something comes back", async () => {
    await cart.scan("4000000000012");
    if (cart.line) await cart.turnBack(cart.line, 200, "Faulty");
    expect(cart.view?.lines).toEqual([]);
    expect(cart.empty).toBe(false);
    await cart.remove(cart.selected ?? "");
    expect(cart.empty).toBe(true);
  });

  it("set aside as an order gives way to an empty one, and comes back", async () => {
    await cart.scan("4000000000012");
    const order = await cart.hold("layaway", "2026-12-24", "");
    expect(order.number).toBe("T1-H1");
    expect(cart.empty).toBe(true);
    await cart.takeUp(order.id);
    expect(names()).toEqual(["1 Oat milk 1 l"]);
    expect(cart.view?.order?.number).toBe("T1-H1");
  });
});
