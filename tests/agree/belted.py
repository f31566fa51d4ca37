"""Random plants in which some buffers are belts, with hours and stops of their own."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from .plants import CLOCKS, Spec, spec, written

FIRST = 100_000
"""Plants of this file have numbers from here on, so that theirs are other plants."""


@cache
def belted(seed: int) -> str:
    """The text of a random plant with belts."""
    return written(with_belts(seed))


def with_belts(seed: int) -> Spec:
    """A random plant with belts; as it was where no buffer can be one."""
    rng, data = Random(FIRST + seed), spec(seed)
    belts: dict[str, Any] = {}
    for name in [name for name in data.get("buffers", {}) if not _gathers(data, name)]:
        if rng.random() < 0.8:
            old = data["buffers"].pop(name)
            belts[name] = _belt(rng, list(data.get("calendars", {})), old.get("prefer"))
            if rng.random() < 0.4:
                _behind(data, name, f"{name}_2")
                belts[f"{name}_2"] = _belt(rng, list(data.get("calendars", {})), None)
    if belts:
        data["conveyors"] = belts
    if not data.get("buffers"):
        data.pop("buffers", None)
    return data


def _gathers(data: dict[str, Any], name: str) -> bool:
    """Whether several parts come to a buffer or leave it at one moment, so that it cannot be a belt."""
    before = [giver for giver, taker in (line.split(" -> ") for line in data["flow"]) if taker == name]
    behind = [taker for giver, taker in (line.split(" -> ") for line in data["flow"]) if giver == name]
    stations = data["stations"]
    return any("gives" in stations.get(giver, {}) for giver in before) or any(
        key in stations.get(taker, {}) for taker in behind for key in ("takes", "batch")
    )


def _behind(data: dict[str, Any], name: str, other: str) -> None:
    """Put another belt behind one."""
    arrows = [line.split(" -> ") for line in data["flow"]]
    moved = [f"{other if giver == name else giver} -> {taker}" for giver, taker in arrows]
    data["flow"] = [*moved, f"{name} -> {other}"]
    for station in (station for station in data["stations"].values() if "prefer" in station):
        station["prefer"] = [other if giver == name else giver for giver in station["prefer"]]


def _belt(rng: Random, calendars: list[str], prefer: list[str] | None) -> dict[str, Any]:
    pitch = rng.randint(1, 3)
    belt: dict[str, Any] = {
        "length": f"{pitch * rng.randint(1, 4) + rng.choice((0, 0, pitch - 1))} m",
        "speed": "1 m/s",
        "pitch": f"{pitch} m",
        "accumulating": rng.random() < 0.5,
    }
    if prefer:
        belt["prefer"] = prefer
    if calendars and rng.random() < 0.5:
        belt |= {"calendar": rng.choice(calendars), "at_end": rng.choice(("stop", "finish"))}
    if rng.random() < 0.4:
        belt["breakdowns"] = {f"f{i}": _mode(rng) for i in range(rng.randint(1, 2))}
    if rng.random() < 0.2:
        every = rng.choice(({"every": f"{rng.randint(3, 9)} s"}, {"every": f"{rng.randint(2, 5)} cycles"}))
        belt["maintenance"] = {"care": {**every, "lasts": f"{rng.randint(1, 3)} s"}}
    if "calendar" in belt and rng.random() < 0.2:
        belt["start_up"] = {"lasts": f"{rng.randint(1, 2)} s", "after": rng.choice(("off", "break"))}
    return belt


def _mode(rng: Random) -> dict[str, Any]:
    clock = rng.choice(CLOCKS)
    up = f"{rng.randint(2, 5)} cycles" if clock == "cycles" else f"{rng.randint(2, 15)} s"
    mode = {"mtbf": {"constant": up}, "mttr": {"constant": f"{rng.randint(1, 4)} s"}, "clock": clock}
    return mode | ({"micro_stop": True} if rng.random() < 0.3 else {})
