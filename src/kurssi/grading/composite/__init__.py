"""Composite scores (contract 11.8): one score of several markers' cells, or of the criteria of a rubric.

What they come to is said by :mod:`kurssi.policy.composite`, for the sheets and for this package alike: whoever grades
takes the score of an attempt as it stands. Here is how it is explained.
"""
