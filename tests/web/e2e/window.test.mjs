// A long log: rule 17, and the rows of rule 21.

import assert from "node:assert/strict";
import test from "node:test";
import { crowd } from "../support/crowd.mjs";
import { dusk, png } from "../support/files.mjs";
import { bubble, enter } from "../support/people.mjs";
import { readThrough } from "../support/reading.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

const ROWS_MOST = 200;
/** Some are short, some of several lines; every fortieth has an image. */
const text = (i) => `mensagem ${i}: ${"papo vai, papo vem ".repeat(1 + i % 7)}`.trim();

/** Reads all of `count` messages up to the first and down again while others go on talking; the window is `viewport`. */
async function readAll(t, count, viewport) {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 3);
  const beach = { name: "praia.png", mimeType: "image/png", buffer: png(640, 480, dusk) };
  const images = new Map(await Promise.all(people.people.map(async (person) => [person, await person.upload(beach)])));
  const more = (i, person) => (i % 40 === 0 ? { images: [images.get(person).url] } : {});
  await people.seed(1, count, text, more);
  const { context } = await papo.newcomer("Ana Souza", { viewport });
  const page = await enter(context, papo.url, room);
  await bubble(page, text(count)).waitFor();

  const talk = people.keepTalking(count + 1, { rate: 20, text, more });
  const up = await readThrough(page, { up: true, to: 1 });
  await page.getByText("Aqui começa a conversa").waitFor();
  const down = await readThrough(page, { up: false, to: count + 1 });
  const last = await talk.stop();
  await page.locator("#log").press("End");
  await bubble(page, text(last)).waitFor();
  people.leave();

  t.diagnostic(`${count} messages, ${up.steps} steps up and ${down.steps} down, at most ${Math.max(up.rows, down.rows)} rows, moved by ${up.worst.toFixed(2)} and ${down.worst.toFixed(2)} px`);
  assert.deepEqual([...up.faults, ...down.faults], []);
  assert.ok(up.seen >= count && down.seen >= count, `${up.seen} seen on the way up, ${down.seen} on the way down`);
  assert.ok(up.rows <= ROWS_MOST && down.rows <= ROWS_MOST, `${up.rows} and ${down.rows} rows`);
  assert.ok(up.worst <= 1, `moved by ${up.worst} px on the way up`);
  assert.ok(down.worst <= 1, `moved by ${down.worst} px on the way down`);
}

test("17 21 10,000 messages, page by page up and down: at most 200 rows, what one reads moves by at most 1 px", (t) => readAll(t, 10_000, { width: 1440, height: 900 }));

test("17 on a phone what one reads moves by at most 1 px too", (t) => readAll(t, 1500, { width: 360, height: 640 }));

test("17 the beginning of the conversation is told where it is, and nowhere else", async () => {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 1);
  await people.seed(1, 150, text);
  const { page } = await papo.guest("Ana Souza", room);
  const beginning = page.getByText("Aqui começa a conversa");
  await bubble(page, text(150)).waitFor();
  await readThrough(page, { up: true, to: 1 });
  await beginning.waitFor();
  await page.locator("#log").press("End");
  await people.seed(151, 300, text);
  await bubble(page, text(300)).waitFor();
  await bubble(page, text(1)).waitFor({ state: "detached" });
  assert.equal(await beginning.count(), 0);
  people.leave();
});
