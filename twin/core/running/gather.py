"""Kits and loads: machines that take several parts at one moment, and jobs that become several parts.

``Assembly`` and ``Loading`` are inlets as ``Inlet`` is one: the instant lets them choose when something may
stand at their places. ``Branches`` is a target as a place is one.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from twin.core.instant import ENDS
from twin.core.plan import Micro, ProductId
from twin.core.run import Run
from twin.core.running.choice import Hope, Inlet, Missing, Waiting
from twin.core.running.part import Load, Part

SPENT = "spent"
"""Name of the service that tells loads that a source is spent: a list of calls."""
LATE = 2**45
"""Rank of those who look once all choices of an instant are made."""
Found = list[tuple[Any, Part]]
"""Parts and the places they stand in, the body first."""


class _Gathering(Inlet):
    """An inlet whose machines take several parts at one moment."""

    def find(self) -> Found | None:
        """What a machine would take now, or None."""
        raise NotImplementedError

    def bundle(self, parts: list[Part]) -> Part:
        """What a machine gets for the parts."""
        raise NotImplementedError

    def take(self, machine: Any) -> Part | None:
        """A kit or load, or None when it has to wait (then ``machine.got`` follows)."""
        if self.run.calm() and not self.idle and (found := self.find()):
            return self._pull(found)
        insort(self.idle, (machine.number, machine))
        self.run.instant.ask(self.code)
        return None

    def choose(self) -> None:
        """Let the first free machine take what is there."""
        if not self.idle:
            return
        if found := self.find():
            machine = self.idle.pop(0)[1]
            machine.got(self._pull(found))
            self.offer()
        elif self.run.when_lacking is not None:
            self.run.when_lacking()

    def _pull(self, found: Found) -> Part:
        parts: list[Part] = [place.pull(part) for place, part in found]
        return self.bundle(parts)


class Fitting(Inlet):
    """Machines that are set up for one product or another, each with ``tooling.fits(part)``.

    Of several free machines one that is set up for the part takes it, else the first; where the rule of the
    place is 'same_setup', a part that needs no set-up goes first.
    """

    def __init__(self, run: Run, rank: int, places: Sequence[Any], prefer: Sequence[int] = ()) -> None:
        super().__init__(run, rank, places, prefer)
        self.matches = any(place.row.rule == "same_setup" for place in places)
        """Whether some place has that rule."""

    def take(self, machine: Any) -> Part | None:
        """The next part, or None when it has to wait (then ``machine.got`` follows)."""
        place = self.only  # best() and calm(), without a call: they are asked for every part
        if place is None or not place.content or place.dynamic:
            place = self.best()
        soon, pending, events = self.moment
        if (
            place is not None
            and not (self.idle or soon or (pending and pending[0] <= self.before))
            and not (events and events[0][0] <= self.env.now)
            and (place.content or place.chooser() is None)
        ):
            chosen = self._pair(place, [(machine.number, machine)])[1] if self.matches else None
            return place.pull(chosen)  # type: ignore[no-any-return]
        insort(self.idle, (machine.number, machine))
        if place is not None:
            self.ask(self.code)
        return None

    def _hand(self, place: Any) -> None:
        """Give the part that fits best to the machine that fits it best."""
        if self.matches or len(self.idle) > 1:
            machine, part = self._pair(place, self.idle)
            self.leave(machine)
            machine.got(place.pull(part))
        else:
            super()._hand(place)

    def _pair(self, place: Any, idle: Sequence[tuple[int, Any]]) -> tuple[Any, Part | None]:
        """The machine that takes a part and the part (None: the one that goes next)."""
        if place.row.rule == "same_setup":
            parts = place.candidates()
            fitting = ((m, part) for part in parts for _, m in idle if m.tooling.fits(part))
            return next(fitting, (idle[0][1], None))
        if len(idle) == 1:
            return idle[0][1], None
        head = next(place.candidates())
        return next((m for _, m in idle if m.tooling.fits(head)), idle[0][1]), None


class Assembly(_Gathering):
    """Takes parts from every place at once: those of the first one are, or carry, the body.

    ``needs``: (place, parts by product of the body), the body's place first. A part that came back for rework
    stands in the station's queue and takes nothing more. ``matched``: only parts of one order are joined.
    """

    def __init__(
        self, run: Run, rank: int, needs: Sequence[tuple[Any, tuple[int, ...]]], queue: Any, matched: bool
    ) -> None:
        super().__init__(run, rank, [place for place, _ in needs] + ([queue] if queue is not None else []))
        self.needs, self.queue, self.matched = needs, queue, matched

    def find(self) -> Found | None:
        """A reworked part alone, or the first body for which all is there."""
        if self.queue is not None and self.queue.first() is not None:
            return [(self.queue, next(self.queue.candidates()))]
        for body in self.needs[0][0].candidates():
            if found := self._kit(body):
                return found
            if not self.matched:
                return None
        return None

    def missing(self, hope: Hope, place: Any) -> list[Missing]:
        """What the kit of every part that may be the body lacks; that of the first one. Rework lacks nothing."""
        if place is self.queue:
            return []
        short = [self._lacking(hope, body) for body in self._bodies(hope)]
        return [] if not all(short) else short[0] if short else [Missing(self.needs[0][0])]

    def _bodies(self, hope: Hope) -> Iterator[Part | None]:
        """The parts that may be the body; None: one that is still to come."""
        place = self.needs[0][0]
        parts, in_line = hope.parts(place), place.capacity and place.row.rule == "fifo" and not place.spoils
        if in_line and parts and not self.matched and not place.endless and self.run.cards is None:
            yield parts[0]
            return
        yield from parts
        if hope.fed(place):
            yield None

    def _lacking(self, hope: Hope, body: Part | None) -> list[Missing]:
        kin, first = body.kin if body is not None and self.matched else None, self.needs[0][0]
        return [Missing(p, kin, first) for p, counts in self.needs if not self._may_get(hope, p, counts, body)]

    def _may_get(self, hope: Hope, place: Any, counts: tuple[int, ...], body: Part | None) -> bool:
        """Whether a place has all that goes with a body, or can still get it."""
        count = counts[body.product] if body is not None else min(filter(None, counts), default=0)
        if not self.matched or place.endless:
            return hope.fed(place) or hope.parts_at(place) >= count
        kin = Counter(part.kin for part in hope.parts(place))
        if body is None:
            return hope.fed(place) or max(kin.values(), default=0) >= count
        return kin[body.kin] >= count or (hope.fed(place) and hope.may_come(body.kin, place))

    def _kit(self, body: Part) -> Found | None:
        found: Found = []
        for place, counts in self.needs:
            some = self._some(place, counts[body.product], body)
            if some is None:
                return None
            found += [(place, part) for part in some]
        return found

    def _some(self, place: Any, count: int, body: Part) -> list[Part] | None:
        """The first parts of a place that go with the body, itself included; None when too few are there."""
        some: list[Part] = []
        for part in place.candidates():
            if len(some) == count:
                break
            if not self.matched or part.kin == body.kin:
                some.append(part)
        return some if len(some) == count else None

    def bundle(self, parts: list[Part]) -> Part:
        """The body; the others end here."""
        for part in parts[1:]:
            self.run.account.join(parts[0], part)
        return parts[0]


class Loading(_Gathering):
    """Gathers loads: full ones at once, smaller ones after a wait, incomplete ones when no more parts can come."""

    def __init__(self, run: Run, rank: int, places: Sequence[Any], row: Any) -> None:
        super().__init__(run, rank, places)
        self.row, self._rank = row, rank
        self._alike = len(run.plan.products) == 1 and run.cards is None
        """Whether any parts make a load, so that no more than a load is looked at."""
        self._alarm: Micro = -1.0
        self._late = run.instant.join(LATE + rank, self._look)
        self._looks = -1.0
        """When it looks next whether more can come."""
        self._last = False
        """Whether it has seen that no more can come."""
        self._on_the_way: Any = None
        """Where a part stood on the way when it was looked at last."""
        self._tellers: list[Callable[[], None]] = run.services.setdefault(SPENT, [])
        self._tellers.append(lambda: run.instant.ask(self._late))

    def choose(self) -> None:
        """Let the first free machine take what is there; else look out for the end of what can come."""
        super().choose()
        if self.idle and not self._last and self._spent():
            self.run.instant.ask(self._late)

    def _look(self) -> None:
        """Once the sources are spent, at the end of each instant: did the last part on the way here go elsewhere?"""
        if self._last or not self.idle or not self._spent():
            return
        if self.no_more():
            self._last = True
            self.run.instant.ask(self.code)
            for tell in self._tellers:  # what begins now may bring about more
                tell()
            return
        now, at = self.run.env.now, self.run.env.peek()
        if now < at < float("inf") and at != self._looks:
            self._looks = at
            self.run.later(at - now, ENDS, lambda: self.run.instant.ask(self._late))

    def _spent(self) -> bool:
        return all(source.may_end() and (source.spent() or source in self._beside) for source in self._sources)

    @cached_property
    def _beside(self) -> list[Any]:
        """The supplies it takes from whose parts come here in no other way: what they still have stands here."""
        supplies, here, upstream = (place for place in self.places if place.endless), self._rank, self.row.upstream
        return [one for one in supplies if not any(t in upstream for t in one.row.takers if t != here)]

    @cached_property
    def _sources(self) -> list[Any]:
        """The sources with a path here; where all are limited, every part that leaves the plant may be the last."""
        found = [source for source in self.run.sources if source.index in self.row.upstream]
        if all(source.may_end() for source in found):
            self.run.account.watchers.append(lambda: self.run.instant.ask(self.code))
        return found

    def find(self) -> Found | None:
        """The load whose oldest part has waited longest of those that may start."""
        ready = [load for place in self.places for load in self._ready(place)]
        best = min(ready, key=lambda load: (not load[0][1].back, load[0][1].since, load[0][1].order), default=None)
        if best is None:
            return None
        most: int = self.row.most
        return best[:most]

    def missing(self, hope: Hope, place: Any) -> list[Missing]:
        """The place itself where its parts never make a load: loads form in each place by themselves."""
        ever = hope.fed(place) or self._holds_load(hope, place) or self._may_end(hope)
        return [] if ever else [Missing(place)]

    def _holds_load(self, hope: Hope, place: Any) -> bool:
        """Whether the parts of a place are enough for a load to start, at once or after its wait."""
        if self.row.mixed or place.endless:
            most = hope.parts_at(place)
        else:
            most = max(Counter(part.product for part in hope.parts(place)).values(), default=0)
        return bool(most >= self.row.least)

    def _may_end(self, hope: Hope) -> bool:
        """Whether it may yet come about that no more parts can come: then incomplete loads start."""
        upstream, here = self.row.upstream, {id(place) for place in self.places}
        if not all(source.may_end() for source in self._sources):
            return False
        return not any(hope.stays(h) for h in self.run.holders if h.owner in upstream and id(h) not in here)

    def _loads(self, place: Any) -> Iterator[Found]:
        """The parts of a place by load, in their order."""
        if self._alike:
            load = [(place, part) for part in islice(place.candidates(), self.row.most)]
            yield from [load] if load else []
            return
        groups: dict[ProductId, Found] = {}
        for part in place.candidates():
            group = groups.setdefault(0 if self.row.mixed else part.product, [])
            group.append((place, part))
            if place.endless and len(group) == self.row.most:
                break
        yield from groups.values()

    def _ready(self, place: Any) -> list[Found]:
        """The loads of a place that may start."""
        loads = list(self._loads(place))
        seen = not place.endless or sum(map(len, loads)) >= place.rest()
        return [load for load in loads if self._may_start(load, last=seen)]

    def _may_start(self, load: Found, *, last: bool) -> bool:
        """Whether a load may start; ``last``: no part of the place was left out, so that it may be incomplete."""
        if len(load) >= self.row.most or (last and self.no_more()):
            return True
        if len(load) < self.row.least:
            return False
        now: Micro = self.run.env.now
        until: Micro = min(part.since for _, part in load) + self.row.wait
        if until > now and until != self._alarm:
            self._alarm = until
            self.run.later(until - now, ENDS, lambda: self.run.instant.ask(self.code))
        return until <= now

    def no_more(self) -> bool:
        """Whether every source with a path here is spent, and nothing stands on one."""
        if not self._spent() or any(place.cures() for place in self.places):
            return False
        upstream, last = self.row.upstream, self._on_the_way
        if last is not None and last.owner in upstream and last.standing():
            return False
        here = {id(place) for place in self.places}
        found = (h for h in self.run.holders if h.owner in upstream and id(h) not in here and h.standing())
        self._on_the_way = next(found, None)
        return self._on_the_way is None

    def bundle(self, parts: list[Part]) -> Part:
        """The load; its parts may come back for rework, so that it is not the last."""
        self._last = False
        return Load(parts)


class Branches(Waiting):
    """Where a finished job goes that becomes several parts: it needs room in every branch at one moment.

    ``gives``: (place, parts by product of the job).
    """

    private = direct = False

    def __init__(self, run: Run, rank: int, gives: Sequence[tuple[Any, tuple[int, ...]]], split: Callable[..., Part]):
        super().__init__(run, rank)
        self.rank, self.gives, self._split = rank, gives, split
        self.places = [place for place, _ in gives]

    def put(self, part: Part, machine: Any) -> bool:
        """Send the pieces; False when the machine has to wait (then ``machine.sent`` follows)."""
        machine.outlet, machine.among = self, self
        if not self.waiting and self.run.calm() and self._room(machine):
            machine.outlet = None
            self._send(part)
            return True
        self._line_up(machine)
        return False

    def held_up(self, machine: Any) -> bool:
        """Whether some branch has no room for a machine's pieces: then it stands in nobody's way in the others."""
        product: ProductId = machine.part.product
        return not all(place.row.final or place.room(counts[product]) for place, counts in self.gives)

    def gives_way(self, machine: Any, other: Any) -> bool:
        """Whether another machine that waits for several places goes before this one in one of them.

        Then neither waits for the other, lest both wait for ever where two places prefer different stations.
        """
        shared = [place for place in self.places if not place.row.final]
        return isinstance(other.outlet, Branches) and any(place.before(other, machine) for place in shared)

    def _room(self, machine: Any) -> bool:
        product: ProductId = machine.part.product
        return all(bool(place.open_to(machine, counts[product])) for place, counts in self.gives)

    def _choose(self) -> None:
        for _, _, machine in self.waiting:
            if self._room(machine):
                part = machine.part
                self.leave(machine)
                self._send(part)
                machine.sent(None)
                if self.waiting:
                    self.run.instant.ask(self.code)
                return

    def _send(self, part: Part) -> None:
        """The first piece is the part itself."""
        pieces = [place for place, counts in self.gives for _ in range(counts[part.product])]
        pieces[0].add(part)
        for place in pieces[1:]:
            place.add(self._split(part))
