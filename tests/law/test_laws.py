"""What every registered law owes: draws that follow it, moments, a density, block independence, scaling."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate

import twin.law  # noqa: F401  (registers the laws)
from twin.core.spec import kinds
from twin.core.unit import parse
from twin.law.law import Law, LawOf

HERE = Path(__file__).parent
N = 100_000
Z = 4.5

# The first of each law has moderate tails: the interval of its CV is sound at N draws.
CASES: dict[str, list[dict[str, Any]]] = {
    "constant": [{"value": "41 s"}],
    "exponential": [{"mean": "55 s"}],
    "normal": [
        {"mean": "41 s", "sd": "5 s"},
        {"mean": "10 s", "sd": "10 s"},
        {"mean": "0 s", "sd": "3 s"},
        {"mean": "1000 s", "sd": "1 s"},
    ],
    "lognormal": [{"mean": "3.5 h", "cv": 0.4}, {"mean": "3.5 h", "cv": 1.2}],
    "weibull": [{"mean": "310 h", "cv": 0.7}, {"mean": "310 h", "cv": 0.05}, {"mean": "310 h", "cv": 2}],
    "gamma": [{"mean": "40 s", "cv": 0.5}, {"mean": "40 s", "cv": 0.03}, {"mean": "40 s", "cv": 1.6}],
    "erlang": [{"mean": "40 s", "phases": 3}],
    "uniform": [{"low": "10 s", "high": "25 s"}, {"low": "0 s", "high": "25 s"}],
    "triangular": [
        {"low": "10 s", "mode": "12 s", "high": "25 s"},
        {"low": "10 s", "mode": "10 s", "high": "25 s"},
        {"low": "10 s", "mode": "25 s", "high": "25 s"},
    ],
    "pert": [
        {"low": "10 s", "mode": "12 s", "high": "25 s"},
        {"low": "10 s", "mode": "10 s", "high": "25 s"},
        {"low": "10 s", "mode": "25 s", "high": "25 s"},
    ],
    "empirical": [{"file": "times.csv", "column": "cycle", "unit": "s"}],
}
TIMES = ("value", "mean", "sd", "low", "mode", "high")
EVERY = [pytest.param(name, fields, id=f"{name}{i}") for name, all_ in CASES.items() for i, fields in enumerate(all_)]
FIRST = [pytest.param(name, all_[0], id=name) for name, all_ in CASES.items()]
CONTINUOUS = [case for case in EVERY if case.values[0] not in ("constant", "empirical")]


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layouts")
    (path / "times.csv").write_text("shift;cycle\nA;40\nA;41.5\nB;39\nB;60\n")
    return path


def law_of(name: str, fields: dict[str, Any], folder: Path = HERE) -> Law:
    read = LawOf("time").read({name: fields})
    assert isinstance(read, Law)
    return read.resolve(folder)


def draws(law: Law, n: int = N, seed: int = 20270104, params: tuple[float, ...] | None = None) -> Any:
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    return law.sample(params or law.params(HERE), rng, n)


def whole(law: Law, power: int, low: float = 0.0, high: float = math.inf) -> float:
    """∫ x^power · density between two bounds, over ln x, where densities with a pole at 0 are smooth."""
    params, mean = law.params(HERE), law.moments().mean
    start = math.log(max(low, mean * 1e-30))
    stop = math.log(min(high, mean * 1e5))
    kinks = [parse(v, "time") for k, v in law.usual().items() if k in ("low", "mode", "high")]
    peak = [mean + k * law.moments().sd for k in (-8, -3, 0, 3, 8)]
    points = sorted({math.log(x) for x in (*kinks, *peak) if x > 0 and start < math.log(x) < stop})

    def f(t: float) -> float:
        x = math.exp(t)
        return float(np.exp(law.log_density(params, np.array([x]))[0])) * x ** (power + 1)

    value, _ = integrate.quad_vec(f, start, stop, points=points, epsabs=1e-9 * mean**power, epsrel=1e-9)
    return float(value)


def test_the_cases_cover_the_registry() -> None:
    assert set(CASES) == set(kinds("law"))
    assert {name: kind.NAME for name, kind in kinds("law").items()} == {name: name for name in CASES}


def test_only_laws_without_density_have_none() -> None:
    without = {name for name, kind in kinds("law").items() if kind.log_density is Law.log_density}
    assert without == {"constant", "empirical"}


@pytest.mark.parametrize(("name", "fields"), EVERY)
def test_sample_mean_lies_in_its_interval(name: str, fields: dict[str, Any], folder: Path) -> None:
    law = law_of(name, fields, folder)
    mean, sd = law.moments()
    assert abs(float(draws(law).mean()) - mean) <= Z * sd / math.sqrt(N) + 1e-12 * mean


@pytest.mark.parametrize(("name", "fields"), FIRST)
def test_sample_cv_lies_in_its_interval(name: str, fields: dict[str, Any], folder: Path) -> None:
    """Delta method: var(cv̂)/cv² ≈ ((kurtosis - 1)/4 - skewness·cv + cv²)/n, with the moments of the law itself."""
    law = law_of(name, fields, folder)
    x, (mean, sd), cv = draws(law), law.moments(), law.moments().cv
    if name == "constant":
        assert set(x) == {mean}
        return
    if name == "empirical":
        raw = [float(np.mean(np.array(law.params(HERE)) ** k)) for k in range(5)]
    else:
        raw = [whole(law, k) for k in range(5)]
    third = raw[3] - 3 * mean * raw[2] + 2 * mean**3
    fourth = raw[4] - 4 * mean * raw[3] + 6 * mean**2 * raw[2] - 3 * mean**4
    relative = math.sqrt(((fourth / sd**4 - 1) / 4 - third / sd**3 * cv + cv**2) / N)
    assert relative < 0.02
    assert abs(float(x.std() / x.mean()) / cv - 1) <= Z * relative


@pytest.mark.parametrize(("name", "fields"), CONTINUOUS)
def test_draws_follow_the_survival(name: str, fields: dict[str, Any]) -> None:
    """Dvoretzky-Kiefer-Wolfowitz with Massart's constant: sup|F̂ - F| > √(ln(2/α)/2n) has probability ≤ α = 1e-5."""
    law = law_of(name, fields)
    x = np.sort(draws(law))
    below = -np.expm1(law.log_survival(law.params(HERE), x))
    steps = np.arange(N + 1) / N
    distance = max(float(np.abs(below - steps[1:]).max()), float(np.abs(below - steps[:-1]).max()))
    assert distance <= math.sqrt(math.log(2 / 1e-5) / (2 * N))


@pytest.mark.parametrize(("name", "fields"), EVERY)
def test_blocks_of_any_size_give_the_same_sequence(name: str, fields: dict[str, Any], folder: Path) -> None:
    law = law_of(name, fields, folder)
    params = law.params(folder)
    blocks = {}
    for size in (1, 7, 100, 1000):
        rng = np.random.Generator(np.random.PCG64DXSM(5))
        sizes = [size] * (1000 // size) + [1000 % size]
        blocks[size] = np.concatenate([law.sample(params, rng, n) for n in sizes])
        assert blocks[size].shape == (1000,)
        assert blocks[size].dtype == np.float64
    assert all((block == blocks[1000]).all() for block in blocks.values())
    assert (blocks[1000] >= 0).all()
    assert name == "constant" or len(set(blocks[1000])) > 3


@pytest.mark.parametrize(("name", "fields"), CONTINUOUS)
def test_density_integrates_to_one_and_to_the_moments(name: str, fields: dict[str, Any]) -> None:
    law = law_of(name, fields)
    mean, sd = law.moments()
    assert whole(law, 0) == pytest.approx(1, abs=1e-6)
    assert whole(law, 1) == pytest.approx(mean, rel=1e-6)
    assert whole(law, 2) == pytest.approx(mean**2 + sd**2, rel=1e-6)


@pytest.mark.parametrize(("name", "fields"), CONTINUOUS)
def test_survival_falls_by_the_integral_of_the_density(name: str, fields: dict[str, Any]) -> None:
    law = law_of(name, fields)
    at = np.quantile(draws(law), [0.02, 0.2, 0.5, 0.8, 0.98])
    survival = np.exp(law.log_survival(law.params(HERE), at))
    assert (np.diff(survival) < -0.05).all()
    for a, b, fall in zip(at[:-1], at[1:], -np.diff(survival), strict=True):
        assert whole(law, 0, a, b) == pytest.approx(fall, abs=1e-6)
    assert law.log_survival(law.params(HERE), np.array([-1.0])) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("name", "fields"), CONTINUOUS)
def test_no_density_outside_the_support(name: str, fields: dict[str, Any]) -> None:
    law = law_of(name, fields)
    assert law.log_density(law.params(HERE), np.array([-1.0]))[0] == -math.inf
    assert law.log_density(law.params(HERE), np.full((2, 3), law.moments().mean)).shape == (2, 3)


@pytest.mark.parametrize(("name", "fields"), [case for case in EVERY if case.values[0] != "empirical"])
def test_times_k_gives_draws_times_k(name: str, fields: dict[str, Any]) -> None:
    k = 60.0
    longer = {key: f"{parse(v, 'time') * k!r} s" if key in TIMES else v for key, v in fields.items()}
    once, scaled = law_of(name, fields), law_of(name, longer)
    assert scaled.moments() == pytest.approx([k * m for m in once.moments()], rel=1e-12)
    np.testing.assert_allclose(draws(scaled, 1000), k * draws(once, 1000), rtol=1e-9)


def test_empirical_scales_with_its_unit(folder: Path) -> None:
    once, scaled = (law_of("empirical", {**CASES["empirical"][0], "unit": unit}, folder) for unit in ("s", "min"))
    np.testing.assert_allclose(draws(scaled, 100), 60 * draws(once, 100), rtol=1e-12)


def usual_of(name: str, mean: float, cv: float) -> dict[str, Any]:
    """The textbook parameters, by formulas or tables that do not come from the package."""
    if name == "gamma":
        return {"shape": 1 / cv**2, "scale": f"{mean * cv**2!r} s"}
    if name == "lognormal":
        sigma2 = math.log(1 + cv**2)
        return {"mu": math.log(mean) - sigma2 / 2, "sigma": math.sqrt(sigma2)}
    shape = {1.0: 1.0, math.sqrt(4 / math.pi - 1): 2.0, math.sqrt(5): 0.5}[cv]
    return {"shape": shape, "scale": f"{mean / math.gamma(1 + 1 / shape)!r} s"}


@pytest.mark.parametrize("name", ["gamma", "lognormal", "weibull"])
@pytest.mark.parametrize("cv", [1.0, math.sqrt(4 / math.pi - 1), math.sqrt(5)])
def test_usual_parameters_are_the_same_law(name: str, cv: float) -> None:
    by_mean = law_of(name, {"mean": "10000 s", "cv": cv})
    usual = law_of(name, usual_of(name, 10000, cv))
    assert usual.params(HERE) == pytest.approx(by_mean.params(HERE), rel=1e-12)
    assert usual.moments() == pytest.approx([10000, 10000 * cv], rel=1e-12)
    assert usual.words() == by_mean.words()


@pytest.mark.parametrize("cv", [1e-9, 1e-6, 1e-4, 1.28e-3, 1.3e-3, 0.01, 0.1, 1, 5, 20, 50, 100])
def test_weibull_shape_is_found_for_any_cv(cv: float) -> None:
    """CV² + 1 = Γ(1 + 2h)/Γ(1 + h)²; for small h its first terms π²h²/6 - 2ζ(3)h³, ζ(3) = 1.2020569."""
    params = law_of("weibull", {"mean": "1000 s", "cv": cv}).params(HERE)
    scale, h = params
    if cv < 1e-3:
        assert math.sqrt(math.pi**2 / 6 * h**2 - 2 * 1.2020569 * h**3) == pytest.approx(cv, rel=1e-6)
    else:
        assert math.sqrt(math.gamma(1 + 2 * h) / math.gamma(1 + h) ** 2 - 1) == pytest.approx(cv, rel=1e-7)
    assert scale * math.gamma(1 + h) == pytest.approx(1000, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "fields", "value"),
    [
        ("normal", {"mean": "5 s", "sd": "0 s"}, 5.0),
        ("lognormal", {"mean": "5 s", "cv": 0}, 5.0),
        ("lognormal", {"mu": 0, "sigma": 0}, 1.0),
        ("weibull", {"mean": "5 s", "cv": 0}, 5.0),
        ("weibull", {"mean": "5 s", "cv": 1e-200}, 5.0),
        ("gamma", {"mean": "5 s", "cv": 0}, 5.0),
        ("gamma", {"mean": "5 s", "cv": 1e-200}, 5.0),
        ("uniform", {"low": "5 s", "high": "5 s"}, 5.0),
        ("triangular", {"low": "5 s", "mode": "5 s", "high": "5 s"}, 5.0),
        ("pert", {"low": "5 s", "mode": "5 s", "high": "5 s"}, 5.0),
    ],
)
def test_no_spread_is_a_constant(name: str, fields: dict[str, Any], value: float) -> None:
    law = law_of(name, fields)
    assert set(draws(law, 50)) == {value}
    assert law.moments() == pytest.approx((value, 0), abs=1e-100)
    assert law.words().startswith(f"{name} mean {value:g} s cv ")


def test_normal_states_its_moments_before_and_after_the_cut() -> None:
    half = law_of("normal", {"mean": "0 s", "sd": "3 s"})
    assert half.uncut == (0, 3)
    assert half.moments() == pytest.approx((3 * math.sqrt(2 / math.pi), 3 * math.sqrt(1 - 2 / math.pi)), rel=1e-14)
    far = law_of("normal", {"mean": "41 s", "sd": "5 s"})
    assert far.moments() == pytest.approx(far.uncut, rel=1e-12)
    assert law_of("gamma", {"mean": "41 s", "cv": 1}).uncut == (41, 41)


def test_normal_extremes_stay_within_reach() -> None:
    """The smallest and the largest uniform must not become 0 or infinity."""

    class Ends:
        def random(self, n: int) -> Any:
            return np.array([0.0, 1 - 2.0**-53])

    law = law_of("normal", {"mean": "1000 s", "sd": "1 s"})
    np.testing.assert_allclose(law.sample(law.params(HERE), Ends(), 2), [1008.29, 991.79], atol=0.01)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("45 s", "45 s"),
        ({"exponential": "55 s"}, "exponential mean 55 s cv 1"),
        ({"uniform": ["1 s", "3 s"]}, "uniform mean 2 s cv 0.2887 (low 1 s, high 3 s)"),
        ({"triangular": ["1 s", "2 s", "3 s"]}, "triangular mean 2 s cv 0.2041 (low 1 s, mode 2 s, high 3 s)"),
        ({"pert": ["1 s", "2 s", "3 s"]}, "pert mean 2 s cv 0.189 (low 1 s, mode 2 s, high 3 s)"),
        ({"erlang": {"mean": "40 s", "phases": 4}}, "erlang mean 40 s cv 0.5 (phases 4, mean of a phase 10 s)"),
        ({"gamma": {"mean": "40 s", "cv": 0.5}}, "gamma mean 40 s cv 0.5 (shape 4, scale 10 s)"),
        ({"weibull": {"mean": "30 s", "cv": 0}}, "weibull mean 30 s cv 0 (shape unbounded, scale 30 s)"),
        (
            {"lognormal": {"mu": 3, "sigma": 0.5}},
            "lognormal mean 22.7599 s cv 0.5329 (mu 3, sigma 0.5, median 20.0855 s)",
        ),
        (
            {"normal": {"mean": "10 s", "sd": "10 s"}},
            "normal mean 12.876 s cv 0.6163 (mean before the cut 10 s, sd before the cut 10 s)",
        ),
    ],
)
def test_words(written: object, words: str) -> None:
    law = LawOf("time").read(written)
    assert isinstance(law, Law)
    assert law.words() == words


def test_importing_the_laws_is_light() -> None:
    code = "import sys, twin.law; print(sorted({'numpy', 'scipy', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "cv"), [("weibull", math.sqrt(math.gamma(2) / math.gamma(1.5) ** 2 - 1)), ("gamma", math.sqrt(0.5))]
)
def test_a_mean_may_stand_beside_a_shape(name: str, cv: float) -> None:
    """Shape 2: Γ(1 + 2/2) / Γ(1 + 1/2)² - 1 is the CV² of a Weibull law, 1/2 that of a gamma law."""
    law = law_of(name, {"mean": "100 s", "shape": 2})
    assert law.moments().mean == pytest.approx(100.0, rel=1e-12)
    assert law.moments().cv == pytest.approx(cv, rel=1e-12)
