"""Loads: how they gather, when they start, how their parts leave; counted by hand."""

from __future__ import annotations

from twin.core.ledger import BLOCKED, WORKING

from .story import Story

OVEN = """
    flow: [a -> m -> out]
    sources: {a: {%s}}
    stations: {m: {queue: {}, cycle: %s, batch: {%s}%s}}
    products: {A: {}, B: {}}
    sinks: {out: {}}
    """


def oven(source: str, cycle: str, batch: str, more: str = "", run: str = "") -> Story:
    """An oven with an unlimited queue."""
    return Story(OVEN % (source, cycle, batch, more) + run)


def orders(*words: str) -> str:
    """Orders such as '12 A': the second and the product."""
    rows = (word.split() for word in words)
    return f"orders: [{', '.join(f'{{at: {at} s, product: {product}}}' for at, product in rows)}]"


def test_a_load_of_one_size_starts_full() -> None:
    story = oven("every: 1 s, products: {A: 100 %}", "3 s", "size: 3", run="run: {horizon: 14 s}")
    assert story.of("m") == "0 starved, 3 working a1, 6 working a4, 9 working a7, 12 working a10"
    assert story.at("out", "in") == "6 a1, 6 a2, 6 a3, 9 a4, 9 a5, 9 a6, 12 a7, 12 a8, 12 a9"


def test_full_or_the_least_after_a_wait_or_the_last() -> None:
    source = orders("0 A", "1 A", "12 A", "13 A", "14 A", "20 A", "28 A", "40 A")
    story = oven(source, "2 s", "least: 2, most: 3, wait: 5 s")
    # 5 s: two, the oldest since 0. 14 s: three. 28 s: the second comes when the first has long waited. 40 s: the last
    assert story.of("m") == (
        "0 starved, 5 working a1, 7 starved, 14 working a3, 16 starved, 28 working a6, 30 starved, 40 working a8"
    )
    assert story.at("out", "in") == "7 a1, 7 a2, 16 a3, 16 a4, 16 a5, 30 a6, 30 a7, 42 a8"


def test_parts_of_loads_leave_in_turn_before_a_stop_begins() -> None:
    """At 8 both machines end, the first for the second time, so it fails: their parts are still sent by turns."""
    story = Story("""
        flow: [a -> m -> x, m -> y]
        sources: {a: {orders: [{at: 0 s, quantity: 2}, {at: 4 s, quantity: 4}, {at: 20 s, quantity: 2}]}}
        stations:
          m:
            machines: 2
            queue: {}
            cycle: 4 s
            batch: {size: 2}
            send: round_robin
            breakdowns: {f: {mtbf: {constant: 2 cycles}, mttr: {constant: 1 s}}}
        sinks: {x: {}, y: {}}
        run: {horizon: 9 s}
    """)
    assert story.of("m") == "0 working a1, 4 working a3, 8 repair"
    assert story.of("m", 2) == "0 starved, 4 working a5, 8 starved"
    assert story.at("x", "in") == "4 a1, 8 a3, 8 a4"
    assert story.at("y", "in") == "4 a2, 8 a5, 8 a6"


def test_without_a_wait_it_starts_with_the_least() -> None:
    story = oven("every: 1 s, first: 0 s, limit: 6, products: {A: 100 %}", "3 s", "least: 2, most: 3")
    assert story.of("m") == "0 starved, 1 working a1, 4 working a3, 7 working a6"


def test_a_mixed_load_takes_the_longest_of_its_cycles() -> None:
    story = oven(orders("0 A", "1 B", "12 A", "13 A"), "{A: 2 s, B: 5 s}", "size: 2, mixed: true")
    assert story.of("m") == "0 starved, 1 working a1, 6 starved, 13 working a3"
    assert story.at("out", "in") == "6 a1, 6 a2, 15 a3, 15 a4"
    assert story.ledger.stations[1].done == (3, 1)


def test_else_a_load_is_of_one_product() -> None:
    story = oven(orders("0 A", "1 B", "2 B", "3 A", "4 A", "5 B"), "{A: 2 s, B: 5 s}", "size: 2")
    # 9 s: one of each is left and no more can come; A has waited longer
    assert story.of("m") == "0 starved, 2 working a2, 7 working a1, 9 working a5, 11 working a6"
    assert story.at("out", "in") == "7 a2, 7 a3, 9 a1, 9 a4, 11 a5, 16 a6"


def test_the_last_load_waits_for_what_is_still_on_its_way() -> None:
    story = Story("""
        flow: [a -> x -> b -> m -> out]
        sources: {a: {arrivals: saturated, limit: 4}}
        stations: {x: {cycle: 6 s}, m: {cycle: 5 s, batch: {size: 3}}}
        buffers: {b: {capacity: 3}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 starved, 18 working a1, 23 starved, 24 working a4"
    assert story.at("b") == "18 a1, 18 a2, 18 a3, 24 a4"


def test_scrap_on_the_way_lets_the_last_load_go() -> None:
    story = Story("""
        flow: [a -> x -> b -> m -> out]
        sources: {a: {every: 2 s, sequence: [A, A, B], limit: 3}}
        stations: {x: {cycle: 2 s, quality: {scrap: {A: 0 %, B: 100 %}}}, m: {cycle: 5 s, batch: {size: 3}}}
        products: {A: {}, B: {}}
        buffers: {b: {capacity: 3}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 starved, 8 working a1"
    assert story.at("out", "in") == "13 a1, 13 a2"


def test_parts_leave_one_by_one_and_block_until_the_last() -> None:
    story = Story("""
        flow: [a -> m -> b -> n -> out]
        sources: {a: {arrivals: saturated, limit: 6}}
        stations: {m: {queue: {capacity: 3}, cycle: 5 s, batch: {size: 3}}, n: {cycle: 2 s}}
        buffers: {b: {capacity: 1}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 working a1, 5 blocked a3, 7 working a4, 12 blocked a6, 14 starved"
    assert story.at("b", "in") == "5 a1, 5 a2, 7 a3, 12 a4, 12 a5, 14 a6"
    assert story.at("b") == "5 a1, 7 a2, 9 a3, 12 a4, 14 a5, 16 a6"
    assert (story.seconds("m", WORKING), story.seconds("m", BLOCKED)) == (10, 4)


SIX = "every: 1 s, first: 0 s, limit: 6, products: {A: 100 %}"
FAILS = ", breakdowns: {f: {mtbf: {constant: 6 s}, mttr: {constant: 3 s}, part: %s}}"


def test_a_breakdown_may_destroy_the_whole_load() -> None:
    story = oven(SIX, "4 s", "size: 2", FAILS % "scrap")
    # loads 1-5 and 5-9, which fails after 6 s of work, at 7; the next at 10 s
    assert story.of("m") == "0 starved, 1 working a1, 5 working a3, 7 repair, 10 working a5"
    assert story.at("out", "in") == "5 a1, 5 a2, 14 a5, 14 a6"
    row = story.ledger.stations[1]
    assert (row.done, row.scrapped, row.destroyed) == ((4, 0), (2, 0), (2, 0))


def test_or_the_load_resumes_or_starts_again() -> None:
    resumes = oven(SIX, "4 s", "size: 3", FAILS % "resume")
    assert resumes.of("m") == "0 starved, 2 working a1, 6 working a4, 8 repair a4, 11 working a4"
    assert resumes.at("out", "in") == "6 a1, 6 a2, 6 a3, 13 a4, 13 a5, 13 a6"
    restarts = oven(SIX, "4 s", "size: 3", FAILS % "restart")
    assert restarts.at("out", "in") == "6 a1, 6 a2, 6 a3, 15 a4, 15 a5, 15 a6"


def test_a_breakdown_while_the_last_parts_wait_to_leave() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated, limit: 4}}
        stations:
          m:
            queue: {capacity: 2}
            cycle: 2 s
            batch: {size: 2}
            breakdowns: {f: {mtbf: {constant: 3 s}, mttr: {constant: 3 s}, clock: calendar, part: scrap}}
          n: {cycle: 4 s}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    # the part is finished, so the stop destroys nothing; it is handed over once the repair has ended
    assert story.of("m") == "0 working a1, 2 blocked a2, 3 repair a2, 6 working a3, 8 blocked a3, 9 repair a3"
    assert story.at("out", "in") == "6 a1, 10 a2"
    assert story.ledger.flow.scrapped == 0


def test_each_part_of_a_load_is_judged() -> None:
    source, quality = "arrivals: saturated, sequence: [A, B], limit: 4", ", quality: {scrap: {A: 0 %, B: 100 %}}"
    story = oven(source, "5 s", "size: 4, mixed: true", quality)
    assert story.at("out", "in") == "5 a1, 5 a3"
    row = story.ledger.stations[1]
    assert (row.done, row.scrapped, row.destroyed) == ((2, 2), (0, 2), (0, 0))


def test_a_part_of_a_load_comes_back_for_rework() -> None:
    story = oven(
        "arrivals: saturated, sequence: [A, B], limit: 4", "5 s", "size: 4, mixed: true",
        ", quality: {rework: {share: {A: 0 %, B: 100 %}, to: m, at_most: 1}}",
    )  # fmt: skip
    assert story.of("m") == "0 working a1, 5 working a2"
    row = story.ledger.stations[1]
    assert (row.done, row.reworked, row.scrapped) == ((2, 4), (0, 2), (0, 2))


def test_each_part_of_a_load_goes_its_way() -> None:
    story = Story("""
        flow: [a -> m -> x -> out, m -> y -> out]
        sources: {a: {arrivals: saturated, sequence: [A, B], limit: 4}}
        stations:
          m: {queue: {capacity: 4}, cycle: 5 s, batch: {size: 4, mixed: true}, send: {by_product: {A: x, B: y}}}
          x: {cycle: 2 s}
          y: {cycle: 3 s}
        products: {A: {}, B: {}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 working a1, 5 blocked a3, 7 blocked a4, 8 starved"
    assert story.of("x") == "0 starved, 5 working a1, 7 working a3, 9 starved"
    assert story.of("y") == "0 starved, 5 working a2, 8 working a4"


def test_two_ovens_fill_in_turn() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 1 s}}
        stations: {m: {machines: 2, queue: {capacity: 4}, cycle: 5 s, batch: {size: 2}}}
        sinks: {out: {}}
        run: {horizon: 13 s}
        """)
    assert story.of("m", 1) == "0 starved, 2 working a1, 7 working a5, 12 working a9"
    assert story.of("m", 2) == "0 starved, 4 working a3, 9 working a7"


def test_a_load_is_one_cycle_with_one_loading_and_one_unloading() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 1 s, first: 0 s, limit: 8}}
        stations:
          m:
            queue: {capacity: 8}
            load: {time: 1 s, by: hand}
            cycle: 2 s
            unload: {time: 1 s}
            batch: {size: 2}
            maintenance: {oil: {every: 2 cycles, lasts: 3 s}}
        operators: {hand: {count: 1}}
        sinks: {out: {}}
        """)
    assert story.at("out", "in") == "5 a1, 5 a2, 9 a3, 9 a4, 16 a5, 16 a6, 20 a7, 20 a8"
    assert story.seconds("m", WORKING) == 16


def test_a_load_is_set_up_for_its_product() -> None:
    story = oven(orders("0 A", "0 B", "0 A", "0 B"), "2 s", "size: 2", ", setup: 3 s")
    assert story.of("m") == "0 working a1, 2 setup a2, 5 working a2"
    assert story.at("out", "in") == "2 a1, 2 a3, 7 a2, 7 a4"


def test_parts_of_loads_are_conserved() -> None:
    """Little and the count of parts hold though the window begins and ends within a load (``Story`` asserts it)."""
    for warm_up in (1, 8, 13):
        story = Story(f"""
            flow: [a -> m -> b -> n -> out]
            sources: {{a: {{every: {{exponential: 2 s}}}}}}
            stations:
              m: {{queue: {{}}, cycle: {{exponential: 5 s}}, batch: {{least: 2, most: 4, wait: 6 s}}, quality: {{scrap: 9 %}}}}
              n: {{cycle: 1 s}}
            buffers: {{b: {{capacity: 1}}}}
            sinks: {{out: {{}}}}
            run: {{warm_up: {warm_up} s, horizon: 501 s}}
            """)  # noqa: E501
        flow = story.ledger.flow
        assert flow.inside_start + flow.entered == flow.good + flow.scrapped + flow.inside_end
        assert min(flow.good, flow.scrapped) > 10


ELSEWHERE = """
    flow: [a -> x -> b -> m -> out, x -> y -> out]
    sources: {a: {%s}}
    stations:
      x: {cycle: 2 s, send: {by_product: {A: b, B: y}}}
      y: {cycle: 50 s, queue: {}}
      m: {cycle: 5 s, batch: {size: 3}}
    products: {A: {}, B: {}}
    buffers: {b: {capacity: 3}}
    sinks: {out: {}}
    """


def test_the_last_part_may_go_another_way() -> None:
    """x ends at 2, 4, 6: the third part goes to y, where it stays until 56; so the load starts at 6 with two."""
    story = Story(ELSEWHERE % "arrivals: saturated, sequence: [A, A, B], limit: 3")
    assert story.of("m").startswith("0 starved, 6 working a1, ")
    assert story.at("out", "in") == "11 a1, 11 a2, 56 a3"


def test_a_source_may_be_spent_without_a_last_part_here() -> None:
    """The third part comes at 40, ends at 42 and goes to y; nothing leaves the plant then."""
    assert Story(ELSEWHERE % orders("0 A", "1 A", "40 B")).of("m").startswith("0 starved, 42 working a1, ")


def test_the_last_delivery_may_go_another_way() -> None:
    """The same with deliveries that are 3 s late: in x at 3, 5 and 43."""
    source = orders("0 A", "1 A", "40 B") + ", delay: {constant: 3 s}"
    assert Story(ELSEWHERE % source).of("m").startswith("0 starved, 45 working a1, ")


def test_the_last_part_may_go_another_way_from_the_source() -> None:
    """a2 goes straight to y at 7 and the source is spent: the load starts with one."""
    story = Story("""
        flow: [a -> m -> out, a -> y -> out]
        sources: {a: {orders: [{at: 0 s, product: A}, {at: 7 s, product: B}], send: {by_product: {A: m, B: y}}}}
        stations: {y: {cycle: 50 s, queue: {}}, m: {cycle: 5 s, queue: {}, batch: {size: 3}}}
        products: {A: {}, B: {}}
        sinks: {out: {}}
        """)
    assert story.of("m").startswith("0 starved, 7 working a1, ")


def test_a_load_that_starts_incomplete_may_start_the_next() -> None:
    """m begins with a1 at 6, sends it on at 11: so o, which waits for two, begins at 11 with it."""
    story = Story("""
        flow: [a -> x -> b -> m -> c -> o -> out, x -> y -> out]
        sources: {a: {arrivals: saturated, sequence: [A, B], limit: 2}}
        stations:
          x: {cycle: 3 s, send: {by_product: {A: b, B: y}}}
          y: {cycle: 50 s, queue: {}}
          m: {cycle: 5 s, batch: {size: 3}}
          o: {cycle: 4 s, batch: {size: 2}}
        products: {A: {}, B: {}}
        buffers: {b: {capacity: 3}, c: {capacity: 3}}
        sinks: {out: {}}
        """)
    assert story.of("m").startswith("0 starved, 6 working a1, ")
    assert story.of("o").startswith("0 starved, 11 working a1, ")
