"""Job shops whose parts travel their routes on vehicles, counted by hand."""

from __future__ import annotations

import pytest

from tests.agree.shuffled import difference, outcome
from twin.core.run import Deadlock
from twin.engine.simpy import simulate

from .story import Story, plan_of


def shop(source: str, route: str, serves: str, *, m2: str = "queue: {}", agv: str = "") -> str:
    """Stations m1 at 0 m and m2 at 30 m, the sink at 60 m; a vehicle of 3 m/s takes 10 s from one to the next."""
    return f"""
        sources: {{in: {{{source}, products: {{A: 100 %}}}}}}
        stations: {{m1: {{queue: {{}}, at: [0, 0]}}, m2: {{{m2}, at: [30, 0]}}}}
        sinks: {{out: {{at: [60, 0]}}}}
        products: {{A: {{route: [{route}]}}}}
        vehicles: {{agv: {{speed: 3 m/s, serves: [{serves}]{agv}}}}}
        """


def test_a_route_that_comes_back_by_vehicle() -> None:
    # 20 at m1, 10 on the way, 30 at m2, 10 back, 10 at m1, which hands over to the sink itself: out at 80.
    story = Story(
        shop("every: 100 s, first: 0 s, limit: 2", "{m1: 20 s}, {m2: 30 s}, {m1: 10 s}", "m1 -> m2, m2 -> m1")
    )
    assert story.of("m1") == "0 working in1, 20 starved, 70 working in1, 80 starved, 100 working in2, " + (
        "120 starved, 170 working in2"
    )
    assert story.of("m2") == "0 starved, 30 working in1, 60 starved, 130 working in2, 160 starved"
    assert story.of("agv") == "0 idle, 20 loaded in1, 30 idle, 60 loaded in1, 70 idle, 120 loaded in2, " + (
        "130 idle, 160 loaded in2, 170 idle"
    )
    assert story.at("out", "in") == "80 in1, 180 in2"


def test_a_part_waits_on_its_machine_for_the_vehicle_also_before_the_sink() -> None:
    # Loading 2 s, unloading 3 s. The second part is done at 45, the vehicle comes back from m2 at 55; the third at 77,
    # the vehicle is at the sink until 85 and needs 20 s to m1. From 120 on it loads the second part, which left m2
    # no place for the third until 122; that one is done at 152 and fetched from the sink.
    route, agv = "{m1: 20 s}, {m2: 30 s}", ", load_time: 2 s, unload_time: 3 s"
    story = Story(shop("every: 25 s, first: 0 s, limit: 3", route, "m1 -> m2, m2 -> out", agv=agv))
    assert story.of("m1") == "0 working in1, 20 blocked in1, 22 starved, 25 working in2, 45 blocked in2, " + (
        "57 working in3, 77 blocked in3, 107 starved"
    )
    assert story.of("m2") == "0 starved, 35 working in1, 65 blocked in1, 72 working in2, 102 blocked in2, " + (
        "122 working in3, 152 blocked in3, 164 starved"
    )
    assert story.at("out", "in") == "85 in1, 135 in2, 177 in3"


def test_no_vehicle_is_called_before_a_place_is_kept() -> None:
    # The queue before m2 holds one: the second part takes it at 20, when it is done; the third waits until 70.
    story = Story(
        shop("every: 10 s, first: 0 s, limit: 3", "{m1: 10 s}, {m2: 50 s}", "m1 -> m2", m2="queue: {capacity: 1}")
    )
    assert story.of("m1") == "0 working in1, 10 working in2, 20 blocked in2, 30 working in3, 40 blocked in3, 80 starved"
    assert (
        story.of("agv") == "0 idle, 10 loaded in1, 20 empty, 30 loaded in2, 40 idle, 70 empty, 80 loaded in3, 90 idle"
    )
    assert story.at("out", "in") == "70 in1, 120 in2, 170 in3"


def test_of_two_routes_only_the_way_that_is_served_needs_a_vehicle() -> None:
    # B goes from m1 to m3 by itself at 15; A is fetched at 5 and is at m2 at 15.
    story = Story("""
        sources: {in: {orders: [{at: 0 s, product: A}, {at: 0 s, product: B}]}}
        stations: {m1: {queue: {}, at: [0, 0]}, m2: {queue: {}, at: [30, 0]}, m3: {queue: {}}}
        sinks: {out: {}}
        products: {A: {route: [{m1: 5 s}, {m2: 4 s}]}, B: {route: [{m1: 10 s}, {m3: 4 s}]}}
        vehicles: {agv: {speed: 3 m/s, serves: [m1 -> m2]}}
        """)
    assert story.at("out", "in") == "19 in1, 19 in2"
    assert story.of("agv") == "0 idle, 5 loaded in1, 15 idle"


def test_from_the_source_by_vehicle() -> None:
    # The vehicle stands at the source; 10 s to m1, 20 s of work, m2 by itself.
    story = Story("""
        sources: {in: {every: 100 s, first: 0 s, limit: 1, products: {A: 100 %}}}
        stations: {m1: {queue: {}}, m2: {queue: {}}}
        sinks: {out: {}}
        products: {A: {route: [{m1: 20 s}, {m2: 5 s}]}}
        vehicles: {agv: {speed: 3 m/s, serves: [in -> m1], distances: {in: {m1: 30 m}}}}
        """)
    assert (story.of("agv"), story.of("m1"), story.at("out", "in")) == (
        "0 loaded in1, 10 idle", "0 starved, 10 working in1, 30 starved", "35 in1"
    )  # fmt: skip


RING = """
    sources: {in: {orders: [{at: 0 s, quantity: 6, product: A}]}}
    stations: {m1: {queue: {capacity: 1}, at: [0, 0]}, m2: {queue: {capacity: 1}, at: [30, 0]}}
    sinks: {out: {}}
    products: {A: {route: [{m1: 20 s}, {m2: 30 s}, {m1: 10 s}]}}
    vehicles: {agv: {speed: 3 m/s, serves: [m1 -> m2, m2 -> m1]}}
    """


def test_a_ring_over_vehicles_is_named() -> None:
    with pytest.raises(Deadlock, match="m1 -> m2 -> m1: each holds a part and waits for the next one's place"):
        simulate(plan_of(RING))


@pytest.mark.parametrize("cards", ["", "cards: {wip: {limit: 3, over: [m1, m2, m3]}}"])
@pytest.mark.parametrize("room", ["unlimited", "2"])
def test_the_order_of_ties_decides_nothing(room: str, cards: str) -> None:
    plan = plan_of(f"""
        sources: {{in: {{every: {{exponential: 22 s}}, products: {{A: 60 %, B: 40 %}}}}}}
        stations:
          m1: {{queue: {{capacity: {room}}}, at: [0, 0]}}
          m2: {{machines: 2, queue: {{capacity: {room}, rule: spt}}, at: [30, 0]}}
          m3: {{queue: {{capacity: {room}}}, at: [10, 10]}}
        sinks: {{out: {{at: [60, 0]}}}}
        products:
          A: {{route: [{{m1: 10 s}}, {{m2: 20 s}}, {{m3: 9 s}}]}}
          B: {{route: [{{m1: 8 s}}, {{m3: 20 s}}, {{any: [m1, m2], time: 5 s}}]}}
        vehicles:
          agv: {{count: 2, speed: 3 m/s, load_time: 1 s, serves: [m1 -> m2, m1 -> m3, m2 -> m3, m1 -> out, m2 -> out]}}
        {cards}
        run: {{horizon: 1 h, warm_up: 10 min, replications: 1, seed: 5}}
        """)
    left = outcome(plan)
    assert [difference(left, outcome(plan, seed)) for seed in (1, 2, 3)] == ["", "", ""]
