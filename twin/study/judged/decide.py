"""The decision: each clause true, false or undecided, then the choice among those that are accepted.

The scenario of 'against' needs no investment and is always possible: it stays when nothing is accepted, and where it
can be compared (the metric of the choice is a mean) it is one of those to choose from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from twin.core.said import Listed, both
from twin.study.asked.decision import Choice, Decision
from twin.study.judged.answer import Scene
from twin.study.judged.choose import Field, field_of
from twin.study.judged.clause import Told, Truth, tell
from twin.study.said import said
from twin.study.statistics.compare import Standing


class Verdict(NamedTuple):
    """What the rule says of one scenario."""

    scenario: str
    truth: Truth
    """'true': it is accepted."""
    clauses: tuple[Told, ...]

    @property
    def open(self) -> Told | None:
        """A clause that leaves it undecided: the one that takes the most replications, or cannot be told at all."""
        undecided = [one for one in self.clauses if one.truth == "undecided"]
        return max(undecided, key=lambda one: (one.more is None, one.more or 0), default=None)

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"scenario": self.scenario, "accepted": self.truth, "clauses": [one.document() for one in self.clauses]}


class Decided(NamedTuple):
    """The decision of a study."""

    verdicts: tuple[Verdict, ...]
    chosen: str | None
    """The scenario to take; the one of 'against': leave it as it is; None: it cannot be told yet."""
    alike: tuple[str, ...]
    """Scenarios not shown to be behind the best by more than the indifference, the best first."""
    words: str
    """Why, in one sentence."""
    more: int | None = 0
    """When nothing is chosen: about how many more replications would tell; None: it cannot be told."""
    standings: tuple[Standing, ...] = ()
    """Of those to choose from: how far each is behind the best of the others, shown together."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "chosen": self.chosen, "alike": list(self.alike), **both(why=self.words), "more": self.more,
            "standings": [one.document() for one in self.standings],
            "verdicts": [one.document() for one in self.verdicts],
        }  # fmt: skip


def decide(decision: Decision, scenes: Sequence[Scene]) -> Decided:
    """The decision over all scenarios but the one of 'against'."""
    verdicts = tuple(_verdict(decision, scene) for scene in scenes)
    accepted = [scene for scene, one in zip(scenes, verdicts, strict=True) if one.truth == "true"]
    open_ = [scene for scene, one in zip(scenes, verdicts, strict=True) if one.truth == "undecided"]
    if not accepted and not open_:
        return Decided(verdicts, decision.against, (), said("none_fulfils", against=decision.against))
    if decision.choose is None:
        return _accepted(verdicts)
    return _chosen(decision, decision.choose, verdicts, accepted, open_)


def _verdict(decision: Decision, scene: Scene) -> Verdict:
    told = tuple(tell(clause, scene) for clause in decision.clauses)
    truths = [one.truth for one in told]
    truth: Truth = "false" if "false" in truths else "undecided" if "undecided" in truths else "true"
    return Verdict(scene.name, truth, told)


def _accepted(verdicts: tuple[Verdict, ...]) -> Decided:
    """Without a choice: the one that is accepted, if it is one."""
    names = tuple(one.scenario for one in verdicts if one.truth == "true")
    if any(one.truth == "undecided" for one in verdicts):
        return _not_yet(verdicts, names, [one.scenario for one in verdicts if one.truth == "undecided"])
    why = said("fulfils" if len(names) == 1 else "fulfil", names=Listed(names))
    return Decided(verdicts, names[0] if len(names) == 1 else None, names, why)


def _not_yet(verdicts: tuple[Verdict, ...], alike: tuple[str, ...], open_: Sequence[str]) -> Decided:
    """A clause must be told first."""
    worst = max(
        (one for one in verdicts if one.scenario in open_ and one.open is not None),
        key=lambda one: (one.open is None or one.open.more is None, (one.open and one.open.more) or 0),
    )
    told = worst.open
    assert told is not None
    why = said("not_yet", scenario=worst.scenario, clause=told.clause.said, settle=told.words)
    return Decided(verdicts, None, alike, why, told.more)


def _chosen(
    decision: Decision, choice: Choice, verdicts: tuple[Verdict, ...], accepted: list[Scene], open_: list[Scene]
) -> Decided:
    level = (accepted or open_)[0].confidence
    field = field_of(accepted, decision.against, choice, decision.indifference, level)
    matter = [scene for scene in open_ if _matters(scene, decision, choice, accepted, level)]
    if matter:
        first = [scene.name for scene in _first(matter, decision, choice, accepted, level)]
        return _not_yet(verdicts, field.alike if field is not None else (), first)
    if field is None:
        return _nothing_to_choose(decision, choice, verdicts, accepted)
    if (chosen := field.chosen) is None:
        more = field.more()
        return Decided(verdicts, None, field.alike, _between(field, more), more, field.standings)
    return Decided(verdicts, chosen.name, field.alike, _why(decision, field, chosen.name), 0, field.standings)


def _nothing_to_choose(
    decision: Decision, choice: Choice, verdicts: tuple[Verdict, ...], accepted: list[Scene]
) -> Decided:
    if accepted:
        return Decided(verdicts, None, (), said("no_value", metric=choice.metric.said), None)
    why = said("none_better", metric=choice.metric.said, against=decision.against)
    return Decided(verdicts, decision.against, (), why)


def _matters(scene: Scene, decision: Decision, choice: Choice, accepted: list[Scene], level: float) -> bool:
    """Whether a scenario that is not decided could change the choice: it is not shown to be behind anyway."""
    field = field_of([*accepted, scene], decision.against, choice, decision.indifference, level)
    return field is None or field.status.get(scene.name, "open") != "behind"


def _first(matter: list[Scene], decision: Decision, choice: Choice, accepted: list[Scene], level: float) -> list[Scene]:
    """Those that must be told first: the best of them, and those that would still matter were it accepted."""
    field = field_of(matter, decision.against, choice, decision.indifference, level)
    names = [one.name for one in field.rivals] if field is not None else []
    best = min(matter, key=lambda scene: names.index(scene.name) if scene.name in names else len(names))
    others = [scene for scene in matter if scene is not best]
    return [best, *(one for one in others if _matters(one, decision, choice, [*accepted, best], level))]


def _between(field: Field, more: int | None) -> str:
    open_ = field.blocking
    best = field.rivals[0] if field.rivals[0] is not open_ else field.rivals[1]
    settle = said("hardly_tell") if more is None else said("more_tell", more=more)
    key = "not_told_within" if field.indifference else "not_told"
    return said(key, blocking=open_.name, best=best.name, metric=field.choice.metric.said, settle=settle)


def _why(decision: Decision, field: Field, chosen: str) -> str:
    """The reason in words."""
    metric, best = field.choice.metric.said, field.rivals[0].name
    if chosen == decision.against:
        return said("stays_near" if field.indifference else "stays", chosen=chosen, metric=metric)
    if len(field.rivals) == 1:
        return said("alone_fulfils" if decision.clauses else "alone", chosen=chosen)
    if chosen != best:
        return said("cheaper", chosen=chosen, best=best)
    most = said("largest" if field.choice.maximise else "smallest", metric=metric)
    if len(field.alike) == 1:
        return said("fulfils_most" if decision.clauses else "has_most", chosen=chosen, most=most)
    return said("alike_most", chosen=chosen, most=most)
