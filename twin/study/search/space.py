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

import numpy as np

Design = tuple[int, ...]
"""The level of each decision, from 0."""
MOST_STEPS = 1_000_000
"""Partial designs that are looked at before a search through the space gives up."""
MOST_COUNTED = 30_000
"""Partial designs that are looked at before designs are estimated and not counted."""
_WALKED = 100_000
"""Levels that are looked at in all for that estimate."""
_REPAIRS, _REPAIR_STEPS = 5, 2000
"""Ways in which a step is made possible, and the partial designs that are looked at for each."""
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


class Count(NamedTuple):
    """How many designs are possible."""

    number: int
    exact: bool
    """Otherwise an estimate, to two digits."""


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

    def count(self, most_steps: int = MOST_COUNTED) -> Count:
        """How many designs are possible: counted, or estimated where that takes too many steps."""
        if not self.bounds:
            return Count(math.prod(self.sizes), True)
        try:
            return Count(sum(1 for _ in self.designs(most_steps)), True)
        except StopSearch:
            return Count(max(int(float(f"{self._estimated():.2g}")), 1), False)

    def _estimated(self) -> float:
        """The mean of walks down the tree of partial designs, each the product of the branches it met.

        Source: Knuth (1975), Mathematics of Computation 29 (free of bias, whatever the tree).
        """
        rng = np.random.default_rng(1)
        walks = min(max(_WALKED // sum(self.sizes), 30), 1000)
        return math.fsum(self._walk(rng) for _ in range(walks)) / walks

    def _walk(self, rng: np.random.Generator) -> float:
        sums, found = (0.0,) * len(self.bounds), 1.0
        for i, size in enumerate(self.sizes, 1):
            branches = [added for level in range(size) if (added := self._added(sums, i, level)) is not None]
            if not branches:
                return 0.0
            found *= len(branches)
            sums = branches[int(rng.integers(len(branches)))]
        return found

    def nearest(
        self, target: Sequence[float], turn: Sequence[int] | None = None, most_steps: int = MOST_STEPS // 10
    ) -> Design | None:
        """A design that is possible near to a point: each decision in turn as near as those before it allow.

        Args:
            target: a level for each decision, not whole and out of range as it may be.
            turn: the order in which decisions are taken; default those with few levels first, such as levers, since
                what the others give up for them are small steps.
            most_steps: partial designs that are looked at before it gives up.

        Returns:
            None: there is no design at all, or none was found.
        """
        turn = self._few_first if turn is None else turn
        orders = [
            sorted(range(self.sizes[i]), key=lambda level, to=target[i]: (abs(level - to), level))  # type: ignore[misc]
            for i in turn
        ]
        turned = self if list(turn) == list(range(len(self.sizes))) else self._turned(turn)
        try:
            found = next(turned._completed(orders, most_steps), None)
        except StopSearch:
            return None
        return None if found is None else tuple(level for _, level in sorted(zip(turn, found, strict=True)))

    @cached_property
    def _few_first(self) -> list[int]:
        return sorted(range(len(self.sizes)), key=lambda i: self.sizes[i])

    def _turned(self, turn: Sequence[int]) -> Space:
        """The same decisions in another order."""
        bounds = (one._replace(terms=tuple(one.terms[i] for i in turn)) for one in self.bounds)
        return Space(tuple(self.sizes[i] for i in turn), tuple(bounds))

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

    def repaired(self, design: Design) -> Iterator[Design]:
        """The designs after a step in one decision that the limits allow only together with steps in several others.

        A lever that costs as much as many places is such a step. What the others give up is found anew for each of
        ``_REPAIRS`` decisions that is to give first, so a design may turn up twice.
        """
        for i, by in itertools.product(range(len(design)), (-1, 1)):
            moved = (*design[:i], design[i] + by, *design[i + 1 :])
            if 0 <= moved[i] < self.sizes[i] and not self.fits(moved):
                yield from self._repairs(moved, i)

    def _repairs(self, moved: Design, kept: int) -> Iterator[Design]:
        """Designs near to one that is not possible, with this decision as it is."""
        others = [i for i in self._few_first[::-1] if i != kept]
        for last in others[:_REPAIRS]:
            turn = [kept, *(i for i in others if i != last), last]
            found = self.nearest(moved, turn, _REPAIR_STEPS)
            if found is not None and found[kept] == moved[kept]:
                yield found

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
