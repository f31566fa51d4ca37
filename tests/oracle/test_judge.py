"""The judge itself: it must fail a wrong value, too short a run, and say which mistake gives what it saw."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import fmean

from . import test_queues
from .judge import FAST, LENGTHEN, LONG, RISK, Answer, Tier, complaints, confusions, level_of, misses, too_wide


def values(middle: float, sd: float, seed: int = 1) -> list[float]:
    """Ten made-up replications with exactly this mean and roughly this spread."""
    rng = random.Random(seed)
    raw = [rng.gauss(0.0, sd) for _ in range(10)]
    return [middle + one - sum(raw) / 10 for one in raw]


def answer(middle: float) -> Answer:
    """An answer whose exact value is 0.5."""
    return Answer("throughput", "throughput", 0.5, values(middle, 0.002), True, {"mtbf_includes_repair": 0.47})


class Bench:
    """A made-up engine that says what it was asked for."""

    def __init__(self, *found: Answer) -> None:
        self.found, self.calls = list(found), list[tuple[int, float]]()

    def __call__(self, seed: int, factor: float) -> list[Answer]:
        self.calls.append((seed, factor))
        return [self.found[min(len(self.calls), len(self.found)) - 1]]


def test_the_interval_is_students() -> None:
    spread = Answer("x", "time", 2.0, [1.0, 2.0, 3.0])
    assert round(spread.half_width(0.95), 4) == 2.4841  # t(0.975, 2) · 1 / √3, any table of Student's t
    low, high = spread.interval(0.95)
    assert (round(low, 4), round(high, 4)) == (-0.4841, 4.4841)


def test_the_level_is_shared_by_the_quantities() -> None:
    assert level_of([answer(0.5)]) == 1 - RISK
    assert level_of([answer(0.5)] * 4) == 1 - RISK / 4


def test_a_right_engine_passes_at_once() -> None:
    bench = Bench(answer(0.501))
    assert complaints("X", bench, FAST) == []
    assert bench.calls == [(FAST.seed, 1)]


def test_a_wrong_value_fails_and_the_trap_is_named() -> None:
    bench = Bench(answer(0.47))
    (line,) = complaints("GB-EXP-1", bench, FAST)
    assert line.startswith("GB-EXP-1 throughput: exact 0.5, interval [0.4")
    assert line.endswith("; this is the trap mtbf_includes_repair (0.47)")


def test_a_wrong_value_beside_every_trap_says_so() -> None:
    (line,) = misses("X", [answer(0.53)])
    assert line.endswith("; no trap is known that gives this")


def test_a_miss_is_repeated_once_longer_with_another_seed() -> None:
    bench = Bench(answer(0.52), answer(0.5))
    assert complaints("X", bench, LONG) == []
    assert bench.calls == [(LONG.seed, 1), (LONG.seed + 100, LENGTHEN)]


def test_two_misses_fail() -> None:
    bench = Bench(answer(0.52), answer(0.515), answer(0.5))
    assert len(complaints("X", bench, LONG)) == 1
    assert len(bench.calls) == 2


def test_too_short_a_run_fails_though_the_exact_value_is_inside() -> None:
    (line,) = complaints("X", Bench(Answer("throughput", "throughput", 0.5, values(0.5, 0.02), True)), FAST)
    assert "is over 0.005 (fast tier); run longer" in line


def test_an_interval_that_holds_a_trap_fails_though_it_holds_the_truth() -> None:
    near = Answer("throughput", "throughput", 0.5, values(0.499, 0.003), True, {"near_miss": 0.497})
    assert near.holds(0.5, level_of([near]))
    (line,) = confusions("X", [near])
    assert line.endswith("does not exclude the trap near_miss (0.497)")
    assert complaints("X", Bench(near), FAST) == [line]


def test_bounds_by_kind() -> None:
    tier = Tier("made up", throughput=0.01, time=0.03)
    wide = values(0.5, 0.02)
    bounded = {kind: bool(too_wide("X", [Answer("a", kind, 0.5, wide, True)], tier)) for kind in ("throughput", "time")}
    assert bounded == {"throughput": True, "time": False}
    assert too_wide("X", [Answer("a", "share", 0.5, wide)], tier)
    assert not too_wide("X", [Answer("a", "mean", 0.5, wide), Answer("b", "time", 0.5, values(0.5, 9.0))], tier)


def test_an_answer_of_zero_that_never_varies_holds() -> None:
    never = Answer("starved_1", "share", 0.0, [0.0] * 10)
    assert misses("X", [never]) == []
    assert misses("X", [Answer("starved_1", "share", 0.0, [0.001] * 10)])


# -- control variates


def with_control(rng: random.Random, truth: float, expected: float) -> tuple[Answer, Answer]:
    """Forty runs of an answer of which four fifths of the variance come from a control, and that control."""
    drawn = [rng.gauss(expected, 1.0) for _ in range(40)]
    found = [truth + 2.0 * one + rng.gauss(0.0, 1.0) for one in drawn]
    return Answer("W", "time", 5.0, found, True, controls=[drawn]), Answer("control", "mean", 0.0, drawn)


def test_a_control_is_taken_out_by_regression() -> None:
    given = Answer("x", "time", 1.0, [1.0, 2.0, 4.0], controls=[[0.0, 1.0, 2.0]])
    # by hand: slope 1.5; 7/3 − 1.5 · 1; residual variance (1/36 + 4/36 + 1/36) / 1; times 1/3 + 1²/2
    assert [round(one, 9) for one in given.estimate] == [round(5 / 6, 9), round((5 / 36) ** 0.5, 9), 1]


def test_intervals_with_a_control_cover_the_truth_and_are_narrower() -> None:
    rng = random.Random(1)
    answers = [with_control(rng, 5.0, 0.0)[0] for _ in range(2000)]
    covered = fmean(one.holds(5.0, 0.95) for one in answers)
    assert abs(covered - 0.95) < 4 * (0.95 * 0.05 / 2000) ** 0.5
    plain = [replace(one, controls=()) for one in answers]
    narrower = fmean(one.half_width(0.95) for one in answers) / fmean(one.half_width(0.95) for one in plain)
    assert 0.43 < narrower < 0.48  # √(1 − 4/5) = 0.447, and a little for the slope that is estimated


def test_a_wrong_answer_is_found_through_the_noise_that_the_control_explains() -> None:
    wrong, control = with_control(random.Random(1), 6.0, 0.0)
    assert misses("X", [replace(wrong, controls=()), control]) == []
    (line,) = misses("X", [wrong, control])
    assert line.startswith("X W: exact 5")


def test_a_wrong_law_that_the_control_would_correct_is_found_in_the_control() -> None:
    answer, control = with_control(random.Random(1), 5.0, 1.0)
    (line,) = misses("X", [answer, control])
    assert line.startswith("X control: exact 0")


def test_an_engine_with_too_many_arrivals_or_slow_service_is_found_out() -> None:
    right = test_queues.STUDIES[0]
    assert misses("Q-MM1", right.measure(4_000, 1, 1)) == []
    for mean, wrong, input_ in (("1.25", "1.2", "arrivals"), ("1.0", "1.05", "cycles of server")):
        text = right.text.replace(f"exponential: {mean} min", f"exponential: {wrong} min")
        assert text != right.text
        assert any(
            f"control: {input_}" in line for line in misses("Q-MM1", replace(right, text=text).measure(4_000, 1, 1))
        )
