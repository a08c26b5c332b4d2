import { describe, expect, it } from "vitest";
import { oneAtATime } from "./asking";

describe("asking again", () => {
  it("several wishes meanwhile are one question more, never two at once", async () => {
    let running = 0;
    let asked = 0;
    const wish = oneAtATime(async () => {
      running += 1;
      asked += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
    });
    await Promise.all([wish(), wish(), wish(), wish()]);
    expect(asked).toBe(2);
    await wish();
    expect(asked).toBe(3);
  });

  it("after trouble it can be wished for again", async () => {
    let fails = true;
    const wish = oneAtATime(async () => {
      await Promise.resolve();
      if (fails) throw new Error("no answer");
    });
    await expect(wish()).rejects.toThrow("no answer");
    fails = false;
    await expect(wish()).resolves.toBeUndefined();
  });
});
