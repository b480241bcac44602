"""Workbooks as they come: a look inside first, then their cells."""
