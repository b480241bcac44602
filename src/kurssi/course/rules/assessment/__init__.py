"""Rules for the policy: scale, parts, weights, conversion, late rule, activity and peer marks."""

from . import adjustments, bonus, composite, conversion, late, parts, points, requirements, scale, takes, ways, weights

__all__ = [
    "adjustments",
    "bonus",
    "composite",
    "conversion",
    "late",
    "parts",
    "points",
    "requirements",
    "scale",
    "takes",
    "ways",
    "weights",
]
