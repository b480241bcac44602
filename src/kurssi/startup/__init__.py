"""What keeps a run short: modules and dataclasses of libraries are made only as far as they are used."""

from .lazy_imports import load_lazily


def prepare() -> None:
    """Makes what is imported from here on load faster; for a process that is kurssi's own."""
    load_lazily()
    from .plain_dataclasses import use_plain_dataclasses  # which imports some of what is promised now

    use_plain_dataclasses()
