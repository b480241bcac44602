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

    from kurssi.operating_system import in_child

    # only graders and workbooks are cycles, no file and no student (tests/test_garbage.py); who makes many collects
    gc.disable()
    if not sys.argv[1:] or "--help" in sys.argv or "_KURSSI_COMPLETE" in os.environ:  # that reads nothing of anybody
        os._exit(_command())
    ended = in_child(_command)
    if not ended.signal:
        # taking the interpreter apart would cost as much as checking a file; every file is written and closed by now
        os._exit(ended.code)
    from kurssi.cli import ended_by_system

    os._exit(ended_by_system(sys.argv[1:], ended.how))


def _command() -> int:
    """Runs the command line; the result is the exit code."""
    from kurssi.startup import prepare

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # kurssi has none
    prepare()
    from kurssi.cli import run

    return run(sys.argv[1:])


# CPython keeps frames in pieces of 16 KiB. Modules that import each other fill some of them, and whatever is called
# just at the end of one asks the system for the next and gives it back, hundreds of times in a run. A frame that asks
# for more than a piece gets one of its own size, rounded up to 128 KiB, in which all those below it have room.
_command.__code__ = _command.__code__.replace(co_stacksize=(1 << 16) // 8 + 1)


if __name__ == "__main__":
    main()
