// Customers by the first letters of a name, an address or a number.

import type { CustomerView } from "../bindings/api";
import type { Platform } from "../platform/types";
import { Finding } from "./finding.svelte";

export class CustomerBook extends Finding {
  readonly #platform: Platform;
  rows = $state.raw<readonly CustomerView[]>([]);

  constructor(platform: Platform, fail: (error: unknown) => void) {
    super(fail);
    this.#platform = platform;
  }

  protected async find(text: string): Promise<() => void> {
    const list = await this.#platform.call("customers.find", { text });
    return () => (this.rows = list.customers);
  }
}
