"""A clause of the decision: true, false, or undecided at the confidence of the study."""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

from twin.core.said import both
from twin.study.asked.decision import Clause
from twin.study.judged.answer import Answer, Scene, rows_to_settle
from twin.study.said import said
from twin.study.statistics.interval import more_to_tell

Truth = Literal["true", "false", "undecided"]


class Told(NamedTuple):
    """A clause of the decision for one scenario."""

    clause: Clause
    answer: Answer
    truth: Truth
    more: int | None
    """When undecided: about how many more replications would tell; None: it cannot be told."""

    @property
    def words(self) -> str:
        """What would settle it, in words; empty: it is settled."""
        if self.truth != "undecided":
            return ""
        if math.isnan(self.answer.value):
            return said("no_row")
        if self.more is not None:
            return said("more_settle", more=self.more)
        return said("hardly_settle")

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            **both(clause=self.clause.said), "truth": self.truth, "answer": self.answer.document(), "more": self.more,
            **both(words=self.words),
        }  # fmt: skip


def tell(clause: Clause, scene: Scene) -> Told:
    """Whether a clause is true of a scenario."""
    answer = scene.answer(clause.metric)
    truth = truth_of(clause, answer)
    return Told(clause, answer, truth, _more(clause, scene, answer) if truth == "undecided" else 0)


def truth_of(clause: Clause, answer: Answer) -> Truth:
    """True: the whole interval fulfils it; false: none of it does."""
    if math.isnan(answer.value):
        return "undecided"
    ends = [clause.holds(end) for end in (answer.low, answer.high)]
    if all(ends):
        return "true"
    return "undecided" if any(ends) else "false"


def _more(clause: Clause, scene: Scene, answer: Answer) -> int | None:
    """About how many more replications would settle it; repeated draws are no new ones, so None then."""
    if math.isnan(answer.value) or scene.group is not None:
        return None
    if answer.interval is not None:
        return more_to_tell(answer.interval, clause.value, scene.confidence)

    def tells(ahead: float) -> bool:
        return truth_of(clause, scene.answer(clause.metric, ahead=ahead)) != "undecided"

    return rows_to_settle(tells, scene.runs.n)
