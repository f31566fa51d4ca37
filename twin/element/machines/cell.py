"""The machines of one station in a run: where their parts come from, what becomes of them, where they go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twin.core.instant import DRAWS
from twin.core.ledger import StationLedger, StopRow
from twin.core.place import NoPlace
from twin.core.plan import NEVER, Micro, ProductRow
from twin.core.run import Run
from twin.core.running.choice import Among, Inlet, Outlet
from twin.core.running.gather import Assembly, Branches, Fitting, Loading
from twin.core.running.part import Load, Part, Piece
from twin.core.running.stock import fill, stock
from twin.core.running.through import guarded
from twin.core.spec import kinds
from twin.core.stream import Next
from twin.element.machines.loads import LoadMachine, StandbyLoadMachine
from twin.element.machines.machine import Machine
from twin.element.machines.setup import Tooling
from twin.element.machines.standby import StandbyMachine, switched_off
from twin.element.send import drawn_way

AGAIN = object()
"""The verdict on a part whose cycle is done again."""
LATER = object()
"""No verdict yet: other machines may end at this instant too."""


class Cell:
    """A station at work."""

    again, later = AGAIN, LATER

    def __init__(self, run: Run, index: int, row: Any) -> None:
        self.run, self.index, self.row, self.at = run, index, row, row.at
        in_steps = row.unload or row.by or row.batch
        self.plain = not (in_steps or any(mode.clock == "cycles" for _, mode in row.modes))
        """Whether a part has nothing but set-up, load and a cycle without people."""
        self.quality = row.quality
        self._draw_quality = run.uniform(row.quality.stream) if row.quality else None
        self._way = self._way_chooser()
        routes = [product.route for product in run.plan.products]
        self._routed = any(routes)
        self._onward: list[list[Any]] = [[None] * (len(route) + 1) if route else [] for route in routes]
        """Where parts go from here for each step of their route, by product; found when first asked for."""
        self.judged = bool(row.quality) or self._way is not None or self._routed or row.makes >= 0
        self.out: Any = self._way_out()
        self._pieces = len(row.holds)
        """Parts that are numbered here: those held at time 0, then those taken from others."""
        self._ended: list[tuple[Machine, Part, Any]] = []
        run.parts[index] = self
        run.leaves[index] = self.row_of_ledger
        kind = self._kind()
        self.machines: list[Machine] = [kind(run, self, number) for number in range(1, row.machines + 1)]
        self._connect()

    def _kind(self) -> type[Machine]:
        return _MACHINES[self.row.batch is not None, self.row.switch_off < NEVER]

    def in_work(self) -> int:
        """Parts on the machines."""
        return sum(machine.part is not None for machine in self.machines)

    def load(self) -> int:
        """Parts that stand here, in work included, for those who look for the shortest line."""
        return self.in_work() + (self.queue.n if self.queue is not None else 0)

    def _connect(self) -> None:
        run, row = self.run, self.row
        places = [run.places[i] for i in row.inputs]
        self.queue = next((p for p in places if p.owner == self.index and p.capacity), None)
        inlet = self._inlet(places)
        for machine in self.machines:
            machine.inlet = inlet
            self._equip(machine)
            run.lived.append(machine)
        if self.queue is not None:
            fill(run, self.index, row.holds, self.queue)
        else:
            for machine, part in zip(self.machines, stock(run, self.index, row.holds), strict=False):
                machine.part = Load([part]) if row.batch else part
        run.hours_of(row.calendar, self.machines)
        for machine in self.machines:
            machine.start()

    def _inlet(self, places: list[Any]) -> Any:
        """Where the machines take from: one place on the spot, or a choice of the instant."""
        run, row = self.run, self.row
        if row.takes:
            kit = [(run.places[one.place], one.parts) for one in row.takes]
            return guarded(run, self.index, Assembly)(run, self.index, kit, self.queue, row.matched)
        if row.batch:
            return guarded(run, self.index, Loading)(run, self.index, places, row.batch)
        if len(places) == 1 and places[0].private and len(self.machines) == 1:
            return places[0]
        return guarded(run, self.index, Fitting if row.setup else Inlet)(run, self.index, places, row.prefer)

    def _way_out(self) -> Any:
        """Where good parts go when there is one way only."""
        run, row = self.run, self.row
        if row.gives:
            gives = [(run.places[one.place], one.parts) for one in row.gives]
            return guarded(run, self.index, Branches)(run, self.index, gives, self._split)
        return run.places[row.outputs[0]] if row.outputs else NoPlace()

    def _split(self, whole: Part) -> Part:
        """One more part, taken from another one."""
        self._pieces += 1
        self.run.account.split(whole)
        return Piece(whole, self.index, self._pieces)

    def _equip(self, machine: Machine) -> None:
        run, row, number = self.run, self.row, machine.number
        cycle = run.by_product(row.cycle, number) if row.cycle else ()
        machine.draw = cycle[0] if len(row.cycle) == 1 and not self._routed else None
        draws = self._step_draws(number, cycle)
        machine.work_of = lambda part: draws[part.product][part.step]()
        if row.batch:
            machine.work_of = lambda load: max(draws[p][load.step]() for p in dict.fromkeys(map(_product, load.parts)))
        machine.load = run.by_product(row.load, number) if row.load else ()
        machine.unload = run.by_product(row.unload, number) if row.unload else ()
        tasks = {needs: machine.task(needs) for needs in (row.by, row.load_by, row.unload_by) if needs}
        machine.tooling = Tooling(machine, row.setup) if row.setup else None
        machine.cycle_task = tasks.get(row.by)
        machine.load_task = tasks.get(row.load_by) if row.load else machine.cycle_task
        machine.unload_task = tasks.get(row.unload_by)
        for clock, mode in row.modes:
            machine.modes.append(kinds("clock")[clock].live(machine, mode))
        for mode in machine.modes:
            mode.begin()
        machine.refresh()
        machine.plan_rest()

    def _step_draws(self, number: int, cycle: Sequence[Next]) -> list[list[Next | None]]:
        """What draws the work here, by product and step of its route; None: no part comes here at that step."""
        products = self.run.plan.products
        return [self._draws_of(product, number, cycle[p] if cycle else None) for p, product in enumerate(products)]

    def _draws_of(self, product: ProductRow, number: int, usual: Next | None) -> list[Next | None]:
        run, here = self.run, self.index
        return [
            run.draw(step.work[step.stations.index(here)][0], number) if here in step.stations else usual
            for step in product.route
        ] or [usual]

    # -- the end of a cycle

    def judge(self, machine: Machine, part: Part) -> Any:
        """What becomes of a part: where it goes, None (scrap) or AGAIN; LATER when it must be waited for."""
        if len(self.machines) == 1 or self.run.calm():
            return self._verdict(machine, part)
        return LATER

    def verdict(self, machine: Machine, part: Part) -> Any:
        """An event that brings the verdict: machines that end together draw in order."""
        ended = self.run.event(self.run.env)
        if not self._ended:
            self.run.later(0.0, DRAWS, self._judge_all)
        self._ended.append((machine, part, ended))
        return ended

    def _judge_all(self) -> None:
        ended, self._ended = sorted(self._ended, key=lambda entry: entry[0].number), []
        for machine, part, event in ended:
            event.succeed(self._verdict(machine, part))

    def _verdict(self, machine: Machine, part: Part) -> Any:
        if self._draw_quality is not None:
            quality, chance, product = self.quality, self._draw_quality(), part.product
            if chance < quality.scrap[product]:
                return None
            if chance < quality.rework[product]:
                return self._send_back(machine, part)
            if chance < quality.repeat[product]:
                return AGAIN
        return self._where(part)

    def _send_back(self, machine: Machine, part: Part) -> Any:
        """The queue a part goes back to, or None when it was sent back too often."""
        part.passes = part.passes or {}
        part.passes[self.index] = part.passes.get(self.index, 0) + 1
        if part.passes[self.index] > self.quality.at_most:
            return None
        machine.reworked[part.product] += 1
        route = self.run.plan.products[part.product].route
        steps = [s for s, step in enumerate(route[: part.step + 1]) if self.quality.to_station in step.stations]
        part.step = steps[-1] if steps else part.step
        part.back = True
        return self.run.places[self.quality.to]

    def _where(self, part: Part) -> Any:
        if self.row.makes >= 0:
            self._rename(part)
        onward = self._onward[part.product]
        if onward:
            part.step = step = part.step + 1
            return onward[step] or self._next_step(part, onward)
        return self._way(part) if self._way is not None else self.out

    def _rename(self, part: Part) -> None:
        """The part becomes the product that is made here, and goes on along its route, from the start or from here."""
        if part.product == self.row.makes:
            return
        part.product = self.row.makes
        route = self.run.plan.products[part.product].route
        here = (s for s, step in enumerate(route) if self.index in step.stations)
        part.step = next(here, -1 if route else 0)

    def _next_step(self, part: Part, onward: list[Any]) -> Any:
        """Look up where parts go for their next step."""
        product, step = self.run.plan.products[part.product], part.step
        ends = step == len(product.route)
        places = [
            self.run.place_into(i, self.index) for i in ((product.sink,) if ends else product.route[step].stations)
        ]
        onward[step] = places[0] if len(places) == 1 else Among(self._outlet(), places, shortest=True)
        return onward[step]

    def _outlet(self) -> Outlet:
        if self._chooser is None:
            self._chooser = guarded(self.run, self.index, Outlet)(self.run, self.index)
        return self._chooser

    _chooser: Outlet | None = None

    def _way_chooser(self) -> Callable[[Part], Any] | None:
        run, row = self.run, self.row
        places = [run.places[i] for i in row.outputs]
        way = drawn_way(run, row.send)
        if way is not None:
            return lambda part: places[way(part)]
        if row.send is None:
            return None
        among = Among(self._outlet(), places, shortest=row.send.how == "shortest_queue")
        return lambda part: among

    # -- the ledger

    def row_of_ledger(self) -> StationLedger:
        """The station over the window."""
        machines, shares = self.machines, self.run.shares
        done, scrapped, destroyed, reworked, repeated = (
            tuple(map(sum, zip(*(getattr(m, what) for m in machines), strict=True)))
            for what in ("done", "scrapped", "destroyed", "reworked", "repeated")
        )
        judged = [all_of - lost for all_of, lost in zip(scrapped, destroyed, strict=True)]
        bad = [sum(counts) for counts in zip(judged, reworked, repeated, strict=True)]
        net: Micro = sum(n * ideal for n, ideal in zip(done, self.row.ideal, strict=True))
        lost: Micro = sum(n * ideal for n, ideal in zip(bad, self.row.ideal, strict=True))
        return StationLedger(
            states=tuple(tuple(m.time) for m in machines),
            done=done,
            scrapped=scrapped,
            destroyed=destroyed,
            reworked=reworked,
            repeated=repeated,
            net=net,
            useful=net - lost,
            sole=tuple(shares[m.index].sole for m in machines),
            shifting=tuple(shares[m.index].shifting for m in machines),
            stops=tuple(map(_add, zip(*([mode.row_of_ledger() for mode in m.modes] for m in machines), strict=True))),
            switched_off=switched_off(machines),
        )


def _add(stops: tuple[StopRow, ...]) -> StopRow:
    times, up, wait, down = (sum(values) for values in zip(*(s[1:5] for s in stops), strict=True))
    return StopRow(stops[0].mode, times, up, wait, down, stops[0].state)


_MACHINES: dict[tuple[bool, bool], type[Machine]] = {
    (False, False): Machine,
    (False, True): StandbyMachine,
    (True, False): LoadMachine,
    (True, True): StandbyLoadMachine,
}
"""By whether it works on loads, and whether it switches off."""


def _product(part: Part) -> int:
    return part.product
