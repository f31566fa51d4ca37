"""Random plants in which vehicles travel some of the arrows, with drivers and batteries."""

from __future__ import annotations

import itertools
from functools import cache
from random import Random
from typing import Any

from .plants import Spec, spec, written

FIRST = 300_000
"""Plants of this file have numbers from here on, so that theirs are other plants."""
Arrow = tuple[str, str]


@cache
def driven(seed: int) -> str:
    """The text of a random plant with vehicles; empty where no arrow can be served."""
    return written(found) if (found := with_vehicles(seed)) else ""


def with_vehicles(seed: int) -> Spec:
    """A random plant with vehicles; empty where no arrow can be served."""
    rng, data = Random(FIRST + seed), spec(seed)
    arrows = [(a, b) for line in data.get("flow", []) for a, b in itertools.pairwise(line.split(" -> "))]
    served = [arrow for arrow in arrows if rng.random() < 0.7 and _can_be_served(rng, data, arrows, arrow)]
    if not served:
        return {}
    cut = rng.randint(1, len(served)) if rng.random() < 0.4 else len(served)
    fleets = [part for part in (served[:cut], served[cut:]) if part]
    section = {f"v{i}": _fleet(rng, data, part) for i, part in enumerate(fleets)}
    return {"vehicles": section, **data} if rng.random() < 0.5 else {**data, "vehicles": section}


def _can_be_served(rng: Random, data: dict[str, Any], arrows: list[Arrow], arrow: Arrow) -> bool:
    giver, taker = arrow
    sender, station = data["stations"].get(giver, {}), data["stations"].get(taker)
    several = sum(a == giver for a, _ in arrows) > 1
    if "gives" in sender or (several and sender.get("send") in ("first_free", "shortest_queue")):
        return False
    if station is None:
        return True
    if "takes" in station:
        return False
    station.setdefault("queue", {"capacity": rng.randint(1, 3)})
    if "batch" in station:
        station["queue"]["capacity"] = 12
    return True


def _fleet(rng: Random, data: dict[str, Any], served: list[Arrow]) -> dict[str, Any]:
    names = sorted({name for arrow in served for name in arrow})
    table: dict[str, dict[str, str]] = {}
    for a, b in itertools.permutations(names, 2):
        if a < b or rng.random() < 0.2:
            table.setdefault(a, {})[b] = f"{rng.randint(0, 3)} m"
    fleet: dict[str, Any] = {
        "count": rng.randint(1, 3),
        "carries": rng.choice((1, 1, 2, 4)),
        "speed": "1 m/s",
        "serves": [f"{a} -> {b}" for a, b in rng.sample(served, len(served))],
        "distances": table,
        "load_time": f"{rng.randint(0, 2)} s",
    }
    if rng.random() < 0.5:
        fleet["unload_time"] = f"{rng.randint(0, 2)} s"
    if rng.random() < 0.4:
        fleet["home"] = rng.choice(names)
    skills = sorted({s for group in data.get("operators", {}).values() if "tour" not in group for s in group["skills"]})
    if skills and rng.random() < 0.5:
        fleet |= {"by": rng.choice(skills), "priority": rng.randint(-1, 2)}
    if rng.random() < 0.3:
        fleet["battery"] = {"lasts": f"{rng.randint(2, 12)} s", "charge": f"{rng.randint(1, 6)} s", "below": "20 %"}
    return fleet
