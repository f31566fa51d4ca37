"""The best of the scenarios that are accepted, and when it cannot be told yet.

The smallest investment wins among those that are no more than the indifference behind the best. A scenario is *near*
when that is shown, *behind* when it is shown to be further away, else *open*: chosen is the cheapest that is near, if
no cheaper one is open. Means are compared in pairs, replication by replication, with simultaneous intervals against
the best (``statistics.compare.standings``); other metrics by intervals that share the confidence (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from twin.study.asked.decision import Choice
from twin.study.judged.answer import Answer, Scene, rows_to_settle
from twin.study.statistics.compare import Standing, pair_variances, standings
from twin.study.statistics.interval import replications_for

if TYPE_CHECKING:
    from twin.law.law import Floats

Status = Literal["near", "behind", "open"]


class Rival(NamedTuple):
    """A scenario among those that may be chosen."""

    name: str
    capex: float
    """EUR, beyond that of 'against'."""
    answer: Answer | None
    """Of the metric; None: the scenario of 'against' itself."""
    rows: Floats | None
    """Whose mean is the metric, one a replication; None: the metric is no mean."""

    @property
    def value(self) -> float:
        """The metric; 0 of 'against' where it is a difference to it."""
        if self.answer is not None:
            return self.answer.value
        return float(self.rows[np.isfinite(self.rows)].mean()) if self.rows is not None and len(self.rows) else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """Its interval."""
        return (self.answer.low, self.answer.high) if self.answer is not None else (self.value, self.value)


class Field(NamedTuple):
    """Rivals compared."""

    rivals: tuple[Rival, ...]
    """The best by its value first."""
    status: Mapping[str, Status]
    standings: tuple[Standing, ...]
    """Of means: how far each is behind the best of the others; empty where that cannot be told."""
    choice: Choice
    indifference: float
    confidence: float
    scenes: tuple[Scene, ...]
    against: str

    @property
    def alike(self) -> tuple[str, ...]:
        """Those not shown to be behind the best by more than the indifference, the best first."""
        return tuple(one.name for one in self.rivals if self.status[one.name] != "behind")

    @property
    def chosen(self) -> Rival | None:
        """The cheapest that is near the best; None: it cannot be told yet."""
        there = [one for one in self.rivals if self.status[one.name] != "behind"]
        first = min(there, key=lambda one: (one.capex, self.rivals.index(one)), default=None)
        return first if first is not None and self.status[first.name] == "near" else None

    @property
    def blocking(self) -> Rival:
        """The cheapest that is open: the one of which more must be known."""
        open_ = [one for one in self.rivals if self.status[one.name] == "open"]
        return min(open_, key=lambda one: (one.capex, self.rivals.index(one)))

    def more(self) -> int | None:
        """About how many more replications would tell whether ``blocking`` is near; None: it cannot be told."""
        rows = [one.rows for one in self.rivals]
        table = _table(rows)
        if table is None or len(table) < 2:
            return self._more_by_ends()
        sign, k = (1.0 if self.choice.maximise else -1.0), len(rows)
        at = self.rivals.index(self.blocking)
        lead = sign * (table.mean(axis=0)[at] - table.mean(axis=0)) + self.indifference
        spread = np.sqrt(pair_variances(table)[at])
        level = max(1 - 2 * (1 - self.confidence) / max(k - 1, 1), 0.5)
        needed = [replications_for(abs(float(lead[j])), float(spread[j]), level) for j in range(k)
                  if j != at and self._unsettled(at, j)]  # fmt: skip
        known = [one for one in needed if one is not None]
        return max(max(known) - len(table), 1) if known and len(known) == len(needed) else None

    def _more_by_ends(self) -> int | None:
        """The same by intervals; repeated draws are no new ones."""
        if not self.scenes or self.choice.metric.is_straight or any(one.group is not None for one in self.scenes):
            return None

        def tells(ahead: float) -> bool:
            same = self.scenes, self.against, self.choice, self.indifference, self.confidence
            later = field_of(*same, ahead=ahead)
            return later is not None and later.chosen is not None

        return rows_to_settle(tells, self.scenes[0].runs.n)

    def _unsettled(self, at: int, other: int) -> bool:
        """Whether this pair leaves it open: the other may be ahead by more than the indifference, or not."""
        pair = [self.rivals[at], self.rivals[other]]
        return _classed(pair, self.choice, self.indifference, self.confidence, len(self.rivals))[0][0] == "open"


def field_of(
    scenes: Sequence[Scene],
    against: str,
    choice: Choice,
    indifference: float,
    confidence: float,
    *,
    ahead: float = 1.0,
) -> Field | None:
    """The scenarios, and where it can be one of them that of 'against', compared by the metric of the choice.

    None: none of them has such a value. ``ahead``: as for ``Scene.answer``.
    """
    level = 1 - (1 - confidence) / max(len(scenes), 1)
    rivals = [
        Rival(scene.name, scene.capex, scene.answer(choice.metric, level, ahead), _rows(scene, choice))
        for scene in scenes
    ]
    rivals = [one for one in rivals if not math.isnan(one.value)]
    left = _left(scenes, against, choice)
    rivals = [*([left] if left is not None else []), *rivals]
    if not rivals:
        return None
    sign = -1.0 if choice.maximise else 1.0
    ranked = sorted(rivals, key=lambda one: (sign * one.value, one.capex))
    status, found = _classed(ranked, choice, indifference, confidence, len(ranked))
    names = [one.name for one in ranked]
    told = dict(zip(names, status, strict=True))
    return Field(tuple(ranked), told, found, choice, indifference, confidence, tuple(scenes), against)


def _rows(scene: Scene, choice: Choice) -> Floats | None:
    rows = scene.linear(choice.metric)
    if rows is None:
        return None
    return rows if scene.group is None else scene.draws(rows)


def _left(scenes: Sequence[Scene], against: str, choice: Choice) -> Rival | None:
    """The scenario of 'against' as a rival: 0 of what is a difference to it, its own mean of a KPI."""
    if not scenes or (rows := scenes[0].linear(choice.metric)) is None:
        return None
    scene = scenes[0]
    if choice.metric.is_difference:
        own = np.zeros(len(rows))
    else:
        own = scene.runs.matrix(choice.metric.base)[:, scene.runs.names.index(against)]
    if not np.isfinite(own).any():
        return None
    return Rival(against, 0.0, None, own if scene.group is None else scene.draws(own))


def _classed(
    ranked: Sequence[Rival], choice: Choice, indifference: float, confidence: float, among: int
) -> tuple[list[Status], tuple[Standing, ...]]:
    if len(ranked) == 1:
        return ["near"], ()
    table = _table([one.rows for one in ranked])
    if table is None or len(table) < 2:
        return _by_ends(ranked, choice, indifference), ()
    level = 1 - (1 - confidence) * (len(ranked) - 1) / (among - 1)
    names = [one.name for one in ranked]
    found = standings(table, names, level, "max" if choice.maximise else "min", indifference)
    return [_status(one) for one in found], found


def _status(one: Standing) -> Status:
    if one.near_best:
        return "near"
    return "open" if one.may_be_best else "behind"


def _table(rows: Sequence[Floats | None]) -> Floats | None:
    """The replications that all have; None: some metric is no mean, or they do not fit."""
    there = [one for one in rows if one is not None]
    if len(there) < len(rows) or len(dict.fromkeys(map(len, there))) != 1:
        return None
    table = np.column_stack(there)
    return np.asarray(table[np.isfinite(table).all(axis=1)])


def _by_ends(ranked: Sequence[Rival], choice: Choice, indifference: float) -> list[Status]:
    """By intervals: near when surely no other is ahead by more than the indifference."""
    ends = [one.ends if choice.maximise else (-one.ends[1], -one.ends[0]) for one in ranked]
    found: list[Status] = []
    for i, (low, high) in enumerate(ends):
        others = [one for j, one in enumerate(ends) if j != i]
        if all(low >= top - indifference for _, top in others):
            found.append("near")
        else:
            found.append("behind" if any(high < bottom - indifference for bottom, _ in others) else "open")
    return found
