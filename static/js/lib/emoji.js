// Whether a message is nothing but a few emoji, which are shown large.

const MOST = 8;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u;

function graphemes(text) {
  if (typeof Intl.Segmenter !== "function") return [...text];
  return Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), (part) => part.segment);
}

/** True for one to eight emoji and blanks, and nothing else. */
export function isEmojiOnly(text) {
  const bare = text.replace(/\s+/g, "");
  if (bare === "" || bare.length > MOST * 14) return false;
  const parts = graphemes(bare);
  return parts.length <= MOST && parts.every((part) => EMOJI.test(part));
}
