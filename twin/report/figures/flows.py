"""How many parts went from where to where in the measured time of one replication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from twin.core.plan import ElementId, Micro, Plan
from twin.report.ways.journey import Journey

PASSED = ("buffers", "conveyors")
"""Sections that parts pass on their way from station to station; what stands there is counted where it came from."""
Count = Counter[ElementId]


@dataclass
class Flows:
    """Counts of parts. What comes to an element is what goes: see ``came`` and ``went``."""

    between: Counter[tuple[ElementId, ElementId]] = field(default_factory=Counter)
    """(giver, taker) → parts, buffers and belts between them left out."""
    stood: Count = field(default_factory=Counter)
    """Parts at an element, or in what follows it, as the measured time began."""
    stands: Count = field(default_factory=Counter)
    """The same as it ended."""
    entered: Count = field(default_factory=Counter)
    """Parts that came into being: at a source, or where others were taken apart."""
    left: Count = field(default_factory=Counter)
    """Parts that left through a sink."""
    scrapped: Count = field(default_factory=Counter)
    joined: Count = field(default_factory=Counter)
    """Parts that ended in others."""

    def came(self, element: ElementId) -> int:
        """Parts that came to an element, those that stood there included."""
        return (
            self.stood[element] + self.entered[element] + sum(n for (_, b), n in self.between.items() if b == element)
        )

    def went(self, element: ElementId) -> int:
        """Parts that went from an element or ended there, those that stand there included."""
        ended = (self.left, self.scrapped, self.joined, self.stands)
        return sum(one[element] for one in ended) + sum(n for (a, _), n in self.between.items() if a == element)


def flows(plan: Plan, found: Iterable[Journey], low: Micro) -> Flows:
    """The counts from ``low`` (µs) to the end of the run."""
    passed = {i for section in PASSED for i, _, _ in plan.of(section)}
    sinks = {i for i, _, _ in plan.of("sinks")}
    counted = Flows()
    for journey in found:
        if journey.end >= low and journey.fate != "refused":  # what is turned away never was in the plant
            _count(counted, journey, _stops(journey, passed, sinks), low)
    return counted


def _stops(journey: Journey, passed: set[ElementId], sinks: set[ElementId]) -> list[tuple[ElementId, Micro]]:
    """(element, since) of the elements that are drawn, each once in a row."""
    born = journey.before[-1:]
    stops: list[tuple[ElementId, Micro]] = [(step.element, journey.steps[0].time) for step in born]
    for step in journey.steps:
        again = stops and stops[-1][0] == step.element
        if step.element not in passed and not again:
            stops.append((step.element, step.time))
    if journey.fate == "joined":
        stops.append((journey.at, journey.end))
    return stops


def _count(counted: Flows, journey: Journey, stops: Sequence[tuple[ElementId, Micro]], low: Micro) -> None:
    if not stops:
        return
    first = sum(since < low for _, since in stops)
    if first:
        counted.stood[stops[first - 1][0]] += 1
    else:
        counted.entered[stops[0][0]] += 1
    for (a, _), (b, _) in zip(stops[max(0, first - 1) :], stops[max(1, first) :], strict=False):
        counted.between[a, b] += 1
    ends = {"inside": counted.stands, "left": counted.left, "scrapped": counted.scrapped,
            "joined": counted.joined}  # fmt: skip
    ends[journey.fate][stops[-1][0]] += 1
