// Reads an OpenAPI description: what there is by area, what a schema asks for, what a request looks like.

const METHODS = ["get", "post", "put", "patch", "delete"];
/** So deep an example goes: a schema may lead back to itself. */
const DEPTH_MAX = 8;

/** `[{name, description, operations}]` in the order of the description; an operation knows its `method`, `path` and `id`. */
export function areas(api) {
  const operations = Object.entries(api.paths).flatMap(([path, item]) => METHODS
    .filter((method) => item[method])
    .map((method) => ({ ...item[method], method, path, id: item[method].operationId })));
  return (api.tags ?? []).map(({ name, description }) => ({
    name, description, operations: operations.filter(({ tags }) => tags?.[0] === name),
  }));
}

/** The schema that `schema` refers to, with what is said of it in this place. */
export function resolved(api, schema = {}) {
  if (!schema.$ref) return schema;
  const { $ref, ...here } = schema;
  const target = $ref.split("/").slice(1).reduce((place, part) => place?.[part], api);
  return { ...resolved(api, target), ...here };
}

/** The name of the schema that `schema` refers to, or "". */
export const nameOf = (schema) => schema?.$ref?.split("/").at(-1) ?? "";

/** All properties of an object, those of its parts too: `[name, schema, required]`. */
export function properties(api, schema) {
  const whole = resolved(api, schema);
  const own = Object.entries(whole.properties ?? {}).map(([name, of]) => [name, of, (whole.required ?? []).includes(name)]);
  const parts = (whole.allOf ?? []).flatMap((part) => properties(api, part));
  // What is said later of a property narrows what was said before.
  const merged = new Map();
  for (const [name, of, required] of [...parts, ...own]) {
    const before = merged.get(name);
    merged.set(name, [name, before ? { ...resolved(api, before[1]), ...of } : of, required || (before?.[2] ?? false)]);
  }
  return [...merged.values()];
}

/** What kind of value it is, in a few words. */
export function kind(api, schema) {
  const whole = resolved(api, schema);
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.anyOf || whole.oneOf) return (whole.anyOf ?? whole.oneOf).map((one) => nameOf(one) || kind(api, one)).join(" | ");
  const type = [whole.type ?? (whole.allOf || whole.properties ? "object" : "any")].flat().filter((one) => one !== "null").join(" | ");
  if (type === "array") return `${nameOf(whole.items) || kind(api, whole.items)}[]`;
  return type;
}

/** What a value has to keep to: `["2–32", "/^…$/"]`. */
export function limits(api, schema) {
  const whole = resolved(api, schema);
  const span = (min, max) => (min === undefined && max === undefined ? [] : [max === undefined ? `≥ ${min}` : min === undefined ? `≤ ${max}` : `${min}–${max}`]);
  return [
    ...(whole.enum ? [whole.enum.map((one) => JSON.stringify(one)).join(" | ")] : []),
    ...span(whole.minLength, whole.maxLength),
    ...span(whole.minimum, whole.maximum),
    ...span(whole.minItems, whole.maxItems),
    ...(whole.format && !/^u?int/.test(whole.format) ? [whole.format] : []),
    ...(whole.default === undefined ? [] : [`= ${JSON.stringify(whole.default)}`]),
    ...(whole.pattern ? [`/${whole.pattern}/`] : []),
  ];
}

/** A value that `schema` could have, to begin with. */
export function example(api, schema, depth = 0) {
  const whole = resolved(api, schema);
  if (whole.example !== undefined) return whole.example;
  if (whole.examples?.length) return whole.examples[0];
  if (whole.default !== undefined) return whole.default;
  if (whole.enum) return whole.enum[0];
  if (depth > DEPTH_MAX) return null;
  const type = [whole.type].flat()[0];
  if (type === "array") return [example(api, whole.items, depth + 1)];
  if (type === "object" || whole.allOf || whole.properties) {
    return Object.fromEntries(properties(api, schema).filter(([, , required]) => required).map(([name, of]) => [name, example(api, of, depth + 1)]));
  }
  return { integer: 0, number: 0, boolean: false }[type] ?? "";
}

/** `{type, schema}` of the body an operation takes, or null. */
export function bodyOf({ requestBody }) {
  const [found] = Object.entries(requestBody?.content ?? {});
  return found ? { type: found[0], schema: found[1].schema } : null;
}

/** What is to be sent: `{method, url, headers, body}`. `values` are those of the parameters by name; an empty one is left out. */
export function request(operation, { values = {}, body, token = "" }) {
  const given = (operation.parameters ?? []).filter(({ name }) => (values[name] ?? "") !== "");
  const of = (place) => given.filter((parameter) => parameter.in === place).map(({ name }) => [name, values[name]]);
  const path = of("path").reduce((text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(value)), operation.path);
  const query = new URLSearchParams(of("query")).toString();
  const headers = { accept: "application/json", ...Object.fromEntries(of("header")) };
  if (token) headers.authorization = `Bearer ${token}`;
  const type = bodyOf(operation)?.type;
  // The boundary between files is the browser's to choose.
  if (body !== undefined && type && type !== "multipart/form-data") headers["content-type"] = type;
  return { method: operation.method.toUpperCase(), url: query ? `${path}?${query}` : path, headers, body };
}

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

/** The same request for a shell; what the browser adds by itself, the cookie, is not in it. */
export function curl(origin, { method, url, headers, body }) {
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}${quoted(origin + url)}`];
  for (const [name, value] of Object.entries(headers)) if (name !== "accept") lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (typeof body === "string") lines.push(`-d ${quoted(body)}`);
  if (body instanceof FormData) for (const [name, file] of body) lines.push(`-F ${quoted(`${name}=@${file.name}`)}`);
  return lines.join(" \\\n  ");
}
