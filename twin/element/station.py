"""Station: identical machines that take parts, work on them and hand them on."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.plan import Draws, ElementId, Micro, MoneyRate, Needs, PlaceId, ProductId, micro
from twin.core.problem import Loc, quoted
from twin.core.run import Run
from twin.core.spec import ByProduct, Kind, Spec, Stand, register
from twin.core.unit import Quantity
from twin.element.fields import (
    Breakdowns,
    By,
    Capacity,
    Holds,
    Maintenances,
    Rule,
    Spot,
    StartUp,
    held_parts,
    mode_rows,
)
from twin.element.lots import LotCell
from twin.element.machines.cell import Cell
from twin.element.machines.idle import (
    never_set_up,
    rule_without_setup,
    without_breaks,
    without_hours,
    without_people,
    without_stops,
)
from twin.element.machines.kit import (
    Batch,
    BatchRow,
    GivesRow,
    Kit,
    TakesRow,
    check_orders,
    gives_rows,
    takes_rows,
    unjoined,
)
from twin.element.machines.meeting import never_meets, never_warm
from twin.element.machines.never import never_finishes, never_starts
from twin.element.machines.power import MachinePower, PowerRow, power_rows, switch_off
from twin.element.machines.quality import Quality, QualityRow
from twin.element.machines.setup import SetupField, SetupRow
from twin.element.send import SAY_SEND, Send, SendRow, send_row, sends, split
from twin.law.law import LawOf

Time = Annotated[Any, LawOf("time", by_product=True)]


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


class StationRow(NamedTuple):
    """A station in the plan."""

    machines: int
    cycle: Draws
    load: Draws
    load_by: Needs
    unload: Draws
    unload_by: Needs
    by: Needs
    setup: SetupRow | None
    takes: tuple[TakesRow, ...]
    """What an assembly takes, the body's place first; empty: one part at a time."""
    matched: bool
    """Whether only parts of one order are joined."""
    gives: tuple[GivesRow, ...]
    """What a finished job becomes; empty: it stays one part."""
    makes: ProductId
    """What a finished part becomes; -1: it stays what it is."""
    batch: BatchRow | None
    ideal: tuple[Micro, ...]
    """Reference cycle of the OEE, by product."""
    quality: QualityRow | None
    modes: tuple[tuple[str, Any], ...]
    """(kind of clock, its row) for each mode of stop."""
    inputs: tuple[PlaceId, ...]
    prefer: tuple[ElementId, ...]
    outputs: tuple[PlaceId, ...]
    """Places to send to, in declared order of where they lead."""
    send: SendRow | None
    calendar: ElementId
    at_end: str
    last_start: Micro
    hand_over: bool
    priority: int
    holds: tuple[ProductId, ...]
    at: tuple[float, float] | None
    power: tuple[PowerRow, ...]
    """What one machine draws, a row a carrier."""
    switch_off: Micro
    """After how long starved or blocked a machine switches off."""
    cost: MoneyRate
    """Of one machine in its opening time."""


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
    """Reference cycle of the OEE; default the mean of load, cycle and unload; where lots come, of the cycle."""
    setup: SetupField | None = None
    """Time to change over from one product to another: '10 min', or a matrix by product or family."""
    takes: Kit | None = None
    """Assembly: parts from each element that leads here, the first one brings the body: {washed: 1, rack: 2}."""
    match: Literal["order"] | None = None
    """'order': join only parts of one order, or parts that one job was taken apart into."""
    gives: Kit | None = None
    """Disassembly: parts to each element this leads to; a finished job needs room everywhere at one moment."""
    makes: str | None = None
    """Product that a finished part becomes."""
    batch: Batch | None = None
    """Parts that are worked on together: {size: 4}, or {least: 2, most: 4, wait: 10 min}."""
    queue: Queue | None = None
    """Its own place for waiting parts; '{}' is unlimited, first in first out."""
    quality: Quality | None = None
    """Scrap, rework and repeat at the end of the cycle."""
    breakdowns: Breakdowns = Field(default_factory=dict)
    """Ways the machine fails, each with a name."""
    maintenance: Maintenances = Field(default_factory=dict)
    """Planned work on the machine, each with a name; it waits until no part is in work."""
    start_up: StartUp | None = None
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
    at: Spot | None = None
    """Where it stands: [x, y] in metres."""
    power: MachinePower | None = None
    """What one machine draws in each state."""
    cost: Annotated[float, Quantity("money per time")] | None = None
    """Of one machine: what its opening time costs, power and people apart."""

    def machine_count(self) -> int:
        return self.machines

    def stand(self) -> Stand | None:
        return None if self.queue is None else Stand(self.queue.capacity, self.queue.rule, tuple(self.prefer))

    def sends(self) -> str | None:
        return sends(self.send)

    def joins(self) -> bool:
        return self.takes is not None

    def brings(self, products: list[str]) -> list[str]:
        return [word or products[0] for word in self.holds]

    def turns_into(self) -> str | None:
        return self.makes

    def kit(self, product: str) -> dict[str, int]:
        takes = (self.takes or {}).items()
        return {name: (n.of(product) if isinstance(n, ByProduct) else n) or 1 for name, n in takes}

    def looks(self) -> bool:
        return self.takes is not None or self.batch is not None or (self.setup is not None and self.machines > 1)

    def spreads(self) -> bool:
        return self.gives is not None

    def edges(self) -> list[tuple[str, Loc]]:
        rework = self.quality.rework if self.quality else None
        return [(rework.to, ("quality", "rework", "to"))] if rework else []

    def singles(self) -> str:
        quality = self.quality or Quality()
        keys = {"takes": self.takes, "gives": self.gives, "batch": self.batch,
                "rework": quality.rework, "repeat": quality.repeat}  # fmt: skip
        return next((key for key, value in keys.items() if value is not None), "")

    def starts_with(self) -> int:
        return sum(self.holds.values())

    def mean_work(self, product: str, route: Any) -> float:
        cycle, ends = route or self.cycle, [self.load and self.load.time, self.unload and self.unload.time]
        work = sum(mean_of(time, product) for time in ends if time is not None)
        work += mean_of(cycle, product) * (self.quality or Quality()).cycles(product) if cycle is not None else 0.0
        return work / (self.batch.parts if self.batch else 1)

    def passed_on(self, product: str) -> float:
        return 0.0 if self._drops() or self.makes else (self.quality or Quality()).passed(product)

    def sent_back(self, product: str, *, again: bool) -> dict[str, float]:
        return {} if self._drops() or self.makes else (self.quality or Quality()).sent_back(product, again)

    def _drops(self) -> bool:
        """Whether parts are lost to breakdowns, no one knows which share."""
        return any(mode.part == "scrap" for mode in self.breakdowns.values())

    def split(self, product: str, ways: list[str]) -> tuple[float, ...]:
        return split(self.send, product, ways)

    # -- numbers

    def numbers(self, names: Names) -> StationRow:
        followers = names.followers()
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
            setup=self.setup.numbers(names, n) if self.setup else None,
            takes=takes_rows(names, self.takes),
            matched=self.match is not None,
            gives=gives_rows(names, self.gives),
            makes=names.product(("makes",), self.makes) if self.makes else -1,
            batch=self.batch.numbers(names) if self.batch else None,
            ideal=self._ideal(names),
            quality=self.quality.numbers(names, timed=self.cycle is not None) if self.quality else None,
            modes=mode_rows(names, self, n),
            inputs=names.inputs(),
            prefer=tuple(names.giver(("prefer", i), word) for i, word in enumerate(self.prefer)),
            outputs=tuple(names.place_to(f) for f in followers),
            send=send_row(names, self.send, followers),
            calendar=names.calendar(("calendar",), self.calendar),
            at_end=self.at_end,
            last_start=micro(self.last_start or 0.0),
            hand_over=self.hand_over,
            priority=self.priority,
            holds=self._holds(names),
            at=None if self.at is None else (float(self.at[0]), float(self.at[1])),
            power=power_rows(names, self.power),
            switch_off=switch_off(names, self.power),
            cost=self.cost or 0.0,
        )

    def _check(self, names: Names, followers: tuple[ElementId, ...]) -> None:
        if self.cycle is None and (not names.on_route() or followers):
            names.problem((), "the key 'cycle' is missing")
        for product in self.holds:
            route = names.layout.products[product].route if product in names.layout.products else ()
            if self.cycle is None and route and names.route_time(product) is None:
                names.problem(("holds", product), f"the route of {quoted(product)} does not come by here")
        self._check_kit(names)
        if len(followers) > 1 and self.send is None and self.gives is None:
            words = ", ".join(map(names.name_of, followers))
            names.problem((), f"several arrows lead from here ({words}); {SAY_SEND}")
        if self.send is not None and len(followers) < 2 and names.knows_arrows():
            names.problem(("send",), "'send' has nothing to choose: only one arrow leads from here, or none")

    def _check_kit(self, names: Names) -> None:
        """What takes or gives several parts at a time cannot do everything else too."""
        wrong = {
            "match": (self.match and not self.takes, "'match' joins parts, so it needs 'takes'"),
            "batch": (self.batch and self.takes, "a station takes a kit or a load, not both; leave one of them out"),
            "hand_over": (
                self.hand_over and self.batch,
                "a load stays while the machine stands; leave 'hand_over' out",
            ),
            "quality": (
                self.batch and self.quality and self.quality.repeat,
                "a load is not repeated part by part; use rework",
            ),
            "send": (self.send and self.gives, "'gives' sends parts to every branch; leave out 'send'"),
            "takes": (self.takes and names.steps_here(), "an assembly cannot be a step of a route; draw its arrows"),
            "gives": (self.gives and names.steps_here(), "a disassembly cannot be a step of a route; draw its arrows"),
        }
        for key in [key for key, (bad, _) in wrong.items() if bad]:
            names.problem((key,), wrong[key][1])
        if self.takes or (self.batch and self.queue is None):
            self._check_gathering(names)

    def _check_gathering(self, names: Names) -> None:
        """Kits and loads gather in places, not on the machines that send the parts."""
        for edge in names.wiring.into.get(names.index, ()):
            giver = names.layout.elements[edge.giver]
            if self.match and edge.drawn:
                check_orders(names, edge.giver)
            if edge.drawn and not giver.kind.OFFERS and (self.batch or giver.kind.sends() is not None):
                text = f"parts gather before it; put a buffer between {quoted(giver.name)} and here"
                names.problem((), text + (", or give it 'queue: {}'" if self.batch else ""))

    def _handling(self, names: Names, key: str, handling: Handling | None) -> Draws:
        return names.draws((key, "time"), handling.time, key, self.machines) if handling else ()

    def _people(self, names: Names, key: str, handling: Handling | None) -> Needs:
        if handling is not None and handling.by is not None:
            return names.needs((key, "by"), handling.by)
        return names.needs(("by",), self.by) if self.by and handling else ()

    def _ideal(self, names: Names) -> tuple[Micro, ...]:
        found = []
        for product in names.products:
            laws = [self.ideal_cycle] if self.ideal_cycle is not None else self._parts_of_cycle(names, product)
            means = [names.mean(law, product) for law in laws if law is not None]
            found.append(micro(sum(means) / (self.batch.parts if self.batch else 1)))
        return tuple(found)

    def _parts_of_cycle(self, names: Names, product: str) -> list[Any]:
        """What one part takes; of lots only the cycle is that of each piece."""
        handling = [h.time for h in (self.load, self.unload) if h is not None and not _in_lots(names)]
        return [*handling, names.route_time(product) or self.cycle]

    def _holds(self, names: Names) -> tuple[ProductId, ...]:
        room = self.queue.capacity if self.queue else self.machines
        if sum(self.holds.values()) > room:
            names.problem(("holds",), f"{sum(self.holds.values())} parts do not fit in {room:g} places")
        return held_parts(names, ("holds",), self.holds)

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        row = rows[names.index]
        never_starts(names, row.last_start, row.calendar, rows)
        never_warm(names, self.start_up, row.calendar, rows)
        for loc, needs in ((("by",), row.by), (("load", "by"), row.load_by), (("unload", "by"), row.unload_by)):
            if needs and (loc == ("by",) or needs != row.by):
                never_meets(names, loc, needs, row.calendar, rows)
        without_hours(names, row.calendar)
        without_breaks(names, self.start_up, row.calendar, rows)
        without_stops(names, self.hand_over, row)
        without_people(names, self.priority, row)
        never_set_up(names, row.setup)
        rule_without_setup(names, ("queue", "rule"), self.queue.rule if self.queue else "", (names.index,), rows)
        unjoined(names, self.makes, self.takes)
        never_finishes(names, self.breakdowns, {
            "load": self.load and self.load.time, "cycle": self.cycle, "unload": self.unload and self.unload.time
        })  # fmt: skip

    @classmethod
    def build(cls, run: Run, index: int, row: StationRow) -> None:
        (LotCell if run.plan.in_lots else Cell)(run, index, row)


def _in_lots(names: Names) -> bool:
    """Whether parts that come here may be lots."""
    return any(names.layout.elements[i].kind.in_lots() for i in names.wiring.upstream(names.index))


def mean_of(law: Any, product: str) -> float:
    """Mean of a law, or of the one for a product; 0 when there is none."""
    one = law.of(product) if isinstance(law, ByProduct) else law
    return float(one.moments().mean) if one is not None else 0.0
