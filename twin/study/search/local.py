"""Whether the leader is the best among the designs next to it: those that nobody visited are, before anything is said.

What a search has not visited it cannot speak of. That the leader is a local optimum is the least that an answer needs
(Hong & Nelson (2006), Discrete optimization via simulation using COMPASS, Operations Research 54).
"""

from __future__ import annotations

import math

from twin.study.search.explore import next_to
from twin.study.search.memory import Memory
from twin.study.search.problem import Problem, Settings
from twin.study.search.rank import best_first, look
from twin.study.search.space import Design

_SHARE = 0.1
"""Of the budget, at most, for the neighbours of leaders."""
_ROUNDS, _RIVALS = 12, 2
"""How many leaders are looked around, and how many neighbours of each are simulated as often as the leaders."""


def unvisited(problem: Problem, memory: Memory, design: Design) -> list[Design]:
    """The designs next to one that nobody has simulated."""
    return [one for one in dict.fromkeys(next_to(problem.space, design)) if one not in memory.rows]


def settled_around(
    problem: Problem, settings: Settings, memory: Memory, leaders: list[Design], first: int
) -> list[Design]:
    """The leaders, best first, after their neighbours were visited: those of the best one, then those of the next.

    A neighbour that beats the best one takes its place, and its own neighbours are next.

    Args:
        problem, settings, memory: of the search; one goal.
        leaders: best first, all with the same number of replications.
        first: replications of a new design.

    Raises:
        Interrupted: somebody stopped it.
    """
    most, stop = len(leaders), memory.spent + int(settings.replications * _SHARE if problem.random else memory.left)
    for _ in range(_ROUNDS):
        n, around = memory.count(leaders[0]), (unvisited(problem, memory, one) for one in leaders)
        new = next(filter(None, around), [])[: max(stop - memory.spent, 0) // first]
        if not new:
            break
        memory.need(new, first)
        rivals = [one for one in _promising(problem, memory, leaders[0], new) if memory.spent + n - first <= stop]
        memory.need(rivals[:_RIVALS], n)
        held = [one for one in (*leaders, *rivals) if memory.count(one) == n and one not in memory.failed]
        leaders = [one.design for one in best_first(problem, memory, held) if math.isfinite(one.excess)][:most]
    return leaders


def _promising(problem: Problem, memory: Memory, leader: Design, new: list[Design]) -> list[Design]:
    """Those that look better than the leader on the replications that all of them have, best first."""
    there = [one for one in new if memory.count(one) and one not in memory.failed]
    n = min((memory.count(one) for one in there), default=0)
    early = Memory(memory.evaluate, 0, memory.columns)
    early.rows = {one: memory.rows[one][:n] for one in (leader, *there) if n}
    if not early.rows:
        return []
    looks = best_first(problem, early, early.rows)
    at = look(problem, early, leader)
    return [one.design for one in looks[: looks.index(at)]]
