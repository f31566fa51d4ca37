"""Kits and loads: several parts that a machine takes at one moment, and several that a finished job becomes."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, model_validator

from twin.core.compiling.names import Names
from twin.core.plan import ElementId, Micro, PlaceId, Plan, micro
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import ByProduct, Reader, Spec
from twin.core.unit import Quantity

MOST = 10_000
"""Parts in one kit or load."""
Counts = tuple[int, ...]
"""Parts by product of the body."""


class TakesRow(NamedTuple):
    """What an assembly takes from one place."""

    place: PlaceId
    parts: Counts
    """By product of the body."""

    def told(self, plan: Plan) -> str:
        """The row in words, for the plan as text."""
        return _told(plan, self.place, self.parts)


class GivesRow(NamedTuple):
    """What a finished job sends to one branch."""

    place: PlaceId
    parts: Counts

    def told(self, plan: Plan) -> str:
        """The row in words, for the plan as text."""
        return _told(plan, self.place, self.parts)


def _told(plan: Plan, place: PlaceId, parts: Counts) -> str:
    """A place and how many parts; where that depends on the product of the body, each that can be it."""
    if len(set(parts)) == 1:
        return f"{plan.places[place].name} × {parts[0]}"
    many = (f"{product.name} {count}" for product, count in zip(plan.products, parts, strict=True) if count)
    return f"{plan.places[place].name} by product ({', '.join(many)})"


class BatchRow(NamedTuple):
    """How loads gather."""

    least: int
    most: int
    wait: Micro
    mixed: bool
    upstream: tuple[ElementId, ...]
    """Elements with a path to here: when their sources are spent and nothing stands on them, no more can come."""


def read_kit(value: object) -> dict[str, Any]:
    """Parts by element: {washed: 1, motor_rack: 2}; a number may be a map by product of the first one."""
    if not isinstance(value, dict) or not value:
        raise fault(f"a map such as {{washed: 1, motor_rack: 1}} is due, not {received(value)}")
    wrong = [
        Fault(loc, f"a whole number of parts from 1 to {MOST:,} is due, not {received(count)}")
        for loc, count in _counts(value)
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST
    ]
    if wrong:
        raise Faults(*wrong)
    return {name: ByProduct(count) if isinstance(count, dict) else count for name, count in value.items()}


def _counts(value: dict[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, count in value.items():
        inner = count if isinstance(count, dict) and count else None
        found += [((name, product), n) for product, n in inner.items()] if inner else [((name,), count)]
    return found


def _schema() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 1}
    return {"type": "object", "additionalProperties": {"anyOf": [number, {"type": "object"}]}}


Kit = Annotated[dict[str, Any], Reader(read_kit, _schema)]


def counts(names: Names, loc: tuple[str, ...], value: Any, bodies: list[str]) -> Counts:
    """Parts by product of the body; none for a product that is never the body, if nothing is written for it."""
    if isinstance(value, ByProduct):
        return tuple(count or 0 for _, count in names.per_product(loc, value, bodies))
    return (value,) * len(names.products)


def takes_rows(names: Names, takes: dict[str, Any] | None) -> tuple[TakesRow, ...]:
    """What an assembly takes, the body first; every arrow that leads to it must be named."""
    if takes is None:
        return ()
    found = []
    bodies = names.arriving(names.index)
    for word, count in takes.items():
        giver = names.giver(("takes", word), word)
        if (giver, names.index) in names.wiring.taken:
            place = names.wiring.between[giver, names.index]
            row = TakesRow(place, counts(names, ("takes", word), count, bodies))
            _check_room(names, ("takes", word), place, max(row.parts, default=1))
            found.append(row)
    givers = [names.name_of(e.giver) for e in names.wiring.into.get(names.index, ()) if e.drawn]
    meant = [nearest(word, givers) for word in takes if word not in givers]
    for word in dict.fromkeys(givers):
        if word not in takes and word not in meant:
            names.problem(("takes",), f"the arrow from {quoted(word)} leads here too; say how many parts it brings")
    return tuple(found)


def gives_rows(names: Names, gives: dict[str, Any] | None) -> tuple[GivesRow, ...]:
    """What a finished job becomes; every arrow that leads on must be named, and have a place for waiting parts."""
    if gives is None:
        return ()
    followers = {names.name_of(i): i for i in names.followers()}
    found = []
    bodies = names.arriving(names.index)
    for word, count in gives.items():
        if word not in followers:
            names.no_way(("gives", word), word, list(followers))
        elif followers[word] in names.wiring.own:
            row = GivesRow(names.place_to(followers[word]), counts(names, ("gives", word), count, bodies))
            _check_room(names, ("gives", word), row.place, max(row.parts, default=1))
            found.append(row)
        else:
            text = f"parts must be able to wait at {quoted(word)}; give it 'queue: {{}}', or put a buffer before it"
            names.problem(("gives", word), text)
    meant = [nearest(word, followers) for word in gives if word not in followers]
    for word in followers:
        if word not in gives and word not in meant:
            names.problem(("gives",), f"an arrow leads from here to {quoted(word)} too; say how many parts it gets")
    return tuple(found)


def check_orders(names: Names, giver: ElementId) -> None:
    """What comes to be joined order by order belongs to orders, or to jobs that were taken apart."""
    on_the_way = [names.layout.elements[i] for i in (giver, *names.wiring.upstream(giver))]
    if any(element.kind.spreads() for element in on_the_way):
        return
    for stray in [element for element in on_the_way if not element.kind.in_orders()][:1]:
        text = f"the parts of {quoted(stray.name)} belong to no order"
        if stray is on_the_way[0]:
            names.problem(("match",), f"{text}; give it 'orders:', or leave out 'match'")
        else:
            names.problem(("match",), f"{text}; they wait here for ever", warning=True)


def unjoined(names: Names, makes: str | None, takes: Any) -> None:
    """Warn of a station where parts of different kinds seem to be joined, and each becomes a product alone."""
    givers = list(dict.fromkeys(e.giver for e in names.wiring.into.get(names.index, ()) if e.drawn))
    if makes is None or takes is not None or len(givers) < 2:
        return
    sent = [names.sent_by(giver) for giver in givers]
    if all(a.isdisjoint(b) for i, a in enumerate(sent) for b in sent[:i]):
        words = [names.name_of(giver) for giver in givers]
        kit = ", ".join(f"{word}: 1" for word in words)
        text = f"each part from {' or '.join(map(quoted, words))} alone becomes {quoted(makes)}"
        names.problem(("makes",), f"{text}; to join them write 'takes: {{{kit}}}'", warning=True)


def _check_room(names: Names, loc: tuple[str, ...], place: PlaceId, parts: int) -> None:
    """A place must hold as many parts as go in or out at one moment (a direct arrow holds what its machines hold)."""
    row = names.wiring.places[place]
    if parts > 1 and names.layout.elements[row.owner].kind.CARRIES:
        text = f"parts come and go one by one at {quoted(row.name)}, not {parts} at once; put a buffer between"
        names.problem(loc, text)
        return
    room = row.capacity or sum(names.layout.elements[giver].kind.machine_count() for giver in row.givers)
    if parts > room:
        names.problem(loc, f"{parts} parts at once never fit in {quoted(row.name)}, which holds {room:g}")


class Batch(Spec):
    """A load that is worked on together: {size: 4}, or {least: 2, most: 4, wait: 10 min}."""

    size: Annotated[int, Field(ge=1, le=MOST)] | None = None
    """Parts in a load: it starts only full."""
    least: Annotated[int, Field(ge=1, le=MOST)] | None = None
    """It starts with so many once the oldest has waited 'wait'."""
    most: Annotated[int, Field(ge=1, le=MOST)] | None = None
    """It starts at once with so many."""
    wait: Annotated[float, Quantity("time")] = 0.0
    """How long the oldest part waits for a full load."""
    mixed: bool = False
    """Whether a load may hold several products; the longest of their cycles counts."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.size is not None and (self.least, self.most) != (None, None):
            raise Faults(Fault(("size",), "write 'size', or 'least' and 'most', not both"))
        if self.size is None and (self.least is None or self.most is None):
            raise Faults(Fault((), "write 'size: 4', or 'least: 2' and 'most: 4'"))
        if self.size is None and self.least is not None and self.most is not None and self.least > self.most:
            raise Faults(Fault(("least",), f"{self.least} must be at most 'most' ({self.most})"))
        if self.size is not None and self.wait:
            raise Faults(Fault(("wait",), "'wait' has no meaning beside 'size'; write 'least' and 'most'"))
        return self

    @property
    def parts(self) -> int:
        """Parts in a full load."""
        return self.size or self.most or 1

    def numbers(self, names: Names) -> BatchRow:
        """The row of the plan; the load gathers in places that must hold it."""
        most = self.parts
        for place in [place for place in names.inputs() if names.wiring.places[place].capacity]:
            _check_room(names, ("batch",), place, most)
        return BatchRow(
            least=self.size or self.least or 1,
            most=most,
            wait=micro(self.wait),
            mixed=self.mixed,
            upstream=names.wiring.upstream(names.index),
        )
