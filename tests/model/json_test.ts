import { deepEqual } from "node:assert/strict";
import { recordOf } from "../../src/model/json.ts";

Deno.test("recordOf() gives an object's fields, as they are", () => {
  const fields: unknown = JSON.parse('{"a":1,"b":null,"__proto__":{"c":2}}');
  const record = recordOf(fields);
  deepEqual(Object.keys(record), ["a", "b", "__proto__"]);
  deepEqual([record["a"], record["b"], record["c"]], [1, null, undefined]);
});

Deno.test("recordOf() gives no fields when the value is no object", () => {
  for (const value of [null, undefined, 0, 1, true, "", "text"]) {
    deepEqual(recordOf(value), {}, String(value));
  }
});

Deno.test("recordOf() gives a list's items by index", () => {
  deepEqual(recordOf(["a", "b"]), { 0: "a", 1: "b" });
});
