"""Levels of confidence: published intervals of shares, exact ranks of quantiles."""

from __future__ import annotations

import pytest

from twin.core.confidence import check_level, quantile_ranks, wilson


def test_wilson_against_published_numbers() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81/263 and 15/148, 0/20, 1/29.
    for events, trials, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        assert wilson(events, trials) == pytest.approx((low, high), abs=5e-5)
    assert wilson(20, 20)[1] == 1.0


@pytest.mark.parametrize(("events", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_wilson_refuses_what_is_no_share(events: int, trials: int) -> None:
    with pytest.raises(ValueError, match="make no share"):
        wilson(events, trials)


@pytest.mark.parametrize(
    ("n", "share", "low", "high", "coverage"),
    [
        (100, 0.9, 84, 96, 0.955690107191223),  # scipy.stats.quantile_test gives the same
        (100, 0.5, 40, 61, 0.9647997997822952),
        (30, 0.5, 10, 21, 0.9572260547429323),
        (50, 0.95, 44, 51, 0.9882135522027357),
        (200, 0.95, 184, 197, 0.9671521638567256),
        (20, 0.5, 6, 15, 0.9586105346679688),
    ],
)
def test_ranks_of_a_quantile(n: int, share: float, low: int, high: int, coverage: float) -> None:
    """Order statistics against the binomial, worked out exactly."""
    assert quantile_ranks(n, share) == (low, high, pytest.approx(coverage, rel=1e-11))


def test_ranks_of_few_values_are_open() -> None:
    assert quantile_ranks(2, 0.5) == (0, 3, 1.0)
    with pytest.raises(ValueError, match=r"a share between 0 and 1, not 3 and 5$"):
        quantile_ranks(3, 5)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.1])
def test_level_must_be_a_share(level: float) -> None:
    with pytest.raises(ValueError, match=rf"^a confidence between 0 and 1 is due, such as 0\.95, not {level}$"):
        check_level(level)
