"""The bill of materials of a release: every package that an installation has, with version, licence and hashes.

    python scripts/sbom.py dist/kurssi.cdx.json

CycloneDX 1.6 in JSON, made from what is installed beside this script (make sbom installs exactly constraints.txt) and
from the hashes in constraints.txt. It holds no time and no random number, so the same release gives the same file.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from constraints import FILE, blocks, name_of
from packaging.requirements import Requirement


def needed(name: str) -> dict[str, set[str]]:
    """What is needed by each package that an installation of ``name`` has, itself among them."""
    edges: dict[str, set[str]] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(name, frozenset())]
    seen = set(waiting)
    while waiting:
        one, extras = waiting.pop()
        below = edges.setdefault(one, set())
        for requirement in map(Requirement, distribution(one).requires or ()):
            marker = requirement.marker
            if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                continue
            other = (name_of(requirement.name), frozenset(requirement.extras))
            below.add(other[0])
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return edges


def licences(found: Distribution) -> list[dict[str, Any]]:
    """What the package says of its licence: an expression, else a short name."""
    about = found.metadata
    if "License-Expression" in about:
        return [{"expression": about["License-Expression"]}]
    named = [about["License"]] if "License" in about else []
    named += [
        line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    return [{"license": {"name": name}} for name in named if 0 < len(name) < 80 and "\n" not in name][:1]


def component(name: str, hashes: dict[str, list[str]]) -> dict[str, Any]:
    """One package. A hash is that of one of the files that are served of this version."""
    found = distribution(name)
    said = licences(found)
    url = f"pkg:pypi/{name}@{found.version}"
    return {
        "type": "application" if name == "kurssi" else "library",
        "bom-ref": url,
        "name": name,
        "version": found.version,
        "purl": url,
        **({"licenses": said} if said else {}),
        **({"properties": [{"name": "kurssi:sha256", "value": one} for one in hashes[name]]} if name in hashes else {}),
    }


def document() -> dict[str, Any]:
    """The whole bill."""
    edges = needed("kurssi")
    hashes = dict(_hashes())
    parts = {name: component(name, hashes) for name in sorted(edges)}
    about = parts.pop("kurssi")
    key = json.dumps([about, parts], sort_keys=True)
    refs = {name: part["bom-ref"] for name, part in [("kurssi", about), *parts.items()]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, key)}",
        "version": 1,
        "metadata": {"component": about},
        "components": list(parts.values()),
        "dependencies": [
            {"ref": refs[name], "dependsOn": sorted(refs[other] for other in below)}
            for name, below in sorted(edges.items())
        ],
    }


def _hashes() -> Iterator[tuple[str, list[str]]]:
    for name, block in blocks(FILE.read_text("utf-8")):
        yield name, re.findall(r"--hash=sha256:([0-9a-f]{64})", block)


def main() -> None:
    """The command line."""
    (path,) = map(Path, sys.argv[1:]) if len(sys.argv) == 2 else [None]
    if path is None:
        sys.exit(__doc__)
    bill = document()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"written: {path}, {len(bill['components'])} packages")


if __name__ == "__main__":
    main()
