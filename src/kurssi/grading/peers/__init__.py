"""Peer marks (contract section 5.4): each member's factor, and what it makes of the group's value."""

from .factors import Share, Shares, moved, shares, shares_of_class

__all__ = ["Share", "Shares", "moved", "shares", "shares_of_class"]
