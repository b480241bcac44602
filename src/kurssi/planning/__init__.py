"""What follows from a plan: its weeks and dates, its hours, and how long they really take."""
