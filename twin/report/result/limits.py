"""What limits the line, in one sentence: a fleet or belt that is busier than every station, else the turning point."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from twin.core.plan import Plan
from twin.kpi.bottleneck import turning_point
from twin.report.measure import measure, percent
from twin.report.result.sheet import Document, conveyors, elements, machines, state_share
from twin.report.words import Lang, say

LEAST = 0.5
"""What is free for more than this share of the opening time limits nothing."""


class Carrier(NamedTuple):
    """A fleet or a belt and the share of time in which it cannot do more."""

    phrase: str
    name: str
    busy: float


def where_to_look(plan: Plan, document: Document, lang: Lang = "en") -> str:
    """The fleet or belt that limits the line; else where blocked turns to starved; empty where neither is known."""
    first = busiest(document)
    if first is not None:
        return say(first.phrase, lang, name=first.name, share=percent(first.busy, lang))
    return turning(plan, document, lang)


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


def turning(plan: Plan, document: Document, lang: Lang = "en") -> str:
    """Where blocked turns to starved along a line, in words; empty where it does not, or there is no single line."""
    outputs = [row.outputs for _, _, row in plan.of("stations")]
    if len(outputs) < 2 or any(len(o) != 1 for o in outputs) or len(set(outputs)) < len(outputs):
        return ""
    entries = machines(document)
    blocked = [state_share(entry, "blocked") for _, entry in entries]
    starved = [state_share(entry, "starved") for _, entry in entries]
    balance = [b - s for b, s in zip(blocked, starved, strict=True) if b != s]
    if not any(first > 0 > then for first, then in pairwise(balance)):
        return ""
    return say("turning", lang, name=entries[turning_point(blocked, starved)][0])
