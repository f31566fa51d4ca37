"""What to search for: decisions with their levels and cost, limits on them and on KPIs, one goal or two."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec, build, inline_schema, register
from twin.core.unit import Quantity
from twin.lever.change import Change, Data, apply, read_action
from twin.lever.lever import Plant
from twin.lever.tree import read_path
from twin.study.asked.decision import ChoiceText, read_choice
from twin.study.asked.levers import LeverSpec
from twin.study.asked.limits import COST, Aim, Ceiling, Sum, read_aim, read_indifference, read_limit
from twin.study.asked.metric import Words

MOST_LEVELS, MOST_DECISIONS = 1000, 50
"""Levels of one decision; decisions of one search."""
MOST_AMOUNT = 1_000_000_000
"""Of one level."""
_AMOUNT = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")


class Level(NamedTuple):
    """One way in which a decision can be taken."""

    amount: float
    """What counts in limits on decisions."""
    value: Any
    """What is written at the path; of a lever whether it is pulled."""
    cost: float
    """EUR."""


class Choice(NamedTuple):
    """A decision, ready."""

    name: str
    path: str
    """Empty: a lever."""
    lever: str
    """Empty: a path."""
    levels: tuple[Level, ...]


class Search(NamedTuple):
    """What to search for, ready."""

    choices: tuple[Choice, ...]
    sums: tuple[Sum, ...]
    ceilings: tuple[Ceiling, ...]
    aims: tuple[Aim, ...]
    replications: int
    indifference: float
    """In the unit of the first goal."""
    confidence: float
    method: Literal["auto", "exhaustive", "evolution", "optuna"]


class PathChoice(Spec):
    """A decision on a value of the layout."""

    path: str
    """Where the value stands in the layout, such as buffers.rack.capacity."""
    begin: Annotated[int, Field(ge=-MOST_AMOUNT, le=MOST_AMOUNT)] | None = Field(default=None, alias="from")
    """The least whole number."""
    to: Annotated[int, Field(ge=-MOST_AMOUNT, le=MOST_AMOUNT)] | None = None
    """The largest."""
    step: Annotated[int, Field(ge=1)] = 1
    """From one to the next."""
    values: dict[str, Any] | None = None
    """Instead of whole numbers: by amount what to write, such as {5: 12 min, 6: 10 min}."""
    cost: Annotated[float, Quantity("money")] = 0.0
    """Of one unit more than the plant has now; less than now costs and brings nothing."""
    now: Annotated[float, Field(ge=-MOST_AMOUNT, le=MOST_AMOUNT)] | None = None
    """What the plant has now, where the layout does not say it as a number, or as one of 'values'."""

    @model_validator(mode="after")
    def _agree(self) -> PathChoice:
        if self.values is not None and self.model_fields_set & {"begin", "to", "step"}:
            raise fault("'values' stands alone, without 'from', 'to' and 'step'")
        if not self.values and (self.begin is None or self.to is None):
            raise fault("'from' and 'to', or 'values', are due, such as {path: buffers.rack.capacity, from: 1, to: 19}")
        if self.begin is not None and self.to is not None and self.to < self.begin:
            raise fault(f"'{self.to}' is less than 'from', {self.begin}", loc=("to",))
        levels = len(self.values or ()) or len(range(self.begin or 0, (self.to or 0) + 1, self.step))
        if levels > MOST_LEVELS:
            raise fault(f"{levels:,} levels are more than one decision may have ({MOST_LEVELS:,})")
        if len(self.written()) < levels:
            raise fault("an amount stands twice; keep one", loc=("values",))
        return self

    def written(self) -> dict[float, Any]:
        """What to write, by amount, rising."""
        if self.values is not None:
            return dict(sorted((_number(text), value) for text, value in self.values.items()))
        assert self.begin is not None
        assert self.to is not None
        return {float(n): n for n in range(self.begin, self.to + 1, self.step)}


class LeverChoice(Spec):
    """A decision on a lever of the study: pulled or not."""

    lever: str
    """Its name."""
    cost: Annotated[float, Quantity("money")] | None = None
    """Of pulling it; default its capex, at the mean."""


def _number(text: object) -> float:
    found = float(str(text)) if _AMOUNT.fullmatch(str(text)) else math.inf
    if abs(found) > MOST_AMOUNT:
        raise fault(f"an amount such as 5 is due, not {received(text)}", loc=("values", str(text)))
    return found


def read_choices(value: object) -> dict[str, PathChoice | LeverChoice]:
    """Decisions by name: {b1: {path: buffers.rack.capacity, from: 1, to: 19}, crew: {lever: extra_fitter}}."""
    if not isinstance(value, dict) or not value:
        example = "{b1: {path: buffers.rack.capacity, from: 1, to: 19}}"
        raise fault(f"a map of decisions such as {example} is due, not {received(value)}")
    if len(value) > MOST_DECISIONS:
        raise fault(f"{len(value)} decisions are more than one search may have ({MOST_DECISIONS})")
    found, faults = dict[str, PathChoice | LeverChoice](), list[Fault]()
    for name, one in value.items():
        try:
            found[name] = _choice(str(name), one)
        except Faults as error:
            faults += [f._replace(loc=(name, *f.loc)) for f in error.faults]
    if faults:
        raise Faults(*faults)
    return found


def _choice(name: str, value: object) -> PathChoice | LeverChoice:
    if not re.fullmatch(r"[^\W\d]\w*", name):
        raise fault(f"a name of letters, digits and '_' is due, not {quoted(name)}: limits add decisions up")
    if name in COST:
        raise fault(f"{quoted(name)} stands for what all decisions cost; give this one another name")
    model: type[PathChoice | LeverChoice] = PathChoice
    if isinstance(value, dict) and "lever" in value and "path" not in value:
        model = LeverChoice
    return build(model, value)


def read_texts(value: object) -> tuple[str, ...]:
    """One text, or a list of them."""
    several = value if isinstance(value, list) else [value]
    wrong = [Fault((i,), f"a text is due, not {received(one)}") for i, one in enumerate(several)
             if not isinstance(one, str)]  # fmt: skip
    if wrong:
        raise Faults(*wrong)
    return tuple(map(str, several))


def read_goals(value: object) -> tuple[ChoiceText, ...]:
    """One goal or two: [max throughput_per_h, min cost]."""
    several = value if isinstance(value, list) else [value]
    if not 1 <= len(several) <= 2:
        raise fault(f"one goal or two are due, such as [max throughput_per_h, min cost], not {len(several)}")
    found = []
    for i, one in enumerate(several):
        try:
            found.append(read_choice(one))
        except Faults as error:
            text = f"'max' or 'min' and a metric, such as 'max throughput_per_h', is due, not {received(one)}"
            loc: Loc = (i,) if isinstance(value, list) else ()
            raise Faults(*(Fault(loc, text, f.nearest) for f in error.faults)) from None
    return tuple(found)


def _choices_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": {"anyOf": [inline_schema(PathChoice), inline_schema(LeverChoice)]},
    }


def _texts_schema(example: str) -> dict[str, Any]:
    text = {"type": "string", "examples": [example]}
    return {"anyOf": [text, {"type": "array", "items": text}]}


@register("study", "optimise")
class OptimiseSpec(Spec):
    """Decisions to search for, with their bounds, limits and goals."""

    decide: Annotated[dict[str, PathChoice | LeverChoice], Reader(read_choices, _choices_schema)]
    """Decisions by name: values of the layout, or levers."""
    limits: Annotated[tuple[str, ...], Reader(read_texts, lambda: _texts_schema("b1 + b2 = 20"))] = ()
    """What must hold: linear in the decisions, on the budget, or on the mean of a KPI."""
    goals: Annotated[tuple[ChoiceText, ...], Reader(read_goals, lambda: _texts_schema("max throughput_per_h"))]
    """One goal, or two for a front: 'max METRIC', 'min METRIC' or 'min cost'."""
    replications: Annotated[int, Field(ge=10, le=10_000_000)] = 3000
    """Of all designs together, at most."""
    indifference: Any = Field(default=None, json_schema_extra={"examples": ["0.05"]})
    """Difference of the first goal that does not matter; inside it the cheapest design wins."""
    confidence: Annotated[float, Quantity("share", least=0.5, most=0.9999)] = 0.95
    """With which the best design is among those that are named."""
    method: Literal["auto", "exhaustive", "evolution", "optuna"] = "auto"
    """How designs are found where not all can be simulated; 'auto': all where they are few, else 'evolution'."""

    def known(self, words: Words, data: Data, levers: Mapping[str, LeverSpec]) -> Search:
        """The search with its metrics, levels and costs.

        Args:
            words: the names that metrics may begin with.
            data: the layout as plain data, copies written out.
            levers: of the study.

        Raises:
            Faults: located from ``optimise`` downwards.
        """
        faults: list[Fault] = []
        choices = [
            _known(faults, ("decide", name), _ready, name, one, data, levers) for name, one in self.decide.items()
        ]
        aims = [_known(faults, ("goals", i), read_aim, one, words) for i, one in enumerate(self.goals)]
        limits = [
            _known(faults, ("limits", i), read_limit, one, list(self.decide), words)
            for i, one in enumerate(self.limits)
        ]
        near = _known(faults, ("indifference",), read_indifference, self.indifference, aims[0]) or 0.0
        if len(aims) == 2 and aims[0] is not None and aims[1] is not None and aims[0].name == aims[1].name:
            faults.append(Fault(("goals", 1), f"{quoted(aims[1].name)} stands twice; keep one"))
        if faults:
            raise Faults(*faults)
        return Search(
            tuple(one for one in choices if one),
            tuple(one for one in limits if isinstance(one, Sum)),
            tuple(one for one in limits if isinstance(one, Ceiling)),
            tuple(one for one in aims if one),
            self.replications, near, self.confidence, self.method,
        )  # fmt: skip

    @property
    def levers(self) -> list[str]:
        """The levers that the search may pull."""
        return [one.lever for one in self.decide.values() if isinstance(one, LeverChoice)]


def _known(faults: list[Fault], loc: Loc, read: Any, *given: Any) -> Any:
    """What ``read`` gives; None where it raises Faults, which are located and collected."""
    try:
        return read(*given)
    except Faults as error:
        faults += [one._replace(loc=(*loc, *one.loc)) for one in error.faults]
        return None


# -- decisions


def _ready(name: str, one: PathChoice | LeverChoice, data: Data, levers: Mapping[str, LeverSpec]) -> Choice:
    if isinstance(one, LeverChoice):
        return _lever(name, one, levers)
    loc, written = read_path(one.path), one.written()
    _check_path(loc, one, data)
    now = _now(loc, one, data) if one.cost else 0.0
    levels = tuple(
        Level(amount, value, one.cost * max(amount - now, 0.0) if one.cost else 0.0)
        for amount, value in written.items()
    )
    return Choice(name, one.path, "", levels)


def _check_path(loc: Loc, one: PathChoice, data: Data) -> None:
    """Whether the path leads somewhere and takes the first value; the other values are seen when they are simulated."""
    for key, value in one.values.items() if one.values is not None else [("", one.begin)]:
        at: Loc = ("values", key) if key else ("path",)
        try:
            action = read_action(value)
        except Faults as error:
            raise Faults(*(f._replace(loc=(*at, *f.loc)) for f in error.faults)) from None
        try:
            apply(data, Change(loc, action))
        except Faults as error:
            raise Faults(*(f._replace(loc=(*at, *f.loc) if f.loc else ("path",)) for f in error.faults)) from None


def _now(loc: Loc, one: PathChoice, data: Data) -> float:
    """The amount that the plant has without any decision."""
    if one.now is not None:
        return one.now
    there = Plant(data).value(*loc)
    if one.values is not None:
        same = [amount for amount, value in one.written().items() if value == there]
        if same:
            return same[0]
        raise fault("what is in the layout now is none of 'values', so a cost needs 'now', its amount", loc=("cost",))
    if isinstance(there, int | float) and not isinstance(there, bool):
        return float(there)
    text = f"{quoted(one.path, 200)} is no number in the layout, so a cost needs 'now', such as 'now: 4'"
    raise fault(text, loc=("cost",))


def _lever(name: str, one: LeverChoice, levers: Mapping[str, LeverSpec]) -> Choice:
    if one.lever not in levers:
        there = f"; there is {', '.join(levers)}" if levers else ""
        near = nearest(one.lever, levers)
        raise fault(f"unknown lever {quoted(one.lever)}{'' if near else there}", near, ("lever",))
    capex = sum(item.amount.mean for item in levers[one.lever].cash if item.kind == "capex")
    cost = capex if one.cost is None else one.cost
    return Choice(name, "", one.lever, (Level(0.0, False, 0.0), Level(1.0, True, cost)))
