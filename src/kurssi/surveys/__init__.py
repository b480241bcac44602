"""Course feedback: its sheets read, and its figures."""
