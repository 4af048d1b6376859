// What a browser keeps for one person and for nobody else: rules 27, 29, 42.

import assert from "node:assert/strict";
import test from "node:test";
import { gated } from "../support/gate.mjs";
import { refusing } from "../support/line.mjs";
import { PASSWORD, bubble, composer, enter, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

/** Most messages of one user that wait: store/queue.js. */
const QUEUE_MOST = 100;

const texts = (page) => page.locator(".msg .text").allInnerTexts();
const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => /^papo:(draft|unsent|bell):/.test(key)).length);
/** The server ends every login of the person, as an administrator or the lapse of time would. */
const endLogin = (context) => context.request.post(`${papo.url}/api/logout`, { headers: { origin: papo.url } });

async function signIn(page, { username }) {
  await page.getByLabel("Usuário ou e-mail").fill(username);
  await page.getByLabel("Senha", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await joined(page);
}

test("27 what waits survives a reload and goes out in order, nothing lost, nothing twice", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const page = await enter(context, papo.url, room);
  gate.mute = true;
  for (const text of ["um", "dois"]) await say(page, text);
  await page.reload();
  await page.locator(".msg.pending", { has: bubble(page, "dois") }).waitFor();
  // One that the server has kept, and whose answer was lost.
  gate.mute = false;
  gate.hold = true;
  await page.reload();
  await bubble(bia, "um").waitFor();
  await say(page, "três");
  assert.equal(await page.locator(".msg.pending").count(), 3);
  gate.hold = false;
  await page.reload();
  for (const text of ["um", "dois", "três"]) await ticked(page, text);
  await bubble(bia, "três").waitFor();
  assert.deepEqual(await texts(page), ["um", "dois", "três"]);
  assert.deepEqual(await texts(bia), ["um", "dois", "três"]);
  assert.equal(await kept(page), 0);
});

test("27 no more messages wait than are kept: it is said, and the text stays where it was written", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const page = await enter(context, papo.url, freshRoom());
  gate.mute = true;
  await composer(page).evaluate((box, most) => {
    for (let i = 1; i <= most; i += 1) {
      box.value = `espera ${i}`;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    }
  }, QUEUE_MOST);
  await bubble(page, `espera ${QUEUE_MOST}`).waitFor();
  await say(page, "uma a mais");
  await page.getByText("Já há mensagens demais esperando").waitFor();
  assert.equal(await composer(page).inputValue(), "uma a mais");
  gate.mute = false;
  await page.reload();
  await ticked(page, `espera ${QUEUE_MOST}`);
  assert.equal(await composer(page).inputValue(), "uma a mais");
});

test("27 what waits in another room is told in the list of rooms, and goes out there", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const page = await enter(context, papo.url, "sala-1");
  const { page: bia } = await papo.guest("Bia Lima", "sala-1");
  await context.setOffline(true);
  await page.locator(".banner").waitFor();
  const text = `para a sala um ${process.pid}`;
  await say(page, text);
  await page.getByRole("link", { name: "Sala 2" }).click();
  await page.locator(".row", { hasText: "1 mensagem por enviar" }).waitFor();
  await context.setOffline(false);
  await joined(page);
  assert.equal(gate.sent.length, 0);
  await page.getByRole("link", { name: "Sala 1" }).click();
  await ticked(page, text);
  await bubble(bia, text).waitFor();
});

test("26 27 the list of rooms marks what waits with a clock and what has failed with an alarm, here and elsewhere", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  let refused = false;
  await refusing(context, "send", () => refused, { code: "text_too_long" });
  const page = await enter(context, papo.url, "sala-1");
  const row = (title) => page.locator(".rooms .row", { hasText: title });
  const mark = (title, name) => row(title).locator(`.ico use[href='#${name}']`);
  assert.equal(await row("Sala 1").locator(".ico").count(), 0);
  await context.setOffline(true);
  await page.locator(".banner").waitFor();
  await say(page, "espera");
  await mark("Sala 1", "clock").waitFor();
  await row("Sala 1").getByRole("img", { name: "1 mensagem por enviar" }).waitFor();
  await context.setOffline(false);
  await ticked(page, "espera");
  await mark("Sala 1", "clock").waitFor({ state: "detached" });
  refused = true;
  await say(page, "não vai");
  await page.locator(".msg.failed").waitFor();
  await mark("Sala 1", "alert").waitFor();
  await row("Sala 1").getByRole("img", { name: "1 mensagem não enviada" }).waitFor();
  await page.getByRole("link", { name: "Sala 2" }).click();
  await row("Sala 1").getByText("1 mensagem não enviada").waitFor();
  await page.getByRole("link", { name: "Sala 1" }).click();
  await page.getByRole("button", { name: "Apagar" }).click();
  await mark("Sala 1", "alert").waitFor({ state: "detached" });
});

test("29 43 signing out forgets drafts, bells and what waits, in every tab, even in one that has not heard of it", async () => {
  const room = freshRoom();
  const { context } = await papo.newcomer("Ana Souza");
  const gate = await gated(context);
  const page = await enter(context, papo.url, room);
  await context.grantPermissions(["notifications"], { origin: papo.url });
  await page.getByRole("button", { name: "Notificações desta sala" }).click();
  await page.getByText("Você vai receber um aviso").waitFor();
  const other = await context.newPage();
  await other.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => server.send(text));
    server.onMessage((text) => socket.send(text));
    server.onClose(() => {});
  });
  await other.goto(`${papo.url}/rooms/${room}`);
  await joined(other);
  gate.mute = true;
  await say(page, "não saiu");
  await composer(page).fill("meio escrito");
  await composer(other).fill("noutra aba");
  await page.waitForFunction(() => Object.keys(localStorage).filter((key) => /^papo:(draft|unsent|bell):/.test(key)).length === 3);
  await page.getByRole("button", { name: "Sair" }).click();
  await page.waitForURL("**/login");
  await composer(other).fill("escrito depois");
  // What a tab has not kept yet, it keeps when it goes.
  await other.goto(`${papo.url}/login`);
  assert.equal(await kept(page), 0);
});

test("42 29 after a session has ended the next person in this browser sees nothing of it; who it belongs to gets it back", async () => {
  const room = freshRoom();
  const { page: caio } = await papo.guest("Caio Dias", room);
  const { context, user: ana } = await papo.newcomer("Ana Souza");
  const bia = (await papo.newcomer("Bia Lima")).user;
  const gate = await gated(context);
  const page = await enter(context, papo.url, room);
  gate.mute = true;
  await say(page, "segredo que espera");
  await composer(page).fill("segredo meio escrito");
  await endLogin(context);
  await page.getByText("Sua sessão acabou").waitFor();
  await page.getByRole("link", { name: "Entrar" }).click();
  gate.mute = false;

  await signIn(page, bia);
  assert.equal(await composer(page).inputValue(), "");
  assert.doesNotMatch(await page.locator("body").innerText(), /segredo/);
  await say(page, "sou a Bia");
  await ticked(page, "sou a Bia");
  assert.deepEqual(await texts(caio), ["sou a Bia"]);

  await endLogin(context);
  await page.getByRole("link", { name: "Entrar" }).click();
  await signIn(page, ana);
  await ticked(page, "segredo que espera");
  assert.equal(await composer(page).inputValue(), "segredo meio escrito");
  await bubble(caio, "segredo que espera").waitFor();
});

test("42 a page that was asleep while somebody else signed in becomes theirs, and says nothing in their name", async () => {
  const room = freshRoom();
  const { page: caio } = await papo.guest("Caio Dias", room);
  const { context, page } = await papo.guest("Ana Souza", room);
  const bia = (await papo.newcomer("Bia Lima")).user;
  await page.evaluate(() => {
    window.oldPage = true;
    // No line comes up any more until the test says so.
    window.RealSocket = WebSocket;
    window.WebSocket = class extends EventTarget { constructor() { super(); setTimeout(() => this.onclose?.({ code: 1006 }), 50); } close() {} };
    dispatchEvent(new Event("offline"));
  });
  await page.locator(".banner", { hasText: "Sem conexão" }).waitFor();
  await say(page, "segredo da Ana");
  const answer = await context.request.post(`${papo.url}/api/login`, { headers: { origin: papo.url }, data: { login: bia.username, password: PASSWORD } });
  assert.equal(answer.status(), 200);
  await page.evaluate(() => {
    window.WebSocket = window.RealSocket;
    dispatchEvent(new Event("online"));
  });
  await page.waitForFunction(() => !window.oldPage);
  await joined(page);
  await say(page, "sou a Bia");
  await ticked(page, "sou a Bia");
  assert.deepEqual(await texts(page), ["sou a Bia"]);
  await bubble(caio, "sou a Bia").waitFor();
  assert.deepEqual(await texts(caio), ["sou a Bia"]);
});
