// Recorded traffic: as it came, in hexadecimal, or its characters alone.

import type { FileView } from "../../bindings/api";

/** When, which way, the bytes, and the characters that they stand for. */
const LINE = /^(\S+ [<>]) [0-9A-F* ]+ \| (.*)$/;

/** Leaves the bytes out and the characters in; every other line stays. */
export function asText(traffic: string): string {
  return traffic
    .split("\n")
    .map((line) => line.replace(LINE, "$1 $2"))
    .join("\n");
}

/** The traffic as a file to send to whoever helps. */
export function textFile(device: string, traffic: string): FileView {
  const bytes = new TextEncoder().encode(traffic);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const name = device.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "device";
  return { name: `${name}-traffic.txt`, media_type: "text/plain", base64: btoa(binary) };
}
