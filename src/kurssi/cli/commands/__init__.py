"""One module per command, imported when it is called, and what only that command needs."""
