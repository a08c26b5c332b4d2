// Devices in words, and as drawings.

import type { DeviceList, DeviceView, DriverView } from "../../bindings/api";
import type { IconName } from "../../components/icons";
import { isMessage, t } from "../../messages";
import { kindOf, type DeviceKind } from "../../state/machines.svelte";

const ICON: Record<DeviceKind, IconName> = {
  printer: "printer",
  terminal: "terminal",
  scanner: "scanner",
  scale: "scale",
  display: "display",
};

export function kindIcon(kind: string): IconName {
  return ICON[kindOf({ kind })];
}

/** How a driver is called; its own short name if the register has none for people. */
export function driverName(list: DeviceList | null, { kind, driver }: DeviceView): string {
  return driverOf(list, kind, driver)?.name ?? driver;
}

export function driverOf(
  list: DeviceList | null,
  kind: string,
  driver: string,
): DriverView | undefined {
  return list?.drivers.find((known) => known.kind === kind && known.driver === driver);
}

/** A button of a twin; its own name if there is no word for it yet. */
export function buttonText(button: string): string {
  const key = `twin.button.${button}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : button.replaceAll("_", " ");
}

/** One value of an option: `yes`, `no` and the like as words, everything else as it is. */
export function valueText(value: string): string {
  const key = `option.${value}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : value;
}
