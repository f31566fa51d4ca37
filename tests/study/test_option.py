"""Options of a run."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from twin.study.option import check_workers, run_changes


def test_times_become_microseconds() -> None:
    found = run_changes(5, "20 d", timedelta(hours=8), 3)
    assert found == {"replications": 5, "horizon": 20 * 86_400e6, "warm_up": 28_800e6, "seed": 3}
    assert run_changes() == {}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"horizon": "20"}, "horizon: '20' lacks its unit; write '20 s'"),
        ({"horizon": "0 s"}, "horizon: it must be more than 0"),
        ({"warm_up": "-1 h"}, "warm-up: '-1 h' must not be negative"),
        ({"warm_up": "2 hours"}, "did you mean '2 h'?"),
        ({"horizon": 20}, "horizon: '20' lacks its unit"),
        ({"replications": 0}, "replications: a whole number from 1 to 1000000 is due, not 0"),
        ({"replications": 2.5}, "replications: a whole number"),
        ({"replications": True}, "replications: a whole number"),
        ({"seed": -1}, "seed: a whole number from 0 to"),
    ],
)
def test_an_option_that_makes_no_sense_says_what_to_write(given: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        run_changes(**given)


def test_workers() -> None:
    check_workers(None)
    check_workers(3)
    with pytest.raises(ValueError, match="workers: a whole number from 1"):
        check_workers(0)
