import { describe, expect, it } from "vitest";
import { typedDay, dayAfter } from "./day";
import { decimalText, plainText } from "./decimal";
import {
  entryOf,
  entryUnits,
  press,
  typedUnits,
  writtenUnits,
  ENTRY_DIGITS_MAX,
  type EntryKey,
} from "./entry";
import { listed } from "./list";
import { MoneyFormat } from "./money";
import { quantityText } from "./quantity";

const euro = new MoneyFormat("EUR", 2, "en-IE");
const yen = new MoneyFormat("JPY", 0, "en");
const dinar = new MoneyFormat("KWD", 3, "en");

describe("an amount", () => {
  it("has the decimal places of its currency", () => {
    expect(euro.text(1250)).toBe("€12.50");
    expect(yen.text(1250)).toBe("¥1,250");
    expect(dinar.text(1250)).toContain("1.250");
  });

  it("below zero shows a true minus in front of the sign", () => {
    expect(euro.text(-60)).toBe("\u2212€0.60");
  });

  it("as on a banknote has no cents only where there are none", () => {
    expect(euro.short(1000)).toBe("€10");
    expect(euro.short(1250)).toBe("€12.50");
  });

  it("is exact to the cent up to the largest that a register counts", () => {
    expect(euro.text(Number.MAX_SAFE_INTEGER)).toBe("€90,071,992,547,409.91");
    expect(decimalText(-Number.MAX_SAFE_INTEGER, 2)).toBe("-90071992547409.91");
  });

  it("of one cent is one cent", () => {
    expect(euro.text(1)).toBe("€0.01");
    expect(decimalText(1, 3)).toBe("0.001");
    expect(decimalText(0, 0)).toBe("0");
  });
});

describe("a quantity", () => {
  it("of a weighed thing keeps number and unit together", () => {
    expect(quantityText(642, "kilogram", "en")).toBe("0.642\u00a0kg");
  });

  it("of pieces is a plain number", () => {
    expect(quantityText(2000, "piece", "en")).toBe("2");
    expect(quantityText(-1000, "piece", "en")).toBe("\u22121");
  });
});

describe("a keyed number", () => {
  const keyed = (keys: EntryKey[], exponent = 2) =>
    keys.reduce((entry, key) => press(entry, key, exponent), "");

  it("fills from the right, as on every till", () => {
    expect(entryUnits(keyed(["1", "2", "5", "0"]), 2)).toBe(1250);
    expect(entryUnits(keyed(["2", "00"]), 2)).toBe(200);
  });

  it("is read as written once a point is typed", () => {
    expect(entryUnits(keyed(["1", "2", ".", "5"]), 2)).toBe(1250);
    expect(entryUnits(keyed(["2", "0", ","]), 2)).toBe(2000);
    expect(entryUnits(keyed([".", "5"]), 2)).toBe(50);
  });

  it("takes no more decimal places than the currency has", () => {
    expect(keyed(["1", ".", "2", "3", "4"])).toBe("1.23");
    expect(keyed(["1", ".", "5"], 0)).toBe("15");
    expect(keyed(["1", ".", "5", "00"])).toBe("1.5");
  });

  it("is nothing until a digit is typed, and zero after a zero", () => {
    expect(entryUnits(keyed([]), 2)).toBeNull();
    expect(entryUnits(keyed(["0"]), 2)).toBe(0);
    expect(keyed(["0", "00", "7"])).toBe("7");
  });

  it("loses its last digit, or all", () => {
    expect(keyed(["1", "2", "back"])).toBe("1");
    expect(keyed(["back"])).toBe("");
    expect(keyed(["1", "2", "clear"])).toBe("");
  });

  it("has a limit, and knows no letters", () => {
    const nines = Array.from({ length: 40 }, () => "9");
    expect(keyed(nines)).toHaveLength(ENTRY_DIGITS_MAX);
    expect(keyed(["1", "x", "e", "-", "2"])).toBe("12");
  });

  it("begins with the amount that is there", () => {
    expect(entryUnits(entryOf(398), 2)).toBe(398);
    expect(entryOf(-5)).toBe("0");
  });
});

describe("a percentage", () => {
  it("is read as written: ten is ten", () => {
    expect(writtenUnits("10", 2)).toBe(1000);
    expect(writtenUnits("12.5", 2)).toBe(1250);
    expect(writtenUnits("", 2)).toBeNull();
  });

  it("is written without places that say nothing", () => {
    expect(plainText(1000, 2)).toBe("10");
    expect(plainText(1250, 2)).toBe("12.5");
    expect(plainText(0, 2)).toBe("0");
    expect(plainText(100, 0)).toBe("100");
  });
});

describe("an amount in a field", () => {
  it("is read exactly, with a point or a comma", () => {
    expect(typedUnits("200", 2)).toBe(20_000);
    expect(typedUnits("2,5", 2)).toBe(250);
    expect(typedUnits("0.05", 2)).toBe(5);
    expect(typedUnits("1.10", 1)).toBe(11);
  });

  it("that is no number, or finer than the currency, is not read", () => {
    for (const text of ["", "x", "-1", "1.234", "1e3", "1.2.3", "12345678901"]) {
      expect(typedUnits(text, 2), text).toBeNull();
    }
  });
});

describe("a typed day", () => {
  it("is read in the ways in which people write it", () => {
    expect(typedDay("2026-12-24")).toBe("2026-12-24");
    expect(typedDay("24.12.2026")).toBe("2026-12-24");
    expect(typedDay(" 1/2/2027 ")).toBe("2027-02-01");
  });

  it("that does not exist is none", () => {
    for (const text of ["2026-02-30", "2026-13-01", "tomorrow", "24.12.26", ""]) {
      expect(typedDay(text), text).toBeNull();
    }
  });

  it("is counted on over months and years", () => {
    expect(dayAfter("2026-12-24", 14)).toBe("2027-01-07");
    expect(dayAfter("2028-02-28", 1)).toBe("2028-02-29");
  });
});

it("a list is read without doubles and empty words", () => {
  expect(listed("member, staff ,, member")).toEqual(["member", "staff"]);
  expect(listed("")).toEqual([]);
});
