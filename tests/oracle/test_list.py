"""Every known answer is in exactly one list, and everything that can be said in the language is run."""

from __future__ import annotations

from collections import Counter

import pytest

from twin.core.text import parse

from . import (
    facts,
    test_ages,
    test_cards,
    test_conveyor,
    test_energy,
    test_flows,
    test_kits,
    test_lines,
    test_queues,
    test_schedules,
    test_setups,
    test_unreliable,
)
from .listing import EXPRESSIBLE, NEXT, OTHER
from .plants import plan_of
from .study import Study
from .test_finite import FINITE, STEADY

STUDIES = (
    *test_lines.STUDIES,
    *test_unreliable.STUDIES,
    *test_queues.STUDIES,
    *test_flows.STUDIES,
    *test_energy.STUDIES,
    *test_kits.STUDIES,
    *test_setups.STUDIES,
    *test_ages.STUDIES,
    *test_cards.STUDIES,
    STEADY,
)
SCHEDULES = {
    **test_schedules.SCHEDULES,
    **test_kits.SCHEDULES,
    **test_setups.SCHEDULES,
    **test_conveyor.SCHEDULES,
    **test_cards.SCHEDULES,
}


def test_there_are_73_cases() -> None:
    assert len(facts.CASES) == 73
    assert all(case["source"] for case in facts.CASES.values())


def test_each_case_is_listed_once() -> None:
    counts = Counter([*EXPRESSIBLE, *NEXT, *OTHER])
    assert set(counts) == set(facts.CASES)
    assert {case: n for case, n in counts.items() if n != 1} == {}


def test_a_case_not_run_has_its_reason() -> None:
    assert all(reason.strip() for reason in (NEXT | OTHER).values())


def test_every_expressible_case_is_run() -> None:
    run = {study.case for study in STUDIES} | set(SCHEDULES) | set(FINITE)
    assert run == set(EXPRESSIBLE)


def test_every_study_is_run_in_the_long_tier() -> None:
    assert [str(study) for study in STUDIES if study.long <= study.fast] == []


def test_only_the_hare_is_spared_the_fast_tier() -> None:
    assert [study.case for study in STUDIES if not study.fast] == ["Q-HARE"]


@pytest.mark.parametrize("study", STUDIES, ids=str)
def test_the_text_is_sound(study: Study) -> None:
    assert parse(study.text.encode(), "case.yaml").problems == []


@pytest.mark.parametrize("study", STUDIES, ids=str)
def test_the_plant_compiles(study: Study) -> None:
    assert plan_of(study.text).is_random


@pytest.mark.parametrize("study", STUDIES, ids=str)
def test_quantities_are_answers_of_the_case(study: Study) -> None:
    assert any(quantity.headline for quantity in study.quantities) or study is STEADY
    names = [quantity.answer(study.case, [0.0, 1.0]).name for quantity in study.quantities]
    assert len(names) == len(set(names))


def test_traps_that_equal_the_truth_are_left_out() -> None:
    assert facts.traps("Q-BRK-TDF", "util_processing") == {}
    assert facts.traps("Q-BRK-TDF", "W") == {"clock_in_processing_time_only": 5.5}
