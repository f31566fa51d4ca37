"""Q-HARE at full length; a file of its own, so that two workers share the time."""

from __future__ import annotations

import pytest

from .judge import Tier
from .study import Study
from .test_queues import STUDIES

HARE = Tier("long", throughput=0.005, time=0.05, seed=2)
"""96 % busy with repairs of four hours; 5 % is asked of it, and only in the long tier."""


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("study", [study for study in STUDIES if study.case == "Q-HARE"], ids=str)
def test_long(study: Study) -> None:
    assert study.complaints(HARE) == []
