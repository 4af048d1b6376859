// Theme and language of this browser, kept in cookies so that the next page comes right at once.

import { signal } from "../../vendor/papo-vendor.js";
import { setCookie } from "../lib/site.js";
import { loadLanguage } from "./i18n.js";

export const THEMES = ["system", "light", "dark"];

export const theme = signal(document.documentElement.dataset.theme || "system");

export function setTheme(name) {
  theme.value = name;
  if (name === "system") {
    delete document.documentElement.dataset.theme;
    document.cookie = "papo_theme=; Path=/; SameSite=Lax; Max-Age=0";
  } else {
    document.documentElement.dataset.theme = name;
    setCookie("papo_theme", name);
  }
}

export async function setLanguage(tag) {
  await loadLanguage(tag);
  setCookie("papo_lang", tag);
}
