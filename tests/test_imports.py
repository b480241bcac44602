"""What no contract of import-linter says: no module imports itself by way of others, inside functions included."""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp


def test_there_is_no_cycle_between_modules() -> None:
    graph = grimp.build_graph("kurssi", cache_dir=None)
    TopologicalSorter({m: graph.find_modules_directly_imported_by(m) for m in sorted(graph.modules)}).prepare()
