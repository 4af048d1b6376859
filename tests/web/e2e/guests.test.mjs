// Guests: a name and nothing else, from the sign-in page to the end of the visit.

import assert from "node:assert/strict";
import test from "node:test";
import { bubble, freshName, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage({ args: ["--guests"] });

const wish = async (page, name) => {
  await page.fill("#username", name);
  await page.getByRole("button", { name: "Entrar como visitante" }).click();
};

/** Somebody at the sign-in page, on the way to `room`. */
async function atTheDoor(room, options) {
  const page = await (await papo.visitor(options)).newPage();
  await page.goto(`${papo.url}/login?next=/rooms/${room}`);
  return page;
}

/** A guest with this name in `room`. */
async function visitor(name, room, options) {
  const page = await atTheDoor(room, options);
  await wish(page, name);
  await page.waitForURL(`**/rooms/${room}`);
  await joined(page);
  return page;
}

test("3 37 on a phone an error is in view with its field, above the edge of the screen", async () => {
  const { user } = await papo.newcomer("Ana Souza");
  const page = await atTheDoor("sala-1", { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  // As with the key of a keyboard on the glass: nothing else scrolls the page.
  await page.fill("#username", user.username);
  await page.press("#username", "Enter");
  const error = page.locator("#username-error:not([hidden])");
  await error.waitFor();
  const { y, height } = await error.boundingBox();
  assert.ok(y + height <= 640, `${y + height} px`);
});

test("a guest comes in with a name, talks, and is told as a guest", async () => {
  const room = freshRoom();
  const name = freshName("ana");
  const { page: joao } = await papo.guest("João Pedro", room);
  const ana = await visitor(name, room);
  await ana.locator(".me", { hasText: "Visitante" }).waitFor();
  await say(ana, "oi, só de passagem");
  await ticked(ana, "oi, só de passagem");
  await bubble(joao, "oi, só de passagem").waitFor();
  const row = joao.locator(".people .row", { hasText: name });
  await row.getByText("Visitante").waitFor();
  await row.click();
  const dialog = joao.getByRole("dialog");
  await dialog.getByText("Entrou sem conta").waitFor();
  assert.equal(await dialog.getByText("E-mail").count(), 0);
  await ana.reload();
  await joined(ana);
  await ana.locator(".msg.own", { has: bubble(ana, "oi, só de passagem") }).waitFor();
});

test("a name that is taken, or looks like it, is refused under the field and kept there; when it is free it is accepted", async () => {
  const room = freshRoom();
  const name = freshName("nina");
  const first = await visitor(name, room);
  const second = await atTheDoor(room);
  for (const [wanted, why] of [[name, "Esse usuário já existe."], [name.replace("a", "а"), "Esse nome é parecido demais"], ["a b", "Há um caractere"], ["", "Preencha"]]) {
    await wish(second, wanted);
    await second.locator("#username-error", { hasText: why }).waitFor();
    assert.equal(await second.inputValue("#username"), wanted);
    assert.equal(await second.evaluate(() => document.activeElement.id), "username");
  }
  await first.getByRole("button", { name: "Sair" }).click();
  await first.waitForURL("**/login");
  await wish(second, name);
  await second.waitForURL(`**/rooms/${room}`);
  await joined(second);
});

test("a guest whose name was taken over while the line was lost is told so; its words are not the next one's", async () => {
  const room = freshRoom();
  const name = freshName("caio");
  const { page: joao } = await papo.guest("João Pedro", room);
  const first = await visitor(name, room);
  await say(first, "já volto");
  await ticked(first, "já volto");
  await first.context().setOffline(true);

  // The seat is given up when the line was lost for long enough, and the name with it.
  await joao.locator(".sys", { hasText: `${name} perdeu a conexão` }).waitFor();
  const second = await visitor(name, room);
  await first.context().setOffline(false);
  await first.getByText("O nome de visitante fica livre").waitFor();
  assert.equal(await second.getByText("Sua sessão acabou").count(), 0);
  assert.ok((await first.getByRole("link", { name: "Entrar" }).getAttribute("href")).startsWith("/login?next="));

  // What the former one said is not one's own, and whoever looks up its author finds nobody.
  assert.equal(await second.locator(".msg.own").count(), 0);
  for (const page of [joao, second]) {
    await page.locator(".msg", { has: bubble(page, "já volto") }).locator(".who").click();
    await page.getByRole("dialog").getByText("Esta pessoa já saiu").waitFor();
  }
});

test("a guest may not send files: nothing offers it, and a dropped file is told why", async () => {
  const guest = await visitor(freshName("lia"), freshRoom());
  assert.equal(await guest.getByRole("button", { name: "Anexar arquivos" }).count(), 0);
  await guest.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["oi"], "nota.txt", { type: "text/plain" }));
    for (const type of ["dragenter", "dragover", "drop"]) dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  });
  await guest.getByText("Visitantes não enviam arquivos aqui.").waitFor();
});

test("a guest opens a room by name; it goes when it is empty", async () => {
  const guest = await visitor(freshName("rui"), freshRoom());
  await guest.getByRole("button", { name: "Nova sala" }).click();
  await guest.getByText("A sala some quando ficar vazia.").waitFor();
  const title = `Roda ${freshName("x")}`;
  await guest.getByLabel("Nome da sala").fill(title);
  await guest.keyboard.press("Enter");
  await guest.getByRole("heading", { level: 1, name: title }).waitFor();
  await guest.waitForURL(`**/rooms/${title.toLowerCase().replace(" ", "-")}`);
});

test("the session of a guest that is over says what becomes of the name", async () => {
  const room = freshRoom();
  const guest = await visitor(freshName("eva"), room);
  const other = await guest.context().newPage();
  await other.goto(`${papo.url}/rooms/${room}`);
  await joined(other);
  await guest.getByRole("button", { name: "Sair" }).click();
  await other.getByText("Sua sessão acabou").waitFor();
  await other.getByText("O nome de visitante fica livre").waitFor();
  // Chromium may never end a context whose page is just leaving for another.
  await guest.waitForURL("**/login*");
});

test("the form of guests works without JavaScript", async () => {
  const room = freshRoom();
  const name = freshName("semjs");
  const first = await atTheDoor(room, { javaScriptEnabled: false });
  await wish(first, name);
  await first.waitForURL(`**/rooms/${room}`);
  const second = await atTheDoor(room, { javaScriptEnabled: false });
  await wish(second, name);
  await second.locator("#username-error", { hasText: "Esse usuário já existe." }).waitFor();
  assert.equal(await second.inputValue("#username"), name);
  await second.getByRole("link", { name: "English" }).click();
  await second.getByRole("button", { name: "Come in as a guest" }).waitFor();
});
