// What the page of the API reads off the description, and the requests it makes of it.

import assert from "node:assert/strict";
import test from "node:test";
import { areas, bodyOf, curl, example, kind, limits, properties, request } from "../../../static/js/lib/openapi.js";

const api = {
  tags: [{ name: "rooms", description: "Where people talk" }],
  paths: {
    "/api/rooms/{id}": {
      post: {
        tags: ["rooms"],
        operationId: "post_room",
        parameters: [{ name: "id", in: "path" }, { name: "after", in: "query" }, { name: "X-Mark", in: "header" }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Room" } } } },
      },
    },
  },
  components: {
    schemas: {
      Title: { type: "string", minLength: 1, maxLength: 40, pattern: "^a" },
      Room: {
        allOf: [{ $ref: "#/components/schemas/Base" }, { type: "object", properties: { kind: { enum: ["open"] } } }],
      },
      Base: {
        type: "object",
        required: ["title", "kind"],
        properties: { title: { $ref: "#/components/schemas/Title" }, kind: { type: "string", enum: ["open", "shut"] }, tags: { type: "array", items: { $ref: "#/components/schemas/Title" } }, within: { $ref: "#/components/schemas/Room" } },
      },
    },
  },
};
const room = { $ref: "#/components/schemas/Room" };
const [{ operations: [operation] }] = areas(api);

test("operations are found by area, with their method and path", () => {
  assert.deepEqual([operation.method, operation.path, operation.id], ["post", "/api/rooms/{id}", "post_room"]);
});

test("an object has the properties of all its parts, each as narrow as it is said to be", () => {
  const found = Object.fromEntries(properties(api, room).map(([name, schema, required]) => [name, [kind(api, schema), required]]));
  assert.deepEqual(found, { title: ["string", true], kind: ["string", true], tags: ["Title[]", false], within: ["object", false] });
  assert.deepEqual(properties(api, room).find(([name]) => name === "kind")[1].enum, ["open"]);
});

test("limits are told in a few words", () => {
  assert.deepEqual(limits(api, { $ref: "#/components/schemas/Title" }), ["1–40", "/^a/"]);
  assert.deepEqual(limits(api, { type: "integer", format: "int64", minimum: 1, default: 50 }), ["≥ 1", "= 50"]);
});

test("an example has what is required, and one that leads back to itself ends", () => {
  assert.deepEqual(example(api, room), { title: "", kind: "open" });
  const endless = { components: { schemas: { A: { type: "object", required: ["a"], properties: { a: { $ref: "#/components/schemas/A" } } } } } };
  assert.ok(JSON.stringify(example(endless, { $ref: "#/components/schemas/A" })).includes("null"));
});

test("a request has its parameters in their places, and leaves out what is empty", () => {
  const made = request(operation, { values: { id: "são joão/1", after: "7" }, body: "{}", token: "abc" });
  assert.deepEqual(made, {
    method: "POST", url: "/api/rooms/s%C3%A3o%20jo%C3%A3o%2F1?after=7", body: "{}",
    headers: { accept: "application/json", authorization: "Bearer abc", "content-type": "application/json" },
  });
  assert.equal(request(operation, { values: { id: "a", after: "" } }).url, "/api/rooms/a");
  assert.equal(request(operation, { values: { id: "a", "X-Mark": "m" } }).headers["X-Mark"], "m");
});

test("the boundary of an upload is the browser's to choose", () => {
  const upload = { ...operation, requestBody: { content: { "multipart/form-data": {} } } };
  assert.equal(bodyOf(upload).type, "multipart/form-data");
  assert.equal(request(upload, { body: new FormData() }).headers["content-type"], undefined);
});

test("a shell gets the same request, whatever is in it", () => {
  const line = curl("http://here", { method: "POST", url: "/x", headers: { accept: "a", authorization: "Bearer t" }, body: "{\"a\":\"it's\"}" });
  assert.equal(line, "curl -X POST 'http://here/x' \\\n  -H 'authorization: Bearer t' \\\n  -d '{\"a\":\"it'\\''s\"}'");
});
