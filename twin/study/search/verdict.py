"""Which of the leaders may be best, on fresh replications: those that chose the leaders would flatter them.

The leaders are looked at ``LOOKS`` times, each with an equal part of α; at a look those go that are shown to be behind
(one goal: by more than the indifference, multiple comparisons with the best; two goals: dominated), or to break a
limit. By Bonferroni over looks and pairs nothing that is best goes, with the confidence asked for, however the leaders
depend on each other under common random numbers.

Sources: Hsu (1996), Multiple Comparisons, sec. 4.2; Law, Simulation Modeling and Analysis, sec. 10.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from twin.core.confidence import student
from twin.study.search.memory import Interrupted, Memory
from twin.study.search.problem import Problem, Settings
from twin.study.search.space import Design
from twin.study.statistics.compare import Standing, pair_variances, standings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.law.law import Floats

    Flags = NDArray[np.bool_]

LOOKS = 4
"""How often the leaders are looked at."""
_LEAST = 5
"""Fresh replications at the first look, where the budget has them."""
Status = Literal["may be best", "behind", "dominated", "breaks a limit", "failed", "not compared"]


class Verdict(NamedTuple):
    """What became of the leaders."""

    status: dict[Design, Status]
    """Of each leader."""
    first: int
    """The first replication (from 0) that they were compared on."""
    compared: bool
    """Whether there were fresh replications to compare them on."""
    sure: frozenset[Design] = frozenset()
    """Those that are shown to hold all limits."""
    settled: bool = False
    """Whether nothing was left to find out."""
    interrupted: bool = False
    """Whether somebody stopped it; what the looks before said holds."""


class _Panel:
    """The leaders under comparison."""

    def __init__(self, problem: Problem, settings: Settings, memory: Memory, leaders: Sequence[Design]) -> None:
        self.problem, self.settings, self.memory = problem, settings, memory
        self.k, self.first = len(leaders), memory.count(leaders[0]) if problem.random else 0
        self.status: dict[Design, Status] = dict.fromkeys(leaders, "may be best")
        self.compared, self.sure = False, frozenset[Design]()

    @property
    def alive(self) -> list[Design]:
        """Who is still in."""
        return [design for design, said in self.status.items() if said == "may be best"]

    def _drop(self, designs: Sequence[Design], why: Status) -> None:
        self.status |= dict.fromkeys(designs, why)

    def more(self, looks: int) -> bool:
        """Simulate the next part of what is left, for this look and ``looks`` - 1 more; whether there is any."""
        alive = self.alive
        each = self.memory.left // len(alive)
        n = self.memory.count(alive[0]) + min(max(each // looks, _LEAST), each)
        if each < 1:
            return False
        self.memory.need(alive, n)
        self._drop([one for one in alive if one in self.memory.failed], "failed")
        return bool(self.alive)

    def look(self) -> bool:
        """Compare who is in on the replications there are; whether nothing is left to find out."""
        alive = self.alive
        table = self.memory.table(alive, self.first)
        if not self.problem.random:
            table = np.repeat(table[:1], 2, axis=0)  # no spread: what is seen is so
        if len(table) < 2:
            return False
        self.compared = True
        excess = self._excess(table)
        self.sure = frozenset(one for one, ends in zip(alive, excess, strict=True) if (ends[:, 1] <= 0).all())
        self._drop([one for one, ends in zip(alive, excess, strict=True) if (ends[:, 0] > 0).any()], "breaks a limit")
        held = [i for i, one in enumerate(alive) if self.status[one] == "may be best"]
        rivals = [alive[i] in self.sure for i in held]
        return self._compare([alive[i] for i in held], table[:, held], np.array(rivals, dtype=bool))

    def _compare(self, alive: Sequence[Design], table: Floats, rivals: Flags) -> bool:
        """Drop who is behind; only one that holds the limits for sure can be better than another one."""
        if len(alive) > 1:
            compare, why = _COMPARE[len(self.problem.goals)]
            out = compare(self, table, rivals)
            self._drop([one for one, gone in zip(alive, out, strict=True) if gone], why)
            table, rivals = table[:, ~out], rivals[~out]
        return bool(rivals.all()) and self._near(table)

    @property
    def alpha(self) -> float:
        """Of one look."""
        return (1 - self.settings.confidence) / LOOKS

    def _excess(self, table: Floats) -> Floats:
        """By how much each design breaks each limit: the ends of intervals, (designs, limits, 2)."""
        goals, limits = len(self.problem.goals), self.problem.limits
        t = one_sided(self.alpha / (self.k * max(len(limits), 1)), len(table))
        found = np.zeros((table.shape[1], len(limits), 2))
        for i, limit in enumerate(limits):
            values = table[:, :, goals + i]
            margin = t * values.std(axis=0, ddof=1) / math.sqrt(len(table))
            over = (values.mean(axis=0) - limit.value) * (1 if limit.at_most else -1)
            found[:, i] = np.stack([over - margin, over + margin], axis=1)
        return found

    def _gains(self, table: Floats) -> Floats:
        signs = np.array([goal.sign for goal in self.problem.goals])
        return np.asarray(table[:, :, : len(signs)] * signs)

    def _standings(self, table: Floats) -> tuple[Standing, ...]:
        k = table.shape[1]
        confidence = 1 - self.alpha * (k - 1) / max(self.k - 1, 1)
        names = [str(i) for i in range(k)]
        return standings(self._gains(table)[:, :, 0], names, confidence, "max", self.settings.indifference)

    def behind(self, table: Floats, rivals: Flags) -> Flags:
        """Who is behind a rival by more than the indifference."""
        out = np.zeros(len(rivals), dtype=bool)
        for i in range(len(rivals)):
            others = [int(j) for j in np.flatnonzero(rivals) if j != i]
            out[i] = bool(others) and not self._standings(table[:, [i, *others]])[0].may_be_best
        return out

    def _near(self, table: Floats) -> bool:
        """Whether all that are left are near the best for sure; with two goals that is never known."""
        if table.shape[1] < 2:
            return True
        one_goal = len(self.problem.goals) == 1 and self.settings.indifference > 0
        return one_goal and all(one.near_best for one in self._standings(table))

    def off_front(self, table: Floats, rivals: Flags) -> Flags:
        """Who is dominated by a rival."""
        gains = self._gains(table)
        low = lower_ends(gains, one_sided(self.alpha / (self.k * max(self.k - 1, 1)), len(table)))
        low[:, ~rivals] = -np.inf
        return shown_dominated(low) | _for_little(low, gains.mean(axis=0), self.settings.indifference)


_COMPARE: dict[int, tuple[Callable[[_Panel, Floats, Flags], Flags], Status]] = {
    1: (_Panel.behind, "behind"),
    2: (_Panel.off_front, "dominated"),
}
"""How the leaders are compared, by the number of goals."""


def verdict(problem: Problem, settings: Settings, memory: Memory, leaders: Sequence[Design]) -> Verdict:
    """Compare leaders, which all have the same number of replications, on what is left of the budget."""
    panel, settled, interrupted = _Panel(problem, settings, memory, leaders), False, False
    try:
        for i in range(LOOKS if problem.random else 1):
            if problem.random and not panel.more(LOOKS - i):
                break
            if settled := panel.look():
                break
    except (Interrupted, KeyboardInterrupt):
        interrupted = True
    return Verdict(panel.status, panel.first, panel.compared, panel.sure, settled, interrupted)


def one_sided(alpha: float, n: int) -> float:
    """t(1 - α, n - 1)."""
    return student(n - 1, 1 - 2 * alpha)


def lower_ends(gains: Floats, t: float) -> Floats:
    """Of how much more j has than i: mean - t · S(i, j) / √n for each i, j and goal."""
    means = gains.mean(axis=0)
    ends = []
    for goal in range(gains.shape[2]):
        spread = np.sqrt(pair_variances(gains[:, :, goal]) / len(gains))
        ends.append(means[None, :, goal] - means[:, None, goal] - t * spread)
    return np.stack(ends, axis=2)


def shown_dominated(low: Floats) -> Flags:
    """Who is dominated by another one for sure: no less in any goal, more in one."""
    return np.asarray(np.any((low >= 0).all(axis=2) & (low > 0).any(axis=2), axis=1))


def _for_little(low: Floats, means: Floats, near: float) -> Flags:
    """Who pays in the second goal for a gain in the first that does not matter, against one that stays."""
    out = np.zeros(len(means), dtype=bool)
    if near <= 0:
        return out
    stays: list[int] = []
    for i in np.lexsort((-means[:, 0], -means[:, 1])):
        out[i] = any(low[i, j, 0] >= -near and low[i, j, 1] > 0 for j in stays)
        stays += [] if out[i] else [int(i)]
    return out
