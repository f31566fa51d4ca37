"""The clock of a run on SimPy: what is scheduled, one after the other, and the behaviours that go on by it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import repeat
from typing import Any, cast

from simpy import Environment, Event
from simpy.core import EmptySchedule

from twin.core.instant import ENDS, STOPS, Instant
from twin.core.plan import show_time
from twin.core.run import RunError, Steps

MANY = 100_000
"""Events after which a look at the plant is due, whether clocks tick or not."""
STILL = 10
"""More than so many times these events at one instant, and time stands still for ever."""
FARTHEST = 2.0**53
"""µs; times beyond are no exact whole numbers in float64."""


def _nothing() -> None:
    """Nobody wants to look."""


class Clock(Environment):
    """SimPy's environment, with ``now`` as a plain attribute, because every step of every behaviour asks for it.

    What is scheduled goes on by ``send(None)``. Nothing here fails an event, stops the run from inside one or asks
    whether one is processed, so a step looks for nothing else: the same thing may be scheduled again and again.
    """

    now: float = 0.0
    _queue: Any
    _eid: Any

    def schedule(self, event: Any, priority: int = 1, delay: float = 0.0) -> None:
        """Have it go on after a time."""
        heappush(self._queue, (self.now + delay, priority, next(self._eid), event))

    def alarm(self, life: Life, priority: int) -> Callable[[float], None]:
        """A function that schedules a life after a time: what ``schedule`` does, without its detours."""
        queue, number = self._queue, self._eid

        def schedule(delay: float) -> None:
            heappush(queue, (self.now + delay, priority, next(number), life))

        return schedule

    def step(self) -> None:
        """Let the next one go on."""
        try:
            self.now, _, _, one = heappop(self._queue)
        except IndexError:
            raise EmptySchedule from None
        one.go_on(None)

    def go_on(self, soon: deque[tuple[Life, Any]], instant: Instant, look: Callable[[], None] = _nothing) -> None:
        """Events one by one, after each those whom it wakes; when an instant has no more events, its choices.

        ``look`` is called now and then.
        """
        queue, number, pending, choose = self._queue, self._eid, instant.pending, instant.choose
        now = before = self.now
        still, one = 0, cast("Any", None)
        while True:
            for _ in repeat(None, MANY):
                if soon:
                    one, value = soon.popleft()
                elif pending and (not queue or queue[0][0] > now):
                    choose()
                    continue
                elif queue:
                    now, _, _, one = heappop(queue)
                    self.now, value = now, None
                else:
                    return
                send = one.send
                try:
                    awaited = send(value)
                except StopIteration:
                    awaited = one.end()
                if type(awaited) is float:
                    heappush(queue, (now + awaited, ENDS, next(number), one))
                elif awaited is not None:
                    one.wait(awaited)
            if self.now > FARTHEST:
                raise too_far()
            before, still = self.now, still + 1 if self.now == before else 0
            look()
            if still >= STILL:
                raise RunError(f"time stands still at {show_time(before)}: times that are 0, or drawn as 0, go round")


def too_far() -> RunError:
    """What is raised where times stop to be exact."""
    years = "the run has come to 285 years, and no farther are times exact"
    return RunError(f"{years}; write 'run: {{horizon: 20 d}}', or shorter times")


class Signal(Event):
    """An event that behaviours wait for."""

    def go_on(self, _: None) -> None:
        """Let those go on who wait for it."""
        for call in self.callbacks:
            call(self)

    send = go_on


class _Later:
    """A call at a given time, in a given step of the instant."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call

    def go_on(self, _: None) -> None:
        """Call."""
        self._call()

    send = go_on


class Life:
    """A behaviour that goes on: a SimPy process without what nobody here needs (interrupts, return values).

    The behaviour yields the time it sleeps (a float), the event it waits for, or nothing after ``sleep`` or to wait
    for ``succeed``.
    """

    __slots__ = ("_queue", "_soon", "send", "sleep", "sleep_to_stop")

    def __init__(self, env: Clock, steps: Steps, soon: deque[tuple[Life, Any]]) -> None:
        self.send, self._soon, self._queue = steps.send, soon, env._queue
        self.sleep = env.alarm(self, ENDS)
        """Be woken after a time, as what runs ends; the behaviour then yields nothing."""
        self.sleep_to_stop = env.alarm(self, STOPS)
        """The same, as stops begin."""
        self.sleep(0.0)

    def go_on(self, value: Any) -> None:
        """Go on now; ``value`` is what the behaviour waited for (a sleeper gets None)."""
        try:
            awaited = self.send(value)
        except StopIteration:
            return
        if awaited.__class__ is float:
            self.sleep(awaited)
        elif awaited is not None:
            self.wait(awaited)

    def wait(self, event: Any) -> None:
        """Go on once the event comes, with its value."""
        event.callbacks.append(self._hear)

    def end(self) -> None:
        """The behaviour has come to its end."""

    def stay_up(self) -> None:
        """Sleep no longer, and wait."""
        queue = self._queue
        queue.remove(next(scheduled for scheduled in queue if scheduled[-1] is self))
        heapify(queue)

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
        self.event = Signal
        self._left = self._every = 0
        self._look: Any = None

    def later(self, delay: float, priority: int, call: Callable[[], None]) -> None:
        """Call at that time, in that step of the instant."""
        self.env.schedule(_Later(call), priority, delay)
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
