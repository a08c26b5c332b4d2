// The ways between the register in memory and other programs.

import type { Refusal } from "../bindings/api";

export class FakeLinks {
  /** The callbacks that were opened. */
  readonly opened: { request_id: string; address: string }[] = [];
  /** Whether the browser lets a callback open. */
  opens = true;
  /** A link of another program came to nothing. */
  refuseLink: (message: string) => void = () => undefined;

  onLinkRefused(listener: (refusal: Refusal) => void): () => void {
    this.refuseLink = (message) => listener({ code: "bad_link", message, about: "" });
    return () => undefined;
  }

  async callBack(request_id: string, address: string): Promise<boolean> {
    if (this.opens) this.opened.push({ request_id, address });
    return this.opens;
  }
}
