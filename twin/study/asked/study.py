"""A study: the file checked as a whole, its scenarios spread out, each ready to be compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.layout import Layout
from twin.core.plan import Plan
from twin.core.problem import Fault, Faults, Mark, PlantError, Problem, dotted
from twin.core.text import Document
from twin.lever.change import Change, Data, Step
from twin.lever.shape import NOTHING
from twin.study.asked.case import Case, DrawnEffect, Recipe
from twin.study.asked.changed import ChangedDocument, Made, base_data, compiled, declared, pull
from twin.study.asked.decision import Decision
from twin.study.asked.grid import Crossed, settings_of
from twin.study.asked.levers import LeverSpec
from twin.study.asked.money import FinanceSpec
from twin.study.asked.run import Settings
from twin.study.asked.scenario import BASELINE, Behind, Meeting, Pulled, Scenario, all_behind, in_order, meetings
from twin.study.difference import written
from twin.study.source import Source
from twin.study.validity import Validity

if TYPE_CHECKING:
    from twin.study.asked.optimise import Search


class Shown(NamedTuple):
    """One change of a scenario, as ``twin diff`` shows it."""

    mark: Mark
    path: str
    old: str | None
    """None: nothing stood there."""
    new: str | None
    """None: nothing stands there any more. Where an effect is drawn, what it is at the mean of the effect."""
    lever: str
    """Empty: a setting of a sweep."""
    drawn: str
    """The uncertain effect as a study writes it: '{scale: {pert: [0.45, 0.55, 0.75]}}'; empty: it is certain."""

    def __str__(self) -> str:
        place = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: {self.path}: "
        change = f"added {self.new}" if self.old is None else f"{self.old} → {self.new}"
        if self.new is None:
            change = f"removed {self.old}"
        drawn = f"drawn: {self.drawn}" if self.drawn else ""
        why = ", ".join(word for word in (f"lever {self.lever}" if self.lever else "", drawn) if word)
        return f"{place}{change}" + (f" ({why})" if why else "")

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        told = {name: getattr(self, name) for name in ("path", "old", "new", "lever", "drawn")}
        return {**told, "file": self.mark.file, "line": self.mark.line}


@dataclass(frozen=True)
class Study:
    """A study file, checked as a whole."""

    file: str
    name: str
    question: str
    layout: Layout
    """The plant as it is."""
    levers: Mapping[str, LeverSpec]
    scenarios: tuple[Scenario, ...]
    """All of them, sweeps and factorials spread out, the baseline first."""
    run: Settings
    finance: FinanceSpec | None
    decision: Decision
    document: Document = field(repr=False)
    factorials: tuple[Crossed, ...] = ()
    optimise: Search | None = None
    """What to search for, as ``twin.study.asked.optimise`` reads it; None: nothing."""
    reads: tuple[Path, ...] = ()
    """Files that it names, the layout and those of the layout included; nothing may write over them."""
    sources: tuple[Source, ...] = ()
    """The study file, then those of ``reads``, with their hashes."""
    validity: tuple[Validity, ...] = ()
    """Kept validations against history that stand beside the fitted files."""
    warnings: tuple[Problem, ...] = ()
    """Of the study, of the layout, and of what scenarios make of it; sorted by place."""
    _data: Data = field(default_factory=dict, repr=False)
    _cases: dict[str, Case] = field(default_factory=dict, repr=False, compare=False)

    @property
    def baseline(self) -> str:
        """The scenario without any lever."""
        return self.scenarios[0].name

    def scenario(self, name: str) -> Scenario:
        """A scenario by its name.

        Raises:
            KeyError: there is none of this name.
        """
        found = next((one for one in self.scenarios if one.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def pull(self, scenario: str | Scenario) -> Made:
        """The data of the layout with the levers of a scenario pulled, and each change that was made.

        Raises:
            PlantError: levers that conflict, or that the plant cannot take.
        """
        one = self.scenario(scenario) if isinstance(scenario, str) else scenario
        try:
            return pulled(self._data, one, self.levers)
        except Faults as error:
            raise PlantError(problems(self.document, error)) from None

    def changes(self, scenario: str | Scenario) -> list[Shown]:
        """What a scenario changes, in the order in which it is done.

        Raises:
            PlantError: levers that conflict, or that the plant cannot take.
        """
        return [self._shown(one, step) for one, step in self.pull(scenario).steps]

    def _shown(self, one: Pulled, step: Step) -> Shown:
        old, new = (None if value is NOTHING else written(value) for value in (step.old, step.new))
        drawn = step.amount is not None and step.amount.is_uncertain
        action = one.change.action
        words = written(action.value if action.verb == "drawn" else action.written) if drawn else ""
        return Shown(self.document.mark(one.change.at), one.change.path, old, new, one.lever, words)

    def case(self, scenario: str | Scenario) -> Case:
        """A scenario compiled: one of the study by its name, or any other combination of its levers.

        Raises:
            KeyError: there is none of this name.
            PlantError: the plant cannot be so.
        """
        one = self.scenario(scenario) if isinstance(scenario, str) else scenario
        if one in self.scenarios and one.name in self._cases:
            return self._cases[one.name]
        made, document = self.pull(one), self._changed(one)
        document.data, document.pulled = made.data, tuple(step[0] for step in made.steps)
        plan = compiled(document, declared(self._data), self.run.spec)
        found = case_of(one.name, plan, made, self._recipe(document.pulled), self.run.wanted)
        if one in self.scenarios:
            self._cases[one.name] = found
        return found

    def warnings_of(self, scenario: str | Scenario) -> list[Problem]:
        """What a scenario makes of the layout that is to be warned of, apart from what holds without it."""
        one = self.scenario(scenario) if isinstance(scenario, str) else scenario
        made, document = self.pull(one), self._changed(one)
        document.data, document.pulled = made.data, tuple(step[0] for step in made.steps)
        compiled(document, declared(self._data), self.run.spec)
        return document.problems

    def cases(self) -> list[Case]:
        """All scenarios compiled, in order."""
        return [self.case(one) for one in self.scenarios]

    def _changed(self, one: Scenario) -> ChangedDocument:
        base = self.layout.document
        known = frozenset((problem.path, problem.text) for problem in base.problems)
        return ChangedDocument(
            base.file, root=base.root, base=base, study=self.document, scenario=one.at, known=known, reads=base.reads
        )

    def _recipe(self, pulled_: Sequence[Pulled]) -> Recipe:
        return Recipe(self.layout.file, self._data, declared(self._data), tuple(pulled_), self.run.spec)


def case_of(name: str, plan: Plan, made: Made, recipe: Recipe, wanted: bool) -> Case:
    """The case of a compiled scenario; without effects that are drawn it needs no recipe."""
    effects = tuple(
        DrawnEffect(one.lever, one.change.path, step.change.action.verb, step.amount, one.key)
        for one, step in made.steps
        if step.amount is not None and step.amount.is_uncertain
    )
    drawn = wanted and bool(plan.inputs) and not plan.inputs.wrong
    return Case(name, plan, effects, drawn, recipe if effects else None)


def pulled(data: Data, scenario: Scenario, levers: Mapping[str, LeverSpec]) -> Made:
    """The data of a layout with the levers of a scenario pulled, one after the other.

    Raises:
        Faults: located in the study file.
    """
    behind = behind_of(levers)
    steps: list[tuple[Pulled, Step]] = []
    for name in in_order(scenario.levers, behind):
        data, more = pull(data, pulled_by(name, levers[name], data))
        steps += more
    data, more = pull(data, list(_settings(scenario)))
    steps += more
    met = list(meetings([one for one, _ in steps], behind))
    if met:
        raise Faults(*dict.fromkeys(fault_of(meeting) for meeting in met))
    return Made(data, tuple(steps))


def behind_of(levers: Mapping[str, LeverSpec]) -> Behind:
    """The levers that each lever comes after, by way of others too."""
    return all_behind({name: lever.after for name, lever in levers.items()})


def fault_of(meeting: Meeting) -> Fault:
    """The fault of a conflict, where the later lever writes it."""
    return Fault(meeting.then.change.at, meeting.text)


def pulled_by(name: str, lever: LeverSpec, data: Data) -> list[Pulled]:
    """The changes of a lever of a layout as it is.

    Raises:
        Faults: a shorthand names what the plant does not have; located in the study file.
    """
    try:
        found = lever.changes(data)
    except Faults as error:
        raise Faults(*(one._replace(loc=("levers", name, *one.loc)) for one in error.faults)) from None
    return [Pulled(name, one._replace(at=("levers", name, *one.at)), _key(name, one)) for one in found]


def _key(lever: str, change: Change) -> str:
    return f"lever {lever}#{change.stream or change.path}"


def _settings(scenario: Scenario) -> Iterator[Pulled]:
    for change, at in settings_of(scenario):
        yield Pulled("", change._replace(at=at), f"{dotted(scenario.at)}#{change.path}")


def problems(document: Document, faults: Faults) -> Iterable[Problem]:
    """Faults located in the study file as problems with their places."""
    for one in faults.faults:
        yield Problem(document.mark(one.loc), dotted(one.loc), one.text, one.nearest)


def start_data(layout: Layout) -> Data:
    """The layout as plain data, copies written out."""
    return base_data(layout.document)


__all__ = ["BASELINE", "Shown", "Study"]
