// What messages carry, looked at: rule 33.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { choose, parcel, picture, ready } from "../support/attaching.mjs";
import { sweet } from "../support/files.mjs";
import { say } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage();

async function send(page, files, text = "") {
  await choose(page, files);
  for (const { name } of files) await ready(page, name);
  await say(page, text);
}

/** As large in bytes as photographs are, so that a small copy is worth it. */
const noise = () => [0, 0, 0].map(() => Math.floor(Math.random() * 256));
const photo = (name) => picture(name, { paint: noise, width: 1000, height: 800 });

const lightbox = (page) => page.getByRole("dialog", { name: "Imagem" });
const focused = (locator) => locator.evaluate((element) => element === document.activeElement);

test("33 a preview is the small copy of the server, the lightbox shows the whole picture", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await send(bia, [photo("grande.png")]);
  await page.locator(".shot.there").waitFor();
  const whole = await page.locator(".shot").getAttribute("href");
  const preview = await page.locator(".shot img").evaluate((image) => ({ path: new URL(image.src).pathname, width: image.naturalWidth }));
  assert.notEqual(preview.path, whole);
  assert.ok(preview.width <= 640, `${preview.width} px`);
  assert.ok(!asked.includes(whole), "the whole picture is not asked for before it is looked at");
  await page.locator(".shot").click();
  await lightbox(page).locator(".picture.there").waitFor();
  assert.equal(await lightbox(page).getByRole("img", { name: "grande.png" }).evaluate((image) => image.naturalWidth), 1000);
});

test("33 a preview that is gone gives way to the picture itself; a picture that is gone is said so", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  await page.route("**/static/*", async (route) => {
    const whole = await page.locator(".shot").first().getAttribute("href");
    if (route.request().url().endsWith(whole)) await route.continue();
    else await route.abort();
  });
  await send(bia, [photo("grande.png")]);
  await page.locator(".shot.there").waitFor();
  assert.equal(await page.locator(".shot img").evaluate((image) => image.naturalWidth), 1000);
  await page.unroute("**/static/*");
  await page.route("**/static/*", (route) => route.abort());
  await send(bia, [photo("some.png")]);
  await page.getByText("imagem indisponível").waitFor();
});

test("33 the lightbox by keyboard: Enter opens, arrows, Home and End go through, Tab stays inside, Esc closes, the focus returns", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  await send(bia, [picture("praia.png"), picture("doce.png", { paint: sweet }), picture("fim.png")]);
  await page.locator(".shot.there").nth(2).waitFor();
  const first = page.getByRole("link", { name: "Abrir a imagem praia.png" });
  await first.focus();
  await page.keyboard.press("Enter");
  const shows = (n) => lightbox(page).getByText(`${n} de 3`).waitFor();
  await shows(1);
  for (const [key, n] of [["ArrowRight", 2], ["ArrowRight", 3], ["ArrowRight", 3], ["ArrowLeft", 2], ["Home", 1], ["ArrowLeft", 1], ["End", 3]]) {
    await page.keyboard.press(key);
    await shows(n);
  }
  // Each press counts, however fast they come.
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await shows(3);
  const stops = new Set();
  for (let i = 0; i < 8; i += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => [document.activeElement.closest("dialog") !== null || document.activeElement === document.body, document.activeElement.getAttribute("aria-label")]);
    assert.equal(stop[0], true, `the focus left the dialog for ${stop[1]}`);
    stops.add(stop[1]);
  }
  for (const name of ["Baixar", "Fechar", "Imagem anterior", "Próxima imagem"]) assert.ok(stops.has(name), `Tab reaches ${name}`);
  await lightbox(page).getByRole("button", { name: "Imagem anterior" }).click();
  await shows(2);
  const [download] = await Promise.all([page.waitForEvent("download"), lightbox(page).getByRole("link", { name: "Baixar" }).click()]);
  assert.equal(download.suggestedFilename(), "doce.png");
  await page.keyboard.press("Escape");
  await lightbox(page).waitFor({ state: "detached" });
  assert.ok(await focused(first));
});

test("33 a double click on a preview opens the picture, and it stays open; a click beside it closes it; a swipe goes on", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  await send(bia, [picture("praia.png"), picture("doce.png", { paint: sweet })]);
  await page.locator(".shot.there").nth(1).waitFor();
  await page.locator(".shot").first().dblclick();
  await lightbox(page).locator(".picture.there").waitFor();
  assert.ok(await lightbox(page).isVisible());
  const swipe = (from, to) => lightbox(page).locator(".stage").evaluate((stage, [from, to]) => {
    stage.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "touch", clientX: from, bubbles: true }));
    stage.dispatchEvent(new PointerEvent("pointerup", { pointerType: "touch", clientX: to, bubbles: true }));
  }, [from, to]);
  await swipe(300, 100);
  await lightbox(page).getByText("2 de 2").waitFor();
  await swipe(100, 300);
  await lightbox(page).getByText("1 de 2").waitFor();
  await lightbox(page).locator(".stage").click({ position: { x: 200, y: 20 } });
  await lightbox(page).waitFor({ state: "detached" });
});

test("33 one image and ten have their place before they are loaded, and lie in tidy rows", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  // The code for images is there.
  await send(bia, [picture("antes.png")]);
  await page.locator(".shot.there").waitFor();
  let release;
  const gate = new Promise((resolve) => { release = resolve; });
  await page.route("**/static/*", async (route) => {
    await gate;
    await route.continue();
  });
  await send(bia, [picture("uma.png", { width: 640, height: 320 })], "uma só");
  await send(bia, Array.from({ length: 10 }, (_, i) => picture(`foto ${i}.png`, { paint: i % 2 ? sweet : undefined, width: 200 + 40 * i, height: 240 })), "dez");
  await page.locator(".shot").nth(11).waitFor();
  const boxes = () => page.locator(".shot").evaluateAll((all) => all.slice(1).map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  }));
  const before = await boxes();
  release();
  await page.locator(".shot.there").nth(11).waitFor();
  assert.deepEqual(await boxes(), before);

  const [one, ...ten] = before;
  assert.deepEqual(one.slice(2), [320, 160]);
  const rows = Map.groupBy ? [...Map.groupBy(ten, ([, y]) => y).values()] : Object.values(ten.reduce((all, box) => ({ ...all, [box[1]]: [...(all[box[1]] ?? []), box] }), {}));
  assert.deepEqual(rows.map((row) => row.length), [2, 2, 3, 3]);
  const edges = rows.map((row) => [row[0][0], row.at(-1)[0] + row.at(-1)[2]]);
  for (const [left, right] of edges) {
    assert.ok(Math.abs(left - edges[0][0]) <= 1 && Math.abs(right - edges[0][1]) <= 1, `a row from ${left} to ${right}, the first from ${edges[0]}`);
  }
  for (const row of rows) assert.ok(row.every(([, , width, height]) => Math.abs(width - row[0][2]) <= 1 && height === row[0][3]), "equal in a row");
});

test("33 other files are cards with type, name and size; a click downloads them as they were", async () => {
  const room = freshRoom();
  const { page: bia } = await papo.guest("Bia Lima", room);
  const { page } = await papo.guest("Ana Souza", room);
  const sent = parcel("\"><img src=x onerror=alert(1)>.zip", 300_000);
  await choose(bia, [sent]);
  await bia.locator(".chip").getByText("pronto").waitFor();
  await say(bia, "e o resto");
  const card = page.locator("a.file");
  await card.getByText("ZIP", { exact: true }).waitFor();
  // A browser writes the quotation mark of a file name as %22.
  await card.getByText(/^(?:"|%22)><img src=x onerror=alert\(1\)>\.zip$/).waitFor();
  await card.getByText("293 kB · compactado").waitFor();
  assert.equal(await page.locator(".file img").count(), 0);
  const [file] = await Promise.all([page.waitForEvent("download"), card.click()]);
  assert.deepEqual(await readFile(await file.path()), sent.buffer);
});
