"""Open queues at full length; a file of their own, so that two workers share the time."""

from __future__ import annotations

import pytest

from .judge import LONG, Tier
from .study import Study
from .test_queues import STUDIES

HEAVY = Tier("long", throughput=0.005, time=0.02, seed=LONG.seed)
"""Q-MLN1: service times of CV 1.5 with a long tail; 1 % would take some 27 million customers, so 2 % is asked."""


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "study", [study for study in STUDIES if not study.case.startswith("Q-BRK") and study.case != "Q-HARE"], ids=str
)
def test_long(study: Study) -> None:
    assert study.complaints(HEAVY if study.case == "Q-MLN1" else LONG) == []
