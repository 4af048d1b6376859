// The texts: both languages have the same keys and variables, and every key that is used is there.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { FluentBundle, FluentResource } from "../../../static/vendor/papo-vendor.js";

const ROOT = new URL("../../../", import.meta.url);
const read = (path) => readFile(new URL(path, ROOT), "utf8");

async function sources() {
  const folders = ["static/js/store", "static/js/components", "static/js/pages", "static/js/lib"];
  const names = (await Promise.all(folders.map(async (folder) => (await readdir(fileURLToPath(new URL(folder, ROOT)))).map((name) => `${folder}/${name}`)))).flat();
  return (await Promise.all(names.map(read))).join("\n");
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

const pt = entries(await read("static/i18n/pt-BR.ftl"));
const en = entries(await read("static/i18n/en.ftl"));

test("both languages have the same keys with the same variables", () => {
  assert.deepEqual([...pt.keys()].sort(), [...en.keys()].sort());
  for (const [key, names] of pt) assert.deepEqual([...names].sort(), [...en.get(key)].sort(), key);
});

test("every text can be read and formatted", async () => {
  for (const tag of ["pt-BR", "en"]) {
    const bundle = new FluentBundle(tag, { useIsolating: false });
    assert.deepEqual(bundle.addResource(new FluentResource(await read(`static/i18n/${tag}.ftl`))), []);
    for (const [key, names] of pt) {
      for (const count of [0, 1, 2, 5]) {
        const errors = [];
        bundle.formatPattern(bundle.getMessage(key).value, Object.fromEntries([...names].map((name) => [name, count])), errors);
        assert.deepEqual(errors, [], `${tag} ${key}`);
      }
    }
  }
});

test("every key that is used is there", async () => {
  const js = await sources();
  const templates = (await Promise.all(["base", "login", "register", "chat", "error"].map((name) => read(`templates/${name}.html`)))).join("\n");
  const used = new Set();
  for (const [, key] of js.matchAll(/\bt(?:Bold)?\(\s*"([a-z0-9-]+)"/g)) used.add(key);
  for (const [, key] of js.matchAll(/(?<!class=)"((?:typing|sys|why|problem|message|attach|day|people|field)-[a-z-]+)"/g)) used.add(key);
  for (const [, key] of templates.matchAll(/t\.get\("([a-z0-9-]+)"\)/g)) used.add(key);
  const missing = [...used].filter((key) => !pt.has(key));
  assert.deepEqual(missing, []);
});
