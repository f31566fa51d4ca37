"""Product: what the plant makes; with a route it is a job that goes from station to station."""

from __future__ import annotations

import itertools
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from twin.core.compiling.names import Names
from twin.core.layout import Layout
from twin.core.plan import ProductRow, StepRow, micro, money
from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Kind, Reader, Spec, kinds, register
from twin.core.unit import Quantity
from twin.law.law import FROM, LawOf


class Step(Spec):
    """One step of a route: the stations that can do it, and its time."""

    stations: list[str]
    time: Any


_TIME = LawOf("time")


def read_step(value: object) -> Step:
    """'{m3: 1 min}' or '{any: [m1, m2], time: 2 min}'."""
    if not isinstance(value, dict) or not value:
        raise fault(f"a step such as {{m3: 1 min}} is due, not {received(value)}")
    if "any" not in value:
        if len(value) > 1:
            raise fault("a step names one station: {m3: 1 min}; for a choice write {any: [m1, m2], time: 2 min}")
        station, time = next(iter(value.items()))
        return Step(stations=[station], time=_timed(time, station))
    names = value["any"]
    if names == []:
        raise fault("this choice names no station; write {any: [m1, m2], time: 2 min}", loc=("any",))
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise fault(f"a list of stations is due, not {received(names)}", loc=("any",))
    if len(set(names)) < len(names):
        raise fault("a station stands twice; name each once", loc=("any",))
    for key in value:
        if key not in ("any", "time"):
            raise fault(f"unknown key {quoted(key)}", nearest(key, ["any", "time"]), (key,))
    if "time" not in value:
        raise fault("the key 'time' is missing")
    return Step(stations=names, time=_timed(value["time"], "time"))


def some_steps(steps: list[Step]) -> list[Step]:
    """The steps of a route; refused when there is none."""
    if not steps:
        raise fault("this route has no step; write [{m3: 1 min}], or take 'route' out and the product follows the flow")
    return steps


def _timed(value: object, key: str) -> Any:
    try:
        return _TIME.read(value)
    except Faults as error:
        raise Faults(*(Fault((key, *f.loc), f.text, f.nearest) for f in error.faults)) from None


@register("element", "products")
class Product(Kind):
    """What the plant makes; names are used in mixes, sequences and maps by product.

    products:
      A: {}
      B: {route: [{m3: 1 min}, {m1: 3 min}, {any: [m1, m2], time: 2 min}], due: 8 h}
    """

    SECTION: ClassVar[str] = "products"
    WORD: ClassVar[str] = "product"

    route: Annotated[
        list[Annotated[Step, Reader(read_step, lambda: {"type": "object"})]], AfterValidator(some_steps)
    ] = Field(default_factory=list)
    """Stations and times in order; without it the product follows the flow."""
    from_: str | None = Field(default=None, alias="from")
    """The source, where there are several."""
    to: str | None = None
    """The sink, where there are several."""
    due: Annotated[float, Quantity("time")] | None = None
    """Time after arrival at which it is due."""
    priority: int = 0
    """Higher goes first where the rule is 'priority'."""
    material: Annotated[float, Quantity("money")] | None = None
    """What the material of one part costs, as it enters the plant."""
    family: str | None = None
    """Products of one family need no set-up between them; the matrix of a set-up may name families."""
    price: Annotated[float, Quantity("money")] | None = None
    """What a good part is sold for; the margin of a part is this less its cost."""

    def route_edges(self, layout: Layout) -> list[tuple[str, str, Loc]]:
        """(giver, taker, place in the file) for every way along the route."""
        if not self.route:
            return []
        known = {e.name for e in layout.elements if e.section == "stations"}
        ways: list[tuple[list[str], Loc]] = [
            (self._ends(layout, "sources", self.from_), ("from",) if self.from_ else ())
        ]
        ways += [([s for s in step.stations if s in known], ("route", i)) for i, step in enumerate(self.route)]
        ways += [(self._ends(layout, "sinks", self.to), ("to",) if self.to else ())]
        found = [(a, b, loc) for (givers, _), (takers, loc) in itertools.pairwise(ways) for a in givers for b in takers]
        repairs = self._repairs(layout)
        found += [(a, b, ways[i + 2][1]) for i, givers in enumerate(repairs) for a in givers for b in ways[i + 2][0]]
        return found

    def _repairs(self, layout: Layout) -> list[list[str]]:
        """For each step, the stations off the route so far that its parts are sent back to: they go on from there."""
        backs = {e.name: [name for name, _ in e.kind.edges()] for e in layout.elements if e.section == "stations"}
        been = [set(itertools.chain(*(step.stations for step in self.route[: i + 1]))) for i in range(len(self.route))]
        return [
            [back for s in step.stations for back in backs.get(s, ()) if back in backs and back not in known]
            for step, known in zip(self.route, been, strict=True)
        ]

    def _ends(self, layout: Layout, section: str, word: str | None) -> list[str]:
        known = [e.name for e in layout.elements if e.section == section]
        return known if word is None else [word] if word in known else []

    def numbers(self, names: Names) -> ProductRow:
        if names.element.name in (*kinds("law"), FROM, "other"):
            text = f"{quoted(names.element.name)} means something else where values are written by product"
            names.problem((), f"{text}; choose another name")
        if self.route:
            self._check_end(names, "from", self.from_, "sources")
            self._check_end(names, "to", self.to, "sinks")
        steps = tuple(self._step(i, step, names) for i, step in enumerate(self.route))
        sinks = self._ends(names.layout, "sinks", self.to)
        sink = names.find(("to",), sinks[0], "sinks") if steps and sinks else -1
        due = micro(self.due) if self.due is not None else float("inf")
        paid, sold = money(self.material or 0.0), money(self.price or 0.0)
        return ProductRow(names.element.name, steps, sink, due, self.priority, paid, sold)

    def _check_end(self, names: Names, key: str, word: str | None, section: str) -> None:
        known = self._ends(names.layout, section, None)
        if word is not None:
            names.find((key,), word, section)
        elif len(known) != 1 and not names.layout.may_hold(None, section):
            names.problem((), f"a route needs one of the {len(known)} {section}; write '{key}:'")

    def _step(self, number: int, step: Step, names: Names) -> StepRow:
        stations = [names.find(("route", number), word, "stations") for word in step.stations]
        work = []
        for word, station in zip(step.stations, stations, strict=True):
            if station < 0:
                continue
            visits = sum(word in earlier.stations for earlier in self.route[:number])
            purpose = f"cycle.{names.stream_of(names.element.name)}" + (f".{visits + 1}" if visits else "")
            machines = names.layout.elements[station].kind.machine_count()
            work.append((names.draw(("route", number), step.time, purpose, machines, of=station),))
        return StepRow(tuple(stations), tuple(work))
