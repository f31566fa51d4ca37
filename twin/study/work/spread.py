"""Work over numbered replications: in this process, over worker processes or an executor of the caller.

The account of what is found, what is wanted and what is under way. A replication whose worker dies is tried again;
what is finished is kept, whatever ends the rest.
"""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from time import perf_counter
from types import TracebackType

from twin.core.run import RunError
from twin.study.work.crew import Batch, Crew, Guest, Job, One, Outcome, Pool, run_batch, unbroken

TASK = 0.1
"""Seconds of work that are sent to a worker at once."""
SHORT = 0.25
"""Seconds of work that are done in this process before workers are started."""
LONG = 0.5
"""A replication of more seconds than this is sent to workers at once."""
IN_FLIGHT = 4
"""Tasks for each worker that are submitted but not finished."""
TRIES = 3
"""How often a replication is tried whose worker dies."""
Progress = Callable[[int, int], None]
"""Told (replications finished, replications wanted)."""
Keep = Callable[[list[Outcome]], None]
"""Told of each batch of outcomes as soon as it is there."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Spread:
    """Replications of one job; workers, once started, stay for further calls of ``run`` until ``close``.

    Args:
        job: what the replications are of; sent to each worker once.
        one: what a replication is.
        workers: processes, or with an executor the tasks it runs at once; None: one a processor (executor: 4).
        executor: any ``concurrent.futures.Executor`` to use instead of processes started here; it is left open.
        guess: seconds that a replication takes, asked once before the first; 0: it is not known.
        keep: told of outcomes as they come.
        name: how a replication is called in messages.

    Raises:
        ValueError: fewer than one worker.
    """

    def __init__(
        self,
        job: Job,
        one: One,
        *,
        workers: int | None = None,
        executor: Executor | None = None,
        guess: Callable[[], float] | None = None,
        keep: Keep | None = None,
        name: Callable[[int], str] = lambda number: f"replication {number + 1}",
    ) -> None:
        if workers is not None and workers < 1:
            raise ValueError(f"at least 1 worker is due, not {workers}")
        self.job, self.one, self.executor, self.keep, self.name = job, one, executor, keep, name
        self.workers = workers or (4 if executor is not None else processors())
        self.guess, self.seconds, self.limit = guess, TASK, math.inf
        self.crew: Crew | None = None
        self.todo: deque[int] = deque()
        self.found: dict[int, Outcome] = {}
        self.flying: dict[Future[Batch], list[int]] = {}
        self.done: SimpleQueue[Future[Batch]] = SimpleQueue()  # no lock that Ctrl-C could leave held, as ``wait`` has
        self.tries: dict[int, int] = {}
        self.progress: Progress | None = None
        self.wanted = 0

    def run(self, numbers: Iterable[int], progress: Progress | None = None) -> None:
        """Simulate these replications; what is ``found`` already is not done again.

        Raises:
            RunError: the lowest number that could not be run to its end (a deadlock), or workers that died three times.
            KeyboardInterrupt: Ctrl-C; what is finished is in ``found``, and no worker is left.
        """
        wanted = list(numbers)
        self.progress, self.wanted = progress, len(wanted)
        self.todo = deque(n for n in wanted if n not in self.found)
        self._base = len(self.found) - (len(wanted) - len(self.todo))
        try:
            self._spread()
        except BaseException:
            self.close()
            raise
        if math.isfinite(self.limit):
            self.close()
            number = int(self.limit)
            raise RunError(f"{self.name(number)}: {self.found[number].failure}")

    def __enter__(self) -> Spread:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the workers go; what they have finished is kept."""
        crew, self.crew = self.crew, None
        if crew is not None:
            try:
                self._keep_finished()
            finally:
                crew.close(self.flying)
                self.flying.clear()

    def _spread(self) -> None:
        """In this process while the work is short, else over workers."""
        if self.crew is None and self.executor is None:
            self._here(math.inf if self.workers == 1 or len(self.todo) <= 1 else self._beginning())
        if self.todo:
            self.crew = self.crew or self._new_crew()
            self._over(self.crew)

    def _beginning(self) -> float:
        """Seconds of work that are done here first: none where a replication is known to be long."""
        guess, self.guess = self.guess, None
        self.seconds = (guess() if guess is not None else 0.0) or TASK
        return 0.0 if self.seconds >= LONG else SHORT

    def _new_crew(self) -> Crew:
        if self.executor is not None:
            return Guest(self.executor, self.job, self.one)
        return Pool(self.job, self.one, min(self.workers, len(self.todo)))

    def _here(self, seconds: float) -> None:
        """Replications in this process, in order, until all are done or the time is up."""
        start = perf_counter()
        while self.todo and perf_counter() - start < seconds:
            number = self.todo.popleft()
            try:
                self._store(run_batch(self.job, [number], self.one))
            except BaseException:
                self.todo.appendleft(number)
                raise
            self._drop_beyond()
            self._tell()

    def _drop_beyond(self) -> None:
        """Forget replications after one that failed: the first failure is what is told."""
        if math.isfinite(self.limit):
            self.todo = deque(n for n in self.todo if n < self.limit)

    def _over(self, crew: Crew) -> None:
        """Replications by a crew; what a dead worker leaves undone is tried again."""
        while self.todo or self.flying:
            try:
                self._fill(crew)
                self._collect()
            except BrokenExecutor:
                self._salvage()
                crew.renew()

    def _fill(self, crew: Crew) -> None:
        while self.todo and len(self.flying) < IN_FLIGHT * self.workers:
            size = max(1, min(int(TASK / self.seconds), math.ceil(len(self.todo) / (2 * self.workers))))
            numbers = list(islice(self.todo, size))
            with unbroken():
                future = crew.submit(numbers)
                self.flying[future] = numbers
                future.add_done_callback(self.done.put)
                for _ in numbers:
                    self.todo.popleft()

    def _collect(self) -> None:
        """Store the next batch that is done, and those that are done with it."""
        done = [self.done.get()]
        with suppress(Empty):
            while True:
                done.append(self.done.get_nowait())
        for future in done:
            if future in self.flying:
                batch = future.result()
                del self.flying[future]
                self._store(batch)
        self._tell()
        self._drop_beyond()

    def _store(self, batch: Batch) -> None:
        self.seconds = max(batch.seconds / len(batch.outcomes), 1e-6)
        for outcome in batch.outcomes:
            self.found[outcome.replication] = outcome
            if outcome.failure:
                self.limit = min(self.limit, outcome.replication)
        if self.keep is not None:
            self.keep([outcome for outcome in batch.outcomes if not outcome.failure])

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(len(self.found) - self._base, self.wanted)

    def _keep_finished(self) -> None:
        for future in [f for f in self.flying if f.done() and not f.cancelled() and f.exception() is None]:
            del self.flying[future]
            self._store(future.result())

    def _salvage(self) -> None:
        """After a worker died: keep what is finished, queue the rest once more."""
        self._keep_finished()
        lost = sorted(n for numbers in self.flying.values() for n in numbers if n < self.limit)
        self.flying.clear()
        for number in lost:
            self.tries[number] = self.tries.get(number, 0) + 1
            if self.tries[number] >= TRIES:
                raise RunError(
                    f"{self.name(number)}: its worker process died {TRIES} times (out of memory?); "
                    "run it in this process with 1 worker"
                )
        self.todo = deque([*lost, *self.todo])
