"""Conveyors: room at the start, a belt that stands or closes up, stops, belts in a row, what takes from them."""

from __future__ import annotations

import pytest

from twin.core.run import Deadlock

from .story import Story, plan_of

LINE = """
    flow: [a -> belt -> n -> out]
    sources: {a: {%s}}
    conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m%s}}
    stations: {n: {%s}}
    sinks: {out: {}}
    run: {horizon: 20 s}
    """
"""A belt of 4 places; a part is on it for 4 s, and moves a pitch in 1 s."""
SLOW = ("every: 2 s, first: 0 s", "cycle: 5 s")


def story(source: str, belt: str = "", station: str = "cycle: 1 s", more: str = "") -> Story:
    """What happens on that line."""
    return Story(LINE % (source, belt, station) + more)


def orders(*times: float) -> str:
    """Parts at these times, s."""
    return f"orders: [{', '.join(f'{{at: {time} s}}' for time in times)}]"


def test_a_part_is_put_on_once_the_one_before_has_moved_a_pitch() -> None:
    found = Story("""
        flow: [a -> m -> belt -> n -> out]
        sources: {a: {arrivals: saturated}}
        conveyors: {belt: {length: 12 m, speed: 1 m/s, pitch: 3 m}}
        stations: {m: {cycle: 2 s}, n: {cycle: 1 s}}
        sinks: {out: {}}
        run: {horizon: 19 s}
        """)
    assert found.at("belt", "in") == "2 a1, 5 a2, 8 a3, 11 a4, 14 a5, 17 a6"
    assert found.at("belt") == "14 a1, 17 a2"
    assert found.of("m") == (
        "0 working a1, 2 working a2, 4 blocked a2, 5 working a3, 7 blocked a3, 8 working a4, 10 blocked a4, "
        "11 working a5, 13 blocked a5, 14 working a6, 16 blocked a6, 17 working a7"
    )
    assert found.of("n") == "0 starved, 14 working a1, 15 starved, 17 working a2, 18 starved"
    assert found.of("belt") == "0 starved, 2 working"


def test_the_whole_belt_stands_while_its_first_part_cannot_leave() -> None:
    # a2 is at the end at 6 and leaves at 9; a4 was put on at 6 and moves its pitch from 9 to 10, so a5 comes then.
    found = story(SLOW[0], "", SLOW[1])
    assert found.at("belt", "in") == "0 a1, 2 a2, 4 a3, 6 a4, 10 a5, 11 a6, 15 a7, 19 a8"
    assert found.at("belt") == "4 a1, 9 a2, 14 a3, 19 a4"
    assert found.of("belt") == ("0 working, 6 blocked, 9 working, 11 blocked, 14 working, 16 blocked, 19 working")


def test_parts_close_up_on_an_accumulating_belt() -> None:
    # Full at 8; a6 comes at 10, a7 (here since 12) at 14 and a8 (since 14) at 19, each as a part leaves.
    found = story(SLOW[0], ", accumulating: true", SLOW[1])
    assert found.at("belt", "in") == "0 a1, 2 a2, 4 a3, 6 a4, 8 a5, 10 a6, 14 a7, 19 a8"
    assert found.at("belt") == "4 a1, 9 a2, 14 a3, 19 a4"
    assert found.of("belt") == "0 working, 11 blocked, 14 working, 15 blocked, 19 working"


def test_the_next_part_comes_to_the_end_a_pitch_after_the_one_before_has_left() -> None:
    # n opens at 10. The belt is full since 3 and takes a new part as soon as one leaves.
    hours = "calendars: {d: {cycle: 100 s, open: [10 s-100 s]}}\n"
    found = story("arrivals: saturated", ", accumulating: true", "cycle: 0.5 s, calendar: d", hours)
    assert found.at("belt", "in")[:57] == "0 a1, 1 a2, 2 a3, 3 a4, 10 a5, 11 a6, 12 a7, 13 a8, 14 a9"
    assert found.at("belt")[:48] == "10 a1, 11 a2, 12 a3, 13 a4, 14 a5, 15 a6, 16 a7,"


def test_a_belt_that_stood_full_goes_on_as_one() -> None:
    # a2 is a pitch behind a1. A new part comes when the belt has moved a pitch.
    hours = "calendars: {d: {cycle: 100 s, open: [10 s-100 s]}}\n"
    found = story("arrivals: saturated", "", "cycle: 0.5 s, calendar: d", hours)
    assert found.at("belt", "in")[:48] == "0 a1, 1 a2, 2 a3, 3 a4, 10 a5, 11 a6, 12 a7, 13 "
    assert found.at("belt")[:34] == "10 a1, 11 a2, 12 a3, 13 a4, 14 a5,"


@pytest.mark.parametrize("kind", ["", ", accumulating: true"])
def test_a_breakdown_shifts_what_is_on_the_belt_by_the_repair(kind: str) -> None:
    mode = "breakdowns: {f: {mtbf: {constant: 90 s}, first: {constant: 2 s}, clock: calendar, mttr: {constant: 3 s}}}"
    found = story(orders(0, 1, 3), f"{kind}, {mode}")
    assert found.at("belt", "in") == "0 a1, 1 a2, 5 a3"
    assert found.at("belt") == "7 a1, 8 a2, 9 a3"
    assert found.of("belt") == "0 working, 2 repair, 5 working, 9 starved"


def test_the_working_clock_runs_while_parts_move() -> None:
    mode = "breakdowns: {f: {mtbf: {constant: 3 s}, mttr: {constant: 3 s}}}"
    found = Story((LINE % (orders(2, 20), f", {mode}", "cycle: 1 s")).replace("20 s}\n", "40 s}\n"))
    assert found.of("belt") == (
        "0 starved, 2 working, 5 repair, 8 working, 9 starved, 20 working, 22 repair, 25 working, 27 starved"
    )
    stop = found.ledger.stations[found.plan.index("belt")].stops[0]
    assert (stop.times, stop.up, stop.down) == (2, 8e6, 6e6)


def test_the_working_clock_stands_while_the_belt_does() -> None:
    # It moves 0-6 and 9-11; the clock runs out as a3 comes to the end. a3 leaves after the repair, at 14.
    mode = "breakdowns: {f: {mtbf: {constant: 8 s}, mttr: {constant: 2 s}}}"
    found = story(SLOW[0], f", {mode}", SLOW[1])
    assert found.of("belt") == (
        "0 working, 6 blocked, 9 working, 11 repair, 13 blocked, 14 working, 16 blocked, 19 working"
    )


def test_the_clock_of_cycles_counts_parts_put_on() -> None:
    mode = "breakdowns: {f: {mtbf: {constant: 2 cycles}, mttr: {constant: 3 s}}}"
    found = story(orders(0, 2, 4), f", {mode}")
    assert found.at("belt", "in") == "0 a1, 2 a2, 6 a3"
    assert found.at("belt") == "7 a1, 9 a2, 10 a3"


def test_maintenance_begins_with_parts_on_the_belt() -> None:
    plan = "maintenance: {m: {every: {constant: 3 s}, clock: calendar, lasts: {constant: 2 s}}}"
    found = story(orders(0), f", {plan}")
    assert found.of("belt") == ("0 working, 3 maintenance, 5 working, 6 starved")


HOURS = "calendars: {d: {cycle: 10 s, open: [0 s-6 s]}}\n"


def test_a_closed_belt_stands() -> None:
    found = story(orders(0, 3, 6.5), ", calendar: d", more=HOURS)
    assert found.at("belt", "in") == "0 a1, 3 a2, 10 a3"
    assert found.at("belt") == "4 a1, 11 a2, 14 a3"
    assert found.of("belt") == "0 working, 6 off, 10 working, 14 starved"


def test_a_belt_that_finishes_runs_on_while_parts_move_and_takes_nothing_more() -> None:
    found = story(orders(0, 3, 6.5), ", calendar: d, at_end: finish", more=HOURS)
    assert found.at("belt", "in") == "0 a1, 3 a2, 10 a3"
    assert found.at("belt") == "4 a1, 7 a2, 14 a3"
    assert found.of("belt") == "0 working, 7 off, 10 working, 14 starved"


def test_a_belt_that_is_closed_at_time_0_takes_nothing_until_it_opens() -> None:
    hours = "calendars: {d: {cycle: 20 s, open: [5 s-18 s]}}\n"
    found = story(orders(0, 7), ", calendar: d", more=hours)
    assert found.at("belt", "in") == "5 a1, 7 a2"
    assert found.of("belt") == "0 off, 5 working, 11 starved"


def test_a_start_up_comes_before_the_belt_moves_again() -> None:
    found = story(orders(0, 3), ", calendar: d, start_up: {lasts: 2 s}", more=HOURS)
    assert found.at("belt") == "4 a1, 13 a2"
    assert found.of("belt") == "0 working, 6 off, 10 setup, 12 working, 13 starved"


def test_people_repair_a_belt() -> None:
    # The only fixer is at work on m until 5.
    found = Story("""
        flow: [a -> belt -> n -> out, b -> m -> out]
        sources: {a: {orders: [{at: 0 s}]}, b: {orders: [{at: 1 s}]}}
        conveyors:
          belt:
            length: 4 m
            speed: 1 m/s
            pitch: 1 m
            breakdowns: {f: {mtbf: {constant: 2 s}, mttr: {constant: 3 s}, by: fixer}}
        stations: {m: {cycle: 4 s, by: fixer}, n: {cycle: 1 s}}
        operators: {fixer: {}}
        sinks: {out: {}}
        """)
    assert found.of("belt") == "0 working, 2 waiting_repair, 5 repair, 8 working, 10 repair"
    assert found.at("out", "in") == "5 b1, 11 a1"


def test_a_part_that_comes_to_the_end_as_the_belt_stops_leaves_if_it_has_one_way_to_go() -> None:
    mode = "breakdowns: {f: {mtbf: {constant: 90 s}, first: {constant: 4 s}, clock: calendar, mttr: {constant: 3 s}}}"
    assert story(orders(0), f", {mode}").at("belt") == "4 a1"
    # With two machines that might take it this is a choice, and those come after stops.
    assert story(orders(0), f", {mode}", "machines: 2, cycle: 1 s").at("belt") == "7 a1"


def test_belts_in_a_row() -> None:
    # The second takes a part every 2 s, so the first stands a second for each.
    found = Story("""
        flow: [a -> one -> two -> out]
        sources: {a: {arrivals: saturated, limit: 4}}
        conveyors:
          one: {length: 4 m, speed: 1 m/s, pitch: 1 m}
          two: {length: 6 m, speed: 0.5 m/s, pitch: 1 m}
        sinks: {out: {}}
        """)
    assert found.at("one", "in") == "0 a1, 1 a2, 2 a3, 3 a4"
    assert found.at("two", "in") == "4 a1, 6 a2, 8 a3, 10 a4"
    assert found.at("out", "in") == "16 a1, 18 a2, 20 a3, 22 a4"
    assert found.of("one") == ("0 working, 5 blocked, 6 working, 7 blocked, 8 working, 9 blocked, 10 starved")


def test_several_machines_take_from_a_belt() -> None:
    # a3 is at the end at 6 and waits for the first machine until 7, so a4 comes at 8.
    found = story("arrivals: saturated", "", "machines: 2, cycle: 3 s")
    assert found.of("n", 1).startswith("0 starved, 4 working a1, 7 working a3, 10 working a5")
    assert found.of("n", 2).startswith("0 starved, 5 working a2, 8 working a4, 11 working a6")
    assert found.at("belt").startswith("4 a1, 5 a2, 7 a3, 8 a4, 10 a5, 11 a6")


def test_an_assembly_takes_the_part_at_the_end() -> None:
    found = Story("""
        flow: [a -> belt -> kit, b -> rack -> kit -> out]
        sources: {a: {arrivals: saturated, limit: 3}, b: {orders: [{at: 2 s}, {at: 9 s}, {at: 9 s}]}}
        conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m}}
        buffers: {rack: {capacity: 3}}
        stations: {kit: {takes: {belt: 1, rack: 1}, cycle: 2 s}}
        sinks: {out: {}}
        """)
    assert found.of("kit") == "0 starved, 4 working a1, 6 starved, 9 working a2, 11 working a3"
    assert found.of("belt") == "0 working, 5 blocked, 9 working, 10 blocked, 11 starved"


def test_parts_go_on_from_a_belt_into_the_queue_of_a_station() -> None:
    found = story("arrivals: saturated, limit: 4", "", "queue: {capacity: 1}, cycle: 5 s")
    assert found.at("belt") == "4 a1, 5 a2, 9 a3, 14 a4"


def test_two_machines_put_parts_on_a_belt_in_order_of_their_wait() -> None:
    found = Story("""
        flow: [a -> m -> belt, c -> k -> belt, belt -> out]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, k: {cycle: 2 s}}
        conveyors: {belt: {length: 8 m, speed: 1 m/s, pitch: 2 m}}
        sinks: {out: {}}
        run: {horizon: 10 s}
        """)
    # m waits with a2 since 2, k with c1 since 2: a tie, so m, declared first, at 3; then k at 5, m (since 4) at 7.
    assert found.at("belt", "in") == "1 a1, 3 a2, 5 c1, 7 a3, 9 c2"


def test_times_stretch_exactly() -> None:
    text = """
        flow: [a -> m -> one -> n -> two -> out]
        sources: {a: {every: 3 %(u)s, lot: 2, yard: 4}}
        stations: {m: {machines: 2, cycle: 5 %(u)s}, n: {cycle: 4 %(u)s}}
        conveyors:
          one: {length: 7 m, speed: 1 m/%(u)s, pitch: 2 m, accumulating: true, calendar: d}
          two: {length: 9 m, speed: 1 m/%(u)s, pitch: 2 m, breakdowns: {f: {mtbf: {constant: 11 %(u)s}, mttr: {constant: 4 %(u)s}}}}
        calendars: {d: {cycle: 30 %(u)s, open: [0 %(u)s-21 %(u)s]}}
        sinks: {out: {}}
        run: {warm_up: 20 %(u)s, horizon: 500 %(u)s}
        """  # noqa: E501
    one, other = Story(text % {"u": "s"}), Story(text % {"u": "min"})
    assert [(60 * line[0], *line[1:]) for line in one.trace] == other.trace
    assert [60 * place.wait for place in one.ledger.places.values()] == [p.wait for p in other.ledger.places.values()]


def test_the_account_of_a_belt_holds_all_its_parts() -> None:
    found = story("arrivals: saturated, limit: 2", "", "cycle: 3 s")
    # a1 rides 0-4, a2 1-7.
    place = found.ledger.places[found.plan.index("belt")]
    assert (place.content, place.wait, place.taken, place.inside) == (10e6, 10e6, 2, 0)
    assert found.ledger.stations[found.plan.index("belt")].done == (2,)


def test_a_warm_up_that_ends_with_parts_on_the_belt() -> None:
    text = (LINE % ("arrivals: saturated", "", "cycle: 1 s")).replace("20 s}", "20 s, warm_up: 2.5 s}")
    place = Story(text).ledger.places[plan_of(text).index("belt")]
    # Four parts stand on the belt from 3 on, three before; it ends at 22.5.
    assert place.content == (0.5 * 3 + 19.5 * 4) * 1e6


RING = """
    flow: [a -> m -> belt -> n -> out]
    sources: {a: {arrivals: saturated}}
    conveyors: {belt: {length: %s m, speed: 1 m/s, pitch: 1 m%s}}
    stations:
      m: {queue: {capacity: 2}, cycle: 1 s}
      n: {cycle: 1 s, quality: {rework: {share: 100 %%, to: m, at_most: 9}}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """


@pytest.mark.parametrize("kind", ["", ", accumulating: true"])
def test_a_ring_through_a_belt_is_a_deadlock(kind: str) -> None:
    with pytest.raises(Deadlock, match="m -> n -> m: each holds a part"):
        Story(RING % (4, kind))


def test_a_long_wait_behind_a_belt_is_no_deadlock() -> None:
    found = Story("""
        flow: [a -> m -> one -> two -> n -> out]
        sources: {a: {arrivals: saturated, limit: 30}}
        conveyors:
          one: {length: 4 m, speed: 1 m/s, pitch: 1 m}
          two: {length: 4 m, speed: 1 m/s, pitch: 1 m, accumulating: true}
        stations: {m: {cycle: 1 s}, n: {cycle: 1 s, calendar: d}}
        calendars: {d: {cycle: 2 d, open: [1 d-26 h]}}
        sinks: {out: {}}
        """)
    assert found.ledger.flow.good == 30
