"""Which designs look best so far, on means over the same replications: what to simulate further, no verdict yet.

Designs that break a limit come after all that do not (Deb, 2000, Computer Methods in Applied Mechanics 186); among two
goals those that nothing dominates come first, the lonely before the crowded (Deb et al., 2002, IEEE Transactions on
Evolutionary Computation 6).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.study.search.memory import Memory
from twin.study.search.problem import Problem
from twin.study.search.space import Design

if TYPE_CHECKING:
    from twin.law.law import Floats


class Look(NamedTuple):
    """What the replications of a design say so far."""

    design: Design
    excess: float
    """How much the limits are broken, all together; 0: all means hold them; infinite: no value at all."""
    gains: tuple[float, ...]
    """Means of the goals, more is better."""
    cost: float


def look(problem: Problem, memory: Memory, design: Design) -> Look:
    """What is known of a design that was visited."""
    goals, cost = len(problem.goals), problem.cost(design)
    if design in memory.failed or not memory.count(design):
        return Look(design, math.inf, (-math.inf,) * goals, cost)
    means = memory.mean(design)
    gains = tuple(goal.sign * mean for goal, mean in zip(problem.goals, means, strict=False))
    excess = math.fsum(max(one.excess(mean), 0.0) for one, mean in zip(problem.limits, means[goals:], strict=True))
    if not all(map(math.isfinite, means)):
        excess = math.inf
    return Look(design, excess, gains, cost)


def best_first(problem: Problem, memory: Memory, designs: Iterable[Design]) -> list[Look]:
    """Designs by what they promise; equal ones in the order given."""
    looks = [look(problem, memory, design) for design in designs]
    if len(problem.goals) == 1:
        return sorted(looks, key=lambda one: (one.excess, -one.gains[0], one.cost))
    holding = [one for one in looks if one.excess == 0]
    broken = sorted((one for one in looks if one.excess > 0), key=lambda one: (one.excess, -one.gains[0]))
    return [*by_front(holding), *broken]


def by_front(looks: Sequence[Look]) -> list[Look]:
    """Front after front of what nothing dominates; within a front the ends first, then the least crowded."""
    gains = np.array([one.gains for one in looks]).reshape(len(looks), -1)
    rest, found = np.arange(len(looks)), list[Look]()
    while len(rest):
        front = rest[~dominated(gains[rest])]
        found += [looks[i] for i in front[np.argsort(-crowding(gains[front]), kind="stable")]]
        rest = np.setdiff1d(rest, front)
    return found


def dominated(gains: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows another one dominates: at least as good in all columns, better in one; more is better."""
    as_good = (gains[None, :, :] >= gains[:, None, :]).all(axis=2)
    better = (gains[None, :, :] > gains[:, None, :]).any(axis=2)
    return np.asarray(np.any(as_good & better, axis=1))


def crowding(gains: Floats) -> Floats:
    """How far the neighbours of each row of a front lie apart, in shares of the whole; infinite at the ends."""
    found = np.zeros(len(gains))
    for column in gains.T:
        order = np.argsort(column, kind="stable")
        span = float(column[order[-1]] - column[order[0]]) or 1.0
        found[order[[0, -1]]] = np.inf
        found[order[1:-1]] += (column[order[2:]] - column[order[:-2]]) / span
    return found


def keep(looks: Sequence[Look], most: int, near: float) -> list[Design]:
    """The designs to go on with: the best, and a quarter for cheap ones that look as good within ``near``.

    Args:
        looks: best first.
        most: how many.
        near: the indifference of the only goal; 0: none are kept for their cost.
    """
    alive = [one for one in looks if math.isfinite(one.excess)]
    if len(alive) <= most or near <= 0:
        return [one.design for one in alive[:most]]
    best = alive[: most - most // 4]
    alike = [one for one in alive[len(best) :] if one.excess == 0 and one.gains[0] >= alive[0].gains[0] - near]
    cheap = sorted(alike, key=lambda one: one.cost)[: most // 4]
    more = [one for one in alive[len(best) :] if one not in cheap][: most - len(best) - len(cheap)]
    return [one.design for one in (*best, *cheap, *more)]
