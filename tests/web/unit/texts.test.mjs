// The texts: both languages have the same keys and variables, and every key that is used is there.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { FluentBundle, FluentResource } from "../../../static/vendor/papo-vendor.js";

const ROOT = new URL("../../../", import.meta.url);
const read = (path) => readFile(new URL(path, ROOT), "utf8");

/** `[path below static/, source]` of every module but the vendored one. */
async function sources() {
  const folders = ["store", "components", "pages", "lib", "net"].map((name) => `js/${name}`);
  const names = (await Promise.all(folders.map(async (folder) => (await readdir(fileURLToPath(new URL(`static/${folder}`, ROOT)))).map((name) => `${folder}/${name}`)))).flat();
  return Promise.all(names.map(async (name) => [name, await read(`static/${name}`)]));
}

/** The modules that the chat page asks for at once. */
async function firstLoad() {
  const html = await read("templates/chat.html");
  return new Set([...html.matchAll(/href="\/assets\/\{\{ build \}\}\/(js\/[^"]+)"/g)].map(([, path]) => path).concat("js/pages/chat.js"));
}

function entries(ftl) {
  const found = new Map();
  let key = "";
  for (const line of ftl.split("\n")) {
    const match = /^([a-z0-9-]+) =/.exec(line);
    if (match) {
      key = match[1];
      assert.equal(found.has(key), false, `${key} twice`);
      found.set(key, new Set());
    }
    if (key) for (const [, name] of line.matchAll(/\{ \$([a-z]+)/g)) found.get(key).add(name);
  }
  return found;
}

/** What is on the pages, on the first screen of the chat, and over it. */
const FOLDERS = ["", "chat/", "over/"];
const TEXTS = Object.fromEntries(await Promise.all(["pt-BR", "en"].map(async (tag) => [
  tag, await Promise.all(FOLDERS.map((folder) => read(`static/i18n/${folder}${tag}.ftl`))),
])));
const [pages, chat, over] = TEXTS["pt-BR"].map(entries);
const all = new Map([...over, ...chat, ...pages]);

test("both languages have the same keys with the same variables, file by file", () => {
  for (const [i, text] of TEXTS["pt-BR"].entries()) {
    const [pt, en] = [entries(text), entries(TEXTS.en[i])];
    assert.deepEqual([...pt.keys()], [...en.keys()]);
    for (const [key, names] of pt) assert.deepEqual([...names].sort(), [...en.get(key)].sort(), key);
  }
});

test("every text can be read and formatted, and says the same wherever it stands", () => {
  for (const [tag, texts] of Object.entries(TEXTS)) {
    const said = new Map();
    for (const text of texts) {
      const bundle = new FluentBundle(tag, { useIsolating: false });
      assert.deepEqual(bundle.addResource(new FluentResource(text)), []);
      for (const [key, names] of entries(text)) {
        for (const count of [0, 1, 2, 5]) {
          const errors = [];
          const sentence = bundle.formatPattern(bundle.getMessage(key).value, Object.fromEntries([...names].map((name) => [name, count])), errors);
          assert.deepEqual(errors, [], `${tag} ${key}`);
          assert.equal(said.get(key + count) ?? sentence, sentence, `${tag} ${key}`);
          said.set(key + count, sentence);
        }
      }
    }
  }
});

/** Keys that are put together from a part that varies. */
const BUILT = /^(?:kind|pref-theme|error-\d+)-/;

function keysOf(source) {
  const found = new Set();
  for (const [, key] of source.matchAll(/\bt(?:Bold)?\(\s*"([a-z0-9-]+)"/g)) found.add(key);
  for (const [, key] of source.matchAll(/(?<!class=)"((?:typing|sys|why|problem|message|attach|day|people|field)-[a-z-]+)"/g)) found.add(key);
  return found;
}

test("every key that is used is in a file that is there when it is used", async () => {
  const templates = (await Promise.all(["base", "login", "register", "chat", "error"].map((name) => read(`templates/${name}.html`)))).join("\n");
  const drawn = [...templates.matchAll(/t\.get\("([a-z0-9-]+)"\)/g)].map(([, key]) => key);
  assert.deepEqual(drawn.filter((key) => !pages.has(key)), []);
  const first = await firstLoad();
  for (const [name, source] of await sources()) {
    const here = first.has(name) ? chat : all;
    assert.deepEqual([...keysOf(source)].filter((key) => !here.has(key)), [], name);
  }
});

test("no key of the chat is there for nobody", async () => {
  const js = (await sources()).map(([, source]) => source).join("\n");
  const unused = [...chat.keys(), ...over.keys()].filter((key) => !BUILT.test(key) && !js.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});
