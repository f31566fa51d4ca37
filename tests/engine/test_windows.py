"""What a run counts, and how it ends: warm-up, horizon, an empty plant, deadlocks that are named."""

from __future__ import annotations

import pytest

from twin.engine.simpy import Deadlock, RunError, simulate

from .story import Story, plan_of

STEADY = """
    flow: [a -> m -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 4 s}}
    sinks: {out: {}}
    run: {warm_up: %s, horizon: %s}
    """


@pytest.mark.parametrize(
    ("warm_up", "horizon", "good", "inside"),
    [
        ("8 s", "8 s", 2, 1),  # 8 does not count, 12 and 16 do
        ("7 s", "8 s", 2, 1),  # 8 and 12
        ("8 s", "7 s", 1, 1),  # 12
        ("0 s", "8 s", 2, 0),  # 4 and 8; without a warm-up what comes at 0 has entered in the window
        ("0 s", "7.999999 s", 1, 0),
    ],
)
def test_counts_are_taken_after_the_warm_up_up_to_the_end(warm_up: str, horizon: str, good: int, inside: int) -> None:
    story = Story(STEADY % (warm_up, horizon))
    assert (story.ledger.flow.good, story.ledger.flow.inside_start) == (good, inside)
    assert story.ledger.products[0].total == good * 4e6
    assert story.ledger.makespan is None


def test_parts_inside_at_the_warm_up_keep_their_entry_time() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {orders: [{at: 0 s}, {at: 9 s}]}}
        stations: {m: {cycle: 10 s}}
        sinks: {out: {}}
        run: {warm_up: 6 s, horizon: 30 s}
        """)
    assert story.ledger.products[0].total == (10 + 11) * 1e6
    assert story.ledger.flow.spent == (4 + 11) * 1e6
    assert sum(story.ledger.stations[story.plan.index("m")].states[0]) == story.ledger.window == 14e6


@pytest.mark.parametrize("rule", ["fifo", "lifo"])
def test_parts_taken_after_the_warm_up_have_waited_since_they_came(rule: str) -> None:
    story = Story(f"""
        flow: [a -> b -> m -> out]
        sources: {{a: {{orders: [{{at: 0 s, quantity: 9}}]}}}}
        stations: {{m: {{cycle: 10 s}}}}
        buffers: {{b: {{capacity: 9, rule: {rule}}}}}
        sinks: {{out: {{}}}}
        run: {{warm_up: 25 s, horizon: 20 s}}
        """)
    # Taken at 30 and 40, after waits of as long; 6, 5 and 4 parts stand there in 5, 10 and 5 s of the window.
    place = story.ledger.places[story.plan.index("b")]
    assert (place.wait, place.taken, place.content, place.inside) == ((30 + 40) * 1e6, 2, (30 + 50 + 20) * 1e6, 4)


def test_a_belt_in_its_steady_state_has_the_same_wait_in_every_window() -> None:
    text = """
        flow: [a -> m -> belt -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 10 s}, n: {cycle: 10 s}}
        conveyors: {belt: {length: 40 m, speed: 1 m/s, pitch: 1 m}}
        sinks: {out: {}}
        run: {warm_up: 105 s, horizon: %s}
        """
    for horizon in ("20 s", "200 s"):
        story = Story(text % horizon)
        place = story.ledger.places[story.plan.index("belt")]
        assert place.wait == 40e6 * place.taken
        assert place.content == 4 * story.ledger.window


def test_a_run_without_horizon_ends_when_the_plant_is_empty() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 2 s, first: 0 s, limit: 3}}
        stations: {m: {cycle: 5 s}}
        sinks: {out: {}}
        """)
    assert (story.ledger.makespan, story.ledger.window) == (15e6, 15e6)


def test_a_run_that_ends_early_divides_by_the_time_it_lasted() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 2 s, first: 0 s, limit: 3}}
        stations: {m: {cycle: 5 s}}
        sinks: {out: {}}
        run: {warm_up: 1 s, horizon: 1 h}
        """)
    assert (story.ledger.makespan, story.ledger.window) == (15e6, 14e6)


def test_a_plant_that_is_empty_before_its_warm_up_ends_is_no_answer() -> None:
    text = STEADY.replace("arrivals: saturated", "every: 2 s, limit: 2") % ("1 h", "1 h")
    with pytest.raises(RunError, match="before its warm-up of 1 h ends"):
        simulate(plan_of(text))


def test_a_plant_whose_people_never_come_says_where_parts_stand() -> None:
    text = """
        flow: [a -> m -> out, c -> n -> out]
        sources: {a: {orders: [{at: 5 s, quantity: 3}]}, c: {orders: [{at: 1 s}]}}
        stations: {m: {cycle: 1 s, by: x}, n: {cycle: 1 s, by: x}}
        operators: {x: {tour: [m, n]}}
        sinks: {out: {}}
        """
    with pytest.raises(RunError, match="parts stand at m"):
        simulate(plan_of(text))


RINGS = {
    "m -> t -> m": """
        flow: [a -> m -> t -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m: {cycle: 2 s, queue: {capacity: 2}}
          t: {cycle: 1 s, quality: {rework: {share: 100 %, to: m, at_most: 9}}}
        sinks: {out: {}}
        run: {horizon: 100 s}
        """,
    "m -> n -> m": """
        flow: [a -> b -> m -> c -> n -> d -> m, n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s}, n: {cycle: 3 s, send: {d: 100 %, out: 0 %}}}
        buffers: {b: {capacity: 1}, c: {capacity: 1}, d: {capacity: 1}}
        sinks: {out: {}}
        run: {horizon: 100 s}
        """,
    "x -> y -> x": """
        products: {A: {route: [{x: 2 s}, {y: 2 s}, {x: 1 s}]}, B: {route: [{y: 2 s}, {x: 2 s}, {y: 1 s}]}}
        sources: {a: {orders: [{at: 0 s, product: A, quantity: 4}, {at: 0 s, product: B, quantity: 4}]}}
        stations: {x: {queue: {capacity: 1}}, y: {queue: {capacity: 1}}}
        sinks: {out: {}}
        """,
    "m -> n -> o -> m": """
        flow: [a -> m -> n -> o -> m, o -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 1 s}, o: {cycle: 1 s, send: {m: 100 %, out: 0 %}}}
        sinks: {out: {}}
        run: {horizon: 50 s}
        """,
    "k -> r -> k": """
        flow: [a -> k -> r -> out, c -> z -> out]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        stations:
          k: {cycle: 2 s, queue: {capacity: 2}}
          r: {cycle: 1 s, quality: {rework: {share: 100 %, to: k, at_most: 9}}}
          z: {cycle: 1 s}
        sinks: {out: {}}
        run: {horizon: 1 h}
        """,
}


@pytest.mark.parametrize("ring", RINGS)
def test_a_ring_of_parts_that_wait_for_each_other_is_named(ring: str) -> None:
    with pytest.raises(Deadlock, match=f"deadlock.*: {ring}: each holds a part and waits"):
        simulate(plan_of(RINGS[ring]))


def test_a_deadlock_is_found_while_calendars_tick_for_ever() -> None:
    ticking = "y: {queue: {capacity: 1}}, z: {cycle: 1 s, calendar: d}"
    text = RINGS["x -> y -> x"].replace("y: {queue: {capacity: 1}}", ticking)
    with pytest.raises(Deadlock, match="x -> y -> x"):
        simulate(plan_of(text + "\n        calendars: {d: {cycle: 2 s, open: [0 s-1 s]}}\n"))


def test_a_part_that_waits_for_a_closed_station_is_no_deadlock() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 1 s, calendar: d}}
        calendars: {d: {cycle: 1000 s, open: [0 s-10 s]}}
        sinks: {out: {}}
        run: {horizon: 500 s}
        """)
    assert story.of("m").endswith("10 working a11, 11 blocked a11")
