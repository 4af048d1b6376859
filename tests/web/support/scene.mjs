// What the pictures of shots.mjs need: pictures to send, the fonts of a desktop.

import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PICTURES = new URL("pictures/", import.meta.url);

/** `pictures/<name>.svg` as the JPEG a phone would send; `bytes` makes the file as large as such files are. */
export async function photo(browser, name, { file = `${name}.jpg`, bytes = 0 } = {}) {
  const page = await browser.newPage({ viewport: { width: 960, height: 640 } });
  const svg = await readFile(new URL(`${name}.svg`, PICTURES), "utf8");
  await page.setContent(`<style>html, body { margin: 0 } svg { display: block; width: 960px; height: 640px }</style>${svg}`);
  const picture = await page.screenshot({ type: "jpeg", quality: 88 });
  await page.close();
  // What follows the end of a JPEG belongs to nobody.
  return { name: file, mimeType: "image/jpeg", buffer: Buffer.concat([picture, Buffer.alloc(Math.max(0, bytes - picture.length))]) };
}

/** The environment of a browser whose interface font is Roboto: a bare server has no desktop to ask for one. */
export async function desktopFonts() {
  const file = join(await mkdtemp(join(tmpdir(), "papo-fonts-")), "fonts.conf");
  await writeFile(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>
${["system-ui", "sans", "sans-serif"].map((family) => `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit></match>`).join("\n")}
</fontconfig>`);
  return { ...process.env, FONTCONFIG_FILE: file };
}
