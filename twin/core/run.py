"""What a behaviour receives while a plan runs: clock, draws, places, people, the account of parts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Protocol

from twin.core.instant import AFTER_ALL, OPENS, STOPS, Instant
from twin.core.ledger import ACTIVE
from twin.core.plan import Draw, Draws, Micro, Plan
from twin.core.running.account import Account
from twin.core.running.active import IDLE, ActivePeriods, Share
from twin.core.running.lots import LotAccount
from twin.core.stream import Next, draws, remaining_life, uniforms
from twin.core.timetable import OPEN, Timetable, timetable

Steps = Generator[Any, Any, Any]
"""A behaviour: it yields what it waits for."""
Trace = list[tuple[float, str, int, str, str]]


class RunError(Exception):
    """A plan that cannot be run to its end; the message is one line for the user."""


class Deadlock(RunError):  # noqa: N818 - the word of the trade
    """Parts wait for each other's places, or for something that never comes."""


class Clock(Protocol):
    """What the engine lends to behaviours."""

    @property
    def now(self) -> float:
        """The time, µs."""

    def peek(self) -> float:
        """The time of the next event."""


class Lived(Protocol):
    """What takes part in a run and leaves a row of the ledger."""

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far: the warm-up is over."""

    def close(self, now: Micro) -> None:
        """Add what is still open at the end."""


class Run:
    """One replication of a plan while it runs."""

    def __init__(self, plan: Plan, replication: int, tools: Any, trace: Trace | None = None) -> None:
        self.plan, self.replication, self.trace = plan, replication, trace
        self.tools = tools
        self.env: Any = tools.env
        self.event: Callable[[Any], Any] = tools.event
        self.later: Callable[[float, int, Callable[[], None]], None] = tools.later
        """``later(delay, priority, call)``: call at that time, in that step of the instant."""
        self.start: Callable[[Steps], Any] = tools.start
        self.instant = Instant()
        self.moment = (tools.soon, self.instant.pending, tools.events)
        """Who goes on before the next event, the choices that are pending, what is scheduled."""
        self.calm = _calm(self.env, *self.moment)
        """``calm(code)``: whether nothing else happens at this instant before the choice with this code, so that it
        may be made on the spot; without a code, whether nothing else happens at all."""
        self.account = LotAccount(plan, self.env) if plan.in_lots else Account(plan, self.env)
        self.parts: dict[int, Any] = {}
        """What each element has become, by index."""
        self.places: list[Any] = []
        self._own = {place.owner: i for i, place in enumerate(plan.places) if place.capacity}
        self._members: dict[int, list[Any]] = {}
        self.services: dict[str, Any] = {}
        """What a kind offers to others by name ('crew', 'calendar')."""
        self.lived: list[Any] = []
        self.leaves: dict[int, Callable[[], Any]] = {}
        """What gives the row of the ledger of each element that leaves one."""
        self.holders: list[Any] = []
        """All where parts may be: each tells by ``standing()`` which."""
        self.shares: tuple[Share, ...] = ()
        """How long each machine was the bottleneck, once the run is over."""
        self.machines: list[Any] = []
        """All machines in declared order; their position is their number for the bottleneck."""
        self.vehicles: list[Any] = []
        """All vehicles in declared order."""
        self.cards: Any = None
        """The loops of cards, in plants that have some."""
        self.over = False
        """At the end: whether nothing comes any more, since the sources are spent and the plant is empty."""
        self.sources: list[Any] = []
        self.periods: list[tuple[int, float, float]] = []
        self.active: ActivePeriods | None = None
        self.movers: list[Any] = []
        self.warnings: list[str] = []
        self.fetched: dict[tuple[int, int], Any] = {}
        """On the ways of vehicles: where parts wait for them, by giver and taker."""
        self.healing: list[Any] = []
        """Groups that may have people away for long: each tells by ``cures(before)``."""
        self.when_lacking: Callable[[], None] | None = None
        """Called when a machine has too few parts to begin; None where that cannot end the run."""

    def draw(self, draw: Draw, machine: int = 1) -> Next:
        """A function that gives the next draw for a machine (numbered from 1)."""
        law = self.plan.laws[draw.law]
        key = self.plan.streams[draw.stream + machine - 1] if draw.stream >= 0 else ""
        return draws(law, self.plan.seed, self.replication, key)

    def by_product(self, some: Draws, machine: int = 1) -> tuple[Next, ...]:
        """One draw function for each product."""
        if len(some) == 1:
            return (self.draw(some[0], machine),) * len(self.plan.products)
        return tuple(self.draw(one, machine) for one in some)

    def remaining_life(self, draw: Draw, stream: int, machine: int) -> Micro:
        """One draw of the time up that is left to a machine in mid-life."""
        key = self.plan.streams[stream + machine - 1]
        return remaining_life(self.plan.laws[draw.law], self.plan.seed, self.replication, key)

    def uniform(self, stream: int) -> Next:
        """A function that gives the next uniform number of a stream (-1, where chance decides nothing: the middle)."""
        if stream < 0:
            return lambda: 0.5
        return uniforms(self.plan.seed, self.replication, self.plan.streams[stream])

    def timetable(self, calendar: int) -> Timetable:
        """The hours of a calendar (-1: always open)."""
        return timetable(self.plan.rows, calendar)

    def hours(self, calendar: int, member: Any) -> None:
        """Tell ``member.calendar_change(state)`` whenever a calendar changes, and now if it is closed."""
        if calendar < 0:
            return
        if calendar not in self._members:
            self._members[calendar] = []
            self._tick(calendar, self.timetable(calendar))
        self._members[calendar].append(member)

    def hours_of(self, calendar: int, members: list[Any]) -> None:
        """The same for several."""
        for member in members:
            self.hours(calendar, member)

    def place_into(self, element: int, giver: int) -> Any:
        """Where parts go from an element to another: into the place of its own, or where vehicles fetch them."""
        return self.fetched.get((giver, element), self.places[self._own[element]])

    def begin(self) -> None:
        """Close what is closed at time 0; called once everything is built."""
        for calendar, members in self._members.items():
            state = self.timetable(calendar).state(self.env.now)
            for member in members if state != OPEN else ():
                member.calendar_change(state)
        if self.cards is not None:
            self.cards.begin()

    def _tick(self, calendar: int, hours: Timetable) -> None:
        now = self.env.now
        at, state = hours.next_change(now)
        if at == float("inf"):
            return

        def change() -> None:
            for member in self._members[calendar]:
                member.calendar_change(state)
            self._tick(calendar, hours)

        self.later(at - now, OPENS if state == OPEN else STOPS, change)

    def note(self, time: Micro, element: int, machine: int, state: str, part: Any) -> None:
        """Write a line of the trace."""
        if self.trace is not None:
            name = f"{self.plan.elements[part.source].name}.{part.number}" if part is not None else ""
            self.trace.append((time, self.plan.elements[element].name, machine, state, name))

    def bottleneck(self) -> ActivePeriods:
        """The account of active periods, with all periods that are over added; so it forgets what cannot matter."""
        if self.active is None:
            self.active = ActivePeriods(len(self.machines), stations=[m.rank for m in self.machines])
        for machine in self.machines:
            if not ACTIVE[machine.state]:
                machine.report_active()
            self.active.since[machine.index] = machine.active if ACTIVE[machine.state] else IDLE
        self.active.extend(self.periods)
        self.periods.clear()
        return self.active


def _calm(env: Any, soon: Any, pending: list[int], events: Any) -> Callable[..., bool]:
    """A function without a detour, as it is asked before every choice that is made on the spot."""

    def calm(code: float = AFTER_ALL) -> bool:
        return not soon and not (pending and pending[0] <= code) and not (events and events[0][0] <= env.now)

    return calm
