"""What one machine of a station does while a plan runs.

Nothing is ever interrupted. A machine knows beforehand when it will be stopped (a clock that runs out, a
closing), so it asks before it starts: work that ends in time is one wait; other work goes step by step.
``halted`` says that a stop is due or has begun; whoever waits is taken off its place by the stop's own wake-up.
"""

from __future__ import annotations

from typing import Any

from twin.core.ledger import ACTIVE, BLOCKED, BREAK, OFF, SETUP, STARVED, STATES, WAITING_OPERATOR, WORKING
from twin.core.part import Part
from twin.core.plan import Micro, Needs
from twin.core.run import ENDS, STOPS, Run, Steps
from twin.core.timetable import BREAK as CALENDAR_BREAK
from twin.core.timetable import OPEN

CHUNK = 512
"""Active periods that are booked together."""
STOP = object()
"""What a machine receives instead of what it waits for when a stop begins."""
NEVER = float("inf")
_IN_WORK = (WORKING, SETUP, WAITING_OPERATOR)
RESUME, RESTART, SCRAP = range(3)


class Machine:
    """One machine: takes a part, works on it, hands it on; in exactly one state at any time."""

    __slots__ = (
        "active",
        "among",
        "at",
        "at_point",
        "base",
        "began",
        "closes",
        "closing",
        "cycle_task",
        "cycles",
        "done",
        "draw",
        "due",
        "due_cycles",
        "env",
        "halted",
        "hours",
        "index",
        "inlet",
        "load",
        "load_task",
        "me",
        "modes",
        "number",
        "outlet",
        "over",
        "part",
        "periods",
        "rank",
        "ready",
        "repeated",
        "resting",
        "reworked",
        "run",
        "scrapped",
        "since",
        "state",
        "station",
        "target",
        "time",
        "traced",
        "unload",
        "unload_task",
        "wake",
        "work_of",
        "worked",
    )

    def __init__(self, run: Run, station: Any, number: int) -> None:
        self.run, self.env, self.station = run, run.env, station
        self.rank, self.number, self.at_point = station.index, number, station.at
        self.index, self.periods = len(run.machines), run.periods
        run.machines.append(self)
        self.traced = run.trace is not None
        self.part: Part | None = None
        self.ready: Micro = 0.0
        self.outlet: Any = None
        self.among: Any = None
        self.target: Any = None
        self.inlet: Any = None
        self.wake: Any = None
        self.halted = self.resting = False
        self.closing = -1
        self.worked = self.cycles = 0.0
        self.due = self.due_cycles = self.at = NEVER
        self.state = self.base = STARVED
        self.over = -1
        self.since = self.active = 0.0
        self.time = [0.0] * len(STATES)
        products = len(run.plan.products)
        self.done, self.scrapped, self.reworked, self.repeated = ([0] * products for _ in range(4))
        self.draw: Any = None
        """The draw of the cycle when it is the same for all parts, else None."""
        self.work_of: Any = None
        self.me: Any = None
        """Its life in the engine: ``sleep(span)``, then be woken; ``succeed(value)`` ends a wait."""
        self.load: Any = ()
        self.unload: Any = ()
        self.load_task: Any = None
        self.cycle_task: Any = None
        self.unload_task: Any = None
        self.hours = run.timetable(station.row.calendar)
        self.closes = station.row.calendar >= 0 and station.row.at_end == "stop"
        self.modes: list[Any] = []
        self.clear(0.0)

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.began = now
        self.since = max(self.since, now)
        for counts in (self.time, self.done, self.scrapped, self.reworked, self.repeated):
            counts[:] = [0] * len(counts)
        for mode in self.modes:
            mode.clear(now)

    def close(self, now: Micro) -> None:
        """Add the open interval."""
        self.flush()

    # -- states

    def enter(self, state: int) -> None:
        """Go over to a state; a closed calendar hides it."""
        self.flush()
        if self.over >= 0:
            self.base = state
        else:
            self.state = state

    @property
    def doing(self) -> int:
        """The state that a closed calendar hides, or the present one."""
        return self.base if self.over >= 0 else self.state

    def flush(self) -> None:
        """Book the time since the last change on the present state."""
        now = self.env.now
        if now > self.since:
            if not ACTIVE[self.state]:
                self._rested(now)
            self._book(now, self.state)

    def _book(self, now: Micro, state: int) -> None:
        self.time[state] += now - self.since
        if self.traced:
            self.run.note(self.since, self.rank, self.number, STATES[state], self.part)
        self.since = now

    def _rested(self, now: Micro) -> None:
        """An inactive stretch is over: the active period before it is complete."""
        if self.active < self.since:
            self.periods.append((self.index, self.active, self.since))
        self.active = now

    def _waited(self, state: int) -> None:
        """Book a wait for a part or for room; a wait of no length does not end an active period."""
        now, since = self.env.now, self.since
        if now > since:
            self.time[state] += now - since
            if self.active < since:
                self.periods.append((self.index, self.active, since))
                if len(self.periods) > CHUNK:
                    self.run.bottleneck()
            if self.traced:
                self.run.note(since, self.rank, self.number, STATES[state], self.part)
            self.since = self.active = now

    # -- what others call

    def got(self, part: Part) -> None:
        """A part has come."""
        wake, self.wake = self.wake, None
        wake.succeed(part)

    def sent(self, place: Any) -> None:
        """The part has gone."""
        if self.traced:
            self.flush()
        self.part = None
        wake, self.wake = self.wake, None
        if wake is not None:
            wake.succeed(None)

    def _ring(self, signal: Any) -> None:
        wake, self.wake = self.wake, None
        if wake is not None:
            wake.succeed(signal)

    def attend(self) -> None:
        """A stop is due: leave off waiting."""
        self.halted = True
        if self.wake is not None:
            self._withdraw()
            self._ring(STOP)

    def _withdraw(self) -> None:
        if self.state == STARVED:
            self.inlet.leave(self)
        elif self.state == BLOCKED and not self.station.row.hand_over:
            self.target.leave(self)

    def rest(self) -> None:
        """Too near to a closing to take another part."""
        self.resting = True
        if self.state == STARVED:
            self.attend()

    def calendar_change(self, state: int) -> None:
        """The station's hours begin or end."""
        if state == OPEN:
            self._open()
            return
        code = BREAK if state == CALENDAR_BREAK else OFF
        if self.station.row.at_end == "finish" and self.state in _IN_WORK and self.part is not None:
            self.closing, self.halted = code, True
            return
        self.flush()
        if self.over < 0:
            self.base = self.state
            if self.wake is not None:
                self._withdraw()
        self.over = self.state = code
        self.halted, self.closing = True, -1
        self._ring(STOP)

    def _open(self) -> None:
        self.flush()
        if self.closing >= 0:
            self.halted = self._next_due() is not None
        was, self.over, self.closing, self.resting = self.over, -1, -1, False
        self.state = self.base if was >= 0 else self.state
        self.refresh()
        self.plan_rest()
        if was >= 0:
            self._ring(None)

    def plan_rest(self) -> None:
        """Foresee when no new part may be started before the next closing."""
        last, now = self.station.row.last_start, self.env.now
        if last > 0:
            cutoff = self.hours.next_closing(now) - last
            if cutoff <= now:
                self.resting = True
            elif cutoff != NEVER:
                self.run.later(cutoff - now, STOPS, self.rest)

    def refresh(self) -> None:
        """Look up when the next stop comes: on working time, in cycles, in calendar time."""
        self.due = self.due_cycles = self.at = NEVER
        for mode in self.modes:
            if mode.clock == "cycles":
                self.due_cycles = min(self.due_cycles, mode.due)
            else:
                self.due, self.at = min(self.due, mode.due), min(self.at, mode.at)
        if self.closes:
            self.at = min(self.at, self._next_change())

    def _next_change(self) -> Micro:
        """When the hours change next; now, when they end at this very instant and it has not come to that yet."""
        now: Micro = self.env.now
        if self.over < 0 and self.hours.state(now) != OPEN:
            return now
        return self.hours.next_change(now)[0]

    def task(self, needs: Needs) -> Any:
        """A task for people at this machine."""
        crew = self.run.services["crew"]
        return crew.task(needs, self, self.rank, self.station.row.priority, self.at_point)

    # -- the life of a machine

    def start(self) -> None:
        """Begin to live."""
        self.me = self.run.start(self.live())

    def live(self) -> Steps:
        """Take, work, hand on, for ever."""
        env, me, sleep, time, done = self.env, self.me, self.me.sleep, self.time, self.done
        station, inlet, fast, traced = self.station, self.inlet, self.station.plain, self.traced
        draw, work_of, out, judged = self.draw, self.work_of, station.out, station.judged
        while True:
            if self.halted or self.resting:
                yield from self.halt(None)
            part = self.part
            if part is None:
                part = inlet.take(self)
                if part is None:
                    self.state, self.wake = STARVED, me
                    part = yield
                    self._waited(STARVED)
                    if part is STOP:
                        continue
                self.part = part
            work = draw() if draw is not None else work_of(part)
            end, worked = env.now + work, self.worked + work
            if fast and worked < self.due and end <= self.at:
                self.state = WORKING
                sleep(work)
                yield
                self.worked = worked
                time[WORKING] += end - self.since
                if traced and work:
                    self.run.note(self.since, self.rank, self.number, "working", part)
                self.since = end
                done[part.product] += 1
                target = out if not judged else (yield from self._judged(part, None))
            else:
                target = yield from self.job(part, work)
                end = env.now
            if target is None:
                continue
            self.ready = end
            if self.halted:
                yield from self._hand_over_and_stop(target)
            elif target.put(part, self):
                self.part = None
            else:
                self.target, self.state, self.wake = target, BLOCKED, me
                signal = yield
                self._waited(BLOCKED)
                if signal is STOP:
                    yield from self._hold(target)

    def job(self, part: Part, work: Micro) -> Steps:
        """A part step by step: load, cycle, quality, unload; gives where it goes, None when it is scrapped."""
        station, held = self.station, None
        for draws, needs in ((self.load, self.load_task), (None, self.cycle_task)):
            if held is not needs and held is not None:
                held.done()
            held = needs
            span = work if draws is None else draws[part.product]() if draws else None
            if span is not None and not (yield from self.step(WORKING, span, needs)):
                return None
        self._cycle_done(part)
        target = station.out if not station.judged else (yield from self._judged(part, held))
        if target is not None and self.unload:
            if held is not self.unload_task and held is not None:
                held.done()
            held = self.unload_task
            if not (yield from self.step(WORKING, self.unload[part.product](), held)):
                return None
        if held is not None:
            held.done()
        if self.worked >= self.due or self.cycles >= self.due_cycles:
            self.halted = True
        return target

    def _cycle_done(self, part: Part) -> None:
        self.cycles += 1
        self.done[part.product] += 1

    def step(self, state: int, work: Micro, task: Any) -> Steps:
        """Work for a time, with people where ``task`` asks for them; False when the part was scrapped."""
        left = work
        while True:
            if self._must_stop():
                policy = yield from self.halt(task)
                if policy == SCRAP:
                    return False
                left = work if policy == RESTART else left
            if task is not None and not task.people:
                self.enter(WAITING_OPERATOR)
                if not (yield from self.fetch(task)):
                    continue
            self.enter(state)
            start = self.env.now
            yield self._work_on(left, task)
            left -= self._worked(start, left)
            if left <= 0:
                return True

    def _work_on(self, left: Micro, task: Any) -> Any:
        """Begin to work until it is done or something stops it; gives what to wait for (None: a sleep)."""
        span = min(left, self.due - self.worked)
        end, whole = self.env.now + span, span == left
        if (task is None or not task.revocable) and (end < self.at or (whole and end == self.at)):
            return self.me.sleep(span) if whole else self.me.sleep_to_stop(span)
        return self.pause(span, ENDS if whole else STOPS, task)

    def _worked(self, start: Micro, left: Micro) -> Micro:
        """Book the work since ``start``; gives its time."""
        done: Micro = self.env.now - start
        self.flush()
        self.worked += done
        if self.worked >= self.due and done < left:
            self.halted = True
        return done

    def fetch(self, task: Any, stops: bool = True) -> Steps:
        """Ask for people and wait until they are here; False when a stop came first or they left again."""
        asked = task.want()
        if asked is not None:
            self.wake = asked if stops else None
            signal = yield asked
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

    # -- stops

    def halt(self, task: Any) -> Steps:
        """Stand until nothing is due and the station is open; gives what becomes of the part in work."""
        worst, in_work = RESUME, self.part is not None and self.doing in _IN_WORK
        if self.closing >= 0:
            self.flush()
            self.base, self.over, self.state, self.closing = self.state, self.closing, self.closing, -1
        while True:
            mode = self._next_due()
            if mode is not None:
                if task is not None and not mode.micro:
                    task.done()
                if in_work and mode.part > worst:
                    worst = mode.part
                    if worst == SCRAP and self.part is not None:
                        self.scrap(self.part)
                yield from mode.stop()
            elif self.over >= 0 or (self.resting and self.part is None):
                if task is not None:
                    task.done()
                if self.over < 0:
                    self.enter(STARVED)
                yield from self._stand()
            else:
                self.halted = False
                if worst == SCRAP and task is not None:
                    task.done()
                return worst

    def _stand(self) -> Steps:
        """Wait for the opening, or for the next stop."""
        self.wake = self.me
        yield
        self.flush()

    def _must_stop(self) -> bool:
        """Whether work stands still now; a part is finished after hours unless the machine breaks down."""
        return self.halted and (self.closing < 0 or self._next_due() is not None)

    def _next_due(self) -> Any:
        found, first = None, NEVER
        for mode in self.modes:
            at = mode.due_at()
            if at < first:
                found, first = mode, at
        return found

    def _hand_over_and_stop(self, target: Any) -> Steps:
        """The part ends as a stop begins: it leaves if it has one way to go and can; then the stop begins."""
        if (target.direct or self.station.row.hand_over) and target.put(self.part, self):
            self.part = None
        self.enter(BLOCKED if self.part is not None else STARVED)
        self.target = target
        self.me.sleep_to_stop(0.0)
        yield
        if self.part is not None:
            if target.direct and not self.station.row.hand_over:
                target.leave(self)
            yield from self._hold(target)

    def _hold(self, target: Any) -> Steps:
        """Keep a finished part through a stop, then wait for room again."""
        while self.part is not None:
            yield from self.halt(None)
            if self.part is None:
                return
            if not self.station.row.hand_over and target.put(self.part, self):
                self.part = None
                return
            self.state, self.wake = BLOCKED, self.me
            signal = yield
            self._waited(BLOCKED)
            if signal is not STOP:
                return

    # -- quality

    def _judged(self, part: Part, task: Any) -> Steps:
        """Draw what becomes of a part; a repeated cycle is worked here. Gives where it goes, or None."""
        while True:
            target = yield from self.station.judge(self, part)
            if target is not self.station.again:
                break
            self.repeated[part.product] += 1
            if not (yield from self.step(WORKING, self.work_of(part), task)):
                return None
            self._cycle_done(part)
        if target is None:
            self.scrap(part)
            if task is not None:
                task.done()
        return target

    def scrap(self, part: Part) -> None:
        """Throw the part away; its place is free at once."""
        self.part = None
        self.scrapped[part.product] += 1
        self.run.account.scrap(part)
