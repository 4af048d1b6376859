// axe finds nothing on any page and in any state, in the light and in the dark, wide and narrow: rule 41.

import test from "node:test";
import { accessible } from "../support/axe.mjs";
import { dusk, png, zip } from "../support/files.mjs";
import { deafTo } from "../support/line.mjs";
import { bubble, composer, enter, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

/** Small enough that a file over it is quickly given to the browser. */
const FILE_BYTES_MAX = 1_000_000;
// With the way in for guests, so that all that there may be on the sign-in page is looked at.
const papo = useStage({ args: ["--guests", "--upload-file-bytes-max", String(FILE_BYTES_MAX)] });
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 640 } };
const close = async (page) => {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
};

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`41 nothing on the pages without a session, ${size}`, async () => {
    const page = await (await papo.visitor({ viewport })).newPage();
    await page.goto(`${papo.url}/login`);
    await accessible(page, "login");
    await page.fill("#login", "ninguem");
    await page.fill("#password", "não é essa");
    await page.locator("#login-form [type=submit]").click();
    await page.locator("#password-error:not([hidden])").waitFor();
    await page.fill("#username", "a b");
    await page.locator("#guest-form [type=submit]").click();
    await page.locator("#username-error:not([hidden])").waitFor();
    await accessible(page, "login refused, with an account and as a guest");
    await page.goto(`${papo.url}/register`);
    await accessible(page, "register");
    await page.locator("#register-form [type=submit]").click();
    await page.locator("#name[aria-invalid=true]").waitFor();
    await accessible(page, "register with errors");
    await page.goto(`${papo.url}/nada-aqui`);
    await accessible(page, "404");
  });

  test(`41 nothing in a room: empty, busy, typing, failed, offline, with an upload on its way, ${size}`, async () => {
    const room = freshRoom();
    const { page: bia } = await papo.guest("Bia Lima", room);
    const { context } = await papo.newcomer("Ana Souza", { viewport });
    let deaf = false;
    await deafTo(context, "send", () => deaf);
    const page = await enter(context, papo.url, room);
    await page.getByText("Ninguém falou nada ainda").waitFor();
    await accessible(page, "empty");

    await bia.locator("input[type=file]").setInputFiles([
      { name: "praia.png", mimeType: "image/png", buffer: png(320, 240, dusk) },
      { name: "festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 2000) },
    ]);
    await say(bia, "oi https://exemplo.br");
    await say(bia, "🎉");
    await say(page, "olá");
    await ticked(page, "olá");
    await page.locator("a.file").waitFor();
    await page.locator(".shot.there").waitFor();
    await composer(bia).pressSequentially("es");
    await page.locator(".typing b").waitFor();
    await accessible(page, "busy and typing");

    const throttle = await context.newCDPSession(page);
    await throttle.send("Network.enable");
    const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
    await throttle.send("Network.emulateNetworkConditions", { ...conditions, uploadThroughput: 20_000 });
    await page.locator("input[type=file]").setInputFiles([
      { name: "grande.zip", mimeType: "application/zip", buffer: zip("grande.txt", 900_000) },
      { name: "demais.mkv", mimeType: "video/x-matroska", buffer: Buffer.alloc(FILE_BYTES_MAX + 1) },
    ]);
    await page.locator(".chip progress").waitFor();
    await page.locator(".chip.bad").waitFor();
    await accessible(page, "upload in progress, and one that is too large");
    while (await page.locator(".chip .x").count() > 0) await page.locator(".chip .x").first().click();
    await throttle.send("Network.emulateNetworkConditions", { ...conditions, uploadThroughput: -1 });

    deaf = true;
    await say(page, "será que foi");
    await page.locator(".msg.failed").waitFor({ timeout: 15_000 });
    await accessible(page, "failed");
    deaf = false;
    await page.getByRole("button", { name: "Tentar de novo" }).click();
    await ticked(page, "será que foi");

    await context.setOffline(true);
    await page.locator(".banner").waitFor();
    await say(page, "pendente");
    await page.locator(".msg.pending").waitFor();
    await accessible(page, "offline");
    await context.setOffline(false);
    await ticked(page, "pendente");

    await page.locator("#log").evaluate((log) => { log.scrollTop = 0; });
    for (let i = 1; i <= 12; i += 1) await say(bia, `linha ${i}`);
    await bubble(page, "linha 12").waitFor({ state: "attached" });
    await accessible(page, "reading above while others write");
  });

  test(`41 nothing in what lies over a room, ${size}`, async () => {
    const room = freshRoom();
    const { page: bia } = await papo.guest("Bia Lima", room);
    const { page } = await papo.guest("Ana Souza", room, { viewport });
    const narrow = size === "narrow";
    await bia.locator("input[type=file]").setInputFiles([1, 2].map((i) => ({ name: `praia-${i}.png`, mimeType: "image/png", buffer: png(320, 240, dusk) })));
    await say(bia, "duas fotos");
    await page.locator(".shot.there").nth(1).waitFor();
    const openRooms = async () => {
      if (narrow) await page.getByRole("button", { name: "Abrir as salas" }).click();
    };
    await openRooms();
    if (narrow) await accessible(page, "rooms drawer");
    await page.getByRole("button", { name: "Preferências" }).click();
    await page.getByRole("dialog").waitFor();
    await accessible(page, "preferences");
    await close(page);
    await page.getByRole("button", { name: "Nova sala" }).click();
    await page.getByLabel("Nome da sala").fill("não/pode");
    await page.keyboard.press("Enter");
    await page.locator("#room-error:not([hidden])").waitFor();
    await accessible(page, "new room, refused");
    await close(page);
    if (narrow) {
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Mostrar as pessoas na sala" }).click();
      await page.locator(".people.open .row").first().waitFor();
      await accessible(page, "people drawer");
      await page.keyboard.press("Escape");
    }
    await page.locator(".who").first().click();
    await page.getByRole("dialog").locator("dd a").waitFor();
    await accessible(page, "profile");
    await close(page);
    await page.locator(".shot").first().click();
    await page.getByRole("dialog", { name: "Imagem" }).waitFor();
    await accessible(page, "lightbox");
    await close(page);
    await page.getByRole("button", { name: "Notificações desta sala" }).click();
    await page.locator(".toast").waitFor();
    await accessible(page, "a toast");
  });

  test(`41 nothing while a room is loading, in another tab, or when the session is over, ${size}`, async () => {
    const { context } = await papo.newcomer("Ana Souza", { viewport });
    const room = freshRoom();
    let deaf = true;
    await deafTo(context, "join", () => deaf);
    const page = await context.newPage();
    await page.goto(`${papo.url}/rooms/${room}`);
    await page.locator(".skel[role=status]").waitFor();
    await accessible(page, "loading");
    deaf = false;
    await page.reload();
    await joined(page);
    await enter(context, papo.url, freshRoom());
    await page.locator(".banner", { hasText: "em outra aba" }).waitFor();
    await accessible(page, "in another tab");
    await context.request.post(`${papo.url}/api/logout`, { headers: { origin: papo.url } });
    await page.getByText("Sua sessão acabou").waitFor();
    await accessible(page, "session over");
  });
}
