"""Station: identical machines that take parts, work on them and hand them on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from twin.core.names import Names
from twin.core.plan import Draws, ElementId, Micro, Needs, PlaceId, ProductId, micro
from twin.core.problem import Loc, quoted
from twin.core.run import Run
from twin.core.spec import ByProduct, Kind, Registered, Spec, Stand, register
from twin.core.unit import Quantity
from twin.element.cell import Cell
from twin.element.fields import SAY_SEND, By, Capacity, Holds, Modes, Rule, Send, Share, held_parts
from twin.law.law import LawOf

Time = Annotated[Any, LawOf("time", by_product=True)]
Metres = Annotated[float, Field(ge=-1e6, le=1e6)]


class Queue(Spec):
    """A station's own place for waiting parts."""

    capacity: Capacity = float("inf")
    """Waiting parts; a part in a machine is not in it."""
    rule: Rule = "fifo"
    """Which waiting part goes first."""


class Handling(Spec):
    """Loading or unloading a machine."""

    time: Time
    """How long it takes."""
    by: By | None = None
    """People it needs; default those of the station."""


class Rework(Spec):
    """Parts sent back."""

    share: Share
    """Share of the parts."""
    to: str
    """The station they go back to; they wait in its queue and go before new parts."""
    at_most: Annotated[int, Field(ge=1)] | None = None
    """Times a part may be sent back; then it is scrapped."""


class Quality(Spec):
    """What becomes of a part at the end of its cycle: one draw."""

    scrap: Share | None = None
    """Share thrown away."""
    rework: Rework | None = None
    """Share sent back."""
    repeat: Share | None = None
    """Share whose cycle is done again at once."""


class QualityRow(NamedTuple):
    """Cumulative shares by product (scrap, then rework, then repeat) and the way back."""

    scrap: tuple[float, ...]
    rework: tuple[float, ...]
    repeat: tuple[float, ...]
    to: PlaceId
    to_station: ElementId
    at_most: float
    stream: int


class StationRow(NamedTuple):
    """A station in the plan."""

    machines: int
    cycle: Draws
    load: Draws
    load_by: Needs
    unload: Draws
    unload_by: Needs
    by: Needs
    ideal: tuple[Micro, ...]
    """Reference cycle of the OEE, by product."""
    quality: QualityRow | None
    modes: tuple[tuple[str, Any], ...]
    """(kind of clock, its row) for each mode of stop."""
    inputs: tuple[PlaceId, ...]
    prefer: tuple[ElementId, ...]
    outputs: tuple[PlaceId, ...]
    """Places to send to, in declared order of where they lead."""
    send: str
    send_shares: tuple[float, ...]
    send_stream: int
    send_products: tuple[int, ...]
    calendar: ElementId
    at_end: str
    last_start: Micro
    hand_over: bool
    priority: int
    holds: tuple[ProductId, ...]
    at: tuple[float, float] | None


@register("element", "stations")
class Station(Kind):
    """Identical machines; each works on one part and has no place for waiting parts.

    stations:
      mill:
        machines: 2
        load: {time: 6 s, by: machining}
        cycle: 88 s
        breakdowns: {chips: {mtbf: 42 min, mttr: 90 s, micro_stop: true}}
      test: {cycle: {A: 38 s, other: 44 s}, quality: {scrap: 2 %}}
    """

    SECTION: ClassVar[str] = "stations"
    WORD: ClassVar[str] = "station"
    FLOWS: ClassVar[bool] = True
    LIVES: ClassVar[bool] = True
    LATER: ClassVar[frozenset[str]] = frozenset(
        {"takes", "gives", "batch", "makes", "match", "setup", "power", "cost"}
    )

    machines: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Identical machines."""
    cycle: Time | None = None
    """Time of work on one part; a route gives its own times."""
    load: Handling | None = None
    """Before the cycle: time and people."""
    unload: Handling | None = None
    """After the cycle: time and people."""
    by: By | None = None
    """People for load, cycle and unload."""
    ideal_cycle: Annotated[Any, LawOf("time", by_product=True, positive=True)] | None = None
    """Reference cycle of the OEE; default the mean of load, cycle and unload."""
    queue: Queue | None = None
    """Its own place for waiting parts; '{}' is unlimited, first in first out."""
    quality: Quality | None = None
    """Scrap, rework and repeat at the end of the cycle."""
    breakdowns: dict[str, Annotated[Any, Registered("clock", "breakdowns")]] = Field(default_factory=dict)
    """Ways the machine fails, each with a name."""
    maintenance: dict[str, Annotated[Any, Registered("clock", "maintenance")]] = Field(default_factory=dict)
    """Planned work on the machine, each with a name; it waits until no part is in work."""
    start_up: Annotated[Any, Registered("clock", "start_up")] | None = None
    """What the machine needs after closed hours before it works again."""
    send: Send | None = None
    """How finished parts choose among several ways."""
    prefer: list[str] = Field(default_factory=list)
    """Where to take from first, whatever the waiting time."""
    calendar: str | None = None
    """Opening hours; default the calendar of the layout."""
    at_end: Literal["stop", "finish"] = "stop"
    """At a closing or break: stop at once and resume the part later, or finish it. Only what is being worked on at the
    closing is finished: a part whose machine is in repair then, or breaks down after it, waits for the opening."""
    last_start: Annotated[float, Quantity("time")] | None = None
    """No new part that near to a closing."""
    hand_over: bool = False
    """Whether a machine that is down or closed hands its finished part over."""
    priority: int = 0
    """Of its tasks for people; higher goes first."""
    holds: Holds = Field(default_factory=dict)
    """Parts that stand here at time 0."""
    at: Annotated[list[Metres], Field(min_length=2, max_length=2)] | None = None
    """Where it stands: [x, y] in metres."""

    def machine_count(self) -> int:
        return self.machines

    def stand(self) -> Stand | None:
        return None if self.queue is None else Stand(self.queue.capacity, self.queue.rule, tuple(self.prefer))

    def sends(self) -> str | None:
        return self.send if isinstance(self.send, str) else "drawn" if self.send is not None else None

    def edges(self) -> list[tuple[str, Loc]]:
        rework = self.quality.rework if self.quality else None
        return [(rework.to, ("quality", "rework", "to"))] if rework else []

    def starts_with(self) -> int:
        return sum(self.holds.values())

    def mean_work(self, product: str, route: Any) -> float:
        times = [self.load and self.load.time, route or self.cycle, self.unload and self.unload.time]
        return sum(mean_of(time, product) for time in times if time is not None)

    def passed_on(self, product: str) -> float:
        quality = self.quality or Quality()
        scrap = quality.scrap.of(product) if isinstance(quality.scrap, ByProduct) else quality.scrap or 0.0
        drops = any(mode.part == "scrap" for mode in self.breakdowns.values())
        unknown = drops or quality.rework is not None or (scrap and quality.repeat is not None)
        return 0.0 if unknown else 1.0 - (scrap or 0.0)

    # -- numbers

    def numbers(self, names: Names) -> StationRow:
        followers = names.followers()
        shares, by_product = names.send(("send",), self.send, followers)
        drawn = isinstance(self.send, dict) and not isinstance(self.send, ByProduct)
        self._check(names, followers)
        n = self.machines
        return StationRow(
            machines=n,
            cycle=names.draws(("cycle",), self.cycle, "cycle", n),
            load=self._handling(names, "load", self.load),
            load_by=self._people(names, "load", self.load),
            unload=self._handling(names, "unload", self.unload),
            unload_by=self._people(names, "unload", self.unload),
            by=names.needs(("by",), self.by) if self.by else (),
            ideal=self._ideal(names),
            quality=self._quality(names) if self.quality else None,
            modes=tuple(self._modes(names)),
            inputs=names.inputs(),
            prefer=tuple(names.giver(("prefer", i), word) for i, word in enumerate(self.prefer)),
            outputs=tuple(names.place_to(f) for f in followers),
            send="shares" if drawn else "by_product" if isinstance(self.send, ByProduct) else self.send or "",
            send_shares=shares,
            send_stream=names.stream("send") if drawn else -1,
            send_products=by_product,
            calendar=names.calendar(("calendar",), self.calendar),
            at_end=self.at_end,
            last_start=micro(self.last_start or 0.0),
            hand_over=self.hand_over,
            priority=self.priority,
            holds=self._holds(names),
            at=None if self.at is None else (float(self.at[0]), float(self.at[1])),
        )

    def _check(self, names: Names, followers: tuple[ElementId, ...]) -> None:
        if self.cycle is None and (not names.on_route() or followers):
            names.problem((), "the key 'cycle' is missing")
        for product in self.holds:
            route = names.layout.products[product].route if product in names.layout.products else ()
            if self.cycle is None and route and names.route_time(product) is None:
                names.problem(("holds", product), f"the route of {quoted(product)} does not come by here")
        if len(followers) > 1 and self.send is None:
            words = ", ".join(map(names.name_of, followers))
            names.problem((), f"several arrows lead from here ({words}); {SAY_SEND}")
        if self.send is not None and len(followers) < 2:
            names.problem(("send",), "'send' has nothing to choose: only one arrow leads from here, or none")

    def _handling(self, names: Names, key: str, handling: Handling | None) -> Draws:
        return names.draws((key, "time"), handling.time, key, self.machines) if handling else ()

    def _modes(self, names: Names) -> Iterator[tuple[str, Any]]:
        known = Modes(tuple(self.breakdowns), tuple(self.maintenance))
        for name in [name for name in self.maintenance if name in self.breakdowns]:
            names.problem(("maintenance", name), f"{quoted(name)} is a breakdown of this station; choose another name")
        start_up = {"start_up": self.start_up} if self.start_up is not None else {}
        families = {"breakdowns": self.breakdowns, "maintenance": self.maintenance, "start_up": start_up}
        for family, modes in families.items():
            yield from ((family, mode.numbers(names, name, self.machines, known)) for name, mode in modes.items())

    def _people(self, names: Names, key: str, handling: Handling | None) -> Needs:
        if handling is not None and handling.by is not None:
            return names.needs((key, "by"), handling.by)
        return names.needs(("by",), self.by) if self.by and handling else ()

    def _ideal(self, names: Names) -> tuple[Micro, ...]:
        found = []
        for product in names.products:
            laws = [self.ideal_cycle] if self.ideal_cycle is not None else self._parts_of_cycle(names, product)
            means = [names.mean(law, product) for law in laws if law is not None]
            found.append(micro(sum(means)))
        return tuple(found)

    def _parts_of_cycle(self, names: Names, product: str) -> list[Any]:
        handling = [h.time for h in (self.load, self.unload) if h is not None]
        return [*handling, names.route_time(product) or self.cycle]

    def _quality(self, names: Names) -> QualityRow:
        quality = self.quality
        assert quality is not None
        rework = quality.rework
        scrap = self._shares(names, ("quality", "scrap"), quality.scrap)
        back = self._shares(names, ("quality", "rework", "share"), rework.share if rework else None)
        again = self._shares(names, ("quality", "repeat"), quality.repeat)
        for product, total in zip(names.products, map(sum, zip(scrap, back, again, strict=True)), strict=True):
            if total > 1 + 1e-9:
                text = f"scrap, rework and repeat add up to {total * 100:.6g} %"
                names.problem(("quality",), f"{text}{names.of(product)}; together they may take 100 %")
        self._check_exit(names, back, again)
        to = names.find(("quality", "rework", "to"), rework.to, "stations") if rework else -1
        if rework:
            self._check_way_back(names, rework.to)
        return QualityRow(
            scrap=scrap,
            rework=tuple(a + b for a, b in zip(scrap, back, strict=True)),
            repeat=tuple(a + b + c for a, b, c in zip(scrap, back, again, strict=True)),
            to=names.place_to(to) if to >= 0 else -1,
            to_station=to,
            at_most=float(rework.at_most) if rework and rework.at_most else float("inf"),
            stream=names.stream("quality"),
        )

    def _check_way_back(self, names: Names, to: str) -> None:
        """Parts that are sent back need a time where they go: from their route so far, or from a 'cycle'."""
        other = next((e.kind for e in names.layout.elements if e.name == to and isinstance(e.kind, Station)), self)
        for name, product in names.layout.products.items() if other.cycle is None else ():
            steps = [step.stations for step in product.route]
            here = next((i for i, step in enumerate(steps) if names.element.name in step), -1)
            follows = not steps and self.cycle is not None
            if follows or (here >= 0 and not any(to in step for step in steps[: here + 1])):
                text = f"{quoted(to)} has no time for {quoted(name)}, which has not been there; give it 'cycle:'"
                names.problem(("quality", "rework", "to"), text)

    def _check_exit(self, names: Names, back: tuple[float, ...], again: tuple[float, ...]) -> None:
        """No part may go round for ever."""
        rework = self.quality.rework if self.quality else None
        limited = rework is not None and rework.at_most is not None
        for product, sent, done in zip(names.products, back, again, strict=True):
            if 1 - 1e-9 <= done <= 1 + 1e-9:
                text = f"every part is repeated for ever{names.of(product)}; write less than 100 %"
                names.problem(("quality", "repeat"), text)
            elif 1 - 1e-9 <= sent + done <= 1 + 1e-9 and not limited:
                text = f"every part goes back for ever{names.of(product)}; write less than 100 %, or 'at_most'"
                names.problem(("quality", "rework", "share"), text)

    def _shares(self, names: Names, loc: Loc, share: Any) -> tuple[float, ...]:
        found = names.share(loc, share) or (0.0,)
        return found if len(found) == len(names.products) else found[:1] * len(names.products)

    def _holds(self, names: Names) -> tuple[ProductId, ...]:
        room = self.queue.capacity if self.queue else self.machines
        if sum(self.holds.values()) > room:
            names.problem(("holds",), f"{sum(self.holds.values())} parts do not fit in {room:g} places")
        return held_parts(names, ("holds",), self.holds)

    @classmethod
    def build(cls, run: Run, index: int, row: StationRow) -> None:
        Cell(run, index, row)


def mean_of(law: Any, product: str) -> float:
    """Mean of a law, or of the one for a product; 0 when there is none."""
    one = law.of(product) if isinstance(law, ByProduct) else law
    return float(one.moments().mean) if one is not None else 0.0
