// The HTTP side of the server: JSON in, JSON out, one kind of error.

/** `{status, code, errors, detail, retryAfterMs}`; `code` is "network" when there was no answer. */
export function problem(status, body = {}, retryAfter = null) {
  return {
    status,
    code: body.code ?? (status === 0 ? "network" : "internal"),
    detail: body.detail ?? "",
    errors: Array.isArray(body.errors) ? body.errors : [],
    retryAfterMs: body.retry_after_ms ?? (Number(retryAfter) > 0 ? Number(retryAfter) * 1000 : null),
  };
}

/** The answer's JSON (null for 204); throws a problem. */
export async function api(method, path, body) {
  const init = { method, headers: { accept: "application/json" }, credentials: "same-origin" };
  if (body !== undefined) {
    init.headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw problem(0);
  }
  const text = await response.text().catch(() => "");
  let json = null;
  try {
    json = text === "" ? null : JSON.parse(text);
  } catch {
    json = null;
  }
  if (!response.ok) throw problem(response.status, json ?? {}, response.headers.get("retry-after"));
  return json;
}
