// Who is typing: rules 22 and 23.

import assert from "node:assert/strict";
import test from "node:test";
import { composer, say } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();
const line = (page) => page.locator(".typing");
const says = (page, text) => line(page).getByText(text, { exact: true }).waitFor();

/** Shorter than the silence after which one is no longer typing. */
const KEYS_MS = 1000;

/** Keeps writing until the returned function is called. */
function keepTyping(page) {
  let on = true;
  const done = (async () => {
    while (on) {
      await composer(page).press("a");
      await page.waitForTimeout(KEYS_MS);
    }
  })();
  return () => {
    on = false;
    return done;
  };
}

test("22 one, two, three, four and more people; one stops, another stays; never oneself", async () => {
  const room = freshRoom();
  const { page: ana } = await papo.guest("Ana Souza", room);
  const { page: english } = await papo.guest("Zoe Lima", room, { locale: "en-GB" });
  const names = ["João Prado", "Pedro Paz", "Bia Lima", "Caio Dias", "Davi Reis"];
  const stops = [];
  const texts = [
    ["João está digitando…", "João is typing…"],
    ["João e Pedro estão digitando…", "João and Pedro are typing…"],
    ["João, Pedro e Bia estão digitando…", "João, Pedro and Bia are typing…"],
    ["João, Pedro e mais 2 pessoas estão digitando…", "João, Pedro and 2 others are typing…"],
    ["João, Pedro e mais 3 pessoas estão digitando…", "João, Pedro and 3 others are typing…"],
  ];
  const pages = [];
  for (const [i, name] of names.entries()) {
    const { page } = await papo.guest(name, room);
    pages.push(page);
    stops.push(keepTyping(page));
    await says(ana, texts[i][0]);
    await says(english, texts[i][1]);
  }
  assert.equal(await line(pages[0]).getByText("João").count(), 0);
  for (const stop of stops.slice(2)) await stop();
  await says(ana, texts[1][0]);
  await stops[0]();
  await says(ana, "Pedro está digitando…");
  await stops[1]();
  await line(ana).locator("b").first().waitFor({ state: "detached" });
});

test("23 typing clears on send, on idle, on leaving, on disconnect", async () => {
  const room = freshRoom();
  const { page: ana } = await papo.guest("Ana Souza", room);
  const { page: bia } = await papo.guest("Bia Lima", room);
  const begins = async () => {
    await composer(bia).pressSequentially("oi");
    await says(ana, "Bia está digitando…");
  };
  const ends = (timeout) => line(ana).locator("b").first().waitFor({ state: "detached", timeout });

  await begins();
  await say(bia, "oi!");
  await ends(2000);
  await begins();
  await ends(5000);
  await begins();
  await composer(bia).fill("");
  await ends(2000);
  await begins();
  await bia.getByRole("link", { name: "Sala 3" }).click();
  await ends(2000);
  await bia.goBack();
  await bia.locator(".people .row", { hasText: "Ana Souza" }).waitFor();
  await begins();
  await bia.close();
  await ends(5000);
});
