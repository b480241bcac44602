"""Plain values with a grammar: numbers, hours, times, student lists, and the words of score sheets."""
