// Theme and language of this browser, kept in cookies so that the next page comes right at once.

import { signal } from "../../vendor/papo-vendor.js";
import { setCookie } from "../lib/site.js";
import { loadLanguage } from "./i18n.js";

export const THEMES = ["system", "light", "dark"];

export const theme = signal(document.documentElement.dataset.theme || "system");

/** The colour of the browser's own bars: of the theme, or of whatever the system says. The server draws the same. */
function setBars(name) {
  const media = (of) => (name === "system" ? `(prefers-color-scheme: ${of})` : name === of ? "all" : "not all");
  for (const [i, of] of ["light", "dark"].entries()) document.querySelectorAll("meta[name=theme-color]")[i].media = media(of);
}

export function setTheme(name) {
  theme.value = name;
  setBars(name);
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
