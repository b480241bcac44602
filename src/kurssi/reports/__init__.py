"""What a teacher hands on: the graded class in the forms that people and programs read. Nothing here computes."""
