"""What one machine of a station does while a plan runs.

Nothing is ever interrupted. A machine knows beforehand when it will be stopped (a clock that runs out, a
closing), so it asks before it starts: work that ends in time is one wait; other work goes step by step.
``halted`` says that a stop is due or has begun; whoever waits is taken off its place by the stop's own wake-up.
"""

from __future__ import annotations

from typing import Any

from twin.core.instant import ENDS, STOPS
from twin.core.ledger import BLOCKED, SETUP, STARVED, STATES, WAITING_OPERATOR, WORKING
from twin.core.plan import Micro
from twin.core.run import Run, Steps
from twin.core.running.part import Part
from twin.element.machines.stop import RESTART, SCRAP
from twin.element.machines.stoppable import STOP, Stoppable


class Machine(Stoppable):
    """One machine: takes a part, works on it, hands it on."""

    __slots__ = (
        "among",
        "behind",
        "cycle_task",
        "draw",
        "load",
        "load_task",
        "outlet",
        "ready",
        "tooling",
        "unload",
        "unload_task",
        "work_of",
    )

    SINGLY = False
    """Whether the parts of a load are judged one by one as they leave."""

    def __init__(self, run: Run, station: Any, number: int) -> None:
        super().__init__(run, station, number)
        self.ready: Micro = 0.0
        self.behind: list[Part] = []
        """Parts of a load that leave after this one."""
        self.outlet: Any = None
        self.among: Any = None
        self.draw: Any = None
        """The draw of the cycle when it is the same for all parts, else None."""
        self.work_of: Any = None
        self.tooling: Any = None
        """What it is set up for, where set-ups take time."""
        self.load: Any = ()
        self.unload: Any = ()
        self.load_task: Any = None
        self.cycle_task: Any = None
        self.unload_task: Any = None

    # -- what others call

    def got(self, part: Part) -> None:
        """A part has come."""
        wake, self.wake = self.wake, None
        wake.succeed(part)

    def sent(self, place: Any) -> None:
        """The part has gone."""
        if self.traced:
            self.flush()
        self.part = self.target = None
        wake, self.wake = self.wake, None
        if wake is not None:
            wake.succeed(None)

    # -- the life of a machine

    def start(self) -> None:
        """Begin to live."""
        self.me = self.run.start(self.live())

    def live(self) -> Steps:
        """Take, work, hand on, for ever; what a stop, a closing or other people may break into is a ``job``."""
        env, me, time, done, traced = self.env, self.me, self.time, self.done, self.traced
        station, inlet, draw, work_of, handling = self.station, self.inlet, self.draw, self.work_of, None
        out, judged, judge, again, later = station.out, station.judged, station.judge, station.again, station.later
        helper, straight = self.load_task, station.plain and (self.load_task is None or self.load_task.simple)
        tooling, load = (self.tooling, self.load) if straight else (None, ())
        by_hand = load and (traced or not (helper is None or helper.lends))
        while True:
            if self.halted or self.resting:
                yield from self.halt(None)
            if (part := self.part) is None:
                if (part := inlet.take(self)) is None:
                    self.state, self.wake = STARVED, me
                    part = yield
                    self.waited(STARVED)
                    if part is STOP:
                        continue
                self.part = part
            span = first = work = draw() if draw is not None else work_of(part)
            if tooling is not None and (now := tooling.now) != tooling.groups[product := part.product]:
                task, self.made = tooling.task, False
                if lasts := tooling.times[now][product]():
                    wait = self.begin(SETUP, lasts, task)
                    if (wait is STOP or (yield wait) is STOP) and not (yield from self.step(SETUP, lasts, task)):
                        continue
                    if task is not None:
                        task.done()
                tooling.now = tooling.groups[product]
            if load:
                handling = load[part.product]()
                span += handling
                first = handling if by_hand else span
            worked, end, signal = self.worked + span, env.now + span, STOP
            if straight and worked < self.all_due and end <= self.at:
                if helper is None or helper.borrow(handling):
                    self.state, self.worked = WORKING, worked
                    if not traced:
                        self.since = end
                        time[WORKING] += span
                    signal = yield first
                else:
                    signal = yield self._wait_to_begin(WORKING, span, helper, handling)
                if by_hand and signal is not STOP:
                    self._loaded(helper)
                    yield work
            if signal is STOP:
                target = yield from self.job(part, work, handling)
            else:
                if traced:
                    self.flush()
                done[part.product] += 1
                target = judge(self, part) if judged else out
                if target is None or target is again or target is later:
                    target = yield from self._judged(part, None, target)
            if target is None:
                continue
            self.ready = env.now
            if not self.halted and target.put(self.part, self):
                self.part = None
            else:
                yield from self._stay(target)

    def _loaded(self, helper: Any) -> None:
        """The part is loaded; the cycle begins."""
        self.flush()
        if helper is not None:
            helper.done()

    def job(self, part: Part, work: Micro, handling: Micro | None) -> Steps:
        """A part step by step: set-up, load, cycle, quality, unload; gives where it goes, None when it is scrapped.

        ``handling``: the time to load it, where that is drawn and the machine is set up.
        """
        task, self.made, tooling = None, False, self.tooling
        if tooling is not None and not tooling.is_set(part) and not (yield from self._change_over(part)):
            return None
        if self.load:
            task, span = self.load_task, self.load[part.product]() if handling is None else handling
            wait = self.begin(WORKING, span, task)
            if (wait is STOP or (yield wait) is STOP) and not (yield from self.step(WORKING, span, task)):
                return None
            if task is not None and task is not self.cycle_task:
                task.done()
        task = self.cycle_task
        wait = self.begin(WORKING, work, task)
        if (wait is STOP or (yield wait) is STOP) and not (yield from self.step(WORKING, work, task)):
            return None
        self._cycle_done(part)
        target = self.station.out
        if self.station.judged and not self.SINGLY:
            target = yield from self._judged(part, task, self.station.judge(self, part))
        if target is not None and self.unload:
            if task is not self.unload_task and task is not None:
                task.done()
            task = self.unload_task
            if not (yield from self.step(WORKING, self.unload[part.product](), task)):
                return None
        if task is not None:
            task.done()
        self._look_at_clocks()
        return target

    def _change_over(self, part: Part) -> Steps:
        """Set the machine up for the part; False when the part was scrapped."""
        tooling, self.made = self.tooling, False
        task, span = tooling.task, tooling.time(part)
        if span:
            wait = self.begin(SETUP, span, task)
            if (wait is STOP or (yield wait) is STOP) and not (yield from self.step(SETUP, span, task)):
                return False
            if task is not None:
                task.done()
        tooling.set_for(part)
        return True

    def _cycle_done(self, part: Part) -> None:
        self.cycles += 1
        self.done[part.product] += 1
        self.made = True

    def _look_at_clocks(self) -> None:
        """A clock of work or cycles may have run out as a part ended."""
        if self.worked >= self.all_due or self.cycles >= self.due_cycles:
            self.halted = True

    def begin(self, state: int, span: Micro, task: Any, first: Micro | None = None) -> Any:
        """Begin work that nothing will stop; gives what to wait for, STOP when something is in the way.

        Either the people are here and the machine sleeps for ``span`` (or for a ``first`` stretch of it), or it waits
        for them (None): then it sleeps as soon as they come, and is woken by STOP when a stop comes before them.
        """
        now, worked = self.env.now, self.worked + span
        end = now + span
        if worked > self.due or end > self.at or self.halted:
            return STOP
        if task is not None and (task.revocable or (not task.people and not task.grab())):
            return self._wait_to_begin(state, span, task, first) if task.simple else STOP
        self.state, self.since, self.worked = state, end, worked
        self.time[state] += span
        if self.traced:
            self._note_ahead(state, span, first)
        return span if first is None else first

    def _note_ahead(self, state: int, span: Micro, first: Micro | None) -> None:
        """Write the trace of work that begins now."""
        at = self.env.now
        for stretch in (span,) if first is None else (first, span - first):
            if stretch:
                self.run.note(at, self.rank, self.number, STATES[state], self.part)
            at += stretch

    def _wait_to_begin(self, state: int, span: Micro, task: Any, first: Micro | None) -> Any:
        """Wait for one who walks nowhere and stays to the end."""

        def begin() -> None:
            self.wake = None
            self.flush()
            wait = self.begin(state, span, None if lends else task, first)
            if wait is STOP:
                task.keep()
                self.me.succeed(STOP)
            else:
                self.me.sleep(span if lends else wait)

        lends = task.lends and first is not None
        self.state, self.wake = WAITING_OPERATOR, self.me
        task.line_up(begin, first if lends else None)

    def wait_after_all(self, task: Any, handling: Micro) -> None:
        """The work that began just now waits for its people: others come before it."""
        now: Micro = self.env.now
        span = self.since - now
        self.me.stay_up()
        self.since, self.worked = now, self.worked - span
        self.time[WORKING] -= span
        self._wait_to_begin(WORKING, span, task, handling)

    def step(self, state: int, work: Micro, task: Any) -> Steps:
        """Work for a time, with people where ``task`` asks for them; False when the part was scrapped."""
        left = work
        if task is not None and not task.people:
            task.done()  # it may have waited for them when a stop came
        while True:
            if self._must_stop():
                policy = yield from self.halt(task)
                if policy == SCRAP:
                    return False
                if policy == RESTART:
                    left, self.restarted = work, self.env.now
            if task is not None and not task.people:
                self.enter(WAITING_OPERATOR)
                if not (yield from self.fetch(task)):
                    continue
            wait = self.begin(state, left, task)
            if wait is not STOP:
                yield wait
                return True
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

    # -- handing on

    def leave(self, target: Any) -> Steps:
        """Hand the part on, or wait with it until it goes."""
        self.ready = self.env.now
        if not self.halted and target.put(self.part, self):
            self.part = None
        else:
            yield from self._stay(target)

    def _stay(self, target: Any) -> Steps:
        """Wait for room, through stops, with the part that is to go."""
        if self.halted:
            yield from self._hand_over_and_stop(target)
            return
        self.target, self.state, self.wake = target, BLOCKED, self.me
        signal = yield
        self.waited(BLOCKED)
        if signal is STOP:
            yield from self._hold(target)

    def _hand_over_and_stop(self, target: Any) -> Steps:
        """The part ends as a stop begins: it leaves if it has one way to go and can; then the stop begins."""
        if (target.direct or self.station.row.hand_over) and target.put(self.part, self):
            self.part = None
        if self.part is None and self.behind:
            return  # the others of a load leave before the stop begins
        self.enter(BLOCKED if self.part is not None else STARVED)
        self.target = target if self.part is not None else None
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
                self.part = self.target = None
                return
            self.state, self.wake = BLOCKED, self.me
            signal = yield
            self.waited(BLOCKED)
            if signal is not STOP:
                return

    # -- quality

    def _judged(self, part: Part, task: Any, target: Any) -> Steps:
        """Wait for the verdict on a part and repeat its cycle where that is it. Gives where it goes, or None."""
        station = self.station
        while target is station.later or target is station.again:
            if target is station.later:
                target = yield station.verdict(self, part)
                continue
            self.repeated[part.product] += 1
            self.made = False
            self._look_at_clocks()
            if not (yield from self.step(WORKING, self.work_of(part), task)):
                return None
            self._cycle_done(part)
            target = station.judge(self, part)
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
