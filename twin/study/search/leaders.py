"""From all visited designs to a few leaders: more replications for those that look good, in rounds.

Each round keeps a share of the designs and raises the replications of those that are left, so about the same is spent
in every round (sequential halving: Karnin, Koren & Somekh (2013), Proceedings of ICML 28, here under common random
numbers and with a larger step).
"""

from __future__ import annotations

import math

from twin.study.search.memory import Memory
from twin.study.search.problem import Problem, Settings
from twin.study.search.rank import best_first, keep
from twin.study.search.space import Design

LEADERS = (8, 24)
"""Designs that are compared at the end, with one goal and with two."""
_SHARE = 0.6
"""Of the budget, for all that comes before the leaders are compared."""
_STEP = 3
"""Of so many designs one goes on."""


def leaders(problem: Problem, settings: Settings, memory: Memory) -> list[Design]:
    """The leaders, best first, all with the same number of replications.

    Raises:
        Interrupted: somebody stopped it.
    """
    most = LEADERS[len(problem.goals) - 1]
    near = settings.indifference if len(problem.goals) == 1 else 0.0
    alive, n = [one.design for one in best_first(problem, memory, memory.sound)], 0
    if not problem.random:
        return keep(best_first(problem, memory, alive), len(alive), near)
    budget = int(settings.replications * _SHARE) - memory.spent
    rounds = max(math.ceil(math.log(max(len(alive) / most, 1)) / math.log(_STEP)), 1)
    for i in range(rounds):
        size = most if i == rounds - 1 else max(math.ceil(len(alive) / _STEP), most)
        alive = keep(best_first(problem, memory, alive), size, near)
        if not alive:
            return []
        n = max(memory.count(one) for one in alive) + max(budget, 0) // (rounds * len(alive))
        memory.need(alive, n)
        alive = [one for one in alive if memory.count(one) == n]
    return [one.design for one in best_first(problem, memory, alive) if math.isfinite(one.excess)]
