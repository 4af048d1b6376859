// Rules of lib/text.js and lib/people.js: what texts and names become.

import assert from "node:assert/strict";
import test from "node:test";
import { firstName, hueClass, initials, typingText } from "../../../static/js/lib/people.js";
import { isEmojiOnly, linkify, partsOf } from "../../../static/js/lib/text.js";

const links = (text) => linkify(text).filter(({ href }) => href).map(({ text: shown, href }) => [shown, href]);

test("http, https and www are links", () => {
  assert.deepEqual(links("veja http://a.br e HTTPS://b.br/x?y=1#z ou www.c.br"), [
    ["http://a.br", "http://a.br/"],
    ["HTTPS://b.br/x?y=1#z", "https://b.br/x?y=1#z"],
    ["www.c.br", "https://www.c.br/"],
  ]);
});

test("the end of a sentence and a bracket around a link are no part of it", () => {
  assert.deepEqual(links("(veja https://a.br/x), https://b.br/p_(q)! https://c.br…").map(([shown]) => shown), ["https://a.br/x", "https://b.br/p_(q)", "https://c.br"]);
});

test("javascript:, data:, markup and bare words are text", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "<b>oi</b>", "\"><img src=x onerror=alert(1)>", "ola.br", "xhttp://a.br", "https://", "www.", "http://a"]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("a link ends where markup begins", () => {
  assert.deepEqual(links("https://a.br/\"><img src=x>").map(([shown]) => shown), ["https://a.br/"]);
});

test("the parts joined are the text", () => {
  for (const text of ["", "oi", "https://a.br", "a https://a.br. b\nwww.c.br!"]) {
    assert.equal(linkify(text).map((part) => part.text).join(""), text);
  }
});

test("what stands between backticks is code, in a line or as a block, and nothing in it is a link", () => {
  assert.deepEqual(partsOf("rode `papo --help` já"), [{ text: "rode " }, { text: "papo --help", code: "line" }, { text: " já" }]);
  assert.deepEqual(partsOf("veja\n```\nfn a() {\n  b\n}\n```\npronto"), [{ text: "veja" }, { text: "fn a() {\n  b\n}", code: "block" }, { text: "pronto" }]);
  assert.deepEqual(partsOf("`https://a.br`"), [{ text: "https://a.br", code: "line" }]);
  assert.deepEqual(partsOf("``` <b>x</b> ```"), [{ text: " <b>x</b> ", code: "block" }]);
});

test("a backtick without another, or with nothing after it, stays as it is", () => {
  for (const text of ["o `acento", "``", "```", "` `", "```\n\n```", "a ` b\n` c"]) {
    assert.deepEqual(partsOf(text).map((part) => [part.text, part.code]), [[text, undefined]], text);
  }
});

test("one to eight emoji alone are emoji only", () => {
  for (const text of ["😀", "🎉😄", "👩‍👩‍👧‍👦", "👍🏽", "🇧🇷", "❤️", "1️⃣", "😀 😀\n😀"]) assert.equal(isEmojiOnly(text), true, text);
  for (const text of ["", "   ", "oi 😀", "42", "#", "©", "😀".repeat(9), ":-)"]) assert.equal(isEmojiOnly(text), false, text);
});

test("one, two, three, four and more are typing", () => {
  assert.equal(typingText([]), null);
  assert.deepEqual(typingText(["Ana Souza"]), { key: "typing-one", names: { a: "Ana" } });
  assert.deepEqual(typingText(["Ana Souza", "Bia Lima"]), { key: "typing-two", names: { a: "Ana", b: "Bia" } });
  assert.equal(typingText(["Ana", "Bia", "Caio"]).key, "typing-three");
  assert.deepEqual(typingText(["Ana", "Bia", "Caio", "Davi", "Edu"]), { key: "typing-many", names: { a: "Ana", b: "Bia" }, count: 3 });
});

test("two with the same first name are told apart", () => {
  assert.deepEqual(typingText(["Ana Souza", "Ana Lima"]).names, { a: "Ana Souza", b: "Ana Lima" });
});

test("initials, first names and colours", () => {
  assert.deepEqual(["Ana Souza", "rafa", "João da Silva", "  ", "Ñ"].map(initials), ["AS", "RA", "JS", "?", "Ñ"]);
  assert.equal(firstName("  Ana Souza "), "Ana");
  for (const username of ["ana", "bia", "marina", "rafa", "jp", "x".repeat(40)]) {
    assert.match(hueClass(username), /^h[1-8]$/);
    assert.equal(hueClass(username), hueClass(username));
  }
});
