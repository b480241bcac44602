"""One very large table, graded piece by piece."""
