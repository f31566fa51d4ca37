"""Vehicles: places kept, calls, empty travel, loads, drivers, charging; rings with vehicles are named."""

from __future__ import annotations

import pytest

from tests.agree.shuffled import difference, outcome
from twin.core.ledger import CHARGING, EMPTY, IDLE, LOADED, LOADING, VEHICLE_STATES, WAITING, FleetLedger
from twin.core.run import Deadlock, RunError
from twin.engine.simpy import simulate

from .story import Story, plan_of


def fleet(story: Story, name: str = "agv") -> FleetLedger:
    """What a fleet left."""
    row = story.ledger.rows[story.plan.index(name)]
    assert isinstance(row, FleetLedger)
    return row


def spent(story: Story, state: int, name: str = "agv") -> float:
    """Time of all vehicles in a state, s."""
    return sum(vehicle[state] for vehicle in fleet(story, name).states) / 1e6


def one_way(agv: str = "", source: str = "every: 20 s, first: 0 s, limit: 3", b: str = "5", more: str = "") -> Story:
    """Parts that arrive in b go 50 m to out, at 5 m/s; loading takes 2 s, unloading 3 s."""
    return Story(
        f"""
        flow: [a -> b -> out]
        sources: {{a: {{{source}}}}}
        buffers: {{b: {{capacity: {b}, at: [0, 0]}}}}
        sinks: {{out: {{at: [30, 40]}}}}
        vehicles: {{agv: {{speed: 5 m/s, serves: [b -> out], load_time: 2 s, unload_time: 3 s{agv}}}}}
        {more}
        """
    )


def test_one_vehicle_there_and_back_with_empty_travel() -> None:
    story = one_way()
    assert story.of("agv") == (
        "0 loading, 2 loaded a1, 12 loading a1, 15 idle, 20 empty, 30 loading, 32 loaded a2, 42 loading a2, "
        "45 empty, 55 loading, 57 loaded a3, 67 loading a3"
    )
    assert story.at("b") == "2 a1, 32 a2, 57 a3"
    assert story.at("out", "in") == "15 a1, 45 a2, 70 a3"
    row = fleet(story)
    assert (row.trips, row.parts, row.metres) == (3, 3, 5 * 50)
    assert [spent(story, s) for s in (LOADED, EMPTY, LOADING, WAITING, CHARGING, IDLE)] == [30, 20, 15, 0, 0, 5]


def test_the_nearest_vehicle_goes_then_the_one_that_was_free_for_longest() -> None:
    # c is 10 m from home, d 40 m on the other side; ends lie beside them.
    story = Story("""
        flow: [x -> c -> cc -> m -> out, y -> d -> dd -> m]
        sources: {x: {orders: [{at: 0 s}, {at: 30 s}]}, y: {orders: [{at: 1 s}, {at: 31 s}, {at: 80 s}]}}
        buffers:
          c: {capacity: 9, at: [10, 0]}
          cc: {capacity: 9, at: [12, 0]}
          d: {capacity: 9, at: [-40, 0]}
          dd: {capacity: 9, at: [-42, 0]}
          mid: {capacity: 1, at: [0, 0]}
        stations: {m: {cycle: 1 s}}
        sinks: {out: {}}
        vehicles: {agv: {count: 2, speed: 2 m/s, serves: [c -> cc, d -> dd], home: mid}}
        """)
    # 0: both stand at mid, both free for ever: number 1 goes to c; 1: number 2 to d. Then each stands beside its own.
    assert story.of("agv", 1) == "0 empty, 5 loaded x1, 6 idle, 30 empty, 31 loaded x2, 32 idle"
    assert story.of("agv", 2) == (
        "0 idle, 1 empty, 21 loaded y1, 22 idle, 31 empty, 32 loaded y2, 33 idle, 80 empty, 81 loaded y3, 82 idle"
    )


def test_of_vehicles_equally_near_the_one_goes_that_was_free_for_longest() -> None:
    # Both end at out: 1 at 15, 2 at 16. The part of 40 is for 1.
    story = one_way(", count: 2", "orders: [{at: 0 s}, {at: 1 s}, {at: 40 s}]")
    assert story.of(
        "agv", 1
    ) == "0 loading, 2 loaded a1, 12 loading a1, 15 idle, 40 empty, 50 loading, 52 loaded a3, " + ("62 loading a3")
    assert story.of("agv", 2) == "0 idle, 1 loading, 3 loaded a2, 13 loading a2, 16 idle"


def two_ways(order: str = "c, d", at: tuple[int, int] = (1, 2)) -> Story:
    """One vehicle fetches from b (50 m), c and d (20 m each) and brings to out."""
    first, second = order.split(", ")
    return Story(f"""
        flow: [a -> b -> out, x -> c -> out, y -> d -> out]
        sources:
          a: {{orders: [{{at: 0 s}}]}}
          x: {{orders: [{{at: {at[0]} s}}]}}
          y: {{orders: [{{at: {at[1]} s}}]}}
        buffers: {{b: {{capacity: 1}}, {first}: {{capacity: 1}}, {second}: {{capacity: 1}}}}
        sinks: {{out: {{}}}}
        vehicles:
          agv:
            speed: 5 m/s
            serves: [b -> out, d -> out, c -> out]
            distances: {{out: {{b: 50 m, c: 20 m, d: 10 m}}, b: {{c: 5 m, d: 5 m}}, c: {{d: 5 m}}}}
        """)


def test_the_call_that_has_waited_longest_goes_first_though_another_is_nearer() -> None:
    story = two_ways()
    assert story.of("agv") == "0 loaded a1, 10 empty, 14 loaded x1, 18 empty, 20 loaded y1"


@pytest.mark.parametrize(("order", "last"), [("c, d", "10 empty, 14 loaded x1, 18 empty, 20 loaded y1"),
                                             ("d, c", "10 empty, 12 loaded y1, 14 empty, 18 loaded x1")])  # fmt: skip
def test_calls_of_one_moment_go_in_declared_order_of_where_the_parts_stand(order: str, last: str) -> None:
    assert two_ways(order, (1, 1)).of("agv") == f"0 loaded a1, {last}"


def test_a_vehicle_sets_out_only_once_a_place_is_kept() -> None:
    # n takes 30 s a part; its queue holds 1. Part 2 has no place kept before 1 leaves the queue, 3 none before 2 does.
    story = Story("""
        flow: [a -> b -> n -> out]
        sources: {a: {orders: [{at: 0 s, quantity: 4}]}}
        buffers: {b: {capacity: 9}}
        stations: {n: {cycle: 30 s, queue: {capacity: 1}}}
        sinks: {out: {}}
        vehicles: {agv: {speed: 5 m/s, serves: [b -> n], distances: {b: {n: 20 m}}}}
        """)
    assert story.at("n", "in") == "4 a1, 12 a2, 42 a3, 72 a4"
    assert story.of("agv") == (
        "0 loaded a1, 4 empty, 8 loaded a2, 12 idle, 34 empty, 38 loaded a3, 42 idle, 64 empty, 68 loaded a4, 72 idle"
    )
    assert story.of("n") == "0 starved, 4 working a1, 34 working a2, 64 working a3, 94 working a4"


def test_nobody_else_takes_the_place_that_is_kept() -> None:
    # m would put its part into q at 3, but that place is kept for the part that the vehicle brings at 4.
    story = Story("""
        flow: [a -> b -> q -> n -> out, c -> m -> q]
        sources: {a: {orders: [{at: 0 s}]}, c: {orders: [{at: 0 s}]}}
        buffers: {b: {capacity: 9}, q: {capacity: 1}}
        stations: {m: {cycle: 3 s}, n: {cycle: 10 s}}
        sinks: {out: {}}
        vehicles: {agv: {speed: 5 m/s, serves: [b -> q], distances: {b: {q: 20 m}}}}
        """)
    assert story.of("m") == "0 working c1, 3 blocked c1, 4 starved"
    assert story.at("q", "in") == "4 a1, 4 c1"
    assert story.of("n") == "0 starved, 4 working a1, 14 working c1"


def test_a_vehicle_takes_what_is_ready_when_it_begins_to_load() -> None:
    # At 0 one part is ready; at 27, when the vehicle is back, two; the fourth comes while it loads.
    story = one_way(", carries: 2", "orders: [{at: 0 s}, {at: 5 s}, {at: 6 s}, {at: 26 s}]")
    assert story.at("out", "in") == "15 a1, 40 a2, 40 a3, 65 a4"
    assert story.of("agv") == (
        "0 loading, 2 loaded a1, 12 loading a1, 15 empty, 25 loading, 27 loaded a2, 37 loading a2, "
        "40 empty, 50 loading, 52 loaded a4, 62 loading a4"
    )
    assert (fleet(story).trips, fleet(story).parts) == (3, 4)


def test_two_parts_that_fit_on_one_vehicle_call_one() -> None:
    story = one_way(", carries: 2, count: 2", "orders: [{at: 0 s, quantity: 2}]")
    assert fleet(story).trips == 1
    assert spent(story, IDLE) == 15
    story = one_way(", carries: 2, count: 2", "orders: [{at: 0 s, quantity: 3}]")
    assert story.at("out", "in") == "15 a1, 15 a2, 15 a3"
    assert (fleet(story).trips, fleet(story).parts) == (2, 3)


def test_a_driver_is_held_for_the_whole_trip_and_stays_where_it_ends() -> None:
    # The driver comes from nowhere to b for the first trip, is at out (30, 40) at 15, and helps at m (30, 44) in 2 s.
    story = one_way(
        ", by: driver",
        more="""operators: {driver: {walking: 2 m/s}}
        stations: {m: {cycle: 4 s, by: driver, at: [30, 44]}}""",
        source="orders: [{at: 0 s}, {at: 20 s}]",
    )
    assert story.of("agv").startswith("0 loading, 2 loaded a1, 12 loading a1, 15 idle, 20 empty")
    row = story.ledger.rows[story.plan.index("driver")]
    assert (row.held / 1e6, row.scheduled / 1e6) == (40, 45)
    story = Story("""
        flow: [a -> b -> out, c -> m -> out]
        sources: {a: {orders: [{at: 0 s}, {at: 16 s}]}, c: {orders: [{at: 4 s}]}}
        buffers: {b: {capacity: 5, at: [0, 0]}}
        stations: {m: {cycle: 4 s, by: driver, at: [30, 44]}}
        sinks: {out: {at: [30, 40]}}
        operators: {driver: {walking: 2 m/s}}
        vehicles: {agv: {speed: 5 m/s, serves: [b -> out], by: driver}}
        """)
    # m waits from 4; the trip ends at 10 at out, 4 m from m: 2 s. The part of 16 waits for the driver: at 16 he is
    # free again and walks 2 s back to the vehicle.
    assert story.of("m") == "0 starved, 4 waiting_operator c1, 12 working c1, 16 starved"
    assert story.of("agv") == "0 loaded a1, 10 idle, 16 waiting, 18 empty, 28 loaded a2"


def test_a_driver_who_leaves_lets_the_vehicle_stand() -> None:
    # Hours 0-6 and 20-26 …: the vehicle stands from 6 to 20 on its way, and again from 26.
    story = one_way(
        ", by: driver",
        source="orders: [{at: 0 s}]",
        more="""operators: {driver: {calendar: d, at_end: stop}}
        calendars: {d: {cycle: 20 s, open: [0 s-6 s]}}""",
    )
    assert story.of("agv") == ("0 loading, 2 loaded a1, 6 waiting a1, 20 loaded a1, 26 waiting a1, 40 loading a1")
    assert story.at("out", "in") == "43 a1"
    assert fleet(story).metres == 50


def from_a_station(m: str = "", agv: str = "", more: str = "") -> Story:
    """m works 10 s on a part; the vehicle stands 25 m away and needs 5 s, loads 2 s, drives 5 s back to q."""
    return Story(
        f"""
        flow: [a -> m -> q -> n -> out]
        sources: {{a: {{arrivals: saturated, limit: 3}}}}
        buffers: {{q: {{capacity: 1}}}}
        stations: {{m: {{cycle: 10 s{m}}}, n: {{cycle: 1 s}}}}
        sinks: {{out: {{}}}}
        vehicles:
          agv: {{speed: 5 m/s, serves: [m -> q], distances: {{m: {{q: 25 m}}}}, home: q, load_time: 2 s{agv}}}
        {more}
        """
    )


def test_a_station_is_blocked_until_the_vehicle_has_loaded() -> None:
    story = from_a_station()
    assert story.of("m") == (
        "0 working a1, 10 blocked a1, 17 working a2, 27 blocked a2, 34 working a3, 44 blocked a3, 51 starved"
    )
    assert story.of("agv") == (
        "0 idle, 10 empty, 15 loading, 17 loaded a1, 22 idle, 27 empty, 32 loading, 34 loaded a2, 39 idle, "
        "44 empty, 49 loading, 51 loaded a3, 56 idle"
    )


def test_a_part_is_loaded_before_machines_that_end_then_send_theirs() -> None:
    """At 8 a1 is loaded, so a2 of the same machine is sent (to y), then a3 of the second one (to x), which ends too."""
    story = Story("""
        flow: [a -> m, m -> x -> out, m -> y]
        sources: {a: {orders: [{at: 0 s, quantity: 2}, {at: 4 s, quantity: 2}, {at: 20 s, quantity: 2}]}}
        stations:
          m: {machines: 2, queue: {}, cycle: 4 s, batch: {size: 2}, send: round_robin}
          x: {queue: {}, cycle: 1 s}
        sinks: {out: {}, y: {}}
        vehicles: {agv: {speed: 1 m/s, serves: [m -> x], load_time: 4 s, distances: {m: {x: 5 m}}}}
        run: {horizon: 9 s}
    """)
    assert story.of("agv") == "0 idle, 4 loading, 8 loaded a1"
    assert story.of("m") == "0 working a1, 4 blocked a1, 8 starved"
    assert story.of("m", 2) == "0 starved, 4 working a3, 8 blocked a3"
    assert story.at("y", "in") == "8 a2"


def test_a_machine_that_closes_before_it_is_loaded_keeps_its_part_and_the_vehicle_came_in_vain() -> None:
    story = from_a_station(", calendar: d", more="calendars: {d: {cycle: 40 s, open: [0 s-16 s, 20 s-40 s]}}")
    # Closed from 16, a second before it would be loaded; called again at 20, with the vehicle beside it.
    assert story.of("m").startswith("0 working a1, 10 blocked a1, 16 off a1, 20 blocked a1, 22 working a2")
    assert story.of("agv").startswith("0 idle, 10 empty, 15 loading, 17 idle, 20 loading, 22 loaded a1, 27 idle")


def test_a_part_that_is_loaded_as_its_machine_closes_has_left() -> None:
    story = from_a_station(", calendar: d", more="calendars: {d: {cycle: 40 s, open: [0 s-17 s, 20 s-40 s]}}")
    assert story.of("m").startswith("0 working a1, 10 blocked a1, 17 off a2, 20 working a2")
    assert story.at("q", "in").startswith("22 a1")


def test_a_battery_is_charged_after_the_trip_in_which_it_runs_low() -> None:
    # 10 s loaded + 10 s empty + 10 s loaded: 30 of 40 s are driven, a quarter is left. The charger is 10 m from out,
    # 58.31 m from b.
    story = one_way(", battery: {lasts: 40 s, charge: 60 s, at: [30, 50], below: 26 %}")
    assert story.of("agv") == (
        "0 loading, 2 loaded a1, 12 loading a1, 15 idle, 20 empty, 30 loading, 32 loaded a2, 42 loading a2, "
        "45 empty, 47 charging, 107 empty, 118.662 loading, 120.662 loaded a3, 130.662 loading a3"
    )
    assert spent(story, CHARGING) == 60
    assert fleet(story).metres == pytest.approx(50 + 100 + 10 + (30**2 + 50**2) ** 0.5 + 50, abs=1e-4)


def test_a_charger_is_at_home_unless_it_is_written() -> None:
    story = one_way(", battery: {lasts: 10 s, charge: 5 s}")
    assert story.of("agv").startswith(
        "0 loading, 2 loaded a1, 12 loading a1, 15 empty, 25 charging, 30 loading, 32 load"
    )


@pytest.mark.parametrize("back", ["", ", out: {b: 50 m}"])
def test_a_table_of_distances_does_as_coordinates_do(back: str) -> None:
    story = Story(f"""
        flow: [a -> b -> out]
        sources: {{a: {{every: 20 s, first: 0 s, limit: 3}}}}
        buffers: {{b: {{capacity: 5}}}}
        sinks: {{out: {{}}}}
        vehicles:
          agv:
            speed: 5 m/s
            serves: [b -> out]
            load_time: 2 s
            unload_time: 3 s
            distances: {{b: {{out: 50 m}}{back}}}
        """)
    assert story.trace == one_way().trace
    assert story.ledger == one_way().ledger


def test_both_ways_may_differ() -> None:
    story = one_way(", distances: {b: {out: 50 m}, out: {b: 25 m}}")
    assert story.of("agv").startswith("0 loading, 2 loaded a1, 12 loading a1, 15 idle, 20 empty, 25 loading, 27 loaded")


def test_a_source_that_is_never_short_keeps_all_vehicles_busy() -> None:
    story = Story("""
        flow: [a -> out]
        sources: {a: {arrivals: saturated, at: [0, 0]}}
        sinks: {out: {at: [10, 0]}}
        vehicles: {agv: {count: 2, carries: 3, speed: 1 m/s, serves: [a -> out]}}
        run: {horizon: 95 s}
        """)
    assert story.ledger.flow.good == 5 * 2 * 3
    assert spent(story, IDLE) == 0
    assert story.ledger.flow.inside_end == 0  # 90-100 is empty travel


def test_a_station_sends_some_parts_by_vehicle_and_some_by_hand() -> None:
    story = Story("""
        flow: [a -> m -> far -> n -> out, m -> near -> n]
        sources: {a: {arrivals: saturated, limit: 4}}
        stations: {m: {cycle: 10 s, send: round_robin}, n: {cycle: 1 s}}
        buffers: {far: {capacity: 9}, near: {capacity: 9}}
        sinks: {out: {}}
        vehicles: {agv: {speed: 5 m/s, serves: [m -> far], distances: {m: {far: 30 m}}}}
        """)
    assert story.at("far", "in") == "16 a1, 42 a3"
    assert story.at("near", "in") == "20 a2, 46 a4"
    assert story.of("m").endswith("20 working a3, 30 blocked a3, 36 working a4, 46 starved")


def test_a_load_of_parts_waits_for_those_that_are_still_on_a_vehicle() -> None:
    story = Story("""
        flow: [a -> b -> m -> out]
        sources: {a: {orders: [{at: 0 s}, {at: 30 s}, {at: 30 s}]}}
        buffers: {b: {capacity: 9}}
        stations: {m: {cycle: 1 s, batch: {size: 3}, queue: {}}}
        sinks: {out: {}}
        vehicles: {agv: {speed: 1 m/s, serves: [b -> m], distances: {b: {m: 5 m}}}}
        """)
    assert story.at("m", "in") == "5 a1, 40 a2, 50 a3"
    assert story.of("m") == "0 starved, 50 working a1"


def test_a_conveyor_hands_over_at_its_end() -> None:
    # 4 s over the belt, then a part stands at its end; loading takes 2 s, the way 5 s there and back.
    story = Story("""
        flow: [a -> belt -> b -> n -> out]
        sources: {a: {orders: [{at: 0 s, quantity: 2}]}}
        conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m}}
        buffers: {b: {capacity: 5}}
        stations: {n: {cycle: 1 s}}
        sinks: {out: {}}
        vehicles: {agv: {speed: 1 m/s, serves: [belt -> b], distances: {belt: {b: 5 m}}, load_time: 2 s}}
        """)
    assert story.of("agv").startswith("0 idle, 4 loading, 6 loaded a1, 11 empty, 16 loading, 18 loaded a2")
    assert story.at("b", "in") == "11 a1, 23 a2"


def test_a_card_is_given_back_where_the_vehicle_unloads() -> None:
    # One card over b: part 2 comes in at 7, when part 1 is unloaded at c.
    story = Story("""
        flow: [a -> b -> c -> n -> out]
        sources: {a: {orders: [{at: 0 s, quantity: 2}]}}
        buffers: {b: {capacity: 5}, c: {capacity: 5}}
        stations: {n: {cycle: 1 s}}
        sinks: {out: {}}
        cards: {k: {limit: 1, over: [b]}}
        vehicles: {agv: {speed: 1 m/s, serves: [b -> c], distances: {b: {c: 5 m}}, load_time: 2 s}}
        """)
    assert story.at("b", "in") == "0 a1, 7 a2"
    assert story.at("c", "in") == "7 a1, 19 a2"


RING = """
    flow: [a -> inA -> A -> inB -> B -> inA, B -> out]
    sources: {a: {arrivals: saturated, limit: 50}}
    buffers: {inA: {capacity: 1, prefer: [a]}, inB: {capacity: 1}}
    stations: {A: {cycle: 1 s}, B: {cycle: 1 s, send: {inA: 90 %, out: 10 %}}}
    sinks: {out: {}}
    vehicles:
      agv:
        speed: 1 m/s
        serves: [A -> inB, B -> inA]
        distances: {A: {inB: 5 m, B: 5 m, inA: 1 m}, B: {inB: 1 m, inA: 5 m}}
    """


@pytest.mark.parametrize("horizon", ["", "run: {horizon: 10 h}"])
def test_a_ring_through_vehicles_is_a_deadlock(horizon: str) -> None:
    plan = plan_of(RING + horizon)
    with pytest.raises(Deadlock, match=r"A -> B -> A: each holds a part and waits for the next one's place"):
        simulate(plan)


def test_vehicles_with_nowhere_to_go_are_idle_and_where_parts_stand_is_said() -> None:
    text = """
        flow: [a -> b -> q]
        sources: {a: {orders: [{at: 0 s, quantity: 3}]}}
        buffers: {b: {capacity: 9}, q: {capacity: 1}}
        vehicles: {agv: {speed: 1 m/s, serves: [b -> q], distances: {b: {q: 5 m}}}}
        """
    with pytest.raises(RunError, match="the plant never becomes empty: parts stand at b, q for ever"):
        simulate(plan_of(text))
    story = Story(text + "run: {horizon: 100 s}")
    assert story.of("agv") == "0 loaded a1, 5 idle"


def test_a_part_on_a_vehicle_that_stands_for_ever_is_named() -> None:
    text = """
        flow: [a -> b -> out]
        sources: {a: {orders: [{at: 0 s}]}}
        buffers: {b: {capacity: 9}}
        sinks: {out: {}}
        operators: {x: {calendar: d, at_end: stop}}
        calendars: {d: {cycle: 10 s, open: [0 s-4 s], closed: [4 s..90000 d]}}
        vehicles: {agv: {speed: 1 m/s, serves: [b -> out], distances: {b: {out: 5 m}}, by: x}}
        """
    story = Story(text + "run: {horizon: 20 s}")
    assert story.of("agv") == "0 loaded a1, 4 waiting a1"
    assert story.ledger.flow.inside_end == 1


# -- what must stay the same

LINE = """
    flow: [a -> b -> m -> c -> n -> d -> out]
    sources: {a: {every: 4 %(u)s, lot: 2, yard: 9, at: [0, 0]}}
    buffers: {b: {capacity: 2, at: [20, 0]}, c: {capacity: 2, at: [30, 0]}, d: {capacity: 3, at: [60, 0]}}
    stations:
      m:
        machines: 2
        cycle: 7 %(u)s
        at: [25, 0]
        breakdowns: {f: {mtbf: {constant: 31 %(u)s}, mttr: {constant: 4 %(u)s}}}%(queue)s
      n: {cycle: 3 %(u)s, quality: {scrap: 10 %%}, at: [50, 0]}
    sinks: {out: {at: [80, 0]}}
    run: {warm_up: 20 %(u)s, horizon: 900 %(u)s}
    vehicles:
    """
QUEUE = "\n        queue: {capacity: 2}"


def line(*fleets: str, unit: str = "s", queue: str = "") -> str:
    """The line with these fleets."""
    found = "".join(f"  {name}: {body}\n    " for name, body in zip(("agv", "truck"), fleets, strict=False))
    return LINE % {"u": unit, "queue": queue} + found


def agv(more: str, count: int = 1, speed: str = "10 m/s", serves: str = "m -> c, d -> out") -> str:
    """A fleet that carries two parts."""
    return f"{{count: {count}, carries: 2, speed: {speed}, serves: [{serves}], home: c, {more}}}"


def test_fast_vehicles_without_number_change_nothing() -> None:
    bare = Story(line()).ledger
    fast = Story(line(agv("load_time: 0 s", 50, "1000000000 m/s"))).ledger
    assert fast.flow == bare.flow
    assert fast.products == bare.products
    assert fast.stations == bare.stations


def test_slower_vehicles_never_bring_more() -> None:
    made = [Story(line(agv("load_time: 2 s", 1, f"{speed} m/s"))).ledger.flow.good for speed in (50, 10, 2)]
    assert made == sorted(made, reverse=True)
    assert made[0] > made[-1]


def test_constant_times_stretch_exactly_with_vehicles() -> None:
    one = Story(line(agv("load_time: 2 s", 2)))
    other = Story(line(agv("load_time: 2 min", 2, "10 m/min"), unit="min"))
    assert [(60 * line[0], *line[1:]) for line in one.trace] == other.trace
    mine, yours = fleet(one), fleet(other)
    assert (mine.trips, mine.parts) == (yours.trips, yours.parts)
    assert mine.metres == pytest.approx(yours.metres, rel=1e-12)
    assert [tuple(60 * time for time in vehicle) for vehicle in mine.states] == list(yours.states)


PLANTS = {
    "line": line(agv("load_time: 1 s", 2)),
    "random times": line(
        agv("load_time: {exponential: 1 s}, battery: {lasts: 90 s, charge: 30 s}", serves="a -> b, m -> c, d -> out")
    ),
    "no time": line(agv("load_time: 0 s", 3, "1000000000 m/s")),
    "two fleets": line(
        agv("load_time: 1 s", serves="m -> c"),
        "{speed: 5 m/s, carries: 3, serves: [d -> out, b -> m], by: x}",
        queue=QUEUE,
    )
    + """
    operators: {x: {calendar: h, at_end: stop}}
    calendars: {h: {cycle: 100 s, open: [0 s-70 s]}}
    """,
    "several takers": """
    flow: [a -> b -> c -> k -> out, b -> m -> out, b -> d -> k]
    sources: {a: {every: 2 s, lot: 3, limit: 200}}
    buffers: {b: {capacity: 9, rule: lifo}, c: {capacity: 1}, d: {capacity: 2}}
    stations: {m: {machines: 2, cycle: 9 s}, k: {cycle: 3 s}}
    sinks: {out: {}}
    vehicles:
      one: {count: 2, carries: 2, speed: 1 m/s, serves: [b -> c], distances: {b: {c: 2 m}}}
      two: {carries: 3, speed: 1 m/s, serves: [b -> d], distances: {b: {d: 3 m}}}
    run: {horizon: 400 s}
    """,
}


@pytest.mark.parametrize("name", PLANTS)
def test_shuffled_ties_leave_the_same_ledger(name: str) -> None:
    plan = plan_of(PLANTS[name])
    found = outcome(plan)
    assert found.ledger is not None, found.message
    assert all(check.ok for check in found.ledger.checks())
    assert all(row.trips > 5 for row in found.ledger.of(FleetLedger).values())
    for seed in range(8):
        assert difference(found, outcome(plan, seed)) == ""


def test_every_vehicle_is_always_in_one_state() -> None:
    for row in simulate(plan_of(PLANTS["two fleets"])).of(FleetLedger).values():
        assert [sum(vehicle) for vehicle in row.states] == [900e6] * len(row.states)
        assert all(len(vehicle) == len(VEHICLE_STATES) for vehicle in row.states)
