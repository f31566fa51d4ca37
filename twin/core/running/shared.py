"""Shared places: several givers or takers, or a rule; the instant makes one hand-off at a time."""

from __future__ import annotations

import itertools
from bisect import insort
from collections.abc import Iterator
from itertools import islice
from typing import Any

from twin.core.place import Counted
from twin.core.plan import Micro, PlaceRow
from twin.core.run import Run
from twin.core.running.gather import Branches
from twin.core.running.part import Part
from twin.core.running.rule import DYNAMIC, Arrived, Key, Ranked, Stands, waiting_line

Entry = tuple[int, Micro, int, int, Any]
"""(preferred, ready, rank, number, giver): who waits to give, in order."""


def held_up(giver: Any) -> bool:
    """Whether a giver that waits cannot come in wherever there is room, because it needs room elsewhere too."""
    outlet = giver.outlet
    return isinstance(outlet, Branches) and outlet.held_up(giver)


def gives_way(giver: Any, other: Any) -> bool:
    """Whether another giver need not wait for one that is before it here."""
    outlet = giver.outlet
    return isinstance(outlet, Branches) and outlet.gives_way(giver, other)


class SharedPlace(Counted):
    """Several givers or takers, or a rule: the instant chooses, one hand-off at a time."""

    private = False

    def __init__(self, run: Run, row: PlaceRow, key: Key) -> None:
        super().__init__(run, row)
        self.content: Arrived | Ranked = waiting_line(row, key)
        self.calm, self.ask, self.moment = run.calm, run.instant.ask, run.moment
        self.to_end = self.content.append if isinstance(self.content, Arrived) else None
        self.dynamic = row.rule in DYNAMIC
        self.traced = run.trace is not None
        self.movers: list[Any] = []
        """Those who must hear when what stands here may have gone."""
        self.waiting: list[Entry] = []
        self.inlets: list[Any] = []
        self.code = run.instant.join(row.owner, self._admit_next)
        self.open_door = row.capacity == float("inf") or (row.capacity > 0 and self._single_giver(run))
        self._prefer = {rank: -len(row.prefer) + i for i, rank in enumerate(row.prefer)}
        self.kept = 0
        """Places kept for parts that vehicles bring."""

    @property
    def direct(self) -> bool:
        """Whether a part that comes has one way to go, so that it moves before the choices of the instant."""
        return self.open_door

    def _single_giver(self, run: Run) -> bool:
        return len(self.row.givers) == 1 and getattr(run.plan.rows[self.row.givers[0]], "machines", 1) == 1

    def _since(self) -> list[Micro]:
        return [since for _, since in self.content]

    def standing(self) -> list[Part]:
        """The parts that stand here."""
        return [part for part, _ in self.content]

    def newest(self) -> Part:
        """The part that entered the plant last."""
        return self._newest()[0]

    def _newest(self) -> Stands:
        return max(self.content, key=lambda stands: stands[0].order)

    def remove_newest(self) -> Part:
        """Take that part away."""
        newest = self._newest()
        part = newest[0]
        self.content.remove(newest)
        if self.traced:
            self.trace("out", part)
        for inlet in self.inlets:
            inlet.changed()
        return part

    # -- giving

    def put(self, part: Part, giver: Any) -> bool:
        """Give a part; False when it has to wait (then ``giver.sent`` follows)."""
        if len(self.content) + self.kept < self.capacity:  # room() and calm(), without a call: asked for every part
            soon, pending, events = self.moment
            if self.open_door or not (self.waiting or soon or pending or (events and events[0][0] <= self.env.now)):
                self._add(part)
                return True
        self.queue_up(giver)
        return False

    def put_by_room(self, part: Part, giver: Any) -> bool:
        """``put`` of places that count their ``room`` in their own way."""
        if self.room() and (self.open_door or (not self.waiting and self.calm())):
            self._add(part)
            return True
        self.queue_up(giver)
        return False

    def add(self, part: Part) -> None:
        """Put a part here that has no other place: it arrives, or stands here at time 0."""
        self._add(part)

    def room(self, parts: int = 1) -> bool:
        """Whether so many more parts fit in, beside those for which a place is kept."""
        return len(self.content) + self.kept + parts <= self.capacity

    def keep(self) -> None:
        """Keep a place for a part that comes later."""
        self.kept += 1

    def let_go(self, parts: int = 1) -> None:
        """The part comes now (``add`` follows), or does not come."""
        self.kept -= parts
        if self.waiting and self.room():
            self.ask(self.code)

    def has_room(self) -> bool:
        """Whether a part that is put here now is taken at once."""
        return self.open_door and self.room()

    def queue_up(self, giver: Any) -> None:
        """Wait for room, in order of waiting time, then of where the giver stands."""
        insort(self.waiting, (self._prefer.get(giver.rank, 0), giver.ready, giver.rank, giver.number, giver))
        if self.room():
            self.ask(self.code)
        elif not self.capacity:
            self._offer()

    def leave(self, giver: Any) -> None:
        """Stop waiting to give."""
        self.waiting = [entry for entry in self.waiting if entry[-1] is not giver]
        if self.waiting and self.room():
            self.ask(self.code)
        if not self.capacity:
            for mover in self.movers:
                mover.changed()

    def _admit_next(self) -> None:
        if not self.waiting or not self.room():
            return
        giver = self.waiting[0][-1]
        if giver.outlet is not None:
            giver = next((entry[-1] for entry in self.waiting if not held_up(entry[-1])), None)
            if giver is None:
                return
        if giver.outlet is not None:
            self.ask(giver.outlet.code)
            return
        self.admit(giver)

    def admit(self, giver: Any) -> None:
        """Take the part of a giver that waits."""
        waiting = self.waiting
        first = waiting[0][-1] is giver
        self.waiting = waiting[1:] if first else [entry for entry in waiting if entry[-1] is not giver]
        self._add(giver.part)
        giver.sent(self)
        if self.waiting and self.room():
            self.ask(self.code)

    def open_to(self, giver: Any, parts: int = 1) -> bool:
        """Whether this giver's parts could come in now."""
        if self.capacity:
            return self.room(parts) and (self.open_door or self._goes_next(giver))
        first = bool(self.waiting) and self.waiting[0][-1] is giver
        return first and any(inlet.idle and inlet.best() is self for inlet in self.inlets)

    def _goes_next(self, giver: Any) -> bool:
        """Whether nobody who could come in waits before a giver."""
        ahead = itertools.takewhile(lambda other: other is not giver, (entry[-1] for entry in self.waiting))
        return all(held_up(other) or gives_way(other, giver) for other in ahead)

    def before(self, one: Any, other: Any) -> bool:
        """Whether one of two givers goes before the other here."""
        order = [entry[-1] for entry in self.waiting if entry[-1] in (one, other)]
        return len(order) == 2 and order[0] is one

    def hand_over(self, giver: Any) -> None:
        """Let the part of the giver that goes next, which this place is open to, through this door."""
        next(inlet for inlet in self.inlets if inlet.idle and inlet.best() is self).choose()

    def _add(self, part: Part) -> None:
        part.since = now = self.env.now
        content, to_end = self.content, self.to_end
        if to_end is None or part.back or (content and content[-1][1] == now):  # type: ignore[index]  # it is a deque
            content.push(part)
        else:  # push(), without a call: nearly all parts go to the end
            to_end((part, now))
        if self.traced:
            self.trace("in", part)
        for inlet in self.inlets:
            inlet.offer()

    def _offer(self) -> None:
        for inlet in self.inlets:
            inlet.offer()

    # -- taking

    def offers(self) -> bool:
        """Whether there is a part to take."""
        if self.content:
            if self.dynamic:
                self.content.look()
            return True
        return not self.capacity and bool(self.waiting)

    def first(self) -> tuple[Any, ...] | None:
        """What would be taken next, as a key to compare with other places: rework first, then waiting time."""
        if self.content:
            self.content.look()
            part, since = self.content.first
            return (not part.back, since, self.owner, part.order)
        if not self.capacity and self.waiting:
            _, ready, rank, _, giver = self.waiting[0]
            return (True, ready, rank, giver.part.order)
        return None

    def chooser(self) -> Any:
        """The outlet that must choose for the part that stands first, or None."""
        return self.waiting[0][-1].outlet if not self.capacity and self.waiting else None

    def head(self) -> Part | None:
        """The part that would be taken next from the content."""
        return self.content.first[0] if self.content else None

    def head_since(self) -> Micro:
        """Since when that part stands here."""
        return self.content.first[1]

    def since_at(self, position: int) -> Micro | None:
        """Since when the part waits that could be taken after so many others; None: there are no more."""
        if self.content or self.capacity:
            stands = next(islice(self.content.in_order(), position, None), None)
            return None if stands is None else stands[1]
        return self.waiting[position][1] if position < len(self.waiting) else None

    def candidates(self) -> Iterator[Part]:
        """All parts that could be taken, in their order."""
        if self.content or self.capacity:
            return (part for part, _ in self.content.in_order())
        return (entry[-1].part for entry in list(self.waiting))

    def pull(self, chosen: Part | None = None) -> Part:
        """Take the next part, or the one that is chosen; whoever waits for its place comes in."""
        if not self.content:
            return self._pull_from_giver(chosen)
        part, since = self.content.pop_first() if chosen is None else self._pick(chosen)
        part.back = False
        self.wait += self.env.now - since
        self.taken += 1
        if self.traced:
            self.trace("out", part)
        if self.waiting:
            self._room()
        for mover in self.movers:
            mover.changed()
        return part

    def _pick(self, chosen: Part) -> Stands:
        if self.content.first[0] is chosen:
            return self.content.pop_first()
        found = next(stands for stands in self.content if stands[0] is chosen)
        self.content.remove(found)
        return found

    def _pull_from_giver(self, chosen: Part | None) -> Part:
        giver = next(entry[-1] for entry in self.waiting if chosen is None or entry[-1].part is chosen)
        part: Part = giver.part
        self.waiting = [entry for entry in self.waiting if entry[-1] is not giver]
        giver.sent(self)
        return part

    def _room(self) -> None:
        """Let in who goes next; where others draw from the same place, which part comes here is a choice."""
        giver = self.waiting[0][-1]
        if self.open_door and giver.outlet is None and (getattr(giver, "alone", True) or self.calm(self.code)):
            self.admit(giver)
        else:
            self.ask(self.code)


class Mover:
    """Parts that stand in one place go on to the next by themselves as soon as there is room."""

    outlet = None
    number = 0

    def __init__(self, run: Run, origin: SharedPlace, target: Any, rank: int) -> None:
        self.run, self.origin, self.target, self.rank = run, origin, target, rank
        self.alone = len(origin.row.takers) == 1
        self.endless = self.alone and target.capacity == float("inf")
        """Whether no part ever has to wait for this mover."""
        self.registered = False
        self.idle = True
        self.code = run.instant.join(rank, self._choose)
        origin.inlets.append(self)
        if not self.alone:
            origin.movers.append(self)

    def pass_on(self, part: Part) -> bool:
        """Hand on a part that reaches an empty origin, if it need not stand there at all."""
        origin = self.origin
        if not self.endless and (origin.content or not self.alone or not self.target.has_room()):
            return False
        origin.taken += 1
        if origin.traced:
            origin.trace("in", part)
            origin.trace("out", part)
        self.target.put(part, self)
        return True

    @property
    def part(self) -> Part:
        """The part that goes next."""
        head = self.origin.head()
        assert head is not None
        return head

    @property
    def ready(self) -> Micro:
        """Since when that part has waited."""
        return self.origin.head_since()

    def best(self) -> SharedPlace:
        """Where it takes from."""
        return self.origin

    def offer(self) -> None:
        """Something may stand at the origin."""
        if self.alone:
            while not self.registered and self.origin.head() is not None:
                self._go()
        elif not self.registered and self.origin.head() is not None:
            self.run.instant.ask(self.code)

    def changed(self) -> None:
        """The part that was to go next may have been taken by somebody else."""
        if self.registered:
            self.registered = False
            self.target.leave(self)
            self.offer()

    def _choose(self) -> None:
        if not self.registered and self.origin.head() is not None:
            self._go()
            self.offer()

    def _go(self) -> None:
        """Move one part, or wait for room with it."""
        self.registered = not self.target.put(self.part, self)
        if not self.registered:
            self.origin.pull()

    def sent(self, place: Any) -> None:
        """The target has taken the part."""
        self.registered = False
        self.origin.pull()
        self.offer()
