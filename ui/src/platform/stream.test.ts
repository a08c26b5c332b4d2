import { expect, it } from "vitest";
import { readEvents } from "./stream";

/** A stream that comes in pieces. */
function pieces(...texts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(encoder.encode(text));
      controller.close();
    },
  });
}

async function read(...texts: string[]): Promise<string[]> {
  const found: string[] = [];
  await readEvents(pieces(...texts), (data) => found.push(data), () => undefined);
  return found;
}

it("an event counts only when it is complete, wherever the network cuts it", async () => {
  const text = 'data: {"tags":["basket"]}\n\n: still there\n\ndata:{"tags":["orders"]}\r\n\r\n';
  const whole = ['{"tags":["basket"]}', '{"tags":["orders"]}'];
  for (let cut = 0; cut <= text.length; cut += 1) {
    expect(await read(text.slice(0, cut), text.slice(cut))).toEqual(whole);
  }
  expect(await read("data: half of one\n")).toEqual([]);
});

it("what is not an event's data is left out", async () => {
  expect(await read("event: x\nid: 7\nretry: 1\n\n:\n\n")).toEqual([]);
  expect(await read("data: a\ndata: b\n\n")).toEqual(["a\nb"]);
});
