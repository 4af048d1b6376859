// Browser contexts for the tests: one a person. Every page keeps what must never be there: console errors and CSP violations.

import { chromium } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WAIT_MS = 10_000;

export function launch(options = {}) {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS, ...options });
}

/** Console errors that a test brings about on purpose: an offline network, a refused form, a session that is over. */
const EXPECTED = [/Failed to load resource/, /WebSocket connection to .* failed/, /net::ERR_INTERNET_DISCONNECTED/];

function watch(page, faults) {
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.some((known) => known.test(message.text()))) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
}

/** A context of its own, in Portuguese and at desktop size unless told otherwise. `faults` is to be empty at the end. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({ locale: "pt-BR", timezoneId: "America/Sao_Paulo", viewport: { width: 1440, height: 900 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(WAIT_MS);
  const faults = [];
  context.on("page", (page) => watch(page, faults));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return { context, faults };
}
