// The parts of the Apps screen, in their order. One line adds a part; its name stands in the
// messages as `apps.part.<id>`, what the palette says about it as `action.apps.<id>`.

import type { Component } from "svelte";
import Programs from "./Programs.svelte";
import Tablets from "../tablets/Tablets.svelte";
import Tokens from "./Tokens.svelte";
import Webhooks from "./Webhooks.svelte";

export const TABS = [
  { id: "programs", part: Programs },
  { id: "tokens", part: Tokens },
  { id: "webhooks", part: Webhooks },
  { id: "tablets", part: Tablets },
] as const satisfies readonly { readonly id: string; readonly part: Component }[];
