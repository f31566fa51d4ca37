"""Laws of times and counts, one file a law; importing this registers them all (and imports no numpy or scipy)."""

from twin.law import (
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    lognormal,
    normal,
    pert,
    triangular,
    uniform,
    weibull,
)

__all__ = [
    "constant",
    "empirical",
    "erlang",
    "exponential",
    "gamma",
    "lognormal",
    "normal",
    "pert",
    "triangular",
    "uniform",
    "weibull",
]
