"""Corners that a review found: small plants whose numbers can be counted by hand."""

from __future__ import annotations

import pytest

from twin.core.instant import Instant
from twin.core.ledger import BLOCKED, STATES
from twin.core.problem import PlantError
from twin.core.run import Steps
from twin.engine.clock import Clock, Tools
from twin.engine.simpy import RunError, simulate

from .story import Story, plan_of

# -- a station without an exit

NO_EXIT = """
    flow: [a -> m]
    sources: {a: {every: 10 s, first: 0 s, limit: 3}}
    stations: {m: {cycle: 4 s%s}}
    """


def test_a_station_without_an_exit_keeps_its_first_part() -> None:
    story = Story(NO_EXIT % "" + "run: {horizon: 20 s}\n")
    assert story.of("m") == "0 working a1, 4 blocked a1"
    assert story.ledger.stations[story.plan.index("m")].done == (1,)
    assert story.seconds("m", BLOCKED) == 16


def test_a_station_without_an_exit_closes_and_breaks_down_as_others_do() -> None:
    more = ", calendar: d, breakdowns: {f: {mtbf: {constant: 9 s}, mttr: {constant: 2 s}, clock: calendar}}"
    hours = "calendars: {d: {cycle: 20 s, open: [0 s-12 s]}}\n    run: {horizon: 16 s}\n"
    assert Story(NO_EXIT % more + hours).of("m") == "0 working a1, 4 blocked a1, 9 repair a1, 11 blocked a1, 12 off a1"


def test_a_plant_without_an_exit_never_becomes_empty() -> None:
    with pytest.raises(RunError, match="never becomes empty: parts stand at m, a for ever"):
        simulate(plan_of(NO_EXIT % ""))


def test_a_calendar_that_ticks_for_ever_does_not_keep_a_stuck_plant_alive() -> None:
    hours = "calendars: {d: {cycle: 20 s, open: [0 s-12 s]}}\n"
    with pytest.raises(RunError, match="never becomes empty: parts stand at m, a for ever"):
        simulate(plan_of(NO_EXIT % ", calendar: d" + hours))


def test_people_who_never_meet_keep_no_run_alive() -> None:
    plan = plan_of("""
        flow: [a -> m -> out]
        sources: {a: {every: 10 s, limit: 1}}
        stations: {m: {cycle: 4 s, by: {day: 1, night: 1}}}
        operators: {day: {count: 1, calendar: d}, night: {count: 1, calendar: n}}
        calendars: {d: {cycle: 1 d, open: [0 h-12 h]}, n: {cycle: 1 d, open: [12 h-24 h]}}
        sinks: {out: {}}
        """)
    with pytest.raises(RunError, match="never becomes empty: parts stand at m for ever"):
        simulate(plan)


def test_long_work_beside_a_calendar_that_ticks_is_waited_for() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {every: 1 s, limit: 1}}
        stations: {m: {cycle: 40000 d}, n: {cycle: 1 s, calendar: d}}
        calendars: {d: {cycle: 1 d, open: [6 h-14 h]}}
        sinks: {out: {}}
        """)
    assert story.ledger.flow.good == 1


# -- no time passes

TIMELESS = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated%s}}
    stations: {m: {cycle: %s}}
    sinks: {out: {}}
    run: {horizon: 10 s}
    """


def test_endless_parts_at_one_instant_are_refused() -> None:
    with pytest.raises(PlantError, match="no time passes between 'a', which is never short, and 'out'"):
        plan_of(TIMELESS % ("", "0 s"))


@pytest.mark.parametrize(("limit", "cycle", "good"), [(", limit: 7", "0 s", 7), ("", "2 s", 5)])
def test_parts_limited_in_number_or_slowed_by_work_are_not(limit: str, cycle: str, good: int) -> None:
    assert Story(TIMELESS % (limit, cycle)).ledger.flow.good == good


# -- what a stop destroys

DESTROY = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 4 s, %s}}
    sinks: {out: {}}
    run: {horizon: 10 s}
    """


def test_a_part_destroyed_in_mid_cycle_takes_nothing_from_the_useful_time() -> None:
    # A stop every 6 s of work: one part is made in [0, 4], one destroyed at 6, repair to 7, the next is at work.
    story = Story(DESTROY % "breakdowns: {f: {mtbf: {constant: 6 s}, mttr: {constant: 1 s}, part: scrap}}")
    row = story.ledger.stations[story.plan.index("m")]
    assert (row.done, row.scrapped, story.ledger.flow.scrapped) == ((1,), (1,), 1)
    assert (row.net, row.useful) == (4e6, 4e6)


def test_nothing_is_made_and_nothing_is_useful_when_every_part_is_destroyed() -> None:
    story = Story(DESTROY % "breakdowns: {f: {mtbf: {constant: 3 s}, mttr: {constant: 1 s}, part: scrap}}")
    row = story.ledger.stations[story.plan.index("m")]
    assert (row.done, row.scrapped, row.net, row.useful) == ((0,), (2,), 0, 0)


def test_a_part_destroyed_as_it_is_unloaded_was_made_and_is_not_good() -> None:
    stop = "unload: {time: 2 s}, breakdowns: {f: {mtbf: {constant: 5 s}, mttr: {constant: 6 s}, part: scrap}}"
    row = Story(DESTROY % stop).ledger.stations[1]
    assert (row.done, row.scrapped, row.net, row.useful) == ((1,), (1,), 6e6, 0)


def test_scrap_at_the_end_of_the_cycle_is_not_useful() -> None:
    row = Story(DESTROY % "quality: {scrap: 100 %}").ledger.stations[1]
    assert (row.done, row.scrapped, row.net, row.useful) == ((2,), (2,), 8e6, 0)


# -- stops


def test_what_falls_due_during_stops_goes_in_order_of_its_due_time() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, limit: 1}}
        stations:
          m:
            cycle: 1000 s
            breakdowns:
              d: {mtbf: {constant: 150 s}, mttr: {constant: 7 s}, clock: calendar}
              c: {mtbf: {constant: 100 s}, mttr: {constant: 60 s}, clock: calendar}
              w: {mtbf: {constant: 100 s}, mttr: {constant: 5 s}}
        sinks: {out: {}}
        run: {horizon: 166 s}
        """)
    # c 100-160, w 160-165, d from 165 on: its repair is still open at the horizon
    stops = {stop.mode: (stop.times, stop.down / 1e6) for stop in story.ledger.stations[1].stops}
    assert stops == {"c": (1, 60), "w": (1, 5), "d": (1, 1)}


def test_a_clock_of_cycles_stops_after_every_repeated_cycle() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m:
            cycle: 4 s
            quality: {repeat: 90 %}
            breakdowns: {f: {mtbf: {constant: 1 cycles}, mttr: {constant: 1 s}}}
        sinks: {out: {}}
        run: {horizon: 1000 s}
        """)
    row = story.ledger.stations[1]
    # Each cycle of 4 s is followed by a stop of 1 s.
    assert (row.done, row.stops[0].times) == ((200,), 200)
    assert row.repeated[0] > 100


def test_a_closing_frees_the_people_of_a_micro_stop() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, limit: 1}}
        stations:
          m:
            cycle: 10 s
            by: crew
            calendar: d
            breakdowns: {f: {mtbf: {constant: 4 s}, mttr: {constant: 20 s}, micro_stop: true}}
        operators: {crew: {count: 1}}
        calendars: {d: {cycle: 20 s, open: [0 s-6 s]}}
        sinks: {out: {}}
        run: {horizon: 25 s}
        """)
    # At work 0-4, in the micro-stop 4-6; the rest of the stop is done at 24, and work goes on.
    assert story.of("m") == "0 working a1, 4 micro_stop a1, 6 off a1, 20 micro_stop a1, 24 working a1"
    assert story.ledger.rows[story.plan.index("crew")].held == 7e6


# -- windows


def test_without_a_warm_up_what_happens_at_instant_0_counts() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {orders: [{at: 0 s, quantity: 3, product: A}]}}
        stations: {m: {cycle: 4 s, holds: {A: 1}}}
        products: {A: {}}
        sinks: {out: {}}
        """)
    flow = story.ledger.flow
    assert (flow.inside_start, flow.entered, flow.good) == (1, 3, 4)
    assert story.ledger.rows[story.plan.index("a")].entered == 3


# -- people


def test_people_called_away_on_the_way_are_where_they_set_out() -> None:
    # The person stands at 0 m after the first part and goes 10 m (10 s) to far at 2 s; near, 0 m, calls at 5 s.
    story = Story("""
        flow: [a -> near -> out, b -> far -> out]
        sources: {a: {orders: [{at: 0 s}, {at: 5 s}]}, b: {orders: [{at: 2 s}]}}
        stations:
          near: {cycle: 1 s, by: crew, priority: 1, at: [0, 0]}
          far: {cycle: 1 s, by: crew, at: [10, 0]}
        operators: {crew: {count: 1, walking: 1 m/s, preempt: true}}
        sinks: {out: {}}
        """)
    assert story.of("near") == "0 working a1, 1 starved, 5 working a2, 6 starved"
    assert story.of("far") == "0 starved, 2 waiting_operator b1, 5 waiting_operator b1, 16 working b1"


# -- the last part of a shift

SHIFT = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 1 h, calendar: d, at_end: finish%s}}
    sinks: {out: {}}
    calendars: {d: {cycle: 24 h, open: [6 h-14 h]%s}}
    run: {horizon: 2 d}
    """


@pytest.mark.parametrize(
    ("more", "breaks", "good"),
    [
        ("", "", 16),
        (", machines: 2", "", 32),
        ("", ", breaks: [10 h-11 h]", 14),
        (", load: {time: 0 s}", "", 16),
        (", cycle: 90 min", "", 12),  # 06:00, 07:30 … 13:30, which is finished at 15:00
    ],
)
def test_no_part_is_started_at_the_instant_of_a_closing(more: str, breaks: str, good: int) -> None:
    text = SHIFT % (more, breaks)
    assert Story(text.replace("cycle: 1 h, ", "") if "cycle" in more else text).ledger.flow.good == good


def test_a_station_that_finishes_is_closed_at_the_instant_of_the_closing() -> None:
    story = Story(SHIFT % ("", ""))
    states = story.ledger.stations[1].states[0]
    assert {STATES[i]: time / 3.6e9 for i, time in enumerate(states) if time} == {"working": 16, "off": 32}


def test_a_part_in_repair_at_the_closing_waits_for_the_opening() -> None:
    stop = ", breakdowns: {f: {mtbf: {constant: 7.5 h}, mttr: {constant: 1 h}}}"
    story = Story(SHIFT % (stop, ""))
    hours = [line[0] / 3.6e9 for line in story.trace if line[1] == "m" and line[3] == "working"]
    assert hours == [6, 7, 8, 9, 10, 11, 12, 13, 30, 30.5, 31.5, 32.5, 33.5, 34.5, 35.5, 36.5]


def test_time_that_stands_still_is_an_error() -> None:
    clock = Clock()
    tools = Tools(clock)

    def for_ever() -> Steps:
        while True:
            life.sleep(0.0)
            yield

    life = tools.start(for_ever())
    with pytest.raises(RunError, match="time stands still at 0 s"):
        clock.go_on(tools.soon, Instant())
