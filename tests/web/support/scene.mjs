// What the pictures of shots.mjs need: a clock that the viewers believe, pictures to send, the fonts of a desktop.

import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PICTURES = new URL("pictures/", import.meta.url);
/** São Paulo is three hours behind UTC all the year. */
const ZONE = "-03:00";

/**
 * A clock for the viewers: `at("18:03")` sets it, `watch(context)` lets a context see it. What is said is dated by this
 * clock on their screens, so that a picture shows an evening's talk and not the second in which it was taken.
 */
export function sceneClock() {
  const today = new Date().toISOString().slice(0, 10);
  const contexts = [];
  const said = new Map();
  let now = 0;

  /** The moment of a text: when it was first heard of. */
  const momentOf = (text) => said.get(text) ?? said.set(text, now).get(text);

  function date(object, sent) {
    if (object.type === "message") object.sent_at = momentOf(object.text);
    if (object.type === "ok" && sent.has(object.id)) object.sent_at = momentOf(sent.get(object.id));
    for (const event of object.events ?? []) event.sent_at = momentOf(event.text);
    return object;
  }

  return {
    async at(time) {
      now = Date.parse(`${today}T${time}:00${ZONE}`);
      await Promise.all(contexts.map((context) => context.clock.setFixedTime(now)));
    },
    /** With `mute`, what is said in this context never reaches the server. */
    async watch(context, { mute = false } = {}) {
      contexts.push(context);
      await context.clock.setFixedTime(now);
      await context.routeWebSocket("**/ws", (page) => {
        const server = page.connectToServer();
        const sent = new Map();
        page.onMessage((frame) => {
          const command = JSON.parse(frame);
          if (command.type === "send" && mute) return;
          if (command.type === "send") sent.set(command.id, command.text);
          server.send(frame);
        });
        server.onMessage((frame) => page.send(frame.split("\n").filter(Boolean).map((line) => JSON.stringify(date(JSON.parse(line), sent))).join("\n")));
      });
    },
  };
}

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
