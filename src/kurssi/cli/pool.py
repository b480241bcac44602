"""Jobs in processes of their own: whatever one does to its process, the others are done, and it is known which it was.

A job whose process ends under it is done once more, alone, when all others are done: it may have been the one that the
system chose when memory was short. Where its process ends again, that is its outcome (:class:`Died`).
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import connection, get_context
from typing import Generic, NamedTuple, TypeVar

from kurssi import operating_system
from kurssi.operating_system import Ended

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

MOST_AT_ONCE = 64
"""So many jobs are handed over at once at most."""


class Died(NamedTuple):
    """What became of a job under which its process ended."""

    how: str
    """The signal or fault that ended it, such as SIGABRT."""


def outcomes(
    work: Callable[[Job], Outcome], jobs: Sequence[Job], processes: int, *, again: bool = True
) -> Iterator[Outcome | Died]:
    """What ``work`` makes of each job, in order; what it raises is raised here.

    ``work`` is a function that stands in a module. Without ``again`` no job is done once more.
    """
    pool = _Pool(work, jobs)
    try:
        pool.hand_out(range(len(jobs)), processes)
        for number in range(len(jobs)):
            while number not in pool.done and pool.workers:
                pool.take()
            if number not in pool.done and again:  # by now nothing else runs
                pool.hand_out([number], 1)
                while number not in pool.done and pool.workers:
                    pool.take()
            if number not in pool.done:
                yield pool.died[number]
                continue
            outcome, error = pool.done.pop(number)
            if error is not None:
                raise error
            yield outcome  # type: ignore[misc]
    finally:
        pool.stop()


class _Worker(Generic[Job, Outcome]):
    """A process, and the numbers of the jobs that it has."""

    def __init__(self, work: Callable[[Job], Outcome]) -> None:
        context = get_context(operating_system.start_method())
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(work, other, os.getpid()), daemon=True)  # type: ignore[attr-defined]
        self.process.start()
        other.close()
        self.has: deque[int] = deque()

    def end(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.process.close()


class _Pool(Generic[Job, Outcome]):
    """The processes that are at work, and what came of the jobs by their numbers."""

    def __init__(self, work: Callable[[Job], Outcome], jobs: Sequence[Job]) -> None:
        self.work = work
        self.jobs = jobs
        self.workers: dict[object, _Worker[Job, Outcome]] = {}
        self.todo: deque[int] = deque()
        self.processes = 1
        self.done: dict[int, tuple[Outcome | None, Exception | None]] = {}
        self.died: dict[int, Died] = {}

    def hand_out(self, numbers: Sequence[int], processes: int) -> None:
        """Starts processes for these jobs."""
        self.todo.extend(numbers)
        self.processes = processes
        for _ in range(min(processes, len(numbers))):
            self._start()

    def take(self) -> None:
        """Waits until some process has done something, or has ended."""
        for pipe in connection.wait([worker.pipe for worker in self.workers.values()]):
            worker = self.workers[pipe]
            try:
                number, outcome, error = worker.pipe.recv()
            except (EOFError, OSError):
                self._ended(worker)
                continue
            worker.has.remove(number)
            self.done[number] = (outcome, error)
            if not worker.has:
                self._feed(worker)

    def stop(self) -> None:
        """Ends all processes."""
        while self.workers:
            self.workers.popitem()[1].end()

    def _start(self) -> None:
        worker = _Worker(self.work)
        self.workers[worker.pipe] = worker
        self._feed(worker)

    def _feed(self, worker: _Worker[Job, Outcome]) -> None:
        """Gives a process that has nothing to do the next jobs; it ends where there are none.

        Fewer at once towards the end, so that all end together.
        """
        at_once = max(1, min(MOST_AT_ONCE, len(self.todo) // (4 * self.processes)))
        while self.todo and len(worker.has) < at_once:
            worker.has.append(self.todo.popleft())
        if not worker.has:
            del self.workers[worker.pipe]
            worker.end()
            return
        with suppress(OSError):  # it has ended, which is seen when it is asked for outcomes
            worker.pipe.send([(number, self.jobs[number]) for number in worker.has])

    def _ended(self, worker: _Worker[Job, Outcome]) -> None:
        """A process ended on its own: under the first job that it has; the others are for the next one."""
        del self.workers[worker.pipe]
        worker.process.join()
        ended = Ended.of(worker.process.exitcode or 0)
        self.died[worker.has.popleft()] = Died(ended.how)
        self.todo.extendleft(reversed(worker.has))
        worker.end()
        if self.todo:
            self._start()


def _serve(work: Callable[[Job], Outcome], pipe: connection.Connection, parent: int) -> None:
    """All that a process does: jobs, one after another, until it is ended."""
    operating_system.begin_worker(parent)
    gc.disable()  # as in the command itself
    with suppress(EOFError, OSError):  # the other end is closed: nobody asks for outcomes any more
        while True:
            for number, job in pipe.recv():
                pipe.send(_made(work, number, job))


def _made(work: Callable[[Job], Outcome], number: int, job: Job) -> tuple[int, Outcome | None, Exception | None]:
    try:
        return number, work(job), None
    except Exception as error:  # noqa: BLE001 - it is raised where the outcome is asked for
        return number, None, error
