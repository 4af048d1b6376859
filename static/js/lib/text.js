// What a text becomes on the screen: its links, its code, and whether it is nothing but emoji.

const CANDIDATE = /(?:https?:\/\/|www\.)[^\s<>"'`\u201c\u201d]+/gi;
const TRAILING = /[.,;:!?\u2026*_~|]+$/;
const CLOSERS = { ")": "(", "]": "[", "}": "{" };
const EMOJI_MOST = 8;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u;

function count(text, char) {
  return text.split(char).length - 1;
}

/** Takes off what belongs to the sentence: a full stop, a bracket that was not opened in the link. */
function withoutTail(url) {
  let before;
  do {
    before = url;
    url = url.replace(TRAILING, "");
    const opener = CLOSERS[url.at(-1)];
    if (opener && count(url, url.at(-1)) > count(url, opener)) url = url.slice(0, -1);
  } while (url !== before);
  return url;
}

function hrefOf(url) {
  const full = /^www\./i.test(url) ? `https://${url}` : url;
  try {
    const parsed = new URL(full);
    const known = parsed.protocol === "http:" || parsed.protocol === "https:";
    const reachable = parsed.hostname.includes(".") || parsed.hostname.startsWith("[") || parsed.hostname === "localhost";
    return known && reachable ? parsed.href : null;
  } catch {
    return null;
  }
}

/** The parts of `text` in order: `{text}` or `{text, href}`; joined, their texts are the text. */
export function linkify(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const start = match.index;
    if (start > 0 && /[\p{L}\p{N}@]/u.test(text[start - 1])) continue;
    const url = withoutTail(match[0]);
    const href = hrefOf(url);
    if (!href) continue;
    if (start > end) parts.push({ text: text.slice(end, start) });
    parts.push({ text: url, href });
    end = start + url.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Code between single backticks in a line, or between three of them over lines, with the breaks around such a block. */
const CODE = /\n?```\n?([^]+?)\n?```\n?|`([^`\n]+)`/g;

/** The parts of `text` in order: as `linkify` gives them, and `{text, code: "line" | "block"}`. The backticks around code are left out. */
export function partsOf(text) {
  if (!text.includes("`")) return linkify(text);
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    const [whole, block, line] = match;
    if ((block ?? line).trim() === "") continue;
    parts.push(...linkify(text.slice(end, match.index)), { text: block ?? line, code: block === undefined ? "line" : "block" });
    end = match.index + whole.length;
  }
  return [...parts, ...linkify(text.slice(end))];
}

const graphemeSegmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

function graphemes(text) {
  return graphemeSegmenter ? Array.from(graphemeSegmenter.segment(text), (part) => part.segment) : [...text];
}

/** True for one to eight emoji and blanks, and nothing else. */
export function isEmojiOnly(text) {
  // Most texts have a letter, and are not looked at any closer.
  if (text.length > EMOJI_MOST * 30 || /\p{L}/u.test(text)) return false;
  const bare = text.replace(/\s+/g, "");
  if (bare === "" || bare.length > EMOJI_MOST * 14) return false;
  const parts = graphemes(bare);
  return parts.length <= EMOJI_MOST && parts.every((part) => EMOJI.test(part));
}
