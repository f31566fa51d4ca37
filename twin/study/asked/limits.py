"""Goals and limits of a search, as they are written.

| limit | meaning |
|---|---|
| m1 + m2 + m3 = 20, 2 b1 - b2 <= 4 | linear in the decisions; a lever counts 1 where it is pulled, else 0 |
| budget <= 300 kEUR | the cost of all decisions together |
| lead_time.p95 <= 4 h | the mean of a KPI over replications |
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from twin.core.problem import Faults, fault, nearest, quoted
from twin.core.said import Said
from twin.core.unit import parse
from twin.study.asked.decision import ChoiceText
from twin.study.asked.metric import Metric, Words, read_metric
from twin.study.said import clause_said, cost_said

COST = ("cost", "budget")
"""Words for what all decisions cost together."""
MOST_LETTERS = 1000
"""Of one limit."""
_SIDES = re.compile(r"\s*(.*?[^\s<>=≥≤])\s*(>=|<=|≥|≤|=>|=<|==|=|>|<)\s*([^\s<>=≥≤].*?)\s*")
_SIGNS = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<=", "==": "="}
_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d+\.?\d*|\.\d+)\s*\*?\s*)?([^\W\d]\w*)?\s*")


class Sum(NamedTuple):
    """A limit on the decisions: low ≤ Σ weight · amount (or Σ cost) ≤ high."""

    weights: Mapping[str, float] | None
    """By decision; None: the cost."""
    low: float
    high: float
    text: str

    @property
    def said(self) -> str:
        """As it is written; one on the cost with what reports need to say it in words."""
        if self.weights is not None or (math.isfinite(self.low) and math.isfinite(self.high)):
            return self.text
        operator, value = ("<=", self.high) if math.isfinite(self.high) else (">=", self.low)
        return clause_said(self.text, cost_said(), operator, value, "EUR")


class Ceiling(NamedTuple):
    """A limit on the mean of a KPI."""

    metric: Metric
    at_most: bool
    value: float
    """In the unit of the metric."""
    text: str

    @property
    def said(self) -> Said:
        """As it is written, with what reports need to say it in words."""
        return clause_said(self.text, self.metric.said, "<=" if self.at_most else ">=", self.value, self.metric.unit)


class Aim(NamedTuple):
    """A goal."""

    maximise: bool
    metric: Metric | None
    """None: the cost."""

    @property
    def name(self) -> str:
        """The metric as it is written, or 'cost'."""
        return self.metric.text if self.metric else COST[0]

    @property
    def said(self) -> Said:
        """The same with what reports need to name it in words."""
        return self.metric.said if self.metric else cost_said()

    @property
    def unit(self) -> str:
        """Of its value."""
        return self.metric.unit if self.metric else "EUR"


def read_aim(text: ChoiceText, words: Words) -> Aim:
    """A goal; raises Faults where it is no mean of a KPI and no cost."""
    if text.metric in COST:
        if text.direction == "max":
            raise fault("a cost is made small, not large", f"min {text.metric}")
        return Aim(False, None)
    return Aim(text.direction == "max", _mean(text.metric, words))


def _mean(text: str, words: Words) -> Metric:
    """A KPI of the plant, whose mean is meant."""
    metric = read_metric(text, words)
    if metric.is_money:
        raise fault(f"{quoted(text)} needs the cash flows of a scenario, which a search has not; take 'cost' or a KPI")
    if metric.end != "mean":
        raise fault(f"{quoted(text)} compares with a scenario; a search looks at the mean", text.rpartition(".")[0])
    return metric


def read_indifference(value: object, aim: Aim | None) -> float:
    """A difference of a goal, in its unit; 0 where nothing is written."""
    if value is None or aim is None:
        return 0.0
    found = aim.metric.read(value) if aim.metric else parse(value, "money")
    if found < 0:
        raise fault(f"{quoted(value)} must not be negative")
    return found


def read_limit(text: str, names: Sequence[str], words: Words) -> Sum | Ceiling:
    """A limit.

    Args:
        text: as it is written.
        names: of the decisions.
        words: what the names of KPIs may begin with.

    Raises:
        Faults: it is none.
    """
    parts = _SIDES.fullmatch(text) if len(text) <= MOST_LETTERS else None
    if parts is None:
        raise fault(f"a limit such as 'b1 + b2 = 20' or 'budget <= 300 kEUR' is due, not {quoted(text)}")
    left, sign, right = parts[1], _SIGNS.get(parts[2], parts[2]), parts[3]
    if sign in ("<", ">"):
        raise fault(f"{quoted(sign)} leaves open what happens at the limit", f"{left} {sign}= {right}")
    if left in COST:
        return _budget(sign, right, text)
    ours = _linear(left)
    if ours is not None and any(name in names for name in ours):
        return _sum(ours, sign, right, names, text)
    if ours is not None and (len(ours) > 1 or left not in ours):
        raise _stranger(ours, names)
    return _ceiling(left, sign, right, (names, words), text)


def _budget(sign: str, right: str, text: str) -> Sum:
    if sign != "<=":
        raise fault(f"a cost is bounded from above, such as 'budget <= {right}'")
    return Sum(None, float("-inf"), parse(right, "money"), text)


def _sum(ours: Mapping[str, float], sign: str, right: str, names: Sequence[str], text: str) -> Sum:
    theirs = _linear(right)
    if theirs is None:
        raise fault(f"a whole number, or decisions, are due after {quoted(sign)}, not {quoted(right)}")
    weights = {name: ours.get(name, 0.0) - theirs.get(name, 0.0) for name in dict.fromkeys([*ours, *theirs])}
    value = -weights.pop("", 0.0)
    if not all(name in names for name in weights):
        raise _stranger(weights, names)
    low = float("-inf") if sign == "<=" else value
    return Sum(weights, low, float("inf") if sign == ">=" else value, text)


def _stranger(weights: Iterable[str], names: Sequence[str]) -> Faults:
    name = next(name for name in weights if name and name not in names)
    return fault(f"there is no decision {quoted(name)}", nearest(name, names))


def _linear(text: str) -> dict[str, float] | None:
    """Weights by decision, '' for the number; None: it is no sum."""
    found, at = dict[str, float](), 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None or term.end() == at or not (term[2] or term[3]) or (at and not term[1]):
            return None
        weight = float(term[2] or 1) * (-1 if term[1] == "-" else 1)
        found[term[3] or ""] = found.get(term[3] or "", 0.0) + weight
        at = term.end()
    return found or None


def _ceiling(left: str, sign: str, right: str, known: tuple[Sequence[str], Words], text: str) -> Ceiling:
    names, words = known
    try:
        metric = _mean(left, words)
    except Faults as error:
        near = nearest(left, [*names, *COST])
        if near is None or not error.faults[0].text.startswith("unknown metric"):
            raise
        raise fault(f"{quoted(left)} is neither a decision nor a KPI", near) from None
    if sign == "=":
        raise fault(f"{quoted(text)}: a mean never equals a value; write '>=' or '<='")
    try:
        return Ceiling(metric, sign == "<=", metric.read(right), " ".join(text.split()))
    except Faults as error:
        raise Faults(*(f._replace(text=f"{metric.text}: {f.text}") for f in error.faults)) from None
