"""Stops in closed hours, from a made-up log to the law of the repair: cut at ends of shifts, or two in one night."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import twin.element  # noqa: F401  registers calendars, for the reading files
from twin.calibrate.cleaning.clean import clean
from twin.calibrate.evidence.observe import observe
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.found import Evidence
from twin.calibrate.history.log import read_log
from twin.calibrate.history.reading import read_reading
from twin.calibrate.rows import MICRO_STOP
from twin.calibrate.synthetic import Dirt, Hours, Machine, Mode, Truth, generate, law

from .dirty import SHIFTS, Read, row, stretches
from .test_clean import left, modes, of

READ = Read(micro_threshold=0, table=SHIFTS)
"""Open in the minutes 0 to 12 of 20."""


@pytest.mark.parametrize(
    "spans", [[(13, 15), (16, 18)], [(8, 12), (16, 18)], [(14, 16), (20, 22)], [(8, 11.9), (20, 22)]]
)
def test_two_failures_of_one_night_stay_two(spans: list[tuple[float, float]]) -> None:
    found = left(*(row(*span, mode="chips") for span in spans), read=READ)
    assert len(found) == 2


def test_a_second_about_the_closing_and_the_opening_is_still_exact() -> None:
    second = 1 / 60
    assert of(row(8, 12 - second, mode="chips"), row(20 + second, 23, mode="chips"), read=READ).rows.n == 1
    assert of(row(8, 12 - second, mode="chips"), row(20 + 2 * second, 23, mode="chips"), read=READ).rows.n == 2
    assert of(row(8, 12 - second), read=READ).at_closing.all()
    assert not of(row(8, 12 - 2 * second), read=READ).at_closing.any()


def test_micro_stops_go_on_as_others_do_and_closed_hours_make_them_no_longer() -> None:
    read = Read(table=SHIFTS)
    named = of(row(11, 12, MICRO_STOP, "chips"), row(20, 21, MICRO_STOP, "chips"), read=read)
    assert (stretches(named.rows), modes(named)) == ([(11, 21, "micro_stop")], ["chips"])
    bare = of(row(11, 12), row(20, 21), row(24, 26), row(44, 47), read=read)
    assert stretches(bare.rows) == [(11, 21, "micro_stop"), (24, 26, "micro_stop"), (44, 47, "breakdown")]
    assert [name for *_, name in left(row(10, 12), row(20, 22), read=read)] == ["breakdown"]  # 4 minutes together


# -- from the log to the law

SEEDS = 10
MEAN = 3000.0
"""Of the repair, s; its CV is 1."""
SITUATIONS = {
    "closed by hand at each end of a shift": Dirt(shift_cuts=True, resolution=1.0),
    "the same in whole minutes": Dirt(shift_cuts=True, resolution=60.0),
    "as they were, several in a night": Dirt(resolution=1.0),
}


def seen(folder: Path, seed: int, dirt: Dirt, micro_stop: bool) -> Evidence:
    """What is observed of two machines that fail day and night, in a plant of two shifts on weekdays."""
    repair = law({"lognormal": {"mean": "50 min", "cv": 1}})
    mode = Mode("pump", law("9 h"), repair, clock="calendar", micro_stop=micro_stop)
    machines = tuple(Machine(f"P{number}", "pumps", number, (mode,), hours=Hours()) for number in (1, 2))
    history = generate(Truth(machines, days=56), seed, dirt)
    history.write_csv(folder / "stops.csv")
    (folder / "reading.yaml").write_text(history.reading_text(), encoding="utf-8")
    reading = read_reading(folder / "reading.yaml")
    return observe(clean(read_log(reading).rows, reading), reading).modes[0]


@pytest.mark.parametrize("micro_stop", [False, True], ids=["breakdowns", "micro-stops"])
@pytest.mark.parametrize("dirt", SITUATIONS.values(), ids=SITUATIONS)
def test_the_repair_has_the_law_it_was_drawn_from(tmp_path: Path, dirt: Dirt, micro_stop: bool) -> None:
    found = [seen(tmp_path, seed, dirt, micro_stop).repair for seed in range(SEEDS)]
    repairs, time = sum(one.failures for one in found), sum(one.exposure for one in found)
    assert repairs > 2000
    assert abs(time / repairs / MEAN - 1) < 4.4 / math.sqrt(repairs)  # its CV is 1
    low, high = zip(*(posterior(one).interval90 for one in found), strict=True)
    assert sum(a <= MEAN <= b for a, b in zip(low, high, strict=True)) >= 6  # Binomial(10, 0.9): 5 or fewer in 0.2 %
