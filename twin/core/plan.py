"""The waist of the house: a plant as frozen numbers. Above it language and money, below it engines.

Rows are NamedTuples of whole numbers, floats and tuples of them. The names of these types tell a
reader (and ``describe``) what a number means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from twin.core.inputs import NO_INPUTS, Inputs
from twin.core.unit import MICRO, show

Micro = float
"""A time in whole microseconds."""
NEVER: Micro = float("inf")
"""The time of what does not come."""
ElementId = int
"""Index into ``plan.elements`` and ``plan.rows``; -1: none."""
PlaceId = int
"""Index into ``plan.places``; -1: none."""
ProductId = int
"""Index into ``plan.products``."""
CarrierId = int
"""Index into ``plan.energy``."""
Watt = float
"""A power in W."""
Watts = tuple[float, ...]
"""Powers in W, one a state, in order of ``ledger.STATES``."""
Money = float
"""A sum of money in whole millionths of EUR, so that sums are exact."""
MoneyRate = float
"""Money per time in EUR/s."""


class Draw(NamedTuple):
    """A law and the random stream it is drawn from (-1 for a constant); machine m uses ``stream + m - 1``."""

    law: int
    stream: int


Draws = tuple[Draw, ...]
"""One draw for all products, or one for each; empty: no such step."""


class Need(NamedTuple):
    """People a task needs: a skill and how many."""

    skill: int
    people: int


Needs = tuple[Need, ...]


def needs_in(value: Any) -> Iterator[Need]:
    """All needs of people inside a row of the plan."""
    if isinstance(value, Need):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from needs_in(part)


class LawRow(NamedTuple):
    """A law as numbers: draws are ``round(family.sample(params) * scale)``."""

    family: str
    params: tuple[float, ...]
    scale: float
    mean: float
    cv: float
    words: str
    origin: tuple[str, str, str] | None = None
    """Fitted file, entry and part that it is taken from (``twin.core.origin``); None: the layout writes it."""
    factor: float = 1.0
    """What that law is scaled by."""


class PlaceRow(NamedTuple):
    """A hand-off between elements. ``private``: one giving machine, one taking machine, first in first out."""

    name: str
    owner: ElementId
    capacity: float
    rule: str
    private: bool
    final: bool
    givers: tuple[ElementId, ...]
    takers: tuple[ElementId, ...]
    prefer: tuple[ElementId, ...]


class Mover(NamedTuple):
    """Parts that stand in one place go on to another by themselves."""

    origin: PlaceId
    target: PlaceId
    rank: ElementId


class ElementRow(NamedTuple):
    """An element in declared order: its index is its rank."""

    name: str
    section: str
    word: str


class StepRow(NamedTuple):
    """One step of a route: the stations that can do it and their times."""

    stations: tuple[ElementId, ...]
    work: tuple[Draws, ...]


class ProductRow(NamedTuple):
    """A product: route (empty: it follows the flow), due time after arrival, priority, material and price of a part."""

    name: str
    route: tuple[StepRow, ...]
    sink: ElementId
    due: Micro
    priority: int
    material: Money = 0.0
    price: Money = 0.0


class EnergyRow(NamedTuple):
    """An energy carrier; SI: EUR/J, kg/J, None where the layout names none."""

    name: str
    price: float | None
    carbon: float | None
    carbon_market: float | None


@dataclass(frozen=True)
class Plan:
    """A compiled plant: what an engine needs, and nothing else."""

    name: str
    start: datetime | None
    elements: tuple[ElementRow, ...]
    rows: tuple[Any, ...]
    places: tuple[PlaceRow, ...]
    movers: tuple[Mover, ...]
    products: tuple[ProductRow, ...]
    skills: tuple[str, ...]
    laws: tuple[LawRow, ...]
    streams: tuple[str, ...]
    warm_up: Micro
    horizon: Micro
    replications: int
    seed: int
    confidence: float
    energy: tuple[EnergyRow, ...] = ()
    inputs: Inputs = NO_INPUTS
    """What of its laws and shares is not known for certain, with draws of it; no part of the digest."""
    drawn_from: Plan | None = None
    """The plan of which this is a draw (``with_draw``); None: it is none."""
    draw: int = -1
    """Which draw, -1: none."""

    @cached_property
    def digest(self) -> str:
        """A name for everything that decides a result, seed, replications and draws of uncertain inputs apart."""
        if self.drawn_from is not None:
            return self.drawn_from.digest
        parts = (
            self.start, self.elements, self.rows, self.places, self.movers, self.products, self.skills,
            tuple(law[:3] for law in self.laws), self.streams, self.warm_up, self.horizon,
            self.energy,
        )  # fmt: skip
        return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()

    def index(self, name: str) -> ElementId:
        """The index of the element called ``name``; KeyError when there is none."""
        return self._indices[name]

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {element.name: i for i, element in enumerate(self.elements)}

    def of(self, section: str) -> list[tuple[ElementId, str, Any]]:
        """(index, name, row) of all elements of a section, in declared order."""
        return [(i, e.name, self.rows[i]) for i, e in enumerate(self.elements) if e.section == section]

    @cached_property
    def in_lots(self) -> bool:
        """Whether some parts are lots of several pieces."""
        return any(getattr(row, "moves", "") == "lot" for row in self.rows)

    @property
    def is_random(self) -> bool:
        """Whether anything is drawn at random, so that replications differ."""
        return bool(self.streams)

    def with_run(self, **changes: Any) -> Plan:
        """The same plant with other run settings (warm_up, horizon, replications, seed, confidence)."""
        if self.drawn_from is not None:
            return self.drawn_from.with_run(**changes).with_draw(self.draw)
        return replace(self, **changes)

    def with_draw(self, draw: int) -> Plan:
        """The same plant with draw ``draw`` (from 0; beyond the last they begin again) of its uncertain inputs.

        Laws and shares of fitted files that have draws take the values of that draw, all together; the rest, the
        ideal cycle included, stays, and so does the digest. A plan without uncertain inputs stays as it is.

        Raises:
            ValueError: a draw below 0, or a file of draws that cannot be used (``inputs.wrong``).
        """
        from twin.core.inputs import redrawn

        return redrawn(self, draw)

    def describe(self) -> str:
        """The plan as text: all that is set."""
        from twin.core.describe import describe

        return describe(self)

    def _repr_html_(self) -> str:
        """The same for a notebook, every sign of a name escaped; reports are built above this floor."""
        from html import escape

        return f"<pre>{escape(self.describe())}</pre>"


def micro(seconds: float) -> Micro:
    """Seconds as whole microseconds."""
    return float(round(seconds * MICRO))


def money(euros: float) -> Money:
    """Euros as whole millionths."""
    return float(round(euros * MICRO))


def show_time(time: Micro) -> str:
    """A time of the plan in the reader's unit."""
    return "never" if time == float("inf") else show(time / MICRO, "time")
