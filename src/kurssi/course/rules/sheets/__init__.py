"""Rules whose findings come from reading score sheets. Here stands what they mean."""

from . import cells, exports, students, tables

__all__ = ["cells", "exports", "students", "tables"]
