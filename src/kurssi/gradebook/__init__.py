"""The graded class with everything that belongs to it, and the lock that records it."""
