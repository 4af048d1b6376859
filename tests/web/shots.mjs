// Takes pictures of every screen, light and dark, wide and narrow: node tests/web/shots.mjs <folder>

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, person } from "./support/browser.mjs";
import { dusk, png, sweet, zip } from "./support/files.mjs";
import { bubble, composer, enter, joined, register, say, ticked } from "./support/people.mjs";
import { startServer } from "./support/server.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("name a folder for the pictures");
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 640 } };

await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launch();
const { url } = server;

async function shoot(page, name) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.screenshot({ path: join(folder, `${name}-${scheme}.png`) });
  }
}

async function newcomer(name, username) {
  const { context } = await person(browser);
  await register(context, url, { name, username });
  return context;
}

async function attach(page, files) {
  await page.locator("input[type=file]").setInputFiles(files);
}

const joao = await enter(await newcomer("João Pedro", "jp"), url);
const ana = await enter(await newcomer("Ana Souza", "ana"), url);
const bia = await enter(await newcomer("Bia Lima", "bia"), url);
await enter(await newcomer("Bruno Nunes", "bruno"), url);
await enter(await newcomer("Caio Dias", "caio"), url, "sala-2");

const { context: marina } = await person(browser);
await register(marina, url, { name: "Marina Castro", username: "marina" });
const wide = await enter(marina, url);
await enter(await newcomer("Rafa Figueira", "rafa"), url);

await say(joao, "Boa tarde, povo! Alguém conseguiu ver o pôr do sol hoje?");
await say(joao, "Parei o carro só pra isso kkkk");
await attach(joao, [
  { name: "por-do-sol.png", mimeType: "image/png", buffer: png(640, 480, dusk) },
  { name: "sobremesa.png", mimeType: "image/png", buffer: png(640, 480, sweet) },
]);
await say(joao, "E ainda teve sobremesa");
await wide.locator(".shot.there").nth(1).waitFor();
await say(wide, "Que lindo!! Romeu e Julieta é covardia 😍");
await attach(wide, [{ name: "fotos-da-festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 340_000) }]);
await say(wide, "Achei as outras, tão todas aqui");
await ticked(wide, "Achei as outras, tão todas aqui");
await say(ana, "Gente, a votação do encontro tá em https://papo.exemplo.br/encontro — fecha às 20h");
await say(bia, "🎉😄");
await say(bia, "votei! bora sábado");
await bubble(wide, "votei! bora sábado").waitFor();
await say(wide, "Fechou, sábado então");
await ticked(wide, "Fechou, sábado então");
await composer(ana).pressSequentially("es");
await composer(bia).pressSequentially("eu");
await wide.locator(".typing b").nth(1).waitFor();
await shoot(wide, "chat-wide");

await wide.locator(".people .row", { hasText: "Ana Souza" }).click();
await wide.locator("dialog dd a").waitFor();
await shoot(wide, "profile");
await wide.keyboard.press("Escape");
await wide.locator(".shot").first().click();
await wide.locator("dialog.lightbox img").waitFor();
await shoot(wide, "lightbox");
await wide.keyboard.press("Escape");
await wide.getByRole("button", { name: "Preferências" }).click();
await shoot(wide, "preferences");
await wide.keyboard.press("Escape");
await wide.getByRole("button", { name: "Nova sala" }).click();
await shoot(wide, "new-room");
await wide.keyboard.press("Escape");
await attach(wide, [
  { name: "praia.png", mimeType: "image/png", buffer: png(320, 240, dusk) },
  { name: "receita-da-vo.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(240_000, "%PDF-1.4 ") },
]);
await wide.locator(".chip", { hasText: "pronto" }).nth(1).waitFor();
await composer(wide).fill("Olhem só");
await shoot(wide, "attaching");

const narrow = await marina.newPage();
await narrow.setViewportSize(SIZES.narrow);
await narrow.goto(`${url}/rooms/sala-1`);
await joined(narrow);
await bubble(narrow, "Fechou, sábado então").waitFor();
await shoot(narrow, "chat-narrow");
await narrow.getByRole("button", { name: "Abrir as salas" }).click();
await shoot(narrow, "rooms-narrow");
await narrow.keyboard.press("Escape");
await narrow.getByRole("button", { name: "Mostrar as pessoas na sala" }).click();
await shoot(narrow, "people-narrow");
await narrow.keyboard.press("Escape");

await wide.goto(`${url}/rooms/sala-3`);
await wide.locator(".empty").waitFor();
await shoot(wide, "empty");
await marina.setOffline(true);
await wide.locator(".banner.warn").waitFor();
await say(wide, "Essa sai quando a rede voltar");
await shoot(wide, "offline");
await marina.setOffline(false);
await ticked(wide, "Essa sai quando a rede voltar");
await marina.request.post(`${url}/api/logout`, { headers: { origin: url } });
await wide.getByText("Sua sessão acabou").waitFor();
await shoot(wide, "session-over");

const { context: visitor } = await person(browser);
const gate = await visitor.newPage();
for (const [size, viewport] of Object.entries(SIZES)) {
  await gate.setViewportSize(viewport);
  await gate.goto(`${url}/login`);
  await shoot(gate, `login-${size}`);
  await gate.goto(`${url}/register`);
  await gate.fill("#name", "Marina Castro");
  await gate.fill("#username", "ana");
  await gate.fill("#email", "marina");
  await gate.fill("#password", "curta");
  await gate.getByRole("button", { name: "Criar conta e entrar" }).click();
  await gate.locator("[aria-invalid=true]").first().waitFor();
  await shoot(gate, `register-${size}`);
  await gate.goto(`${url}/nada-aqui`);
  await shoot(gate, `error-${size}`);
}

await browser.close();
await server.stop();
