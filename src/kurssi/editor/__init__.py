"""What an editor shows of an implementation file while it is written; only ``server`` knows the protocol."""
