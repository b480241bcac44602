// Every view, in every language, light and dark, wide and narrow: readable for everybody, and nothing sticks out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { FILES, give, go, idle, LONG, opened, SKIP, started } from "./opened.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["open", "plan", "class", "reports"];
let browser;
before(async () => {
  if (!SKIP) browser = await started();
}, LONG);
after(() => browser?.close());
const options = { ...LONG, skip: SKIP };

async function faults(page) {
  const found = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"], iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`);
  });
  return found;
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in any view (${colorScheme})`, options, async () => {
    const { page, wrong } = await opened(browser, { colorScheme });
    await page.evaluate(AXE);
    assert.deepEqual(await faults(page), []);
    await give(page, FILES);
    for (const view of VIEWS) {
      await go(page, view);
      await idle(page);
      assert.deepEqual(await faults(page), [], view);
    }
    await go(page, "plan");
    for (const side of ["hours", "page", "card"]) {
      await page.click(`#tab-${side}`);
      await idle(page);
      assert.deepEqual(await faults(page), [], side);
    }
    await go(page, "class");
    await page.click(".grid td.grade >> nth=2");
    await page.waitForSelector("dialog[open] dl");
    assert.deepEqual(await faults(page), [], "explanation");
    assert.deepEqual(wrong, []);
    await page.context().close();
  });
}

test("Finnish, Swedish and English, and nothing wider than a phone", options, async () => {
  const { page, wrong } = await opened(browser, { locale: "fi-FI" });
  await give(page, FILES);
  const words = { fi: "Ryhmä", sv: "Klass", en: "Class" };
  for (const [language, word] of Object.entries(words)) {
    await page.selectOption(".language select", language);
    await idle(page);
    assert.equal(await page.getAttribute("html", "lang"), language);
    assert.equal(await page.innerText("nav button[data-view=class]"), word);
    for (const width of [390, 800, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const view of VIEWS) {
        await go(page, view);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${language} ${width} ${view}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("nothing of a student is in the address, the title or the history", options, async () => {
  const { page } = await opened(browser);
  await give(page, FILES);
  await go(page, "class");
  await page.fill("input[type=search]", "Esimerkki");
  await page.click(".grid td.grade >> nth=0");
  assert.equal(await page.title(), "kurssi");
  assert.match(page.url(), /kurssi\.html$/);
  assert.equal(await page.evaluate(() => window.history.length), 2);
  const kept = await page.evaluate(() => [window.localStorage.length, window.sessionStorage.length, document.cookie]);
  assert.deepEqual(kept, [0, 0, ""]);
  await page.context().close();
});

test("the page prints the whole class", options, async () => {
  const { page } = await opened(browser);
  await give(page, FILES);
  await go(page, "class");
  await page.evaluate(() => window.dispatchEvent(new window.Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  assert.equal((await page.$$(".grid tbody tr:not(.space)")).length, 30);
  assert.equal(await page.isVisible("nav"), false);
  await page.setViewportSize({ width: 1032, height: 700 }); // an A4 on its side, between its margins
  assert.ok((await page.evaluate(() => document.querySelector(".grid").getBoundingClientRect().right)) <= 1032);
  await page.context().close();
});

test("at 200 % nothing is cut off, and everything can still be done", options, async () => {
  // a window of 1280 pixels, zoomed, is one of 640 with twice the pixels; and with letters alone twice as large
  const { page, wrong } = await opened(browser, { viewport: { width: 640, height: 425 }, deviceScaleFactor: 2 });
  await give(page, FILES);
  const outside = () => {
    const scrolls = (node) => ["auto", "scroll", "hidden"].includes(window.getComputedStyle(node).overflowX);
    const inScroller = (node) => node !== null && node !== document.body && (scrolls(node) || inScroller(node.parentElement));
    return [...document.querySelectorAll("#app :is(button, input, select, a, p, h1, h2, h3, summary)")]
      .filter((node) => node.checkVisibility() && !inScroller(node.parentElement))
      .filter((node) => node.getBoundingClientRect().right > window.innerWidth + 1 || node.getBoundingClientRect().left < -1)
      .map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 60)}`);
  };
  for (const letters of ["100%", "200%"]) {
    await page.evaluate((size) => (document.documentElement.style.fontSize = size), letters);
    for (const view of VIEWS) {
      await go(page, view);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 640, `${letters} ${view}`);
      assert.deepEqual(await page.evaluate(outside), [], `${letters} ${view}`);
    }
    await go(page, "class");
    await page.click(".grid td.grade >> nth=1");
    await page.waitForSelector("dialog[open] dl");
    assert.ok((await page.evaluate(() => document.querySelector("dialog[open]").scrollWidth - document.querySelector("dialog[open]").clientWidth)) <= 1);
    await page.keyboard.press("Escape");
  }
  assert.deepEqual(wrong, []);
  await page.context().close();
});
