"""What the answer hangs on: a tornado over the inputs, and what must be true for the project to fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from twin.finance.array import Floats, finite
from twin.finance.estimate import sample
from twin.finance.smooth import smooth

_PLACES = 33
"""Values looked at for a change of sign."""
_STEPS = 100


class Bar(NamedTuple):
    """One bar of a tornado."""

    input: str
    low_at: float
    """P10 of the input."""
    high_at: float
    """P90 of the input."""
    low: float
    """The value expected when the input is at its P10."""
    high: float
    """The same at its P90."""
    error: float
    """Standard error of high - low, at most."""
    low_error: float = 0.0
    """Standard error of low."""
    high_error: float = 0.0
    """Standard error of high."""

    @property
    def swing(self) -> float:
        """high - low."""
        return self.high - self.low


def tornado(values: object, inputs: Mapping[str, object], ends: tuple[float, float] = (0.1, 0.9)) -> tuple[Bar, ...]:
    """What is expected of a value when an input is at its P10 or P90 and all others vary, longest bar first.

    Args:
        values: one a row, such as NPVs.
        inputs: by name, one number a row.
        ends: quantiles of the inputs.

    Raises:
        ValueError: shapes that do not fit, fewer than ten rows, or a value that is not finite.
    """
    y = sample(values)
    bars = [_bar(name, sample(one), y, ends) for name, one in inputs.items()]
    return tuple(sorted(bars, key=lambda bar: -abs(bar.swing)))


def _bar(name: str, x: Floats, y: Floats, ends: tuple[float, float]) -> Bar:
    low_at, high_at = (float(one) for one in np.quantile(x, ends))
    if np.ptp(x) == 0:
        return Bar(name, low_at, high_at, float(y.mean()), float(y.mean()), 0.0)
    (low, high), errors = smooth(x, y).at([low_at, high_at])
    return Bar(name, low_at, high_at, float(low), float(high), float(errors.sum()), *(float(one) for one in errors))


def break_even(mean_npv: Callable[[float], float], low: float, high: float) -> tuple[float, ...]:
    """All values of an input between two bounds at which the mean NPV is 0, ascending.

    The function is looked at in 33 places, and halved where its sign changes between two; two changes closer than that
    are not seen.

    Args:
        mean_npv: EUR, of a value of the input, all else as it is.
        low: the least value of interest.
        high: the largest.

    Raises:
        ValueError: bounds that are none, or a value of the function that is not finite.
    """
    if not low < high:
        raise ValueError(f"bounds: the first must be less than the second, not {low} and {high}")
    places = np.linspace(low, high, _PLACES)
    values = finite([mean_npv(float(one)) for one in places], "mean NPV")
    found = [float(place) for place, value in zip(places, values, strict=True) if value == 0]
    for k in np.flatnonzero(values[:-1] * values[1:] < 0):
        found.append(_halved(mean_npv, float(places[k]), float(places[k + 1]), float(values[k])))
    return tuple(sorted(found))


def break_even_linear(first: tuple[float, float], second: tuple[float, float]) -> float | None:
    """The value of an input at which the mean NPV is 0, where NPV is straight in it (prices, margins, amounts).

    Args:
        first: a value of the input and the mean NPV there.
        second: another value and the mean NPV there.

    Returns:
        None where the NPV does not depend on the input.

    Raises:
        ValueError: twice the same value of the input.
    """
    (a, at_a), (b, at_b) = first, second
    if a == b:
        raise ValueError(f"two values of the input are due, not {a} twice")
    return None if at_a == at_b else a - at_a * (b - a) / (at_b - at_a)


def _halved(function: Callable[[float], float], low: float, high: float, before: float) -> float:
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if function(middle) * before > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
