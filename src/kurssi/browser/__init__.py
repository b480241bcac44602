"""What the page in a browser asks of kurssi: files in a folder of its own, a command line, and results as plain data.

Only the page uses it. It computes nothing: each answer comes from the same functions that the command line calls.
"""

from .desk import Desk as Desk
