"""Rules for the policy: scale, parts, weights, conversion, late rule, activity and peer marks."""

from . import adjustments, conversion, late, parts, points, scale, takes, ways, weights

__all__ = ["adjustments", "conversion", "late", "parts", "points", "scale", "takes", "ways", "weights"]
