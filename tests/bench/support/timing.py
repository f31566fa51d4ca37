"""The clock of the benchmarks: CPU of this process, CPU of a child, cost of a marginal part."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import NamedTuple, TypeVar

from .registry import FOLDER, BenchError

ROOT = FOLDER.parents[1]
T = TypeVar("T")

Model = Callable[[float, int], int]
"""Simulates so many minutes with a seed and returns the number of parts made."""


class Race(NamedTuple):
    """Median CPU of a marginal part, µs, and the median over the rounds of the ratio plain / ours."""

    ours: float
    plain: float
    ratio: float


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """What ``action`` returns, and the CPU seconds it takes in this process."""
    gc.collect()
    start = time.process_time()
    value = action()
    return value, time.process_time() - start


def wall(action: Callable[[], object]) -> float:
    """Wall seconds that ``action`` takes, its worker processes included."""
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def child_cpu(*arguments: str) -> float:
    """CPU seconds (user + system) of a fresh Python with these arguments, started in the project.

    Raises:
        BenchError: the child failed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise BenchError(f"python {' '.join(arguments)} ended with {done.returncode}: {last}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def marginal(model: Model, short: float, long: float, seed: int) -> float:
    """CPU seconds of a part: a long run minus a short one, so that building the plant does not count."""
    few, brief = timed(partial(model, short, seed))
    many, whole = timed(partial(model, long, seed))
    return (whole - brief) / (many - few)


def race(ours: Model, plain: Model, short: float, long: float, rounds: int) -> Race:
    """Both models in turn, ``rounds`` times, each round with its own seed and the other one first."""
    times: list[tuple[float, float]] = []
    for seed in range(1, rounds + 1):
        order = (ours, plain) if seed % 2 else (plain, ours)
        cost = {model: marginal(model, short, long, seed) for model in order}
        times.append((cost[ours], cost[plain]))
    micro = 1e6
    return Race(
        median(own for own, _ in times) * micro,
        median(other for _, other in times) * micro,
        median(other / own for own, other in times),
    )
