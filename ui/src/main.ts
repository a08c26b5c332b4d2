import { mount } from "svelte";
import App from "./App.svelte";
import Display from "./features/display/Display.svelte";
import { findPlatform } from "./platform";
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
import "./styles/sizes.css";

const target = document.getElementById("app");
if (target) {
  const customer = facesCustomer();
  const till = new Till(await findPlatform());
  if (customer) mount(Display, { target, props: { till } });
  else mount(App, { target, props: { till } });
  // The two have nothing in common on the page: who changes the address gets the other one whole.
  window.addEventListener("hashchange", () => {
    if (facesCustomer() !== customer) location.reload();
  });
}
