"""The guide (docs/guide, in Finnish and in English): what it shows of kurssi is what kurssi prints.

    python scripts/guide.py --update    makes the pages of recipes, keys and rules, refreshes the outputs on the other
                                        pages, and the cookbook that the package ships
    python scripts/guide.py --check     fails where one of them is behind

`make docs-site` builds the site from the pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import guide_keys
import guide_recipes
import guide_rules
from guide_run import refreshed

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "guide"
SHIPPED = ROOT / "src" / "kurssi" / "cookbook.json"
LANGUAGES = ("fi", "en")


def made() -> Iterator[tuple[Path, str]]:
    """Every page that is made, with its text."""
    yield SHIPPED, guide_recipes.shipped()
    for language in LANGUAGES:
        folder = GUIDE / language
        yield folder / "keys.md", guide_keys.page(language)
        yield folder / "cookbook" / "index.md", guide_recipes.index(language)
        for recipe in guide_recipes.recipes():
            yield folder / "cookbook" / f"{recipe.name}.md", guide_recipes.page(recipe, language)
        yield folder / "rules" / "index.md", guide_rules.index(language)
        for topic in guide_rules.by_topic():
            yield folder / "rules" / f"{topic}.md", guide_rules.page(topic, language)


def written() -> Iterator[tuple[Path, str]]:
    """Every page that is written by hand, with its commands run again."""
    for language in LANGUAGES:
        for path in sorted((GUIDE / language).glob("*.md")):
            if path.name != "keys.md":
                yield path, refreshed(path.read_text("utf-8"), language)


def wanted() -> dict[Path, str]:
    """What should stand in each file."""
    return {**dict(made()), **dict(written())}


def main() -> int:
    """Updates or checks; the result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    texts = wanted()
    behind = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    left = [path for part in ("cookbook", "rules") for path in GUIDE.glob(f"*/{part}/*.md") if path not in texts]
    if options.update:
        for path in behind:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path], "utf-8")
        for path in left:
            path.unlink()
    elif options.check and (behind or left):
        names = ", ".join(str(path.relative_to(ROOT)) for path in [*behind, *left])
        print(f"behind what kurssi prints: {names}; run scripts/guide.py --update", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
