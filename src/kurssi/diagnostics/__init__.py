"""What kurssi says: findings with a place, messages as data, their words in a language, and renderers."""
