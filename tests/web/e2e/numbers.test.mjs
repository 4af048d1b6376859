// The page of even and odd numbers: it counts as it should, a reload goes on, clients keep numbers of their own, the log has all of it.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import test from "node:test";
import { accessible } from "../support/axe.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

/** How long it is watched. */
const WATCH_MS = 30_000;

async function numbers(context, search = "") {
  const page = await context.newPage();
  await page.goto(`${papo.url}/numbers${search}`);
  await page.locator(".number-panel.is-counting").first().waitFor();
  return page;
}

const panel = (page, client) => page.locator(".number-panel").nth(client - 1);
const valueOf = async (page, client = 1) => Number(await panel(page, client).locator(".number-value dd").textContent());

/** Every command and answer of this page from now on, as they are on the wire: `{dir, object}` by socket. */
function overhear(page) {
  const sockets = [];
  page.on("websocket", (socket) => {
    const heard = [];
    sockets.push(heard);
    const take = (dir) => ({ payload }) => {
      for (const line of payload.split("\n").filter(Boolean)) heard.push({ dir, object: JSON.parse(line) });
    };
    socket.on("framesent", take("in"));
    socket.on("framereceived", take("out"));
  });
  return sockets;
}

/** Of one socket what belongs to the service: its commands, and their answers. */
function exchange(heard) {
  const ids = new Set(heard.filter(({ dir, object }) => dir === "in" && object.type.startsWith("number.")).map(({ object }) => object.id));
  return heard.filter(({ object }) => ids.has(object.id));
}

async function logOf(username) {
  const folder = join(dirname(papo.server.database), "traffic");
  const files = (await readdir(folder)).sort();
  const text = (await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")))).join("");
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line)).filter(({ user }) => user === username);
}

test("for thirty seconds two people and two clients of one count on, and the log has every message in order", { timeout: 90_000 }, async () => {
  const { context: anas, user: ana } = await papo.newcomer("Ana Souza");
  const { context: bias, user: bia } = await papo.newcomer("Bia Lima");
  const pages = await Promise.all([anas, bias].map((context) => context.newPage()));
  const overheard = pages.map(overhear);
  await Promise.all([pages[0].goto(`${papo.url}/numbers?clients=2`), pages[1].goto(`${papo.url}/numbers`)]);
  await pages[0].waitForTimeout(WATCH_MS);
  const last = [await valueOf(pages[0], 1), await valueOf(pages[0], 2), await valueOf(pages[1], 1)];
  await Promise.all(pages.map((page) => page.close()));

  const sockets = overheard.flat();
  assert.equal(sockets.length, 3);
  for (const [i, heard] of sockets.entries()) {
    const messages = exchange(heard);
    const puts = messages.filter(({ dir, object }) => dir === "in" && object.type === "number.put").map(({ object }) => object.value);
    assert.ok(puts.length > 35 && puts.length < 65, `twice a second: ${puts.length}`);
    assert.ok(puts.every((value) => Number.isInteger(value) && value >= 0 && value <= 99));
    assert.ok(messages.every(({ object }) => object.type !== "error"));
    // What is added is 1 at first, and then always the number that was asked for last.
    // (An answer may be on its way into the page when the next value leaves it.)
    let steps = [1];
    let value = null;
    const asked = new Map();
    for (const { dir, object } of messages) {
      if (dir === "in") asked.set(object.id, object);
      if (dir === "in" && object.type === "number.put") {
        assert.ok(steps.some((step) => object.value === (value + step) % 100), `${value} → ${object.value} by ${steps}`);
        steps = steps.slice(-1);
        assert.equal(object.client ?? 1, i === 1 ? 2 : 1);
        value = object.value;
      }
      if (dir === "out") {
        const { type } = asked.get(object.id);
        if (type === "number.start") value = object.value;
        if (type === "number.even" || type === "number.odd") {
          assert.equal(object.value % 2, type === "number.odd" ? 1 : 0);
          steps.push(object.value);
        }
      }
    }
    const questions = messages.filter(({ dir, object }) => dir === "in" && /even|odd/.test(object.type)).length;
    assert.ok(questions >= 5 && questions <= 11, `every 3 to 5 s: ${questions}`);
  }
  for (const kind of ["number.even", "number.odd"]) assert.ok(sockets.flatMap(exchange).some(({ object }) => object.type === kind), kind);

  // The log: of each session the very same messages, in their order, each answer behind its command.
  const lines = [...await logOf(ana.username), ...await logOf(bia.username)];
  for (const heard of sockets) {
    const { session } = heard.find(({ object }) => object.type === "hello").object;
    const logged = lines.filter((line) => line.session === session);
    for (const dir of ["in", "out"]) {
      const wire = exchange(heard).filter((one) => one.dir === dir).map(({ object }) => object);
      const log = logged.filter((one) => one.dir === dir).map(({ message }) => message);
      assert.deepEqual(log.slice(0, wire.length), wire);
      // The last ones may have been on their way when the page was closed.
      assert.ok(log.length - wire.length <= 2);
    }
    const place = (dir, id) => logged.findIndex((line) => line.dir === dir && line.message.id === id);
    for (const { object } of exchange(heard).filter(({ dir }) => dir === "out")) assert.ok(place("in", object.id) < place("out", object.id));
  }
  assert.ok(last.every((value) => value >= 0 && value <= 99));
});

test("a reload goes on from the last value, of each client", async () => {
  const { context } = await papo.newcomer("Caio Reis");
  const page = await numbers(context, "?clients=2");
  await page.getByRole("button", { name: "Pausar o cliente 2" }).click();
  await page.waitForFunction(() => Number(document.querySelector(".number-value dd").textContent) >= 4);
  await page.getByRole("button", { name: "Pausar o cliente 1" }).click();
  await page.locator(".number-panel.is-paused").nth(1).waitFor();
  const [one, two] = [await valueOf(page, 1), await valueOf(page, 2)];
  const overheard = overhear(page);
  await page.reload();
  await page.locator(".number-panel.is-counting").nth(1).waitFor();
  const started = () => overheard.map((heard) => exchange(heard).find(({ dir }) => dir === "out")?.object.value);
  await page.waitForFunction(() => document.querySelectorAll(".number-rows li").length > 4);
  // Of the put that was under way when it was paused, either is right.
  assert.ok([one, (one + 1) % 100].includes(started()[0]), `${started()[0]} after ${one}`);
  assert.ok([two, (two + 1) % 100].includes(started()[1]), `${started()[1]} after ${two}`);
});

test("clients are added and removed, paused and started, by keyboard too, and their numbers stay", async () => {
  const { context } = await papo.newcomer("Davi Melo");
  const page = await numbers(context);
  await page.getByRole("button", { name: "Mais um cliente" }).focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("Enter");
  await page.locator(".number-panel.is-counting").nth(3).waitFor();
  assert.equal(await page.getByRole("button", { name: "Mais um cliente" }).count(), 0, "four are enough");
  assert.ok(page.url().endsWith("?clients=4"));
  await page.getByRole("button", { name: "Remover o cliente 4" }).click();
  assert.equal(await page.locator(".number-panel").count(), 3);
  await page.getByRole("button", { name: "Pausar o cliente 3" }).click();
  await page.getByRole("button", { name: "Iniciar o cliente 3" }).click();
  await page.locator(".number-panel.is-counting").nth(2).waitFor();
});

test("the chat in another tab stays in its room, and the numbers follow it elsewhere", async () => {
  const first = freshRoom();
  const { context, page: chat } = await papo.guest("Eva Rocha", first);
  const page = await numbers(context, "?clients=2");
  await page.waitForTimeout(1500);
  assert.ok(chat.url().endsWith(first));
  await chat.locator("#composer").fill("ainda aqui");
  await chat.keyboard.press("Enter");
  await chat.locator(".msg.own:not(.pending):not(.failed)").waitFor();
  // Elsewhere: the numbers go along, and count on.
  await chat.getByRole("link", { name: /Sala 2/i }).click();
  await chat.locator(".people .row").first().waitFor({ state: "attached" });
  const before = await page.locator(".number-rows li").count();
  await page.waitForFunction((rows) => document.querySelectorAll(".number-rows li").length > rows, before);
  await page.waitForFunction(() => document.querySelectorAll(".number-panel.is-counting").length === 2);
  await chat.locator("#composer").fill("e aqui");
  await chat.keyboard.press("Enter");
  await chat.locator(".msg.own:not(.pending):not(.failed)").waitFor();
});

test("a lost connection is told, and what comes back goes on", async () => {
  const { context } = await papo.newcomer("Flora Dias");
  const page = await numbers(context);
  await context.setOffline(true);
  await page.locator(".number-panel.is-offline").waitFor();
  assert.ok(await page.getByText("A conexão caiu").isVisible());
  await context.setOffline(false);
  await page.locator(".number-panel.is-counting").waitFor({ timeout: 40_000 });
});

test("who signs out is told, with a way back; who is not signed in is sent to sign in", async () => {
  const { context } = await papo.newcomer("Gil Nunes");
  const page = await numbers(context);
  await context.request.post(`${papo.url}/api/logout`, { headers: { origin: papo.url } });
  await page.locator(".number-panel.is-signed-out").waitFor();
  assert.equal(await page.getByRole("link", { name: "Entrar" }).getAttribute("href"), "/login?next=%2Fnumbers");
  await page.goto(`${papo.url}/numbers`);
  assert.ok(page.url().endsWith("/login?next=%2Fnumbers"));
});

test("it is for everyone: axe, a narrow phone, English, and a link from the preferences", async () => {
  const { context, page: chat } = await papo.guest("Hugo Alves", "sala-1", { locale: "en-GB" });
  await chat.getByRole("button", { name: "Preferences" }).click();
  await chat.getByRole("link", { name: "Even and odd numbers" }).click();
  await chat.locator(".number-panel.is-counting").waitFor();
  assert.equal(await chat.title(), "Even and odd numbers · Papo");
  await chat.getByRole("button", { name: "Pause client 1" }).click();
  await accessible(chat, "numbers");
  await chat.setViewportSize({ width: 360, height: 640 });
  await accessible(chat, "numbers on a phone");
  assert.ok(await chat.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the phone");
  await context.close();
});
