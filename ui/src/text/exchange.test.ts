import { describe, expect, it } from "vitest";
import { neededFor, worth, type Exchange } from "./exchange";

const franc: Exchange = { rate: "0.92", exponent: 2, home: 2 };
const yen: Exchange = { rate: "0.0061", exponent: 0, home: 2 };

describe("cash of another currency", () => {
  it("is worth its rate, halves up, whatever the decimal places", () => {
    expect(worth(1000, franc)).toBe(920);
    expect(worth(1087, franc)).toBe(1000);
    expect(worth(10_000, yen)).toBe(6100);
    expect(worth(75, { ...franc, rate: "0.02" })).toBe(2);
  });

  it("is asked for in the least amount that is enough", () => {
    for (const exchange of [franc, yen, { ...franc, rate: "3" }]) {
      for (const due of [1, 5, 99, 1000, 4465]) {
        const needed = neededFor(due, exchange) ?? -1;
        expect(worth(needed, exchange)).toBeGreaterThanOrEqual(due);
        expect(worth(needed - 1, exchange)).toBeLessThan(due);
      }
    }
    expect(neededFor(1000, franc)).toBe(1087);
  });

  it("with a rate that cannot be read is worth nothing, and nothing is enough", () => {
    expect(worth(1000, { ...franc, rate: "much" })).toBe(0);
    expect(neededFor(1000, { ...franc, rate: "0" })).toBeNull();
  });
});
