"""What limits the line, in one sentence: a fleet or belt that is busier than every station, else the turning point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from twin.core.plan import Plan
from twin.kpi.bottleneck import turning_point
from twin.report.measure import measure, percent
from twin.report.result.over import over
from twin.report.result.sheet import Answer, Document, conveyors, elements, machines, state_share
from twin.report.words import Lang, say

LEAST = 0.5
"""What is free for more than this share of the opening time limits nothing."""


class Carrier(NamedTuple):
    """A fleet or a belt and the share of time in which it cannot do more."""

    phrase: str
    name: str
    busy: float


def where_to_look(result: Answer, document: Document, lang: Lang = "en") -> str:
    """The fleet or belt that limits the line; else where blocked turns to starved; empty where neither is known."""
    first = busiest(document)
    if first is not None:
        return say(first.phrase, lang, name=first.name, share=percent(first.busy, lang))
    return turning(result, document, lang)


def busiest(document: Document) -> Carrier | None:
    """The fleet or belt that is busy for longer than any station is active, and for half of the opening time."""
    entries = [entry for _, entry in machines(document)]
    active = max((_active(entry) for entry in entries), default=0.0)
    opened = max((1 - state_share(entry, "off", "break") for entry in entries), default=1.0)
    found = [*_fleets(document), *_belts(document)]
    first = max(found, key=lambda one: one.busy, default=None)
    return first if first and first.busy > max(active, LEAST * opened) else None


def _active(entry: Document) -> float:
    """The share of time a station works, is set up, stands or is maintained: not waiting, not closed."""
    return 1 - state_share(entry, "starved", "blocked", "waiting_operator", "off", "break")


def _fleets(document: Document) -> list[Carrier]:
    found = []
    for name, entry in elements(document, "vehicles"):
        busy, charging = (measure(entry.get("kpis", {}).get(key)) for key in ("busy", "charging_share"))
        if busy:
            phrase = "limit_charging" if charging and charging.mean else "limit_fleet"
            found.append(Carrier(phrase, name, busy.mean + (charging.mean if charging else 0.0)))
    return found


def _belts(document: Document) -> list[Carrier]:
    """Belts by what they carry of the most they could; what stops them counts as well."""
    found = []
    for name, entry in conveyors(document):
        if busy := measure(entry.get("kpis", {}).get("busy")):
            stopped = state_share(entry, "repair", "waiting_repair", "micro_stop", "maintenance", "setup")
            found.append(Carrier("limit_belt", name, min(1.0, busy.mean + stopped)))
    return found


def turning(result: Answer, document: Document, lang: Lang = "en") -> str:
    """Where blocked turns to starved along a line, in words; empty where it does not, or there is no single line.

    It is claimed only as far as the intervals say so.
    """
    if not _is_line(result.plan):
        return ""
    entries = machines(document)
    blocked, starved = ([state_share(entry, state) for _, entry in entries] for state in ("blocked", "starved"))
    balance = [b - s for b, s in zip(blocked, starved, strict=True) if b != s]
    if not any(first > 0 > then for first, then in pairwise(balance)):
        return ""
    names, at = [name for name, _ in entries], turning_point(blocked, starved)
    sure = not result.plan.is_random or _told_apart(result, document, names, at)
    return say("turning" if sure else "turning_unsure", lang, name=names[at], n=document.get("replications", 1))


def _is_line(plan: Plan) -> bool:
    """Whether each station of several hands over to one place of its own."""
    outputs = [row.outputs for _, _, row in plan.of("stations")]
    return len(outputs) > 1 and all(len(o) == 1 for o in outputs) and len(set(outputs)) == len(outputs)


def _told_apart(result: Answer, document: Document, names: Sequence[str], at: int) -> bool:
    """Whether the intervals say: what is before is more blocked, what is after more starved, both beside wait more."""
    waits = [[_waits(row, name) for row in result.rows] for name in names]
    before = [[blocked - starved for blocked, starved in one] for one in waits[:at]]
    after = [[starved - blocked for blocked, starved in one] for one in waits[at + 1 :]]
    beside = [
        [sum(other) - sum(own) for other, own in zip(one, waits[at], strict=True)]
        for one in (*waits[max(0, at - 1) : at], *waits[at + 1 : at + 2])
    ]
    means = [over(result, document, values) for values in (*before, *after, *beside)]
    return all(mean is not None and mean.low > 0 for mean in means)


def _waits(row: Mapping[str, float], name: str) -> tuple[float, float]:
    """The shares blocked and starved of a station in one replication."""
    blocked, starved = (row.get(f"elements.{name}.states.{state}", math.nan) for state in ("blocked", "starved"))
    return blocked, starved
