"""Vehicles at work: who goes, travel empty and loaded, loading, drivers, charging.

All that depends on more than one vehicle is a choice of the instant; trips that end together are settled in
declared order before stops begin.
"""

from __future__ import annotations

from typing import Any

from twin.core.instant import ENDS
from twin.core.ledger import CHARGING, EMPTY, IDLE, LOADED, LOADING, VEHICLE_STATES, WAITING, FleetLedger
from twin.core.plan import ElementId, Micro, micro
from twin.core.run import Run, Steps
from twin.core.running.card import Wish
from twin.core.running.part import Part
from twin.core.unit import MICRO
from twin.element.moving.calls import Traffic, Way


class Fleet:
    """Vehicles that serve the same ways."""

    def __init__(self, run: Run, index: ElementId, row: Any) -> None:
        self.run, self.env, self.index, self.row = run, run.env, index, row
        self.traffic: Traffic = run.services.setdefault("vehicles", Traffic(run))
        self.code = run.instant.join(index, self._choose)
        self.metres = {(leg.start, leg.end): leg.metres for leg in row.legs}
        self.points = {stop.element: stop.at for stop in row.stops}
        self.most = row.count * row.carries
        self.ways = [Way(self, way) for way in row.ways]
        self.vehicles = [Vehicle(self, number) for number in range(1, row.count + 1)]
        self.free = list(self.vehicles)
        if run.cards is not None:
            run.cards.join(index, self, [way.gate for way in self.ways])
        self._arrived: list[Vehicle] = []
        for vehicle in self.vehicles:
            vehicle.me = run.start(vehicle.live())

    def ask(self) -> None:
        """Something may have changed."""
        self.run.instant.ask(self.code)

    def arrived(self, vehicle: Vehicle) -> None:
        """A vehicle stands where parts wait."""
        self._arrived.append(vehicle)
        self.ask()

    def freed(self, vehicle: Vehicle) -> None:
        """A vehicle has nothing to do."""
        self.free.append(vehicle)
        self.ask()

    def distance(self, start: ElementId, end: ElementId) -> float:
        """Metres between two stops."""
        return 0.0 if start == end else self.metres[start, end]

    def _choose(self) -> None:
        if self._give_up() or self._keep() or self._load() or self._send():
            self.ask()

    def _give_up(self) -> bool:
        """A promised part has gone: the way that was written last gives its place back."""
        way = next((w for w in reversed(self.ways) if w.kept > w.loading and w.pickup.over()), None)
        if way is not None:
            way.give_up()
        return way is not None

    def _keep(self) -> bool:
        """Keep a place for a part, those that have waited longest first."""
        wishes = [(way, way.wants()) for way in self.ways]
        for way, since in wishes:
            if since is None:
                way.line_up(None)
        wanting = [(since, way.giver, way.taker, way) for way, since in wishes if since is not None]
        for since, _, _, way in sorted(wanting, key=lambda wish: wish[:3]):
            way.line_up(since)
            if way.target.open_to(way):
                rival = None if way.gate is None else self.run.cards.before(self)
                if rival is None:
                    way.keep()
                else:
                    rival.grant()
                return True
        return False

    def _next(self) -> Way | None:
        """The way that would get a place now, and a card."""
        ways = [way for way in self.ways if way.in_line and way.target.open_to(way)]
        return min(ways, key=lambda way: (way.ready, way.giver, way.taker), default=None)

    def wish(self) -> Wish | None:
        """The place that it would keep now with a card."""
        way = self._next()
        needs = () if way is None or way.gate is None else way.gate.needs(way.part)
        return Wish(way.ready, way.giver, (way.taker,), needs) if way is not None and needs else None

    def grant(self) -> None:
        """Keep that place."""
        way = self._next()
        if way is not None:
            way.keep()
            self.ask()

    def _load(self) -> bool:
        """Let the first vehicle that has arrived load."""
        if not self._arrived:
            return False
        vehicle = min(self._arrived, key=lambda v: v.number)
        self._arrived.remove(vehicle)
        vehicle.load(vehicle.way.begin())
        return True

    def _send(self) -> bool:
        """The call that has waited longest gets the nearest vehicle, then the one that was free for longest."""
        calling = [way for way in self.ways if way.calls]
        if not calling or not self.free:
            return False
        way = min(calling, key=lambda way: way.urgency)
        vehicle = min(self.free, key=lambda v: (self.distance(v.at, way.giver), v.free_since, v.number))
        self.free.remove(vehicle)
        way.calls.popleft()
        way.coming += 1
        vehicle.go(way)
        return True

    def row_of_ledger(self) -> FleetLedger:
        """The row of the ledger; the metres are those of the time driven in the window."""
        states = tuple(tuple(vehicle.time) for vehicle in self.vehicles)
        driven = sum(time[LOADED] + time[EMPTY] for time in states)
        trips, parts = (sum(getattr(v, what) for v in self.vehicles) for what in ("trips", "brought"))
        return FleetLedger(states, trips, parts, driven / MICRO * self.row.speed)


class Vehicle:
    """One vehicle: it waits where it stands until it is sent on a trip."""

    def __init__(self, fleet: Fleet, number: int) -> None:
        run, row = fleet.run, fleet.row
        self.fleet, self.run, self.env, self.rank, self.number = fleet, run, run.env, fleet.index, number
        self.me: Any = None
        self.way: Any = None
        self.at: ElementId = row.home
        self.free_since: Micro = 0.0
        self.parts: list[Part] = []
        self._taking = 0
        self._load = run.draw(row.load[0], number) if row.load else _no_time
        self._unload = run.draw(row.unload[0], number) if row.unload else _no_time
        self._driven: Micro = 0.0
        """Driving time since it was charged."""
        self._wake: Any = None
        self.task: Any = None
        if row.by:
            point = fleet.points[self.at]
            self.task = run.services["crew"].task(row.by, self, self.rank, row.priority, point)
            self.task.on_loss = self._ring
        self.state, self.since = IDLE, 0.0
        run.vehicles.append(self)
        run.lived.append(self)
        run.holders.append(self)
        self.clear(0.0)

    # -- the ledger

    @property
    def owner(self) -> ElementId:
        """Where the parts on it come from."""
        return self.way.giver if self.parts else self.rank

    def standing(self) -> list[Part]:
        """The parts on it."""
        return list(self.parts)

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.since = max(self.since, now)
        self.time = [0.0] * len(VEHICLE_STATES)
        self.trips = self.brought = 0

    def close(self, now: Micro) -> None:
        """Add the open interval."""
        self._enter(self.state)

    def _enter(self, state: int) -> None:
        now = self.env.now
        if now > self.since:
            self.time[self.state] += now - self.since
            if self.run.trace is not None:
                part = self.parts[0] if self.parts else None
                self.run.note(self.since, self.rank, self.number, VEHICLE_STATES[self.state], part)
            self.since = now
        self.state = state

    # -- what the fleet tells it

    def go(self, way: Way) -> None:
        """Fetch what waits on this way."""
        self.way = way
        self.me.succeed()

    def load(self, parts: int) -> None:
        """Load so many parts; with 0 the trip is over."""
        self._taking = parts
        self.me.succeed()

    def settle(self) -> None:
        """Loading or unloading is done: the parts change hands."""
        if self.parts:
            self._put()
        else:
            self._enter(LOADING)
            self.parts = self.way.load(self._taking)
        self.me.succeed()

    def _put(self) -> None:
        self._enter(LOADING)
        parts, self.parts = self.parts, []
        for part in parts:
            self.way.bring(part)
        self.trips += 1
        self.brought += len(parts)

    # -- the life of a vehicle

    def live(self) -> Steps:
        """Trips, for ever."""
        while True:
            yield
            if self.task is not None:
                yield from self._fetch_driver()
            yield from self._bring()
            yield from self._charge()
            if self.task is not None:
                self.task.done()
            self._enter(IDLE)
            self.free_since = self.env.now
            self.fleet.freed(self)

    def _bring(self) -> Steps:
        """Drive to the parts, load, drive to their place, unload; in vain when they have gone meanwhile."""
        fleet, way = self.fleet, self.way
        yield from self._drive(way.giver, EMPTY)
        self._enter(LOADING)
        fleet.arrived(self)
        yield
        if self._taking:
            yield from self._spend(LOADING, self._load())
            fleet.traffic.end(self)
            yield
        if self.parts:
            yield from self._drive(way.taker, LOADED)
            yield from self._spend(LOADING, self._unload())
            fleet.traffic.end(self)
            yield

    def _charge(self) -> Steps:
        """Drive to the charger and charge, if that is due; charging needs no driver."""
        battery = self.fleet.row.battery
        if battery is None or self._driven < battery.lasts:
            return
        yield from self._drive(battery.at, EMPTY)
        if self.task is not None:
            self.task.done()
        self._enter(CHARGING)
        self.me.sleep(battery.charge)
        yield
        self._driven = 0.0

    def _drive(self, to: ElementId, state: int) -> Steps:
        fleet = self.fleet
        yield from self._spend(state, micro(fleet.distance(self.at, to) / fleet.row.speed))
        self.at = to
        if self.task is not None:
            self.task.at = fleet.points[to]
            for person in self.task.people:
                person.at = self.task.at

    def _spend(self, state: int, left: Micro) -> Steps:
        """A stretch of a trip; without its driver the vehicle stands."""
        while left > 0:
            if self.task is not None and not self.task.people:
                yield from self._fetch_driver()
            self._enter(state)
            start = self.env.now
            if self.task is None or not self.task.revocable:
                self.me.sleep(left)
                yield
            else:
                yield self._until(left)
            passed = self.env.now - start
            left -= passed
            if state in (EMPTY, LOADED):
                self._driven += passed

    def _fetch_driver(self) -> Steps:
        """Ask for the driver and wait until he is here."""
        task = self.task
        self._enter(WAITING)
        while not task.people:
            asked = task.want()
            if asked is not None:
                yield asked
            if task.people and task.walk:
                yield self._until(task.walk)

    def _until(self, span: Micro) -> Any:
        """An event after a time, or earlier when the driver leaves."""
        wake = self._wake = self.run.event(self.env)

        def end() -> None:
            if self._wake is wake:
                self._ring()

        self.run.later(span, ENDS, end)
        return wake

    def _ring(self) -> None:
        wake, self._wake = self._wake, None
        if wake is not None:
            wake.succeed()


def _no_time() -> Micro:
    return 0.0
