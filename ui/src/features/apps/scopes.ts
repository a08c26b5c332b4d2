// What a token may be good for. A paired device gets its own scope by pairing, so it is not offered.

import { isMessage, t } from "../../messages";

export const SCOPES = [
  "payments",
  "catalog:read",
  "catalog:write",
  "inventory:read",
  "inventory:write",
  "customers:read",
  "customers:write",
  "orders:read",
  "orders:write",
  "sales:read",
  "refunds",
  "credit",
  "shifts",
  "reports",
  "settings",
  "webhooks",
  "events",
] as const;

export const ROLES = ["cashier", "manager", "owner"] as const;

/** A scope in plain words; its own name where there are none. */
export function scopeText(name: string): string {
  const key = `scope.${name}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : name;
}

/** A role in plain words. */
export function roleText(name: string): string {
  const key = `apps.role.${name}`;
  return isMessage(key) ? (t as (key: string) => string)(key) : name;
}
