// Rooms and people: rules 9 to 14.

import assert from "node:assert/strict";
import test from "node:test";
import { bubble, enter, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

test("9 room list, people list, message list and composer are landmarks with names", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  await page.getByRole("navigation", { name: "Lista de salas" }).waitFor();
  await page.getByRole("complementary", { name: "Salas" }).waitFor();
  await page.getByRole("complementary", { name: "Pessoas na sala" }).waitFor();
  await page.getByRole("main").waitFor();
  await page.getByRole("log", { name: "Mensagens de Sala 1" }).waitFor();
  await page.getByRole("form", { name: "Escrever mensagem" }).waitFor();
  await page.getByRole("textbox", { name: "Mensagem para Sala 1" }).waitFor();
});

test("10 a click on a room leaves the old one, joins the new one, changes the address; Back returns", async () => {
  const { page: watcher } = await papo.guest("Bia Lima", "sala-2");
  const { page } = await papo.guest("Ana Souza", "sala-2");
  await watcher.locator(".sys", { hasText: "Ana Souza entrou" }).waitFor();
  await page.getByRole("link", { name: "Sala 3" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 3" }).waitFor();
  assert.ok(page.url().endsWith("/rooms/sala-3"));
  await watcher.locator(".sys", { hasText: "Ana Souza" }).nth(1).waitFor();
  assert.equal(await watcher.locator(".people .row", { hasText: "Ana Souza" }).count(), 0);
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
  assert.ok(page.url().endsWith("/rooms/sala-2"));
  await page.locator(".people .row", { hasText: "Bia Lima" }).waitFor();
});

test("10 in a long list the room one comes to is in view, and the list stays when one picks another", async () => {
  const { context } = await papo.newcomer("Ana Souza");
  for (let i = 10; i < 50; i += 1) {
    const answer = await context.request.post(`${papo.url}/api/rooms`, { headers: { origin: papo.url }, data: { title: `assunto ${i}` } });
    assert.equal(answer.status(), 201);
  }
  const page = await enter(context, papo.url, "assunto-48");
  const inView = (title) => page.getByRole("link", { name: title }).evaluate((row) => {
    const [a, b] = [row, row.closest(".scroll")].map((element) => element.getBoundingClientRect());
    return a.top >= b.top && a.bottom <= b.bottom;
  });
  await page.waitForFunction(() => document.querySelector(".rooms .scroll").scrollTop > 0);
  assert.ok(await inView("assunto 48"));
  const at = await page.locator(".rooms .scroll").evaluate((list) => list.scrollTop);
  await page.getByRole("link", { name: "assunto 46" }).click();
  await page.getByRole("heading", { level: 1, name: "assunto 46" }).waitFor();
  assert.equal(await page.locator(".rooms .scroll").evaluate((list) => list.scrollTop), at);
  assert.ok(await inView("assunto 46"));
});

test("11 other rooms' messages never reach the page", async () => {
  const here = freshRoom();
  const there = freshRoom();
  const { page: ana } = await papo.guest("Ana Souza", here);
  const { page: bia } = await papo.guest("Bia Lima", here);
  const { page: caio } = await papo.guest("Caio Dias", there);
  const heard = [];
  const watched = await ana.context().newPage();
  watched.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
  await watched.goto(`${papo.url}/rooms/${here}`);
  await say(caio, "segredo da outra sala");
  await ticked(caio, "segredo da outra sala");
  await say(bia, "oi daqui");
  await bubble(watched, "oi daqui").waitFor();
  assert.ok(heard.some((frame) => frame.includes("oi daqui")));
  assert.ok(!heard.some((frame) => frame.includes("segredo da outra sala")));
});

test("12 the people list follows joins and leaves, with a system line", async () => {
  const room = freshRoom();
  const { page } = await papo.guest("Ana Souza", room);
  const { page: bia } = await papo.guest("Bia Lima", room);
  await page.locator(".people .row", { hasText: "Bia Lima" }).waitFor();
  await page.locator(".sys", { hasText: "Bia Lima entrou na sala" }).waitFor();
  await page.locator(".chat .sub", { hasText: "2 pessoas agora" }).waitFor();
  await bia.close();
  await page.locator(".people .row", { hasText: "Bia Lima" }).waitFor({ state: "detached" });
  await page.locator(".sys", { hasText: "← Bia Lima" }).waitFor();
  await page.locator(".chat .sub", { hasText: "1 pessoa agora" }).waitFor();
});

test("13 a click on a person or an author opens a dialog with name, username, e-mail; Esc closes; the focus returns", async () => {
  const room = freshRoom();
  const { page: bia, user } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  await say(bia, "oi gente");
  await bubble(page, "oi gente").waitFor();
  for (const opener of [page.locator(".people .row", { hasText: "Bia Lima" }), page.locator(".who", { hasText: "Bia Lima" })]) {
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Bia Lima" });
    await dialog.getByText(`@${user.username}`).waitFor();
    await dialog.getByText(user.email).waitFor();
    assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)));
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await opener.evaluate((element) => element === document.activeElement));
  }
});

test("14 a room is made by giving it a name", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1");
  const title = `Receitas ${process.pid}`;
  await page.getByRole("button", { name: "Nova sala" }).click();
  const dialog = page.getByRole("dialog", { name: "Criar uma sala" });
  await dialog.getByRole("button", { name: "Criar sala" }).click();
  await dialog.getByText("Preencha este campo.").waitFor();
  await dialog.getByLabel("Nome da sala").fill("salas/não");
  await page.keyboard.press("Enter");
  await dialog.getByText("Há um caractere que não pode ser usado aqui.").waitFor();
  await dialog.getByLabel("Nome da sala").fill(title);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await dialog.waitFor({ state: "detached" });
  assert.ok(page.url().endsWith(`/rooms/receitas-${process.pid}`));
  const other = await enter((await papo.newcomer("Bia Lima")).context, papo.url, "sala-1");
  await other.getByRole("link", { name: title }).waitFor();
});

test("14 a room whose name cannot be is said so", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-2");
  const answer = await page.goto(`${papo.url}/rooms/${encodeURIComponent("não+pode!")}`);
  assert.equal(answer.status(), 404);
  await page.getByText("Esta sala não pode ser aberta").waitFor();
  await page.getByRole("link", { name: "Voltar ao início" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
});
