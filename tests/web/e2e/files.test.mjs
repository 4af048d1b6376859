// Attachments: rules 30 to 33.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { dusk, png, sweet, zip } from "../support/files.mjs";
import { bubble, composer, enter, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();
const picture = (name, paint = dusk) => ({ name, mimeType: "image/png", buffer: png(320, 240, paint) });
const parcel = (name, bytes = 2000) => ({ name, mimeType: "application/zip", buffer: zip("festa.txt", bytes) });
const chip = (page, name) => page.locator(".chip", { hasText: name });
const ready = (page, name) => page.locator(".chip", { hasText: name }).getByText("pronto").waitFor();

/** Hands a file to the page as a drop or a paste would. */
async function hand(page, type, { name, mimeType, buffer }) {
  await page.evaluate(({ type, name, mimeType, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type: mimeType }));
    const target = type === "paste" ? document.getElementById("composer") : document.getElementById("log");
    const init = { bubbles: true, cancelable: true };
    if (type === "paste") target.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: transfer }));
    else for (const step of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(step, { ...init, dataTransfer: transfer }));
  }, { type, name, mimeType, base64: buffer.toString("base64") });
}

test("30 a button, a drop anywhere and a paste attach; several at once", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Anexar arquivos" }).click()]);
  await chooser.setFiles([picture("um.png"), parcel("dois.zip")]);
  await hand(page, "drop", parcel("três.zip"));
  await hand(page, "paste", picture("quatro.png"));
  for (const name of ["um.png", "dois.zip", "três.zip", "quatro.png"]) await ready(page, name);
  assert.equal(await page.locator(".drop").count(), 0);
});

test("31 progress, cancel and retry per file; too large is refused before sending", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  let uploads = 0;
  let mode = "hold";
  const held = [];
  await page.route("**/api/uploads", async (route) => {
    uploads += 1;
    if (mode === "hold") held.push(route);
    else if (mode === "fail") await route.abort();
    else await route.continue();
  });
  const input = page.locator("input[type=file]");
  await input.setInputFiles([parcel("lento.zip", 400_000)]);
  await chip(page, "lento.zip").getByRole("progressbar").waitFor();
  await page.getByRole("button", { name: "Cancelar o envio de lento.zip" }).click();
  await chip(page, "lento.zip").waitFor({ state: "detached" });

  mode = "fail";
  await input.setInputFiles([parcel("falha.zip")]);
  await chip(page, "falha.zip").getByText("Não enviado.").waitFor();
  mode = "go";
  await chip(page, "falha.zip").getByRole("button", { name: "Tentar de novo" }).click();
  await ready(page, "falha.zip");
  await page.getByRole("button", { name: "Remover falha.zip" }).click();

  const before = uploads;
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(25 * 1024 * 1024 + 1)], "enorme.bin"));
    document.getElementById("log").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  });
  await chip(page, "enorme.bin").getByText("Passa do limite de 25 MB").waitFor();
  assert.equal(uploads, before);
  for (const route of held) await route.abort().catch(() => {});
});

test("32 the text goes out only after every upload is done, as one message", async () => {
  const room = freshRoom();
  const { context } = await papo.newcomer("Ana Souza");
  const { page: bia } = await papo.guest("Bia Lima", room);
  const page = await enter(context, papo.url, room);
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  await page.route("**/api/uploads", async (route) => {
    await gate;
    await route.continue();
  });
  await page.locator("input[type=file]").setInputFiles([picture("praia.png"), parcel("festa.zip")]);
  await say(page, "olha só");
  await page.getByRole("button", { name: "Esperar antes de enviar" }).waitFor();
  assert.equal(await page.locator(".msg").count(), 0);
  release();
  await ticked(page, "olha só");
  const message = bia.locator(".msg", { has: bubble(bia, "olha só") });
  await message.locator(".shot.there").waitFor();
  await message.locator(".file", { hasText: "festa.zip" }).waitFor();
  assert.equal(await bia.locator(".msg").count(), 1);
  assert.equal(await page.locator(".chip").count(), 0);
  assert.equal(await composer(page).inputValue(), "");
});

test("33 images as small previews with reserved size, in a lightbox with Esc, arrows, download; other files as cards", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  await bia.locator("input[type=file]").setInputFiles([picture("praia.png"), picture("doce.png", sweet)]);
  for (const name of ["praia.png", "doce.png"]) await ready(bia, name);
  await say(bia, "");
  const shots = page.locator(".shot.there");
  await shots.nth(1).waitFor();
  const first = page.getByRole("link", { name: "Abrir a imagem praia.png" });
  await first.click();
  const lightbox = page.getByRole("dialog", { name: "Imagem" });
  await lightbox.getByText("1 de 2").waitFor();
  await page.keyboard.press("ArrowRight");
  await lightbox.getByText("2 de 2").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), lightbox.getByRole("link", { name: "Baixar" }).click()]);
  assert.equal(download.suggestedFilename(), "doce.png");
  await page.keyboard.press("ArrowLeft");
  await lightbox.getByText("1 de 2").waitFor();
  await page.keyboard.press("Escape");
  await lightbox.waitFor({ state: "detached" });
  assert.ok(await first.evaluate((element) => element === document.activeElement));

  const nasty = "\"><img src=x onerror=alert(1)>.zip";
  const sent = parcel(nasty);
  await bia.locator("input[type=file]").setInputFiles([sent]);
  await bia.locator(".chip").getByText("pronto").waitFor();
  await say(bia, "e o resto");
  const card = page.locator("a.file");
  await card.waitFor();
  assert.match(await card.innerText(), /ZIP/);
  assert.match(await card.innerText(), /compactado/);
  assert.equal(await page.locator(".file img").count(), 0);
  const [file] = await Promise.all([page.waitForEvent("download"), card.click()]);
  assert.deepEqual(await readFile(await file.path()), sent.buffer);
});

test("33 a single image has its place before it is loaded", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  await page.route("**/static/*", async (route) => {
    await gate;
    await route.continue();
  });
  await bia.locator("input[type=file]").setInputFiles([picture("praia.png")]);
  await ready(bia, "praia.png");
  await say(bia, "uma só");
  const shot = page.locator(".shot");
  await shot.waitFor();
  const before = await shot.boundingBox();
  release();
  await page.locator(".shot.there").waitFor();
  assert.deepEqual(await shot.boundingBox(), before);
  assert.ok(before.height > 200);
});
