import { describe, expect, it } from "vitest";
import type { ReturnableLine } from "../../bindings/api";
import { all, backs, step } from "./refund";

const line = (line_id: string, left: number, unit = "piece"): ReturnableLine => ({
  line_id,
  name: line_id,
  unit,
  sold: 3000,
  left,
  amount_left: left,
});

describe("what comes back", () => {
  const mugs = line("mugs", 2000);
  const cheese = line("cheese", 642, "kilogram");

  it("is never more than is left, and never below nothing", () => {
    let chosen = step({}, mugs, -1);
    expect(backs([mugs], chosen)).toEqual([]);
    for (let n = 0; n < 5; n += 1) chosen = step(chosen, mugs, 1);
    expect(backs([mugs], chosen)).toEqual([{ line_id: "mugs", quantity: 2000 }]);
  });

  it("of a weighed line is all of it or nothing", () => {
    const chosen = step({}, cheese, 1);
    expect(chosen["cheese"]).toBe(642);
    expect(step(chosen, cheese, -1)["cheese"]).toBe(0);
  });

  it("is everything that is left at one tap", () => {
    expect(backs([mugs, cheese], all([mugs, cheese]))).toHaveLength(2);
  });
});
