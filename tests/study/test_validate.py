"""Validation against held-out weeks: what a week tells by hand, verdicts by hand, right and wrong layouts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

import twin
from tests.calibrate.press import HALF, LAYOUT, layout, press
from tests.calibrate.readings import log, read
from twin.calibrate.cleaning.clean import clean
from twin.calibrate.history.wall import EPOCH, micros
from twin.study.validate import (
    HOUR,
    NoValidationError,
    _verdict,
    in_mid_life,
    weekly,
    weeks_to_train,
    whole_weeks,
)
from twin.study.validation import Validation, Verdict

SEEDS, WEEKS, HELD = 5, 36, 11
"""Histories, and weeks of each that are foretold from the 25 before them."""
LEVEL = 0.005
"""The chance that a test of coverage fails though all is right."""
WINDOW = "window: {from: 2026-03-16 00:00, to: 2026-04-06 00:00}\ntime_zone: Europe/Paris\n"
REASONS = "reasons: {DIE: {mode: die}, CHIPS: {mode: chips, micro_stop: true}, CHANGE: setup}\n"
STOPS = """
    asset,start,end,reason
    PRESS,2026-03-17 10:00,2026-03-17 11:30,DIE
    PRESS,2026-03-22 23:00,2026-03-23 01:30,DIE
    PRESS,2026-03-29 01:00,2026-03-29 04:00,DIE
    PRESS,2026-03-24 10:00,2026-03-24 10:03,CHIPS
    PRESS,2026-04-05 23:30,2026-04-06 00:30,DIE
"""
PARTS = """
    asset,start,end,parts
    PRESS,2026-03-16 06:00,2026-03-16 14:00,400
    PRESS,2026-03-23 06:00,2026-03-23 14:00,500
    PRESS,2026-03-29 22:00,2026-03-30 00:00,7
    PRESS,2026-03-30 06:00,2026-03-30 14:00,600
"""
FILES = """history:
  - {file: stops.csv, time_zone: Europe/Paris}
  - {file: parts.csv, form: counters, time_zone: Europe/Paris}
"""


def told(folder: Path, text: str, start: datetime | None = None) -> tuple[dict[str, Any], np.ndarray]:
    """(what the log above says of each week, the edges of the weeks)."""
    found = log(folder, text, stops=STOPS, parts=PARTS)
    reading = read(folder, text)
    cleaned = clean(found.rows, reading)
    plan: Any = SimpleNamespace(start=start)
    weeks = whole_weeks(reading, cleaned, plan)
    return weekly(cleaned, reading, weeks), weeks


def test_hours_and_parts_of_a_week_by_hand(tmp_path: Path) -> None:
    """The clocks go forward on 29 March: that week has 167 h, and 01:00 to 04:00 is 2 h of it."""
    seen, weeks = told(tmp_path, FILES + WINDOW + REASONS)
    assert (np.diff(weeks) / HOUR).tolist() == [168, 167, 168]
    assert seen["PRESS.down"].tolist() == [1.5 + 1.0, 1.5 + 2.0, 0.5]
    assert seen["PRESS.micro_stop"].tolist() == pytest.approx([0, 0.05, 0])
    assert seen["PRESS.parts"].tolist() == [400, 507, 600]  # of a shift that ends at midnight: the week before
    assert set(seen) == {"PRESS.down", "PRESS.micro_stop", "PRESS.parts"}


def test_only_open_hours_count(tmp_path: Path) -> None:
    hours = "calendar: day\ncalendars: {day: {week: {mon-fri: [10:30-16:00]}}}\n"
    seen, _ = told(tmp_path, FILES + WINDOW + REASONS + hours)
    assert seen["PRESS.down"].tolist() == [1.0, 0.0, 0.0]


def test_parts_that_were_not_counted_in_every_week_are_not_compared(tmp_path: Path) -> None:
    seen, _ = told(tmp_path, FILES + WINDOW.replace("03-16", "03-09") + REASONS)
    assert set(seen) == {"PRESS.down", "PRESS.micro_stop"}


def test_weeks_begin_as_the_layout_does(tmp_path: Path) -> None:
    _, weeks = told(tmp_path, FILES + WINDOW + REASONS, start=datetime(2030, 1, 1, 6))  # a Tuesday
    assert len(weeks) == 3
    begin = micros(datetime(2026, 3, 17, 6)) - micros(EPOCH)
    assert weeks[0] == begin - HOUR  # 05:00 UTC


@pytest.mark.parametrize(
    ("weeks", "share", "trained"),
    [(10, 0.7, 7), (90, 0.7, 63), (6, 0.7, 4), (7, 0.9, 5), (20, 0.01, 4), (20, 0.99, 18)],
)
def test_how_many_weeks_are_calibrated_on(weeks: int, share: float, trained: int) -> None:
    assert weeks_to_train(weeks, share) == trained


# -- verdicts


def verdict(low: float, high: float) -> str:
    return Verdict("m.down", np.array([1.0, 2.0]), 0, 10, 20, (low + high) / 2, (low, high), 1.0).said


def test_two_one_sided_tests_by_hand() -> None:
    assert [verdict(*one) for one in ((-1, 1), (-0.2, 0.3), (0, 0))] == ["equivalent"] * 3
    assert [verdict(*one) for one in ((1.1, 3), (-9, -1.1))] == ["different"] * 2
    assert [verdict(*one) for one in ((-0.5, 1.1), (-2, 2), (0.9, 8))] == ["cannot tell"] * 3


def test_the_interval_of_the_bias_by_hand() -> None:
    """Student t with 3 degrees of freedom: 2.3534 at 95 %; the variance of 10, 12, 14, 16 is 20/3."""
    one = _verdict("m.down", np.array([10.0, 12, 14, 16]), np.full(50, 12.0), 0.1)
    assert (one.bias, one.mean, one.low, one.high, one.inside) == (1.0, 12.0, 12.0, 12.0, 1)
    assert one.tolerance == pytest.approx(1.2)
    half = 2.3533634 * (20 / 3 / 4) ** 0.5
    assert one.bias90 == pytest.approx((1 - half, 1 + half), rel=1e-6)


# -- the whole of it, on one press


@cache
def calibrated(seed: int, weeks: int = WEEKS) -> twin.Calibration:
    """A press with a log of its own; the fitted file stands beside it."""
    folder = Path(mkdtemp())
    found = twin.fit(press(folder, seed, weeks))
    found.save()
    return found


def beside(found: twin.Calibration, **more: str) -> Path:
    return layout(found.default.parent, **more)


def validated(seed: int, replications: int = 40, **more: str) -> Validation:
    found = calibrated(seed)
    return found.validate(beside(found, **more), replications=replications, workers=1)


@pytest.mark.long
def test_a_calibration_that_is_right_holds_nine_of_ten_weeks() -> None:
    """The share of the weeks inside, over several histories: 0.8 to 0.97, as far as so many weeks can tell."""
    found = [validated(seed) for seed in range(SEEDS)]
    inside, of = (sum(one.inside[k] for one in found) for k in (0, 1))
    assert (of, {(one.trained, one.held) for one in found}) == (SEEDS * HELD, {(25, HELD)})
    assert binom.ppf(LEVEL, of, 0.8) <= inside <= binom.isf(LEVEL, of, 0.97)
    assert binom.ppf(LEVEL, of, 0.9) <= inside
    assert [one.verdicts[0].name for one in found] == ["press.down"] * SEEDS
    assert sum(one.verdicts[0].said == "different" for one in found) <= binom.isf(LEVEL, SEEDS, 0.1)


def test_a_layout_with_repairs_of_half_the_time_is_found_different(tmp_path: Path) -> None:
    """Stops of 4.2 h a week, 2.1 h foretold; over 26 weeks the mean is known to ± 0.6 h."""
    path = press(tmp_path, weeks=WEEKS)
    path.write_text(path.read_text() + "validation: {train: 30 %}\n")
    found = twin.fit(path)
    found.save()
    told_ = found.validate(beside(found, die=HALF), replications=40, workers=1)
    assert (told_.held, [one.said for one in told_.verdicts]) == (26, ["different"])
    assert told_.covered < 0.8
    assert told_.verdicts[0].bias > 0


def test_the_same_seed_gives_the_same_answer_whatever_the_workers() -> None:
    found = calibrated(1)
    one, two = (found.validate(beside(found), replications=30, workers=n).document() for n in (1, 2))
    assert one == two
    assert (one["trained_weeks"], one["held_weeks"], one["simulated_weeks"]) == (25, HELD, 30)
    assert (one["train"], one["tolerance"], one["kept"], one["left_out"]) == (0.7, 0.1, [], [])
    assert len(one["figures"][0]["seen"]) == HELD


def test_what_is_stated_in_the_reading_file_is_used(tmp_path: Path) -> None:
    path = press(tmp_path, weeks=12)
    path.write_text(path.read_text() + "validation: {train: 50 %, tolerance: 25 %}\n")
    found = twin.fit(path)
    found.save()
    told_ = found.validate(beside(found), replications=20, workers=1)
    assert (told_.trained, told_.held, told_.share, told_.tolerance) == (6, 6, 0.5, 0.25)
    assert told_.verdicts[0].tolerance == pytest.approx(0.25 * told_.verdicts[0].mean)
    for wrong in ("{train: 0 %}", "{train: 1}", "{tolerance: 0.1}", "{test: 3 %}"):
        path.write_text(path.read_text().partition("validation")[0] + f"validation: {wrong}\n")
        assert len(twin.check(path)) == 1, wrong


def test_weeks_find_machines_in_mid_life() -> None:
    """A mode that says nothing of its first time up is running; one that says something keeps it."""
    found = calibrated(1)
    told_ = "{from: reading.fitted.yaml#press.die, first: {constant: 3 h}}"
    for die, first in (("{mtbf: 6 h, mttr: 20 min}", "running"), (told_, None)):
        plain = twin.load(beside(found, die=die, name="one.yaml")).layout
        mode = {e.name: e.kind for e in in_mid_life(plain).elements}["press"].breakdowns["die"]
        assert mode.first == first if first else mode.first is not None
        assert {e.name: e.kind for e in plain.elements}["press"].breakdowns["die"].first != "running"


# -- nothing to compare


def refused(found: twin.Calibration, path: Path) -> str:
    with pytest.raises(NoValidationError) as caught:
        found.validate(path, replications=20, workers=1)
    return str(caught.value)


def test_too_few_weeks(tmp_path: Path) -> None:
    found = twin.fit(press(tmp_path, weeks=5))
    found.save()
    text = "the history has 4 whole weeks; 6 are due to calibrate on the first and compare with the others"
    assert refused(found, beside(found)) in (text, text.replace("4", "5"))


def test_a_layout_that_takes_nothing_of_the_calibration() -> None:
    found = calibrated(1)
    path = beside(found, die="{mtbf: 6 h, mttr: 20 min}", name="none.yaml")
    why = f"the layout takes no law that {found.chain.reading.path} has found; write 'from: reading.fitted.yaml#NAME'"
    assert refused(found, path) == f"{why} in it"


def test_a_fitted_file_of_another_reading_file_is_not_taken_for_this_one(tmp_path: Path) -> None:
    other = twin.fit(press(tmp_path, weeks=6))
    other.save()
    assert refused(calibrated(1), beside(other)).startswith("the layout takes no law that ")


def test_draws_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    found = twin.fit(press(tmp_path, weeks=8))
    found.save()[1].write_bytes(b"no draws")
    assert "reading.draws.npz" in refused(found, beside(found))


def test_no_station_of_the_layout_is_in_the_log(tmp_path: Path) -> None:
    found = twin.fit(press(tmp_path, weeks=8))
    found.save()
    text = beside(found).read_text().replace("press:", "lathe:").replace("> press", "> lathe")
    (tmp_path / "other.yaml").write_text(text)
    why = "the log tells of no station of the layout; name the stations in 'assets:'"
    assert refused(found, tmp_path / "other.yaml") == why


def test_another_number_of_machines_is_told(tmp_path: Path) -> None:
    found = twin.fit(press(tmp_path, weeks=8))
    found.save()
    beside(found)
    (tmp_path / "two.yaml").write_text(
        LAYOUT.replace("DIE", "{from: reading.fitted.yaml#press.die}").replace("cycle:", "machines: 2\n    cycle:")
    )
    why = "the log and the layout differ in the number of machines: press (1, not 2); see 'assets:'"
    assert refused(found, tmp_path / "two.yaml") == why


def test_what_the_first_weeks_do_not_tell_is_named(tmp_path: Path) -> None:
    """A mode that first stops the press in the last weeks keeps the law of the whole history."""
    path = press(tmp_path, weeks=12)
    text = (tmp_path / "stops.csv").read_text().rstrip("\n").splitlines()
    late = [line.replace("DIE", "BELT") for line in text[-12:]]
    (tmp_path / "stops.csv").write_text("\n".join([*text[:-12], *late]) + "\n")
    path.write_text(path.read_text().replace("  DIE:", "  BELT: {mode: belt}\n  DIE:"))
    found = twin.fit(path)
    found.save()
    modes = "{from: reading.fitted.yaml#press.die}, belt: {from: reading.fitted.yaml#press.belt}"
    told_ = found.validate(layout(tmp_path, die=modes), replications=20, workers=1)
    assert told_.kept == ("press.belt up", "press.belt repair")


def test_options_that_make_no_sense() -> None:
    found = calibrated(1)
    with pytest.raises(TypeError, match=r"unknown option 'weeks'; there are replications"):
        found.validate(beside(found), weeks=3)
    with pytest.raises(ValueError, match="replications: a whole number from 2"):
        found.validate(beside(found), replications=1)
    with pytest.raises(ValueError, match="workers: a whole number from 1"):
        found.validate(beside(found), workers=0)


def test_a_validation_without_a_figure_has_no_share() -> None:
    one = Validation((), 1, 1, 1, 0.7, 0.1, (0, 1, 2))
    assert replace(one, verdicts=()).inside == (0, 0)
