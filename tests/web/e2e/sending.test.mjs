// Sending: rules 24 to 28.

import assert from "node:assert/strict";
import test from "node:test";
import { gated } from "../support/gate.mjs";
import { bubble, composer, enter, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

test("24 Enter sends, Shift+Enter breaks, an IME never sends, blank is not sent", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  await composer(page).fill("um");
  await composer(page).press("Shift+Enter");
  await composer(page).pressSequentially("dois");
  assert.equal(await page.locator(".msg").count(), 0);
  await composer(page).press("Enter");
  await page.locator(".msg .text", { hasText: /^um\ndois$/ }).waitFor();
  assert.equal(await composer(page).inputValue(), "");

  await composer(page).fill("   ");
  await composer(page).press("Enter");
  await composer(page).fill("にほん");
  await composer(page).evaluate((box) => box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true })));
  assert.equal(await composer(page).inputValue(), "にほん");
  assert.equal(await page.locator(".msg").count(), 1);
});

test("24 on touch Enter breaks, the button sends", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom(), { hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } });
  await composer(page).fill("um");
  await composer(page).press("Enter");
  assert.equal(await page.locator(".msg").count(), 0);
  await composer(page).pressSequentially("dois");
  await page.getByRole("button", { name: "Enviar" }).tap();
  await page.locator(".msg .text", { hasText: /^um\ndois$/ }).waitFor();
});

test("25 the bubble appears within 50 ms with a clock, becomes a tick, without duplicate or jump", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const page = await enter(context, papo.url, freshRoom());
  await say(page, "primeira");
  await ticked(page, "primeira");

  gate.hold = true;
  await composer(page).fill("rápida");
  const ms = await page.evaluate(() => new Promise((resolve) => {
    const box = document.getElementById("composer");
    const at = performance.now();
    new MutationObserver((_, observer) => {
      if (document.querySelectorAll(".msg").length < 2) return;
      observer.disconnect();
      resolve(performance.now() - at);
    }).observe(document.getElementById("log"), { childList: true, subtree: true });
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  }));
  assert.ok(ms < 50, `${ms} ms`);
  await page.locator(".msg.pending", { has: page.getByRole("img", { name: "Enviando" }) }).waitFor();
  const before = await bubble(page, "rápida").boundingBox();
  await bubble(page, "rápida").evaluate((element) => { element.dataset.same = "yes"; });

  // The same message is asked for again after a new line; its first answer was lost.
  gate.hold = false;
  await page.evaluate(() => dispatchEvent(new Event("offline")));
  await ticked(page, "rápida");
  assert.equal(await bubble(page, "rápida").count(), 1);
  assert.equal(await bubble(page, "rápida").getAttribute("data-same"), "yes");
  const after = await bubble(page, "rápida").boundingBox();
  assert.deepEqual([after.y, after.height], [before.y, before.height]);
});

test("26 no answer within 10 s is a failure; a retry keeps its client_id; a failed message can be deleted", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const page = await enter(context, papo.url, freshRoom());
  gate.hold = true;
  await say(page, "será que foi");
  await page.locator(".msg.failed").waitFor({ timeout: 12_000 });
  gate.hold = false;
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await ticked(page, "será que foi");
  assert.equal(gate.sent.length, 2);
  assert.equal(gate.sent[0].client_id, gate.sent[1].client_id);
  assert.equal(await page.locator(".msg").count(), 1);

  gate.hold = true;
  await say(page, "essa não");
  await page.locator(".msg.failed").waitFor({ timeout: 12_000 });
  await page.getByRole("button", { name: "Apagar" }).click();
  await page.locator(".msg.failed").waitFor({ state: "detached" });
});

test("27 offline: a banner after 2 s, one can go on writing, the queue goes out in order on return, nothing lost, nothing twice", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context, page } = await papo.guest("Ana Souza", room);
  await context.setOffline(true);
  const at = Date.now();
  await page.locator(".banner", { hasText: "Sem conexão" }).waitFor();
  assert.ok(Date.now() - at > 1500);
  for (const text of ["fila 1", "fila 2", "fila 3"]) await say(page, text);
  assert.equal(await page.locator(".msg.pending").count(), 3);
  await context.setOffline(false);
  for (const text of ["fila 1", "fila 2", "fila 3"]) await ticked(page, text);
  await page.locator(".banner").waitFor({ state: "detached" });
  await bubble(bia, "fila 3").waitFor();
  assert.deepEqual(await bia.locator(".msg .text").allInnerTexts(), ["fila 1", "fila 2", "fila 3"]);
  assert.deepEqual(await page.locator(".msg .text").allInnerTexts(), ["fila 1", "fila 2", "fila 3"]);
});

test("28 a reconnect fetches what was missed", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context, page } = await papo.guest("Ana Souza", room);
  await say(bia, "antes");
  await bubble(page, "antes").waitFor();
  await context.setOffline(true);
  await page.locator(".banner", { hasText: "Sem conexão" }).waitFor();
  for (const text of ["durante 1", "durante 2"]) {
    await say(bia, text);
    await ticked(bia, text);
  }
  await context.setOffline(false);
  await bubble(page, "durante 2").waitFor();
  assert.deepEqual(await page.locator(".msg .text").allInnerTexts(), ["antes", "durante 1", "durante 2"]);
});

test("29 a draft per room survives switching and reload", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  await composer(page).fill("para a sala um");
  await page.getByRole("link", { name: "Sala 2" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
  assert.equal(await composer(page).inputValue(), "");
  await page.locator(".row", { hasText: "Rascunho: para a sala um" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 1" }).waitFor();
  assert.equal(await composer(page).inputValue(), "para a sala um");
  await page.reload();
  await joined(page);
  assert.equal(await composer(page).inputValue(), "para a sala um");
});

test("42 a restart of the server is quiet under 5 s, and nothing is lost", async () => {
  const room = "sala-1";
  const { page } = await papo.guest("Ana Souza", room);
  await say(page, "antes do reinício");
  await ticked(page, "antes do reinício");
  const banners = page.evaluate(() => new Promise((resolve) => {
    const seen = [];
    new MutationObserver(() => {
      const banner = document.querySelector(".banner");
      if (banner) seen.push(banner.textContent);
    }).observe(document.querySelector(".banner-place"), { childList: true, subtree: true });
    addEventListener("papo-test-done", () => resolve(seen));
  }));
  await papo.server.halt();
  await papo.server.resume();
  await say(page, "depois do reinício");
  await ticked(page, "depois do reinício");
  await page.evaluate(() => dispatchEvent(new Event("papo-test-done")));
  assert.deepEqual(await banners, []);
  assert.deepEqual((await page.locator(".msg.own .text").allInnerTexts()).slice(-2), ["antes do reinício", "depois do reinício"]);
});
