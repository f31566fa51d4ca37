"""Replications: one plan simulated again and again, each with its own random streams, over processes.

A replication is a pure function of (plan, number). So results do not depend on how many workers there
are, in which order they finish, or whether one was killed on the way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from twin.core.plan import Plan
from twin.study.said import said
from twin.study.work.crew import One, Outcome, one_replication, run_batch
from twin.study.work.spread import Progress, Spread

__all__ = ["Progress", "Replications", "replicate"]

SLICE = 50
"""The part of a replication, 1 in this many, that is run to guess how long it takes."""


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
    return text if count == n == 1 else said("such_in", text=text, count=count, n=n)


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
    wanted = plan.replications if plan.is_random else 1
    run = Spread(plan, one, workers=workers, executor=executor, guess=lambda: _guess(plan, one))
    interrupted = False
    try:
        run.run(range(wanted), progress)
    except KeyboardInterrupt:
        if on_interrupt == "raise" or not run.found:
            raise
        interrupted = True
    finally:
        run.close()
    outcomes = tuple(run.found[n] for n in sorted(run.found))
    return Replications(plan, outcomes, wanted, interrupted, _note(plan, len(outcomes), wanted, interrupted))


def _guess(plan: Plan, one: One) -> float:
    """Seconds a replication takes, from the first part of one; 0 where its length is not known."""
    length = plan.warm_up + plan.horizon
    if math.isinf(length):
        return 0.0
    short = plan.with_run(warm_up=0.0, horizon=float(math.ceil(length / SLICE)))
    return run_batch(short, [0], one).seconds * SLICE


def _note(plan: Plan, found: int, wanted: int, interrupted: bool) -> str:
    if interrupted:
        return f"interrupted: {found} of {wanted} replications are finished"
    asked = plan.replications
    if wanted < asked:
        return f"nothing in this plant is drawn at random, so 1 replication tells all ({asked} were asked for)"
    return ""
