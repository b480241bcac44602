import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loaded } from "../loaded.mjs";

const source = readFileSync(join(import.meta.dirname, "../../src/words.ts"), "utf8");

test("every sentence has its fields in all three languages", () => {
  const entries = [...source.matchAll(/\[\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)",?\s*\]/g)];
  assert.ok(entries.length > 100);
  for (const [, ...texts] of entries) {
    const fields = texts.map((text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort());
    assert.deepEqual(fields[1], fields[0], texts[0]);
    assert.deepEqual(fields[2], fields[0], texts[0]);
    assert.ok(texts.every((text) => text.trim() !== ""), texts[0]);
  }
});

test("a cell of the list of changes is never a formula", async () => {
  const { quoted } = await loaded("cells.ts");
  assert.equal(quoted("=1+1"), "'=1+1");
  assert.equal(quoted("-4,5"), "-4,5");
  assert.equal(quoted("-"), "-");
  assert.equal(quoted("@x"), "'@x");
  assert.equal(quoted('a;"b"'), '"a;""b"""');
});

test("quotation marks hold words of a command together", async () => {
  const { words } = await loaded("cells.ts");
  assert.deepEqual(words(`grade a.yaml --map "Quiz: Exam=exam" 'b c'`), ["grade", "a.yaml", "--map", "Quiz: Exam=exam", "b c"]);
});

test("weeks are those of ISO 8601", async () => {
  const { weekOf } = await loaded("hours.ts");
  assert.equal(weekOf("2024-01-15"), "2024-W03");
  assert.equal(weekOf("2024-12-30"), "2025-W01");
  assert.equal(weekOf("2021-01-03"), "2020-W53");
  assert.equal(weekOf(""), "");
});
