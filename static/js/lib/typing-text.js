// Who is typing, as a sentence: which one, and its names.

import { firstName } from "./person.js";

/** First names, but whole names where two would read the same. */
function shortNames(names) {
  const firsts = names.map(firstName);
  return names.map((name, i) => (firsts.filter((first) => first === firsts[i]).length > 1 ? name : firsts[i]));
}

/** `null` for nobody, otherwise `{key, names: {a, b, c}, count}` for the translation. */
export function typingText(fullNames) {
  const [a, b, c] = shortNames(fullNames);
  switch (fullNames.length) {
    case 0: return null;
    case 1: return { key: "typing-one", names: { a } };
    case 2: return { key: "typing-two", names: { a, b } };
    case 3: return { key: "typing-three", names: { a, b, c } };
    default: return { key: "typing-many", names: { a, b }, count: fullNames.length - 2 };
  }
}
