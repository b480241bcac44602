"""Conversion (contract section 5, step 1): from a raw score to a value of the scale, or per cent."""
