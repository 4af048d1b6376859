// Signing in, registering, staying signed in, signing out: rules 1 to 8.

import assert from "node:assert/strict";
import test from "node:test";
import { PASSWORD, bubble, composer, enter, freshName, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

async function fillRegister(page, { name, username, email, password }) {
  await page.fill("#name", name);
  await page.fill("#username", username);
  await page.fill("#email", email);
  await page.fill("#password", password);
  await page.locator("#register-form [type=submit]").click();
}

test("1 a visitor gets the login page, and no message reaches HTML or socket", async () => {
  const room = freshRoom();
  const { page: inside } = await papo.guest("Ana Souza", room);
  await say(inside, "isto fica entre nós");
  await ticked(inside, "isto fica entre nós");

  const visitor = await papo.visitor();
  const answer = await visitor.request.get(`${papo.url}/rooms/${room}`);
  assert.ok(!(await answer.text()).includes("isto fica entre nós"));
  for (const path of [`/api/rooms/${room}/events`, "/api/rooms", "/api/me"]) {
    const refused = await visitor.request.get(papo.url + path);
    assert.equal(refused.status(), 401, path);
    assert.ok(!(await refused.text()).includes("isto fica entre nós"), path);
  }

  const page = await visitor.newPage();
  await page.goto(`${papo.url}/rooms/${room}`);
  await page.waitForURL(`**/login?next=*`);
  await page.locator("#login-form").waitFor();
  const refused = await page.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/ws`);
    socket.onmessage = () => resolve("heard something");
    socket.onclose = ({ code }) => resolve(code);
  }));
  assert.equal(refused, 1006);
});

test("2 register with name, username, e-mail and password, land in a room", async () => {
  const page = await (await papo.visitor()).newPage();
  await page.goto(`${papo.url}/register`);
  const username = freshName("marina");
  await fillRegister(page, { name: "Marina Castro", username, email: `${username}@exemplo.com.br`, password: PASSWORD });
  await page.waitForURL("**/rooms/*");
  await joined(page);
  await page.locator(".me", { hasText: `@${username}` }).waitFor();
});

test("3 errors stand under their field, the focus is on the first, the values are kept", async () => {
  const { user } = await papo.newcomer("Ana Souza");
  const page = await (await papo.visitor()).newPage();
  await page.goto(`${papo.url}/register`);
  await fillRegister(page, { name: "Ana", username: user.username, email: "marina", password: "curta" });
  await page.locator("#email[aria-invalid=true]").waitFor();
  for (const field of ["email", "password"]) {
    assert.equal(await page.locator(`#${field}`).getAttribute("aria-invalid"), "true", field);
    const describedBy = await page.locator(`#${field}`).getAttribute("aria-describedby");
    assert.ok(describedBy.split(" ").includes(`${field}-error`));
    assert.notEqual(await page.locator(`#${field}-error`).innerText(), "");
    const [input, error] = [await page.locator(`#${field}`).boundingBox(), await page.locator(`#${field}-error`).boundingBox()];
    assert.ok(error.y >= input.y + input.height && error.y < input.y + input.height + 20, `the error of ${field} stands under it`);
  }
  const first = await page.locator("[aria-invalid=true]").first().getAttribute("id");
  assert.equal(await page.evaluate(() => document.activeElement.id), first);
  const kept = await page.$$eval("#name, #username, #email, #password", (inputs) => inputs.map(({ value }) => value));
  assert.deepEqual(kept, ["Ana", user.username, "marina", "curta"]);

  await fillRegister(page, { name: "Ana", username: user.username, email: `${freshName("x")}@exemplo.com.br`, password: PASSWORD });
  await page.locator("#username[aria-invalid=true]").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "username");
  assert.equal(await page.locator("#email").getAttribute("aria-invalid"), null);

  await page.goto(`${papo.url}/login`);
  await page.fill("#login", user.username);
  await page.fill("#password", "não é essa");
  await page.locator("#login-form [type=submit]").click();
  await page.locator("#password-error:not([hidden])").waitFor();
  assert.equal(await page.inputValue("#login"), user.username);
  assert.equal(await page.locator("#password").getAttribute("aria-invalid"), "true");
  assert.equal(await page.evaluate(() => document.activeElement.id), "password");
});

test("4 the fields say to password managers what they are", async () => {
  const page = await (await papo.visitor()).newPage();
  const names = () => page.$$eval("form input:not([type=hidden])", (inputs) => inputs.map(({ autocomplete }) => autocomplete));
  await page.goto(`${papo.url}/login`);
  assert.deepEqual(await names(), ["username", "current-password"]);
  await page.goto(`${papo.url}/register`);
  assert.deepEqual(await names(), ["name", "username", "email", "new-password"]);
});

test("5 the forms work without JavaScript", async () => {
  const page = await (await papo.visitor({ javaScriptEnabled: false })).newPage();
  const username = freshName("semjs");
  await page.goto(`${papo.url}/register`);
  // The browser checks the form of the address by itself; this one is refused by the server.
  await fillRegister(page, { name: "Sem Script", username, email: `${username}@exemplo.com.br`, password: "curta" });
  await page.locator("#password[aria-invalid=true]").waitFor();
  assert.notEqual(await page.locator("#password-error").innerText(), "");
  assert.equal(await page.inputValue("#name"), "Sem Script");
  assert.equal(await page.inputValue("#password"), "");
  await page.fill("#password", PASSWORD);
  await page.locator("#register-form [type=submit]").click();
  await page.waitForURL("**/rooms/*");
  assert.ok((await page.locator("noscript").innerText()).includes("JavaScript"));

  const other = await (await papo.visitor({ javaScriptEnabled: false })).newPage();
  await other.goto(`${papo.url}/login`);
  await other.fill("#login", username);
  await other.fill("#password", "errada mesmo");
  await other.locator("#login-form [type=submit]").click();
  await other.locator("#password-error:not([hidden])").waitFor();
  await other.fill("#password", PASSWORD);
  await other.locator("#login-form [type=submit]").click();
  await other.waitForURL("**/rooms/*");
});

test("6 after a reload, or closing and reopening the tab, one is still signed in, in the same room", async () => {
  const room = freshRoom();
  const { context, page } = await papo.guest("Ana Souza", room);
  await page.reload();
  await joined(page);
  assert.ok(page.url().endsWith(`/rooms/${room}`));
  await page.close();
  // A browser that is closed keeps what has an end, and nothing else.
  const session = (await context.cookies()).find(({ httpOnly }) => httpOnly);
  assert.ok(session.expires > Date.now() / 1000 + 86_400, "the sign-in outlives the browser");
  const again = await context.newPage();
  await again.goto(papo.url);
  await joined(again);
  assert.ok(again.url().endsWith(`/rooms/${room}`));
});

test("7 signing out in one tab takes the other out within 2 s, its socket closed", async () => {
  const room = freshRoom();
  const { context, page } = await papo.guest("Ana Souza", room);
  const other = await context.newPage();
  const closed = new Promise((resolve) => other.on("websocket", (socket) => socket.on("close", resolve)));
  await other.goto(`${papo.url}/rooms/${room}`);
  await joined(other);
  await say(page, "até logo");
  await bubble(other, "até logo").waitFor();
  await composer(other).fill("ainda escrevendo");

  await page.getByRole("button", { name: "Sair" }).click();
  const at = Date.now();
  await other.getByText("Sua sessão acabou").waitFor({ timeout: 2000 });
  await closed;
  assert.ok(Date.now() - at < 2000);
  assert.equal(await bubble(other, "até logo").count(), 0);
  assert.equal(await composer(other).count(), 0);
  await page.waitForURL("**/login");
  assert.ok((await other.getByRole("link", { name: "Entrar" }).getAttribute("href")).startsWith("/login?next="));
});

test("8 a second tab brings no second welcome and no second person", async () => {
  const room = freshRoom();
  const { page: watcher } = await papo.guest("Bia Lima", room);
  const { context } = await papo.guest("Ana Souza", room);
  await watcher.locator(".sys", { hasText: "Ana Souza entrou" }).waitFor();
  const second = await enter(context, papo.url, room);
  await say(second, "segunda aba");
  await bubble(watcher, "segunda aba").waitFor();
  assert.equal(await watcher.locator(".sys").count(), 1);
  assert.equal(await watcher.locator(".people .row").count(), 2);
  assert.equal(await second.locator(".people .row").count(), 2);
});
