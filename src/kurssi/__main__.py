"""The command ``kurssi``: starts fast, and never shows a traceback unless asked."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line and exits with its code: 0, 1, 2 or 130."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from . import __version__

        try:
            if sys.stdout is not None:
                print(f"kurssi {__version__}", flush=True)  # noqa: T201
                return
        except OSError:
            pass  # said below
        from kurssi.cli import printed

        os._exit(printed(f"kurssi {__version__}"))
    import gc

    gc.disable()  # nothing here makes cycles but workbooks: who writes many collects after each
    from kurssi.lazy_imports import load_lazily

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # kurssi has none
    load_lazily()
    from kurssi.cli import run

    code = run(sys.argv[1:])
    # taking the interpreter apart would cost as much as checking a file; every file is written and closed by now
    os._exit(code)


if __name__ == "__main__":
    main()
