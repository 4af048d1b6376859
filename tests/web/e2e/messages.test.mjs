// Messages on the screen: rules 15 to 20.

import assert from "node:assert/strict";
import test from "node:test";
import { bubble, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

const atEnd = (page) => page.locator("#log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2);

/** Says `count` numbered lines over a socket of its own, faster than by hand. */
async function talk(page, room, count, prefix = "linha") {
  await page.evaluate(({ room, count, prefix }) => new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${location.host}/ws`);
    let sent = 0;
    const more = () => {
      sent += 1;
      if (sent > count) {
        socket.close();
        resolve();
      } else socket.send(JSON.stringify({ type: "send", id: 100 + sent, client_id: `${prefix}-${sent}`, text: `${prefix} ${sent}`, images: [], files: [] }));
    };
    socket.onmessage = ({ data }) => {
      for (const line of data.split("\n")) {
        const frame = JSON.parse(line);
        if (frame.type === "hello") socket.send(JSON.stringify({ type: "join", id: 1, room }));
        else if (frame.type === "error") reject(new Error(line));
        else if (frame.type === "ok") more();
      }
    };
  }), { room, count, prefix });
}

test("15 own messages to the right and tinted, others to the left with the name on the first of a group", async () => {
  const room = freshRoom();
  const { page: ana } = await papo.guest("Ana Souza", room);
  const { page: bia } = await papo.guest("Bia Lima", room);
  await say(bia, "um");
  await ticked(bia, "um");
  await say(bia, "dois");
  await bubble(ana, "dois").waitFor();
  await say(ana, "três");
  await ticked(ana, "três");
  assert.equal(await ana.locator(".who").count(), 1);
  assert.equal(await ana.locator(".msg:has(.who)", { has: bubble(ana, "um") }).count(), 1);
  const [log, other, own] = await Promise.all([ana.locator("#log"), bubble(ana, "um"), bubble(ana, "três")].map((part) => part.boundingBox()));
  assert.ok(other.x - log.x < 100);
  assert.ok(log.x + log.width - (own.x + own.width) < 60);
  // Whoever speaks after another begins a group of their own.
  await say(bia, "quatro");
  await bubble(ana, "quatro").waitFor();
  assert.equal(await ana.locator(".who").count(), 2);
  const colour = (text) => bubble(ana, text).evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.notEqual(await colour("um"), await colour("três"));
});

test("16 scrolls to the end when one was there or on own send; when reading above, a button with the count appears", async () => {
  const room = freshRoom();
  const { page: ana } = await papo.guest("Ana Souza", room);
  const { page: bia } = await papo.guest("Bia Lima", room);
  await talk(bia, room, 40);
  await bubble(ana, "linha 40").waitFor();
  assert.ok(await atEnd(ana));

  await ana.locator("#log").evaluate((log) => { log.scrollTop = 200; });
  await ana.locator(".jump").waitFor();
  const top = () => ana.locator("#log").evaluate((log) => log.scrollTop);
  const before = await top();
  await say(bia, "novidade");
  await ana.getByRole("button", { name: "Ir para a mensagem nova" }).waitFor();
  await say(bia, "outra");
  await ana.getByRole("button", { name: "Ir para as 2 mensagens novas" }).waitFor();
  assert.equal(await top(), before);
  await ana.locator(".jump").click();
  await ana.locator(".jump").waitFor({ state: "detached" });
  assert.ok(await atEnd(ana));
  await ana.locator(".new", { hasText: "2 mensagens novas" }).waitFor();

  await ana.locator("#log").evaluate((log) => { log.scrollTop = 200; });
  await ana.locator(".jump").waitFor();
  await say(ana, "minha");
  await ticked(ana, "minha");
  assert.ok(await atEnd(ana));
});

test("18 a day is called today, yesterday, or by its date, in the reader's language", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  await say(bia, "guardem isto");
  await ticked(bia, "guardem isto");
  const { context, page } = await papo.guest("Ana Souza", room);
  const later = async (days) => {
    await context.clock.setFixedTime(Date.now() + days * 86_400_000);
    await page.reload();
    await bubble(page, "guardem isto").waitFor();
    return page.locator(".day").innerText();
  };
  const date = (lang, options) => new Intl.DateTimeFormat(lang, { timeZone: "America/Sao_Paulo", day: "numeric", month: "long", ...options }).format();
  assert.equal(await later(0), "Hoje");
  assert.equal(await later(1), "Ontem");
  assert.equal(await later(400), date("pt-BR", { year: "numeric" }));
  await context.addCookies([{ name: "papo_lang", value: "en", url: papo.url }]);
  assert.equal(await later(400), date("en", { year: "numeric" }));
});

test("18 day dividers, the time in the bubble, the full date in the title", async () => {
  const room = freshRoom();
  const { page } = await papo.guest("Ana Souza", room);
  await say(page, "que horas são");
  await ticked(page, "que horas são");
  await page.locator(".day", { hasText: "Hoje" }).waitFor();
  const time = bubble(page, "que horas são").locator("time");
  assert.match(await time.innerText(), /^\d\d:\d\d$/);
  assert.match(await time.getAttribute("title"), / de .+ de \d{4}/);
});

test("19 links are detected; markup in texts and names is text", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia <img src=x onerror=alert(1)>", room);
  const { page: ana } = await papo.guest("Ana Souza", room);
  const nasty = "<b>negrito</b> javascript:alert(1) \"><img src=x onerror=alert(1)> https://a.exemplo.br/x. www.b.exemplo.br";
  await say(bia, nasty);
  const shown = bubble(ana, nasty);
  await shown.waitFor();
  assert.equal(await shown.locator("b, img").count(), 0);
  const links = await shown.locator("a").evaluateAll((all) => all.map(({ href, rel, target }) => ({ href, rel, target })));
  const safe = { rel: "noopener noreferrer nofollow", target: "_blank" };
  assert.deepEqual(links, [{ href: "https://a.exemplo.br/x", ...safe }, { href: "https://www.b.exemplo.br/", ...safe }]);
  assert.equal(await ana.locator(".who", { hasText: "Bia <img src=x onerror=alert(1)>" }).count(), 1);
  assert.equal(await ana.locator("img").count(), 0);
});

test("20 emoji-only messages are large", async () => {
  const { page } = await papo.guest("Ana Souza", freshRoom());
  await say(page, "🎉😄");
  await page.locator(".big", { hasText: "🎉😄" }).waitFor();
  await say(page, "festa 🎉");
  await bubble(page, "festa 🎉").waitFor();
  const size = (selector) => page.locator(selector).evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  const [large, normal] = [await size(".big"), await size(".text")];
  assert.ok(large >= 2 * normal, `${large} px beside ${normal} px`);
  assert.equal(await page.locator(".big").count(), 1);
});
