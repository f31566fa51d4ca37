"""Uncertain inputs: the laws and shares of a plan of which a calibration knows many that may be true.

A calibration leaves draws beside its fitted file (``twin.core.drawfile``). The plan holds them for the inputs it
uses; ``plan.with_draw(k)`` puts draw k in the place of all of them at once, without compiling again. Inputs of one
fitted file are drawn together, those of several files independently of each other, all by the same k.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.drawfile import Drawn
from twin.core.origin import named
from twin.core.spec import kinds
from twin.core.unit import MICRO, show, unit_of

if TYPE_CHECKING:
    from twin.core.plan import ElementId, LawRow, Plan, ProductId


class Place(NamedTuple):
    """Where a share stands in a row of the plan: added to each of some sums, of one product."""

    element: ElementId
    within: str
    """The field of the element's row that holds the sums in a row of its own, such as 'quality'."""
    sums: tuple[str, ...]
    """The fields it is part of, such as ('scrap', 'rework', 'repeat'), each one number a product."""
    product: ProductId
    value: float
    """The share that the plan has, 0…1."""
    factor: float = 1.0
    """What the share of the fitted file is scaled by."""


@dataclass(frozen=True)
class Input:
    """One uncertain input: an entry of a fitted file, or the law 'up' or 'repair' in it, wherever the plan uses it."""

    file: str
    """The fitted file, as the layout names it."""
    name: str
    part: str
    drawn: Drawn
    laws: tuple[int, ...] = ()
    """Indices in ``plan.laws``."""
    shares: tuple[Place, ...] = ()

    @property
    def words(self) -> str:
        """The input as people read it, such as 'mill.spindle up'."""
        return named(self.name, self.part)

    @property
    def draws(self) -> int:
        """How many draws it has."""
        return len(self.drawn.means)

    @property
    def is_law(self) -> bool:
        """Whether it is a law; else it is a share."""
        return bool(self.drawn.families)

    def at(self, draw: int) -> tuple[str, float, float]:
        """Family (empty: a share), mean and CV of a draw; beyond the last they begin again."""
        k = draw % self.draws
        return self.drawn.families[k] if self.is_law else "", self.drawn.means[k], self.drawn.cvs[k]


@dataclass(frozen=True)
class Inputs:
    """The uncertain inputs of a plan."""

    inputs: tuple[Input, ...] = ()
    """In order of the plan's laws, then its shares."""
    fixed: tuple[str, ...] = ()
    """References to fitted files that hold no draws of them: 'FILE#NAME up'."""
    wrong: tuple[str, ...] = ()
    """Why files of draws cannot be used, one line each."""

    def __iter__(self) -> Iterator[Input]:
        return iter(self.inputs)

    def __len__(self) -> int:
        return len(self.inputs)

    @cached_property
    def draws(self) -> int:
        """How many joint draws there are before they begin again; 0 without inputs."""
        return math.lcm(*(one.draws for one in self.inputs)) if self.inputs else 0

    @cached_property
    def digest(self) -> str:
        """A name for the set of draws: what decides a result besides the plan and the seed."""
        told = [(one.file, one.name, one.part, one.drawn) for one in self.inputs]
        return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()


NO_INPUTS = Inputs()


def redrawn(plan: Plan, draw: int) -> Plan:
    """The plan with the laws and shares of a draw; see ``Plan.with_draw``."""
    if draw < 0:
        raise ValueError(f"a draw from 0 on is due, not {draw}")
    if plan.inputs.wrong:
        raise ValueError(plan.inputs.wrong[0])
    base = plan.drawn_from or plan
    if not base.inputs.inputs:
        return base
    laws, rows = list(base.laws), list(base.rows)
    for one in base.inputs:
        family, mean, cv = one.at(draw)
        for index in one.laws:
            laws[index] = _law(laws[index], family, mean * laws[index].factor, cv)
        for place in one.shares:
            rows[place.element] = _with_share(rows[place.element], place, mean * place.factor)
    return replace(base, laws=tuple(laws), rows=tuple(rows), drawn_from=base, draw=draw)


def _law(row: LawRow, family: str, mean: float, cv: float) -> LawRow:
    """Another law in the place of one, in its unit."""
    params = kinds("law")[family].by_mean(mean, cv)
    words = f"{family} mean {show(mean, _dimension(row))} cv {cv:.4g}"
    return row._replace(family=family, params=params, mean=mean * row.scale, cv=cv, words=words)


def _dimension(row: LawRow) -> str:
    return "time" if row.scale == MICRO else "cycles"


def _with_share(row: Any, place: Place, share: float) -> Any:
    """The row of an element with another share in all sums that it is part of, which stay between 0 and 1."""
    within, more = getattr(row, place.within), share - place.value
    sums = {key: _plus(getattr(within, key), place.product, more) for key in place.sums}
    return row._replace(**{place.within: within._replace(**sums)})


def _plus(sums: Sequence[float], product: ProductId, more: float) -> tuple[float, ...]:
    return tuple(min(max(s + more, 0.0), 1.0) if p == product else s for p, s in enumerate(sums))


def described(plan: Plan) -> list[str]:
    """The uncertain inputs as text: where most draws lie."""
    if not plan.inputs.inputs:
        return []
    head = f"uncertain inputs {len(plan.inputs)}: {plan.inputs.draws} draws {plan.inputs.digest} (5 % to 95 % of them)"
    return [head, *(f"  {one.words}: {_spread(plan, one)} from {one.file}" for one in plan.inputs)]


def _spread(plan: Plan, one: Input) -> str:
    if not one.is_law:
        return _span(one.drawn.means, 0.01, "%")
    low, cvs = middle(one.drawn.means)[0], middle(one.drawn.cvs)
    unit = unit_of(low, _dimension(plan.laws[one.laws[0]]) == "cycles")
    return f"mean {_span(one.drawn.means, *unit)}, cv {cvs[0]:.3g} to {cvs[1]:.3g}"


def _span(values: Sequence[float], size: float, unit: str) -> str:
    low, high = (float(f"{value / size:.4g}") for value in middle(values))
    return f"{low:.15g} to {high:.15g} {unit}"


def middle(values: Sequence[float]) -> tuple[float, float]:
    """The values below which 5 % and 95 % of all lie: order statistics i of n stand for i / (n + 1)."""
    ranked, n = sorted(values), len(values)
    places = (min(max(share * (n + 1) - 1, 0.0), n - 1.0) for share in (0.05, 0.95))
    low, high = (ranked[int(at)] + (at % 1) * (ranked[min(int(at) + 1, n - 1)] - ranked[int(at)]) for at in places)
    return low, high
