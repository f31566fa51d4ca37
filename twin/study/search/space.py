"""The designs that are possible: a level for each decision, under limits that add up decision by decision.

A limit is low ≤ Σ term(decision, level) ≤ high, so a linear equation over the amounts and a budget are of one form. A
partial design that cannot be completed is seen from the least and the most that the open decisions can add.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

Design = tuple[int, ...]
"""The level of each decision, from 0."""
MOST_STEPS = 1_000_000
"""Partial designs that are looked at before a search through the space gives up."""
_SLACK = 1e-9
"""Of the size of the terms: sums of money and decimals are not exact."""


class Bound(NamedTuple):
    """A limit on the decisions."""

    terms: tuple[tuple[float, ...], ...]
    """What each level of each decision adds."""
    low: float = -math.inf
    high: float = math.inf

    def total(self, design: Sequence[int]) -> float:
        """What a design adds up to."""
        return math.fsum(levels[level] for levels, level in zip(self.terms, design, strict=True))


class _Reach(NamedTuple):
    """A limit prepared: what the decisions from i on can add at least and at most, and by how much sums may be off."""

    bound: Bound
    least: tuple[float, ...]
    most: tuple[float, ...]
    slack: float

    def can(self, so_far: float, i: int) -> bool:
        """Whether the decisions from i on can still fulfil it."""
        low, high = self.bound.low - self.slack, self.bound.high + self.slack
        return so_far + self.most[i] >= low and so_far + self.least[i] <= high


@dataclass(frozen=True)
class Space:
    """Decisions with their numbers of levels, and the limits on them."""

    sizes: tuple[int, ...]
    bounds: tuple[Bound, ...] = ()

    def designs(self, most_steps: int = MOST_STEPS) -> Iterator[Design]:
        """All designs that are possible, in the order of their levels; StopSearch after too many steps."""
        return self._completed([range(size) for size in self.sizes], most_steps)

    def fits(self, design: Sequence[int]) -> bool:
        """Whether a design is possible."""
        inside = all(0 <= level < size for level, size in zip(design, self.sizes, strict=True))
        return inside and all(one.can(one.bound.total(design), len(self.sizes)) for one in self._reaches)

    def nearest(self, target: Sequence[float]) -> Design | None:
        """A design that is possible near to a point: each decision in turn as near as those before it allow.

        Args:
            target: a level for each decision, not whole and out of range as it may be.

        Returns:
            None: there is no design at all, or none was found.
        """
        orders = [
            sorted(range(size), key=lambda level, to=to: (abs(level - to), level))  # type: ignore[misc]
            for size, to in zip(self.sizes, target, strict=True)
        ]
        try:
            return next(self._completed(orders, MOST_STEPS // 10), None)
        except StopSearch:
            return None

    def neighbours(self, design: Design) -> Iterator[Design]:
        """The designs that differ by one step in one decision or in two."""
        steps = [(i, by) for i in range(len(design)) for by in (-1, 1)]
        alone = ((one,) for one in steps)
        twice = ((a, b) for a, b in itertools.combinations(steps, 2) if a[0] != b[0])
        for moved in itertools.chain(alone, twice):
            near = list(design)
            for i, by in moved:
                near[i] += by
            if self.fits(near):
                yield tuple(near)

    @cached_property
    def _reaches(self) -> tuple[_Reach, ...]:
        return tuple(map(_reach, self.bounds))

    def _completed(self, orders: Sequence[Sequence[int]], most_steps: int) -> Iterator[Design]:
        """The designs that are possible, depth first, the levels of each decision tried in the order given."""
        chosen: list[int] = []
        sums: list[tuple[float, ...]] = [(0.0,) * len(self.bounds)]
        open_: list[Iterator[int]] = [iter(orders[0])] if orders else []
        steps = 0
        while open_:
            level = next(open_[-1], None)
            if level is None:
                open_.pop()
                sums.pop()
                chosen = chosen[:-1]
                continue
            if (steps := steps + 1) > most_steps:
                raise StopSearch
            i = len(open_)
            added = self._added(sums[-1], i, level)
            if added is None:
                continue
            if i == len(orders):
                yield (*chosen, level)
            else:
                chosen.append(level)
                sums.append(added)
                open_.append(iter(orders[i]))

    def _added(self, sums: tuple[float, ...], i: int, level: int) -> tuple[float, ...] | None:
        """The sums with decision i - 1 at a level; None where a limit cannot be fulfilled any more."""
        added = tuple(so_far + one.bound.terms[i - 1][level] for so_far, one in zip(sums, self._reaches, strict=True))
        return added if all(one.can(so_far, i) for so_far, one in zip(added, self._reaches, strict=True)) else None


class StopSearch(Exception):  # noqa: N818 (no error: a search that is given up)
    """A space is too tangled to be searched through."""


def _reach(bound: Bound) -> _Reach:
    least, most = [0.0], [0.0]
    for levels in reversed(bound.terms):
        least.append(least[-1] + min(levels))
        most.append(most[-1] + max(levels))
    size = math.fsum(max(map(abs, levels)) for levels in bound.terms)
    return _Reach(bound, tuple(least[::-1]), tuple(most[::-1]), _SLACK * max(size, 1.0))
