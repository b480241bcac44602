"""A spreadsheet as text: names of cells, and what formulas are put together from. Knows no library that writes one."""
