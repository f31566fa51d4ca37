"""Kim and Nelson's selection."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twin.study.statistics.compare import pair_variances
from twin.study.statistics.select import KN, kn_constants, screen

K, N0, ALPHA, DELTA = 5, 10, 0.05, 1.0
TRIALS = 1000
CONFIGURATIONS = [(spread, best) for spread in ("equal", "mixed") for best in ("last", "middle")]


@pytest.mark.parametrize(
    ("k", "eta", "h2"),
    [
        (2, 0.3340502686000293, 6.012904834800527),
        (5, 0.6349672651536731, 11.429410772766115),
        (10, 0.8590834299248991, 15.463501738648183),
    ],
)
def test_constants(k: int, eta: float, h2: float) -> None:
    """Kim & Nelson (2001), n0 = 10, α = 0.05."""
    assert kn_constants(k, 0.05, 10) == pytest.approx((eta, h2), rel=1e-12)


def select(values: np.ndarray, h2: float) -> tuple[np.ndarray, np.ndarray]:
    """The columns that many selections at once end with, and how many replications each took.

    Args:
        values: (trials, replications, scenarios), enough for all to end.
        h2: of the procedure.
    """
    trials, length, k = values.shape
    variances = pair_variances(values[:, :N0])
    sums, alive = values[:, :N0].sum(axis=1), np.ones((trials, k), dtype=bool)
    taken = np.full(trials, N0)
    for r in range(N0, length + 1):
        if r > N0:
            sums += values[:, r - 1]
        taken += (alive.sum(axis=1) > 1) & (r > N0)
        alive = screen(sums, variances, r, alive, h2=h2, delta=DELTA)
    assert (alive.sum(axis=1) == 1).all()
    return alive.argmax(axis=1), taken


def scenarios(spread: str, best: str, correlation: float, seed: int, trials: int = TRIALS) -> tuple[np.ndarray, int]:
    """Normal replications where one is ahead of all others by just the indifference: the hardest case there is."""
    rng = np.random.default_rng(seed)
    sd = np.full(K, 2.0) if spread == "equal" else np.array([0.5, 1.0, 2.0, 3.0, 1.5])
    at = K - 1 if best == "last" else K // 2
    common = rng.normal(size=(trials, 600, 1))
    own = rng.normal(size=(trials, 600, K))
    values = sd * (math.sqrt(correlation) * common + math.sqrt(1 - correlation) * own)
    values[:, :, at] += DELTA
    return values, at


@pytest.mark.parametrize("correlation", [0.0, 0.8])
@pytest.mark.parametrize(("spread", "best"), CONFIGURATIONS)
def test_correct_selection(spread: str, best: str, correlation: float) -> None:
    values, at = scenarios(spread, best, correlation, seed=CONFIGURATIONS.index((spread, best)))
    found, _ = select(values, kn_constants(K, ALPHA, N0)[1])
    assert (found == at).mean() >= 0.94


def test_common_random_numbers_are_quicker() -> None:
    h2 = kn_constants(K, ALPHA, N0)[1]
    alone, together = (select(scenarios("equal", "last", rho, 7, 200)[0], h2)[1].mean() for rho in (0.0, 0.8))
    assert alone > 3 * together


def test_one_by_one_is_the_same_as_at_once() -> None:
    values, _ = scenarios("mixed", "middle", 0.5, seed=3, trials=20)
    found, taken = select(values, kn_constants(K, ALPHA, N0)[1])
    for trial in range(20):
        kn = KN(K, ALPHA, DELTA, N0)
        rows = iter(values[trial])
        while kn.selected is None:
            row = next(rows)
            # Scenarios that are out need not be simulated.
            kn.add([v if i in kn.survivors else math.nan for i, v in enumerate(row)])
            assert kn.most is None or kn.most <= 600
        assert (kn.selected, kn.n) == (found[trial], taken[trial])


def test_nobody_goes_in_the_first_stage() -> None:
    kn = KN(3, 0.05, 1.0, n0=5)
    for _ in range(4):
        assert kn.add([0.0, 1e3, 1e6]) == (0, 1, 2)
        assert kn.most is None
    assert kn.add([0.0, 1e3, 1e6]) == (2,)
    assert kn.selected == 2
    assert kn.add([math.nan, math.nan, 1.0]) == (2,)


def test_less_may_be_better_and_the_first_of_equals_wins() -> None:
    kn = KN(3, 0.05, 1.0, n0=2, best="min")
    kn.add([2.0, 1.0, 1.0])
    assert kn.add([2.0, 1.0, 1.0]) == (1,)


def test_rows_and_numbers_that_cannot_be() -> None:
    kn = KN(2, 0.05, 1.0)
    with pytest.raises(ValueError, match=r"^replication 1: a finite value for each of the scenarios \(0, 1\) is due$"):
        kn.add([1.0, math.nan])
    with pytest.raises(ValueError, match="replication 1"):
        kn.add([1.0])
    with pytest.raises(ValueError, match=r"are due, not 1, 10 and 0\.05$"):
        KN(1, 0.05, 1.0)
    with pytest.raises(ValueError, match=r"^an indifference above 0 is due, not 0\.0$"):
        KN(2, 0.05, 0.0)
