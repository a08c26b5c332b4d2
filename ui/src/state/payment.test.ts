import { beforeEach, describe, expect, it } from "vitest";
import type { PayRequest } from "../bindings/api";
import { Refused, Unreachable } from "../platform/types";
import { FakeRegister } from "../testing/fake-register";
import { Cart } from "./cart.svelte";
import { Payment } from "./payment.svelte";
import { Register } from "./register.svelte";

let fake: FakeRegister;
let cart: Cart;
let payment: Payment;

beforeEach(async () => {
  localStorage.clear();
  fake = new FakeRegister();
  cart = new Cart(fake);
  const register = new Register(fake);
  await register.begin();
  payment = new Payment(fake, cart, register);
  await cart.scan("4000000000029");
});

const sent = () =>
  fake.calls.filter((call) => call.name === "pay.tender").map((call) => call.request as PayRequest);

describe("a payment", () => {
  it("in exact cash completes the sale, and the next basket is ready", async () => {
    const paid = cart.view?.id;
    await payment.take("cash", 480);
    expect(payment.done?.total).toBe(480);
    expect(payment.done?.change).toBe(0);
    expect(cart.empty).toBe(true);
    expect(cart.view?.id).not.toBe(paid);
  });

  it("without an answer is sent again under the same id, and counts once", async () => {
    let lost = true;
    fake.afterwards = (name) => {
      if (name === "pay.tender" && lost) throw new Unreachable();
    };
    await payment.take("cash", 500);
    expect(payment.step).toBe("unanswered");
    expect(payment.done).toBeNull();
    await payment.again();
    expect(payment.step).toBe("unanswered");
    lost = false;
    await payment.again();
    expect(payment.done?.change).toBe(20);
    expect(fake.sales).toHaveLength(1);
    expect(new Set(sent().map((request) => request.tender_id)).size).toBe(1);
    expect(new Set(sent().map((request) => request.basket_id)).size).toBe(1);
  });

  it("without an answer keeps its basket even if another one is open by now", async () => {
    let lost = true;
    fake.afterwards = (name) => {
      if (name === "pay.tender" && lost) throw new Unreachable();
    };
    await payment.take("cash", 480);
    lost = false;
    await cart.refresh();
    expect(cart.empty).toBe(true);
    await payment.again();
    expect(payment.done?.total).toBe(480);
  });

  it("by an impatient finger is taken once", async () => {
    await Promise.all([payment.take("cash", 480), payment.take("cash", 480)]);
    expect(sent()).toHaveLength(1);
    await payment.take("cash", 480);
    expect(sent()).toHaveLength(1);
  });

  it("of a part leaves the rest, and can be taken back", async () => {
    await payment.take("card_external", 200);
    expect(payment.done).toBeNull();
    expect(cart.view?.due).toBe(280);
    await payment.takeBack(cart.view?.tenders[0]?.id ?? "");
    expect(cart.view?.due).toBe(480);
    await payment.take("card_external", 200);
    await payment.take("cash", 280);
    expect(payment.done?.tenders.map((tender) => tender.kind)).toEqual(["card_external", "cash"]);
  });

  it("that was confirmed, with the answer lost, ends with its sale when it is asked again", async () => {
    const waiting = (await payment.announce("wallet", 480, null)) ?? "";
    expect(payment.done).toBeNull();
    let lost = true;
    fake.afterwards = (name) => {
      if (name === "pay.confirm" && lost) throw new Unreachable();
    };
    await payment.confirm(waiting);
    expect(payment.step).toBe("unanswered");
    lost = false;
    await payment.again();
    expect(payment.done?.total).toBe(480);
    expect(payment.step).toBe("ready");
    expect(fake.sales).toHaveLength(1);
  });

  it("that is refused leaves everything ready for another", async () => {
    await expect(payment.take("card_external", 9_999)).rejects.toBeInstanceOf(Refused);
    expect(payment.step).toBe("ready");
    await payment.take("cash", 480);
    expect(payment.done).not.toBeNull();
  });

  it("prints as it was chosen for the last sale", async () => {
    await payment.take("cash", 480);
    payment.choosePrint(false);
    payment.next();
    await cart.scan("4000000000012");
    await payment.take("cash", 235);
    expect(sent().map((request) => request.print)).toEqual([true, false]);
    expect(localStorage.getItem("countertop.receipt")).toBe("none");
  });
});
