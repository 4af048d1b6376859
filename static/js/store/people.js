// Who is in the room, and who of them is typing. Pure functions over plain lists.

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
