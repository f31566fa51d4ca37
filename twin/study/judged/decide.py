"""The decision: each clause true, false or undecided, then the choice among those that are accepted.

Inside the indifference the smaller investment wins; the baseline needs no investment and is always possible, so it is
what stays when nothing is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from twin.study.asked.decision import Choice, Decision
from twin.study.judged.answer import Answer, Scene, Told, Truth, tell


class Verdict(NamedTuple):
    """What the rule says of one scenario."""

    scenario: str
    truth: Truth
    """'true': it is accepted."""
    clauses: tuple[Told, ...]

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"scenario": self.scenario, "accepted": self.truth, "clauses": [one.document() for one in self.clauses]}


class Decided(NamedTuple):
    """The decision of a study."""

    verdicts: tuple[Verdict, ...]
    chosen: str | None
    """The scenario to take; the one of 'against': leave it as it is; None: it cannot be told yet."""
    alike: tuple[str, ...]
    """Scenarios that may be as good as the best, inside the indifference, the best first."""
    words: str
    """Why, in one sentence."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "chosen": self.chosen, "alike": list(self.alike), "why": self.words,
            "verdicts": [one.document() for one in self.verdicts],
        }  # fmt: skip


def decide(decision: Decision, scenes: Sequence[Scene]) -> Decided:
    """The decision over all scenarios but the one of 'against'."""
    verdicts = tuple(_verdict(decision, scene) for scene in scenes)
    accepted = [scene for scene, one in zip(scenes, verdicts, strict=True) if one.truth == "true"]
    open_ = [one for one in verdicts if one.truth == "undecided"]
    if not accepted:
        if open_:
            return Decided(verdicts, None, (), f"cannot tell yet: {_open(open_[0])}")
        said = f"no scenario fulfils the conditions, so {decision.against} stays"
        return Decided(verdicts, decision.against, (), said)
    if decision.choose is None:
        names = tuple(scene.name for scene in accepted)
        chosen = names[0] if len(names) == 1 and not open_ else None
        said = f"{', '.join(names)} {'fulfils' if len(names) == 1 else 'fulfil'} all conditions"
        return Decided(verdicts, chosen, names, said)
    return _chosen(decision, decision.choose, verdicts, accepted, open_)


def _verdict(decision: Decision, scene: Scene) -> Verdict:
    told = tuple(tell(clause, scene.answer(clause.metric)) for clause in decision.clauses)
    truths = {one.truth for one in told}
    truth: Truth = "false" if "false" in truths else "undecided" if "undecided" in truths else "true"
    return Verdict(scene.name, truth, told)


def _open(verdict: Verdict) -> str:
    told = next(one for one in verdict.clauses if one.truth == "undecided")
    return f"{verdict.scenario}: '{told.clause.text}' is undecided; {told.words}"


def _chosen(
    decision: Decision, choice: Choice, verdicts: tuple[Verdict, ...], accepted: list[Scene], open_: list[Verdict]
) -> Decided:
    sign = 1.0 if choice.maximise else -1.0
    answers = {scene.name: scene.answer(choice.metric) for scene in accepted}
    ranked = sorted(accepted, key=lambda scene: -sign * answers[scene.name].value)
    best = answers[ranked[0].name]
    alike = [scene for scene in ranked if sign * (best.value - answers[scene.name].value) <= decision.indifference]
    chosen = min(alike, key=lambda scene: (scene.capex, ranked.index(scene)))
    names = tuple(scene.name for scene in alike)
    if open_:
        return Decided(verdicts, None, names, f"{chosen.name} fulfils all conditions, but {_open(open_[0])}")
    return Decided(verdicts, chosen.name, names, _why(choice, chosen, ranked, alike, answers))


def _why(choice: Choice, chosen: Scene, ranked: list[Scene], alike: list[Scene], answers: dict[str, Answer]) -> str:
    word = "largest" if choice.maximise else "smallest"
    text = choice.metric.text
    if len(ranked) == 1:
        return f"{chosen.name} alone fulfils all conditions"
    if len(alike) == 1:
        return f"{chosen.name} fulfils all conditions and has the {word} {text}"
    if chosen is ranked[0]:
        return f"{chosen.name} has the {word} {text} and no larger investment than those that are as good"
    return f"{chosen.name} is as good as {ranked[0].name} inside the indifference and needs the smaller investment"
