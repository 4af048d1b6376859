// Without a mouse, and without seeing: rules 38 and 39.

import assert from "node:assert/strict";
import test from "node:test";
import { dusk, png, zip } from "../support/files.mjs";
import { bubble, composer, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

test("38 the first stop of the keyboard leads to the message box", async () => {
  // On touch the message box does not take the focus by itself, so the keyboard starts at the top.
  const { page } = await papo.guest("Ana Souza", "sala-1", { hasTouch: true });
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Pular para a mensagem" });
  assert.ok(await skip.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "composer");
});

/** The name and the place of what has the focus, or null for the page itself. */
const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  window.stops ??= new Map();
  if (!window.stops.has(element)) window.stops.set(element, window.stops.size);
  // The focus may be drawn around what the element stands for: its box, its label.
  return { stop: window.stops.get(element), name: element.getAttribute("aria-label") ?? element.textContent.trim() ?? element.id, box: { left, top, right, bottom } };
});

/** Presses Tab until it comes around, and says which controls were passed, and which of them looked no other with the focus. */
async function walk(page, within) {
  const clipOf = ({ left, top, right, bottom }) => {
    const { width, height } = page.viewportSize();
    const [x, y] = [Math.max(0, left - 6), Math.max(0, top - 6)];
    return { x, y, width: Math.min(width, right + 6) - x, height: Math.min(height, bottom + 6) - y };
  };
  const passed = new Map();
  const unseen = [];
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (!here) continue;
    if (passed.has(here.stop)) break;
    passed.set(here.stop, here.name);
    const clip = clipOf(here.box);
    const lit = await page.screenshot({ clip });
    await page.evaluate(() => { window.last = document.activeElement; window.last.blur(); });
    const plain = await page.screenshot({ clip });
    await page.evaluate(() => window.last.focus({ focusVisible: true }));
    if (lit.equals(plain)) unseen.push(here.name);
  }
  const missed = await page.evaluate((within) => {
    const controls = [...document.querySelector(within).querySelectorAll("a[href], button, input:not([type=hidden]), textarea, [tabindex='0']")];
    // Of a group of radio buttons the arrows reach the others.
    const meant = controls.filter((control) => control.checkVisibility({ visibilityProperty: true }) && control.tabIndex >= 0 && !(control.type === "radio" && !control.checked));
    return meant.filter((control) => !window.stops.has(control)).map((control) => control.outerHTML.slice(0, 80));
  }, within);
  return { count: passed.size, missed, unseen };
}

for (const [size, viewport] of [["wide", { width: 1440, height: 900 }], ["narrow", { width: 360, height: 640 }]]) {
  test(`38 Tab reaches every control and shows where it is, ${size}`, async () => {
    const room = freshRoom();
    const { page: bia } = await papo.guest("Bia Lima", room);
    const { page } = await papo.guest("Ana Souza", room, { viewport, reducedMotion: "reduce" });
    await bia.locator("input[type=file]").setInputFiles([
      { name: "praia.png", mimeType: "image/png", buffer: png(320, 240, dusk) },
      { name: "festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 2000) },
    ]);
    await say(bia, "com link https://exemplo.br");
    await page.locator("a.file").waitFor();
    await page.locator(".shot.there").waitFor();
    const room1 = await walk(page, "body");
    assert.deepEqual([room1.missed, room1.unseen], [[], []]);
    assert.ok(room1.count >= (size === "wide" ? 18 : 9), `${room1.count} stops`);

    const press = async (name) => {
      await page.getByRole("button", { name }).first().focus();
      await page.keyboard.press("Enter");
    };
    const over = async (count) => {
      await page.locator("dialog[open]").waitFor();
      const found = await walk(page, "dialog[open]");
      assert.deepEqual([found.missed, found.unseen], [[], []]);
      assert.ok(found.count >= count, `${found.count} stops`);
      await page.keyboard.press("Escape");
      await page.locator("dialog[open]").waitFor({ state: "detached" });
    };
    if (size === "narrow") await press("Abrir as salas");
    await press("Preferências");
    await over(3);
    await press("Nova sala");
    await over(4);
    if (size === "narrow") await page.keyboard.press("Escape");
    await press("Bia Lima");
    await page.getByRole("dialog").locator("dd a").waitFor();
    await over(2);
    await page.locator(".shot").focus();
    await page.keyboard.press("Enter");
    await over(2);
  });
}

test("38 a room, a language and a theme are chosen by keyboard alone", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  await page.getByRole("link", { name: "Sala 2" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "composer");
  await page.keyboard.type("escrito sem procurar a caixa");
  await page.keyboard.press("Enter");
  await ticked(page, "escrito sem procurar a caixa");
  await page.getByRole("button", { name: "Preferências" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("radio", { name: "Português" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("dialog", { name: "Preferences" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Preferences");
});

test("39 the log is not live; a polite announcer tells new messages of others, and nothing else is told", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  await say(bia, "já estava aqui");
  await ticked(bia, "já estava aqui");
  const { context } = await papo.newcomer("Ana Souza");
  await context.addInitScript(() => {
    window.told = [];
    addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
      for (const { target } of changes) {
        const live = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest("[aria-live], [role=status], [role=alert], [role=log]");
        if (live && live.getAttribute("aria-live") !== "off" && live.textContent.trim() !== "") window.told.push(live.textContent.trim());
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true }));
  });
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/${room}`);
  await bubble(page, "já estava aqui").waitFor();
  assert.equal(await page.getByRole("log").getAttribute("aria-live"), "off");
  const announcer = page.locator("#announcer");
  assert.equal(await announcer.getAttribute("aria-live"), "polite");
  assert.equal(await announcer.evaluate((element) => element.closest("[role=log]")), null);

  await say(page, "minha própria");
  await ticked(page, "minha própria");
  const { page: caio } = await papo.guest("Caio Dias", room);
  await page.locator(".sys", { hasText: "Caio Dias" }).waitFor();
  await composer(caio).pressSequentially("oi");
  await page.locator(".typing b").waitFor();
  assert.deepEqual(await page.evaluate(() => window.told), []);

  await say(bia, "escuta só");
  await announcer.filter({ hasText: "Bia Lima: escuta só" }).waitFor({ state: "attached" });
  assert.deepEqual([...new Set(await page.evaluate(() => window.told))], ["Bia Lima: escuta só"]);
  // The same words again are told again.
  await page.evaluate(() => { window.told = []; });
  await say(bia, "escuta só");
  await page.waitForFunction(() => window.told.length > 0);
});
