// Notices by the system: rule 43.

import assert from "node:assert/strict";
import test from "node:test";
import { bubble, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();
const bell = (page) => page.getByRole("button", { name: "Notificações desta sala" });
const isOn = (page) => bell(page).getAttribute("aria-pressed");

/** Writes down what the page asks of the system, and lets it have it. */
function recordNotices() {
  window.asked = 0;
  window.notices = [];
  const Real = Notification;
  window.Notification = new Proxy(Real, {
    construct(target, [title, options]) {
      const notice = new target(title, options);
      const entry = { title, body: options.body, tag: options.tag, closed: false };
      window.notices.push(entry);
      const close = notice.close.bind(notice);
      notice.close = () => {
        entry.closed = true;
        close();
      };
      return notice;
    },
    get(target, name) {
      if (name === "requestPermission") return () => {
        window.asked += 1;
        return target.requestPermission();
      };
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const setHidden = (page, hidden) => page.evaluate((now) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => now });
  document.dispatchEvent(new Event("visibilitychange"));
}, hidden);

/** Ana with a page in `room`, whose notices are written down. */
async function listener(room, { granted }) {
  const { context } = await papo.newcomer("Ana Souza");
  if (granted) await context.grantPermissions(["notifications"], { origin: papo.url });
  await context.addInitScript(recordNotices);
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/${room}`);
  await joined(page);
  return page;
}

const asked = (page) => page.evaluate(() => window.asked);
const notices = (page) => page.evaluate(() => window.notices);

async function hears(page, from, text) {
  await say(from, text);
  await ticked(from, text);
  await bubble(page, text).waitFor({ state: "attached" });
}

test("43 nothing but a press of the bell asks for notifications, and without it none are shown", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const page = await listener(room, { granted: true });
  assert.equal(await isOn(page), "false");
  await setHidden(page, true);
  await hears(page, bia, "alguém aí?");
  await setHidden(page, false);
  await page.getByRole("link", { name: "Sala 2" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: room }).waitFor();
  assert.deepEqual([await asked(page), await notices(page)], [0, []]);
  await bell(page).click();
  await page.getByText("Você vai receber um aviso").waitFor();
  assert.deepEqual([await asked(page), await isOn(page)], [1, "true"]);
});

test("43 one notice a room: the newest message in the place of the one before, gone when one looks", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const page = await listener(room, { granted: true });
  await bell(page).click();
  await page.locator(".icon-btn[aria-pressed=true]", { has: page.locator("use[href='#bell-on']") }).waitFor();
  await hears(page, bia, "enquanto se olha, nada");
  await setHidden(page, true);
  await hears(page, bia, "primeira");
  await page.waitForFunction(() => window.notices.length === 1);
  await hears(page, bia, "segunda");
  await page.waitForFunction(() => window.notices.length === 2);
  const tag = `papo:${room}`;
  assert.deepEqual((await notices(page)).map(({ title, body, tag }) => ({ title, body, tag })), [
    { title: room, body: "Bia Lima: primeira", tag },
    { title: `(2) ${room}`, body: "Bia Lima: segunda", tag },
  ]);
  await setHidden(page, false);
  assert.equal((await notices(page)).at(-1).closed, true);
});

test("43 each room has a bell of its own, which stays as it was left", async () => {
  const room = freshRoom();
  const page = await listener(room, { granted: true });
  await bell(page).click();
  await page.waitForFunction(() => document.querySelector(".tools [aria-pressed=true] use[href='#bell-on']"));
  await page.getByRole("link", { name: "Sala 2" }).click();
  await page.getByRole("heading", { level: 1, name: "Sala 2" }).waitFor();
  assert.equal(await isOn(page), "false");
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: room }).waitFor();
  assert.equal(await isOn(page), "true");
  await page.reload();
  await joined(page);
  assert.deepEqual([await isOn(page), await asked(page)], ["true", 0]);
  await bell(page).click();
  await page.reload();
  await joined(page);
  assert.equal(await isOn(page), "false");
});

test("43 somebody who looks at the room in another tab gets no notice", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const page = await listener(room, { granted: true });
  await bell(page).click();
  await page.getByText("Você vai receber um aviso").waitFor();
  const other = await page.context().newPage();
  await other.goto(`${papo.url}/rooms/${room}`);
  await joined(other);
  await setHidden(page, true);
  await hears(page, bia, "lido na outra aba");
  await setHidden(other, true);
  await hears(page, bia, "lido em nenhuma");
  await page.waitForFunction(() => window.notices.length > 0);
  assert.deepEqual((await notices(page)).map(({ body }) => body), ["Bia Lima: lido em nenhuma"]);
});

test("43 where a page may not show notices, as on Android, a helper does, and takes them away when one looks", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { context } = await papo.newcomer("Ana Souza");
  await context.grantPermissions(["notifications"], { origin: papo.url });
  await context.addInitScript(() => {
    window.Notification = new Proxy(Notification, { construct() { throw new TypeError("Illegal constructor"); } });
  });
  const page = await context.newPage();
  await page.goto(`${papo.url}/rooms/${room}`);
  await joined(page);
  await bell(page).click();
  await page.getByText("Você vai receber um aviso").waitFor();
  const shown = () => page.evaluate(async () => {
    const all = await navigator.serviceWorker.getRegistrations();
    const notices = await Promise.all(all.map((registration) => registration.getNotifications()));
    return notices.flat().map(({ title, body, tag }) => ({ title, body, tag }));
  });
  const until = async (count) => {
    for (;;) if ((await shown()).length === count) return;
  };
  await setHidden(page, true);
  await hears(page, bia, "do celular");
  await until(1);
  assert.deepEqual(await shown(), [{ title: room, body: "Bia Lima: do celular", tag: `papo:${room}` }]);
  await setHidden(page, false);
  await until(0);
  // Nothing stands between the page and the server.
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/")) ?? navigator.serviceWorker.controller ?? "none"), "none");
});

test("43 a browser that says no is believed, and it is said", async () => {
  const page = await listener(freshRoom(), { granted: false });
  await bell(page).click();
  await page.getByText("O navegador não deixa o Papo avisar").waitFor();
  assert.deepEqual([await asked(page), await isOn(page)], [1, "false"]);
});
