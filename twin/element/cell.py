"""The machines of one station in a run: where their parts come from, what becomes of them, where they go."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from twin.core.choice import Among, Inlet, Outlet
from twin.core.ledger import StationLedger, StopRow
from twin.core.part import Part
from twin.core.place import NoPlace
from twin.core.plan import Micro
from twin.core.run import DRAWS, Run, Steps
from twin.core.spec import kinds
from twin.core.stock import fill, stock
from twin.element.machine import Machine

AGAIN = object()
"""The verdict on a part whose cycle is done again."""


class Cell:
    """A station at work."""

    again = AGAIN

    def __init__(self, run: Run, index: int, row: Any) -> None:
        self.run, self.index, self.row, self.at = run, index, row, row.at
        self.plain = not (row.load or row.unload or row.by or any(clock_of(m) == "cycles" for m in row.modes))
        self.quality = row.quality
        self._draw_quality = run.uniform(row.quality.stream) if row.quality else None
        self._way = self._way_chooser()
        self._routed = any(product.route for product in run.plan.products)
        self.judged = bool(row.quality) or self._way is not None or self._routed
        self.out: Any = run.places[row.outputs[0]] if row.outputs else NoPlace()
        self._ended: list[tuple[Machine, Part, Any]] = []
        run.parts[index] = self
        run.leaves[index] = self.row_of_ledger
        self.machines = [Machine(run, self, number) for number in range(1, row.machines + 1)]
        self._connect()

    def in_work(self) -> int:
        """Parts on the machines."""
        return sum(machine.part is not None for machine in self.machines)

    def load(self) -> int:
        """Parts that stand here, in work included, for those who look for the shortest line."""
        return self.in_work() + (self.queue.n if self.queue is not None else 0)

    def _connect(self) -> None:
        run, row = self.run, self.row
        places = [run.places[i] for i in row.inputs]
        alone = len(places) == 1 and places[0].private and len(self.machines) == 1
        inlet: Any = places[0] if alone else Inlet(run, self.index, places, row.prefer)
        for machine in self.machines:
            machine.inlet = inlet
            self._equip(machine)
            run.lived.append(machine)
        self.queue = next((p for p in places if p.owner == self.index and p.capacity), None)
        if self.queue is not None:
            fill(run, self.index, row.holds, self.queue)
        else:
            for machine, part in zip(self.machines, stock(run, self.index, row.holds), strict=False):
                machine.part = part
        run.hours_of(row.calendar, self.machines)
        for machine in self.machines:
            machine.start()

    def _equip(self, machine: Machine) -> None:
        run, row, number = self.run, self.row, machine.number
        cycle = run.by_product(row.cycle, number) if row.cycle else ()
        machine.draw = cycle[0] if len(row.cycle) == 1 and not self._routed else None
        routes = self._route_draws(number)
        machine.work_of = lambda part: (routes.get((part.product, part.step)) or cycle[part.product])()
        machine.load = run.by_product(row.load, number) if row.load else ()
        machine.unload = run.by_product(row.unload, number) if row.unload else ()
        tasks = {needs: machine.task(needs) for needs in (row.by, row.load_by, row.unload_by) if needs}
        machine.cycle_task = tasks.get(row.by)
        machine.load_task = tasks.get(row.load_by) if row.load else machine.cycle_task
        machine.unload_task = tasks.get(row.unload_by)
        for clock, mode in row.modes:
            machine.modes.append(kinds("clock")[clock].live(machine, mode))
        for mode in machine.modes:
            mode.begin()
        machine.refresh()
        machine.plan_rest()

    def _route_draws(self, number: int) -> dict[tuple[int, int], Callable[[], float]]:
        return {
            (p, s): self.run.draw(step.work[step.stations.index(self.index)][0], number)
            for p, product in enumerate(self.run.plan.products)
            for s, step in enumerate(product.route)
            if self.index in step.stations
        }

    # -- the end of a cycle

    def judge(self, machine: Machine, part: Part) -> Steps:
        """What becomes of a part: where it goes, None (scrap) or AGAIN; machines that end together draw in order."""
        if len(self.machines) == 1:
            return self._verdict(machine, part)
        ended = self.run.event(self.run.env)
        if not self._ended:
            self.run.later(0.0, DRAWS, self._judge_all)
        self._ended.append((machine, part, ended))
        return (yield ended)

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
        product = self.run.plan.products[part.product]
        if product.route:
            return self._next_step(part, product)
        return self._way(part) if self._way is not None else self.out

    def _next_step(self, part: Part, product: Any) -> Any:
        part.step += 1
        if part.step >= len(product.route):
            return self.run.place_into(product.sink)
        places = [self.run.place_into(station) for station in product.route[part.step].stations]
        return places[0] if len(places) == 1 else Among(self._outlet(), places, shortest=True)

    def _outlet(self) -> Outlet:
        if self._chooser is None:
            self._chooser = Outlet(self.run, self.index)
        return self._chooser

    _chooser: Outlet | None = None

    def _way_chooser(self) -> Callable[[Part], Any] | None:
        run, row = self.run, self.row
        places = [run.places[i] for i in row.outputs]
        if row.send == "by_product":
            return lambda part: places[row.send_products[part.product]]
        if row.send == "shares":
            draw, shares = run.uniform(row.send_stream), row.send_shares
            return lambda part: places[min(bisect_right(shares, draw()), len(places) - 1)]
        if row.send == "round_robin":
            turn = itertools.cycle(places)
            return lambda part: next(turn)
        if row.send:
            among = Among(self._outlet(), places, shortest=row.send == "shortest_queue")
            return lambda part: among
        return None

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
        )


def _add(stops: tuple[StopRow, ...]) -> StopRow:
    times, up, wait, down = (sum(values) for values in zip(*(s[1:5] for s in stops), strict=True))
    return StopRow(stops[0].mode, times, up, wait, down, stops[0].state)


def clock_of(mode: tuple[str, Any]) -> str:
    """The clock of a mode of stop."""
    return str(getattr(mode[1], "clock", ""))
