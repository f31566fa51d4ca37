"""Words in both languages, and digits that say something."""

from __future__ import annotations

import ast
import inspect
import math

import pytest

from twin.core.ledger import STATES, VEHICLE_STATES
from twin.report import labels, words
from twin.report.measure import Measure, measure, places, share, show
from twin.report.phrases.calibration import CALIBRATED
from twin.report.phrases.notebook import SHOWN
from twin.report.phrases.plant import DRAWN
from twin.report.phrases.replay import PLAYED
from twin.report.phrases.run import RUN
from twin.report.phrases.study import STUDIED
from twin.report.phrases.study_book import BOOKED
from twin.report.phrases.study_figures import FIGURED
from twin.report.phrases.study_page import PAGED
from twin.report.phrases.study_said import JUDGED


def test_every_state_has_a_word_and_a_look() -> None:
    from twin.report.style import LOOKS, VEHICLE_LOOKS

    assert set(words.STATES) == set(STATES) == set(LOOKS)
    assert list(words.VEHICLE_STATES) == list(VEHICLE_STATES) == list(VEHICLE_LOOKS)


@pytest.mark.parametrize("table", [words.STATES, words.VEHICLE_STATES, labels.KPIS, words.PHRASES, words.CHECKS])
def test_both_languages_are_there_with_the_same_blanks(table: dict[str, words.Word]) -> None:
    import string

    for key, word in table.items():
        blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in word[:2]]
        assert all(word[:2]), key
        assert blanks[0] == blanks[1], key


def test_no_phrase_stands_twice() -> None:
    rooms = (DRAWN, CALIBRATED, STUDIED, PAGED, JUDGED, BOOKED, FIGURED, RUN, PLAYED, SHOWN)
    keys = [key for room in rooms for key in room]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    own = [node for node in ast.walk(ast.parse(inspect.getsource(words))) if isinstance(node, ast.Dict)]
    written = [[key.value for key in node.keys if isinstance(key, ast.Constant)] for node in own]
    assert [key for one in written for key in one if one.count(key) > 1] == []
    assert [key for key in max(written, key=len) if key in keys] == []


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="lang must be 'en' or 'fr', not 'de'"):
        words.say("oee", "de")  # type: ignore[arg-type]


def test_an_unlisted_kpi_is_named_after_its_key() -> None:
    assert labels.label("water_l_per_h") == labels.Label("Water l", "Water l", "/h")


def test_numbers_in_the_readers_format() -> None:
    assert words.decimal(1234.56, 1) == "1,234.6"
    assert words.decimal(1234.56, 1, "fr") == "1\u202f234,6"
    assert words.decimal(-0.0001, 1) == "0.0"
    assert words.time(5400) == "90 min"
    assert words.time(9000, "fr") == "2,5 h"
    assert words.time(172800, "fr") == "2 j"
    assert words.as_per_cent(0.95) == "95"
    assert words.as_per_cent(0.995, "fr") == "99,5"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Measure(37.18, 36.76, 37.6), "37.2 ± 0.4"),
        (Measure(37.18, 37.06, 37.3), "37.18 ± 0.12"),
        (Measure(17846.0, 17645.0, 18047.0), "17,846 ± 201"),
        (Measure(0.5, 0.5, 0.5), "0.500"),
        (Measure(60.0, 60.0, 60.0), "60"),
        (Measure(100.0, 100.0 - 1e-7, 100.0 + 1e-7), "100.000 ± <0.001"),
        (Measure(0.02, 0.0, 0.1), "0.02 [0.00, 0.10]"),
        (Measure(37.18), "37.2"),
        (Measure(12.345), "12.35"),
        (Measure(0.0), "0"),
    ],
)
def test_digits_follow_the_interval(found: Measure, text: str) -> None:
    assert show(found) == text


def test_shares() -> None:
    assert share(Measure(0.712, 0.703, 0.721), interval=True) == "71.2 ± 0.9"
    assert share(Measure(0.712), "fr", interval=True) == "71,2"
    assert share(None) == "–"


def test_measures_without_a_value() -> None:
    assert measure({}) is None
    assert measure(None) is None
    assert measure({"mean": None}) is None
    assert measure(0.63) is not None
    one = measure({"mean": 2.0, "low": None, "high": None, "sd": None, "n": 1})
    assert one is not None
    assert math.isnan(one.half)
    assert places(0.0) == 3


def test_one_is_said_otherwise_than_several() -> None:
    assert words.say("fleet", name="agv", n=1) == "agv: 1 vehicle"
    assert words.say("fleet", name="agv", n=2) == "agv: 2 vehicles"
    assert words.say("crew_alone", "fr", name="cariste", n=1) == "cariste ×1"


def test_digits_below_what_was_measured_are_left_out() -> None:
    assert show(Measure(60.016, 60.01599, 60.01601)) == "60.0160 ± <0.0001"
    assert show(Measure(60.016, 60.01595, 60.01605), grain=0.3) == "60.0 ± <0.1"
