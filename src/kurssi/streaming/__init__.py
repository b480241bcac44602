"""One very large CSV table, graded piece by piece in several processes; ``docs/large-tables.md`` is the map.

Where anything is out of the ordinary the table is not streamed (:class:`.wide_table.NotStreamable`), but read whole.
"""
