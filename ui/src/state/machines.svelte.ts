// The devices on the counter, as the register tells of them, and the twins of those that have one.

import type { Commands, DeviceList, DeviceView, TwinView } from "../bindings/api";
import type { Platform } from "../platform/types";
import { oneAtATime } from "./asking";

/** In the order of a counter: what prints, what is paid with, what reads, weighs and shows. */
export const DEVICE_KINDS = ["printer", "terminal", "scanner", "scale", "display"] as const;

export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** The kind of something that the register tells of. */
export function kindOf({ kind }: { readonly kind: string }): DeviceKind {
  return DEVICE_KINDS.find((known) => known === kind) ?? "printer";
}

type Change = Commands["devices.change"]["request"];
type Add = Omit<Commands["devices.add"]["request"], "columns" | "drawer">;

export class Machines {
  readonly #platform: Platform;
  list = $state.raw<DeviceList | null>(null);
  twins = $state.raw<readonly TwinView[]>([]);
  /** How many places show twins now: nobody else needs to know what they do. */
  #watching = 0;

  readonly devices: readonly DeviceView[] = $derived(this.list?.devices ?? []);
  readonly scale: DeviceView | null = $derived(this.first("scale"));
  readonly anyTwin: boolean = $derived(this.devices.some(({ twin }) => twin));

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  first(kind: DeviceKind): DeviceView | null {
    return this.devices.find((device) => device.kind === kind) ?? null;
  }

  find(id: string): DeviceView | null {
    return this.devices.find((device) => device.id === id) ?? null;
  }

  readonly refresh = oneAtATime(async () => {
    this.list = await this.#platform.call("devices.list", {});
  });

  readonly refreshTwins = oneAtATime(async () => {
    if (this.#watching > 0) this.twins = (await this.#platform.call("twins.state", {})).twins;
  });

  /** Follows the twins until the returned function is called. */
  watch(): () => void {
    this.#watching += 1;
    return () => void (this.#watching -= 1);
  }

  /** Presses a button of a twin, or sets something on it. */
  async press(device_id: string, button: string, value?: string): Promise<void> {
    const request = { device_id, button, ...(value === undefined ? {} : { value }) };
    this.twins = (await this.#platform.call("twins.press", request)).twins;
  }

  async add(request: Add): Promise<void> {
    this.list = await this.#platform.call("devices.add", {
      ...request,
      // Both are options by now.
      columns: null,
      drawer: null,
    });
  }

  /** Sets up the twin of a machine of each kind, named by `nameOf`. */
  async addTwins(nameOf: (kind: DeviceKind) => string): Promise<void> {
    for (const kind of DEVICE_KINDS) {
      const driver = this.list?.drivers.find((each) => each.kind === kind)?.driver;
      if (!driver) continue;
      await this.add({ kind, driver, name: nameOf(kind), address: "twin", options: {} });
    }
  }

  async change(request: Change): Promise<void> {
    this.list = await this.#platform.call("devices.change", request);
  }

  async remove(device_id: string): Promise<void> {
    this.list = await this.#platform.call("devices.remove", { device_id });
  }

  async switchTwin(device_id: string, on: boolean): Promise<void> {
    this.list = await this.#platform.call("devices.twin", { device_id, on });
  }

  async record(device_id: string, on: boolean): Promise<void> {
    this.list = await this.#platform.call("devices.record", { device_id, on });
  }
}
