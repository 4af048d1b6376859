// A program that knows nothing but HTTP and a browser in the same room: docs/polling.sh is the program.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bubble, enter, say } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage({ args: ["--guests"] });
const SCRIPT = fileURLToPath(new URL("../../../docs/polling.sh", import.meta.url));
const run = promisify(execFile);

test("a curl script and a browser hear each other live, with the same seq", async () => {
  const room = freshRoom();
  const { context } = await papo.newcomer("Ana Souza");
  const frames = [];
  await context.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      frames.push(...text.split("\n").filter(Boolean).map((line) => JSON.parse(line)));
      socket.send(text);
    });
  });
  const page = await enter(context, papo.url, room);

  const script = run("sh", [SCRIPT, papo.url, room, "oi do curl"], { env: { ...process.env, PAPO_USERNAME: "robo" } });
  await bubble(page, "oi do curl").waitFor();
  assert.equal(await page.locator(".people .row").count(), 2);
  await say(page, "oi do navegador");
  const [joined, sent, news, rooms, left] = (await script).stdout.trim().split("\n").map((line) => JSON.parse(line));

  const shown = frames.find((frame) => frame.type === "message" && frame.text === "oi do curl");
  assert.equal(shown.seq, sent.seq);
  const ticked = frames.find((frame) => frame.type === "ok" && frame.seq > sent.seq);
  assert.deepEqual(news.messages.map((one) => [one.text, one.seq]), [["oi do navegador", ticked.seq]]);
  assert.equal(frames.find((frame) => frame.type === "ok" && frame.epoch).epoch, news.epoch);
  assert.deepEqual([joined.room, rooms.rooms.map((one) => one.id), left.room], [room, [room], room]);
  await page.locator(".people .row").nth(1).waitFor({ state: "detached" });
});
