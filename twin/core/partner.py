"""Parts that wait for partners which no source can still send: once nothing else is left, they end a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.core.gather import Assembly, Branches, Loading
from twin.core.ledger import BLOCKED
from twin.core.plan import ElementId
from twin.core.run import Run


def waits_for_partners(run: Run, *, settled: bool = False) -> bool:
    """Whether all parts inside wait, themselves or behind others, at machines that lack parts to begin.

    Asked once the sources are spent; then nothing inside ever moves again.

    Args:
        run: the plant as it stands.
        settled: whether nothing is on its way any more (else belts and vehicles may carry parts on).
    """
    standing = _Standing(run)
    if not standing.still or not (settled or (not run.vehicles and all(place.rests() for place in run.places))):
        return False
    held = [machine for machine in run.machines if machine.part is not None]
    there = [place for place in run.places if place.standing()]
    found = sum(len(holder.standing()) for holder in (*held, *there))
    return found == run.account.inside and all(map(standing.is_held, held)) and all(map(standing.is_stuck, there))


class _Standing:
    """The elements at which nothing moves any more, found outwards from the machines that lack parts."""

    def __init__(self, run: Run) -> None:
        lacking = {m.rank for m in run.machines if isinstance(m.inlet, (Assembly, Loading)) and m.inlet.lacks()}
        self.lacking, self.still = lacking, set[ElementId]()
        machines: dict[ElementId, list[Any]] = {}
        for machine in run.machines:
            machines.setdefault(machine.rank, []).append(machine)
        buffers = {place.owner: place for place in run.places if place.capacity and place.owner not in machines}
        before = -1
        while len(self.still) > before:
            before = len(self.still)
            self.still |= {rank for rank, group in machines.items() if all(map(self.is_held, group))}
            self.still |= {rank for rank, place in buffers.items() if not place.opens() and self.is_stuck(place)}

    def is_held(self, machine: Any) -> bool:
        """Whether a machine can neither begin nor hand on."""
        if machine.part is None:
            return machine.rank in self.lacking
        target = machine.target
        if machine.doing != BLOCKED or target is None:
            return False
        shut: Iterable[bool] = (self._shut(place) for place in getattr(target, "places", [target]))
        return any(shut) if isinstance(target, Branches) else all(shut)

    def _shut(self, place: Any) -> bool:
        return hasattr(place, "row") and not place.opens() and self.is_stuck(place)

    def is_stuck(self, place: Any) -> bool:
        """Whether nobody ever takes what stands at a place."""
        takers = place.row.takers
        return bool(takers) and all(taker in self.still for taker in takers)
