"""The search as a whole: explore, thin out, look around the leader, compare the leaders on fresh replications, answer.

What is said with a confidence is said of the leaders. Of designs that were not visited nothing is known.

Source of the order of things: Boesel, Nelson & Kim (2003), Using ranking and selection to "clean up" after simulation
optimization, Operations Research 51.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from twin.study.search.explore import Explored, explore
from twin.study.search.leaders import LEADERS, leaders
from twin.study.search.local import settled_around, unvisited
from twin.study.search.memory import Interrupted, Memory
from twin.study.search.problem import Evaluate, Problem, Settings
from twin.study.search.rank import best_first
from twin.study.search.space import Count, Design
from twin.study.search.verdict import Status, Verdict, verdict
from twin.study.statistics.interval import Interval, mean_interval


class Candidate(NamedTuple):
    """One of the leaders."""

    design: Design
    status: Status
    cost: float
    n: int
    """Replications in all."""
    fresh: int
    """How many of them did not help to choose the leaders; the intervals stand on these where there are any."""
    means: tuple[float, ...]
    """Of the goals and what the limits look at, over all replications."""
    intervals: tuple[Interval | None, ...]
    """Of the same; those of all leaders hold together (Bonferroni)."""
    holds: bool
    """Whether it is shown to hold all limits."""
    lead: Interval | None
    """First goal of the chosen one minus that of this one, paired; None: it is the chosen one, or two goals."""


@dataclass(frozen=True)
class Found:
    """What a search found."""

    candidates: tuple[Candidate, ...]
    """Leaders: first those that may be best, cheapest first (two goals: along the front); then the others."""
    chosen: Design | None
    """The cheapest of those that may be best; None: two goals, or no design that holds the limits."""
    explored: Explored | None
    """None: it was interrupted before it knew."""
    visited: int
    """Designs that were simulated."""
    possible: Count | None
    """Designs that the limits on the decisions allow; None: it was interrupted before it knew."""
    neighbours_visited: bool | None
    """Whether all designs next to the chosen one were visited, so that it is a local optimum; None: none chosen."""
    spent: int
    """Replications of all designs together."""
    failed: tuple[tuple[Design, str], ...]
    """Designs that could not be simulated to the end."""
    compared: bool
    """Whether the leaders were compared on fresh replications."""
    settled: bool
    """Whether more replications would change nothing: all possible designs were visited, and of the leaders limits
    and differences are told, as far as they matter."""
    interrupted: bool

    @property
    def exhaustive(self) -> bool:
        """Whether all designs that are possible were visited."""
        return self.possible is not None and self.possible.exact and self.visited >= self.possible.number

    @property
    def best(self) -> tuple[Candidate, ...]:
        """Those that may be best: they cannot be told apart; with two goals the front."""
        return tuple(one for one in self.candidates if one.status == "may be best")


def search(problem: Problem, settings: Settings, evaluate: Evaluate) -> Found:
    """Search for the best design.

    Args:
        problem: decisions, goals, limits.
        settings: budget and confidence.
        evaluate: simulates; where it says that it was interrupted the search ends with what is known.

    Raises:
        SearchError: no design is possible, or all of them were asked for and are too many.
        ModuleNotFoundError: Optuna was asked for and is not installed.
    """
    memory = Memory(evaluate, settings.replications, len(problem.goals) + len(problem.limits))
    explored, said, interrupted = None, None, False
    try:
        explored = explore(problem, settings, memory)
        first = leaders(problem, settings, memory)
        if first and len(problem.goals) == 1 and explored.method != "exhaustive":
            first = settled_around(problem, settings, memory, first, explored.first)
        if first:
            said = verdict(problem, settings, memory, first)
            interrupted = said.interrupted
    except (Interrupted, KeyboardInterrupt):  # Ctrl-C may come between two simulations too
        interrupted = True
    said = said or _as_far(problem, memory)
    return _found(problem, settings, memory, said, (explored, interrupted))


def _as_far(problem: Problem, memory: Memory) -> Verdict:
    """The best of what is there when nobody compared leaders: those with the most replications among the best."""
    looks = [one for one in best_first(problem, memory, memory.sound) if math.isfinite(one.excess)]
    most = LEADERS[len(problem.goals) - 1]
    status: dict[Design, Status] = {one.design: "not compared" for one in looks[:most]}
    return Verdict(status, 0, False)


def _found(
    problem: Problem, settings: Settings, memory: Memory, said: Verdict, how: tuple[Explored | None, bool]
) -> Found:
    may = [design for design, status in said.status.items() if status in ("may be best", "not compared")]
    chosen = _cheapest(problem, memory, may, said.sure) if len(problem.goals) == 1 and may else None
    level = 1 - (1 - settings.confidence) / max(len(said.status) * len(problem.goals), 1)
    candidates = [_candidate(problem, memory, said, (one, chosen), level) for one in said.status]
    explored, interrupted = how
    found = Found(
        candidates=tuple(_ordered(problem, candidates)),
        chosen=chosen,
        explored=explored,
        visited=len(memory.rows),
        possible=_possible(problem, explored),
        neighbours_visited=None if chosen is None else not unvisited(problem, memory, chosen),
        spent=memory.spent,
        failed=tuple(memory.failed.items()),
        compared=said.compared,
        settled=said.settled,
        interrupted=interrupted,
    )
    return found if found.exhaustive else replace(found, settled=False)


def _possible(problem: Problem, explored: Explored | None) -> Count | None:
    """How many designs are possible, counted anew only where they were not listed."""
    if explored is None:
        return None
    return problem.space.count() if explored.feasible is None else Count(explored.feasible, True)


def _cheapest(problem: Problem, memory: Memory, designs: Sequence[Design], sure: frozenset[Design]) -> Design:
    """Of designs that cannot be told apart the cheapest; of those that cost the same the one that looks best.

    Those that are shown to hold the limits go first, then those whose means hold them.
    """
    looks = best_first(problem, memory, designs)
    known = [one for one in looks if one.design in sure]
    seen = [one for one in looks if one.excess == 0]
    return min(known or seen or looks, key=lambda one: one.cost).design


def _candidate(
    problem: Problem, memory: Memory, said: Verdict, pair: tuple[Design, Design | None], level: float
) -> Candidate:
    design, chosen = pair
    first = said.first if said.compared else 0
    rows = memory.rows[design][first:] or memory.rows[design]
    fresh = len(memory.rows[design]) - first if said.compared else 0
    lead = None
    if chosen not in (None, design):
        table = memory.table([chosen, design], first)
        table = table if len(table) else memory.table([chosen, design])
        lead = mean_interval((table[:, 0, 0] - table[:, 1, 0]).tolist(), level)
    intervals = tuple(mean_interval(column, level) for column in zip(*rows, strict=True))
    means = memory.mean(design)
    status, cost = said.status[design], problem.cost(design)
    return Candidate(design, status, cost, len(memory.rows[design]), fresh, means, intervals, design in said.sure, lead)


def _ordered(problem: Problem, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that may be best first; one goal: by cost, then by mean; two: along the second goal."""
    sign = [goal.sign for goal in problem.goals]

    def key(one: Candidate) -> tuple[float, ...]:
        gains = [-s * mean for s, mean in zip(sign, one.means, strict=False)]
        own = (one.cost, gains[0]) if len(sign) == 1 else (gains[1], gains[0])
        return (one.status not in ("may be best", "not compared"), *own)

    return sorted(candidates, key=key)
