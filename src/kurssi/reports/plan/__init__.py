"""What the implementation file promises, as a page, as text for the register, as run sheets and as a calendar.

``fields`` and ``sessions`` turn the file into blocks (``blocks``), which know no format; ``text`` and ``html`` write
blocks, ``calendar`` writes dates. Nothing here sees a score sheet.
"""
