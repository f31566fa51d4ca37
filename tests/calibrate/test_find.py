"""Findings: laws by class, borrowed laws, trends and steps, the cross-check, the same for the same seed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.diagnose import end_to_end, frozen, steadied, stream
from twin.calibrate.find import Logged, at_end, between_all, find, lend, logged_share
from twin.calibrate.fitting.posterior import Prior, posterior
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.trend import History, history, power_law
from twin.calibrate.found import Counts, Evidence, Findings, Later, ModeFound, Observed, Times

from .watching import reading

HOUR = 3600.0
EMPTY = sample([])


def evidence(name: str, gaps: Any, rest: float = 0.0, **more: Any) -> Evidence:
    """A mode of one machine by its times up and what was left of the window, h; repairs of about 10 min."""
    station, _, mode = name.partition(".")
    gaps = np.asarray(gaps, float) * HOUR
    ages, none = np.cumsum(gaps), np.empty(0, np.int64)
    told = {
        "up": sample(gaps, [rest * HOUR] if rest else []),
        "repair": sample(np.linspace(300, 900, len(gaps)) if len(gaps) else []),
        "histories": (history(ages, float(ages.max(initial=0.0)) + rest * HOUR),),
    }
    fixed: dict[str, Any] = {"clock": "working", "window": (0, 10**12), "stops_at": none, "stop_rows": none}
    return Evidence(station, mode, **fixed | {"hours": np.empty(0)} | told | more)


def findings(*modes: Evidence, seed: int = 1, **keys: Any) -> Findings:
    return find(Observed(modes), reading(**keys), seed=seed)


def only(*modes: Evidence, **keys: Any) -> ModeFound:
    return findings(*modes, **keys).modes[0]


def draws(n: int, cv: float = 1.0, mean: float = 10.0, seed: int = 1) -> Any:
    return np.random.default_rng((n, seed)).gamma(cv**-2, mean * cv * cv, n)


# -- laws


def test_a_mode_alone_has_the_posterior_of_its_times() -> None:
    seen = evidence("mill.jam", draws(12), 3)
    found = only(seen)
    assert found.up.interval90 == posterior(seen.up).interval90
    assert found.repair.interval90 == posterior(seen.repair).interval90
    assert (found.pool, found.notes, found.tests.used) == ("", (), "renewal")


def test_the_prior_of_the_reading_file_is_that_of_the_times_up() -> None:
    seen = evidence("mill.jam", draws(3), 3)
    found = only(seen, reasons={"J": {"mode": "jam"}}, modes={"jam": {"prior": {"cv": 0.3, "sd": 0.3}}})
    assert found.up.cv == posterior(seen.up, Prior(0.3, 0.3)).cv
    assert found.repair.cv == posterior(seen.repair).cv


def test_modes_of_a_class_lend_to_each_other() -> None:
    """More is known of the CV of three machines together than of one."""
    modes = [evidence(f"{station}.jam", draws(6, 0.5, seed=i), 3) for i, station in enumerate("abc")]
    found = findings(*modes, classes={"mills": ["a", "b", "c"]}).modes
    assert [one.pool for one in found] == ["mills"] * 3
    own, pooled = (
        low_high[1] / low_high[0] for low_high in (only(modes[0]).up.cv_interval90, found[0].up.cv_interval90)
    )
    assert pooled < 0.8 * own


def test_modes_on_another_clock_do_not() -> None:
    modes = evidence("a.jam", draws(6), 3), evidence("b.jam", draws(6), 3, clock="shift")
    assert [one.pool for one in findings(*modes, classes={"mills": ["a", "b"]}).modes] == ["", ""]


def test_a_machine_without_failures_borrows_its_laws() -> None:
    modes = evidence("a.jam", draws(20), 3), evidence("b.jam", [], 30)
    _, found = findings(*modes, classes={"mills": ["a", "b"]}).modes
    assert found.up.borrowed
    assert found.repair.borrowed
    assert 5 * HOUR < found.up.mean < 40 * HOUR
    assert 300 < found.repair.mean < 900
    assert 0 < found.up.extrapolated <= 1
    assert found.repair.extrapolated == pytest.approx(1, abs=1e-3)
    assert (found.up_fit, found.repair_fit) == (None, None)
    assert "no failure to fit: the law is borrowed" in found.notes


def test_without_a_class_its_repairs_come_from_the_other_modes() -> None:
    found = findings(evidence("a.belt", draws(9)), evidence("a.jam", [], 30)).modes[1]
    assert (found.name, found.up.borrowed, found.repair.borrowed) == ("a.jam", True, True)
    assert all(math.isfinite(one) and one > 0 for one in (*found.up.interval90, *found.repair.interval90))
    assert found.up.interval90[0] < 30 * HOUR


def test_where_no_repair_was_ever_seen_there_is_no_law() -> None:
    found = findings(evidence("a.jam", [], 30))
    assert not found.modes
    assert found.notes == ("a.jam: no law, for no repair was ever logged in the whole history",)


def test_a_single_failure_has_a_law_but_no_fit() -> None:
    found = only(evidence("a.jam", [10.0], 30))
    assert found.up_fit is None
    assert found.up.interval90[1] < math.inf


def test_a_most_likely_law_far_off_is_noted() -> None:
    """Three times all but equal: the likelihood believes in no spread at all, the prior of the CV does not."""
    found = only(evidence("a.jam", [0.1, 12.0], repair=sample([899.0, 900.0, 901.0], [950.0] * 40)))
    assert found.repair_fit is not None
    low, high = found.repair.interval90
    assert not low <= found.repair_fit.mean <= high
    assert "the most likely mean repair lies outside the 90 % interval; too few data for its shape" in found.notes


def test_nothing_to_lend() -> None:
    assert lend([EMPTY, EMPTY], Prior()) == [None, None]


# -- stops that are not logged


def test_a_threshold_of_logging_gives_the_mean_between_all_stops() -> None:
    """Repairs of 10 min on average, exponential: with a threshold of 5 min exp(-½) of all stops are logged."""
    rng = np.random.default_rng(5)
    repairs, ups = rng.exponential(600, 4000), rng.exponential(HOUR, 4000)
    long = repairs >= 300
    gaps = np.diff(np.cumsum(ups)[long], prepend=0.0)
    seen = sample(repairs[long], exact_entry=[300.0] * int(long.sum()))
    found = only(evidence("a.jam", gaps / HOUR, repair=seen, least=300.0))
    assert found.up.mean == pytest.approx(HOUR, rel=0.06)
    logged = logged_share(found.repair, seen.entry)
    assert logged.share == pytest.approx(math.exp(-0.5), rel=0.05)
    share = 100 * (1 - logged.share)
    text = f"stops shorter than the threshold of the log are estimated to be {share:.1f}% of all"
    assert found.notes == (f"{text}; the law of up is that between all stops",)


def test_where_most_stops_may_be_unlogged_the_laws_are_those_of_the_logged_ones() -> None:
    """Repairs that crowd at the threshold tell nothing of what lies below it."""
    times = [300.1, 301.0, 302.0]
    found = only(evidence("a.jam", [3.0, 5.0, 8.0], repair=sample(times, exact_entry=[300.0] * 3), least=300.0))
    assert found.repair.interval90 == posterior(sample(times)).interval90
    assert found.up.mean == posterior(found.evidence.up).mean
    text = "most stops may be shorter than the threshold of the log; both laws are of the logged ones only"
    assert text in found.notes


def test_without_stops_nothing_is_known_of_unlogged_ones() -> None:
    assert logged_share(posterior(sample([1.0, 2.0])), np.empty(0)) == Logged()


# -- trends and steps


def drifting(n: int, beta: float, seed: int = 1) -> Any:
    """The gaps of a power-law process over 1,000 h with n failures."""
    ages = np.sort(np.random.default_rng(seed).random(n)) ** (1 / beta) * 1000
    return np.diff(ages, prepend=0.0)


def test_a_trend_is_fitted_by_a_power_law_frozen_at_the_end() -> None:
    seen = evidence("a.jam", drifting(40, 2.0), 1.0)
    found = only(seen)
    power = power_law(seen.histories[0])
    assert found.tests.used == "power law"
    assert found.tests.power == power
    assert found.up.mean == pytest.approx(power.mean_at_end, rel=1e-3)
    still = posterior(steadied(seen.histories, power.beta)).interval90
    assert math.log(found.up.interval90[1] / found.up.interval90[0]) == pytest.approx(
        math.sqrt(2) * math.log(still[1] / still[0]), rel=1e-6
    )
    assert "it fails more and more often; the law of up has the mean of a power law at the end of the window" in (
        found.notes
    )


@pytest.mark.long
def test_the_interval_of_a_frozen_mean_covers() -> None:
    """Power-law processes with beta 2 and 30 failures expected: a mean of 1,000 h / 60 at the end; 90 % of 100."""
    inside = 0
    for seed in range(100):
        n = int(np.random.default_rng(seed).poisson(30))
        seen = history(np.cumsum(drifting(n, 2.0, seed)) * HOUR, 1000 * HOUR)
        power = power_law(seen)
        low, high = at_end(posterior(steadied([seen], power.beta)), power.mean_at_end).interval90
        inside += low <= 1000 * HOUR / 60 <= high
    assert stats.binom.ppf(0.0005, 100, 0.9) <= inside <= stats.binom.ppf(0.9995, 100, 0.9)


def test_several_machines_share_one_power_law() -> None:
    """With windows of one length: beta from all ages, the mean at the end that of one machine."""
    ages = [np.cumsum(drifting(20, 2.0, seed)) for seed in (1, 2, 3)]
    found = frozen([history(one, 1000.0) for one in ages])
    assert found.beta == pytest.approx(60 / sum(np.log(1000 / one).sum() for one in ages))
    assert found.mean_at_end == pytest.approx(3 * 1000 / 60 / found.beta)


def stepping(before: int = 20, after: int = 20, ratio: float = 8.0, **more: Any) -> Evidence:
    """A machine that is ``ratio`` times better after an event."""
    early, late = draws(before, 1, 1.0, 3), draws(after, 1, ratio, 4)
    event = (early.sum() + 1e-6) * HOUR
    return evidence("a.jam", [*early, *late], later=(Later("new belt", (event,), sample(late[1:] * HOUR)),), **more)


def test_a_step_at_a_named_event_leaves_the_data_after_it() -> None:
    seen = stepping()
    found = only(seen)
    assert found.tests.used == "after new belt"
    assert found.up.failures == 19
    assert found.up.interval90 == posterior(seen.later[0].up).interval90
    (name, step), *_ = found.tests.steps
    assert (name, step.before, step.after) == ("new belt", 20, 20)
    assert step.ratio > 2


def test_no_step_changes_nothing() -> None:
    found = only(stepping(ratio=1.0))
    assert found.tests.used == "renewal"
    assert len(found.tests.steps) == 1
    assert found.up.failures == 40


def test_a_step_after_which_nothing_failed_borrows_a_finite_law() -> None:
    early = draws(40, 0.5, 1.0)
    event = (early.sum() + 1e-6) * HOUR
    later = Later("new belt", (event,), sample([], [200 * HOUR]))
    found = only(evidence("a.jam", early, 200, later=(later,)))
    assert found.tests.used == "after new belt"
    assert found.up.borrowed
    assert 40 * HOUR < found.up.mean < math.inf


def test_machines_end_to_end() -> None:
    """Two machines of 10 and 6 h, an event at 4 and 2 h."""
    parts = history([1, 3, 7], 10), history([2, 5], 6)
    found = end_to_end(parts, [4, 2])
    assert found is not None
    whole, event = found
    assert (whole.times.tolist(), whole.end, event) == ([2, 3, 5, 9, 13], 16, 6)
    assert end_to_end(parts, [10, 6]) is None


def test_few_failures_are_asked_nothing() -> None:
    tests = only(evidence("a.jam", draws(4), 1)).tests
    assert (tests.trend, tests.serial, tests.goodness) == (None, None, None)


@pytest.mark.parametrize(("n", "many"), [(12, False), (40, True)])
def test_what_is_asked_grows_with_the_failures(n: int, many: bool) -> None:
    tests = only(evidence("a.jam", draws(n), 1)).tests
    assert tests.trend is not None
    assert tests.trend_p == tests.trend.p
    assert (tests.serial is not None, tests.goodness is not None) == (many, many)


def test_equal_gaps_have_no_trend_to_test() -> None:
    assert only(evidence("a.jam", [5.0] * 8)).tests.trend is None


def test_a_class_is_asked_together() -> None:
    modes = [evidence(f"{name}.jam", draws(12, seed=i), 1) for i, name in enumerate("ab")]
    found = findings(*modes, classes={"mills": ["a", "b"]}).modes
    assert found[0].tests.class_trend == found[1].tests.class_trend
    assert found[0].tests.class_trend is not None
    assert found[0].tests.class_trend.n == 24


def test_several_machines_of_a_station_are_asked_as_a_class() -> None:
    histories = tuple(history(np.cumsum(draws(8, seed=i))) for i in range(3))
    found = only(evidence("a.jam", draws(24), histories=histories))
    assert found.tests.trend is not None
    assert found.tests.trend.n == 24


def test_over_many_modes_p_values_are_adjusted() -> None:
    """Forty modes without a trend: some p is below 5 %, but no power law follows from it."""
    modes = [evidence(f"s{i:02}.jam", draws(8, seed=i), 1) for i in range(40)]
    found = findings(*modes).modes
    p = [one.tests.trend.p for one in found if one.tests.trend]
    adjusted = [one.tests.trend_p for one in found]
    assert min(p) < 0.05
    assert all(one is not None and one >= low for one, low in zip(adjusted, p, strict=True))
    assert {one.tests.used for one in found} == {"renewal"}


# -- the whole


def everything() -> Observed:
    some = sample(draws(40, 0.1, 45.0))
    return Observed(
        (evidence("mill.jam", draws(40), 3), evidence("mill.belt", draws(5), 3)),
        (Times("mill", "cycle", some), Times("mill", "setup.A.B", sample([600.0])), Times("mill", "setup.B.A", some)),
        (Counts("mill", "scrap", 3, 200),),
        ("a note",),
    )


def test_times_and_counts_have_laws() -> None:
    found = find(everything(), reading(), seed=1)
    assert [one.name for one in found.modes] == ["mill.belt", "mill.jam"]
    assert [one.name for one in found.times] == ["mill.cycle", "mill.setup.A.B", "mill.setup.B.A"]
    assert found.times[0].posterior.cv == pytest.approx(0.1, rel=0.3)
    assert found.times[1].posterior.failures == 1
    # The other pair lends its CV.
    assert found.times[1].posterior.cv < 0.5
    assert found.counts[0].share.mean == pytest.approx(3.5 / 201)
    assert found.notes == ("a note",)


def test_the_same_seed_finds_the_same_and_the_order_of_modes_leaves_no_trace() -> None:
    seen = everything()
    one, again = (find(seen, reading(), seed=7) for _ in range(2))
    turned = find(Observed(seen.modes[::-1], seen.times[::-1], seen.counts, seen.notes), reading(), seed=7)
    for other in (again, turned):
        assert [each.tests for each in other.modes] == [each.tests for each in one.modes]
        assert [each.up.interval90 for each in other.modes] == [each.up.interval90 for each in one.modes]
        assert [each.posterior.interval90 for each in other.times] == [each.posterior.interval90 for each in one.times]


def test_the_seed_of_a_test_hangs_on_counts_alone() -> None:
    assert len({stream(1, 3, 5), stream(1, 3, 6), stream(2, 3, 5)}) == 3
    assert stream(1, 5, 3) == stream(1, 3, 5)
    assert 0 <= stream(2**63 - 1, 3) < 2**63


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_time_changes_nothing(unit: float) -> None:
    def scaled(one: Sample) -> Sample:
        return one.scaled(unit)

    seen = evidence("a.jam", draws(40), 3)
    ages = seen.histories[0]
    other = evidence(
        "a.jam", [], 1, up=scaled(seen.up), repair=scaled(seen.repair),
        histories=(History(ages.times * unit, ages.end * unit, ages.counted),),
    )  # fmt: skip
    one, another = only(seen), only(other)
    assert np.divide(another.up.interval90, unit) == pytest.approx(one.up.interval90, rel=1e-9)
    assert another.tests.trend == pytest.approx(one.tests.trend, rel=1e-9)
    assert another.tests.goodness is not None
    assert one.tests.goodness is not None
    assert another.tests.goodness.statistic == pytest.approx(one.tests.goodness.statistic, rel=1e-5)


def test_a_law_that_was_moved_extrapolates_as_much() -> None:
    """Its longest time moves with it; the wider interval at the end of a trend adds a little."""
    law = posterior(evidence("a.jam", draws(14), 3).up)
    assert between_all(law, Logged(0.5)).extrapolated == pytest.approx(law.extrapolated, rel=1e-9)
    ends = [at_end(law, law.mean * factor).extrapolated for factor in (1 / 3, 1, 3)]
    assert ends == pytest.approx([ends[1]] * 3, rel=1e-9)
    assert law.extrapolated < ends[0] < 1.5 * law.extrapolated


def test_a_mode_without_failures_or_anyone_to_lend_says_so() -> None:
    """Never watched, beside a mode whose repair it could take."""
    never = evidence("a.jam", [], 1, histories=(), up=EMPTY)
    found = findings(evidence("b.belt", draws(9)), never)
    text = "a.jam: no law, for no failure was ever logged, and no machine like it was watched that could lend its own"
    assert found.notes == (text,)
