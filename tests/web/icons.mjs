// Draws the icons of the installed app anew, from img/favicon.svg: node tests/web/icons.mjs

import { readFile, writeFile } from "node:fs/promises";
import { launch } from "./support/browser.mjs";

const IMG = new URL("../../static/img/", import.meta.url);
/** The creamy paper of the gate, tokens.css --canvas in the light. */
const PAPER = "#f6efe6";
/**
 * Share of the side that the mark takes. A maskable icon may be cut to a circle of 80 % of its side (Web App Manifest, "safe zone"),
 * and iOS cuts corners.
 */
const ICONS = [
  { name: "icon-192", side: 192, share: 1, paper: "transparent" },
  { name: "icon-512", side: 512, share: 1, paper: "transparent" },
  { name: "icon-maskable-512", side: 512, share: 0.56, paper: PAPER },
  { name: "icon-180", side: 180, share: 0.66, paper: PAPER },
];

const mark = await readFile(new URL("favicon.svg", IMG), "utf8");
const browser = await launch();
for (const { name, side, share, paper } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const width = Math.round(side * share);
  await page.setContent(`<style>body { margin: 0; height: 100vh; display: grid; place-items: center; background: ${paper} } svg { width: ${width}px }</style>${mark}`);
  await writeFile(new URL(`${name}.png`, IMG), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
