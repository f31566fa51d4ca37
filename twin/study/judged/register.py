"""The register of assumptions: each value that a study takes for granted, how unsure it is, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from twin.core.problem import Loc, dotted
from twin.core.said import both
from twin.core.spec import Spec
from twin.core.unit import MICRO
from twin.law.amount import Amount
from twin.lever.shape import NOTHING
from twin.study.difference import written
from twin.study.said import fitted_said

if TYPE_CHECKING:
    from twin.core.inputs import Input
    from twin.study.asked.study import Study

Basis = Literal["drawn", "varied", "fixed"]
"""drawn: a law, drawn once a row; varied: certain, but looked at between two ends; fixed: certain."""
ENDS = (0.1, 0.9)
"""Shares of a law, or of draws, that lie below 'low' and 'high', as in a tornado."""
UNITS = {
    "money": "EUR",
    "money per time": "EUR/s",
    "money per mass": "EUR/kg",
    "rate": "/s",
    "share": "share",
    "time": "s",
    "cycles": "cycles",
    "number": "",
    "power": "W",
    "length": "m",
    "speed": "m/s",
}
"""Dimension of an amount → its unit in the document (SI, money in EUR)."""
PLAIN = {
    "tax": "share",
    "residual": "share",
    "probability": "share",
    "life": "s",
    "stop": "s",
    "months": "months",
    "years": "y",
    "begin": "share",
}
"""Fields that hold a bare number → its unit."""
APART = ("currency", "sensitive", "label")
"""Fields that assume nothing."""


class Assumption(NamedTuple):
    """One value that a study takes for granted."""

    assumption: str
    """Its path in the study file, or its name in a fitted file."""
    label: str
    """What it is about: a cash item, the path that a lever changes; empty: the path says it."""
    lever: str
    """Empty: it is none of a lever."""
    value: float | None
    """Of a law its mean; in ``unit``; None: it is no number."""
    low: float | None
    """P10 of a law, the low end of what is varied; None: it is certain."""
    high: float | None
    unit: str
    written: str
    """As it stands in the file."""
    basis: Basis
    place: str
    """file:line:column, or the fitted file."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**self._asdict(), **both(label=self.label)}


def register(study: Study) -> list[Assumption]:
    """All assumptions of a study: money, levers, and what a fitted file knows of the plant."""
    found = list(_finance(study))
    for name, lever in study.levers.items():
        for i, item in enumerate(lever.cash):
            loc: Loc = ("levers", name, "cash", i)
            found += (one._replace(label=item.label, lever=name) for one in _within(study, item, loc))
        for key in ("ramp_up", "installation"):
            if (part := getattr(lever, key)) is not None:
                found += (one._replace(lever=name) for one in _within(study, part, ("levers", name, key)))
    case = study.case(study.baseline)
    return [*found, *_effects(study), *(_fitted(one, case.drawn, _unit(case.plan, one)) for one in case.plan.inputs)]


def _finance(study: Study) -> Iterator[Assumption]:
    if study.finance is None:
        return
    varied = study.finance.varied()
    for one in _within(study, study.finance, ("finance",)):
        ends = varied.get(one.assumption.removeprefix("finance."))
        if ends is not None and one.basis == "fixed":
            one = one._replace(low=ends[0], high=ends[1], basis="varied")
        yield one


def _within(study: Study, spec: Spec, loc: Loc) -> Iterator[Assumption]:
    """What is written in a part of the study, in the order of its fields."""
    for name, field in type(spec).model_fields.items():
        if name in spec.model_fields_set and name not in APART and (value := getattr(spec, name)) is not None:
            yield from _each(study, value, (*loc, field.alias or name), name)


def _each(study: Study, value: Any, loc: Loc, name: str) -> Iterator[Assumption]:
    """A value, or each of several by product, category or year."""
    if isinstance(value, Spec):
        yield from _within(study, value, loc)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _each(study, one, (*loc, str(key)) if key else loc, name)
    elif isinstance(value, Amount):
        yield _amount(study, value, loc)
    elif isinstance(value, int | float):
        yield _one(study, loc, float(value), PLAIN.get(name, ""), value)
    else:
        yield _one(study, loc, None, "", str(value))


def _one(study: Study, loc: Loc, value: float | None, unit: str, raw: Any) -> Assumption:
    text = written(_at(study.document.data, loc, raw))
    return Assumption(dotted(loc), "", "", value, None, None, unit, text, "fixed", _place(study, loc))


def _at(data: Any, loc: Loc, missing: Any) -> Any:
    """What stands at a place of a file."""
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return missing
    return data


def _amount(study: Study, amount: Amount, loc: Loc) -> Assumption:
    found = _one(study, loc, amount.mean, UNITS.get(amount.dimension, ""), amount.written)
    if not amount.is_uncertain:
        return found
    low, high = map(amount.quantile, ENDS)
    return found._replace(low=low, high=high, basis="drawn")


def _place(study: Study, loc: Loc) -> str:
    mark = study.document.mark(loc)
    return f"{mark.file}:{mark.line}:{mark.column}"


def _effects(study: Study) -> Iterator[Assumption]:
    """What each lever does to the plant, once, in the first scenario that pulls it."""
    seen = set[str]()
    for scenario in study.scenarios:
        new = [name for name in scenario.levers if name not in seen]
        if not new:
            continue
        seen.update(new)
        for pulled, step in study.pull(scenario).steps:
            if pulled.lever in new:
                yield _effect(study, pulled.lever, pulled.change.path, pulled.change.at, step)


def _effect(study: Study, lever: str, path: str, loc: Loc, step: Any) -> Assumption:
    """A change of the plant; where it is drawn, by how much."""
    amount: Amount | None = step.amount
    verb = step.change.action.verb
    if amount is not None and amount.is_uncertain:
        found = _amount(study, amount, loc)._replace(written=f"{verb} {written(amount.written)}")
    else:
        old, new = ("–" if one is NOTHING else written(one) for one in (step.old, step.new))
        found = Assumption("", "", "", None, None, None, "", f"{old} → {new}", "fixed", _place(study, loc))
    return found._replace(assumption=dotted(loc), label=path, lever=lever)


def _unit(plan: Any, one: Input) -> str:
    """Of an entry of a fitted file: laws of up times may be counted in cycles."""
    if not one.is_law:
        return "share"
    return "s" if plan.laws[one.laws[0]].scale == MICRO else "cycles"


def _fitted(one: Input, drawn: bool, unit: str) -> Assumption:
    """The mean of an entry of a fitted file over its draws, or the share that it is."""

    means = np.array(one.drawn.means)
    low, high = (float(end) for end in np.quantile(means, ENDS, method="inverted_cdf"))
    basis: Basis = "drawn" if drawn else "fixed"
    label = fitted_said(one.words, one.name, one.part)
    return Assumption(one.name, label, "", float(means.mean()), low, high, unit, "", basis, one.file)
