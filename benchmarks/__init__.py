"""What kurssi claims about speed, measured: ratios of commands run side by side in one run, never absolute times."""
