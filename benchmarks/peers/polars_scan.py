"""A typed scan of a CSV file with polars: what reading it costs, before anything is graded."""

from __future__ import annotations

import sys

import polars as pl

frame = pl.scan_csv(sys.argv[1], schema_overrides={"student": pl.String}, try_parse_dates=True).collect()
print(frame.shape)
