"""Maintenance and start-up: they wait for the end of the part, renew breakdowns, and are counted by hand."""

from __future__ import annotations

import pytest

from twin.core.ledger import MAINTENANCE, REPAIR, SETUP

from .story import Story

BUSY = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 4 s, %s}}
    sinks: {out: {}}
    run: {horizon: 30 s}
    """


def busy(more: str, rest: str = "") -> Story:
    """A machine that never lacks parts."""
    return Story(BUSY % more + rest)


def test_it_waits_for_the_end_of_the_part() -> None:
    story = busy("maintenance: {oil: {every: 6 s, lasts: 3 s}}")
    assert story.of("m") == (
        "0 working a1, 4 working a2, 8 maintenance, 11 working a3, 15 working a4, 19 maintenance, "
        "22 working a5, 26 working a6"
    )
    assert [(stop.mode, stop.times, stop.down / 1e6) for stop in story.ledger.stations[1].stops] == [("oil", 3, 6)]


def test_on_the_calendar_clock_it_is_counted_from_the_end_of_the_last_one() -> None:
    story = busy("maintenance: {oil: {every: 6 s, lasts: 3 s, clock: calendar}}")
    assert story.of("m") == (
        "0 working a1, 4 working a2, 8 maintenance, 11 working a3, 15 working a4, 19 maintenance, "
        "22 working a5, 26 working a6"
    )


def test_a_closing_goes_before_a_breakdown_of_the_same_instant() -> None:
    """At 10 it closes and f falls due: no part is in work any more, so the oil that is due since 5 goes first."""
    f = "breakdowns: {f: {mtbf: {constant: 10 s}, mttr: {constant: 3 s}, clock: calendar}}"
    oil = "maintenance: {oil: {every: 5 s, lasts: 4 s, clock: calendar}}"
    story = Story(f"""
        calendar: day
        flow: [a -> m -> out]
        sources: {{a: {{arrivals: saturated}}}}
        stations: {{m: {{cycle: 30 s, {f}, {oil}}}}}
        calendars: {{day: {{cycle: 13 s, open: [0 s-10 s]}}}}
        sinks: {{out: {{}}}}
        run: {{horizon: 20 s}}
    """)
    assert story.of("m") == "0 working a1, 10 off a1, 13 maintenance a1, 14 repair a1, 17 working a1"


def test_it_counts_cycles_and_may_count_as_set_up() -> None:
    story = busy("maintenance: {tool: {every: 3 cycles, lasts: 2 s, counts_as: setup}}")
    assert story.of("m") == (
        "0 working a1, 4 working a2, 8 working a3, 12 setup, 14 working a4, 18 working a5, 22 working a6, "
        "26 setup, 28 working a7"
    )
    assert story.seconds("m", SETUP) == 4


def test_an_empty_machine_is_maintained_at_once_and_a_blocked_one_too() -> None:
    empty = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 10 s, first: 0 s}}
        stations: {m: {cycle: 4 s, maintenance: {oil: {every: 6 s, lasts: 5 s, clock: calendar}}}}
        sinks: {out: {}}
        run: {horizon: 20 s}
        """)
    assert empty.of("m") == ("0 working a1, 4 starved, 6 maintenance, 11 working a2, 15 starved, 17 maintenance")
    blocked = Story("""
        flow: [a -> m -> slow -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m: {cycle: 2 s, maintenance: {oil: {every: 5 s, lasts: 4 s, clock: calendar}}}
          slow: {cycle: 10 s}
        sinks: {out: {}}
        run: {horizon: 20 s}
        """)
    assert blocked.of("m") == (
        "0 working a1, 2 working a2, 4 blocked a2, 5 maintenance a2, 9 blocked a2, 12 working a3, "
        "14 maintenance a3, 18 blocked a3"
    )


def test_a_breakdown_interrupts_and_maintenance_still_waits() -> None:
    story = busy("breakdowns: {f: {mtbf: {constant: 7 s}, mttr: {constant: 2 s}}}, "
                 "maintenance: {oil: {every: 6 s, lasts: 1 s}}")  # fmt: skip
    assert story.of("m") == (
        "0 working a1, 4 working a2, 7 repair a2, 9 working a2, 10 maintenance, 11 working a3, 15 working a4, "
        "17 repair a4, 19 working a4, 21 maintenance, 22 working a5, 26 working a6, 27 repair a6, 29 working a6"
    )


def test_maintenance_renews_a_breakdown_and_a_repair_renews_maintenance() -> None:
    never = busy("breakdowns: {wear: {mtbf: {constant: 9 s}, mttr: {constant: 5 s}}}, "
                 "maintenance: {oil: {every: 8 s, lasts: 1 s, renews: [wear]}}")  # fmt: skip
    assert never.seconds("m", REPAIR) == 0
    assert never.seconds("m", MAINTENANCE) == 3
    other = busy("breakdowns: {wear: {mtbf: {constant: 6 s}, mttr: {constant: 2 s}, renews: [oil]}}, "
                 "maintenance: {oil: {every: 7 s, lasts: 1 s}}")  # fmt: skip
    assert other.seconds("m", MAINTENANCE) == 0


def test_people_come_for_maintenance_and_the_wait_counts_as_maintenance() -> None:
    story = Story("""
        flow: [a -> m -> out, b -> n -> out]
        sources: {a: {arrivals: saturated}, b: {arrivals: saturated}}
        stations:
          m: {cycle: 4 s, maintenance: {oil: {every: 4 s, lasts: 3 s, by: fitter}}}
          n: {cycle: 6 s, by: fitter}
        operators: {fitter: {count: 1}}
        sinks: {out: {}}
        run: {horizon: 16 s}
        """)
    assert story.of("m") == "0 working a1, 4 maintenance, 6 maintenance, 9 working a2, 13 maintenance, 15 maintenance"
    assert story.of("n") == "0 working b1, 6 waiting_operator b2, 9 working b2, 15 waiting_operator b3"


def test_moments_of_the_week() -> None:
    story = Story("""
        start: 2027-01-09 05:00
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 40 min, maintenance: {clean: {on: [sat 06:00, mon 00:00], lasts: 2 h}}}}
        sinks: {out: {}}
        run: {horizon: 9 d}
        """)
    stops = [line[0] / 3600e6 for line in story.trace if line[3] == "maintenance"]
    # Saturday 06:00 is 1 h after the start, Monday 43 h; each waits for the end of a cycle of 40 min
    assert stops == pytest.approx([1 + 1 / 3, 43 + 1 / 3, 169 + 1 / 3, 211 + 1 / 3])


HOURS = "calendars: {d: {cycle: 12 s, open: [0 s-8 s], breaks: [3 s-4 s]}}\n"


def test_start_up_after_closed_hours() -> None:
    story = busy("calendar: d, start_up: {lasts: 2 s}", HOURS)
    assert story.of("m") == (
        "0 working a1, 3 break a1, 4 working a1, 5 working a2, 8 off a2, 12 setup a2, 14 working a2, 15 break a3, "
        "16 working a3, 20 off a4, 24 setup a4, 26 working a4, 27 break a4, 28 working a4"
    )


def test_start_up_after_breaks_too() -> None:
    story = busy("calendar: d, start_up: {after: break, lasts: 1 s}", HOURS)
    assert story.of("m").startswith(
        "0 working a1, 3 break a1, 4 setup a1, 5 working a1, 6 working a2, 8 off a2, 12 setup a2"
    )


def test_start_up_needs_its_people() -> None:
    story = Story("""
        flow: [a -> m -> out, b -> n -> out]
        sources: {a: {arrivals: saturated}, b: {arrivals: saturated}}
        stations:
          m: {cycle: 4 s, calendar: d, start_up: {lasts: 2 s, by: setter}}
          n: {cycle: 4 s, calendar: d, start_up: {lasts: 2 s, by: setter}}
        operators: {setter: {count: 1}}
        calendars: {d: {cycle: 12 s, open: [0 s-8 s]}}
        sinks: {out: {}}
        run: {horizon: 24 s}
        """)
    assert story.of("m") == "0 working a1, 4 working a2, 8 off a3, 12 setup a3, 14 working a3, 18 working a4, 20 off a4"
    assert story.of("n") == "0 working b1, 4 working b2, 8 off b3, 12 setup b3, 14 setup b3, 16 working b3, 20 off b4"


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (
            "mon 15:00",
            "0 working a1, 3 working a2, 6 working a3, 8 off a3, 24 working a3, 25 working a4, 28 working a5",
        ),
        (
            "tue 05:00",
            "0 working a1, 3 working a2, 6 working a3, 8 off a3, 24 maintenance a3, 25 working a3, 26 working a4, "
            "29 working a5",
        ),
    ],
)
def test_in_closed_hours_it_is_done_though_a_part_is_left_in_the_machine(moment: str, told: str) -> None:
    story = Story(f"""
        start: 2027-01-04 06:00
        calendar: one
        calendars: {{one: {{week: {{mon-fri: [06:00-14:00]}}}}}}
        flow: [a -> m -> out]
        sources: {{a: {{arrivals: saturated}}}}
        stations: {{m: {{cycle: 3 h, maintenance: {{oil: {{on: [{moment}], lasts: 2 h}}}}}}}}
        sinks: {{out: {{}}}}
        run: {{horizon: 30 h}}
        """)
    lines = [line for line in story.trace if line[1] == "m"]
    seen = [f"{time / 3.6e9:g} {state} {part.replace('.', '')}" for time, _, _, state, part in lines]
    told_twice = [line for i, line in enumerate(seen) if not i or line.split()[1:] != seen[i - 1].split()[1:]]
    assert ", ".join(told_twice) == told
    assert [
        (stop.mode, stop.times, stop.down / 3.6e9) for stop in story.ledger.stations[story.plan.index("m")].stops
    ] == [("oil", 1, 2)]
