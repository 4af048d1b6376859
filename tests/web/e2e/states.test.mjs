// What is told when something is not as usual: empty, loading, broken, over. Rule 42.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible } from "../support/axe.mjs";
import { sql } from "../support/damage.mjs";
import { deafTo, refusing } from "../support/line.mjs";
import { bubble, enter, joined, register, say, ticked } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

/** The longest between two tries to come back, and a little for the try itself: net/link.js. */
const BACKOFF_MS = 35_000;
const papo = useStage();

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

test("42 a room that is on its way has the shape of messages, and says so to those who listen", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  let deaf = true;
  await deafTo(context, "join", () => deaf);
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/sala-1`);
  await page.getByRole("status", { name: "Carregando as mensagens" }).waitFor();
  assert.equal(await page.getByText("Ninguém falou nada ainda").count(), 0);
  // Where the messages will be: at the end.
  assert.ok(await page.locator(".skel").evaluate((shape) => shape.closest(".log").getBoundingClientRect().bottom - shape.getBoundingClientRect().bottom < 20));
  deaf = false;
  await page.reload();
  await joined(page);
  await page.getByRole("status", { name: "Carregando as mensagens" }).waitFor({ state: "detached" });
});

test("42 before the first word of the server nothing is said about who is in the room", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  await context.routeWebSocket("**/ws", () => {});
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/sala-1`);
  await page.locator("#composer").waitFor();
  assert.equal((await page.locator(".bar .sub").first().innerText()).trim(), "");
  assert.equal(await page.getByText("ninguém por aqui").count(), 0);
});

test("42 what broke on the server is a page that says so and leads back; when it is mended, it is there again", async () => {
  const { context, user } = await papo.newcomer("Ana Souza");
  const page = await context.newPage();
  const cases = [
    [500, "Algo quebrou por aqui", `update users set name = '' where username = '${user.username}'`, `update users set name = 'Ana Souza' where username = '${user.username}'`],
    [503, "Voltamos já", "alter table logins rename to lost", "alter table lost rename to logins"],
  ];
  for (const [status, title, harm, mend] of cases) {
    await sql(papo.server, harm);
    const answer = await page.goto(`${papo.url}/rooms/sala-1`);
    assert.equal(answer.status(), status);
    assert.match(answer.headers()["content-security-policy"], /default-src 'none'; script-src 'self'/);
    await page.getByRole("heading", { name: title }).waitFor();
    await accessible(page, String(status));
    await sql(papo.server, mend);
    await page.getByRole("link", { name: "Voltar ao início" }).click();
    await joined(page);
  }
});

test("42 a restart that takes longer than 5 s is told, and over by itself", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  await papo.server.halt();
  const at = Date.now();
  await page.locator(".banner", { hasText: "O servidor está reiniciando" }).waitFor();
  assert.ok(Date.now() - at > 4000, "it was quiet before");
  await papo.server.resume();
  await page.locator(".banner").waitFor({ state: "detached", timeout: BACKOFF_MS });
  await say(page, "de volta");
  await ticked(page, "de volta");
});

test("42 too many messages in a row: it is said, and every text goes out by itself, in its order", async () => {
  const strict = await startServer({ limits: "on" });
  try {
    const context = await papo.visitor();
    await register(context, strict.url, { name: "Ana Souza" });
    const page = await enter(context, strict.url, "sala-1");
    const count = 45;
    await page.evaluate((count) => {
      const box = document.getElementById("composer");
      for (let i = 1; i <= count; i += 1) {
        box.value = `depressa ${i}`;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      }
    }, count);
    await page.getByText("Muitas mensagens seguidas").waitFor();
    await ticked(page, `depressa ${count}`);
    assert.deepEqual(await page.locator(".msg.own .text").allInnerTexts(), Array.from({ length: count }, (_, i) => `depressa ${i + 1}`));
    assert.equal(await page.locator(".msg.failed").count(), 0);
  } finally {
    await strict.stop();
  }
});

test("42 too many tries to sign in: it is said when to try again, and what was filled in is kept", async () => {
  const strict = await startServer({ limits: "on" });
  try {
    const page = await (await papo.visitor()).newPage();
    await page.goto(`${strict.url}/login`);
    await page.fill("#login", "ana");
    const error = page.locator("#password-error:not([hidden])");
    for (let i = 0; i < 20; i += 1) {
      await page.fill("#password", `errada ${i}`);
      await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/api/login")), page.locator("[type=submit]").click()]);
      await error.waitFor();
      if ((await error.innerText()).includes("Muitas tentativas")) break;
    }
    assert.match(await error.innerText(), /^Muitas tentativas.*\d/);
    assert.equal(await page.inputValue("#login"), "ana");
  } finally {
    await strict.stop();
  }
});
