"""The streaming accumulator against a brute-force reading of the definition, moment by moment."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.core.running.active import IDLE, ActivePeriods, Share

Spans = list[list[tuple[int, int]]]
"""By machine: its active periods (start, end)."""


def reference(spans: Spans, end: int, start: int = 0) -> tuple[Share, ...]:
    """The definition with every period at hand: the chain, then each moment of [start, end) looked at."""
    whole = [(s, e, m) for m, machine in enumerate(spans) for s, e in joined(machine, end)]
    chain = list(follow(whole))
    sole, shifting = [0.0] * len(spans), [0.0] * len(spans)
    for moment in range(start, end):
        here = [m for s, e, m in chain if s <= moment < e]
        for machine in here:
            (sole if len(here) == 1 else shifting)[machine] += 1.0
    return tuple(map(Share, sole, shifting))


def joined(machine: list[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """Periods cut at ``end``; those that touch made one."""
    found: list[tuple[int, int]] = []
    for s, e in [(s, min(e, end)) for s, e in machine if s < min(e, end)]:
        if found and found[-1][1] == s:
            found[-1] = (found[-1][0], e)
        else:
            found.append((s, e))
    return found


def follow(whole: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """The bottleneck periods one after the other."""
    moment: float = min((s for s, _, _ in whole), default=math.inf)
    while moment < math.inf:
        here = [p for p in whole if p[0] <= moment < p[1]]
        if here:
            best = min(here, key=lambda p: (p[0] - p[1], p[2]))
            yield best
            moment = best[1]
        else:
            moment = min((s for s, _, _ in whole if s > moment), default=math.inf)


def streamed(spans: Spans, end: int, *, clear: int = 0, chunk: int = 4096, tells: bool = True) -> tuple[Share, ...]:
    """The same by the accumulator, events in order of time as an engine would report them."""
    active = ActivePeriods(len(spans), chunk)
    if tells:
        active.since[:] = [IDLE] * len(spans)
    events = [(e, 0, m, s) for m, machine in enumerate(spans) for s, e in machine if e <= end]
    events += [(s, 2, m, s) for m, machine in enumerate(spans) for s, e in machine if s < end]
    for now, what, machine, start in sorted([*events, (clear, 1, 0, 0)]):
        if what == 1:
            active.clear(now)
        elif what == 0:
            active.add(machine, start, now)
        if what != 1 and tells:
            active.since[machine] = now if what == 2 else IDLE
    return active.close(end, [(m, s) for m, machine in enumerate(spans) for s, e in machine if s < end < e])


gaps = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), max_size=12)


def laid(machine: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """(gap, length) pairs as periods (start, end)."""
    now, found = 0, []
    for gap, length in machine:
        found.append((now + gap, now + gap + length))
        now += gap + length
    return found


plants = st.lists(gaps.map(laid), min_size=1, max_size=5)


@settings(max_examples=400, deadline=None)
@given(plants, st.integers(1, 90), st.integers(0, 40), st.integers(1, 7), st.booleans())
def test_streaming_equals_the_definition(spans: Spans, end: int, clear: int, chunk: int, tells: bool) -> None:
    clear = min(clear, end)
    assert streamed(spans, end, clear=clear, chunk=chunk, tells=tells) == reference(spans, end, clear)


@settings(max_examples=200, deadline=None)
@given(plants, st.integers(1, 90), st.integers(1, 5), st.randoms(use_true_random=False))
def test_late_reports_change_nothing_when_since_is_left_alone(
    spans: Spans, end: int, chunk: int, dice: random.Random
) -> None:
    active = ActivePeriods(len(spans), chunk)
    waiting = [[(s, e) for s, e in machine if e <= end] for machine in spans]
    while any(waiting):
        machine = dice.choice([m for m, rest in enumerate(waiting) if rest])
        active.add(machine, *waiting[machine].pop(0))
    rest = [(m, s) for m, machine in enumerate(spans) for s, e in machine if s < end < e]
    assert active.close(end, rest) == reference(spans, end)


def test_overlap_of_two_bottlenecks_is_shifting_for_both() -> None:
    assert streamed([[(0, 10)], [(6, 20)]], 20) == (Share(6, 4), Share(10, 4))


def test_the_length_that_counts_is_the_whole_period() -> None:
    """At 10 machine 1 has run longer so far, but machine 2 will run longer as a whole."""
    assert streamed([[(0, 10)], [(3, 12)], [(9, 30)]], 30) == (Share(9, 1), Share(0, 0), Share(20, 1))


def test_ties_go_to_the_lowest_machine() -> None:
    assert streamed([[], [(0, 5)], [(0, 5)]], 5)[1:] == (Share(5, 0), Share(0, 0))


def test_equal_lengths_at_a_change_go_to_the_lowest_machine() -> None:
    found = streamed([[(0, 10)], [(9, 15)], [(8, 14)]], 15)
    assert found == (Share(9, 1), Share(5, 1), Share(0, 0))


def test_a_gap_is_followed_by_the_longest_of_the_next_start() -> None:
    assert streamed([[(0, 4)], [(6, 8)], [(6, 11)]], 12) == (Share(4, 0), Share(0, 0), Share(5, 0))


def test_a_period_that_starts_as_another_ends_follows_without_overlap() -> None:
    assert streamed([[(0, 4)], [(4, 9)]], 9) == (Share(4, 0), Share(5, 0))


def test_a_choice_waits_for_a_period_that_began_at_that_very_moment() -> None:
    """At 10 machine 3 begins the longest period; by 13 only machine 2's shorter one is complete."""
    found = streamed([[(0, 10)], [(8, 12)], [(10, 40)], [(12, 13)]], 40, chunk=1)
    assert found == (Share(10, 0), Share(0, 0), Share(30, 0), Share(0, 0))


def test_three_overlapping_bottlenecks_count_each_moment_once_a_machine() -> None:
    found = streamed([[(0, 10)], [(1, 11)], [(2, 12)]], 12)
    assert found == (Share(1, 9), Share(0, 10), Share(1, 9)) == reference([[(0, 10)], [(1, 11)], [(2, 12)]], 12)


def test_clear_keeps_the_true_start_for_lengths() -> None:
    """Cut at 8, machine 1's period would be the shorter one; its true start makes it the bottleneck."""
    assert streamed([[(0, 12)], [(8, 15)]], 15, clear=8) == (Share(0, 4), Share(3, 4))


def test_clear_forgets_what_was_counted() -> None:
    assert streamed([[(0, 5), (8, 10)]], 10, clear=6, chunk=1) == (Share(2, 0),)


def test_open_periods_are_cut_at_the_end() -> None:
    assert streamed([[(0, 9)], [(5, 99)]], 12) == (Share(5, 4), Share(3, 4))


def test_periods_that_touch_are_one() -> None:
    assert streamed([[(0, 3), (3, 7)], [(1, 6)]], 7, chunk=1) == (Share(7, 0), Share(0, 0))


def test_nobody_active() -> None:
    assert ActivePeriods(2).close(10) == (Share(0, 0), Share(0, 0))


def test_overlapping_periods_of_one_machine_are_refused() -> None:
    active = ActivePeriods(1, chunk=2)
    active.add(0, 0, 5)
    with pytest.raises(ValueError, match="machine 0: a period from 4 µs begins before 5 µs"):
        active.add(0, 4, 6)


@pytest.mark.parametrize("busy", [True, False])
def test_memory_does_not_grow_with_the_run(busy: bool) -> None:
    """Machine 0 never ends a period, or never begins one; machines 1 to 4 come and go."""
    active, dice, chunk = ActivePeriods(5, chunk=64), random.Random(1), 64
    active.since[:] = [0.0 if busy else IDLE, IDLE, IDLE, IDLE, IDLE]
    free, most = [0] * 5, 0
    for now in range(30_000):
        for machine in range(1, 5):
            if now < free[machine]:
                continue
            if active.since[machine] != IDLE:
                active.add(machine, active.since[machine], now)
                active.since[machine] = IDLE
            else:
                active.since[machine] = now
            free[machine] = now + dice.randint(1, 20)
        most = max(most, active.undecided)
    assert most <= chunk + 2 * 5
