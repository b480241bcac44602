"""All that Linux, macOS and Windows do differently, and all that only some of them have, in this one place.

Everything else in kurssi is written for all three: no other module asks which system it is on, or uses what one of
them lacks. Nothing here knows anything of courses.

It is loaded before the process of a command is forked. What is in memory by then is copied, page by page, by the first
process that touches it, so nothing is imported here but what starting Python has loaded anyway.

How a new process begins is one choice (:func:`start_method`): it is *forked*, with all that this one has, where that
is safe (Linux), and else *spawned*, as a new Python that knows nothing. ``KURSSI_PROCESSES=spawn`` chooses the second
on Linux too; that is how its tests hold what the other systems do.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # what checks types takes it for true; to import the real one is to load typing
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import IO, Literal, NoReturn

INTERRUPTED = 130
"""The exit code of a run that was stopped with Ctrl-C."""

PROCESSES = "KURSSI_PROCESSES"
"""The variable that chooses how processes begin."""

_PARENT = "KURSSI_PARENT"
"""Tells a spawned command the number of the process that waits for it."""

_OFTEN = 0.5
"""So many seconds pass at most until a process sees that the one that started it is gone, where it has to look."""


_PATIENCE = 1.0
"""So many seconds pass until a process is interrupted that may have been already."""


# ---- processes ---------------------------------------------------------------------------------------------


def start_method() -> Literal["fork", "spawn"]:
    """How a new process begins: as a copy of this one, or anew."""
    forks = sys.platform == "linux" and os.environ.get(PROCESSES) != "spawn"
    return "fork" if forks else "spawn"


def can_start_processes() -> bool:
    """Whether there are processes at all: in a browser there are none."""
    return sys.platform not in ("emscripten", "wasi")


def cores() -> int:
    """How many processes of this one can run at once."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    else:  # noqa: RET505 - where the other branch is not checked, what follows it is not reached
        return os.cpu_count() or 1


class Ended:
    """How a process ended: with an exit code, or by a signal (Windows: by a fault, whose number is its exit code)."""

    def __init__(self, code: int, signal: int = 0) -> None:
        self.code = code
        self.signal = signal

    @classmethod
    def of(cls, code: int) -> Ended:
        """What the exit code of :mod:`subprocess` and :mod:`multiprocessing` says, which is negative for a signal."""
        fault = code < 0 or code > 255
        return cls(0, abs(code)) if fault else cls(code)

    @property
    def how(self) -> str:
        """The name of the signal, such as SIGABRT, or of the fault."""
        if not self.signal:
            return f"exit code {self.code}"
        if self.signal > 255:
            return f"0x{self.signal:08X}"
        import signal

        try:
            return signal.Signals(self.signal).name
        except ValueError:
            return f"signal {self.signal}"


def in_child(run: Callable[[], int]) -> Ended:
    """Runs the command in a process of its own, so that whatever becomes of that, this one can say so.

    What is sent to this process reaches the other, and neither outlives the other. A signal that ends the command on
    somebody's wish ends this process in the same way. Where no process can be started the command runs in this one.
    """
    if (parent := os.environ.pop(_PARENT, None)) is not None:  # this is the process that was spawned
        _watch(int(parent))
        return Ended(_code_of(run))
    hold_standard_streams()
    if can_start_processes():
        try:
            if sys.platform == "linux" and start_method() == "fork":
                return _forked(run)
            command = sys.argv[1:]
            if sys.executable and sys.orig_argv[len(sys.orig_argv) - len(command) :] == command:
                return _spawned([sys.executable, *sys.orig_argv[1:]])
        except _NoProcess:
            pass
    return Ended(_code_of(run))


class _NoProcess(Exception):
    """No process can be started: there may be as many as the system allows."""


def _code_of(run: Callable[[], int]) -> int:
    try:
        return run()
    except KeyboardInterrupt:  # before the command could catch it
        return INTERRUPTED


if sys.platform == "linux":
    try:  # what signal is made of: that gives the numbers names, for which it loads enum
        import _signal as signals  # type: ignore[import-not-found]
    except ImportError:  # a Python that is made in another way
        import signal as signals

    def _forked(run: Callable[[], int]) -> Ended:
        passed_on = {signals.SIGINT, signals.SIGTERM, signals.SIGHUP}
        before = signals.pthread_sigmask(signals.SIG_BLOCK, passed_on | {signals.SIGCHLD})
        of_children = signals.signal(signals.SIGCHLD, signals.SIG_DFL)
        parent = os.getpid()
        try:
            child = os.fork()
        except OSError as error:
            signals.pthread_sigmask(signals.SIG_SETMASK, before)
            raise _NoProcess from error
        if not child:
            _end_with_parent(parent)
            signals.signal(signals.SIGCHLD, of_children)
            signals.pthread_sigmask(signals.SIG_SETMASK, before)
            os._exit(_code_of(run))
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            told = signals.sigwaitinfo(passed_on | {signals.SIGCHLD})
            # Ctrl-C on a terminal comes from the kernel, to both of them; all else comes to this one alone
            if told.si_signo != signals.SIGCHLD and not (told.si_signo == signals.SIGINT and told.si_code > 0):
                os.kill(child, told.si_signo)
        how = Ended.of(os.waitstatus_to_exitcode(ended[1]))
        signals.pthread_sigmask(signals.SIG_SETMASK, before)
        return _as_wished(how)

    def _end_with_parent(parent: int) -> None:
        """The kernel ends this process with the one that started it, wherever it is at that moment."""
        set_signal_of_parents_death = 1
        try:  # what ctypes is made of: the package with all its types takes a fifth of what starting Python takes
            from _ctypes import call_function, dlopen, dlsym

            prctl = dlsym(dlopen(None, os.RTLD_NOW), "prctl")  # type: ignore[arg-type]
            call_function(prctl, (set_signal_of_parents_death, signals.SIGKILL))
        except (ImportError, TypeError):  # a Python that is made in another way
            import ctypes

            ctypes.CDLL(None).prctl(set_signal_of_parents_death, signals.SIGKILL)
        if os.getppid() != parent:  # it was gone before
            os._exit(INTERRUPTED)

    def forked(work: Callable[[], None]) -> int:
        """The number of a new process, a copy of this one, that does the work and ends."""
        parent = os.getpid()
        child = os.fork()
        if not child:
            try:
                begin_worker(parent)
                work()
            finally:
                os._exit(0)
        return child

    def end_process(child: int) -> None:
        """Ends a process that :func:`forked` made."""
        from contextlib import suppress

        with suppress(ProcessLookupError):
            os.kill(child, signals.SIGKILL)
        os.waitpid(child, 0)

else:

    def forked(work: Callable[[], None]) -> int:
        """Elsewhere no process is a copy of another: :func:`start_method` says so."""
        raise NotImplementedError

    def end_process(child: int) -> None:
        """As above."""
        raise NotImplementedError


def _spawned(command: list[str]) -> Ended:
    import signal
    import subprocess
    import threading

    environment = {**os.environ, _PARENT: str(os.getpid())}
    try:  # what the shell has opened for this process, such as <(…), is for the other
        process = subprocess.Popen(command, env=environment, close_fds=False)  # noqa: S603 - ourselves
    except OSError as error:
        raise _NoProcess from error

    def pass_on(number: int, _: object) -> None:
        process.send_signal(number)

    def interrupt(number: int, _: object) -> None:
        """On a terminal the other gets it, too, and may be on its way out; else it gets it from here, later."""
        later = threading.Timer(_PATIENCE, process.send_signal, [number])
        later.daemon = True
        later.start()

    # nothing is raised here: an exception that comes just when the other has ended would lose how it did
    if sys.platform == "win32":  # there the console tells both, and a process that is ended is not asked
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        for number, act in ((signal.SIGTERM, pass_on), (signal.SIGHUP, pass_on), (signal.SIGINT, interrupt)):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, act)
    return _as_wished(Ended.of(process.wait()))


def _as_wished(ended: Ended) -> Ended:
    """The same; where somebody wished the end, this process ends in the same way."""
    if not ended.signal:
        return ended
    import signal

    if sys.platform != "win32" and ended.signal in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(ended.signal, signal.SIG_DFL)
        os.kill(os.getpid(), ended.signal)
        return Ended(128 + ended.signal)  # as the first process of a container it is not ended by that
    return ended


def begin_worker(parent: int) -> None:
    """Begins a process of a pool: Ctrl-C is for the one that started it, and with that one it ends.

    A process that is stopped on its own may hold a lock for which the others then wait for ever, and says so at length.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux" and start_method() == "fork":
        _end_with_parent(parent)
    else:
        _watch(parent)


def _watch(parent: int) -> None:
    """A thread ends this process once the one that started it is gone."""
    import threading

    threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: int) -> NoReturn:
    import time

    if sys.platform == "win32":
        import _winapi

        synchronize = 0x00100000
        try:
            handle = _winapi.OpenProcess(synchronize, False, parent)
        except OSError:  # it is gone
            os._exit(INTERRUPTED)
        _winapi.WaitForSingleObject(handle, _winapi.INFINITE)
    else:
        while os.getppid() == parent:
            time.sleep(_OFTEN)
    os._exit(INTERRUPTED)


def is_running(process: int) -> bool:
    """Whether there is such a process on this computer."""
    if sys.platform == "win32":
        import _winapi

        limited_information, still_active = 0x1000, 259
        try:
            handle = _winapi.OpenProcess(limited_information, False, process)
        except PermissionError:
            return True
        except (OSError, OverflowError):
            return False
        try:
            return _winapi.GetExitCodeProcess(handle) == still_active
        finally:
            _winapi.CloseHandle(handle)
    else:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except (OSError, OverflowError):  # it runs, and is somebody else's
            return True
        return not _has_ended(process)


def _has_ended(process: int) -> bool:
    """Whether a process that still has its number has ended, as one does that nobody has asked how it did."""
    from pathlib import Path

    try:
        stat = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:  # only Linux says so
        return False
    return stat.rpartition(b") ")[2][:1] in (b"Z", b"X")


# ---- files -------------------------------------------------------------------------------------------------


def hold_standard_streams() -> None:
    """Fills the numbers of standard streams that are closed, so that no file of ours gets one of them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one


def open_without_waiting(path: str) -> int:
    """The number of a file that is opened for reading; a pipe that nobody writes into is no reason to wait."""
    if sys.platform == "win32":
        return os.open(path, os.O_RDONLY | os.O_BINARY)
    else:  # noqa: RET505 - as above
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK)


def wait_for_data(handle: int) -> None:
    """From here on reading the file waits for those who write into it."""
    if sys.platform != "win32":
        os.set_blocking(handle, True)


def read_at(file: IO[bytes], start: int, length: int) -> bytes:
    """Bytes of an open file, whichever process reads it elsewhere at the same time."""
    if sys.platform == "win32":  # there no two processes share the place where they read
        file.seek(start)
        return file.read(length)
    else:  # noqa: RET505 - as above
        return os.pread(file.fileno(), length, start)


def bring_to_disk(file: IO[bytes], start: int, length: int) -> None:
    """Tells the system to begin with writing that to the disk, and to forget it, where it can be told."""
    if sys.platform == "linux":
        os.posix_fadvise(file.fileno(), start, length, os.POSIX_FADV_DONTNEED)


def can_rename_open_files() -> bool:
    """Whether a file can get another name while it is open."""
    return sys.platform != "win32"


def permissions(file: Path) -> int:
    """The permissions of the file that stands there, or of a new one."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def computer() -> str:
    """The name of this computer."""
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    else:  # noqa: RET505 - as above
        return os.uname().nodename


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where programs keep what they remember of the user. Raises :class:`RuntimeError` where there is no such place."""
    from pathlib import Path

    base = environment.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME")
    return Path(base) if base else Path.home() / ".local" / "state"


# ---- the user ----------------------------------------------------------------------------------------------


def languages(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The languages that the user has chosen for programs, such as ``fi_FI``, the first choice first."""
    found = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    if sys.platform == "win32":  # there the choice is not in the environment
        import locale

        found.append((locale.getlocale()[0] or "").replace("Swedish", "sv"))
    return found
