"""Deadlock: parts that wait for each other's places, found by asking which machines can ever move again."""

from __future__ import annotations

from typing import Any

from twin.core.ledger import BLOCKED
from twin.core.plan import show_time
from twin.core.run import Run


def deadlock(run: Run) -> str | None:
    """One line that names the ring of parts that wait for each other's places; None when there is none.

    A place can get room when it has room or when somebody who can move takes from it; a blocked machine can
    move when a place it waits for can get room; what is not blocked can move. The rest can never move again.
    """
    stuck = {m.index: m for m in run.machines if m.doing == BLOCKED and m.part is not None and m.target is not None}
    free = {m.rank for m in run.machines if m.index not in stuck}
    while True:
        moving = [m for m in stuck.values() if any(_can_get_room(run, p, free, set()) for p in targets(m))]
        if not moving:
            break
        for machine in moving:
            free.add(machine.rank)
            del stuck[machine.index]
    return _ring(run, stuck) if stuck else None


def targets(machine: Any) -> list[Any]:
    """The places a blocked machine waits for."""
    return list(getattr(machine.target, "places", [machine.target]))


def _can_get_room(run: Run, place: Any, free: set[int], seen: set[int]) -> bool:
    if place.n < place.capacity or id(place) in seen:
        return id(place) not in seen
    seen.add(id(place))
    movers = [m for m in run.movers if m.origin is place]
    return any(_can_get_room(run, m.target, free, seen) for m in movers) or any(
        taker in free for taker in place.row.takers
    )


def _ring(run: Run, stuck: dict[int, Any]) -> str:
    names = run.plan.elements
    machine = next(iter(stuck.values()))
    seen: list[int] = []
    while machine.rank not in seen:
        seen.append(machine.rank)
        following = _next(run, machine, stuck)
        if following is None:
            break
        machine = following
    ring = [names[rank].name for rank in seen[seen.index(machine.rank) :]]
    now = show_time(run.env.now)
    way = " -> ".join([*ring, ring[0]])
    return f"deadlock, found at {now}: {way}: each holds a part and waits for the next one's place"


def _next(run: Run, machine: Any, stuck: dict[int, Any]) -> Any:
    """A stuck machine that holds the place this one waits for."""
    takers = [taker for place in targets(machine) for taker in _takers(run, place, set())]
    return next((m for m in stuck.values() if m.rank in takers), None)


def _takers(run: Run, place: Any, seen: set[int]) -> list[int]:
    if id(place) in seen:
        return []
    seen.add(id(place))
    beyond = [taker for m in run.movers if m.origin is place for taker in _takers(run, m.target, seen)]
    return [*place.row.takers, *beyond]


def standing(run: Run) -> str:
    """Where parts stand that will never move, for a plant that cannot empty."""
    names = run.plan.elements
    found = [names[m.rank].name for m in run.machines if m.part is not None]
    found += [place.row.name for place in run.places if place.standing()]
    return ", ".join(dict.fromkeys(found))
