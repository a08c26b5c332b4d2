import { remember, remembered } from "./settings";

export const THEMES = ["light", "dark", "contrast"] as const;
export type ThemeName = (typeof THEMES)[number];

/** The colours: as the system asks, until somebody chooses. */
export class Theme {
  name = $state<ThemeName>("light");

  constructor() {
    const chosen = chosenTheme();
    this.#show(chosen ?? systemTheme());
    // The page that faces the customer has the colours of the till.
    window.addEventListener("storage", () => this.#show(chosenTheme() ?? this.name));
    if (!chosen) {
      const follow = () => {
        if (!remembered("theme")) this.#show(systemTheme());
      };
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
      matchMedia("(prefers-contrast: more)").addEventListener("change", follow);
    }
  }

  /** Light, dark, high contrast, and round again. */
  next(): void {
    const name = THEMES[(THEMES.indexOf(this.name) + 1) % THEMES.length] ?? "light";
    remember("theme", name);
    this.#show(name);
  }

  #show(name: ThemeName): void {
    this.name = name;
    document.documentElement.dataset["theme"] = name;
  }
}

function chosenTheme(): ThemeName | undefined {
  return THEMES.find((name) => name === remembered("theme"));
}

function systemTheme(): ThemeName {
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
