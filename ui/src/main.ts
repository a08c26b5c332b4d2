import { mount } from "svelte";
import App from "./App.svelte";
import Display from "./features/display/Display.svelte";
import Pair from "./features/tablets/Pair.svelte";
import { findPlatform } from "./platform";
import { PAIR_PAGE } from "./platform/types";
import { facesCustomer } from "./state/route.svelte";
import { Till } from "./state/till.svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/keys.css";
import "./styles/paper.css";
import "./styles/screens.css";
import "./styles/selling.css";
import "./styles/money.css";
import "./styles/devices.css";
import "./styles/apps.css";
import "./styles/channels.css";
import "./styles/tablets.css";
import "./styles/sizes.css";

const target = document.getElementById("app");
if (target) {
  const customer = facesCustomer();
  const platform = await findPlatform();
  if (!platform) mount(Pair, { target });
  else {
    const till = new Till(platform);
    if (customer) mount(Display, { target, props: { till } });
    else mount(App, { target, props: { till } });
  }
  // The two have nothing in common on the page: who changes the address gets the other one whole.
  window.addEventListener("hashchange", () => {
    if (facesCustomer() !== customer || location.hash.startsWith(PAIR_PAGE)) location.reload();
  });
}
