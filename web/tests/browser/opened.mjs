// A browser with the built page in it, and what every test asks: no request, no error.
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const PAGE = join(ROOT, "dist/app/kurssi.html");
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FOUND = (process.env.PATH ?? "").split(":").flatMap((folder) => NAMES.map((name) => join(folder, name)));
export const BROWSER = FOUND.find((path) => existsSync(path));
export const PYTHON = [join(ROOT, ".venv/bin/python"), "python3"].find((path) => path === "python3" || existsSync(path));
export const SKIP =
  BROWSER === undefined ? "no Chromium: apt-get install chromium" : existsSync(PAGE) ? false : "no dist/app/kurssi.html: make app";
export const LONG = { timeout: 900_000 };
/** How long a page is waited for: a machine with much else to do is no fault of it. */
const PATIENCE = 300_000;

export const PLAN = "KH00BT03-2024.yaml";
export const SHEETS = ["arvostelu.csv", "ryhmat.csv"];
export const FILES = [
  join(ROOT, "implementations", PLAN),
  ...SHEETS.map((name) => join(ROOT, "examples/KH00BT03-2024", name)),
];

export function folder() {
  return mkdtempSync(join(tmpdir(), "kurssi-app-"));
}

export async function started() {
  return chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox", "--disable-background-networking"] });
}

/** Opens the page; what must not happen is collected in `wrong`. */
export async function opened(browser, { address = `file://${PAGE}`, allowed = address, before, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 850 }, locale: "en-GB", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(allowed) && !asked.startsWith("blob:") && !asked.startsWith("data:") && asked !== "about:srcdoc") {
      wrong.push(`request: ${asked}`);
    }
  });
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(address);
  return { page, wrong };
}

/** Waits until Python has nothing more to do. */
export async function idle(page) {
  const done = () => document.body.dataset.stage === "ready" && document.body.dataset.busy === "false";
  for (let quiet = 0; quiet < 2; quiet++) {
    await page.waitForFunction(done, null, { timeout: PATIENCE });
    await page.waitForTimeout(quiet === 0 ? 900 : 0);
  }
  await page.waitForFunction(done, null, { timeout: PATIENCE });
}

export async function go(page, view) {
  await page.click(`nav button[data-view=${view}]`);
}

export async function give(page, files) {
  await go(page, "open");
  await page.setInputFiles("input[type=file]", files);
  await idle(page);
}

export async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  const path = join(folder(), download.suggestedFilename());
  await download.saveAs(path);
  return path;
}
