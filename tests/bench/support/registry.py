"""The registry of benchmarks: a file in ``tests/bench`` registers one benchmark under its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Literal, NamedTuple

FOLDER = Path(__file__).parents[1]
_PACKAGE = __name__.rsplit(".", 2)[0]


class BenchError(Exception):
    """A benchmark that cannot run; the message is one line."""


class Wanted(NamedTuple):
    """What a number must reach, and what is hoped for."""

    of: Literal["ratio", "ours"]
    sign: Literal["≥", "≤"]
    floor: float
    goal: float | None = None

    def met(self, row: Row) -> bool:
        """Whether the row reaches the floor."""
        value = row.ratio if self.of == "ratio" else row.ours
        if value is None:
            return False
        return value >= self.floor if self.sign == "≥" else value <= self.floor

    def __str__(self) -> str:
        goal = "" if self.goal is None else f" (goal {self.goal:g})"
        return f"{self.of} {self.sign} {self.floor:g}{goal}"


class Row(NamedTuple):
    """One line of the table: two numbers measured in the same run, side by side."""

    measured: str
    unit: str
    ours: float
    beside: float | None = None
    """What stands beside it: plain SimPy, a serial run, an empty process."""
    ratio: float | None = None
    """Read with ``measured``; for speed, how many times faster we are."""
    wanted: Wanted | None = None


Measure = Callable[[bool], Iterable[Row]]
"""Measures and returns its rows; the argument asks for a quick, less certain answer."""


class Bench(NamedTuple):
    """A registered benchmark."""

    name: str
    title: str
    measure: Measure


_BENCHES: dict[str, Bench] = {}


def register(title: str) -> Callable[[Measure], Measure]:
    """Register the decorated function as the benchmark of its file."""

    def note(measure: Measure) -> Measure:
        name = measure.__module__.rsplit(".", 1)[-1]
        _BENCHES[name] = Bench(name, title, measure)
        return measure

    return note


def files() -> list[str]:
    """The names of all benchmark files, sorted."""
    stems = (path.stem for path in FOLDER.glob("*.py"))
    return sorted(stem for stem in stems if not stem.startswith(("_", "test_")))


def benches() -> dict[str, Bench]:
    """All benchmarks by name, in the order of their files' names."""
    for name in files():
        import_module(f"{_PACKAGE}.{name}")
    return {name: _BENCHES[name] for name in sorted(_BENCHES)}
