"""The page as a browser shows it: three widths, light and dark, and on paper. Skipped where there is no Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from effort import one_in
from kurssi.cli import run

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "implementations" / "KH00BT03-2024.yaml"
WORKSHOPS = ROOT / "examples" / "workshops" / "TYOPAJAT-2025.yaml"
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
PDFTOTEXT = shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

MEASURE = """
<script>
addEventListener("load", () => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((c) => linear(c / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const out = {
    width: innerWidth, scroll: document.documentElement.scrollWidth, wide: [], faint: [], small: [], hidden: [],
    dark: matchMedia("(prefers-color-scheme: dark)").matches, texts: 0,
    requests: performance.getEntriesByType("resource").length,
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement;
    if (!node.data.trim() || holder.closest("script, style, desc, title, .skip, .wide thead")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect(), style = getComputedStyle(holder);
    out.texts += 1;
    if (box.right > innerWidth + 0.5 || box.left < -0.5) out.wide.push(node.data.trim());
    if (!box.width || !box.height) out.hidden.push(node.data.trim());
    const svg = holder.closest("svg");
    const ink = parse(svg ? style.fill : style.color);
    const [high, low] = [light(ink), light(ground(holder))].sort((a, b) => b - a);
    if ((high + 0.05) / (low + 0.05) < 4.5) out.faint.push(node.data.trim());
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    if (parseFloat(style.fontSize) * scale < 11) out.small.push(node.data.trim());
  }
  parent.postMessage(out, "*");
});
</script>
"""
FRAME = """<!DOCTYPE html>
<style>iframe {{ border: 0; width: {width}px; height: 900px; }}</style>
<script>
addEventListener("message", (event) => {{
  const result = document.createElement("pre");
  result.id = "measured";
  result.textContent = JSON.stringify(event.data);
  document.body.append(result);
}});
</script>
<iframe src="measured.html"></iframe>
"""


def chromium(folder: Path, *arguments: str) -> str:
    assert CHROMIUM is not None
    profile = folder / "profile"
    done = subprocess.run(
        [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *arguments], capture_output=True, timeout=120, check=True
    )
    return done.stdout.decode("utf-8", "replace")


def measure(page: Path, folder: Path, width: int, *, dark: bool = False) -> dict[str, Any]:
    """What a window of ``width`` shows: a frame, because the window itself is never as narrow as a phone.

    The page allows no script, so the measuring stands in a copy that does.
    """
    text = page.read_text("utf-8").replace("default-src 'none'", "default-src 'none'; script-src 'unsafe-inline'")
    (folder / "measured.html").write_text(text.replace("</body>", MEASURE + "</body>"), "utf-8")
    frame = folder / "frame.html"
    frame.write_text(FRAME.format(width=width), "utf-8")
    theme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    dom = chromium(folder, theme, "--window-size=1400,1000", "--virtual-time-budget=5000", "--dump-dom", frame.as_uri())
    found = re.search(r'<pre id="measured">(.*?)</pre>', dom, re.S)
    assert found is not None
    measured: dict[str, Any] = json.loads(found[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
    return measured


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for language in ("fi", "en", "sv"):
        assert run(["plan", str(PLAN), "-o", str(folder / f"{language}.html"), "--lang", language, "--force"]) == 0
    assert run(["plan", str(WORKSHOPS), "--agenda", "all", "-o", str(folder / "sheets.html"), "--force"]) == 0
    assert run(["plan", str(WORKSHOPS), "-o", str(folder / "workshops.html"), "--lang", "en", "--force"]) == 0
    long = "Liiketoimintaosaamisenkehittämissuunnitelmantyöstämisvaihe" * 2
    text = PLAN.read_text("utf-8").replace("topic: Tentti", f"topic: {long}").replace("name: Tentti", f"name: {long}")
    (folder / "long.yaml").write_text(text.replace("Kupittaan kampus", long), "utf-8")
    assert run(["plan", str(folder / "long.yaml"), "-o", str(folder / "long.html"), "--force"]) == 0
    return folder


@pytest.mark.parametrize("width", one_in(3, [360, 800, 770, 1280]))  # up to 768 tables are cards
@pytest.mark.parametrize("name", ["fi", "sv", "sheets", "workshops", "long"])
def test_nothing_is_cut_off_or_too_faint_or_too_small(name: str, width: int, folder: Path) -> None:
    seen = measure(folder / f"{name}.html", folder, width)
    assert seen["width"] == width
    assert seen["texts"] > 50
    assert seen["scroll"] <= width
    assert seen["wide"] == []
    assert seen["hidden"] == []
    assert seen["faint"] == []
    assert seen["small"] == []
    assert seen["requests"] == 0


@pytest.mark.parametrize("name", ["en", "sheets"])
def test_the_same_in_the_dark(name: str, folder: Path) -> None:
    seen = measure(folder / f"{name}.html", folder, 800, dark=True)
    assert seen["dark"] is True
    assert seen["faint"] == []


def pages(folder: Path, name: str) -> list[str]:
    """The text of the printed pages."""
    assert PDFTOTEXT is not None
    pdf = folder / f"{name}.pdf"
    chromium(folder, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", (folder / f"{name}.html").as_uri())
    done = subprocess.run([PDFTOTEXT, "-layout", str(pdf), "-"], capture_output=True, timeout=60, check=True)
    return done.stdout.decode().split("\f")[:-1]


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext")
def test_on_paper_the_page_has_its_text_and_not_its_links(folder: Path) -> None:
    printed = pages(folder, "fi")
    assert 2 <= len(printed) <= 5
    text = " ".join(" ".join(printed).split())
    assert "Asiakkuuksien johtaminen ja palvelumuotoilu" in text
    assert "Arviointikriteerit, kiitettävä (5)" in text
    assert "Siirry sisältöön" not in text
    assert "Nro Viikko Päivä Tunnit Aihe" in text  # a table, not the cards of a phone


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext")
def test_on_paper_every_run_sheet_begins_a_page(folder: Path) -> None:
    printed = pages(folder, "sheets")
    assert len(printed) == 3
    for number, text in enumerate(printed[1:], 2):
        assert text.split()[0] == f"{number}."


@pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext")
@pytest.mark.parametrize("name", ["fi", "en", "sv", "workshops"])
def test_no_sheet_of_paper_has_only_the_foot_or_ends_with_a_heading(name: str, folder: Path) -> None:
    for sheet in pages(folder, name):
        lines = [" ".join(line.split()) for line in sheet.splitlines() if line.strip()]
        assert not lines[0].startswith(("Tehty kurssi", "Made by kurssi", "Gjord med kurssi"))
        assert not lines[-1].startswith(("Nro Viikko", "No. Week", "Nr Vecka"))


def test_the_steps_of_a_grade_are_in_sight_on_a_phone_though_the_table_is_not(folder: Path) -> None:
    page = folder / "class.html"
    assert run(["grade", str(PLAN), "-o", str(page), "--force"]) == 0
    page.write_text(page.read_text("utf-8").replace("<details>", "<details open>"), "utf-8")
    wide = measure(page, folder, 390)["wide"]
    assert "HYV" in wide
    assert not [text for text in wide if ".yaml:" in text]  # the places of rules stand in the steps alone
