"""Ways to a value (contract 11.2): behind the loader a way is a part with parts, whose owner counts one of them."""

from __future__ import annotations

from .assessment import Assessment, Part, Way


class WayPart(Part):
    """A way, as everything behind the loader sees it: it has no weight, and its gates count where it counts."""


def as_parts(owner: Part | Assessment) -> tuple[Part, ...]:
    """The parts of a part or of the whole: its ways, where these stand in their place (a rule says that they must)."""
    return owner.parts or tuple(map(_as_part, owner.ways))


def _as_part(way: Way) -> WayPart:
    return WayPart.model_construct({"id", "name", "parts"}, id=way.id, name=way.name, parts=way.parts)


def parts_key(owner: Part | Assessment) -> str:
    """Under which key of the file the parts of a part or of the whole stand."""
    return "ways" if any(isinstance(part, WayPart) for part in owner.parts) else "parts"
