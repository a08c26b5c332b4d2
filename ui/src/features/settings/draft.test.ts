import { beforeEach, describe, expect, it } from "vitest";
import { SHOP } from "../../testing/fake-shop";
import { shift, ShopDraft } from "./draft.svelte";

let draft: ShopDraft;

beforeEach(() => {
  draft = new ShopDraft(structuredClone(SHOP));
});

describe("a draft of the settings", () => {
  it("is as saved until something changes, and again when it is changed back", () => {
    expect(draft.dirty).toBe(false);
    draft.settings.name = "Harbour Lane 2";
    expect(draft.dirty).toBe(true);
    draft.settings.name = "Harbour Lane";
    expect(draft.dirty).toBe(false);
  });

  it("never changes what it was made from", () => {
    const shop = structuredClone(SHOP);
    const other = new ShopDraft(shop);
    other.settings.taxes[0]!.rate = "9";
    other.settings.address.push("Ireland");
    expect(shop).toEqual(SHOP);
  });

  it("sends no line that was left empty", () => {
    draft.settings.address = ["1 Quay Street", "", "  "];
    draft.settings.money.custom = ["Cheque", " "];
    draft.addForeign();
    draft.settings.tax_number = "  ";
    const { address, money, tax_number } = draft.request;
    expect(address).toEqual(["1 Quay Street"]);
    expect(money?.custom).toEqual(["Cheque"]);
    expect(money?.foreign).toEqual([]);
    expect(tax_number).toBeNull();
  });

  it("of a shop that never set how it takes money has cash and card", () => {
    const old = new ShopDraft({ ...structuredClone(SHOP), money: null, tax_rounding: null });
    expect(old.request.money?.tenders).toEqual(["cash", "card_external"]);
    expect(old.request.tax_rounding).toEqual({ scope: "line", mode: "half_up" });
    expect(old.dirty).toBe(false);
  });

  it("asks for an account as soon as transfers are taken, and keeps what was said when not", () => {
    draft.switchTender("bank_transfer");
    expect(draft.settings.money.bank).toEqual({ name: "Harbour Lane", iban: "", bic: null });
    draft.settings.money.bank!.iban = "IE29AIBK93115212345678";
    draft.switchTender("bank_transfer");
    draft.switchTender("bank_transfer");
    expect(draft.settings.money.bank?.iban).toBe("IE29AIBK93115212345678");
    expect(draft.settings.money.tenders.at(-1)).toBe("bank_transfer");
  });

  it("gives each fiscal position an id of its own that outlives its name", () => {
    draft.addPosition();
    draft.addPosition();
    draft.settings.positions.splice(0, 1);
    draft.addPosition();
    const ids = draft.settings.positions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

it("a row moves by one place, and at the end it stays", () => {
  const rows = ["a", "b", "c"];
  shift(rows, 0, 1);
  expect(rows).toEqual(["b", "a", "c"]);
  shift(rows, 2, 1);
  shift(rows, 0, -1);
  expect(rows).toEqual(["b", "a", "c"]);
});
