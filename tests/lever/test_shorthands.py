"""What each shorthand expands to, change by change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lever.pulling import lever, shown, study, words

SETUP = "{first: A, matrix: {A: {B: 18 min}, B: {A: 25 min}}, by: pressing}"
HALF = "{first: A, matrix: {A: {B: 9 min}, B: {A: 12.5 min}}, by: pressing}"
WEIBULL = "{weibull: {shape: 1.8, scale: 240 h}} -> {weibull: {shape: 1.8, scale: 480 h}}"
WELD = "cards.kanban_weld: None -> {limit: 6, over: [weld, rack]}"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("{smed: {station: press, scale: 0.5}}",
         [f"stations.press.setup: {SETUP} -> {HALF}"]),
        ("{smed: {station: weld, setup: 3 min}}", ["stations.weld.setup: None -> 3 min"]),
        ("{smed: [{station: weld, setup: 3 min}, {station: test, setup: 1 min}]}",
         ["stations.weld.setup: None -> 3 min", "stations.test.setup: None -> 1 min"]),
        ("{tpm: {station: press, mtbf: {scale: 2}}}",
         ["stations.press.breakdowns.jam.mtbf: 6 h -> 12 h",
          f"stations.press.breakdowns.belt.mtbf: {WEIBULL}"]),
        ("{tpm: {station: press, mode: belt, mttr: 1 h}}", ["stations.press.breakdowns.belt.mttr: 2 h -> 1 h"]),
        ("{buffer: {name: rack, add: -4}}", ["buffers.rack.capacity: 10 -> 6"]),
        ("{buffer: {name: rack, capacity: unlimited}}", ["buffers.rack.capacity: 10 -> unlimited"]),
        ("{kanban: {over: [weld, rack], cards: 6}}", [WELD]),
        ("{kanban: {over: [weld], cards: 3, name: loop, products: [A]}}",
         ["cards.loop: None -> {limit: 3, over: [weld], products: [A]}"]),
        ("{conwip: {cards: 9}}", ["cards.conwip: None -> {limit: 9, over: [press, weld, test, rack]}"]),
        ("{crew: {group: fitters, add: 1}}", ["operators.fitters.count: 1 -> 2"]),
        ("{crew: {group: team, count: 5}}", ["operators.team.count: 2 -> 5"]),
        ("{skill: {group: welding, add: [pressing]}}", ["operators.welding.skills: None -> [welding, pressing]"]),
        ("{shift: {calendar: two_shifts, add: {sat: [06:00-14:00]}}}",
         ["calendars.two_shifts.week.sat: None -> [06:00-14:00]"]),
        ("{shift: {calendar: two_shifts, add: {mon-fri: [22:00-06:00]}}}",
         ["calendars.two_shifts.week.mon-fri: [06:00-14:00, 14:00-22:00] -> [06:00-14:00, 14:00-22:00, 22:00-06:00]"]),
        ("{shift: {calendar: two_shifts, breaks: [12:00-12:30]}}",
         ["calendars.two_shifts.breaks: [09:30-09:45, 12:00-12:30] -> [12:00-12:30]"]),
        ("{machine: {station: weld}}", ["stations.weld.machines: 1 -> 2"]),
        ("{automate: {station: press, unload: 7 s, cycle: same, people: {team: 1}}}",
         ["stations.press.unload: {time: 9 s} -> {time: 7 s}", "stations.press.load.by: None -> pressing",
          "stations.press.by: pressing -> None", "operators.team.count: 2 -> 1"]),
        ("{automate: {station: weld, cycle: 30 s, people: {welding: 1}}}",
         ["stations.weld.cycle: {A: 38 s, other: {normal: {mean: 44 s, sd: 3 s}}} -> 30 s",
          "stations.weld.by: welding -> None", "operators.welding: {count: 1, wage: 30 EUR/h} -> None"]),
        ("{quality: {station: test, scrap: {scale: 0.5}, rework: 1 %}}",
         ["stations.test.quality.scrap: {A: 2 %, other: 3 %} -> {A: 1 %, other: 1.5 %}",
          "stations.test.quality.rework.share: 4 % -> 1 %"]),
        ("{rebalance: {from: press, to: test, move: 6 s}}",
         ["stations.press.cycle: {triangular: [28 s, 30 s, 36 s]} -> {triangular: [22 s, 24 s, 30 s]}",
          "stations.test.cycle: 25 s -> 31 s"]),
        ("{maintenance: {station: press, task: greasing, every: {scale: 0.5}, lasts: 15 min}}",
         ["stations.press.maintenance.greasing.every: 40 h -> 20 h",
          "stations.press.maintenance.greasing.lasts: 20 min -> 15 min"]),
        ("{maintenance: {station: press, task: greasing, on: [sat 06:00]}}",
         ["stations.press.maintenance.greasing.every: 40 h -> None",
          "stations.press.maintenance.greasing.on: None -> [sat 06:00]"]),
        ("{maintenance: {station: test, task: lens, on: [sat 06:00], lasts: 5 min}}",
         ["stations.test.maintenance.lens: None -> {lasts: 5 min, on: [sat 06:00]}"]),
    ],
)  # fmt: skip
def test_expansion(text: str, changes: list[str], tmp_path: Path) -> None:
    one = lever(tmp_path, text)
    assert shown(one) == changes
    assert one.case("a").plan.digest != one.case("baseline").plan.digest


def test_a_loop_that_is_there_is_changed(tmp_path: Path) -> None:
    text = "levers:\n  pull: {kanban: {over: [weld, rack], cards: 6}}\n"
    more = (
        "  more: {kanban: {over: [rack, weld], cards: {add: 2}}, after: [pull]}\nscenarios: {b: [], a: [more, pull]}\n"
    )
    assert shown(study(tmp_path, text + more)) == [WELD, "cards.kanban_weld.limit: 6 -> 8"]


def test_work_that_moves_is_one_draw(tmp_path: Path) -> None:
    case = lever(tmp_path, "{rebalance: {from: test, to: weld, move: {pert: [4 s, 6 s, 9 s]}}}").case("a")
    assert [one.stream for one in case.effects] == ["lever a#rebalance.test.weld"] * 2
    for k in range(20):
        less, more = (one.at(case.plan.seed, k) for one in case.effects)
        assert less == -more
        assert 4 <= more <= 9


def test_a_factor_of_all_breakdowns_is_one_draw(tmp_path: Path) -> None:
    case = lever(tmp_path, "{tpm: {station: press, mtbf: {scale: {uniform: [1.1, 1.9]}}}}").case("a")
    jam, belt = case.effects
    assert jam.path != belt.path
    assert jam.stream == belt.stream == "lever a#tpm.press.mtbf"
    assert [jam.at(1, k) for k in range(5)] == [belt.at(1, k) for k in range(5)]


def test_a_field_of_a_shorthand_is_told_at_its_place(tmp_path: Path) -> None:
    assert words(tmp_path, "{smed: {station: press, scale: {prt: [0.4, 0.5, 0.6]}}}") == [
        "smed.scale.prt: unknown law 'prt' (pert)"
    ]
