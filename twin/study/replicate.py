"""Replications: one plan simulated again and again, each with its own random streams, over processes.

A replication is a pure function of (plan, number). So results do not depend on how many workers there
are, in which order they finish, or whether one was killed on the way.
"""

from __future__ import annotations

import math
import os
import re
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Literal

from twin.core.plan import Plan
from twin.core.run import RunError
from twin.study.crew import Batch, Crew, Guest, One, Outcome, Pool, one_replication, run_batch, unbroken

TASK = 0.1
"""Seconds of work that are sent to a worker at once."""
SHORT = 0.25
"""Seconds of work that are done in this process before workers are started."""
LONG = 0.5
"""A replication of more seconds than this is sent to workers at once."""
SLICE = 50
"""The part of a replication, 1 in this many, that is run to guess how long it takes."""
IN_FLIGHT = 4
"""Tasks for each worker that are submitted but not finished."""
TRIES = 3
"""How often a replication is tried whose worker dies."""
Progress = Callable[[int, int], None]
"""Told (replications finished, replications wanted)."""


@dataclass(frozen=True)
class Replications:
    """The finished replications of a plan, in order of their number."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    wanted: int
    interrupted: bool = False
    note: str = ""
    """What the user should know about how it was run."""

    @property
    def n(self) -> int:
        """How many are finished."""
        return len(self.outcomes)

    @property
    def rows(self) -> list[Mapping[str, float]]:
        """The KPIs, one map a replication."""
        return [outcome.row for outcome in self.outcomes]

    @property
    def failures(self) -> list[str]:
        """The identities that did not hold, one line each: check, replication and what was found."""
        return [
            f"check '{check.name}' failed in replication {outcome.replication + 1}: {check.found}"
            for outcome in self.outcomes
            for check in outcome.checks
            if not check.ok
        ]

    @property
    def checks(self) -> dict[str, bool]:
        """Whether each identity held in all replications."""
        held: dict[str, bool] = {}
        for outcome in self.outcomes:
            for check in outcome.checks:
                held[check.name] = held.get(check.name, True) and check.ok
        return held

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What the replications warn of; messages that differ in their numbers only are told once."""
        first: dict[str, tuple[str, list[int]]] = {}
        for outcome in self.outcomes:
            for text in outcome.warnings:
                numbers = first.setdefault(re.sub(r"\d[\d.]*", "#", text), (text, []))[1]
                numbers.append(outcome.replication)
        return tuple(_told(text, len(set(numbers)), self.n) for text, numbers in first.values())


def _told(text: str, count: int, n: int) -> str:
    return text if count == n == 1 else f"{text} (such in {count} of {n} replications)"


def replicate(
    plan: Plan,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    on_interrupt: Literal["keep", "raise"] = "keep",
    one: One = one_replication,
) -> Replications:
    """Simulate the replications of a plan.

    Args:
        plan: it says how many (``plan.replications``) and from which seed; a plan that draws nothing at
            random is run once.
        workers: processes; None: one a processor. Short work is done in this process all the same.
        executor: any ``concurrent.futures.Executor`` to use instead of processes started here; ``workers``
            then says how many tasks it runs at once (None: 4).
        progress: told (finished, wanted) now and then.
        on_interrupt: after Ctrl-C ``"keep"`` returns what is finished, if anything is; ``"raise"`` raises.
        one: what a replication is; for tests and special measures.

    Returns:
        The same replications, bit for bit, whatever the workers.

    Raises:
        RunError: a deadlock (of the lowest replication that has one) or another end before the horizon, or
            workers that died three times.
        KeyboardInterrupt: Ctrl-C, and nothing is finished or ``on_interrupt`` is ``"raise"``.
        ValueError: fewer than one worker.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"at least 1 worker is due, not {workers}")
    run = _Run(plan, one, progress)
    interrupted = False
    try:
        if executor is not None:
            run.over(Guest(executor, plan, one), workers or 4)
        else:
            run.spread(workers or processors())
    except KeyboardInterrupt:
        if on_interrupt == "raise" or not run.found:
            raise
        interrupted = True
    return run.result(interrupted)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Run:
    """The account of one ``replicate``: what is found, what is wanted, what is under way."""

    def __init__(self, plan: Plan, one: One, progress: Progress | None) -> None:
        self.plan, self.one, self.progress = plan, one, progress
        self.wanted = self.limit = plan.replications if plan.is_random else 1
        self.todo = deque(range(self.wanted))
        self.found: dict[int, Outcome] = {}
        self.flying: dict[Future[Batch], list[int]] = {}
        self.done: SimpleQueue[Future[Batch]] = SimpleQueue()  # no lock that Ctrl-C could leave held, as ``wait`` has
        self.tries: dict[int, int] = {}
        self.seconds = TASK

    def spread(self, workers: int) -> None:
        """In this process while the work is short, else over worker processes."""
        if workers == 1 or self.wanted == 1:
            self.here(math.inf)
        elif self._guess() < LONG:
            self.here(SHORT)
        if self.todo:
            workers = min(workers, len(self.todo))
            self.over(Pool(self.plan, self.one, workers), workers)

    def _guess(self) -> float:
        """Seconds a replication takes, from the first part of one; 0 where its length is not known."""
        length = self.plan.warm_up + self.plan.horizon
        if math.isinf(length):
            return 0.0
        short = self.plan.with_run(warm_up=0.0, horizon=float(math.ceil(length / SLICE)))
        self.seconds = max(run_batch(short, [0], self.one).seconds * SLICE, 1e-6)
        return self.seconds

    def here(self, seconds: float) -> None:
        """Replications in this process, in order, until all are done or the time is up."""
        start = perf_counter()
        while self.todo and perf_counter() - start < seconds:
            number = self.todo.popleft()
            try:
                self._store(run_batch(self.plan, [number], self.one))
            except BaseException:
                self.todo.appendleft(number)
                raise
            self._drop_beyond()
            self._tell()

    def _drop_beyond(self) -> None:
        """Forget replications after one that failed: the first failure is what is told."""
        if self.limit < self.wanted:
            self.todo = deque(n for n in self.todo if n < self.limit)

    def over(self, crew: Crew, workers: int) -> None:
        """Replications by a crew; what a dead worker leaves undone is tried again."""
        try:
            while self.todo or self.flying:
                try:
                    self._fill(crew, workers)
                    self._collect()
                except BrokenExecutor:
                    self._salvage()
                    crew.renew()
        finally:
            try:
                self._keep_finished()
            finally:
                crew.close(self.flying)

    def _fill(self, crew: Crew, workers: int) -> None:
        while self.todo and len(self.flying) < IN_FLIGHT * workers:
            size = max(1, min(int(TASK / self.seconds), math.ceil(len(self.todo) / (2 * workers))))
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

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(len(self.found), self.wanted)

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
                    f"replication {number + 1}: its worker process died {TRIES} times (out of memory?); "
                    "run it in this process with 1 worker"
                )
        self.todo = deque([*lost, *self.todo])

    def result(self, interrupted: bool) -> Replications:
        """All that is found, in order; raises RunError for the first that could not be run to its end."""
        if self.limit < self.wanted:
            raise RunError(f"replication {self.limit + 1}: {self.found[self.limit].failure}")
        outcomes = tuple(self.found[n] for n in sorted(self.found))
        return Replications(self.plan, outcomes, self.wanted, interrupted, self._note(interrupted))

    def _note(self, interrupted: bool) -> str:
        if interrupted:
            return f"interrupted: {len(self.found)} of {self.wanted} replications are finished"
        asked = self.plan.replications
        if self.wanted < asked:
            return f"nothing in this plant is drawn at random, so 1 replication tells all ({asked} were asked for)"
        return ""
