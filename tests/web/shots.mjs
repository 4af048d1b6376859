// Takes pictures of every screen, light and dark, wide and narrow: PAPO_BIN=… node tests/web/shots.mjs <folder>

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, person } from "./support/browser.mjs";
import { zip } from "./support/files.mjs";
import { bubble, composer, enter, joined, register, say, ticked } from "./support/people.mjs";
import { desktopFonts, photo, sceneClock } from "./support/scene.mjs";
import { startServer } from "./support/server.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("name a folder for the pictures");
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 640 };
/** Slow enough to catch an upload on its way, in bytes a second. */
const UPLOAD_RATE = 600_000;

await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launch({ env: await desktopFonts() });
const { url } = server;
const clock = sceneClock();
const picture = { beach: await photo(browser, "praia", { file: "por-do-sol.jpg" }), sweet: await photo(browser, "doce", { file: "sobremesa.jpg" }) };

/** One picture a theme, as `name-light.png` and `name-dark.png`. */
async function shoot(page, name) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.screenshot({ path: join(folder, `${name}-${scheme}.png`), caret: "initial" });
  }
}

async function newcomer(name, username, options) {
  const { context } = await person(browser, options);
  await register(context, url, { name, username });
  return context;
}

/** The same account in another browser. */
async function again(context, options, { mute } = {}) {
  const { context: other } = await person(browser, { storageState: await context.storageState(), ...options });
  await clock.watch(other, { mute });
  return other;
}

const attach = (page, ...files) => page.locator("input[type=file]").setInputFiles(files);
const pdf = (name, bytes) => ({ name, mimeType: "application/pdf", buffer: Buffer.alloc(bytes, "%PDF-1.4 ") });
const close = async (page) => {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
};

// An evening in Sala 1
await clock.at("18:02");
const joao = await enter(await newcomer("João Pedro", "jp"), url);
const ana = await enter(await newcomer("Ana Souza", "ana"), url);
const bia = await enter(await newcomer("Bia Lima", "bia"), url);
await enter(await newcomer("Bruno Nunes", "bruno"), url);
await enter(await newcomer("Caio Dias", "caio"), url);
const davi = await newcomer("Davi Reis", "davi");
for (const title of ["música", "receitas da vó"]) await davi.request.post(`${url}/api/rooms`, { headers: { origin: url }, data: { title } });
await enter(davi, url, "sala-2");
await enter(await newcomer("Zeca Prado", "zeca"), url, "sala-2");
await enter(await newcomer("Lu Martins", "lu"), url, "música");

const marina = await newcomer("Marina Castro", "marina");
await clock.watch(marina);
const wide = await enter(marina, url, "sala-3");
await composer(wide).fill("o link da aula é");
await wide.getByRole("link", { name: "Sala 1" }).click();
await wide.locator(".people .row", { hasText: "Ana Souza" }).waitFor();
await enter(await newcomer("Rafa Figueira", "rafa"), url);
await wide.locator(".sys", { hasText: "Rafa" }).waitFor();

const hears = (text) => bubble(wide, text).waitFor();
async function says(page, time, text, ...files) {
  await clock.at(time);
  if (files.length > 0) await attach(page, ...files);
  await say(page, text);
  if (page === wide) await ticked(wide, text);
  else await hears(text);
}
await says(joao, "18:03", "Boa tarde, povo! Alguém conseguiu ver o pôr do sol hoje?");
await says(joao, "18:03", "Parei o carro só pra isso kkkk");
await says(joao, "18:04", "E ainda teve sobremesa", picture.beach, picture.sweet);
await wide.locator(".shot.there").nth(1).waitFor();
await says(wide, "18:06", "Que lindo!! Romeu e Julieta é covardia 😍");
await says(wide, "18:06", "Achei a receita, tá aqui", pdf("receita-da-vo.pdf", 254_000));
await says(ana, "18:29", "Gente, a votação tá em https://papo.exemplo.br/festa e fecha às 20h");
await says(bia, "18:30", "🎉😄");
await says(bia, "18:30", "votei! bora sábado");
await says(wide, "18:31", "Fechou, sábado então");
await composer(ana).pressSequentially("eu");
await composer(bia).pressSequentially("eu");
await wide.locator(".typing b").nth(1).waitFor();
await shoot(wide, "chat");

const narrow = await (await again(marina, { viewport: NARROW, deviceScaleFactor: 2, hasTouch: true, isMobile: true })).newPage();
await narrow.goto(`${url}/rooms/sala-1`);
await joined(narrow);
await narrow.locator(".shot.there").nth(1).waitFor();
await narrow.locator("a.file").waitFor();
await composer(ana).pressSequentially("u");
await composer(bia).pressSequentially("u");
await narrow.locator(".typing b").nth(1).waitFor();
await shoot(narrow, "mobile");
await narrow.getByRole("button", { name: "Abrir as salas" }).tap();
await shoot(narrow, "mobile-rooms");
await narrow.keyboard.press("Escape");
await narrow.getByRole("button", { name: "Mostrar as pessoas na sala" }).tap();
await shoot(narrow, "mobile-people");
await narrow.locator(".people .row", { hasText: "João Pedro" }).tap();
await narrow.locator("dialog dd a").waitFor();
await shoot(narrow, "mobile-profile");
await close(narrow);
await narrow.locator(".veil").tap({ position: { x: 10, y: 300 } });
await narrow.locator(".veil").waitFor({ state: "detached" });
await narrow.locator(".shot").first().tap();
await narrow.locator("dialog.lightbox img").waitFor();
await shoot(narrow, "mobile-lightbox");
await narrow.context().close();

// What lies over it
await wide.locator(".people .row", { hasText: "Ana Souza" }).click();
await wide.locator("dialog dd a").waitFor();
await shoot(wide, "profile");
await close(wide);
await wide.locator(".shot").first().click();
await wide.locator("dialog.lightbox img").waitFor();
await shoot(wide, "lightbox");
await close(wide);
await wide.getByRole("button", { name: "Preferências" }).click();
await wide.getByRole("dialog").waitFor();
await shoot(wide, "preferences");
await close(wide);
await wide.getByRole("button", { name: "Nova sala" }).click();
await wide.getByLabel("Nome da sala").fill("trilhas/2026");
await wide.keyboard.press("Enter");
await wide.locator("#room-error:not([hidden])").waitFor();
await shoot(wide, "new-room");
await close(wide);

// Reading above while others go on
await wide.setViewportSize({ ...WIDE, height: 640 });
await wide.locator("#log").evaluate((log) => { log.scrollTop = 0; });
await wide.locator(".jump").waitFor();
await say(joao, "Levo o violão");
await say(ana, "E eu a sobremesa, né");
await wide.locator(".jump .badge", { hasText: "2" }).waitFor();
await shoot(wide, "reading");
await wide.setViewportSize(WIDE);
await wide.locator("#log").press("End");
await wide.locator(".jump").waitFor({ state: "detached" });

// An upload on its way
const throttle = await marina.newCDPSession(wide);
await throttle.send("Network.enable");
await attach(wide, { name: "fotos-da-festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 1_400_000) });
await wide.locator(".chip", { hasText: "pronto" }).waitFor();
await throttle.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: UPLOAD_RATE });
await attach(wide, await photo(browser, "praia", { file: "por-do-sol.jpg", bytes: 2_700_000 }), pdf("convite.pdf", 90_000));
await wide.waitForFunction(() => {
  const bar = [...document.querySelectorAll(".chip")].find((chip) => chip.textContent.includes("por-do-sol"))?.querySelector("progress");
  return bar && bar.value > 0.4 * bar.max;
});
await composer(wide).fill("Separei as melhores");
await shoot(wide, "upload");
await throttle.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
await wide.locator(".chip", { hasText: "pronto" }).nth(2).waitFor();
while (await wide.locator(".chip .x").count() > 0) await wide.locator(".chip .x").first().click();
await attach(wide, { name: "filme-do-casamento.mkv", mimeType: "video/x-matroska", buffer: Buffer.alloc(26 * 1024 * 1024) });
await wide.locator(".chip.bad").waitFor();
await shoot(wide, "too-large");
await wide.locator(".chip .x").click();
await composer(wide).fill("");

// Nobody yet, and a line that is gone
await wide.getByRole("link", { name: "receitas da vó" }).click();
await wide.locator(".empty").waitFor();
await shoot(wide, "empty");
const tiny = await (await again(marina, { viewport: NARROW, deviceScaleFactor: 2, hasTouch: true, isMobile: true })).newPage();
await tiny.goto(`${url}/rooms/${encodeURIComponent("receitas-da-vó")}`);
await tiny.locator(".empty").waitFor();
await shoot(tiny, "mobile-empty");
await tiny.goto(`${url}/rooms/sala-1`);
await joined(tiny);
await tiny.context().setOffline(true);
await tiny.locator(".banner.warn").waitFor();
await composer(tiny).fill("Chego umas 19h");
await tiny.getByRole("button", { name: "Enviar" }).tap();
await tiny.locator(".msg.pending").waitFor();
await shoot(tiny, "mobile-offline");
await tiny.context().close();

await wide.goto(`${url}/rooms/sala-1`);
await joined(wide);
await wide.locator(".shot.there").nth(1).waitFor();
await marina.setOffline(true);
await wide.locator(".banner.warn").waitFor();
await say(wide, "Essa sai quando a rede voltar");
await wide.locator(".msg.pending").waitFor();
await shoot(wide, "offline");
await marina.setOffline(false);
await ticked(wide, "Essa sai quando a rede voltar");

// A message that the server never answered
const unlucky = await again(marina, {}, { mute: true });
const failing = await enter(unlucky, url);
await say(failing, "Alguém leva o gelo?");
await failing.locator(".msg.failed").waitFor({ timeout: 15_000 });
await shoot(failing, "failed");
await failing.setViewportSize(NARROW);
await shoot(failing, "mobile-failed");
await unlucky.close();

await marina.request.post(`${url}/api/logout`, { headers: { origin: url } });
await wide.getByText("Sua sessão acabou").waitFor();
await shoot(wide, "session-over");

// The gate
const { context: visitor } = await person(browser);
for (const [prefix, viewport] of [["", WIDE], ["mobile-", NARROW]]) {
  const gate = await visitor.newPage();
  await gate.setViewportSize(viewport);
  await gate.goto(`${url}/login`);
  await shoot(gate, `${prefix}login`);
  await gate.goto(`${url}/register`);
  await gate.fill("#name", "Marina Castro");
  await gate.fill("#username", "ana");
  await gate.fill("#email", "marina");
  await gate.fill("#password", "curta");
  await gate.press("#password", "Enter");
  await gate.locator("[aria-invalid=true]").first().waitFor();
  await shoot(gate, `${prefix}register`);
  await gate.goto(`${url}/nada-aqui`);
  await shoot(gate, `${prefix}404`);
  await gate.close();
}

await browser.close();
await server.stop();
