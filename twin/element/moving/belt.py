"""A conveyor in a run: the belt, a place that parts ride through, and its drive, which stands and goes on.

The belt has a clock of its own, which runs while it carries parts on: a stop moves nothing, it only stops that
clock. A part comes to the end ``transit`` after it was put on, and ``gap`` after the part ahead of it has left at
the earliest. Where parts do not close up the clock stands too while the first part cannot leave.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from twin.core.instant import ENDS, LATE, STOPS
from twin.core.ledger import BLOCKED, STARVED, STATES, WORKING, StationLedger
from twin.core.plan import NEVER, Micro, PlaceRow
from twin.core.run import Run, Steps
from twin.core.running.part import Part
from twin.core.running.rule import key_of
from twin.core.running.shared import SharedPlace
from twin.core.spec import kinds
from twin.element.machines.standby import Standby, switched_off
from twin.element.machines.stoppable import STOP, Stoppable


class Ride(NamedTuple):
    """A part on a belt."""

    part: Part
    on: Micro
    """The belt's clock when it was put on."""
    since: Micro
    """The time when it was put on."""


class Belt(SharedPlace):
    """A conveyor as a place: ``line`` holds all parts on it, ``content`` the first of them while it may be taken."""

    private: bool
    drive: Drive
    in_line = True

    def __init__(self, run: Run, place: PlaceRow, row: Any) -> None:
        self.line: deque[Ride] = deque()
        self.private = place.private
        super().__init__(run, place, key_of(run, place))
        self.transit: Micro = row.transit
        self.gap: Micro = row.gap
        self.closes_up: bool = row.accumulating
        self.ended = self.stopped = self.shut = False
        """Whether its first part is at the end; whether it stands for a stop; whether it takes nothing more."""
        self.taker: Any = None
        self._clock: Micro = 0.0
        self._from: Micro = 0.0
        self._runs = True
        self._free = -NEVER
        """Before this moment of the clock no other part comes to the end."""
        self._alarm = NEVER
        """When it looks again by itself."""

    # -- the account

    @property
    def n(self) -> int:
        """Parts on the belt."""
        return len(self.line)

    def rests(self) -> bool:
        """Whether nothing rides here: what does may still move on."""
        return not self.line

    def standing(self) -> list[Part]:
        """The parts on the belt."""
        return [ride.part for ride in self.line]

    def _since(self) -> list[Micro]:
        return [ride.since for ride in self.line]

    # -- its clock

    def clock(self) -> Micro:
        """How long it has carried parts on."""
        return self._clock + (self.env.now - self._from if self._runs else 0.0)

    def _let_run(self, runs: bool) -> None:
        self._clock, self._from, self._runs = self.clock(), self.env.now, runs

    def doing(self) -> int:
        """The state it is in when nothing stops it: empty, at a stand behind its first part, or carrying parts on."""
        if not self.line:
            return STARVED
        stands = self.ended and (not self.closes_up or self.clock() >= self._closed_up())
        return BLOCKED if stands else WORKING

    def _closed_up(self) -> Micro:
        """When all parts stand behind the first one, if that stays at the end."""
        return self.line[-1].on + self.transit - (len(self.line) - 1) * self.gap

    def _foreseen(self) -> Iterator[Micro]:
        """Moments of the clock at which something comes about by itself."""
        if self.line and not self.ended:
            yield self._first_ends()
        elif self.line and self.closes_up:
            yield self._closed_up()
        if self.waiting and 0 < len(self.line) < self.capacity:
            yield self.line[-1].on + self.gap

    def _first_ends(self) -> Micro:
        return max(self.line[0].on + self.transit, self._free)

    def _changed(self) -> None:
        """Tell the drive, and see to it that the belt looks again when something comes about."""
        self.drive.look()
        if self._runs:
            now, clock = self.env.now, self.clock()
            at = now - clock + min((moment for moment in self._foreseen() if moment > clock), default=NEVER)
            if at < self._alarm:
                self._alarm = at
                self.run.later(at - now, ENDS, partial(self._ring, at))

    def _ring(self, at: Micro) -> None:
        if at == self._alarm:  # else it has looked earlier
            self._alarm = NEVER
            self.look()

    def look(self) -> None:
        """Bring about what is due."""
        if self.stopped:
            return
        if self.line and not self.ended and self.clock() >= self._first_ends():
            self.ended = True
            self.line[0].part.since = self.env.now
            if not self.closes_up:
                self._let_run(False)
            self._show()
        if self.waiting and self.room():
            self._room()
        self._changed()

    def _show(self) -> None:
        """The first part may be taken."""
        self.content.push(self.line[0].part)
        if self.taker is not None:
            taker, self.taker = self.taker, None
            taker.got(self.pull())
        else:
            self._offer()

    # -- stops

    def stand(self) -> None:
        """Neither move nor take nor give."""
        if not self.stopped:
            self.stopped = True
            self._let_run(False)
            self.content.clear()  # type: ignore[union-attr]
            for inlet in self.inlets:
                inlet.changed()

    def go_on(self) -> None:
        """Go on after a stop."""
        self.stopped = False
        self._let_run(self.closes_up or not self.ended)
        if self.ended:
            self._show()
        self.look()

    # -- giving and taking

    def room(self, parts: int = 1) -> bool:
        """Whether a part may be put on now: only one, once the one before it has moved a pitch."""
        if self.stopped or self.shut or parts > 1 or len(self.line) >= self.capacity:
            return False
        return not self.line or self.clock() - self.line[-1].on >= self.gap

    def opens(self) -> bool:
        """Whether there is room, or comes with time alone: not on a belt that stands behind its first part."""
        if len(self.line) >= self.capacity:
            return False
        moves = self.closes_up or not self.ended
        return moves or self.clock() - self.line[-1].on >= self.gap

    put = SharedPlace.put_by_room

    def queue_up(self, giver: Any) -> None:
        """Wait for room."""
        super().queue_up(giver)
        self._changed()

    def _add(self, part: Part) -> None:
        self.line.append(Ride(part, self.clock(), self.env.now))
        if self.traced:
            self.trace("in", part)
        self.drive.put_on()
        self._changed()

    def take(self, taker: Any) -> Part | None:
        """Take the first part; None when it is not at the end yet (then ``taker.got`` follows)."""
        if self.content:
            return self.pull()
        self.taker = taker
        return None

    def leave(self, who: Any) -> None:
        """Stop waiting to give or to take."""
        if self.taker is who:
            self.taker = None
        super().leave(who)

    def pull(self, chosen: Part | None = None) -> Part:
        """Take the first part; the belt goes on."""
        self.content.pop_first()
        ride = self.line.popleft()
        ride.part.back = False
        self.wait += self.env.now - ride.since
        self.taken += 1
        if self.traced:
            self.trace("out", ride.part)
        self.ended, self._free = False, self.clock() + self.gap
        self._let_run(True)
        self.drive.done[ride.part.product] += ride.part.pieces
        if self.waiting and self.room():
            self._room()
        self._changed()
        for mover in self.movers:
            mover.changed()
        return ride.part


@dataclass(frozen=True)
class Frame:
    """What a drive belongs to."""

    index: int
    row: Any

    @property
    def at(self) -> tuple[float, float] | None:
        """Where it stands, m."""
        point: tuple[float, float] | None = self.row.at
        return point


class Drive(Standby, Stoppable):
    """What moves a belt: its states, its stops and its hours.

    It works while a part moves on the belt, and that is what 'working' clocks count; its cycles are the parts that
    were put on. Parts on a belt are not in work, so every stop may begin at once, and they lie still meanwhile. A
    drive is no machine that limits a plant by its work, so it has no active periods.
    """

    def __init__(self, run: Run, frame: Frame, belt: Belt) -> None:
        self.belt, self.after = belt, frame.row.switch_off
        belt.drive = self
        self._alarm = NEVER
        self._noted = -1
        super().__init__(run, frame, 1)
        self.active = NEVER
        self.code = run.instant.join(LATE + frame.index, self._close)
        run.lived.append(self)
        for clock, mode in frame.row.modes:
            self.modes.append(kinds("clock")[clock].live(self, mode))
        for mode in self.modes:
            mode.begin()
        self.refresh()
        run.hours(frame.row.calendar, self)
        self.me = run.start(self.live())

    def live(self) -> Steps:
        """Stand when a stop is due, then go on, for ever."""
        while True:
            while self.halted:
                self.flush()  # the clock of work is up to date when it is asked which stop fell due first
                self.belt.stand()
                yield from self.halt(None)
                self.belt.go_on()
            self.wake = self.me
            yield

    # -- states

    def look(self) -> None:
        """Go over to the state the belt is in, unless it stands for a stop; foresee when a clock runs out."""
        if self.belt.stopped:
            return
        state = self.belt.doing()
        if state != self.state:
            self.enter(state)
        if state == WORKING:
            self._foresee()
        elif self.closing >= 0:
            self.run.instant.ask(self.code)

    def _foresee(self) -> None:
        at, now = self.since + self.all_due - self.worked, self.env.now
        if at < self._alarm:
            self._alarm = at
            self.run.later(max(0.0, at - now), STOPS, partial(self._ring_clock, at))

    def _ring_clock(self, at: Micro) -> None:
        if at != self._alarm:
            return
        self._alarm = NEVER
        self.flush()
        if self.worked >= self.all_due:
            self.attend()
        elif self.state == WORKING:
            self._foresee()

    def put_on(self) -> None:
        """A part was put on: one cycle more."""
        self.cycles += 1
        if self.cycles >= self.due_cycles:
            self.run.later(0.0, STOPS, self.attend)

    def _book(self, now: Micro, state: int) -> None:
        """Book a stretch of time; one that only goes on begins no line of the trace."""
        if state == WORKING:
            self.worked += now - self.since
        self._rest(now, state)
        self.time[state] += now - self.since
        if self.traced and state != self._noted:
            self._noted = state
            self.run.note(self.since, self.rank, self.number, STATES[state], None)
        self.since = now

    def _rested(self, now: Micro) -> None:
        """Nothing: it has no active periods."""

    # -- hours

    def calendar_change(self, state: int) -> None:
        """Its hours begin or end; one that finishes takes nothing more and runs on while parts move on it."""
        super().calendar_change(state)
        self.belt.shut = self.closing >= 0
        if self.over >= 0:
            self.belt.stand()
        else:
            self.belt.look()

    def plan_rest(self) -> None:
        """Nothing to foresee: what is put on at the closing itself rides on."""

    def _close(self) -> None:
        """After hours nothing moves any more: close."""
        if self.closing >= 0 and not self.belt.stopped and self.belt.doing() != WORKING:
            self._ring(STOP)

    def _at_work(self) -> bool:
        return self.state == WORKING

    def in_work(self) -> bool:
        """No part on a belt is in work: every stop may begin."""
        return False

    def _withdraw(self) -> None:
        """It waits for nobody."""

    # -- the ledger

    def row_of_ledger(self) -> StationLedger:
        """The conveyor over the window."""
        return StationLedger(
            states=(tuple(self.time),),
            done=tuple(self.done),
            scrapped=tuple(self.scrapped),
            destroyed=tuple(self.destroyed),
            reworked=tuple(self.reworked),
            repeated=tuple(self.repeated),
            net=0.0,
            useful=0.0,
            sole=(0.0,),
            shifting=(0.0,),
            stops=tuple(mode.row_of_ledger() for mode in self.modes),
            switched_off=switched_off([self]),
            carries=True,
        )
