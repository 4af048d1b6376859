// What pages may load, and that they do not complain: rule 44.

import assert from "node:assert/strict";
import test from "node:test";
import { dusk, png, zip } from "../support/files.mjs";
import { joined, say } from "../support/people.mjs";
import { freshRoom, useStage } from "../support/stage.mjs";

const papo = useStage({ args: ["--guests"] });

test("44 no CSP violation and no console error on any page, and the policy allows nothing inline", async () => {
  // What goes wrong fails this test, as any other, when its people leave: see support/stage.mjs.
  const visitor = await (await papo.visitor()).newPage();
  const { page } = await papo.guest("Ana Souza", freshRoom());
  const policy = async (on, path) => (await on.goto(papo.url + path)).headers()["content-security-policy"];
  const pages = [[visitor, "/login"], [visitor, "/register"], [visitor, "/nada-aqui"], [visitor, "/api/docs"], [page, "/numbers"], [page, "/rooms/sala-1"], [page, "/rooms/sala-2"]];
  for (const [on, path] of pages) {
    const rules = await policy(on, path);
    assert.match(rules, /default-src 'none'/, path);
    assert.match(rules, /script-src 'self'(?:;|$)/, path);
    assert.match(rules, /style-src 'self'(?:;|$)/, path);
    assert.doesNotMatch(rules, /unsafe-/, path);
    await on.waitForLoadState("networkidle");
  }
  await joined(page);
  await page.locator("input[type=file]").setInputFiles([
    { name: "praia.png", mimeType: "image/png", buffer: png(320, 240, dusk) },
    { name: "festa.zip", mimeType: "application/zip", buffer: zip("festa.txt", 2000) },
  ]);
  await say(page, "com anexos");
  await page.locator("a.file").waitFor();
  await page.locator(".shot.there").click();
  for (const opener of ["Preferências", "Nova sala"]) {
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: opener }).click();
  }
  await page.getByRole("dialog").waitFor();
});
