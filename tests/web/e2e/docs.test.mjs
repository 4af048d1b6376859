// The page of the API: every operation can be read and tried, offline, by everyone, in both themes and languages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { dusk, png } from "../support/files.mjs";
import { freshName, PASSWORD } from "../support/people.mjs";
import { useStage } from "../support/stage.mjs";

const papo = useStage({ args: ["--guests"] });
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function docs(context, hash = "") {
  const page = await context.newPage();
  await page.goto(`${papo.url}/api/docs${hash}`);
  await page.locator(".docs-operation").first().waitFor();
  return page;
}

async function open(page, id) {
  await page.locator(`#${id} h3 button`).click();
  return page.locator(`#${id}-more`);
}

test("every operation of the description is there, for a visitor, and nothing comes from elsewhere", async () => {
  const context = await papo.visitor({ locale: "en-GB" });
  const elsewhere = [];
  context.on("request", (request) => { if (new URL(request.url()).origin !== papo.url) elsewhere.push(request.url()); });
  const page = await docs(context);
  const api = await (await fetch(`${papo.url}/api/openapi.json`)).json();
  const described = Object.entries(api.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`));
  const shown = await page.locator(".docs-operation h3 button").evaluateAll((buttons) => buttons.map((button) => `${button.children[0].textContent} ${button.children[1].textContent}`));
  assert.deepEqual(shown.sort(), described.sort());
  assert.ok(await page.getByText("Nobody is signed in in this browser.").isVisible());
  assert.deepEqual(elsewhere, []);
});

test("an account is made, a token taken over, and a request sent with it", async () => {
  const page = await docs(await papo.visitor({ locale: "en-GB" }), "#post_register");
  const register = page.locator("#post_register-more");
  const username = freshName("docs");
  await register.locator("textarea").fill(JSON.stringify({ name: "Docs", username, email: `${username}@exemplo.com.br`, password: PASSWORD }));
  await register.getByRole("button", { name: "Send" }).click();
  await register.getByText("201 Created").waitFor();
  const { token } = JSON.parse(await register.locator(".docs-answer pre").textContent());
  await page.context().clearCookies();
  await page.getByLabel("Token, to be someone else").fill(token);
  const me = await open(page, "get_me");
  await me.getByRole("button", { name: "Send" }).click();
  await me.getByText("200 OK").waitFor();
  assert.equal(JSON.parse(await me.locator(".docs-answer pre").textContent()).username, username);
  await me.getByText("curl", { exact: true }).click();
  assert.ok((await me.locator("pre").first().textContent()).includes(`authorization: Bearer ${token}`));
});

test("a picture is uploaded and looked at, and a refusal says its code", async () => {
  const { context, user } = await papo.newcomer("Ana Souza", { locale: "en-GB" });
  const page = await docs(context);
  assert.ok(await page.getByText(`@${user.username}`).isVisible());
  const uploads = await open(page, "post_uploads");
  await uploads.locator("input[type=file]").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(40, 30, dusk) });
  await uploads.getByRole("button", { name: "Send" }).click();
  await uploads.getByText("201 Created").waitFor();
  const [{ url }] = JSON.parse(await uploads.locator(".docs-answer pre").textContent());
  const file = await open(page, "get_file");
  await file.locator("#get_file-name").fill(url.split("/").at(-1));
  await file.getByRole("button", { name: "Send" }).click();
  await page.waitForFunction(() => document.querySelector("#get_file .docs-answer img")?.naturalWidth === 40);
  const events = await open(page, "get_events");
  await events.locator("#get_events-id").fill("sala-1");
  await events.getByRole("button", { name: "Send" }).click();
  await events.getByText("403 Forbidden").waitFor();
  assert.equal(JSON.parse(await events.locator(".docs-answer pre").textContent()).code, "not_in_room");
});

test("it is for everyone: both themes, a phone, all open", async () => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 360, height: 640 }]) {
    const page = await docs(await papo.visitor({ viewport }));
    assert.equal(await page.locator("h1").textContent().then((text) => text.startsWith("A API")), true);
    for (const button of await page.locator(".docs-operation h3 button").all()) await button.click();
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "nothing sticks out");
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 5).map(({ target }) => target.join(" ")).join(", ")}`);
      });
      assert.deepEqual(found, [], `${viewport.width} ${colorScheme}`);
    }
  }
});
