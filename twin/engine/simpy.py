"""The plan as SimPy processes; the only file that knows SimPy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush
from itertools import repeat
from typing import Any, NoReturn

from simpy import Environment, Event
from simpy.core import EmptySchedule
from simpy.events import EventPriority

from twin.core.account import MOST_INSIDE
from twin.core.card import cards_of
from twin.core.gated import guarded_place, mover
from twin.core.instant import Instant
from twin.core.jam import deadlock, in_vain, waits_for_partners
from twin.core.ledger import ACTIVE, Ledger, PlaceLedger
from twin.core.place import PrivatePlace
from twin.core.plan import Micro, Plan, show_time
from twin.core.rule import key_of
from twin.core.run import ENDS, STOPS, Deadlock, Run, RunError, Steps, Trace
from twin.core.shared import SharedPlace
from twin.core.spec import kinds
from twin.core.stuck import Quiet, moments, never_empty, standing

__all__ = ["Deadlock", "RunError", "simulate"]
INFINITE = float("inf")
LAST = 1_000_000
"""After all other events of an instant."""
MANY = 100_000
"""Events after which a look at the plant is due, whether clocks tick or not."""
STILL = 10
"""More than so many times these events at one instant, and time stands still for ever."""
FARTHEST = 2.0**53
"""µs; times beyond are no exact whole numbers in float64."""
LAST_RANK = 2**50
"""After all other choices of an instant."""


def _nothing() -> None:
    """Nobody wants to look."""


class Clock(Environment):
    """SimPy's environment, with ``now`` as a plain attribute, because every step of every behaviour asks for it.

    Nothing here fails an event, stops the run from inside one or asks whether one is processed, so a step looks
    for nothing but callbacks, and leaves them: an event may be scheduled again and again.
    """

    now: float = 0.0

    def step(self) -> None:
        """Process the next event."""
        try:
            now, _, _, event = heappop(self._queue)
        except IndexError:
            raise EmptySchedule from None
        self.now = self._now = now
        for call in event.callbacks:
            call(event)

    def alarm(self, event: Event, priority: int) -> Callable[[float], None]:
        """A function that schedules the event after a time: what ``schedule`` does, without its detours."""
        queue, number = self._queue, self._eid

        def schedule(delay: float) -> None:
            heappush(queue, (self.now + delay, priority, next(number), event))  # type: ignore[misc]

        return schedule

    def go_on(self, soon: deque[tuple[Life, Any]], instant: Instant, look: Callable[[], None] = _nothing) -> None:
        """Events one by one, after each those whom it wakes; when an instant has no more events, its choices.

        ``look`` is called now and then.
        """
        queue, pending, choose = self._queue, instant.pending, instant.choose
        before, still = self.now, 0
        while queue:
            for _ in repeat(None, MANY):
                if not queue:
                    return
                now, _, _, event = heappop(queue)
                self.now = self._now = now
                for call in event.callbacks:
                    call(event)
                while soon or pending:
                    if soon:
                        life, value = soon.popleft()
                        life.go_on(value)
                    elif not queue or queue[0][0] > now:
                        choose()
                    else:
                        break
            if self.now > FARTHEST:
                raise _too_far()
            before, still = self.now, still + 1 if self.now == before else 0
            look()
            if still >= STILL:
                raise RunError(f"time stands still at {show_time(before)}: times that are 0, or drawn as 0, go round")


def _too_far() -> RunError:
    years = "the run has come to 285 years, and no farther are times exact"
    return RunError(f"{years}; write 'run: {{horizon: 20 d}}', or shorter times")


class _Later(Event):
    """An event at a given time, in a given step of the instant."""

    def __init__(self, env: Environment, delay: float, priority: int, call: Callable[[Any], None]) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self.callbacks = [call]
        env.schedule(self, EventPriority(priority), delay)


class _Timer(Event):
    """An event that is used again and again: one for each life, so that work costs no new object."""

    def __init__(self, env: Clock, call: Callable[[Any], None]) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self.callbacks = [call]


class Life:
    """A behaviour that goes on: a SimPy process without what nobody here needs (interrupts, return values).

    The behaviour yields the event it waits for, or nothing after ``sleep`` or to wait for ``succeed``.
    """

    __slots__ = ("_send", "_soon", "sleep", "sleep_to_stop")

    def __init__(self, env: Clock, steps: Steps, soon: deque[tuple[Life, Any]]) -> None:
        self._send, self._soon = steps.send, soon
        timer = _Timer(env, self.go_on)
        self.sleep = env.alarm(timer, ENDS)
        """Be woken after a time, as what runs ends; the behaviour then yields nothing."""
        self.sleep_to_stop = env.alarm(timer, STOPS)
        """The same, as stops begin."""
        env.schedule(_Timer(env, self._hear), EventPriority(ENDS), 0.0)

    def go_on(self, value: Any) -> None:
        """Go on now; ``value`` is what the behaviour waited for (a sleeper does not look at it)."""
        try:
            awaited = self._send(value)
        except StopIteration:
            return
        if awaited is not None:
            awaited.callbacks.append(self._hear)

    def _hear(self, event: Any) -> None:
        self.go_on(event._value)

    def succeed(self, value: Any = None) -> None:
        """Go on with ``value`` before the next event, once whoever calls has come to its next wait."""
        self._soon.append((self, value))


class Tools:
    """What the engine lends to behaviours."""

    def __init__(self, env: Clock) -> None:
        self.env = env
        self.soon: deque[tuple[Life, Any]] = deque()
        """Those who go on before the next event."""
        self.events = env._queue
        """What is scheduled, the next first; each begins with its time."""
        self.event = Event
        self._left = self._every = 0
        self._look: Any = None

    def later(self, delay: float, priority: int, call: Callable[[], None]) -> None:
        """Call at that time, in that step of the instant."""
        _Later(self.env, delay, priority, lambda _: call())
        self._left -= 1
        if not self._left:
            self._left = self._every
            self._look()

    def watch(self, every: int, look: Callable[[], None]) -> None:
        """Look now and then, as clocks tick, whether the plant is stuck."""
        self._left, self._every, self._look = every, every, look

    def start(self, steps: Steps) -> Life:
        """Let a behaviour live."""
        return Life(self.env, steps, self.soon)


def simulate(plan: Plan, replication: int = 0, trace: Trace | None = None, env: Clock | None = None) -> Ledger:
    """Run one replication.

    Args:
        plan: the compiled plant.
        replication: its number, from 0; with the seed it decides every draw.
        trace: a list that receives (time µs, element, machine, state, part) in order of time.
        env: an environment to run in; for tests of the order of an instant.

    Raises:
        Deadlock: parts wait for each other's places.
        RunError: the run would never end, the plant can never become empty, or is empty before its warm-up ends.
    """
    course = _Course(build(plan, replication, Tools(env or Clock()), trace))
    course.check_end(plan)
    if plan.warm_up:
        course.warm_up(plan.warm_up)
    course.clear()  # without a warm-up too: what stands inside at time 0 has not entered in the window
    course.advance(plan.warm_up + plan.horizon)
    ledger = course.ledger()
    if trace is not None:  # after the ledger, which closes the states that are still open
        order, end = {e.name: i for i, e in enumerate(plan.elements)}, course.env.now
        trace[:] = [line for line in trace if line[0] < end or not line[2]]  # a state that begins now lasts no time
        trace.sort(key=lambda line: (line[0], order[line[1]], line[2]))
    return ledger


def build(plan: Plan, replication: int, tools: Tools, trace: Trace | None) -> Run:
    """Bring all elements of a plan to life: those who only serve first, then those who live."""
    run = Run(plan, replication, tools, trace)
    run.cards = cards_of(run)
    section = [kinds("element")[element.section] for element in plan.elements]
    for row in plan.places:
        made = section[row.owner].make_place(run, plan.rows[row.owner], row) if row.capacity else None
        shared = guarded_place(run, row, SharedPlace)
        run.places.append(made or (PrivatePlace(run, row) if row.private else shared(run, row, key_of(run, row))))
    for way in plan.movers:
        run.movers.append(mover(run, run.places[way.origin], run.places[way.target], way.rank))
    for lives in (False, True):
        for index, kind in enumerate(section):
            if kind.LIVES is lives:
                kind.build(run, index, plan.rows[index])
    run.begin()
    return run


class _Reached(Exception):  # noqa: N818 - no error
    """The last instant is complete."""


class _Course:
    """The course of a run: how far it goes, when it is over, what it leaves."""

    def __init__(self, run: Run) -> None:
        self.run, self.env = run, run.env
        self.over = False
        self._may_end = all(source.may_end() for source in run.sources)
        self._code_end = run.instant.join(LAST_RANK, self._end_if_empty)
        self._code_check = run.instant.join(LAST_RANK, self._look)
        self._quiet = Quiet(run) if self._may_end and run.plan.horizon == INFINITE else None
        if run.plan.horizon == INFINITE:
            run.tools.watch(2000 + 20 * len(run.machines), self._ask)
        run.account.when_crowded = self._crowded
        if self._may_end:
            run.account.when_empty = run.when_lacking = lambda: run.instant.ask(self._code_end)

    def check_end(self, plan: Plan) -> None:
        """Refuse to begin a run that would never end."""
        if not self._may_end and plan.horizon == INFINITE:
            raise RunError("the run would never end: a source never runs out of parts; write 'run: {horizon: 20 d}'")

    def warm_up(self, until: Micro) -> None:
        """Go on until the warm-up ends; the plant must still be at work then."""
        self.advance(until)
        if self.over:
            ended = f"the plant is empty at {show_time(self.env.now)}"
            raise RunError(f"{ended}, before its warm-up of {show_time(until)} ends; shorten 'warm_up'")

    def advance(self, until: Micro) -> None:
        """Go on until the instant ``until`` is complete or the plant is empty with its sources spent."""
        with suppress(EmptySchedule):
            for at in moments(self.env.now, until):
                self._go_to(at)
                if at < until:
                    self._check_deadlock()
        if not self.over:
            self._finish(until)

    def _go_to(self, at: Micro) -> None:
        """Go on until an instant is complete; without end until nothing is left to happen."""
        if at < INFINITE:
            self.run.tools.later(at - self.env.now, LAST, _reached)
        with suppress(_Reached):
            self.env.go_on(self.run.tools.soon, self.run.instant, self._ask)
            return
        self._complete()

    def _ask(self) -> None:
        """Look once the choices of this instant are made."""
        self.run.instant.ask(self._code_check)

    def _complete(self) -> None:
        env, soon, pending = self.env, self.run.tools.soon, self.run.instant.pending
        while soon or pending or env.peek() <= env.now:
            if soon:
                life, value = soon.popleft()
                life.go_on(value)
            elif env.peek() <= env.now:
                env.step()
            else:
                self.run.instant.choose()

    def _end_if_empty(self) -> None:
        if self._ends():
            raise EmptySchedule

    def _ends(self, *, settled: bool = False) -> bool:
        """Whether nothing comes any more and the plant is empty, or holds but parts that wait for others in vain."""
        sources = self.run.sources
        if all(source.spent() for source in sources) and not self.run.account.inside:
            self.over = True
        elif all(one.spent() or one.endless for one in sources) and waits_for_partners(self.run, settled=settled):
            self._check_deadlock()  # it may be cards that keep the partners away
            self._warn_of(f"the run ended with parts at {standing(self.run)}")
            self.over = True
        return self.over

    def _warn_of(self, where: str) -> None:
        self.run.warnings.append(f"{where}: they wait for parts that no source can still send")

    def _finish(self, until: Micro) -> None:
        self._check_deadlock()
        if self._may_end and self._ends(settled=until == INFINITE):
            return
        if until == INFINITE:
            raise RunError(never_empty(self.run, self._quiet))
        last = until >= self.run.plan.warm_up + self.run.plan.horizon
        if last and (where := in_vain(self.run)):
            self._warn_of(f"at the end parts stand at {', '.join(where)}")

    def _look(self) -> None:
        """Now and then: is the plant stuck?"""
        self._check_deadlock()
        if self._quiet is not None and self._quiet.for_ever():
            if self._ends(settled=True):
                raise EmptySchedule
            raise RunError(never_empty(self.run, self._quiet))

    def _crowded(self) -> NoReturn:
        text = f"more than {MOST_INSIDE:,} parts are inside at {show_time(self.env.now)}, at {standing(self.run)}"
        raise RunError(f"{text}: memory would not hold them; give a buffer there a capacity, or make the run shorter")

    def _check_deadlock(self) -> None:
        ring = deadlock(self.run)
        if ring is not None:
            raise Deadlock(ring)

    def clear(self) -> None:
        """The warm-up is over: forget the statistics, keep the parts."""
        now = self.env.now
        for one in self.run.lived:
            if now:  # at time 0 nothing has gone on, and its instant is not complete
                one.close(now)
            one.clear(now)
        self.run.account.clear(now)
        self.run.bottleneck().clear(now)

    def ledger(self) -> Ledger:
        """What the run leaves."""
        run, plan, end = self.run, self.run.plan, self.env.now
        if end > FARTHEST:
            raise _too_far()
        run.over = self.over
        for one in run.lived:
            one.close(end)
        inside = [part for holder in run.holders for part in holder.standing()]
        flow = run.account.close(end, inside)
        run.shares = run.bottleneck().close(end, [(m.index, m.active) for m in run.machines if ACTIVE[m.state]])
        return Ledger(
            replication=run.replication,
            window=end - plan.warm_up,
            makespan=run.account.last_exit if self.over else None,
            flow=flow,
            products=tuple(leads.row() for leads in run.account.leads),
            rows={i: run.leaves[i]() for i in range(len(plan.elements)) if i in run.leaves},
            places=_places(run),
            warnings=tuple(run.warnings),
        )


def _places(run: Run) -> dict[int, PlaceLedger]:
    """Buffers, queues and yards by the element that owns them; the ways of one source are added."""
    found: dict[int, PlaceLedger] = {}
    for place in run.places:
        if place.capacity and not place.row.final and place.listed:
            row, before = place.ledger(), found.get(place.owner)
            added = row if before is None else PlaceLedger(*(a + b for a, b in zip(row, before, strict=True)))
            found[place.owner] = added
    return found


def _reached() -> None:
    raise _Reached
