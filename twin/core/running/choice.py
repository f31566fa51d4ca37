"""Choices of an instant: a station among parts (inlet), a part among places (outlet)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from twin.core.instant import AFTER_ALL
from twin.core.plan import Micro, ProductId
from twin.core.run import Run
from twin.core.running.part import Part


class Missing(NamedTuple):
    """What a kit or load lacks and never gets."""

    place: Any
    """Where it would have to come."""
    kin: Any = None
    """Of which order it would have to be, where only parts of one order are joined; else None."""
    body: Any = None
    """Where the part stands to which it would be joined."""


class Hope(Protocol):
    """What can still happen in a plant that may be stuck."""

    def parts(self, place: Any) -> list[Part]:
        """The parts that stand at a place; of a supply without end one of each product."""

    def parts_at(self, place: Any) -> float:
        """How many stand there."""

    def fed(self, place: Any) -> bool:
        """Whether a part can still come to a place."""

    def coming(self, place: Any) -> set[ProductId]:
        """The products of parts that can still come to a place."""

    def free(self, loop: Any) -> int:
        """Cards of a loop that are free or can come back."""

    def stays(self, holder: Any) -> bool:
        """Whether parts stand there that can never move."""

    def may_come(self, kin: Any, place: Any) -> bool:
        """Whether a part of an order can still come to a place."""


class Inlet:
    """The free machines of a station and the places they take from.

    The part that has waited longest goes first (then declared order of where it stands), unless the
    station prefers a place; of several free machines the first takes it. A machine has ``number`` and
    ``got(part)``.
    """

    def __init__(self, run: Run, rank: int, places: Sequence[Any], prefer: Sequence[int] = ()) -> None:
        self.run, self.env, self.places = run, run.env, list(places)
        self.only = places[0] if len(places) == 1 else None
        self.calm, self.ask, self.moment = run.calm, run.instant.ask, run.moment
        self.idle: list[tuple[int, Any]] = []
        self.code = run.instant.join(rank, self.choose)
        self.before = self.code if run.cards is None else AFTER_ALL
        """The choices that may still be open when a machine takes a part on the spot are those after this code."""
        self._prefer = {owner: -len(prefer) + i for i, owner in enumerate(prefer)}
        for place in places:
            place.inlets.append(self)

    def take(self, machine: Any) -> Part | None:
        """The next part, or None when it has to wait (then ``machine.got`` follows)."""
        place = self.best()
        if place is not None and self.calm(self.before) and (place.content or place.chooser() is None):
            return place.pull()  # type: ignore[no-any-return]
        insort(self.idle, (machine.number, machine))
        if place is not None:
            self.ask(self.code)
        return None

    def leave(self, machine: Any) -> None:
        """The machine no longer waits."""
        self.idle = [entry for entry in self.idle if entry[1] is not machine]

    def offer(self) -> None:
        """Something may stand at one of the places."""
        if self.idle:
            self.ask(self.code)

    def changed(self) -> None:
        """What stood at a place may have gone; nothing is remembered of it."""

    def missing(self, hope: Hope, place: Any) -> list[Missing]:
        """What a machine needs beside the parts of a place and can never get."""
        return []

    def best(self) -> Any:
        """The place whose part goes next; None when nothing stands there."""
        only = self.only
        if only is not None:
            return only if (only.content and not only.dynamic) or only.offers() else None
        found = None
        for place in self.places:
            first = place.first()
            if first is not None:
                key = (first[0], self._preferred(place), *first[1:])
                if found is None or key < found[0]:
                    found = (key, place)
        return found[1] if found else None

    def _preferred(self, place: Any) -> int:
        stands_at = place.row.givers[0] if not place.capacity else place.owner
        return self._prefer.get(stands_at, 0)

    def choose(self) -> None:
        """Let the first free machine take the part that goes next."""
        if not self.idle:
            return
        place = self.only
        if place is None or not place.content or place.dynamic:
            place = self.best()
        if place is None:
            return
        outlet = None if place.content else place.chooser()
        if outlet is not None:
            self.ask(outlet.code)
            return
        self._hand(place)
        if self.idle and self.best() is not None:
            self.ask(self.code)

    def _hand(self, place: Any) -> None:
        """Give the first free machine the part that goes next at a place."""
        machine = self.idle.pop(0)[1]
        machine.got(place.pull())


class Waiting:
    """Machines that wait with a part at several places at once, the longest waiting first."""

    def __init__(self, run: Run, rank: int) -> None:
        self.run = run
        self.waiting: list[tuple[Micro, int, Any]] = []
        self.code = run.instant.join(rank, self._choose)

    def _choose(self) -> None:
        """Send the part of one machine that can go."""
        raise NotImplementedError

    def _line_up(self, machine: Any) -> None:
        """Wait at every place that the machine's part may go to."""
        insort(self.waiting, (machine.ready, machine.number, machine))
        for place in machine.among.places:
            place.queue_up(machine)
        self.run.instant.ask(self.code)

    def leave(self, machine: Any) -> None:
        """The machine no longer waits to give."""
        machine.outlet = None
        self.waiting = [entry for entry in self.waiting if entry[2] is not machine]
        for place in machine.among.places:
            place.leave(machine)


class Outlet(Waiting):
    """Finished parts of a station (or source) that may go to one of several places.

    ``shortest`` looks first where the fewest parts stand (work included), else declared order counts.
    """

    def give(self, machine: Any, among: Among) -> bool:
        """Send the machine's part; False when it has to wait (then ``machine.sent`` follows)."""
        machine.outlet, machine.among = self, among
        if not among.doors and self.run.calm() and (place := among.pick(machine)) is not None:
            machine.outlet = None
            return place.put(machine.part, machine)  # type: ignore[no-any-return]
        self._line_up(machine)
        return False

    def _choose(self) -> None:
        for _, _, machine in self.waiting:
            place = machine.among.pick(machine)
            if place is not None:
                self._send(machine, place)
                return

    def _send(self, machine: Any, place: Any) -> None:
        self.waiting = [entry for entry in self.waiting if entry[2] is not machine]
        machine.outlet = None
        for other in machine.among.places:
            if other is not place:
                other.leave(machine)
        if place.capacity:
            place.admit(machine)
        else:
            place.hand_over(machine)
        if self.waiting:
            self.run.instant.ask(self.code)


class Among:
    """The places a part may go to from one station, as one target with the face of a place."""

    private = direct = False

    def __init__(self, outlet: Outlet, places: Sequence[Any], shortest: bool) -> None:
        self.outlet, self.places, self.shortest = outlet, list(places), shortest
        self.doors = any(not place.capacity for place in places)
        """Whether some are direct arrows: whether those are free is known once the part waits at them."""

    def put(self, part: Part, machine: Any) -> bool:
        """Give a part to the place that is chosen for it."""
        return self.outlet.give(machine, self)

    def leave(self, machine: Any) -> None:
        """Stop waiting to give."""
        self.outlet.leave(machine)

    def pick(self, machine: Any) -> Any:
        """The place that takes the part now, or None."""
        places = sorted(self.places, key=self._load) if self.shortest else self.places
        return next((place for place in places if place.open_to(machine)), None)

    def _load(self, place: Any) -> int:
        owner = place.run.parts.get(place.owner)
        return int(place.n + (owner.in_work() if hasattr(owner, "in_work") else 0))
