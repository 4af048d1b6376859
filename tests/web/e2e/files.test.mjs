// Attaching and sending: rules 30 to 32.

import assert from "node:assert/strict";
import test from "node:test";
import { chip, choose, copyImage, drag, parcel, picture, ready } from "../support/attaching.mjs";
import { gated } from "../support/gate.mjs";
import { bubble, composer, enter, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

/** Slow enough to watch a file go, in bytes a second. */
const SLOW = 200_000;

/** Holds uploads at the door: `letIn()` resolves when the next one is on its way to the server. */
async function holdUploads(page) {
  const held = [];
  let arrived = () => {};
  await page.route("**/api/uploads", (route) => new Promise((go) => {
    held.push(() => go(route.continue()));
    arrived();
  }));
  return async function letIn() {
    if (held.length === 0) await new Promise((resolve) => { arrived = resolve; });
    held.shift()();
  };
}

async function throttle(page, uploadThroughput) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
}

test("30 the button and a drop anywhere attach; several at once", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Anexar arquivos" }).click()]);
  assert.equal(chooser.isMultiple(), true);
  await chooser.setFiles([picture("um.png"), parcel("dois.zip")]);
  for (const [place, name] of [["#log", "três.zip"], [".rooms", "quatro.zip"], ["header.bar", "cinco.zip"], [".people", "seis.zip"]]) {
    await drag(page, place, parcel(name), ["dragenter", "dragover"]);
    await page.getByText("Solte aqui para anexar").waitFor();
    await drag(page, place, parcel(name), ["drop"]);
    await page.getByText("Solte aqui para anexar").waitFor({ state: "detached" });
  }
  for (const name of ["um.png", "dois.zip", "três.zip", "quatro.zip", "cinco.zip", "seis.zip"]) await ready(page, name);
  await drag(page, "#log", parcel("não.zip"), ["dragenter", "dragleave"]);
  await page.getByText("Solte aqui para anexar").waitFor({ state: "detached" });
  assert.equal(await page.locator(".chip").count(), 6);
});

test("30 an image that is pasted is attached, wherever the focus is; pasted text stays text", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  await copyImage(page, picture("x.png"));
  await composer(page).press("Control+v");
  await page.locator(".chip img").first().waitFor();
  await page.locator("#log").focus();
  await page.keyboard.press("Control+v");
  await page.locator(".chip img").nth(1).waitFor();
  await page.evaluate(() => navigator.clipboard.writeText("só texto"));
  await page.keyboard.press("Control+v");
  await page.waitForFunction(() => document.getElementById("composer").value === "só texto");
  assert.equal(await page.locator(".chip").count(), 2);
});

test("31 each file tells how far it is, and can be called off", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  await choose(page, [parcel("antes.zip")]);
  await ready(page, "antes.zip");
  await throttle(page, SLOW);
  const stopped = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/uploads"));
  await choose(page, [parcel("lento.zip", 1_500_000), parcel("outro.zip", 1_500_000)]);
  const bar = (name) => chip(page, name).getByRole("progressbar");
  for (const name of ["lento.zip", "outro.zip"]) {
    await page.waitForFunction((wanted) => {
      const own = [...document.querySelectorAll(".chip")].find((element) => element.textContent.includes(wanted))?.querySelector("progress");
      window.seen = { ...window.seen, [wanted]: (window.seen?.[wanted] ?? new Set()).add(own?.value) };
      return own && own.value > 0 && own.value < own.max && window.seen[wanted].size > 3;
    }, name);
    await chip(page, name).getByText(/^\d(,\d)? de 1,4 MB$/).waitFor();
  }
  await page.getByRole("button", { name: "Cancelar o envio de lento.zip" }).click();
  await chip(page, "lento.zip").waitFor({ state: "detached" });
  await stopped;
  await bar("outro.zip").waitFor();
  await throttle(page, -1);
  await ready(page, "outro.zip");
});

test("31 a file that does not get through is tried again by itself, then by hand; too large is refused before sending", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  let uploads = 0;
  let passes = false;
  await page.route("**/api/uploads", (route) => {
    uploads += 1;
    return passes ? route.continue() : route.abort();
  });
  await choose(page, [parcel("falha.zip")]);
  await chip(page, "falha.zip").getByText("Esperando a conexão.").waitFor();
  await chip(page, "falha.zip").getByText("Não enviado.").waitFor();
  assert.equal(uploads, 3);
  passes = true;
  await chip(page, "falha.zip").getByRole("button", { name: "Tentar de novo" }).click();
  await ready(page, "falha.zip");
  await page.getByRole("button", { name: "Remover falha.zip" }).click();
  await chip(page, "falha.zip").waitFor({ state: "detached" });

  const before = uploads;
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(25 * 1024 * 1024 + 1)], "enorme.bin"));
    document.getElementById("log").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
  });
  await chip(page, "enorme.bin").getByText("Passa do limite de 25 MB").waitFor();
  await say(page, "não pode ir");
  assert.equal(uploads, before);
  assert.equal(await page.locator(".msg").count(), 0);
  assert.equal(await composer(page).inputValue(), "não pode ir");
});

test("31 27 without a line files wait, and message and files go out by themselves when it is back", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context, page } = await papo.guest("Ana Souza", room);
  // The code for files is there from an earlier one.
  await choose(page, [parcel("antes.zip")]);
  await ready(page, "antes.zip");
  await page.getByRole("button", { name: "Remover antes.zip" }).click();
  await context.setOffline(true);
  await choose(page, [picture("praia.png")]);
  await chip(page, "praia.png").getByText("Esperando a conexão.").waitFor();
  await say(page, "com a praia");
  await page.getByRole("button", { name: "Esperar antes de enviar" }).waitFor();
  await page.locator(".banner", { hasText: "Sem conexão" }).waitFor();
  await context.setOffline(false);
  await ticked(page, "com a praia");
  await bia.locator(".msg", { has: bubble(bia, "com a praia") }).locator(".shot.there").waitFor();
  assert.equal(await page.locator(".chip").count(), 0);
});

test("32 the text goes out only after every upload is done, as one message", async () => {
  const room = freshRoom();
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const { page: bia } = await papo.guest("Bia Lima", room);
  const page = await enter(context, papo.url, room);
  const letIn = await holdUploads(page);
  await choose(page, [picture("praia.png"), parcel("festa.zip")]);
  await say(page, "olha só");
  await page.getByRole("button", { name: "Esperar antes de enviar" }).waitFor();
  await letIn();
  await page.locator(".chip").getByText("pronto").waitFor();
  // One of two is not every one.
  assert.deepEqual(gate.sent, []);
  assert.equal(await page.locator(".msg").count(), 0);
  await letIn();
  await ticked(page, "olha só");
  const message = bia.locator(".msg", { has: bubble(bia, "olha só") });
  await message.locator(".shot.there").waitFor();
  await message.locator(".file", { hasText: "festa.zip" }).waitFor();
  assert.equal(await bia.locator(".msg").count(), 1);
  assert.deepEqual(gate.sent.map(({ text, images, files }) => [text, images.length, files.length]), [["olha só", 1, 1]]);
  assert.equal(await page.locator(".chip").count(), 0);
  assert.equal(await composer(page).inputValue(), "");
});

test("32 what waits for its files can be called back, and files stay in their room", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  const letIn = await holdUploads(page);
  await choose(page, [picture("praia.png")]);
  await say(page, "ainda não");
  await page.getByRole("button", { name: "Esperar antes de enviar" }).click();
  await letIn();
  await ready(page, "praia.png");
  assert.equal(await composer(page).inputValue(), "ainda não");
  await page.getByRole("link", { name: "Sala 2" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
  await page.locator(".chip").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Sala 1" }).click();
  await ready(page, "praia.png");
  await composer(page).press("Enter");
  await ticked(page, "ainda não");
  await page.locator(".shot.there").waitFor();
});
