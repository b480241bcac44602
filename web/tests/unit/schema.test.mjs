import assert from "node:assert/strict";
import { test } from "node:test";
import { loaded } from "../loaded.mjs";

const { Schema, spotAt } = await loaded("schema.ts");

function spot(text) {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes("|"));
  const column = lines[line].indexOf("|");
  lines[line] = lines[line].replace("|", "");
  return spotAt(lines, line, column);
}

const CASES = [
  ["kur|", [], null],
  ["course:\n  co|", ["course"], null],
  ["course:\n  code: |", ["course"], "code"],
  ["assessment:\n  parts:\n    - id: exam\n      we|", ["assessment", "parts", "-"], null],
  ["assessment:\n  parts:\n    - id: essay\n      weight: 40\n    - i|", ["assessment", "parts", "-"], null],
  ["assessment:\n  parts:\n  - id: essay\n  - id: exam\n    we|", ["assessment", "parts", "-"], null],
  ["assessment:\n  parts:\n    - {id: exam, we|", ["assessment", "parts", "-"], null],
  ["assessment:\n  parts:\n    - {id: exam, graded: |", ["assessment", "parts", "-"], "graded"],
  ["assessment:\n  late: {free: {bu|", ["assessment", "late", "free"], null],
  ["assessment:\n  parts:\n    - id: a\n      parts:\n        - id: b\n          we|", ["assessment", "parts", "-", "parts", "-"], null],
  ["course:\n  code: X\n# note\n\nimplementation:\n  id: Y\n  ti|", ["implementation"], null],
];

for (const [text, path, key] of CASES) {
  test(`the place in ${JSON.stringify(text)}`, () => assert.deepEqual(spot(text), { path, key }));
}

const SHAPE = {
  properties: { course: { $ref: "#/definitions/Course" }, parts: { anyOf: [{ items: { $ref: "#/definitions/Part" } }, { type: "null" }] } },
  definitions: {
    Course: { properties: { code: { description: "The code." } } },
    Part: { properties: { graded: { enum: ["grade", "points"] }, criteria: { additionalProperties: { properties: { text: {} } } } } },
  },
};

test("keys, values and help come from the schema", () => {
  const schema = new Schema(SHAPE);
  assert.deepEqual(schema.keys([]).map((key) => key.name), ["course", "parts"]);
  assert.deepEqual(schema.values(["parts", "-", "graded"]), ["grade", "points"]);
  assert.equal(schema.help(["course", "code"]), "The code.");
  assert.deepEqual(schema.keys(["parts", "-", "criteria", "any"]).map((key) => key.name), ["text"]);
  assert.deepEqual(schema.keys(["nowhere"]), []);
});

test("a schema that refers to itself is no trap", () => {
  const schema = new Schema({ properties: { part: { $ref: "#/definitions/P" } }, definitions: { P: { anyOf: [{ $ref: "#/definitions/P" }] } } });
  assert.deepEqual(schema.keys(["part"]), []);
});
