// How it looks to whom: the tab, themes, languages, less motion, colours of the system. Rules 34, 35, 36, 40.

import assert from "node:assert/strict";
import test from "node:test";
import { zip } from "../support/files.mjs";
import { bubble, enter, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("34 the title and the icon of the tab tell of messages that came while it was hidden", async () => {
  const { page: bia } = await papo.guest("Bia Lima", "sala-1");
  const { page } = await papo.guest("Ana Souza", "sala-1");
  const icon = () => page.locator("link[rel=icon]").evaluate(({ href }) => href.split("/").at(-1));
  const hide = (hidden) => page.evaluate((now) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => now });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  assert.equal(await page.title(), "Sala 1 · Papo");
  assert.equal(await icon(), "favicon.svg");
  await hide(true);
  for (const text of ["um", "dois", "três"]) await say(bia, text);
  await page.waitForFunction(() => document.title === "(3) Sala 1 · Papo");
  assert.equal(await icon(), "favicon-new.svg");
  await hide(false);
  await page.waitForFunction(() => document.title === "Sala 1 · Papo");
  assert.equal(await icon(), "favicon.svg");
  await page.locator(".new", { hasText: "3 mensagens novas" }).waitFor();
});

test("35 dark, light and system; the choice is there on the next page without a flash", async () => {
  const { context, page } = await papo.guest("Ana Souza", "sala-1", { colorScheme: "light" });
  const light = await background(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await background(page);
  assert.notEqual(light, dark);
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("radio", { name: "Claro" }).check();
  assert.equal(await background(page), light);
  const answer = await context.request.get(`${papo.url}/rooms/sala-1`);
  assert.match(await answer.text(), /<html[^>]* data-theme="light"/);
  await page.getByRole("radio", { name: "Escuro" }).check();
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal(await background(page), dark);
  await page.getByRole("radio", { name: "Sistema" }).check();
  assert.equal(await background(page), light);
});

test("35 a chosen theme needs no script, so nothing flashes", async () => {
  const visitor = await papo.visitor({ javaScriptEnabled: false, colorScheme: "light" });
  const page = await visitor.newPage();
  await page.goto(`${papo.url}/login`);
  const light = await background(page);
  await visitor.addCookies([{ name: "papo_theme", value: "dark", url: papo.url }]);
  await page.goto(`${papo.url}/login`);
  const dark = await background(page);
  assert.notEqual(dark, light);
  await visitor.addCookies([{ name: "papo_theme", value: "light", url: papo.url }]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${papo.url}/register`);
  assert.equal(await background(page), light);
});

test("36 Portuguese and English: every word, dates and numbers; the choice holds at once, on the next page, and at the gate", async () => {
  const room = freshRoom();
  const { context, page } = await papo.guest("Ana Souza", room);
  await page.locator("input[type=file]").setInputFiles([{ name: "festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 1.5 * 1024 * 1024) }]);
  await page.locator(".chip").getByText("1,5 MB · pronto").waitFor();
  await say(page, "");
  await page.locator("a.file").getByText("1,5 MB · compactado").waitFor();
  const date = () => page.locator(".msg time").first().getAttribute("title");
  assert.match(await date(), / de \w+ de \d{4}/);
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("radio", { name: "English" }).check();
  await page.getByRole("dialog", { name: "Preferences" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByPlaceholder("Write a message").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.locator(".chat .sub", { hasText: "1 person now" }).waitFor();
  await page.locator("a.file").getByText("1.5 MB · archive").waitFor();
  await page.locator(".day", { hasText: "Today" }).waitFor();
  assert.doesNotMatch(await date(), / de /);
  const again = await enter(context, papo.url, room);
  await again.getByPlaceholder("Write a message").waitFor();
  assert.equal(await again.locator("html").getAttribute("lang"), "en");
  await again.goto(`${papo.url}/nothing-here`);
  await again.getByRole("heading", { name: "Page not found" }).waitFor();

  const visitor = await (await papo.visitor()).newPage();
  await visitor.goto(`${papo.url}/login?next=%2Frooms%2Fsala-2`);
  await visitor.getByRole("link", { name: "English" }).click();
  await visitor.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await visitor.locator("input[name=next]").inputValue(), "/rooms/sala-2");
  await visitor.getByRole("link", { name: "Português" }).click();
  await visitor.getByRole("button", { name: "Entrar" }).waitFor();
});

test("36 no page shows the name of a sentence in the place of the sentence", async () => {
  for (const [locale, gear] of [["pt-BR", "Preferências"], ["en-GB", "Preferences"]]) {
    const { page } = await papo.guest("Ana Souza", freshRoom(), { locale });
    const visitor = await (await papo.visitor({ locale })).newPage();
    await page.getByRole("button", { name: gear }).click();
    await page.getByRole("dialog").waitFor();
    const keys = (on) => on.evaluate(() => {
      const said = [...document.querySelectorAll("*")].flatMap((element) => [
        ...["aria-label", "title", "placeholder", "data-busy", "data-network", "data-required"].map((name) => element.getAttribute(name)),
        ...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data.trim()),
      ]);
      return said.filter((text) => text && /^[a-z]+(-[a-z0-9]+)+$/.test(text) && !text.startsWith("teste-"));
    });
    assert.deepEqual(await keys(page), [], locale);
    for (const path of ["/login", "/register", "/nada"]) {
      await visitor.goto(papo.url + path);
      assert.deepEqual(await keys(visitor), [], `${locale} ${path}`);
    }
  }
});

test("40 with reduced motion nothing moves; without it something does", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room, { viewport: { width: 360, height: 640 }, reducedMotion: "no-preference" });
  const moving = () => page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").map((animation) => animation.animationName ?? animation.transitionProperty));
  const drawerShift = () => page.evaluate(() => document.getElementById("rooms").getBoundingClientRect().left);
  const openRooms = () => page.getByRole("button", { name: "Abrir as salas" }).evaluate((button) => button.click());
  const writes = async () => {
    await bia.locator("#composer").pressSequentially("oi");
    await page.locator(".typing b").waitFor();
  };
  await writes();
  assert.ok((await moving()).includes("hop"));
  await openRooms();
  await page.waitForFunction(() => document.getAnimations().some(({ transitionProperty }) => transitionProperty === "translate"));
  await page.keyboard.press("Escape");
  await page.locator(".veil").waitFor({ state: "detached" });

  await page.emulateMedia({ reducedMotion: "reduce" });
  await writes();
  assert.deepEqual(await moving(), []);
  await openRooms();
  await page.locator(".rooms.open").waitFor();
  assert.deepEqual([await drawerShift(), await moving()], [0, []]);
  await page.getByRole("button", { name: "Preferências" }).click();
  await page.getByRole("dialog").waitFor();
  assert.deepEqual(await moving(), []);
});

test("40 in the colours of the system everything keeps its outline, and what is chosen is told apart", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room, { forcedColors: "active", colorScheme: "dark" });
  await say(bia, "oi");
  await say(page, "olá");
  await ticked(page, "olá");
  await bubble(page, "oi").waitFor();
  const style = (selector, ...names) => page.locator(selector).first().evaluate((element, names) => names.map((name) => getComputedStyle(element)[name]), names);
  for (const selector of [".msg:not(.own) .bubble", ".msg.own .bubble", ".send", ".box", ".people .avatar", ".day span"]) {
    const [width, line, colour, ground] = await style(selector, "borderTopWidth", "borderTopStyle", "borderTopColor", "backgroundColor");
    assert.ok(parseFloat(width) >= 1 && line !== "none" && colour !== ground, `${selector} has an outline: ${width} ${line} ${colour} on ${ground}`);
  }
  const [here] = await style(".rooms .row[aria-current]", "outlineStyle");
  const [elsewhere] = await style(".rooms .row:not([aria-current])", "outlineStyle");
  assert.deepEqual([here, elsewhere], ["solid", "none"]);
  const [pressed] = await style(".tools .icon-btn[aria-pressed=true]", "borderTopStyle");
  const [free] = await style(".tools .icon-btn[aria-pressed=false]", "borderTopStyle");
  assert.deepEqual([pressed, free], ["solid", "none"]);
  const [dot] = await style(".people .dot", "backgroundColor");
  const [ground] = await style(".people", "backgroundColor");
  assert.notEqual(dot, ground);
  await page.getByRole("button", { name: "Preferências" }).click();
  const chosen = await style(".segment input:checked + span", "outlineStyle");
  const other = await style(".segment input:not(:checked) + span", "outlineStyle");
  assert.deepEqual([chosen, other], [["solid"], ["none"]]);
  const [dialog] = await style(".dialog", "borderTopStyle");
  assert.equal(dialog, "solid");
});
