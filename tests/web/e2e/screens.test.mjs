// Themes, sizes, states, access for all: rules 34, 35, 37, 38, 41, 42, 44.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { dusk, png, zip } from "../support/files.mjs";
import { bubble, enter, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

// With the way in for guests, so that all that there may be on the sign-in page is looked at.
const papo = useStage({ args: ["--guests"] });
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe in the page, in both themes; evaluated by the debugger, so the CSP of the page stays as it is. */
async function accessible(page, where) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
    });
    assert.deepEqual(found, [], `41 ${where}, ${colorScheme}`);
  }
}

/** The server as it is, but for one kind of command: it is answered with `error` as often as `refuses()` says so. */
function refusing(context, type, refuses, error) {
  return context.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const frame = JSON.parse(text);
      if (frame.type === type && refuses()) socket.send(JSON.stringify({ type: "error", id: frame.id, ...error }));
      else server.send(text);
    });
  });
}

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("34 the title and the icon of the tab tell of messages that came while it was hidden", async () => {
  const { page: bia } = await papo.guest("Bia Lima", "sala-1");
  const { page } = await papo.guest("Ana Souza", "sala-1");
  const icon = () => page.locator("link[rel=icon]").evaluate(({ href }) => href.split("/").at(-1));
  const hide = (hidden) => page.evaluate((now) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => now });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  assert.equal(await page.title(), "Sala 1 · Papo");
  assert.equal(await icon(), "favicon.svg");
  await hide(true);
  for (const text of ["um", "dois", "três"]) await say(bia, text);
  await page.waitForFunction(() => document.title === "(3) Sala 1 · Papo");
  assert.equal(await icon(), "favicon-new.svg");
  await hide(false);
  await page.waitForFunction(() => document.title === "Sala 1 · Papo");
  assert.equal(await icon(), "favicon.svg");
  await page.locator(".new", { hasText: "3 mensagens novas" }).waitFor();
});

test("35 dark, light and system; the choice is there on the next page without a flash", async () => {
  const { context, page } = await papo.guest("Ana Souza", "sala-1", { colorScheme: "light" });
  const light = await background(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await background(page);
  assert.notEqual(light, dark);
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("radio", { name: "Claro" }).check();
  assert.equal(await background(page), light);
  const answer = await context.request.get(`${papo.url}/rooms/sala-1`);
  assert.match(await answer.text(), /<html[^>]* data-theme="light"/);
  await page.getByRole("radio", { name: "Escuro" }).check();
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal(await background(page), dark);
  await page.getByRole("radio", { name: "Sistema" }).check();
  assert.equal(await background(page), light);
});

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

test("38 the first stop of the keyboard leads to the message box", async () => {
  // On touch the message box does not take the focus by itself, so the keyboard starts at the top.
  const { page } = await papo.guest("Ana Souza", "sala-1", { hasTouch: true });
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Pular para a mensagem" });
  assert.ok(await skip.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "composer");
});

test("41 axe finds nothing on the pages without a session", async () => {
  const page = await (await papo.visitor()).newPage();
  await page.goto(`${papo.url}/login`);
  await accessible(page, "login");
  await page.goto(`${papo.url}/register`);
  await page.locator("#register-form [type=submit]").click();
  await page.locator("#name[aria-invalid=true]").waitFor();
  await accessible(page, "register with errors");
  const answer = await page.goto(`${papo.url}/nada-aqui`);
  assert.equal(answer.status(), 404);
  await page.getByRole("link", { name: "Voltar ao início" }).waitFor();
  await accessible(page, "404");
});

test("41 axe finds nothing in the room and what lies over it", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context, page } = await papo.guest("Ana Souza", room);
  await page.getByText("Ninguém falou nada ainda").waitFor();
  await accessible(page, "empty room");
  await say(bia, "oi https://exemplo.br");
  await say(bia, "🎉");
  await say(page, "olá");
  await ticked(page, "olá");
  await page.locator(".big").waitFor();
  await accessible(page, "busy room");
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("dialog").waitFor();
  await accessible(page, "preferences");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Nova sala" }).click();
  await page.getByRole("dialog").waitFor();
  await accessible(page, "new room");
  await page.keyboard.press("Escape");
  await page.locator(".who").first().click();
  await page.getByRole("dialog").locator("dd a").waitFor();
  await accessible(page, "profile");
  await page.keyboard.press("Escape");
  await context.setOffline(true);
  await page.locator(".banner").waitFor();
  await say(page, "pendente");
  await page.locator(".msg.pending").waitFor();
  await accessible(page, "offline");
  await context.setOffline(false);
  await ticked(page, "pendente");
  const narrow = await context.newPage();
  await narrow.setViewportSize({ width: 360, height: 640 });
  await narrow.goto(`${papo.url}/rooms/${room}`);
  await joined(narrow);
  await accessible(narrow, "narrow");
  await narrow.getByRole("button", { name: "Abrir as salas" }).click();
  await accessible(narrow, "rooms drawer");
});

test("42 an empty room invites to begin", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  await page.getByText("Ninguém falou nada ainda").waitFor();
  await say(page, "oi!");
  await page.getByText("Ninguém falou nada ainda").waitFor({ state: "detached" });
});

test("42 a page that is not there says so and leads back", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  const answer = await page.goto(`${papo.url}/nada-aqui`);
  assert.equal(answer.status(), 404);
  await page.getByText("Página não encontrada").waitFor();
  await page.getByRole("link", { name: "Voltar ao início" }).click();
  await joined(page);
});

test("42 a session that has ended is said so, and what was being written is kept", async () => {
  const room = "sala-2";
  const { context, page } = await papo.guest("Ana Souza", room);
  await say(page, "isto some da tela");
  await ticked(page, "isto some da tela");
  await page.locator("#composer").fill("quase pronto");
  await context.request.post(`${papo.url}/api/logout`, { headers: { origin: papo.url } });
  await page.getByText("Sua sessão acabou").waitFor();
  assert.equal(await bubble(page, "isto some da tela").count(), 0);
  await accessible(page, "session over");
  const kept = await page.evaluate(() => Object.values(localStorage));
  assert.deepEqual(kept, ["quase pronto"]);
  await page.getByRole("link", { name: "Entrar" }).click();
  await page.waitForURL(`**/login?next=%2Frooms%2F${room}`);
});

test("42 a room that cannot be loaded says so and offers another try", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  let refuse = true;
  await refusing(context, "join", () => refuse, { code: "internal", message: "no", retry: false });
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/sala-1`);
  await page.getByText("Não deu para carregar").waitFor();
  refuse = false;
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await joined(page);
});

test("42 too many messages in a row: it is said, and the text goes out by itself", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  let refusals = 1;
  const slowDown = { code: "rate_limited", message: "slow down", retry: true, retry_after_ms: 1000 };
  await refusing(context, "send", () => refusals-- > 0, slowDown);
  const page = await enter(context, papo.url, freshRoom());
  await say(page, "calma");
  await page.getByText("Muitas mensagens seguidas").waitFor();
  await page.locator(".msg.pending").waitFor();
  await ticked(page, "calma");
});

test("44 no CSP violation and no console error on any page, and the policy allows nothing inline", async () => {
  // What goes wrong fails this test, as any other, when its people leave: see support/stage.mjs.
  const visitor = await (await papo.visitor()).newPage();
  const { page } = await papo.guest("Ana Souza", freshRoom());
  const policy = async (on, path) => (await on.goto(papo.url + path)).headers()["content-security-policy"];
  const pages = [[visitor, "/login"], [visitor, "/register"], [visitor, "/nada-aqui"], [page, "/rooms/sala-1"], [page, "/rooms/sala-2"]];
  for (const [on, path] of pages) {
    const rules = await policy(on, path);
    assert.match(rules, /default-src 'none'/, path);
    assert.match(rules, /script-src 'self'(?:;|$)/, path);
    assert.match(rules, /style-src 'self'(?:;|$)/, path);
    assert.doesNotMatch(rules, /unsafe-/, path);
    await on.waitForLoadState("networkidle");
  }
  await joined(page);
  await page.locator("input[type=file]").setInputFiles([
    { name: "praia.png", mimeType: "image/png", buffer: png(320, 240, dusk) },
    { name: "festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 2000) },
  ]);
  await say(page, "com anexos");
  await page.locator("a.file").waitFor();
  await page.locator(".shot.there").click();
  for (const opener of ["Preferências", "Nova sala"]) {
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: opener }).click();
  }
  await page.getByRole("dialog").waitFor();
});
