"""What a sample holds, and the words when its times are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from twin.calibrate.fitting.sample import sample


def test_columns() -> None:
    one = sample([30, 10.0], [20], exact_entry=[5, 0], censored_entry=[2])
    assert one.time.tolist() == [10, 30, 20]
    assert one.entry.tolist() == [0, 5, 2]
    assert one.exact.tolist() == [10, 30]
    assert one.censored.tolist() == [20]
    assert one.entries.tolist() == [5, 2]
    assert (one.failures, one.exposure, one.longest) == (2, 53, 30)


def test_the_order_of_rows_leaves_no_trace() -> None:
    times = np.random.default_rng(1).exponential(9.0, 30)
    one, other = sample(times[:20], times[20:]), sample(times[19::-1], times[:19:-1])
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_an_empty_sample_is_one() -> None:
    one = sample([])
    assert (one.failures, one.exposure, one.longest) == (0, 0, 0)


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (([-1.0],), "a finite exact time of at least 0 s is due, not -1.0"),
        (([np.nan],), "a finite exact time of at least 0 s is due, not nan"),
        (([1.0], [np.inf]), "a finite censored time of at least 0 s is due, not inf"),
        (([0.0],), "a time of 0.0 s must be after its entry at 0.0 s"),
        (([1.0, 2.0], [], [0.5, 2.0]), "a time of 2.0 s must be after its entry at 2.0 s"),
        (([], [1.0], [], [1.5]), "a time of 1.0 s must be after its entry at 1.5 s"),
        (([1.0, 2.0], [], [0.5]), "2 entries are due, one for each exact time, not 1"),
        (([], [1.0], [], [-1.0]), "a finite entry of the censored times of at least 0 s is due, not -1.0"),
    ],
)
def test_wrong_times_are_told(columns: tuple[list[float], ...], text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        sample(*columns)
