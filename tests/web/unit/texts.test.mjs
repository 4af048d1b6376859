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

/** What is on the pages, on the first screen of the chat, over it, on the page of the API, and on that of the numbers. */
const FOLDERS = ["", "chat/", "over/", "docs/", "numbers/"];
const TEXTS = Object.fromEntries(await Promise.all(["pt-BR", "en"].map(async (tag) => [
  tag, await Promise.all(FOLDERS.map((folder) => read(`static/i18n/${folder}${tag}.ftl`))),
])));
const [pages, chat, over, docs, numbers] = TEXTS["pt-BR"].map(entries);
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

/** Every file below `folder` that ends with `ending`, as text. */
async function textsBelow(folder, ending) {
  const names = await readdir(fileURLToPath(new URL(folder, ROOT)), { recursive: true });
  return (await Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => read(`${folder}/${name}`)))).join("\n");
}

const found = (text, pattern) => [...text.matchAll(pattern)].map(([, key]) => key);

/** The keys that the server writes into its pages and answers: by name, and the error pages by their number. */
async function drawnKeys() {
  const [templates, rust] = await Promise.all([textsBelow("templates", ".html"), textsBelow("src", ".rs")]);
  const [told] = found(rust, /let told = match status \{\s*([\d |]+) =>/g);
  const errors = told.split("|").flatMap((status) => [`error-${status.trim()}-title`, `error-${status.trim()}-text`]);
  const named = [...found(templates, /\bt\.(?:get|with)\("([a-z0-9-]+)"/g), ...found(rust, /\bt\.(?:get|with)\(\s*"([a-z0-9-]+)"/g)];
  return new Set([...named, ...errors]);
}

/** The keys that the browser puts together: kinds of files, themes. */
async function builtKeys() {
  const [files, prefs] = await Promise.all([read("static/js/lib/files.js"), read("static/js/store/prefs.js")]);
  const table = /BY_EXTENSION = \{(.*?)\n\};/s.exec(files)[1];
  const kinds = [...found(table, /: "([a-z]+)"/g), ...found(/\["audio".*/.exec(files)[0], /"([a-z]+)"/g)];
  const themes = found(/THEMES = .*/.exec(prefs)[0], /"([a-z]+)"/g);
  return new Set([...kinds.map((kind) => `kind-${kind}`), ...themes.map((theme) => `pref-theme-${theme}`)]);
}

function keysOf(source) {
  return new Set([
    ...found(source, /\bt(?:Bold)?\(\s*"([a-z0-9-]+)"/g),
    ...found(source, /(?<!class=)"((?:typing|sys|why|problem|message|attach|day|people|field)-[a-z-]+)"/g),
  ]);
}

test("every key that is used is in a file that is there when it is used", async () => {
  assert.deepEqual([...await drawnKeys()].filter((key) => !pages.has(key)), []);
  assert.deepEqual([...await builtKeys()].filter((key) => !all.has(key)), []);
  const first = await firstLoad();
  for (const [name, source] of await sources()) {
    const here = /\/docs(-|\.)/.test(name) ? docs : /\/numbers?(-|\.)/.test(name) && !name.includes("/lib/") ? numbers : first.has(name) ? chat : all;
    assert.deepEqual([...keysOf(source)].filter((key) => !here.has(key)), [], name);
  }
});

test("no key is there for nobody", async () => {
  const js = (await sources()).map(([, source]) => source).join("\n");
  const [drawn, built] = [await drawnKeys(), await builtKeys()];
  const inBrowser = (key) => built.has(key) || js.includes(`"${key}"`);
  assert.deepEqual([...chat.keys(), ...over.keys(), ...docs.keys(), ...numbers.keys()].filter((key) => !inBrowser(key)), []);
  assert.deepEqual([...pages.keys()].filter((key) => !drawn.has(key) && !inBrowser(key)), []);
});
