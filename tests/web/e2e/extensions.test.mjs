// Events of extensions stand in the log of a room beside messages, and this page knows nothing of them: rules 17, 28.

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { crowd } from "../support/crowd.mjs";
import { bubble, joined } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();
/** Longer than two pages. */
const THROWS = 130;
/** How often it is looked whether something has come. */
const LOOK_MS = 20;

const text = (i) => (i > 5 && i <= 5 + THROWS ? `dado ${i}` : `mensagem ${i}`);
const asThrow = (event) => (event.text?.startsWith("dado") ? { type: "dice.rolled", room: event.room, seq: event.seq, sent_at: event.sent_at, face: 6 } : event);

/**
 * What begins with "dado" comes to the pages of `context` as an event of an extension would. `of(type)`: the commands of the pages, in
 * order; `heard(seq)` waits until a page has been given that event.
 */
async function withDice(context) {
  const commands = [];
  let newest = 0;
  await context.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      commands.push(JSON.parse(frame));
      server.send(frame);
    });
    server.onMessage((frame) => {
      const objects = frame.split("\n").filter(Boolean).map((line) => asThrow(JSON.parse(line)));
      socket.send(objects.map((object) => JSON.stringify(object.events ? { ...object, events: object.events.map(asThrow) } : object)).join("\n"));
      newest = Math.max(newest, ...objects.map(({ seq = 0 }) => seq));
    });
  });
  return {
    of: (type) => commands.filter((command) => command.type === type),
    async heard(seq) {
      while (newest < seq) await setTimeout(LOOK_MS);
    },
  };
}

test("17 28 events of extensions count: each page is asked for once, a resume goes on after them", async () => {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 1);
  await people.seed(1, 5 + THROWS, text);
  const { context } = await papo.newcomer("Ana Souza");
  const commands = await withDice(context);
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/${room}`);
  await joined(page);
  // The newest two pages have nothing to show: what is before them is.
  await bubble(page, "mensagem 1").waitFor();
  assert.equal(await page.locator(".msg").count(), 5);
  const pages = commands.of("history").map(({ before }) => before);
  assert.deepEqual(pages, [...new Set(pages)].sort((a, b) => b - a));
  assert.equal(await page.locator(".empty, .skel").count(), 0);

  await people.seed(1000, 1000, () => "depois dos dados");
  await people.seed(1001, 1003, () => "dado");
  await people.seed(1004, 1004, () => "e mais uma");
  await bubble(page, "e mais uma").waitFor();
  assert.equal(await page.locator(".older .spin").count(), 0);
  await people.seed(1005, 1006, () => "dado");
  const newest = 5 + THROWS + 7;
  await commands.heard(newest);
  await context.setOffline(true);
  await page.locator(".banner").waitFor();
  await people.seed(1007, 1007, () => "na ausência");
  await context.setOffline(false);
  await bubble(page, "na ausência").waitFor();
  assert.equal(commands.of("join").at(-1).since.seq, newest);
  assert.equal(await page.locator(".msg").count(), 8);
  people.leave();
});
