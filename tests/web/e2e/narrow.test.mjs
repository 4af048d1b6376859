// A phone: nothing scrolls sideways, the sides are drawers, the box to write in stays above the keyboard. Rule 37.

import assert from "node:assert/strict";
import test from "node:test";
import { say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage({ args: ["--guests"] });

test("37 at 360 × 640 nothing scrolls sideways; rooms and people are drawers", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  await say(bia, `${"umapalavramuitocomprida".repeat(20)} https://exemplo.br/${"x".repeat(200)}`);
  const { page } = await papo.guest("Ana Souza", room, { viewport: { width: 360, height: 640 } });
  await page.locator(".msg").first().waitFor();
  const sideways = () => page.evaluate(() => {
    const log = document.getElementById("log");
    return [document.documentElement.scrollWidth - innerWidth, log.scrollWidth - log.clientWidth];
  });
  assert.deepEqual(await sideways(), [0, 0]);
  const rooms = page.getByRole("complementary", { name: "Salas" });
  assert.equal(await rooms.isVisible(), false);
  const opener = page.getByRole("button", { name: "Abrir as salas" });
  await opener.click();
  await rooms.waitFor();
  await page.keyboard.press("Escape");
  await rooms.waitFor({ state: "hidden" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement));
  await page.getByRole("button", { name: "Mostrar as pessoas na sala" }).click();
  await page.getByRole("complementary", { name: "Pessoas na sala" }).getByText("Bia Lima").click();
  await page.getByRole("dialog", { name: "Bia Lima" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".veil").click({ position: { x: 10, y: 300 } });
  await page.getByRole("complementary", { name: "Pessoas na sala" }).waitFor({ state: "hidden" });
  await opener.click();
  await rooms.getByRole("link", { name: "Sala 3" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 3" }).waitFor();
  await rooms.waitFor({ state: "hidden" });
  assert.deepEqual(await sideways(), [0, 0]);
});

/** What reaches beyond the right edge of the page, but for what scrolls by itself or is out of sight. */
const beyond = (page) => page.evaluate(() => {
  const aside = ".sr, .skip, .people:not(.open), .rooms:not(.open), pre, .tray";
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const { width, right } = element.getBoundingClientRect();
    return width > 0 && right > innerWidth + 1 && !element.closest(aside);
  });
  return [...wide.map(({ tagName, className }) => `${tagName} ${className}`), ...(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])];
});

test("37 nothing reaches beyond the edge of any page at 320 px, as at 400 % zoom, with long names and right-to-left ones", async () => {
  const small = { viewport: { width: 320, height: 568 } };
  const gate = await (await papo.visitor(small)).newPage();
  for (const path of ["/login", "/register", "/nada-aqui", "/api/docs"]) {
    await gate.goto(papo.url + path);
    await gate.waitForLoadState("networkidle");
    assert.deepEqual(await beyond(gate), [], path);
  }
  const room = freshRoom();
  const { page: bia } = await papo.guest("Maria Aparecida de Nossa Senhora da Conceição Cavalcanti", room);
  const { page: caio } = await papo.guest("محمد عبد الله بن عبد العزيز الطويل", room);
  await say(bia, `${"W".repeat(300)}\n\`${"x".repeat(200)}\``);
  await say(caio, "مرحبا بالجميع https://exemplo.br/مرحبا abc");
  await ticked(caio, "مرحبا بالجميع https://exemplo.br/مرحبا abc");
  const { page } = await papo.guest("Ana de Um Nome Bastante Comprido Também", room, small);
  await page.locator(".msg").nth(1).waitFor();
  assert.deepEqual(await beyond(page), [], "the room");
  await page.getByRole("button", { name: "Abrir as salas" }).click();
  assert.deepEqual(await beyond(page), [], "rooms");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Mostrar as pessoas na sala" }).click();
  await page.locator(".people.open .row", { hasText: "Maria" }).click();
  await page.getByRole("dialog").locator("dd a").waitFor();
  assert.deepEqual(await beyond(page), [], "people and a profile");
  await page.goto(`${papo.url}/numbers?clients=2`);
  await page.locator(".number-panel").nth(1).waitFor();
  assert.deepEqual(await beyond(page), [], "numbers");
});

test("37 the box to write in stays above the keyboard of a phone, and the last message above the box", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom(), { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  for (let i = 1; i <= 12; i += 1) {
    await page.locator("#composer").fill(`linha ${i}`);
    await page.getByRole("button", { name: "Enviar" }).tap();
  }
  await ticked(page, "linha 12");
  assert.match(await page.locator("meta[name=viewport]").getAttribute("content"), /interactive-widget=resizes-content/);
  await page.locator("#composer").tap();
  // What the keyboard does to a page that asks for it: it takes the lower half.
  await page.setViewportSize({ width: 360, height: 340 });
  await page.waitForFunction(() => {
    const [box, last] = [document.querySelector(".composer"), [...document.querySelectorAll(".msg")].at(-1)].map((element) => element.getBoundingClientRect());
    return box.bottom <= innerHeight && last.bottom <= box.top && last.top > 0;
  });
});
