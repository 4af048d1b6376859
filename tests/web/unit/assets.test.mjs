// The pages name what they load: preloaded modules are those that are imported, nothing is inline, nothing comes from elsewhere.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import test from "node:test";

const ROOT = new URL("../../../", import.meta.url);
const STATIC = new URL("static/", ROOT);
const read = (url) => readFile(url, "utf8");

/** Every module that `url` imports at once, itself included, as paths below static/. */
async function graph(url, seen = new Set()) {
  const path = url.href.slice(STATIC.href.length);
  if (seen.has(path)) return seen;
  seen.add(path);
  const source = await read(url);
  if (path.startsWith("vendor/")) return seen;
  for (const [, target] of source.matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)";/gms)) await graph(new URL(target, url), seen);
  return seen;
}

test("chat.html preloads exactly the modules that chat.js needs at once", async () => {
  const needed = await graph(new URL("js/pages/chat.js", STATIC));
  needed.delete("js/pages/chat.js");
  const html = await read(new URL("templates/chat.html", ROOT));
  const preloaded = [...html.matchAll(/rel="modulepreload" href="\/assets\/\{\{ build \}\}\/([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(preloaded.sort(), [...needed].sort());
});

/** What `papo load` writes is a file by itself: its style stands in it, and a policy of its own allows nothing else. */
const REPORT = "load-report.html";

test("templates have no inline script or style and load nothing from elsewhere", async () => {
  for (const name of await readdir(fileURLToPath(new URL("templates", ROOT)))) {
    let html = await read(new URL(`templates/${name}`, ROOT));
    if (name === REPORT) {
      assert.match(html, /content="default-src 'none'; style-src 'unsafe-inline'"/);
      html = html.replace(/<style>[^]*?<\/style>/, "");
    }
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)/, name);
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:/i, name);
    assert.doesNotMatch(html, /(?:href|src)="(?:https?:)?\/\//, name);
  }
});

test("no module writes HTML from a string", async () => {
  for (const folder of ["store", "net", "lib", "components", "pages"]) {
    for (const name of await readdir(fileURLToPath(new URL(`js/${folder}`, STATIC)))) {
      const source = await read(new URL(`js/${folder}/${name}`, STATIC));
      assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\(|new Function/, `${folder}/${name}`);
      assert.ok(source.startsWith("// "), `${folder}/${name} says first what it is`);
      assert.ok(source.split("\n").length < 300, `${folder}/${name} is short`);
    }
  }
});

test("the vendored module is the one that VENDOR.md describes", async () => {
  const sum = createHash("sha256").update(await readFile(new URL("vendor/papo-vendor.js", STATIC))).digest("hex");
  assert.ok((await read(new URL("vendor/VENDOR.md", STATIC))).includes(sum));
});
