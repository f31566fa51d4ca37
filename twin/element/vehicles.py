"""Vehicles: a fleet that brings parts along arrows of the flow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import Field

from twin.core.compiling.flow import Served, obstacle
from twin.core.compiling.names import Names
from twin.core.plan import Draws, ElementId, Micro, Needs, PlaceId, Plan, micro
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.run import Run
from twin.core.spec import Kind, Reader, Spec, kinds, register
from twin.core.unit import Quantity, check_range, json_schema, parse, show
from twin.element.fields import By, point
from twin.element.machines.power import HelperPower, PowerRow, power_rows
from twin.element.moving.fleet import Fleet
from twin.law.law import LawOf

CHARGER = -1
"""Stands for the charger where that is a point and no element."""
SLIGHT = 0.01
"""Share of a battery that nobody knows so well as to care."""
SHOWN = 6
"""Missing distances that are named."""
Point = tuple[float, float]


def read_distances(value: object) -> dict[str, dict[str, float]]:
    """Metres by both ends: `{a: {b: 30 m}}`."""
    if not isinstance(value, dict) or not value:
        raise fault(f"a map such as {{a: {{b: 30 m}}}} is due, not {received(value)}")
    found, faults = dict[str, dict[str, float]](), list[Fault]()
    for start, ends in value.items():
        if not isinstance(ends, dict) or not ends:
            faults.append(Fault((start,), f"a map such as {{b: 30 m}} is due, not {received(ends)}"))
            continue
        for end, length in ends.items():
            try:
                metres = parse(length, "length")
                check_range(metres, length, "length")
                found.setdefault(start, {})[end] = metres
            except Faults as error:
                faults += [Fault((start, end, *one.loc), one.text, one.nearest) for one in error.faults]
    if faults:
        raise Faults(*faults)
    return found


def _distance_schema() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": json_schema("length")}}


def read_charger(value: object) -> Any:
    """Name of an element, or `[x, y]` in metres."""
    if isinstance(value, str):
        return value
    good = isinstance(value, list) and len(value) == 2
    if good and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):  # type: ignore[attr-defined]
        return point(value)  # type: ignore[arg-type]
    raise fault(f"a name or [x, y] in metres is due, not {received(value)}")


Distances = Annotated[dict[str, dict[str, float]], Reader(read_distances, _distance_schema)]
Charger = Annotated[
    Any, Reader(read_charger, lambda: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "number"}}]})
]


class Battery(Spec):
    """What drives a vehicle; it is charged between two trips."""

    lasts: Annotated[float, Quantity("time", positive=True)]
    """Driving time, loaded or empty, with a full battery."""
    charge: Annotated[float, Quantity("time", positive=True)]
    """Time at the charger, whatever is left in it."""
    at: Charger | None = None
    """The charger: an element, or [x, y] in metres; default 'home'."""
    below: Annotated[float, Quantity("share", most=1.0)] = 0.0
    """Charging is due after the trip in which less than this share is left."""


class StopRow(NamedTuple):
    """Where vehicles may stand."""

    element: ElementId
    """-1: the charger, where it is no element."""
    at: tuple[float, float] | None

    def told(self, plan: Plan) -> str:
        """The row in words, for the plan as text."""
        name = plan.elements[self.element].name if self.element >= 0 else "charger"
        return name if self.at is None else f"{name} at [{self.at[0]:g}, {self.at[1]:g}] m"


class LegRow(NamedTuple):
    """How far it is from one stop to another."""

    start: ElementId
    end: ElementId
    metres: float

    def told(self, plan: Plan) -> str:
        """The row in words, for the plan as text."""
        start, end = (plan.elements[i].name if i >= 0 else "charger" for i in (self.start, self.end))
        return f"{start} -> {end} {show(self.metres, 'length')}"


class WayRow(NamedTuple):
    """An arrow that vehicles travel."""

    giver: ElementId
    taker: ElementId
    origin: PlaceId
    target: PlaceId

    def told(self, plan: Plan) -> str:
        """The row in words, for the plan as text."""
        return f"{plan.elements[self.giver].name} -> {plan.elements[self.taker].name}"


class BatteryRow(NamedTuple):
    """A battery in the plan."""

    lasts: Micro
    """Driving time after which charging is due."""
    charge: Micro
    at: ElementId


class FleetRow(NamedTuple):
    """A fleet in the plan."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which no row uses
    speed: float
    """Metres a second."""
    carries: int
    ways: tuple[WayRow, ...]
    stops: tuple[StopRow, ...]
    legs: tuple[LegRow, ...]
    load: Draws
    unload: Draws
    home: ElementId
    by: Needs
    priority: int
    battery: BatteryRow | None
    power: tuple[PowerRow, ...]
    """What one of them draws, a row a carrier: on a trip is working, else starved."""


@register("element", "vehicles")
class Vehicles(Kind):
    """Vehicles that bring parts along arrows of the flow and along routes; they do not obstruct each other.

    vehicles:
      agv:
        count: 2
        speed: 1.2 m/s
        serves: [saw_out -> press_in, press -> store]
        distances: {saw_out: {press_in: 30 m, press: 30 m, store: 55 m}, press: {store: 25 m, press_in: 0 m}}
        load_time: 10 s
        unload_time: 10 s
    """

    SECTION: ClassVar[str] = "vehicles"
    WORD: ClassVar[str] = "vehicles"
    LIVES: ClassVar[bool] = True

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Vehicles in the fleet."""
    speed: Annotated[float, Quantity("speed", positive=True)]
    """Loaded and empty."""
    carries: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Parts on one trip: those ready for the same way, each with a place kept, when loading begins."""
    serves: list[str]
    """Arrows of the flow, or ways of routes, that these vehicles travel: [saw_out -> press_in, press -> store]."""
    distances: Distances = Field(default_factory=dict)
    """How far it is, {a: {b: 30 m}}, the same both ways unless both are written; default the straight line."""
    load_time: Annotated[Any, LawOf("time")] | None = None
    """For all parts of a trip together; default none."""
    unload_time: Annotated[Any, LawOf("time")] | None = None
    """For all parts of a trip together; default none."""
    home: str | None = None
    """The element at which they stand at time 0; default the first that parts are fetched from."""
    by: By | None = None
    """People needed for the whole trip, empty travel included."""
    priority: int = 0
    """Of its trips among tasks for people; higher goes first."""
    battery: Battery | None = None
    """How long it lasts, and what charging takes; without it vehicles never charge."""
    power: HelperPower | None = None
    """What one vehicle draws: 'working' on trips, 'idle' else (charging too)."""

    def machine_count(self) -> int:
        return self.count

    def travelled(self) -> list[str]:
        return list(self.serves)

    def numbers(self, names: Names) -> FleetRow:
        ways = self._ways(names)
        home = self._home(names, ways)
        charger = self._charger(names, home)
        legs = tuple(self._legs(names, ways, home, charger))
        self._check_battery(names, ways, legs, charger)
        stands = {home: None} | {end: None for leg in legs for end in leg[:2]} | {w.giver: None for w in ways}
        return FleetRow(
            count=self.count,
            speed=self.speed,
            carries=self.carries,
            ways=ways,
            stops=tuple(StopRow(stop, self._point(names, stop)) for stop in stands),
            legs=legs,
            load=names.draws(("load_time",), self.load_time, "load", self.count),
            unload=names.draws(("unload_time",), self.unload_time, "unload", self.count),
            home=home,
            by=names.needs(("by",), self.by) if self.by else (),
            priority=self.priority,
            battery=None if self.battery is None else _battery_row(self.battery, charger),
            power=power_rows(names, self.power),
        )

    # -- ways

    def _ways(self, names: Names) -> tuple[WayRow, ...]:
        found: dict[tuple[ElementId, ElementId], WayRow] = {}
        if not self.serves:
            names.problem(("serves",), "say which arrows they travel, such as 'serves: [saw_out -> press_in]'")
        for served in names.wiring.served:
            if served.fleet == names.index:
                self._check_way(names, served, twice=served[:2] in found)
                trip = names.wiring.trips.get(served[:2])
                origin, target = (trip.origin, trip.target) if trip else (-1, -1)
                found.setdefault(served[:2], WayRow(served.giver, served.taker, origin, target))
        return tuple(found.values())

    def _check_way(self, names: Names, served: Served, *, twice: bool) -> None:
        giver, taker = names.name_of(served.giver), names.name_of(served.taker)
        wiring, elements = names.wiring, names.layout.elements
        trip = wiring.trips.get(served[:2])
        text = obstacle(served, wiring, elements)
        if text.startswith("no arrow") and not names.knows_flow():
            return
        if not all(elements[i].kind.SOUND for i in served[:2]):
            return
        if not text and twice:
            text = f"the way from {quoted(giver)} to {quoted(taker)} is written twice"
        if not text and trip is not None and trip.fleet != served.fleet:
            text = f"{quoted(names.name_of(trip.fleet))} serves the way from {quoted(giver)} to {quoted(taker)} already"
        if text:
            names.layout.document.report(served.loc, text, offset=served.spots[0])

    # -- where they stand

    def _home(self, names: Names, ways: tuple[WayRow, ...]) -> ElementId:
        if self.home is not None:
            return self._element(names, ("home",), self.home)
        return ways[0].giver if ways else -1

    def _charger(self, names: Names, home: ElementId) -> ElementId:
        at = self.battery.at if self.battery else None
        if at is None:
            return home
        return self._element(names, ("battery", "at"), at) if isinstance(at, str) else CHARGER

    def _knows(self, charger: ElementId) -> bool:
        """Whether there is a charger, and it is known where."""
        return self.battery is not None and (charger >= 0 or isinstance(self.battery.at, tuple))

    def _element(self, names: Names, loc: tuple[str, ...], word: str) -> ElementId:
        """The index of an element of the flow; -1 after a problem."""
        known = {e.name: i for i, e in enumerate(names.layout.elements) if e.kind.FLOWS}
        if word not in known and not names.layout.may_hold(word, *_flowing()):
            names.problem(loc, f"unknown element {quoted(word)}", nearest(word, known))
        return known.get(word, -1)

    def _point(self, names: Names, stop: ElementId) -> Point | None:
        if stop == CHARGER:
            at: Any = self.battery.at if self.battery else None
            return at if isinstance(at, tuple) else None
        return point(getattr(names.layout.elements[stop].kind, "at", None))

    # -- distances

    def _legs(self, names: Names, ways: tuple[WayRow, ...], home: ElementId, charger: ElementId) -> Iterator[LegRow]:
        """From wherever a vehicle may stand to every pick-up, on with the parts, and to the charger."""
        sound = self._check_names(names)
        pickups = list(dict.fromkeys(way.giver for way in ways))
        ends = list(dict.fromkeys(way.taker for way in ways))
        known = home >= 0 or self.home is None
        stands = list(
            dict.fromkeys([*([home] if known else []), *pickups, *ends, *([charger] if self._knows(charger) else [])])
        )
        wanted = [(w.giver, w.taker) for w in ways]
        wanted += [(start, end) for start in stands for end in pickups]
        wanted += [(start, charger) for start in [*pickups, *ends] if self._knows(charger)]
        legs = {pair: self._metres(names, *pair) for pair in dict.fromkeys(wanted) if pair[0] != pair[1]}
        if sound:
            self._report_missing(names, [pair for pair, metres in legs.items() if metres is None])
        yield from (LegRow(*pair, metres or 0.0) for pair, metres in legs.items())

    def _check_names(self, names: Names) -> bool:
        """Report names in 'distances' that are not known; False where there are any: one may be what is missing."""
        found = [self._element(names, ("distances", start), start) for start in self.distances]
        pairs = [(start, end) for start, ends in self.distances.items() for end in ends]
        found += [self._element(names, ("distances", *pair), pair[1]) for pair in pairs]
        return min(found, default=0) >= 0

    def _metres(self, names: Names, start: ElementId, end: ElementId) -> float | None:
        ends = [self._point(names, start), self._point(names, end)]
        if CHARGER not in (start, end):
            a, b = names.name_of(start), names.name_of(end)
            written = self.distances.get(a, {}).get(b, self.distances.get(b, {}).get(a))
            if written is not None:
                return written
        return None if ends[0] is None or ends[1] is None else math.dist(ends[0], ends[1])

    def _report_missing(self, names: Names, pairs: list[tuple[ElementId, ElementId]]) -> None:
        kinds_of = {i: names.layout.elements[i].kind for pair in pairs for i in pair if i != CHARGER}
        told = dict.fromkeys(tuple(sorted(p)) for p in pairs if all(k.SOUND for i in p if (k := kinds_of.get(i))))
        words = [" and ".join(_stop_word(names, i) for i in sorted(pair, key=_last)) for pair in told]
        if not words:
            return
        more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
        charger = all(CHARGER in pair for pair in told)
        a, b = (_stop_word(names, i).strip("'") for i in sorted(next(iter(told)), key=_last))
        say = (
            f"give {a} 'at: [x, y]'"
            if charger
            else f"write 'distances: {{{a}: {{{b}: 30 m}}}}', or 'at: [x, y]' on both"
        )
        loc = ("distances",) if self.distances else ()
        names.problem(loc, f"how far is it between {', '.join(words[:SHOWN])}{more}? {say}")

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        """Warn of distances that no vehicle of this fleet travels."""
        travelled = {frozenset(map(names.name_of, leg[:2])) for leg in rows[names.index].legs if CHARGER not in leg[:2]}
        pairs = [(start, end) for start, ends in self.distances.items() for end in ends]
        spare = [f"{quoted(a)} and {quoted(b)}" for a, b in pairs if frozenset((a, b)) not in travelled]
        if spare and self.like is None:  # a copy of another fleet may have some that are not its own
            more = f" and {len(spare) - SHOWN} more" if len(spare) > SHOWN else ""
            text = f"no vehicle travels between {', '.join(spare[:SHOWN])}{more}; take the distance out"
            names.problem(("distances",), text, warning=True)

    # -- battery

    def _check_battery(
        self, names: Names, ways: tuple[WayRow, ...], legs: tuple[LegRow, ...], charger: ElementId
    ) -> None:
        """Warn where a trip that begins just before charging is due ends on an empty battery."""
        battery, longest = self.battery, _longest_trip(ways, legs, charger) / self.speed
        if battery is None or longest <= (battery.below + SLIGHT) * battery.lasts:
            return
        text = f"a trip and the way to the charger take up to {show(longest, 'time')} of driving"
        if longest > battery.lasts:
            text += f", and the battery lasts {show(battery.lasts, 'time')}: vehicles go on with an empty one"
            say = "write a longer 'lasts', or a charger nearer by"
        else:
            need = math.ceil(100 * longest / battery.lasts)
            text += f", {need} % of the battery, and may begin with {show(battery.below, 'share')} left"
            say = f"write 'below: {need} %', or vehicles go on with an empty one"
        names.problem(("battery",), f"{text}; {say}", warning=True)

    @classmethod
    def build(cls, run: Run, index: int, row: FleetRow) -> None:
        fleet = Fleet(run, index, row)
        run.parts[index] = fleet
        run.leaves[index] = fleet.row_of_ledger


def _battery_row(battery: Battery, charger: ElementId) -> BatteryRow:
    return BatteryRow(micro(battery.lasts * (1.0 - battery.below)), micro(battery.charge), charger)


def _longest_trip(ways: tuple[WayRow, ...], legs: tuple[LegRow, ...], charger: ElementId) -> float:
    """From the farthest stop to the parts, with them to their place, and on to the charger, m."""
    metres = {leg[:2]: leg.metres for leg in legs}
    empty = {way.giver: max((leg.metres for leg in legs if leg.end == way.giver), default=0.0) for way in ways}
    trips = (
        empty[way.giver] + metres.get((way.giver, way.taker), 0.0) + metres.get((way.taker, charger), 0.0)
        for way in ways
    )
    return max(trips, default=0.0)


def _flowing() -> list[str]:
    """The sections whose elements stand in the flow."""
    return [section for section, kind in kinds("element").items() if kind.FLOWS]


def _last(stop: ElementId) -> float:
    return math.inf if stop == CHARGER else stop


def _stop_word(names: Names, stop: ElementId) -> str:
    return "the charger" if stop == CHARGER else quoted(names.name_of(stop))
