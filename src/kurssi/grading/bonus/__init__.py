"""A bonus by steps (contract 11.6): how much of a part there is says what is added, and where."""

from .stepped import adding, share_of, with_bonus
from .tree import Tree

__all__ = ["Tree", "adding", "share_of", "with_bonus"]
