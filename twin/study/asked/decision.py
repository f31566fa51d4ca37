"""The decision rule: clauses such as 'npv.probability_positive >= 85 %', what to choose, and when two are alike."""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import received
from twin.core.said import Said
from twin.core.spec import Reader, Spec
from twin.study.asked.metric import Metric, Words, read_metric
from twin.study.asked.scenario import BASELINE
from twin.study.said import clause_said

_CLAUSE = re.compile(r"\s*([^\s<>=≥≤]+)\s*(>=|<=|≥|≤|=>|=<|==|=|>|<)\s*(.*\S)\s*")
_CHOICE = re.compile(r"\s*(\S+)\s+(\S+)\s*")
_SIGNS = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}
OPERATORS = (">=", "<=", ">", "<")


class ClauseText(NamedTuple):
    """A clause as it is written, taken apart."""

    metric: str
    operator: str
    value: str
    text: str


class ChoiceText(NamedTuple):
    """What to choose, as it is written."""

    direction: str
    metric: str


class Clause(NamedTuple):
    """A condition of acceptance."""

    metric: Metric
    operator: str
    """'>=', '<=', '>' or '<'."""
    value: float
    """In the unit of the metric."""
    text: str
    """As it is written."""

    @property
    def said(self) -> Said:
        """As it is written, with what reports need to say it in words."""
        return clause_said(self.text, self.metric.said, self.operator, self.value, self.metric.unit)

    def holds(self, value: float) -> bool:
        """Whether a value, in the unit of the metric, fulfils it."""
        return {">=": value >= self.value, "<=": value <= self.value,
                ">": value > self.value, "<": value < self.value}[self.operator]  # fmt: skip


class Choice(NamedTuple):
    """Which of the accepted scenarios is best."""

    maximise: bool
    metric: Metric


class Decision(NamedTuple):
    """The decision rule, its metrics known."""

    against: str
    clauses: tuple[Clause, ...]
    choose: Choice | None
    indifference: float
    """Scenarios within it are alike, in the unit of the metric of ``choose``; then the smaller investment wins."""


def read_clauses(value: object) -> tuple[Any, ...]:
    """Conditions such as [npv.mean >= 0 EUR, payback.median <= 4 y]; taken apart once the metrics are known."""
    if not isinstance(value, list):
        raise fault(f"a list of conditions such as [payback.median <= 4 y] is due, not {received(value)}")
    return tuple(value)


def read_clause(value: object) -> ClauseText:
    """A condition such as 'payback.median <= 4 y'."""
    parts = _CLAUSE.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise fault(f"a condition such as 'payback.median <= 4 y' is due, not {received(value)}")
    operator = _SIGNS.get(parts[2], parts[2])
    if operator not in OPERATORS:
        raise fault(f"{quoted(operator)} never holds by chance; write '>=' or '<='")
    return ClauseText(parts[1], operator, parts[3], " ".join(str(value).split()))


def read_choice(value: object) -> ChoiceText:
    """What to choose: 'max npv.mean' or 'min cost_eur_per_part'."""
    parts = _CHOICE.fullmatch(value) if isinstance(value, str) else None
    if parts is None or parts[1] not in ("max", "min"):
        near = nearest(parts[1], ("max", "min")) if parts else None
        raise fault(f"'max' or 'min' and a metric, such as 'max npv.mean', is due, not {received(value)}",
                    f"{near} {parts[2]}" if near and parts else None)  # fmt: skip
    return ChoiceText(parts[1], parts[2])


def _clauses_schema() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "examples": ["npv.probability_positive >= 85 %"]}}


class DecisionSpec(Spec):
    """The rule that answers the question."""

    against: str = BASELINE
    """The scenario that the others are compared with."""
    accept_if: Annotated[tuple[Any, ...], Reader(read_clauses, _clauses_schema)] = ()
    """Conditions that a scenario must fulfil, all of them: METRIC OP VALUE with its unit."""
    choose: str | None = Field(default=None, examples=["max npv.mean"])
    """Which of the accepted ones: 'max METRIC' or 'min METRIC'."""
    indifference: Any = Field(default=None, json_schema_extra={"examples": ["15 kEUR"]})
    """Difference of that metric that does not matter; inside it the smaller investment wins."""

    def known(self, words: Words) -> Decision:
        """The rule with its metrics; raises Faults, located from ``decision`` downwards."""
        faults: list[Fault] = []
        clauses = [_clause(one, i, words, faults) for i, one in enumerate(self.accept_if)]
        choice = _choice(self.choose, words, faults) if self.choose is not None else None
        inside = self._indifference(choice, faults)
        if faults:
            raise Faults(*faults)
        return Decision(self.against, tuple(one for one in clauses if one), choice, inside)

    def _indifference(self, choice: Choice | None, faults: list[Fault]) -> float:
        if self.indifference is None:
            return 0.0
        if self.choose is None:
            faults.append(Fault(("indifference",), "'indifference' needs 'choose', whose metric it measures"))
            return 0.0
        found = _value(self.indifference, choice.metric, ("indifference",), faults) if choice else 0.0
        if found < 0:
            faults.append(Fault(("indifference",), f"{quoted(self.indifference)} must not be negative"))
        return found


def _clause(written: object, i: int, words: Words, faults: list[Fault]) -> Clause | None:
    loc: Loc = ("accept_if", i)
    try:
        one = read_clause(written)
    except Faults as error:
        faults += [f._replace(loc=loc) for f in error.faults]
        return None
    metric = _metric(one.metric, loc, words, faults)
    if metric is None:
        return None
    value = _value(one.value, metric, loc, faults)
    return Clause(metric, one.operator, value, one.text)


def _choice(written: str, words: Words, faults: list[Fault]) -> Choice | None:
    try:
        one = read_choice(written)
    except Faults as error:
        faults += [f._replace(loc=("choose",)) for f in error.faults]
        return None
    metric = _metric(one.metric, ("choose",), words, faults)
    return Choice(one.direction == "max", metric) if metric else None


def _metric(text: str, loc: Loc, words: Words, faults: list[Fault]) -> Metric | None:
    try:
        return read_metric(text, words)
    except Faults as error:
        faults += [f._replace(loc=loc) for f in error.faults]
        return None


def _value(value: object, metric: Metric, loc: Loc, faults: list[Fault]) -> float:
    try:
        return metric.read(value)
    except Faults as error:
        faults += [f._replace(loc=loc, text=f"{metric.text}: {f.text}") for f in error.faults]
        return 0.0
