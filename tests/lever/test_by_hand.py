"""A lever makes the plant that an engineer would write by hand: the same plan, value by value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lever.pulling import PLANT, lever
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.text import parse

MATRIX = "{A: {B: 18 min}, B: {A: 25 min}}"
WELD = "{A: 38 s, other: {normal: {mean: 44 s, sd: 3 s}}}"
SHIFTS = "{mon-fri: [06:00-14:00, 14:00-22:00]}"
HANDS = "    load: {time: 4 s}"
QUALITY = "{scrap: {A: 2 %, other: 3 %}, rework: {share: 4 %, to: weld, at_most: 1}}"
JAM = "{mtbf: 6 h, mttr: {lognormal: {mean: 12 min"
BY = ("    by: pressing\n    setup", "    setup")
QUEUE = "    queue: {}\n"


def change(path: str, action: str) -> str:
    return f"{{change: {{'{path}': {action}}}}}"


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        (change("stations.press.cycle", "{scale: 0.5}"), [("[28 s, 30 s, 36 s]", "[14 s, 15 s, 18 s]")]),
        (change("stations.press.cycle", "{add: 2 s}"), [("[28 s, 30 s, 36 s]", "[30 s, 32 s, 38 s]")]),
        (change("stations.press.cycle.triangular[1]", "32 s"), [("30 s, 36 s", "32 s, 36 s")]),
        (change("stations.weld.cycle", "{scale: 0.5}"),
         [(WELD, "{A: 19 s, other: {normal: {mean: 22 s, sd: 1.5 s}}}")]),
        (change("stations.weld.cycle.A", "remove"), [(WELD, "{other: {normal: {mean: 44 s, sd: 3 s}}}")]),
        (change("stations.press.breakdowns.jam", "{scale: 2}"),
         [(JAM, "{mtbf: 12 h, mttr: {lognormal: {mean: 24 min")]),
        (change("stations.press.setup.matrix.A", "{scale: 0.5}"), [(MATRIX, "{A: {B: 9 min}, B: {A: 25 min}}")]),
        (change("stations.press.power", "{scale: 2}"),
         [("{working: 22 kW, idle: 5 kW}", "{working: 44 kW, idle: 10 kW}")]),
        (change("stations.test.quality.rework", "remove"), [(QUALITY, "{scrap: {A: 2 %, other: 3 %}}")]),
        (change("stations.weld.quality.scrap", "{drawn: {uniform: [1 %, 3 %]}}"),
         [(QUEUE, QUEUE + "    quality: {scrap: 2 %}\n")]),
        (change("energy.electricity", "{scale: 0.5}"),
         [("{price: 0.14 EUR/kWh, carbon: 52 g/kWh}", "{price: 0.07 EUR/kWh, carbon: 26 g/kWh}")]),
        ("{change: {sources.sheets.arrivals: remove, sources.sheets.every: {exponential: 50 s}}}",
         [("arrivals: saturated", "every: {exponential: 50 s}")]),
        (change("flow[0]", "sheets -> press -> rack -> test -> weld -> shipped"), [("weld -> test", "test -> weld")]),
        ("{smed: {station: press, scale: 0.4}}", [(MATRIX, "{A: {B: 7.2 min}, B: {A: 10 min}}")]),
        ("{shift: {calendar: two_shifts, add: {mon: [22:00-06:00]}}}",
         [(SHIFTS, "{mon: [06:00-14:00, 14:00-22:00, 22:00-06:00], tue-fri: [06:00-14:00, 14:00-22:00]}")]),
        ("{machine: {station: weld, add: 2}}", [(QUEUE, QUEUE + "    machines: 3\n")]),
        ("{skill: {group: welding, add: [pressing]}}", [("{count: 1, wage", "{skills: [welding, pressing], wage")]),
        ("{tpm: {station: press, mtbf: {scale: 1.5}, mttr: {scale: 0.5}}}",
         [(JAM, "{mtbf: 9 h, mttr: {lognormal: {mean: 6 min"),
          ("scale: 240 h}}, mttr: 2 h", "scale: 360 h}}, mttr: 1 h")]),
        ("{maintenance: {station: press, task: greasing, on: [sat 06:00]}}", [("every: 40 h", "on: [sat 06:00]")]),
        ("{quality: {station: test, scrap: {scale: 0.5}, rework: 2 %, repeat: 1 %}}",
         [(QUALITY, "{scrap: {A: 1 %, other: 1.5 %}, repeat: 1 %, rework: {share: 2 %, to: weld, at_most: 1}}")]),
        ("{rebalance: {from: weld, to: test, move: 5 s}}",
         [(WELD, "{A: 33 s, other: {normal: {mean: 39 s, sd: 3 s}}}"), ("cycle: 25 s", "cycle: 30 s")]),
        ("{automate: {station: press, load: 3 s, cycle: same, unload: same, people: {team: 1}}}",
         [(HANDS, "    load: {time: 3 s}"), BY, ("{count: 2, skills", "{count: 1, skills")]),
        ("{automate: {station: press, cycle: 20 s}}",
         [(HANDS, "    load: {time: 4 s, by: pressing}"), BY, ("{time: 9 s}", "{time: 9 s, by: pressing}"),
          ("{triangular: [28 s, 30 s, 36 s]}", "20 s")]),
    ],
)  # fmt: skip
def test_a_lever_writes_what_a_hand_would(text: str, edits: list[tuple[str, str]], tmp_path: Path) -> None:
    hand = PLANT.read_text(encoding="utf-8")
    for old, new in edits:
        assert hand.count(old) == 1, old
        hand = hand.replace(old, new)
    made, expected = lever(tmp_path, text).case("a").plan, compile_plan(from_document(parse(hand.encode(), str(PLANT))))
    assert made.describe() == expected.describe()
