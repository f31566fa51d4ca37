"""What is searched for: goals and limits over what a replication of a design shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from twin.study.search.space import Design, Space

Row = tuple[float, ...]
"""What one replication shows: the goals, then what the limits look at."""
Method = Literal["auto", "exhaustive", "evolution", "optuna"]


class Goal(NamedTuple):
    """What shall be as large or as small as can be."""

    name: str
    maximise: bool = True

    @property
    def sign(self) -> float:
        """1: more is better; -1: less is."""
        return 1.0 if self.maximise else -1.0


class Limit(NamedTuple):
    """A limit on the mean of what replications show."""

    text: str
    at_most: bool
    """Otherwise at least."""
    value: float

    def excess(self, mean: float) -> float:
        """By how much a mean breaks it, in its own size; at most 0: it holds."""
        over = mean - self.value if self.at_most else self.value - mean
        return over / abs(self.value) if self.value else over


@dataclass(frozen=True)
class Problem:
    """A search without the plant behind it."""

    space: Space
    goals: tuple[Goal, ...]
    """One, or two."""
    limits: tuple[Limit, ...] = ()
    cost: Callable[[Design], float] = lambda design: 0.0
    """What a design costs; of those that cannot be told apart the cheapest wins."""
    random: bool = True
    """Whether two replications of a design differ."""


class Settings(NamedTuple):
    """How hard to search."""

    replications: int
    """Of all designs together."""
    indifference: float = 0.0
    """A difference of the first goal that does not matter."""
    confidence: float = 0.95
    """With which what is said of the leaders holds."""
    seed: int = 1
    method: Method = "auto"


class Wanted(NamedTuple):
    """Replications of a design that are to be simulated."""

    design: Design
    first: int
    """From 0; those before it are known."""
    until: int
    """One more than the last."""


class Answer(NamedTuple):
    """What was simulated."""

    rows: Mapping[Design, Sequence[Row]]
    """The replications that were wanted, or the first of them without a gap."""
    failed: Mapping[Design, str] = {}
    """Designs with a replication that could not be run to its end, and why."""
    interrupted: bool = False


Evaluate = Callable[[Sequence[Wanted]], Answer]
"""Simulates; replication k of every design has the same random streams."""
