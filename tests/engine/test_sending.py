"""Splits: every way to send, every queue rule, what a station prefers, routes with a choice."""

from __future__ import annotations

import pytest

from .story import Story


def split(send: str, queue: bool = False, source: str = "", more: str = "") -> Story:
    """One station that sends to x (3 s) and y (4 s)."""
    own = ", queue: {capacity: 2}" if queue else ""
    return Story(
        f"""
        flow: [a -> m, m -> x -> out, m -> y -> out]
        sources: {{a: {{arrivals: saturated{source}}}}}
        stations: {{m: {{cycle: 1 s, send: {send}}}, x: {{cycle: 3 s{own}}}, y: {{cycle: 4 s{own}}}}}
        sinks: {{out: {{}}}}
        run: {{horizon: 12 s}}
        {more}
        """
    )


def test_first_free_takes_the_first_declared() -> None:
    # At 10 both x and y become free.
    story = split("first_free")
    assert story.of("x") == "0 starved, 1 working a1, 4 working a3, 7 working a5, 10 working a6"
    assert story.of("y") == "0 starved, 2 working a2, 6 working a4, 10 starved, 11 working a7"


def test_first_free_fills_the_first_queue() -> None:
    # At 4 m, declared before x, chooses before x takes from its queue, which is full.
    story = split("first_free", queue=True)
    assert story.at("x", "in") == "1 a1, 2 a2, 3 a3, 5 a5, 8 a8, 10 a10"
    assert story.at("y", "in") == "4 a4, 6 a6, 7 a7, 9 a9, 12 a11"


def test_shortest_queue_counts_what_is_in_work() -> None:
    story = split("shortest_queue", queue=True)
    assert story.at("x", "in") == "1 a1, 3 a3, 4 a4, 7 a7, 8 a8, 10 a10"
    assert story.at("y", "in") == "2 a2, 5 a5, 6 a6, 9 a9, 11 a11"


def test_places_that_free_up_together_are_filled_in_declared_order() -> None:
    """At 6 x (since 0) and y (since 3) end, so b and d have room: b is declared first, though x ended first."""
    story = Story("""
        flow: [a -> b -> c -> y -> out, a -> d -> e -> x -> out]
        sources: {a: {arrivals: saturated, send: first_free}}
        buffers: {b: {capacity: 1}, c: {capacity: 1}, d: {capacity: 1}, e: {capacity: 1}}
        stations: {x: {cycle: 6 s}, y: {cycle: 3 s}}
        sinks: {out: {}}
        run: {horizon: 7 s}
    """)
    assert story.at("b", "in") == "0 a1, 0 a2, 0 a3, 3 a7, 6 a8"
    assert story.at("d", "in") == "0 a4, 0 a5, 0 a6, 6 a9"


def test_round_robin_waits_for_its_turn() -> None:
    story = split("round_robin")
    assert story.of("x") == "0 starved, 1 working a1, 4 working a3, 7 working a5, 10 starved, 11 working a7"
    assert story.of("y") == "0 starved, 2 working a2, 6 working a4, 10 working a6"


def test_by_product() -> None:
    story = split("{by_product: {A: x, B: y}}", source=", sequence: [A, A, B]", more="products: {A: {}, B: {}}")
    assert story.of("m").startswith("0 working a1, 1 working a2, 2 blocked a2, 4 working a3, 5 working a4, 6 blocked")
    assert story.of("y") == "0 starved, 5 working a3, 9 starved, 11 working a6"


def test_a_drawn_branch_is_waited_for() -> None:
    story = split("{x: 100 %, y: 0 %}")
    assert story.of("x") == "0 starved, 1 working a1, 4 working a2, 7 working a3, 10 working a4"
    assert story.of("y") == "0 starved"


def test_shares_are_met_in_the_long_run() -> None:
    story = split("{x: 70 %, y: 30 %}", queue=True)
    plan = story.plan.with_run(horizon=20000e6)
    from twin.engine.simpy import simulate

    ledger = simulate(plan)
    x, y = (ledger.stations[plan.index(name)].done[0] for name in "xy")
    # Binomial: four standard deviations of the share.
    assert abs(x / (x + y) - 0.7) < 4 * (0.21 / (x + y)) ** 0.5


def test_sinks_may_be_branches() -> None:
    story = Story("""
        flow: [a -> m -> out, m -> waste]
        sources: {a: {orders: [{at: 0 s, quantity: 3}]}}
        stations: {m: {cycle: 1 s, send: first_free}}
        sinks: {out: {}, waste: {good: false}}
        """)
    assert story.at("out", "in") == "1 a1, 2 a2, 3 a3"


@pytest.mark.parametrize(
    ("prefer", "order"),
    [("", "c1 c2 c3 c4 a1 a2"), (", prefer: [b]", "c1 a1 a2 c2 c3 c4"), (", prefer: [d]", "c1 c2 c3 c4 a1 a2")],
)
def test_a_station_takes_what_has_waited_longest_unless_it_prefers(prefer: str, order: str) -> None:
    story = Story(f"""
        flow: [a -> b -> m -> out, c -> d -> m]
        sources: {{a: {{orders: [{{at: 1 s, quantity: 2}}]}}, c: {{orders: [{{at: 0 s, quantity: 4}}]}}}}
        stations: {{m: {{cycle: 2 s{prefer}}}}}
        buffers: {{b: {{capacity: 9}}, d: {{capacity: 9}}}}
        sinks: {{out: {{}}}}
        """)
    assert [word for word in story.of("m").replace(",", "").split() if word[0] in "ac"] == order.split()


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        *(("fifo", "ABCD"), ("lifo", "ADCB"), ("spt", "ADBC"), ("lpt", "ACBD"), ("mwkr", "ACBD"), ("lwkr", "ADBC")),
        *(("mopnr", "ABCD"), ("edd", "ACDB"), ("cr", "ACDB"), ("priority", "ACBD")),
    ],
)
def test_queue_rules(rule: str, order: str) -> None:
    # At 4 s: B 3 s due 50, C 9 s due 20, D 2 s due 30; priorities 1, 2, 0.
    story = Story(f"""
        flow: [a -> m -> out]
        sources:
          a:
            orders:
              - {{at: 0 s, product: A}}
              - {{at: 1 s, product: B, due: 50 s, priority: 1}}
              - {{at: 2 s, product: C, due: 20 s, priority: 2}}
              - {{at: 3 s, product: D, due: 30 s}}
        products: {{A: {{}}, B: {{}}, C: {{}}, D: {{}}}}
        stations: {{m: {{cycle: {{A: 4 s, B: 3 s, C: 9 s, D: 2 s}}, queue: {{rule: {rule}}}}}}}
        sinks: {{out: {{}}}}
        """)
    assert [part[-1] for part in story.at("m").split(", ")] == [str("ABCD".index(product) + 1) for product in order]


def test_the_rules_of_a_job_shop_look_at_the_rest_of_the_route() -> None:
    def first_two(rule: str) -> str:
        story = Story(f"""
            products:
              A: {{route: [{{x: 1 s}}, {{y: 9 s}}]}}
              B: {{route: [{{x: 2 s}}, {{y: 1 s}}, {{z: 1 s}}]}}
            sources: {{a: {{orders: [{{at: 0 s, product: A}}, {{at: 0.5 s, product: A}}, {{at: 0.5 s, product: B}}]}}}}
            stations: {{x: {{queue: {{rule: {rule}}}}}, y: {{queue: {{}}}}, z: {{queue: {{}}}}}}
            sinks: {{out: {{}}}}
            """)
        return story.at("x").split(", ")[1]

    assert {rule: first_two(rule)[-2:] for rule in ("spt", "mwkr", "lwkr", "mopnr", "lpt")} == {
        "spt": "a2", "mwkr": "a2", "lwkr": "a3", "mopnr": "a3", "lpt": "a3",
    }  # fmt: skip


def test_a_job_goes_to_the_station_where_least_stands() -> None:
    story = Story("""
        products:
          A: {route: [{any: [x, y], time: 4 s}, {z: 1 s}]}
          B: {route: [{z: 2 s}, {x: 3 s}]}
        sources:
          a: {orders: [{at: 0 s, product: A, quantity: 3}, {at: 1 s, product: B}, {at: 5 s, product: A}]}
        stations: {x: {queue: {}}, y: {queue: {}}, z: {queue: {}}}
        sinks: {out: {}}
        """)
    assert story.of("x") == "0 working a1, 4 working a3, 8 working a4"
    assert story.of("y") == "0 working a2, 4 starved, 5 working a5, 9 starved"
    assert story.at("out", "in") == "5 a1, 6 a2, 9 a3, 10 a5, 11 a4"


def test_arrivals_look_at_the_lines_as_they_are_once_the_instant_has_ended_its_work() -> None:
    # At 4 y has just become empty, whichever of arrival and end the engine comes to first.
    story = Story("""
        flow: [a -> x -> out, a -> y -> out]
        sources: {a: {every: 2 s, first: 0 s, send: shortest_queue}}
        stations: {x: {cycle: 9 s, queue: {}}, y: {cycle: 2 s, queue: {}}}
        sinks: {out: {}}
        run: {horizon: 7 s}
        """)
    assert story.of("y") == "0 starved, 2 working a2, 4 working a3, 6 working a4"
