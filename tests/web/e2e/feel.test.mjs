// Little things that make reading and writing pleasant: rules 15, 16, 19, 24.

import assert from "node:assert/strict";
import test from "node:test";
import { crowd } from "../support/crowd.mjs";
import { bubble, composer, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

const atEnd = (page) => page.locator("#log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2);
const inComposer = (page) => page.evaluate(() => document.activeElement.id === "composer");
const long = (i) => `mensagem ${i}: ${"papo vai, papo vem ".repeat(3)}`.trim();

test("16 text that is selected stays selected and in its place while messages arrive", async () => {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 1);
  await people.seed(1, 30, long);
  const { page } = await papo.guest("Ana Souza", room);
  await bubble(page, long(30)).waitFor();
  const words = bubble(page, long(30)).locator(".text");
  const { x, y } = await words.boundingBox();
  await page.mouse.move(x + 2, y + 8);
  await page.mouse.down();
  await page.mouse.move(x + 160, y + 8, { steps: 4 });
  // Some arrive while the button is down, some after.
  await people.seed(31, 33, long);
  await bubble(page, long(33)).waitFor();
  assert.equal((await words.boundingBox()).y, y);
  await page.mouse.up();
  const selected = () => page.evaluate(() => getSelection().toString());
  const text = await selected();
  assert.ok(text.length > 5 && long(30).startsWith(text), text);
  await people.seed(34, 40, long);
  await bubble(page, long(40)).waitFor();
  assert.equal((await words.boundingBox()).y, y);
  assert.equal(await selected(), text);
  await page.locator(".jump").click();
  await page.locator(".jump").waitFor({ state: "detached" });
  assert.ok(await atEnd(page));
  people.leave();
});

test("16 one can leave the end of a busy room by small steps", async () => {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 1);
  await people.seed(1, 60, long);
  const { page } = await papo.guest("Ana Souza", room);
  await bubble(page, long(60)).waitFor();
  const talk = people.keepTalking(61, { rate: 20, text: long });
  await page.locator("#log").hover();
  for (let i = 0; i < 40 && (await page.locator(".jump").count()) === 0; i += 1) await page.mouse.wheel(0, -12);
  const jump = page.getByRole("button", { name: /^Ir para as? (\d+ )?mensage/ });
  await jump.waitFor();
  const last = await talk.stop();
  await jump.click();
  await bubble(page, long(last)).waitFor();
  people.leave();
});

test("24 what is typed beside the message box lands in it; after sending, jumping and closing the focus is there", async () => {
  const room = freshRoom();
  const people = await crowd(papo.url, room, 1);
  await people.seed(1, 40, long);
  const { page } = await papo.guest("Ana Souza", room);
  await bubble(page, long(40)).waitFor();
  assert.ok(await inComposer(page));
  await page.locator("#log").focus();
  await page.keyboard.type("oi do lado");
  assert.equal(await composer(page).inputValue(), "oi do lado");
  await page.getByRole("button", { name: "Enviar" }).click();
  await ticked(page, "oi do lado");
  assert.ok(await inComposer(page));
  await page.locator("#log").evaluate((log) => { log.scrollTop = 100; });
  await page.locator(".jump").click();
  assert.ok(await inComposer(page));
  // In a dialog letters stay where they are.
  await page.getByRole("button", { name: "Nova sala" }).click();
  await page.getByLabel("Nome da sala").fill("");
  await page.keyboard.type("abc");
  assert.equal(await page.getByLabel("Nome da sala").inputValue(), "abc");
  await page.keyboard.press("Escape");
  assert.equal(await composer(page).inputValue(), "");
  people.leave();
});

test("24 empty lines around a text are not sent, what is indented stays indented; the box grows with its text up to a limit", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  const height = async () => (await composer(page).boundingBox()).height;
  const one = await height();
  await composer(page).fill("\n\n    fn main() {\n\tlet x = 1;\n    }\n\n");
  assert.ok(await height() > one + 60);
  await composer(page).fill(Array.from({ length: 40 }, (_, i) => `linha ${i}`).join("\n"));
  assert.equal(await height(), 160);
  await composer(page).fill("\n\n    fn main() {\n\tlet x = 1;\n    }\n\n");
  await composer(page).press("Enter");
  await ticked(page, "    fn main\\(\\) {\n\tlet x = 1;\n    }".replaceAll("\\", ""));
  assert.equal(await page.locator(".msg .text").evaluate((element) => element.textContent), "    fn main() {\n\tlet x = 1;\n    }");
  assert.equal(await height(), one);
});

test("19 code between backticks is code, markup in it is text; a text from right to left begins at the right", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  await composer(bia).fill("rode `papo --help`:\n```\n<b>x</b>\nhttps://a.br\n```");
  await composer(bia).press("Enter");
  await page.locator("code").nth(1).waitFor();
  assert.deepEqual(await page.locator("code").allTextContents(), ["papo --help", "<b>x</b>\nhttps://a.br"]);
  assert.equal(await page.locator(".msg b, .msg a").count(), 0);
  const family = (locator) => locator.evaluate((element) => getComputedStyle(element).fontFamily);
  assert.notEqual(await family(page.locator("code").first()), await family(page.locator(".text").first()));
  await say(bia, "مرحبا بالجميع");
  const arabic = page.locator(".bubble", { hasText: "مرحبا" });
  await arabic.waitFor();
  const [box, time] = [await arabic.boundingBox(), await arabic.locator("time").boundingBox()];
  assert.ok(time.x - box.x < 30, "the time is at the other end");
});

test("15 copied messages are who said what, without times and marks", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context, page } = await papo.guest("Ana Souza", room);
  await say(bia, "Oi, tudo bem?");
  await say(bia, "segunda");
  await bubble(page, "segunda").waitFor();
  await say(page, "resposta");
  await ticked(page, "resposta");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = await page.evaluate(async () => {
    const messages = document.querySelectorAll(".msg");
    const range = document.createRange();
    range.setStartBefore(messages[0]);
    range.setEndAfter(messages[2]);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.execCommand("copy");
    return navigator.clipboard.readText();
  });
  assert.deepEqual(copied.split("\n").filter(Boolean), ["Bia Lima", "Oi, tudo bem?", "segunda", "resposta"]);
});
