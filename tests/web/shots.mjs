// Takes the pictures of docs/screenshots from a server that `papo seed-demo` has filled: every screen, light and dark, wide and narrow.
// PAPO_BIN=target/release/papo node tests/web/shots.mjs [folder]

import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, person } from "./support/browser.mjs";
import { zip } from "./support/files.mjs";
import { deafTo } from "./support/line.mjs";
import { bubble, composer, enter, joined, say, signIn, ticked } from "./support/people.mjs";
import { desktopFonts, photo } from "./support/scene.mjs";
import { startServer } from "./support/server.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
const SIZES = {
  "": { viewport: { width: 1440, height: 900 } },
  "mobile-": { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};
const QUALITY = { "": 82, "mobile-": 66 };
/** All pictures together, in bytes: tests/house/docs.rs holds it. */
const ALL_MOST = 2_000_000;
/** Slow enough to catch an upload on its way, in bytes a second. */
const UPLOAD_RATE = 600_000;
/** Where the talk is, and where nobody has said anything. */
const ROOM = "música";
const QUIET_ROOM = "mutirão da praça";

const server = await startServer({ args: ["--guests"], seed: true });
const browser = await launch({ env: await desktopFonts() });
const { url } = server;
const beach = await photo(browser, "praia", { file: "por-do-sol.jpg" });
const sweet = await photo(browser, "doce", { file: "sobremesa.jpg" });
const pdf = (name, bytes) => ({ name, mimeType: "application/pdf", buffer: Buffer.alloc(bytes, "%PDF-1.4 ") });

async function inhabitant(login, room) {
  const { context } = await person(browser);
  await signIn(context, url, login);
  return room ? enter(context, url, room) : context;
}

const attach = (page, ...files) => page.locator("input[type=file]").setInputFiles(files);
const close = async (page) => {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
};

// People come, and go on with what the demonstration has them say.
const ana = await inhabitant("ana", ROOM);
const bruno = await inhabitant("bruno", ROOM);
const cida = await inhabitant("cida", ROOM);
const davi = await inhabitant("davi", ROOM);
const iara = await inhabitant("iara", ROOM);
await inhabitant("joao", "sala-1");
await inhabitant("tiago", "sala-2");
await ana.context().request.post(`${url}/api/rooms`, { headers: { origin: url }, data: { title: QUIET_ROOM } });
const luiza = await inhabitant("luiza", ROOM);
async function says(page, text, ...files) {
  if (files.length > 0) await attach(page, ...files);
  await say(page, text);
  await Promise.all([ana, luiza].filter((other) => other !== page).map((other) => bubble(other, text).waitFor()));
  await ticked(page, text);
}
await says(bruno, "E o programa de domingo, já saiu?");
await says(davi, "Saiu agora", pdf("programa-do-choro.pdf", 254_000));
await says(luiza, "E olhem o que a dona Cida mandou pra gente não passar fome 😍", beach, sweet);
await says(cida, "Romeu e Julieta, com queijo da serra");
await says(iara, "🎉😋");
await says(bruno, "Chego cedo pra guardar lugar");
await says(luiza, "Fechado, domingo às 16h!");
const account = await luiza.context().storageState();
await luiza.context().close();

const write = () => Promise.all([ana, iara].map((page) => composer(page).pressSequentially("e")));
const taken = [];

/** The screens of one size. */
async function shootAll(prefix, size) {
  /** One picture a theme. */
  async function shoot(page, name) {
    const session = await page.context().newCDPSession(page);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const y = await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY))); }));
      const clip = { x: 0, y, ...size.viewport, scale: size.deviceScaleFactor ?? 1 };
      const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY[prefix], clip });
      taken.push([`${prefix}${name}-${colorScheme}.webp`, Buffer.from(data, "base64")]);
    }
    await session.detach();
  }

  /** Luíza with a browser of this size, in the room unless told otherwise. */
  async function viewer({ room = ROOM, prepare = () => {} } = {}) {
    const { context } = await person(browser, { storageState: account, ...size });
    await prepare(context);
    const page = await enter(context, url, room);
    if (room === ROOM) {
      await page.locator(".shot.there").nth(1).waitFor();
      await page.locator("a.file").first().waitFor();
    }
    return page;
  }

  const page = await viewer();
  const narrow = prefix !== "";
  const press = (locator) => (narrow ? locator.tap() : locator.click());
  await write();
  await page.locator(".typing b").nth(1).waitFor();
  await shoot(page, "chat");

  if (narrow) {
    await press(page.getByRole("button", { name: "Abrir as salas" }));
    await shoot(page, "rooms");
    await page.keyboard.press("Escape");
    await press(page.getByRole("button", { name: "Mostrar as pessoas na sala" }));
    await shoot(page, "people");
  }
  await press(page.locator(".people .row", { hasText: "Dona Cida" }));
  await page.locator("dialog dd a").waitFor();
  await shoot(page, "profile");
  await close(page);
  if (narrow) {
    await page.keyboard.press("Escape");
    await page.locator(".veil").waitFor({ state: "detached" });
  }
  await press(page.getByRole("link", { name: "Abrir a imagem por-do-sol.jpg" }));
  await page.locator("dialog.lightbox .picture.there").waitFor();
  await shoot(page, "lightbox");
  await close(page);

  // Files on their way
  const throttle = await page.context().newCDPSession(page);
  const upload = (uploadThroughput) => throttle.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await throttle.send("Network.enable");
  await attach(page, { name: "partituras.zip", mimeType: "application/zip", buffer: zip("choro.txt", 1_400_000) });
  await page.locator(".chip", { hasText: "pronto" }).waitFor();
  await upload(UPLOAD_RATE);
  await attach(page, await photo(browser, "praia", { file: "coreto.jpg", bytes: 2_700_000 }));
  await page.waitForFunction(() => {
    const bar = document.querySelector(".chip progress");
    return bar && bar.value > 0.4 * bar.max;
  });
  await composer(page).fill("As partituras, e o coreto hoje cedo");
  await shoot(page, "upload");
  await page.context().close();

  // A line that is gone
  const offline = await viewer();
  await offline.context().setOffline(true);
  await offline.locator(".banner.warn").waitFor();
  await say(offline, "Levo o pandeiro");
  if (narrow) await offline.getByRole("button", { name: "Enviar" }).tap();
  await offline.locator(".msg.pending").waitFor();
  await shoot(offline, "offline");
  await offline.context().close();

  // A message that the server never answered
  const unlucky = await viewer({ prepare: (context) => deafTo(context, "send") });
  await say(unlucky, "Alguém leva o gelo?");
  if (narrow) await unlucky.getByRole("button", { name: "Enviar" }).tap();
  await unlucky.locator(".msg.failed .failure").waitFor({ timeout: 15_000 });
  await shoot(unlucky, "failed");
  await unlucky.context().close();

  const empty = await viewer({ room: QUIET_ROOM });
  await empty.locator(".empty").waitFor();
  await shoot(empty, "empty");
  await empty.goto(`${url}/numbers?clients=3`);
  // Each has asked for another step by then.
  await empty.waitForFunction(() => [...document.querySelectorAll(".number-step b")].every((step) => step.textContent !== "+1"), null, { timeout: 60_000 });
  await shoot(empty, "numbers");
  await empty.context().close();

  // The gate
  const { context: visitor } = await person(browser, size);
  const gate = await visitor.newPage();
  await gate.goto(`${url}/login`);
  await shoot(gate, "login");
  await gate.fill("#username", "ana");
  await gate.press("#username", "Enter");
  await gate.locator("#username-error:not([hidden])").waitFor();
  await shoot(gate, "guest");
  await gate.goto(`${url}/register`);
  await gate.fill("#name", "Luíza Ferreira");
  await gate.fill("#username", "luiza");
  await gate.fill("#email", "luiza");
  await gate.fill("#password", "curta");
  await gate.press("#password", "Enter");
  await gate.locator("[aria-invalid=true]").first().waitFor();
  await shoot(gate, "register");
  await gate.goto(`${url}/nada-aqui`);
  await shoot(gate, "404");
  await visitor.close();
}

for (const [prefix, size] of Object.entries(SIZES)) await shootAll(prefix, size);
await browser.close();
await server.stop();

const bytes = taken.reduce((sum, [, picture]) => sum + picture.length, 0);
if (bytes > ALL_MOST) throw new Error(`${bytes} bytes of pictures are more than ${ALL_MOST}`);
await mkdir(folder, { recursive: true });
for (const old of await readdir(folder)) if (/\.(?:png|webp)$/.test(old)) await rm(join(folder, old));
for (const [name, picture] of taken) await writeFile(join(folder, name), picture);
console.log(`${taken.length} pictures, ${bytes} bytes, in ${folder}`);
