// Papo as an app of its own: manifest, icons, the colours of the browser's bars. Of rules 35, 36 and 37 what an installed app needs.

import assert from "node:assert/strict";
import test from "node:test";
import { useStage } from "../support/stage.mjs";

const papo = useStage();

/** Width and height of a PNG, from its header. */
const pngSize = (bytes) => `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;

const manifestOf = async (page) => {
  const url = await page.locator("link[rel=manifest]").evaluate(({ href }) => href);
  const answer = await page.request.get(url);
  assert.equal(answer.headers()["content-type"], "application/manifest+json");
  return { url, manifest: await answer.json() };
};

test("36 the app has a manifest in the language of the page, and the browser would install it", async () => {
  for (const [locale, lang, word] of [["pt-BR", "pt-BR", "Salas"], ["en-GB", "en", "rooms"]]) {
    const { page } = await papo.guest("Ana Souza", "sala-1", { locale });
    const { manifest } = await manifestOf(page);
    assert.equal(manifest.lang, lang);
    assert.ok(manifest.description.includes(word));
    const session = await page.context().newCDPSession(page);
    const { errors } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // A window without a profile installs nothing; nothing else may stand in the way.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  }
});

test("36 the icons are there, as large as the manifest says, one to be cut to any shape", async () => {
  const page = await (await papo.visitor()).newPage();
  await page.goto(`${papo.url}/login`);
  const { url, manifest } = await manifestOf(page);
  assert.ok(manifest.icons.some(({ purpose }) => purpose === "maskable"));
  for (const { src, type, sizes } of manifest.icons) {
    const answer = await page.request.get(new URL(src, url).href);
    assert.deepEqual([answer.status(), answer.headers()["content-type"]], [200, type]);
    if (type === "image/png") assert.equal(pngSize(await answer.body()), sizes);
  }
  const touch = await page.request.get(await page.locator("link[rel=apple-touch-icon]").evaluate(({ href }) => href));
  assert.equal(pngSize(await touch.body()), "180x180");
});

test("35 the bars of the browser have the colour of the theme, system's or chosen, on this page and the next", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1", { colorScheme: "light" });
  const bars = () => page.evaluate(() => [...document.querySelectorAll("meta[name=theme-color]")].filter(({ media }) => matchMedia(media).matches).map(({ content }) => content));
  const header = () => page.locator("header.bar").evaluate((bar) => getComputedStyle(bar).backgroundColor);
  const hex = (rgb) => `#${rgb.match(/\d+/g).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
  const same = async () => {
    const [colour, ...others] = await bars();
    assert.deepEqual([colour, others], [hex(await header()), []]);
    return colour;
  };
  const light = await same();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await same();
  assert.notEqual(light, dark);
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("radio", { name: "Claro" }).check();
  assert.equal(await same(), light);
  await page.reload();
  assert.equal(await same(), light);
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("radio", { name: "Sistema" }).check();
  assert.equal(await same(), dark);
});
