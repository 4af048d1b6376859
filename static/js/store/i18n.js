// The texts of the interface, as Fluent files: i18n/chat for the first screen, and with the first thing that lies over it
// i18n/over and the file that the server draws its pages from; i18n/docs for the page of the API.

import { FluentBundle, FluentResource, html, signal } from "../../vendor/papo-vendor.js";

export const LANGUAGES = ["pt-BR", "en"];
const FIRST = ["chat/"];
const MORE = ["over/", ""];

/** The language on the screen: a component that calls `t` is drawn again when it changes. */
export const language = signal("pt-BR");
const bundle = signal(null);
let folders = FIRST;

// Marks around an argument that shall be set in bold; they are in no text that people write.
const OPEN = "\u0001";
const CLOSE = "\u0002";

async function addTexts(target, tag, wanted) {
  const sources = await Promise.all(wanted.map(async (folder) => {
    const response = await fetch(new URL(`../../i18n/${folder}${tag}.ftl`, import.meta.url));
    if (!response.ok) throw new Error(`texts for ${tag}: ${response.status}`);
    return response.text();
  }));
  // A few sentences are on the page and on the screen: they are in two files, and the same.
  for (const source of sources) target.addResource(new FluentResource(source), { allowOverrides: true });
}

/** Fetches the texts of `tag` and shows them, from `wanted` folders. Rejects if they cannot be fetched; nothing has changed then. */
export async function loadLanguage(tag, wanted = folders) {
  const next = new FluentBundle(tag, { useIsolating: false });
  await addTexts(next, tag, wanted);
  bundle.value = next;
  language.value = tag;
  document.documentElement.lang = tag;
}

/** Fetches, once, the texts that the first screen does without. Rejects if they cannot be fetched. */
export async function loadMoreTexts() {
  if (folders !== FIRST) return;
  await addTexts(bundle.peek(), language.peek(), MORE);
  folders = [...FIRST, ...MORE];
}

/** The text for `key`. */
export function t(key, args) {
  const message = bundle.value?.getMessage(key);
  return message?.value ? bundle.value.formatPattern(message.value, args) : key;
}

/** The text for `key` with the arguments in `bold` set in bold: an array of texts and elements. */
export function tBold(key, bold, args = {}) {
  const marked = Object.fromEntries(
    Object.entries(bold).filter(([, value]) => value !== undefined).map(([name, value]) => [name, OPEN + value + CLOSE]),
  );
  return t(key, { ...args, ...marked })
    .split(/(\u0001[^\u0002]*\u0002)/)
    .map((part) => (part.startsWith(OPEN) ? html`<b>${part.slice(1, -1)}</b>` : part));
}
