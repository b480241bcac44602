// Hostile files, large classes, long work, and a server's folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createReadStream, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { FILES, folder, give, go, idle, LONG, opened, PYTHON, ROOT, saved, SKIP, started } from "./opened.mjs";

let browser;
before(async () => {
  if (!SKIP) browser = await started();
}, LONG);
after(() => browser?.close());
const options = { ...LONG, skip: SKIP };

const EVIL = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const HOSTILE = {
  "markup.csv": `opiskelijanumero;sukunimi;Tentti\n1;"${EVIL}";3\n2;=HYPERLINK("x";"y");4\n`,
  "nul.csv": "\0\0\0\0",
  "broken.xlsx": "PK\x03\x04 this is no workbook",
  "columns.csv": `${"a;".repeat(20_000)}\n`,
  "quote.csv": 'opiskelijanumero;Tentti\n1;"3\n',
  "deep.yaml": `${"[".repeat(5000)}`,
  "bomb.yaml": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
  "binary.yaml": "\xff\xfe\x00\x01",
};

test("hostile files end as findings, never as markup, a request or a frozen page", options, async () => {
  const { page, wrong } = await opened(browser);
  const here = folder();
  await give(page, FILES);
  for (const [name, text] of Object.entries(HOSTILE)) {
    const path = join(here, name);
    writeFileSync(path, text, "latin1");
    await give(page, [path]);
    if (name.endsWith(".yaml")) {
      await go(page, "plan");
      await page.waitForSelector(".beside .findings .error");
      await give(page, FILES.slice(0, 1));
    } else {
      assert.ok((await page.innerText(".files")).includes(name));
      await page.click(`button[aria-label="Remove ${name}"]`);
      await idle(page);
    }
  }
  assert.equal(await page.evaluate(() => document.querySelectorAll("#app img, #app script").length), 0);
  await go(page, "class");
  assert.match(await page.innerText(".summary"), /30 students/);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

const MOST_ELEMENTS = 5_000;
/** Of the whole page, whatever the files are: what cannot be seen is not drawn. */
const FROZEN = 10_000;
/** Milliseconds that the page may do nothing else, on a machine with much else to do. */

/** Notes how long the page has answered to nothing. */
function watched() {
  let last = performance.now();
  window.frozen = 0;
  window.setInterval(() => {
    window.frozen = Math.max(window.frozen, performance.now() - last);
    last = performance.now();
  }, 50);
}

test("generated hostile files, the largest among them, end as findings, and the page answers all the time", options, async () => {
  const here = folder();
  const made = execFileSync(PYTHON, [join(ROOT, "tests/page_hostile.py"), here], { encoding: "utf8", maxBuffer: 1e6 });
  const kinds = Object.entries(JSON.parse(made));
  assert.ok(kinds.length >= 40);
  const { page, wrong } = await opened(browser);
  await idle(page);
  await page.evaluate(watched);
  for (const [name, kind] of kinds) {
    const plan = name.endsWith(".yaml");
    await give(page, plan ? [join(here, name)] : [join(here, "x.yaml"), join(here, name)]);
    const seen = await page.evaluate(() => {
      const errors = document.querySelectorAll(".findings .error").length;
      const frozen = Math.round(window.frozen);
      window.frozen = 0;
      return { errors, frozen, elements: document.querySelectorAll("*").length, files: document.querySelector(".files").innerText };
    });
    assert.ok(seen.files.includes(name), kind);
    assert.ok(seen.errors > 0 || seen.files.includes("Columns of") || /Add a score sheet/.test(seen.files), kind);
    assert.ok(seen.elements < MOST_ELEMENTS, `${kind}: ${seen.elements} elements`);
    assert.ok(seen.frozen < FROZEN, `${kind}: nothing for ${seen.frozen} ms`);
    if (!plan) await page.click(`button[aria-label="Remove ${name}"]`);
    assert.deepEqual(wrong, [], kind);
  }
  await page.context().close();
});

test("markup in a name is shown as it stands", options, async () => {
  const { page, wrong } = await opened(browser);
  const path = join(folder(), "nimet.csv");
  const row = (number, name) => `${number};"${name.replaceAll('"', '""')}";3;3;3;HYV`;
  const head = "opiskelijanumero;nimi;group_work;individual;exam;peer_review";
  writeFileSync(path, [head, row("1", EVIL), row("2", "Plain, Name"), ""].join("\n"));
  await give(page, [FILES[0], path]);
  await go(page, "class");
  assert.ok((await page.innerText(".grid tbody")).includes("<img src=x"));
  assert.equal(await page.evaluate(() => document.querySelectorAll("#app img, #app script").length), 0);
  await page.click(".grid td.grade >> nth=0");
  await page.waitForSelector("dialog[open] dl");
  assert.deepEqual(wrong, []);
  await page.context().close();
});

function largeClass(students) {
  const rows = Array.from({ length: students }, (_, at) => {
    const number = String(at + 1).padStart(7, "0");
    return `${number};Suku${number},Etu;${1 + (at % 5)};${(at * 7) % 6};${1 + ((at * 3) % 5)};HYV`;
  });
  return ["opiskelijanumero;nimi;group_work;individual;exam;peer_review", ...rows, ""].join("\n");
}

test("500 students: only what is seen is drawn, and keys reach the last one", options, async () => {
  const { page, wrong } = await opened(browser);
  const path = join(folder(), "suuri.csv");
  writeFileSync(path, largeClass(500));
  await give(page, [FILES[0], path]);
  await go(page, "class");
  assert.match(await page.innerText(".summary"), /500 students/);
  assert.ok((await page.$$(".grid tbody tr")).length < 80);
  assert.equal(await page.getAttribute(".grid", "aria-rowcount"), "501");
  await page.focus('.grid [data-row="0"][data-column="0"]');
  for (let press = 0; press < 60; press++) await page.keyboard.press("PageDown");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "0000500");
  await page.fill("input[type=search]", "0000321");
  await page.waitForFunction(() => document.querySelectorAll(".grid tbody tr:not(.space)").length === 1);
  await page.fill("input[type=search]", "");
  await page.selectOption(".tools select >> nth=0", "failed");
  await page.waitForTimeout(300);
  assert.ok(await page.$$eval(".grid tbody tr:not(.space)", (rows) => rows.every((row) => row.classList.contains("failed"))));
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("of very many columns some are shown, and any is found by its name", options, async () => {
  const { page, wrong } = await opened(browser);
  const path = join(folder(), "leveä.csv");
  const more = Array.from({ length: 16_000 }, (_, at) => `Tehtävä ${at + 1}`);
  writeFileSync(path, `opiskelijanumero;group_work;exam;peer_review;${more.join(";")}\n1;4;3;HYV${";".repeat(16_000)}\n`);
  await give(page, [FILES[0], path]);
  await page.click(".files summary");
  const shown = () => page.$$eval(".columns select", (all) => all.length);
  await page.waitForSelector(".columns select");
  assert.equal(await shown(), 200);
  await page.click('button:has-text("Show 200 more of 16004")');
  assert.equal(await shown(), 400);
  await page.fill(".files input[type=search]", "Tehtävä 15999");
  await page.waitForFunction(() => document.querySelectorAll(".columns select").length === 1);
  await page.selectOption('select[aria-label="Tehtävä 15999 is read as"]', "individual");
  await idle(page);
  await go(page, "class");
  assert.match(await page.innerText(".summary"), /1 student/);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("a column is said to be another part by mouse", options, async () => {
  const { page, wrong } = await opened(browser);
  const path = join(folder(), "vienti.csv");
  writeFileSync(path, "opiskelijanumero;nimi;group_work;individual;Koe (todellinen);peer_review\n1;A, B;4;4;5;HYV\n2;C, D;3;3;3;HYV\n");
  await give(page, [FILES[0], path]);
  await page.selectOption('select[aria-label="Koe (todellinen) is read as"]', "exam");
  await idle(page);
  await go(page, "class");
  assert.match(await page.innerText(".summary"), /2 students, 2 passed/);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

/** Lets the next question of the kind `window.endless` never end, so that no machine is done before Stop is there. */
function withheld() {
  window.Worker = class extends window.Worker {
    busy = false;
    postMessage({ id, question }, moved) {
      const asked = question.kind === "ask" ? question.name : question.kind;
      if (asked === window.endless) {
        this.busy = true;
        window.endless = null;
      }
      if (!this.busy) super.postMessage({ id, question }, moved);
    }
  };
}

async function stopped(page, phase, act) {
  await page.evaluate((name) => (window.endless = name), phase);
  await act();
  await page.waitForFunction(() => window.endless === null);
  await page.click("footer .status button:not(.hidden)");
}

async function holdsTheFiles(page) {
  await go(page, "open");
  assert.deepEqual(await page.$$eval(".files h3", (all) => all.map((one) => one.textContent)), FILES.map((path) => basename(path)));
}

test("adding files can be stopped in every phase, and what was opened is still there", options, async () => {
  const { page, wrong } = await opened(browser, { before: withheld });
  await idle(page);
  for (const phase of ["put", "grade", "understood"]) {
    await stopped(page, phase, async () => {
      await go(page, "open");
      await page.setInputFiles("input[type=file]", FILES);
    });
    await page.waitForSelector('.files button:text-is("Grade again")');
    await holdsTheFiles(page);
    if (phase !== "understood") {
      await go(page, "class");
      assert.match(await page.innerText(".book"), /Stopped\./);
    }
    await page.click("section:not(.hidden) > :not(.hidden) button:text-is('Grade again')");
    await page.waitForFunction(() => /30 students/.test(document.querySelector(".summary").textContent));
    await holdsTheFiles(page);
    await page.waitForSelector(".files summary");
  }
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("everything that is asked later can be stopped, and asked again", options, async () => {
  const { page, wrong } = await opened(browser, { before: withheld });
  await give(page, FILES);
  let step = 0;
  const acts = {
    explain: [() => page.click(".grid td.grade >> nth=0"), "dialog[open] .verdict", "class"],
    what_if: [() => page.fill(".what-if input[type=range]", String((step += 1))), ".what-if .rule", "class"],
    findings: [() => page.type(".cm-content", " "), ".beside details .findings", "plan"],
    run: [() => page.click("#tab-hours"), ".beside .weeks", "plan"],
  };
  for (const [phase, [act, seen, view]] of Object.entries(acts)) {
    await go(page, view);
    await stopped(page, phase, act);
    if (view === "plan") await page.waitForSelector('.beside button:text-is("Check again")');
    if (phase === "findings") await page.click('.beside button:text-is("Check again")');
    else await act();
    await page.waitForSelector(seen, { state: "attached" });
    await page.keyboard.press("Escape");
  }
  await idle(page);
  await go(page, "reports");
  await stopped(page, "run", () => page.click(".report >> nth=1"));
  await page.waitForSelector('.said:has-text("Stopped")');
  assert.match(await saved(page, () => page.click(".report >> nth=1")), /\.csv$/);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("work that is under way is ended", options, async () => {
  const { page, wrong } = await opened(browser);
  await idle(page);
  const path = join(folder(), "monta.csv");
  writeFileSync(path, largeClass(20_000));
  await page.setInputFiles("input[type=file]", [FILES[0], path]);
  const stop = page.locator("footer .status button:not(.hidden)");
  const graded = page.waitForSelector(".grid tbody th", { state: "attached" });
  await Promise.race([stop.waitFor(), graded]); // a fast machine may be done before
  if (await stop.isVisible()) await stop.click();
  await idle(page);
  assert.match(await page.innerText(".files"), /monta\.csv/);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("the folder works from a server, and asks it for nothing else", options, async () => {
  const types = { html: "text/html", js: "text/javascript" };
  const server = createServer((asked, answer) => {
    const name = asked.url === "/" ? "index.html" : asked.url.slice(1);
    answer.setHeader("Content-Type", types[name.split(".").at(-1)] ?? "text/plain");
    createReadStream(join(ROOT, "dist/app/folder", name)).on("error", () => answer.writeHead(404).end()).pipe(answer);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const { page, wrong } = await opened(browser, { address });
  await page.click(".way >> nth=0");
  await idle(page);
  assert.match(await page.innerText(".summary"), /30 students/);
  assert.deepEqual(wrong, []);
  await page.context().close();
  server.close();
});

