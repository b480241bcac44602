"""Activity (contract section 5.2): levels or attendance, added to the mean."""

from .adjustment import adjustment, with_activity

__all__ = ["adjustment", "with_activity"]
