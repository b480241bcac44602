"""Rules for the policy: scale, parts, weights, conversion, late rule, activity and peer marks."""

from . import adjustments, composite, conversion, late, parts, points, requirements, scale, weights

__all__ = ["adjustments", "composite", "conversion", "late", "parts", "points", "requirements", "scale", "weights"]
