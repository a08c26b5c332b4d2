import { mount } from "svelte";
import App from "./App.svelte";
import { findPlatform } from "./platform";
import { Till } from "./state/till.svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/keys.css";
import "./styles/paper.css";
import "./styles/screens.css";
import "./styles/selling.css";
import "./styles/money.css";
import "./styles/sizes.css";

const target = document.getElementById("app");
if (target) mount(App, { target, props: { till: new Till(await findPlatform()) } });
