"""Random plants with random times: nothing crashes, every ledger adds up, ties or not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agree.plants import plant, read, written
from tests.agree.shuffled import difference, outcome, plan_of


def with_random_times(seed: int) -> str:
    """A random plant whose cycles, repairs and times up follow laws."""
    rng, data = Random(seed), read(plant(seed))

    def law(time: str) -> Any:
        return rng.choice([{"exponential": time}, {"gamma": {"mean": time, "cv": 0.5}}, {"constant": time}])

    for station in data["stations"].values():
        if isinstance(station.get("cycle"), str) and not station["cycle"].startswith("0"):
            station["cycle"] = law(station["cycle"])
        for mode in station.get("breakdowns", {}).values():
            mode["mttr"] = law(mode["mttr"]["constant"])
            if "first" not in mode:
                mode["mtbf"] = law(mode["mtbf"]["constant"])
    return written(data)


EXAMPLES = [15, pytest.param(60, marks=pytest.mark.long)]
"""Plants that are tried in every run, and among the long tests."""


def tried(examples: int) -> Callable[[Callable[[int, int], None]], Callable[[], None]]:
    """A check of so many random plants, each with a way to shuffle its ties."""
    quiet = settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    return lambda check: quiet(given(st.integers(1000, 2**32), st.integers(0, 2**16))(check))


def check(text: str, shuffle: int) -> None:
    """One plant: the ledger adds up, and ties do not matter."""
    plan = plan_of(text)
    trace: list[Any] = []
    found = outcome(plan, None, trace)
    assert difference(found, outcome(plan, shuffle)) == ""
    if found.ledger is not None:
        assert all(early[0] <= late[0] for early, late in pairwise(trace))
        assert [one for one in found.ledger.checks() if not one.ok] == []
        assert found.ledger.window == plan.horizon or found.ledger.makespan is not None


@pytest.mark.parametrize("examples", EXAMPLES)
def test_constant_times(examples: int) -> None:
    @tried(examples)
    def one(seed: int, shuffle: int) -> None:
        check(plant(seed), shuffle)

    one()


@pytest.mark.parametrize("examples", EXAMPLES)
def test_random_times(examples: int) -> None:
    @tried(examples)
    def one(seed: int, shuffle: int) -> None:
        check(with_random_times(seed), shuffle)

    one()
