// The browser's Back with something over the room: rules 10, 33, 37.

import assert from "node:assert/strict";
import test from "node:test";
import { dusk, png } from "../support/files.mjs";
import { bubble, enter, joined, say, ticked } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();
const picture = { name: "praia.png", mimeType: "image/png", buffer: png(320, 240, dusk) };
const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };

const inRoom = (page, title) => page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
const rooms = (page) => page.getByRole("complementary", { name: "Salas" });
const people = (page) => page.getByRole("complementary", { name: "Pessoas na sala" });

/** Someone who was in Sala 2 and is in a room with a picture now. */
async function withPicture() {
  const room = freshRoom();
  const { page } = await papo.guest("Ana Souza", "sala-2");
  await page.goto(`${papo.url}/rooms/${room}`);
  await joined(page);
  await page.locator("input[type=file]").setInputFiles([picture]);
  await page.locator(".chip").getByText("pronto").waitFor();
  await say(page, "olha");
  await ticked(page, "olha");
  await page.locator(".shot.there").waitFor();
  return { page, room };
}

test("33 Back closes the picture and stays in the room; the next Back leaves the room", async () => {
  const { page, room } = await withPicture();
  const dialog = page.getByRole("dialog", { name: "Imagem" });
  await page.locator(".shot").click();
  await dialog.waitFor();
  assert.ok(page.url().endsWith(`/rooms/${room}`));
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  await bubble(page, "olha").waitFor();
  assert.ok(page.url().endsWith(`/rooms/${room}`));
  await page.goBack();
  await page.waitForURL("**/rooms/sala-2");
});

test("33 a picture that was closed by Esc leaves no step behind", async () => {
  const { page } = await withPicture();
  for (let i = 0; i < 2; i += 1) {
    await page.locator(".shot").click();
    await page.getByRole("dialog", { name: "Imagem" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Imagem" }).waitFor({ state: "detached" });
  }
  await page.goBack();
  await page.waitForURL("**/rooms/sala-2");
});

test("33 a page loaded anew under a picture leaves no step behind", async () => {
  const { page } = await withPicture();
  await page.locator(".shot").click();
  await page.getByRole("dialog", { name: "Imagem" }).waitFor();
  await page.reload();
  await joined(page);
  await page.waitForFunction(() => !history.state?.layer);
  await page.goBack();
  await page.waitForURL("**/rooms/sala-2");
});

test("37 Back closes a drawer; from a room chosen in a drawer it leads to the room before", async () => {
  const { page } = await papo.guest("Ana Souza", "sala-1", PHONE);
  await page.getByRole("button", { name: "Abrir as salas" }).tap();
  await rooms(page).waitFor();
  await page.goBack();
  await rooms(page).waitFor({ state: "hidden" });
  await inRoom(page, "Sala 1");

  await page.getByRole("button", { name: "Abrir as salas" }).tap();
  await rooms(page).getByRole("link", { name: "Sala 3" }).tap();
  await inRoom(page, "Sala 3");
  await page.waitForURL("**/rooms/sala-3");
  await rooms(page).waitFor({ state: "hidden" });
  await page.goBack();
  await inRoom(page, "Sala 1");
  await page.waitForURL("**/rooms/sala-1");
  assert.equal(await rooms(page).isVisible(), false);
});

test("37 Back closes one layer after the other: a profile over the drawer, then the drawer", async () => {
  const room = freshRoom();
  const { page } = await papo.guest("Ana Souza", room, PHONE);
  await page.getByRole("button", { name: "Mostrar as pessoas na sala" }).tap();
  await people(page).locator(".row", { hasText: "Ana Souza" }).tap();
  const dialog = page.getByRole("dialog", { name: "Ana Souza" });
  await dialog.waitFor();
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  await people(page).waitFor();
  await page.goBack();
  await people(page).waitFor({ state: "hidden" });
  await inRoom(page, room);
});

test("14 from a room made in a dialog over a drawer Back leads to the room before", async () => {
  const { context } = await papo.newcomer("Ana Souza", PHONE);
  const page = await enter(context, papo.url, "sala-2");
  const title = `Voltas ${process.pid}`;
  await page.getByRole("button", { name: "Abrir as salas" }).tap();
  await page.getByRole("button", { name: "Nova sala" }).tap();
  await page.getByLabel("Nome da sala").fill(title);
  await page.keyboard.press("Enter");
  await inRoom(page, title);
  await page.waitForURL(`**/rooms/voltas-${process.pid}`);
  await page.goBack();
  await inRoom(page, "Sala 2");
});
