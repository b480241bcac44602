"""Activity (contract section 5.2): levels or attendance, added to the mean."""

from .adjustment import adjustment, stepped, with_activity

__all__ = ["adjustment", "stepped", "with_activity"]
