"""Open queues at full length; a file of their own, so that two workers share the time."""

from __future__ import annotations

import pytest

from .judge import LONG
from .study import Study
from .test_queues import STUDIES


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "study", [study for study in STUDIES if not study.case.startswith("Q-BRK") and study.case != "Q-HARE"], ids=str
)
def test_long(study: Study) -> None:
    assert study.complaints(LONG) == []
