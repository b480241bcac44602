"""The assessment with every default filled in, as grades are computed with it."""
