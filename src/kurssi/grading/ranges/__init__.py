"""What is open: the grades within reach, and what an open part must bring for each (contract section 5, "States")."""
