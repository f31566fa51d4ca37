"""Closings and breaks: stop at once or finish, the last start, handing over while closed."""

from __future__ import annotations

import pytest

from .story import Story

HOURS = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 5 s, calendar: d%s}}
    sinks: {out: {}}
    calendars: {d: {cycle: 20 s, open: [0 s-12 s], breaks: [6 s-8 s]}}
    run: {horizon: 40 s}
    """


@pytest.mark.parametrize(
    ("more", "told"),
    [
        # A part that ends at 12 leaves; the next one stands in the machine over night.
        (
            "",
            "0 working a1, 5 working a2, 6 break a2, 8 working a2, 12 off a3, 20 working a3, 25 working a4, "
            "26 break a4, 28 working a4, 32 off a5",
        ),
        (
            ", at_end: finish",
            "0 working a1, 5 working a2, 8 working a2, 10 working a3, 15 off, 20 working a4, 25 working a5, "
            "28 working a5, 30 working a6, 35 off",
        ),
        # No part is started from 8 to 12.
        (
            ", last_start: 4 s",
            "0 working a1, 5 working a2, 6 break a2, 8 working a2, 12 off, 20 working a3, 25 working a4, "
            "26 break a4, 28 working a4, 32 off",
        ),
        (
            ", at_end: finish, last_start: 4 s",
            "0 working a1, 5 working a2, 8 working a2, 10 starved, 12 off, 20 working a3, 25 working a4, "
            "28 working a4, 30 starved, 32 off",
        ),
        # The last start falls into the break and holds after it.
        (
            ", at_end: finish, last_start: 5 s",
            "0 working a1, 5 working a2, 8 working a2, 10 starved, 12 off, 20 working a3, 25 working a4, "
            "28 working a4, 30 starved, 32 off",
        ),
    ],
)
def test_closings(more: str, told: str) -> None:
    assert Story(HOURS % more).of("m") == told


def test_an_idle_machine_starts_nothing_after_a_break_when_it_is_too_late() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {orders: [{at: 7 s}]}}
        stations: {m: {cycle: 1 s, calendar: d, last_start: 5 s}}
        sinks: {out: {}}
        calendars: {d: {cycle: 20 s, open: [0 s-12 s], breaks: [6 s-8 s]}}
        """)
    assert story.of("m") == "0 starved, 6 break, 8 starved, 12 off, 20 working a1"


def test_a_breakdown_ends_the_overtime() -> None:
    # a2 would end at 13, an hour after closing, but the machine fails at 12.5: it is off and goes on at 20.
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m:
            cycle: 6.5 s
            calendar: d
            at_end: finish
            breakdowns: {f: {mtbf: {constant: 12.5 s}, mttr: {constant: 1 s}}}
        sinks: {out: {}}
        calendars: {d: {cycle: 20 s, open: [0 s-12 s]}}
        run: {horizon: 22 s}
        """)
    assert story.of("m") == "0 working a1, 6.5 working a2, 12.5 off a2, 13.5 off a2, 20 working a2, 20.5 working a3"


def test_a_closing_and_an_opening_at_one_instant_are_no_gap() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 8 s, calendar: d}}
        sinks: {out: {}}
        calendars: {d: {cycle: 10 s, open: [0 s-5 s, 5 s-10 s]}}
        run: {horizon: 20 s}
        """)
    assert story.of("m") == "0 working a1, 8 working a2, 16 working a3"


HAND_OVER = """
    flow: [a -> m -> n -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 5 s, calendar: d%s}, n: {cycle: 10 s}}
    sinks: {out: {}}
    calendars: {d: {cycle: 20 s, open: [0 s-12 s]}}
    run: {horizon: 40 s}
    """


def test_a_closed_machine_keeps_its_finished_part() -> None:
    story = Story(HAND_OVER % "")
    assert story.of("m") == (
        "0 working a1, 5 working a2, 10 blocked a2, 12 off a2, 20 working a3, 25 blocked a3, 30 working a4, 32 off a4"
    )
    assert story.of("n") == "0 starved, 5 working a1, 15 starved, 20 working a2, 30 working a3"


def test_a_closed_machine_may_hand_over() -> None:
    story = Story(HAND_OVER % ", hand_over: true")
    assert story.of("m") == (
        "0 working a1, 5 working a2, 10 blocked a2, 12 off a2, 15 off, 20 working a3, 25 working a4, "
        "30 blocked a4, 32 off a4, 35 off"
    )
    assert story.of("n") == "0 starved, 5 working a1, 15 working a2, 25 working a3, 35 working a4"


@pytest.mark.parametrize(
    ("hand_over", "told"),
    [
        (False, "0 working a1, 4 blocked a1, 5 repair a1, 8 starved"),
        (True, "0 working a1, 4 blocked a1, 5 repair a1, 6 repair, 8 starved"),
    ],
)
def test_a_machine_that_is_down_keeps_its_finished_part_unless_it_may_hand_over(hand_over: bool, told: str) -> None:
    story = Story(f"""
        flow: [a -> m -> n -> out]
        sources: {{a: {{orders: [{{at: 0 s}}]}}}}
        stations:
          m:
            cycle: 4 s
            breakdowns: {{f: {{mtbf: {{constant: 5 s}}, clock: calendar, mttr: {{constant: 3 s}}}}}}
            hand_over: {str(hand_over).lower()}
          n: {{cycle: 6 s, holds: 1}}
        sinks: {{out: {{}}}}
        run: {{horizon: 9 s}}
        """)
    assert story.of("m") == told
