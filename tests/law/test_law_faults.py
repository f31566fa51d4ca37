"""The exact words, place and hint for laws that are written wrongly."""

from __future__ import annotations

import math

import pytest

import twin.law  # noqa: F401  (registers the laws)
from twin.core.problem import Faults
from twin.law.law import Law, LawOf

BAD: list[tuple[object, tuple[str | int, ...], str, str | None]] = [
    ({"exponential": "-3 s"}, ("exponential",), "'-3 s' must be more than 0", None),
    (
        {"exponential": 3},
        ("exponential",),
        "'3' lacks its unit; write '3 s' (units: s, us, ms, min, h, d, w, y)",
        None,
    ),
    ({"exponential": {"mean": "-3 s"}}, ("exponential", "mean"), "'-3 s' must be more than 0", None),
    ({"exponential": "1e400 s"}, ("exponential",), "'1e400 s' is too large", None),
    ({"expnential": "3 s"}, ("expnential",), "unknown law 'expnential'", "exponential"),
    ("-3 s", (), "'-3 s' must not be negative", None),
    ({"uniform": ["1 s", "-2 s"]}, ("uniform", 1), "'-2 s' must not be negative", None),
    (
        {"uniform": ["3 s", "2 s"]},
        ("uniform", 1),
        "the highest value 2 s is less than the lowest, 3 s",
        None,
    ),
    (
        {"uniform": {"low": "3 s", "high": "2 s"}},
        ("uniform", "high"),
        "the highest value 2 s is less than the lowest, 3 s",
        None,
    ),
    ({"uniform": ["3 s"]}, ("uniform",), "uniform takes [low, high], not [3 s]", None),
    ({"uniform": "3 s"}, ("uniform",), "uniform takes [low, high], not '3 s'", None),
    (
        {"triangular": ["1 s", "5 s", "3 s"]},
        ("triangular", 1),
        "the mode 5 s must lie between 1 s and 3 s",
        None,
    ),
    (
        {"pert": {"low": "1 s", "mode": "0.5 s", "high": "3 s"}},
        ("pert", "mode"),
        "the mode 0.5 s must lie between 1 s and 3 s",
        None,
    ),
    ({"pert": ["1 s", "2 s"]}, ("pert",), "pert takes [low, mode, high], not [1 s, 2 s]", None),
    ({"pert": ["1 s", "2 m", "3 s"]}, ("pert", 1), "'2 m' is a length, but a time is due, such as '45 s'", None),
    ({"normal": {"mean": "41 s", "sd": "-5 s"}}, ("normal", "sd"), "'-5 s' must not be negative", None),
    ({"normal": {"mean": "41 s"}}, ("normal",), "the key 'sd' is missing", None),
    ({"normal": "41 s"}, ("normal",), "a map (key: value) is due, not '41 s'", None),
    ({"normal": {"mean": "1 min", "cv": 0.1}}, ("normal", "cv"), "normal takes sd, not cv; write sd: 6 s", None),
    ({"normal": {"mean": "1 min", "cv": "10 %"}}, ("normal", "cv"), "normal takes sd, not cv; write sd: 6 s", None),
    ({"normal": {"mean": "41 s", "sd": "4 s", "cv": 0.1}}, ("normal", "cv"), "unknown key 'cv'", None),
    ({"gamma": {}}, ("gamma",), "write mean and cv, shape and scale, or mean and shape", None),
    ({"gamma": {"mean": "3 h"}}, ("gamma",), "the key 'cv' is missing", None),
    ({"gamma": {"scale": "3 h"}}, ("gamma",), "the key 'shape' is missing", None),
    (
        {"weibull": {"mean": "3 h", "cv": 1, "shape": 2}},
        ("weibull",),
        "write mean and cv, shape and scale, or mean and shape: one pair",
        None,
    ),
    (
        {"lognormal": {"mean": "3 h", "cv": 1, "mu": 2, "sigma": 1}},
        ("lognormal",),
        "write mean and cv, or mu and sigma, not both",
        None,
    ),
    ({"lognormal": {"mean": "3 h", "cv": -1}}, ("lognormal", "cv"), "'-1' must be at least 0", None),
    ({"lognormal": {"mean": "3 h", "cv": 101}}, ("lognormal", "cv"), "'101' must be at most 100", None),
    ({"lognormal": {"mean": "3 h", "cv": math.nan}}, ("lognormal", "cv"), "'nan' is not a finite number", None),
    ({"lognormal": {"mu": math.inf, "sigma": 1}}, ("lognormal", "mu"), "'inf' is not a finite number", None),
    ({"lognormal": {"mean": "3 h", "cv": "0,7"}}, ("lognormal", "cv"), "a number is due, not '0,7'; write 0.7", None),
    ({"lognormal": {"mean": "3 h", "cv": True}}, ("lognormal", "cv"), "a number is due, not 'True'", None),
    ({"lognormal": {"mean": "0 s", "cv": 1}}, ("lognormal", "mean"), "'0 s' must be more than 0", None),
    ({"weibull": {"shap": 2, "scale": "3 h"}}, ("weibull", "shap"), "unknown key 'shap'", "shape"),
    ({"weibull": {"shape": 0, "scale": "3 h"}}, ("weibull", "shape"), "'0' must be at least 0.1", None),
    ({"erlang": {"mean": "3 h", "phases": 2.5}}, ("erlang", "phases"), "a whole number is due, not '2.5'", None),
    ({"erlang": {"mean": "3 h", "phases": 0}}, ("erlang", "phases"), "'0' must be at least 1", None),
    (
        {"empirical": {"file": "a.csv", "column": "a"}},
        ("empirical",),
        "the key 'unit' is missing",
        None,
    ),
    (
        {"empirical": {"file": "a.csv", "column": "a", "unit": "mins"}},
        ("empirical", "unit"),
        "'mins' is not a unit of time (us, ms, s, min, h, d, w, y)",
        "min",
    ),
]


@pytest.mark.parametrize(("written", "loc", "text", "nearest"), BAD, ids=[str(b[0]) for b in BAD])
def test_fault(written: object, loc: tuple[str | int, ...], text: str, nearest: str | None) -> None:
    with pytest.raises(Faults) as raised:
        LawOf("time").read(written)
    (only,) = raised.value.faults
    # bounds are floats in pydantic: '0.0' and '0' are both right words
    assert (only.loc, only.text.removesuffix(".0"), only.nearest) == (loc, text, nearest)


def test_all_faults_are_told() -> None:
    with pytest.raises(Faults) as raised:
        LawOf("time").read({"triangular": ["1", "2 s", "-3 s"]})
    assert [f.loc for f in raised.value.faults] == [("triangular", 0), ("triangular", 2)]


@pytest.mark.parametrize(
    ("written", "loc", "text"),
    [
        ("0 s", (), "'0 s' must be more than 0"),
        ({"uniform": ["0 s", "0 s"]}, ("uniform",), "the mean must be more than 0"),
        ({"normal": {"mean": "0 s", "sd": "0 s"}}, ("normal",), "the mean must be more than 0"),
    ],
)
def test_a_mean_of_zero_where_time_must_pass(written: object, loc: tuple[str, ...], text: str) -> None:
    LawOf("time").read(written)
    with pytest.raises(Faults) as raised:
        LawOf("time", positive=True).read(written)
    assert [(f.loc, f.text) for f in raised.value.faults] == [(loc, text)]


@pytest.mark.parametrize(
    ("written", "dimension"),
    [
        ({"weibull": {"mean": "5000 cycles", "cv": 1}}, "cycles"),
        ({"weibull": {"shape": 2, "scale": "5 h"}}, "time"),
        ({"empirical": {"file": "a.csv", "column": "h", "unit": "cycles"}}, "cycles"),
        ({"empirical": {"file": "a.csv", "column": "5 cycles", "unit": "h"}}, "time"),
    ],
)
def test_the_unit_decides_the_dimension(written: object, dimension: str) -> None:
    law = LawOf("time", "cycles").read(written)
    assert isinstance(law, Law)
    assert law.dimension == dimension
