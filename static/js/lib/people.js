// People: their initials and colour, lists of them, and who is typing. Pure functions over plain data.

const HUES = 8;

/** The initials of a name: of the first and the last word, or two letters of a single one. */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return "?";
  const letters = words.length === 1 ? [...words[0]].slice(0, 2) : [[...words[0]][0], [...words.at(-1)][0]];
  return letters.join("").toLocaleUpperCase();
}

/** One of the eight author colours, `h1` to `h8`, always the same for a username. */
export function hueClass(username) {
  let hash = 2166136261;
  for (const char of username) hash = Math.imul(hash ^ char.codePointAt(0), 16777619) >>> 0;
  return `h${(((hash ^ (hash >>> 15)) >>> 0) % HUES) + 1}`;
}

/** "Ana" for "Ana Souza". */
export function firstName(name) {
  return name.trim().split(/\s+/u)[0] || name;
}

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

/** Members by name, as people look for them. */
export function sortMembers(members) {
  return [...members].sort((a, b) => a.name.localeCompare(b.name) || (a.username < b.username ? -1 : 1));
}

export function withMember(members, member) {
  return sortMembers([...members.filter((other) => other.username !== member.username), member]);
}

export function withoutMember(members, username) {
  return members.filter((member) => member.username !== username);
}

/** Who is typing, in the order in which they began. */
export function withTyping(typing, username, active) {
  const known = typing.includes(username);
  if (known === active) return typing;
  return active ? [...typing, username] : typing.filter((other) => other !== username);
}

/** The names of those who are typing, never one's own. */
export function typingNames(typing, members, me) {
  return typing
    .filter((username) => username !== me)
    .map((username) => members.find((member) => member.username === username)?.name ?? username);
}

/** What was said under one's own name by a guest who had it before: `~` makes it a name that nobody has, and so not one's own. */
export function formerly(event, me) {
  const { from, sent_at } = event;
  if (from?.username !== me.username || (Boolean(from.guest) === me.guest && sent_at >= me.since)) return event;
  return { ...event, from: { ...from, username: `~${from.username}` } };
}
