"""The implementation file: read, checked, made, mended and compared."""
