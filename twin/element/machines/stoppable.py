"""Stops and hours: what makes a machine stand, foreseen wherever it can be.

``halted`` says that a stop is due or has begun; whoever waits is taken off its place by the stop's own wake-up.
"""

from __future__ import annotations

from typing import Any

from twin.core.instant import ENDS, FIRST, STOPS
from twin.core.ledger import BLOCKED, BREAK, OFF, SETUP, STARVED, WAITING_OPERATOR, WORKING
from twin.core.plan import NEVER, Micro, Needs
from twin.core.run import Run, Steps
from twin.core.timetable import BREAK as CALENDAR_BREAK
from twin.core.timetable import OPEN
from twin.element.machines.booked import Booked
from twin.element.machines.stop import RESUME, SCRAP

STOP = object()
"""What a machine receives instead of what it waits for when a stop begins."""
IN_WORK = (WORKING, SETUP, WAITING_OPERATOR)


class Stoppable(Booked):
    """A machine seen by its stops: modes of breakdown, closings and breaks."""

    __slots__ = (
        "all_due",
        "at",
        "at_point",
        "closes",
        "closing",
        "cycles",
        "destroyed",
        "due",
        "due_cycles",
        "halted",
        "hours",
        "inlet",
        "kept",
        "made",
        "me",
        "restarted",
        "resting",
        "station",
        "stopped",
        "target",
        "wake",
        "worked",
    )

    def __init__(self, run: Run, station: Any, number: int) -> None:
        super().__init__(run, station.index, number)
        self.station = station
        self.at_point = station.at
        self.me: Any = None
        """Its life in the engine: ``sleep(span)``, then be woken; ``succeed(value)`` ends a wait."""
        self.target: Any = None
        """Where its finished part goes; None while it has none."""
        self.inlet: Any = None
        self.wake: Any = None
        self.halted = self.resting = self.stopped = False
        """A stop is due or has begun; no part may be begun; a mode of stop lasts."""
        self.made = False
        """Whether the part in work is already among the cycles done in the window."""
        self.kept: Any = None
        """The task whose people stay through a micro-stop."""
        self.closing = -1
        self.restarted: Micro = -1.0
        """When it last began its work again from the start."""
        self.worked = self.cycles = 0.0
        self.due = self.due_cycles = self.all_due = self.at = NEVER
        """When the next stop breaks into work, on working time; on cycles; the next stop of any kind on working
        time; the next stop in calendar time that breaks into work."""
        self.hours = run.timetable(station.row.calendar)
        self.closes = station.row.calendar >= 0 and station.row.at_end == "stop"

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        super().clear(now)
        self.destroyed = [0] * len(self.done)
        """Parts by product that a stop destroyed before their cycle was done."""
        self.made = False

    def scrap(self, part: Any) -> None:
        """Throw the part away."""
        raise NotImplementedError

    def _ring(self, signal: Any) -> None:
        wake, self.wake = self.wake, None
        if wake is not None:
            wake.succeed(signal)

    def attend(self, interrupts: bool = True) -> None:
        """A stop is due: leave off waiting; one that does not break into work waits for its end."""
        self.halted = True
        if self.wake is not None and (interrupts or self.over >= 0 or not self.in_work()):
            self._withdraw()
            self._ring(STOP)

    def _withdraw(self) -> None:
        if self.state == STARVED:
            self.inlet.leave(self)
        elif self.state == BLOCKED and not self.station.row.hand_over:
            self.target.leave(self)

    def rest(self) -> None:
        """Too near to a closing, or at one, to take another part."""
        self.resting = True
        if self.state == STARVED:
            self.attend()

    def calendar_change(self, state: int) -> None:
        """The station's hours begin or end."""
        if state == OPEN:
            self._open()
            return
        code = BREAK if state == CALENDAR_BREAK else OFF
        if self.station.row.at_end == "finish" and self._at_work():
            self.closing, self.halted = code, True
            return
        self.flush()
        if self.over < 0:
            self.base = self.state
            if self.wake is not None:
                self._withdraw()
        self.over = self.state = code
        if self.kept is not None:
            self.kept.done()
            self.kept = None
        self.halted, self.closing = True, -1
        self._ring(STOP)

    def _at_work(self) -> bool:
        """Whether there is something to finish at a closing."""
        return self.over < 0 and self.in_work()

    def _open(self) -> None:
        self.flush()
        if self.closing >= 0:
            self.halted = self._next_due() is not None
        was, self.over, self.closing, self.resting = self.over, -1, -1, False
        self.state = self.base if was >= 0 else self.state
        for mode in self.modes:
            mode.opened(was)
        self.refresh()
        self.plan_rest()
        if was >= 0:
            self._ring(None)

    def plan_rest(self) -> None:
        """Foresee when no new part may be started before the next closing."""
        last, now = self.station.row.last_start, self.env.now
        if self.station.row.at_end == "finish" and self.hours.state(now) == OPEN:
            change = self.hours.next_change(now)[0]
            if change != NEVER:
                self.run.later(change - now, FIRST, self.rest)
        if last > 0:
            cutoff = self.hours.next_closing(now) - last
            if cutoff <= now:
                self.resting = True
            elif cutoff != NEVER:
                self.run.later(cutoff - now, STOPS, self.rest)

    def refresh(self) -> None:
        """Look up when the next stop comes: on working time, in cycles, in calendar time."""
        self.due = self.due_cycles = self.all_due = self.at = NEVER
        for mode in self.modes:
            if mode.clock == "cycles":
                self.due_cycles = min(self.due_cycles, mode.due)
            else:
                self.all_due = min(self.all_due, mode.due)
            if mode.INTERRUPTS and mode.clock != "cycles":
                self.due, self.at = min(self.due, mode.due), min(self.at, mode.at)
        if self.closes:
            self.at = min(self.at, self._next_change())

    def _next_change(self) -> Micro:
        """When the hours change next; now, when they end at this very instant and it has not come to that yet."""
        now: Micro = self.env.now
        if self.over < 0 and self.hours.state(now) != OPEN:
            return now
        return self.hours.next_change(now)[0]

    def _closed(self) -> bool:
        """Whether the hours are over; so they are when they end at this very instant, whichever event comes first."""
        return self.over >= 0 or bool(self.station.row.calendar >= 0 and self.hours.state(self.env.now) != OPEN)

    def halt(self, task: Any) -> Steps:
        """Stand until nothing is due and the station is open; gives what becomes of the part in work."""
        worst, in_work = RESUME, self.in_work()
        if self.closing >= 0:
            self.flush()
            self.base, self.over, self.state, self.closing = self.state, self.closing, self.closing, -1
        while True:
            mode = self._next_due(in_work and self.part is not None and not self._closed())
            if mode is not None:
                self.kept = task if mode.micro and self.over < 0 else None
                if task is not None and self.kept is None:
                    task.done()
                if in_work and mode.part > worst:
                    worst = mode.part
                    if worst == SCRAP:
                        self._destroy()
                self.stopped = True
                yield from mode.stop()
                self.stopped, self.kept = False, None
            elif self.over >= 0 or (self.resting and self.part is None):
                if task is not None:
                    task.done()
                if self.over < 0:
                    self.enter(STARVED)
                yield from self._stand()
            else:
                self.halted = self._next_due() is not None
                if worst == SCRAP and task is not None:
                    task.done()
                return worst

    def _destroy(self) -> None:
        """The stop destroys the part in work."""
        part = self.part
        if part is not None:
            self.destroyed[part.product] += not self.made
            self.scrap(part)

    def _stand(self) -> Steps:
        """Wait for the opening, or for the next stop."""
        self.wake = self.me
        yield
        self.flush()

    def _must_stop(self) -> bool:
        """Whether work stands still now; a part is finished after hours unless the machine breaks down."""
        return self.halted and (self.over >= 0 or self._next_due(in_work=True) is not None)

    def in_work(self) -> bool:
        """Whether a part is being worked on, or waits for people or set-up."""
        return self.part is not None and self.doing in IN_WORK and not self.stopped

    def _next_due(self, in_work: bool = False) -> Any:
        """The stop that fell due first; ``in_work``: of those that break into work."""
        found, first = None, NEVER
        for mode in self.modes:
            if mode.INTERRUPTS or not in_work:
                at = mode.due_at()
                if at < first:
                    found, first = mode, at
        return found

    # -- people, and waits that others may end

    def task(self, needs: Needs) -> Any:
        """A task for people here."""
        crew = self.run.services["crew"]
        task = crew.task(needs, self, self.rank, self.station.row.priority, self.at_point)
        task.itself = True
        return task

    def fetch(self, task: Any, stops: bool = True) -> Steps:
        """Ask for people and wait until they are here; False when a stop came first or they left again."""
        asked = task.want()
        if asked is not None:
            self.wake = asked if stops else None
            signal = yield None if asked is self.me else asked
            self.wake = None
            if signal is STOP:
                task.done()
                return False
        if task.walk:
            yield self.pause(task.walk, ENDS, task, stops)
            if stops and self._must_stop():
                task.done()
        self.flush()
        return bool(task.people)

    def pause(self, span: Micro, priority: int, task: Any = None, stops: bool = True) -> Any:
        """An event after ``span``, or earlier when a stop begins or the task's people leave."""
        wake = self.run.event(self.env)

        def ring() -> None:
            if not wake.triggered:
                self.wake = None if self.wake is wake else self.wake
                wake.succeed()

        self.run.later(span, priority, ring)
        if stops:
            self.wake = wake
        if task is not None:
            task.on_loss = ring
        return wake
