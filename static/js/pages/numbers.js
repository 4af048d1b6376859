// The page of even and odd numbers: takes what the server wrote into the page, draws, counts.

import { html, render } from "../../vendor/papo-vendor.js";
import { NumbersPage } from "../components/numbers-page.js";
import { loadIcons } from "../components/parts.js";
import { startCounters } from "../store/counters.js";
import { loadLanguage } from "../store/i18n.js";

const root = document.getElementById("app");
const { username, lang } = root.dataset;

async function start() {
  await Promise.all([loadLanguage(lang, ["numbers/"]), loadIcons()]);
  startCounters();
  render(html`<${NumbersPage} username=${username} />`, root);
}

// A page that comes back from the browser's memory may belong to a session that is over.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

start();
