import type { PrintStatus } from "../../bindings/api";

/** What to say about the receipt of the sale that was just completed. */
export function receiptKey(print: PrintStatus) {
  switch (print) {
    case "waiting":
    case "printing":
      return "done.waiting";
    case "printed":
      return "done.printed";
    case "parked":
      return "done.parked";
    case "none":
      return "done.kept";
  }
}
