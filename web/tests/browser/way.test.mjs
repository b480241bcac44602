// The whole way, from a double click to reports whose bytes are the command line's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { FILES, folder, give, go, idle, LONG, opened, PAGE, PLAN, PYTHON, ROOT, saved, SHEETS, SKIP, started } from "./opened.mjs";

let browser;
let page;
let wrong;
before(async () => {
  if (SKIP) return;
  browser = await started();
  ({ page, wrong } = await opened(browser));
}, LONG);
after(() => browser?.close());
const options = { ...LONG, skip: SKIP };

const cell = (student, title) => {
  return page.evaluate(
    ([student, title]) => {
      const heads = [...document.querySelectorAll(".grid thead th")].map((one) => one.innerText.trim().replace(/ [▲▼]$/, ""));
      const row = [...document.querySelectorAll(".grid tbody tr")].find((one) => one.firstChild?.textContent === student);
      return row?.children[heads.indexOf(title)]?.textContent;
    },
    [student, title],
  );
};

test("the shipped example is graded at one click", options, async () => {
  await page.click(".way >> nth=0");
  await idle(page);
  assert.match(await page.innerText(".summary"), /30 students, 20 passed, 7 failed, 3 incomplete/);
  assert.equal(await cell("0000004", "grade"), "4");
  assert.deepEqual(wrong, []);
});

test("a score is edited by keyboard, the class is graded again, and what changed is marked", options, async () => {
  await page.focus('.grid [data-row="3"][data-column="0"]');
  const heads = await page.$$eval(".grid thead th", (all) => all.map((one) => one.innerText.trim()));
  for (let step = 0; step < heads.indexOf("Yksilötyöt"); step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".grid tr.changed") !== null);
  assert.equal(await cell("0000004", "grade"), "5 was 4");
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.row), "4");
  assert.match(await page.innerText(".edits"), /Esimerkki, Eero \(0000004\), Yksilötyöt: 3 → 5/);
  await page.click(".edits button >> nth=0");
  await page.waitForFunction(() => document.querySelector(".grid tr.changed") === null);
  assert.equal(await cell("0000004", "grade"), "4");
});

const AS_ODS = `
import sys; sys.path.insert(0, "tests")
import workbook_builders as made
from kurssi.sheets.table_files import read_tables
(table,), _ = read_tables("a.csv", open(sys.argv[1], "rb").read())
rows = ["".join(made.text_cell(str(cell)) for cell in row.cells) for row in table.rows]
content = made.content_xml("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
open(sys.argv[2], "wb").write(made.ods(content))
`;

test("scores of a format that cannot be written are edited, too, and go out as .xlsx", options, async () => {
  const fresh = await opened(browser);
  const here = folder();
  execFileSync(PYTHON, ["-c", AS_ODS, FILES[1], join(here, "arvostelu.ods")], { cwd: ROOT });
  await give(fresh.page, [FILES[0], join(here, "arvostelu.ods"), FILES[2]]);
  await go(fresh.page, "class");
  await fresh.page.dblclick('.grid [data-row="3"] >> nth=6');
  await fresh.page.keyboard.type("5");
  await fresh.page.keyboard.press("Enter");
  await fresh.page.waitForFunction(() => document.querySelector(".grid tr.changed") !== null);
  assert.match(await fresh.page.innerText(".edits"), /arvostelu.ods is saved as arvostelu.xlsx/);
  const downloads = [];
  fresh.page.on("download", (download) => downloads.push(download));
  await fresh.page.click(".edits button.main");
  await fresh.page.waitForFunction(() => document.querySelectorAll(".main-part > [role=status] p").length === 2);
  await idle(fresh.page);
  assert.deepEqual(downloads.map((one) => one.suggestedFilename()).sort(), ["arvostelu.xlsx", "changes.csv"]);
  for (const one of downloads) await one.saveAs(join(here, one.suggestedFilename()));
  copyFileSync(FILES[0], join(here, PLAN));
  copyFileSync(FILES[2], join(here, SHEETS[1]));
  const given = ["grade", PLAN, "arvostelu.xlsx", SHEETS[1], "-o", "natively.csv"];
  execFileSync(PYTHON, ["-m", "kurssi", ...given], { cwd: here, stdio: "ignore" });
  assert.match(readFileSync(join(here, "natively.csv"), "utf8"), /0000004.*;5;/);
  await go(fresh.page, "reports");
  const path = await saved(fresh.page, () => fresh.page.locator(".report", { hasText: "Table (CSV)" }).click());
  assert.ok(readFileSync(path).equals(readFileSync(join(here, "natively.csv"))), "a report of what was edited");
  assert.deepEqual(fresh.wrong, []);
  await fresh.page.context().close();
});

test("a score that cannot be read is said, and the class stays", options, async () => {
  await page.dblclick('.grid [data-row="3"] >> nth=6');
  await page.keyboard.type("9");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".book [role=alert] .findings");
  assert.ok((await page.$$(".grid tbody tr")).length > 10);
  await page.click(".edits button >> nth=0");
  await page.waitForFunction(() => document.querySelector(".book [role=alert]") === null);
});

test("a click on a grade shows every step, and a step leads to its rule", options, async () => {
  await page.click(".grid td.grade >> nth=3");
  await page.waitForSelector("dialog[open] .verdict");
  assert.match(await page.innerText("dialog[open]"), /0\.40 × 4 .* = 3\.8/s);
  await page.click("dialog[open] dd button >> nth=0");
  assert.equal(await page.isVisible(".plan .cm-editor"), true);
  assert.match(await page.innerText(".cm-activeLine"), /group_work/);
  await go(page, "class");
});

test("who would move under another rule", options, async () => {
  await page.selectOption(".what-if select", "grace");
  await page.fill(".what-if input[type=range]", "2");
  await page.waitForSelector(".what-if ul");
  assert.match(await page.innerText(".what-if"), /3 grades would move/);
  await page.selectOption(".what-if select", "deduction");
  await page.fill(".what-if input[type=range]", "-80");
  await page.waitForSelector(".what-if ul");
  assert.match(await page.innerText(".what-if"), /20 % of the deduction\s+\d grades would move/);
});

test("each part and each group in figures, as in the reports", options, async () => {
  const tables = await page.$$eval(".figures-table", (all) => all.map((one) => one.innerText));
  assert.equal(tables.length, 2);
  assert.match(tables[0], /part\s+results\s+mean\s+median/);
  assert.match(tables[0], /Yksilötyöt\s+\d+/);
});

test("findings while somebody writes, with a fix at a click", options, async () => {
  const path = join(folder(), PLAN);
  writeFileSync(path, readFileSync(FILES[0], "utf8").replace("retakes: 2", "retake: 2"));
  await give(page, [path]);
  await go(page, "plan");
  await page.waitForSelector(".beside .findings .error");
  await page.click('.beside .findings button:text("Write “retakes”")');
  await page.waitForFunction(() => document.querySelector(".beside .findings .error") === null);
  await page.click(".cm-content");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nnonsense: 1");
  await page.waitForSelector(".beside .findings .error");
  await page.waitForSelector(".cm-lintRange-error");
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector(".beside .findings .error") === null);
  assert.deepEqual(wrong, []);
});

test("keys are completed from the schema", options, async () => {
  await page.click(".cm-content");
  await page.keyboard.press("Control+Home");
  for (let line = 0; line < 5; line++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("prere");
  await page.keyboard.press("Control+Space");
  await page.waitForSelector(".cm-tooltip-autocomplete");
  assert.match(await page.innerText(".cm-tooltip-autocomplete"), /prerequisites/);
  await page.keyboard.press("Escape");
});

const DAY = "2024-05-20";
const REPORTS = [
  ["Workbook with formulas", "KH00BT03-2024.xlsx", ["grade", PLAN, ...SHEETS]],
  ["Table (CSV)", "KH00BT03-2024.csv", ["grade", PLAN, ...SHEETS]],
  ["Text (Markdown)", "KH00BT03-2024.md", ["grade", PLAN, ...SHEETS]],
  ["Everything, to be verified", "KH00BT03-2024.json", ["grade", PLAN, ...SHEETS]],
  ["Lock", "KH00BT03-2024.lock", ["lock", PLAN, ...SHEETS]],
  ["For Peppi", "KH00BT03-2024-peppi.csv", ["grade", PLAN, ...SHEETS, "--list", "peppi"]],
  ["To publish", "KH00BT03-2024-public.csv", ["grade", PLAN, ...SHEETS, "--list", "public"]],
  ["For Sisu", "KH00BT03-2024-sisu.csv", ["grade", PLAN, ...SHEETS, "--list", "sisu", "--date", DAY]],
  ["Calendar", "KH00BT03-2024.ics", ["plan", PLAN]],
  ["Workbook to enter scores in", "KH00BT03-2024-sheet.xlsx", ["sheet", PLAN]],
  ["Course page", "KH00BT03-2024-page.html", ["plan", PLAN]],
  ["What the rules can do", "KH00BT03-2024-policy.html", ["policy", PLAN]],
  ["Hours", "KH00BT03-2024-hours.md", ["workload", PLAN]],
];

test("every report has the bytes of the command line", options, async () => {
  const fresh = await opened(browser);
  await give(fresh.page, FILES);
  const here = folder();
  for (const file of FILES) {
    const copy = join(here, basename(file));
    copyFileSync(file, copy);
    utimesSync(copy, statSync(file).atime, statSync(file).mtime);
  }
  await go(fresh.page, "reports");
  await fresh.page.fill(".day input", DAY);
  for (const [title, name, line] of REPORTS) {
    const button = fresh.page.locator(".report", { hasText: title }).first();
    const path = await saved(fresh.page, () => button.click());
    assert.equal(basename(path), name);
    execFileSync(PYTHON, ["-m", "kurssi", ...line, "-o", name, "--force"], { cwd: here, stdio: "ignore" });
    assert.ok(readFileSync(path).equals(readFileSync(join(here, name))), name);
  }
  const path = await saved(fresh.page, () => fresh.page.locator(".report", { hasText: "A page for each student" }).click());
  execFileSync(PYTHON, ["-m", "zipfile", "-e", path, join(here, "out")]);
  execFileSync(PYTHON, ["-m", "kurssi", "grade", PLAN, ...SHEETS, "--feedback", "students", "--date", DAY], { cwd: here, stdio: "ignore" });
  const names = readdirSync(join(here, "students")).sort();
  assert.ok(names.length >= 30);
  assert.deepEqual(readdirSync(join(here, "out/students")).sort(), names);
  for (const name of names) {
    assert.ok(readFileSync(join(here, "out/students", name)).equals(readFileSync(join(here, "students", name))), name);
  }
  assert.deepEqual(fresh.wrong, []);
  await fresh.page.context().close();
});

/** A browser's dialog for files, which no test can answer: one that says yes, no, and that it must be asked again. */
function fakePicker() {
  window.asked = [];
  window.kept = {};
  window.answer = "yes";
  window.showSaveFilePicker = async ({ suggestedName }) => {
    window.asked.push(suggestedName);
    if (window.answer !== "yes") throw new window.DOMException("", window.answer);
    const write = async (bytes) => (window.kept[suggestedName] = new window.TextDecoder().decode(bytes));
    return { name: suggestedName, createWritable: async () => ({ write, close: async () => undefined }) };
  };
}

test("a file is written where the person chooses, once they say so, and is a download until then", options, async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const made = await context.newPage();
  await made.addInitScript(fakePicker);
  await made.goto(`file://${PAGE}`);
  await give(made, FILES);
  await go(made, "plan");
  const save = made.locator(".plan .tools button.main");
  assert.equal(basename(await saved(made, () => save.click())), PLAN);
  assert.deepEqual(await made.evaluate(() => window.asked), []);
  await made.check(".tick input");
  await save.click();
  await made.waitForSelector(`.plan .tools [role=status]:has-text("${PLAN} is saved")`);
  assert.equal(await made.evaluate((name) => window.kept[name], PLAN), readFileSync(FILES[0], "utf8"));
  await save.click();
  await idle(made);
  assert.deepEqual(await made.evaluate(() => window.asked), [PLAN], "the second time nobody is asked");
  await go(made, "reports");
  await made.evaluate(() => (window.answer = "AbortError"));
  await made.click('.report:has-text("Hours")');
  await made.waitForSelector('.said:has-text("is not saved")');
  await made.evaluate(() => (window.answer = "SecurityError"));
  await made.click('.report:has-text("Hours")');
  await made.waitForSelector('.said button:has-text("Save KH00BT03-2024-hours.md")');
  await made.evaluate(() => (window.answer = "yes"));
  await made.click(".said button");
  await made.waitForSelector('.said:has-text("KH00BT03-2024-hours.md is saved")');
  await made.evaluate(() => (window.answer = "NotAllowedError"));
  assert.match(await saved(made, () => made.click('.report:has-text("Calendar")')), /\.ics$/, "what was made is not lost");
  await context.close();
});
