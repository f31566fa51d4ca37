"""Absences laid over random plants: groups some of which are away now and then."""

from __future__ import annotations

from random import Random
from typing import Any

import yaml

from .plants import Spec, plant

CLOCKS = ("working", "shift", "calendar")


def with_absences(seed: int, text: str = "") -> str:
    """A random plant in which people are away now and then; empty when it has no people."""
    rng, found = Random(seed), yaml.safe_load(text or plant(seed))
    groups: dict[str, Spec] = found.get("operators") or {}
    for group in groups.values():
        group["breakdowns"] = {word: _absence(rng) for word in ("ill", "called")[: rng.randint(1, 2)]}
    if groups and rng.random() < 0.4:
        found["operators"]["fitter"] = {"skills": ["repair"], "walking": "1 m/s"}
        for group in groups.values():
            for one in group.get("breakdowns", {}).values():
                one |= {"by": "repair"} if rng.random() < 0.5 else {}
    return str(yaml.safe_dump(found, sort_keys=False)) if groups else ""


def _absence(rng: Random) -> Spec:
    up, away = f"{rng.randint(2, 12)} s", f"{rng.randint(1, 4)} s"
    found: dict[str, Any] = {"mtbf": {"constant": up}, "mttr": {"constant": away}}
    if rng.random() < 0.7:
        found["clock"] = rng.choice(CLOCKS)
    if rng.random() < 0.6:
        found["task"] = rng.choice(("finish", "stop"))
    if rng.random() < 0.2:
        found["first"] = rng.choice((f"{rng.randint(1, 3)} s", "running"))
    return found
