"""Breakdowns: their clocks, what becomes of the part, several of them, repairs at night."""

from __future__ import annotations

import pytest

from twin.core.ledger import OFF, REPAIR, WORKING

from .story import Story

SLOW = """
    flow: [a -> m -> out]
    sources: {a: {every: 10 s, first: 0 s}}
    stations: {m: {cycle: 4 s, breakdowns: {f: {mtbf: {constant: %s}, mttr: {constant: 3 s}}}}}
    sinks: {out: {}}
    run: {horizon: 40 s}
    """
BUSY = SLOW.replace("every: 10 s, first: 0 s", "arrivals: saturated")


def busy(clock: str, more: str = "", hours: str = "") -> Story:
    """A machine that never lacks parts; ``clock`` is the time up."""
    text = (BUSY % clock).replace("mttr: {constant: 3 s}", "mttr: {constant: 3 s}" + more)
    return Story(text.replace("cycle: 4 s,", "cycle: 4 s, calendar: d,") + hours if hours else text)


DAY = "calendars: {d: {cycle: 20 s, open: [0 s-12 s], breaks: [6 s-8 s]}}\n"


def test_the_part_goes_on_where_it_was() -> None:
    assert Story(SLOW % "6 s").of("m") == (
        "0 working a1, 4 starved, 10 working a2, 12 repair a2, 15 working a2, 17 starved, "
        "20 working a3, 24 repair, 27 starved, 30 working a4, 34 starved"
    )


def test_the_part_begins_again() -> None:
    story = Story((SLOW % "6 s").replace("3 s}}", "3 s}, part: restart}"))
    assert story.of("m") == (
        "0 working a1, 4 starved, 10 working a2, 12 repair a2, 15 working a2, 19 starved, 20 working a3, "
        "22 repair a3, 25 working a3, 29 starved, 30 working a4, 32 repair a4, 35 working a4, 39 starved"
    )


def test_the_part_is_lost() -> None:
    story = Story((SLOW % "6 s").replace("3 s}}", "3 s}, part: scrap}"))
    assert story.of("m") == (
        "0 working a1, 4 starved, 10 working a2, 12 repair, 15 starved, 20 working a3, 24 starved, "
        "30 working a4, 32 repair, 35 starved"
    )
    assert story.ledger.flow.scrapped == 2


@pytest.mark.parametrize("clock", ["8 s", "2 cycles"])
def test_a_clock_that_runs_out_as_a_part_ends_stops_after_the_part_has_left(clock: str) -> None:
    story = busy(clock)
    assert story.of("m") == (
        "0 working a1, 4 working a2, 8 repair, 11 working a3, 15 working a4, 19 repair, 22 working a5, "
        "26 working a6, 30 repair, 33 working a7, 37 working a8"
    )
    assert story.at("out", "in") == "4 a1, 8 a2, 15 a3, 19 a4, 26 a5, 30 a6, 37 a7"


@pytest.mark.parametrize("machines", [1, 2])
def test_it_leaves_into_a_buffer_with_room_whoever_empties_it(machines: int) -> None:
    story = Story(f"""
        flow: [a -> m -> b -> n -> out]
        sources: {{a: {{arrivals: saturated}}}}
        stations:
          m: {{cycle: 4 s, breakdowns: {{f: {{mtbf: {{constant: 8 s}}, mttr: {{constant: 3 s}}}}}}}}
          n: {{machines: {machines}, cycle: 1 s}}
        buffers: {{b: {{capacity: 2}}}}
        sinks: {{out: {{}}}}
        run: {{horizon: 12 s}}
        """)
    assert story.of("m") == "0 working a1, 4 working a2, 8 repair, 11 working a3"
    assert story.at("b", "in") == "4 a1, 8 a2"


def test_the_calendar_clock_always_runs() -> None:
    assert busy("9 s", ", clock: calendar").of("m") == (
        "0 working a1, 4 working a2, 8 working a3, 9 repair a3, 12 working a3, 15 working a4, 19 working a5, "
        "21 repair a5, 24 working a5, 26 working a6, 30 working a7, 33 repair a7, 36 working a7, 37 working a8"
    )


def test_the_shift_clock_runs_while_it_is_open() -> None:
    # Open 0-6, 8-12, 20-26, 28-32: 9 s of it are over at 11, and from the end of the repair on at 31.
    story = busy("9 s", ", clock: shift", DAY)
    assert story.of("m") == (
        "0 working a1, 4 working a2, 6 break a2, 8 working a2, 10 working a3, 11 repair a3, 12 off a3, 14 off a3, "
        "20 working a3, 23 working a4, 26 break a4, 28 working a4, 29 working a5, 31 repair a5, 32 off a5, 34 off a5"
    )


def test_a_repair_at_night_shows_off() -> None:
    story = busy("9 s", ", clock: working", DAY)
    assert [story.seconds("m", state) for state in (WORKING, REPAIR, OFF)] == [18, 2, 16]
    assert story.ledger.stations[story.plan.index("m")].stops[0].down == 6e6


def test_a_repair_that_ends_as_the_station_closes_starts_no_part() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 10 s, first: 0 s}}
        stations:
          m:
            cycle: 4 s
            calendar: d
            breakdowns: {f: {mtbf: {constant: 9 s}, clock: calendar, mttr: {constant: 3 s}}}
        sinks: {out: {}}
        calendars: {d: {cycle: 20 s, open: [0 s-12 s]}}
        run: {horizon: 26 s}
        """)
    assert story.of("m") == ("0 working a1, 4 starved, 9 repair, 12 off a2, 20 working a2, 21 repair a2, 24 working a2")


TWO = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations:
      m:
        cycle: 5 s
        breakdowns:
          f: {mtbf: {constant: 7 s}, mttr: {constant: 6 s}}
          g: {mtbf: {constant: %s}, clock: %s, mttr: {constant: 2 s}, micro_stop: true}
    sinks: {out: {}}
    run: {horizon: 40 s}
    """


@pytest.mark.parametrize(("up", "clock"), [("9 s", "calendar"), ("7 s", "calendar"), ("7 s", "working")])
def test_what_falls_due_while_down_waits_until_the_stop_ends(up: str, clock: str) -> None:
    assert Story(TWO % (up, clock)).of("m") == (
        "0 working a1, 5 working a2, 7 repair a2, 13 micro_stop a2, 15 working a2, 18 working a3, "
        "22 repair a3, 28 micro_stop a3, 30 working a3, 31 working a4, 36 working a5, 37 repair a5"
    )


def test_what_fell_due_first_stops_first() -> None:
    # h stops from 3 to 9; meanwhile g falls due at 5 and f at 4: f goes first though g is declared before it.
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m:
            cycle: 50 s
            breakdowns:
              h: {mtbf: {constant: 3 s}, clock: calendar, mttr: {constant: 6 s}}
              g: {mtbf: {constant: 5 s}, clock: calendar, mttr: {constant: 1 s}, micro_stop: true}
              f: {mtbf: {constant: 4 s}, clock: calendar, mttr: {constant: 2 s}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.of("m") == "0 working a1, 3 repair a1, 9 repair a1, 11 micro_stop a1"


def test_each_of_several_machines_fails_on_its_own() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {orders: [{at: 0 s}, {at: 2 s}]}}
        stations: {m: {machines: 2, cycle: 5 s, breakdowns: {f: {mtbf: {constant: 3 s}, mttr: {constant: 2 s}}}}}
        sinks: {out: {}}
        """)
    assert story.of("m", 1) == "0 working a1, 3 repair a1, 5 working a1, 7 starved"
    assert story.of("m", 2) == "0 starved, 2 working a2, 5 repair a2, 7 working a2"


def test_the_first_time_up_may_have_its_own_law() -> None:
    story = Story((BUSY % "8 s").replace("mttr:", "first: {constant: 2 s}, mttr:"))
    assert story.of("m").startswith(
        "0 working a1, 2 repair a1, 5 working a1, 7 working a2, 11 working a3, 13 repair a3"
    )


def test_a_machine_in_mid_life_has_less_than_a_whole_life_left() -> None:
    text = (BUSY % "8 s").replace("mttr:", "first: running, mttr:")
    for seed in range(5):
        story = Story(text.replace("horizon: 40 s", f"horizon: 40 s, seed: {seed}"))
        first = next(line[0] for line in story.trace if line[3] == "repair")
        assert 0 < first < 8e6
