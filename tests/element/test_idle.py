"""Keys that change nothing as the plant is written are told, each with what to write instead."""

from __future__ import annotations

import textwrap

import pytest

import twin.element  # noqa: F401  (registers the kinds)
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.text import parse

PLANT = """
twin: 1
plant: idle keys
flow: [in -> a -> b -> out]
sources: {in: {every: 60 s, limit: 5}}
stations: {a: {cycle: 7 s, by: p, at: [0, 0]}, b: {cycle: 7 s}}
operators: {p: {}}
sinks: {out: {}}
"""
B = "b: {cycle: 7 s"


def warnings(*changes: tuple[str, str]) -> list[str]:
    """What is said of the plant with each first text in place of the second one."""
    text = PLANT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    layout = from_document(parse(textwrap.dedent(text).encode(), "plant.yaml"))
    compile_plan(layout)
    assert all(problem.warning for problem in layout.document.problems)
    return [f"{problem.path}: {problem.text}" for problem in layout.document.problems]


HOURS = "calendars: {c: {cycle: 1 d, open: [0 h-8 h]}}\nsinks"
WALK = ("p: {}", "p: {walking: 1 m/s}")
STOP = ", breakdowns: {j: {mtbf: 1 h, mttr: 1 min}}"


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [WALK],
        [WALK, (B, "b: {cycle: 7 s, by: p, at: [9, 0]")],
        [(B, "b: {hand_over: true, cycle: 7 s" + STOP)],
        [(B, "b: {hand_over: true, cycle: 7 s, calendar: c"), ("sinks", HOURS)],
        [("a: {cycle: 7 s", "a: {cycle: 7 s, priority: 1")],
        [(B, "b: {priority: 1, cycle: 7 s, breakdowns: {j: {mtbf: 1 h, mttr: 1 min, by: p}}")],
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_counts(changes: list[tuple[str, str]]) -> None:
    assert [line for line in warnings(*changes) if "run" not in line] == []


def test_a_way_to_nowhere_takes_no_time() -> None:
    assert "operators.p.walking: the way to 'b' takes no time; write 'at: [x, y]' there" in warnings(
        WALK, (B, "b: {cycle: 7 s, by: p")
    )


def test_a_machine_that_nothing_stops_has_nothing_to_hand_over() -> None:
    told = "stations.b.hand_over: 'hand_over' is for machines that are down or closed, and nothing ever stops these"
    assert f"{told}; take it out" in warnings((B, "b: {cycle: 7 s, hand_over: true"))


def test_a_priority_is_of_tasks_for_people() -> None:
    told = "stations.b.priority: no task here needs people, so none of them comes first; write 'by:' in 'b'"
    assert f"{told}, or take 'priority' out" in warnings((B, "b: {cycle: 7 s, priority: 2"))
