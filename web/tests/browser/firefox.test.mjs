// The whole way in Firefox: from a double click to a report with the bytes of the command line.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { FIREFOX, Firefox } from "./firefox.mjs";
import { FILES, folder, LONG, PAGE, PLAN, PYTHON, SHEETS } from "./opened.mjs";

const NONE = FIREFOX === undefined ? "no Firefox: apt-get install firefox-esr" : existsSync(PAGE) ? false : "no dist/app/kurssi.html: make app";
let firefox;
before(async () => {
  if (!NONE) firefox = await Firefox.started();
}, LONG);
after(() => firefox?.close());

test("in Firefox, from a double click to a report with the bytes of the command line", { ...LONG, skip: NONE }, async () => {
  await firefox.open(`file://${PAGE}`);
  await firefox.until('document.querySelector(".way") !== null');
  await firefox.click(".way");
  await firefox.until('/30 students, 20 passed, 7 failed, 3 incomplete/.test(document.querySelector(".summary").textContent)');
  await firefox.click('nav button[data-view="reports"]');
  await firefox.click(".downloads li:nth-child(2) .report");
  const made = join(firefox.folder, "KH00BT03-2024.csv");
  const end = Date.now() + LONG.timeout;
  while (!(existsSync(made) && statSync(made).size > 0) && Date.now() < end) await new Promise((done) => setTimeout(done, 100));
  await firefox.until('document.body.dataset.busy === "false"');
  const here = folder();
  for (const file of FILES) copyFileSync(file, join(here, basename(file)));
  execFileSync(PYTHON, ["-m", "kurssi", "grade", PLAN, ...SHEETS, "-o", "natively.csv"], { cwd: here, stdio: "ignore" });
  assert.ok(readFileSync(made).equals(readFileSync(join(here, "natively.csv"))));
  const wrong = firefox.events.filter(({ method, params }) => {
    if (method === "log.entryAdded") return ["error", "warn"].includes(params.level);
    return params.context === firefox.context && !/^(file|blob|data):/.test(params.request.url);
  });
  assert.deepEqual(wrong, []);
});
