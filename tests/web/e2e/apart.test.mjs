// Two people who were apart for a while: rules 27 and 28.

import assert from "node:assert/strict";
import test from "node:test";
import { crowd } from "../support/crowd.mjs";
import { bubble, say, ticked } from "../support/people.mjs";
import { wholeLog } from "../support/reading.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

const APART_S = 60;
const MISSED = 300;
/** Of the missed ones, those that Bia says in her browser; a crowd says the others. */
const BY_BIA = 20;
const QUEUED = ["da fila 1", "da fila 2", "da fila 3", "da fila 4", "da fila 5"];

test("27 28 offline for a minute while 300 messages pass, with five of one's own waiting: both have the same log in the end", async (t) => {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 2);
  await people.seed(1, 10, (i) => `antes ${i}`);
  const { context, page: ana } = await papo.guest("Ana Souza", room);
  const { page: bia } = await papo.guest("Bia Lima", room);
  await say(ana, "estou indo");
  await bubble(bia, "estou indo").waitFor();

  await context.setOffline(true);
  const left = Date.now();
  const talk = people.pour(1, { rate: (MISSED - BY_BIA) / APART_S, seconds: APART_S, text: (i) => `entretanto ${i}` });
  for (let i = 1; i <= BY_BIA; i += 1) {
    await say(bia, `da Bia ${i}`);
    if (i % 4 === 0) await say(ana, QUEUED[i / 4 - 1]);
    await bia.waitForTimeout((APART_S * 1000) / BY_BIA - 200);
  }
  await talk;
  await bia.waitForTimeout(Math.max(0, left + APART_S * 1000 - Date.now()));
  await ticked(bia, `da Bia ${BY_BIA}`);
  assert.equal(await ana.locator(".msg.pending").count(), QUEUED.length);
  await context.setOffline(false);
  await ticked(ana, QUEUED.at(-1));
  await bubble(bia, QUEUED.at(-1)).waitFor();

  const [hers, his] = [await wholeLog(ana), await wholeLog(bia)];
  t.diagnostic(`${Math.round((Date.now() - left) / 1000)} s, ${hers.length} messages`);
  assert.equal(hers.length, 10 + 1 + MISSED + QUEUED.length);
  assert.equal(new Set(hers).size, hers.length, "none twice");
  assert.deepEqual(hers, his);
  assert.deepEqual(hers.filter((text) => text.startsWith("da fila")), QUEUED);
  assert.deepEqual(hers.slice(-QUEUED.length), QUEUED);
  people.leave();
});
