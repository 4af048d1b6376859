// The texts of the interface, from the same Fluent files that the server reads.

import { FluentBundle, FluentResource, html, signal } from "../../vendor/papo-vendor.js";

export const LANGUAGES = ["pt-BR", "en"];

/** The language on the screen: a component that calls `t` is drawn again when it changes. */
export const language = signal("pt-BR");
const bundle = signal(null);

// Marks around an argument that shall be set in bold; they are in no text that people write.
const OPEN = "\u0001";
const CLOSE = "\u0002";

/** Fetches the texts of `tag` and shows them. Rejects if they cannot be fetched; nothing has changed then. */
export async function loadLanguage(tag) {
  const response = await fetch(new URL(`../../i18n/${tag}.ftl`, import.meta.url));
  if (!response.ok) throw new Error(`texts for ${tag}: ${response.status}`);
  const next = new FluentBundle(tag, { useIsolating: false });
  next.addResource(new FluentResource(await response.text()));
  bundle.value = next;
  language.value = tag;
  document.documentElement.lang = tag;
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
