"""Stopping at fixed checkpoints."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twin.study.statistics.interval import mean_interval, replications_for
from twin.study.statistics.sequential import Halt, Stop

VALUES = np.random.default_rng(5).normal(3.0, 10.0, 400)


def test_checkpoints() -> None:
    assert Stop(1.0, start=20, step=10, most=55).checkpoints() == (20, 30, 40, 50, 55)
    assert Stop(1.0, start=20, most=20).checkpoints() == (20,)


def test_first_checkpoint_that_is_narrow_enough() -> None:
    stop = Stop(2.0, most=400)
    widths = {n: mean_interval(VALUES[:n].tolist()).half_width for n in stop.checkpoints()}  # type: ignore[union-attr]
    first = next(n for n, width in widths.items() if width is not None and width <= 2.0)
    assert 60 < first < 150
    found = stop.enough(VALUES[:first])
    assert (found.enough, found.n, found.more, found.next) == (True, first, 0, None)
    assert found.interval == mean_interval(VALUES[:first].tolist())


def test_what_comes_later_does_not_change_the_answer() -> None:
    """More replications than are due may be there: workers run ahead."""
    stop = Stop(2.0)
    first = stop.enough(VALUES).n
    for n in (first, first + 1, first + 9, 400):
        assert stop.enough(VALUES[:n]) == stop.enough(VALUES)


def test_before_the_first_checkpoint() -> None:
    assert Stop(2.0).enough(VALUES[:19]) == Halt(False, 0, None, None, 20)
    assert Stop(2.0).enough([]) == Halt(False, 0, None, None, 20)


def test_about_how_many_more() -> None:
    found = Stop(1.0).enough(VALUES[:47])
    assert (found.enough, found.n, found.next) == (False, 40, 50)
    assert found.interval is not None
    assert found.interval.sd is not None
    assert found.more == replications_for(1.0, found.interval.sd) - 40  # type: ignore[operator]
    # (1.96 sd)² less what is there.
    assert found.more == pytest.approx((1.96 * found.interval.sd) ** 2 - 40, rel=0.02)


def test_most_is_the_end() -> None:
    found = Stop(0.5, most=100).enough(VALUES)
    assert (found.enough, found.n, found.next) == (False, 100, None)
    assert found.more is not None
    assert found.more > 900


def test_several_differences_share_the_confidence() -> None:
    two = np.column_stack([VALUES[:200], 2 * VALUES[200:]])
    found = Stop(5.0).enough(two)
    assert found.interval == mean_interval((two[: found.n, 1]).tolist(), 0.975)
    assert found.enough
    before = mean_interval(two[: found.n - 10, 1].tolist(), 0.975)
    assert before is not None
    assert before.half_width is not None
    assert before.half_width > 5.0


def test_replications_without_a_value() -> None:
    values = VALUES.copy()
    values[::2] = math.nan
    found = Stop(2.0).enough(values[:60])
    assert found.interval == mean_interval(values[:60].tolist())
    assert found.interval is not None
    assert found.interval.n == 30
    assert found.more is not None
    assert found.more % 2 == 0  # two replications for one value
    assert Stop(2.0).enough([math.nan] * 30) == Halt(False, 30, None, None, 40)


def test_equal_values_are_narrow_at_once() -> None:
    assert Stop(1e-9).enough([0.1] * 25)[:2] == (True, 20)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"half_width": 0.0}, "a half width above 0 is due, not 0.0"),
        ({"half_width": 1.0, "confidence": 95}, "a confidence between 0 and 1 is due, such as 0.95, not 95"),
        ({"half_width": 1.0, "start": 1}, "2 ≤ start ≤ most and step ≥ 1 are due, not 1, 2000 and 10"),
        ({"half_width": 1.0, "most": 10}, "2 ≤ start ≤ most and step ≥ 1 are due, not 20, 10 and 10"),
    ],
)
def test_rules_that_cannot_be(words: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Stop(**words)  # type: ignore[arg-type]
