"""Assembly, disassembly and products that become others, counted by hand."""

from __future__ import annotations

import pytest

from .story import Story

# --- assembly ------------------------------------------------------------------------------------


def test_places_are_free_as_the_assembly_starts() -> None:
    story = Story("""
        flow: [a -> x -> b -> kit -> out, c -> y -> d -> kit]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        stations: {x: {cycle: 2 s}, y: {cycle: 3 s}, kit: {takes: {b: 1, d: 1}, cycle: 4 s}}
        buffers: {b: {capacity: 1}, d: {capacity: 1}}
        sinks: {out: {}}
        run: {horizon: 18 s}
        """)
    assert story.of("kit") == "0 starved, 3 working a1, 7 working a2, 11 working a3, 15 working a4"
    assert story.of("x") == (
        "0 working a1, 2 working a2, 4 working a3, 6 blocked a3, 7 working a4, 9 blocked a4, 11 working a5, "
        "13 blocked a5, 15 working a6, 17 blocked a6"
    )
    assert story.of("y") == "0 working c1, 3 working c2, 6 working c3, 9 working c4, 12 working c5, 15 working c6"
    assert story.at("b") == "3 a1, 7 a2, 11 a3, 15 a4"
    assert story.at("d") == "3 c1, 7 c2, 11 c3, 15 c4"
    assert story.ledger.flow.joined == 4


def test_without_buffers_both_wait_on_their_machines() -> None:
    story = Story("""
        flow: [a -> x -> kit -> out, c -> y -> kit]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        stations: {x: {machines: 2, cycle: 2 s}, y: {cycle: 3 s}, kit: {takes: {x: 2, y: 1}, cycle: 4 s}}
        sinks: {out: {}}
        run: {horizon: 10 s}
        """)
    assert story.of("x", 1) == "0 working a1, 2 blocked a1, 3 working a3, 5 blocked a3, 7 working a5, 9 blocked a5"
    assert story.of("x", 2) == "0 working a2, 2 blocked a2, 3 working a4, 5 blocked a4, 7 working a6, 9 blocked a6"
    assert story.of("y") == "0 working c1, 3 working c2, 6 blocked c2, 7 working c3"
    assert story.of("kit") == "0 starved, 3 working a1, 7 working a3"


def test_the_body_keeps_product_entry_and_due_date() -> None:
    story = Story("""
        flow: [a -> kit -> out, c -> kit]
        sources:
          a: {orders: [{product: A, at: 0 s, due: 7 s}]}
          c: {orders: [{product: B, at: 3 s, due: 30 s}]}
        stations: {kit: {takes: {a: 1, c: 1}, cycle: {A: 5 s, B: 1 s}}}
        products: {A: {material: 2 EUR}, B: {material: 3 EUR}}
        sinks: {out: {}}
        """)
    assert story.of("kit") == "0 starved, 3 working a1"
    body, other = story.ledger.products
    assert (body.parts, body.total / 1e6, body.due, body.late, body.tardiness / 1e6) == (1, 8, 1, 1, 1)
    assert (other.parts, other.due) == (0, 0)
    flow = story.ledger.flow
    assert (flow.entered, flow.good, flow.joined, flow.material / 1e6) == (2, 1, 1, 5)


def test_two_of_one_and_three_of_the_other() -> None:
    story = Story("""
        flow: [a -> b -> kit -> out, c -> d -> kit]
        sources: {a: {every: 1 s}, c: {every: 1 s}}
        stations: {kit: {takes: {b: 2, d: 3}, cycle: 2 s}}
        buffers: {b: {capacity: 4}, d: {capacity: 3}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.of("kit") == "0 starved, 3 working a1, 5 starved, 6 working a3, 8 starved, 9 working a5, 11 starved"
    # four places: a9 waits at its source until 9 s, a11 until 12 s
    assert story.at("b") == "3 a1, 3 a2, 6 a3, 6 a4, 9 a5, 9 a6, 12 a7, 12 a8"
    assert story.at("b", "in").endswith("8 a8, 9 a9, 10 a10, 12 a11, 12 a12")
    assert story.ledger.flow.joined == 16


def test_counts_follow_the_product_of_the_body() -> None:
    story = Story("""
        flow: [a -> b -> kit -> out, c -> d -> kit]
        sources: {a: {every: 1 s, sequence: [A, B]}, c: {every: 2 s, products: {C: 100 %}}}
        stations: {kit: {takes: {b: 1, d: {A: 1, B: 2, C: 1}}, cycle: {A: 1 s, B: 2 s, C: 9 s}}}
        buffers: {b: {capacity: 4}, d: {capacity: 3}}
        products: {A: {}, B: {}, C: {}}
        sinks: {out: {}}
        run: {horizon: 13 s}
        """)
    assert story.of("kit") == (
        "0 starved, 2 working a1, 3 starved, 6 working a2, 8 working a3, 9 starved, 12 working a4"
    )
    assert story.at("d") == "2 c1, 6 c2, 6 c3, 8 c4, 12 c5, 12 c6"


def test_only_parts_of_one_order_are_joined() -> None:
    story = Story("""
        flow: [a -> b -> kit -> out, c -> d -> kit]
        sources:
          a: {orders: [{at: 0 s, order: n1, quantity: 2}, {at: 0 s, order: n2}]}
          c: {orders: [{at: 1 s, order: n1}, {at: 2 s, order: n2, quantity: 2}, {at: 5 s, order: n1, quantity: 3}]}
        stations: {kit: {takes: {b: 1, d: 2}, match: order, cycle: 1 s}}
        buffers: {b: {capacity: 9}, d: {capacity: 9}}
        sinks: {out: {}}
        """)
    assert story.of("kit") == "0 starved, 2 working a3, 3 starved, 5 working a1, 6 working a2"
    assert story.at("d") == "2 c2, 2 c3, 5 c1, 5 c4, 6 c5, 6 c6"


def test_without_match_the_first_are_joined() -> None:
    story = Story("""
        flow: [a -> kit -> out, c -> kit]
        sources:
          a: {orders: [{at: 0 s, order: n1}, {at: 0 s, order: n2}]}
          c: {orders: [{at: 1 s, order: n2}, {at: 5 s, order: n1}]}
        stations: {kit: {takes: {a: 1, c: 1}, cycle: 1 s}}
        sinks: {out: {}}
        """)
    assert story.at("out", "in") == "2 a1, 6 a2"


def test_rework_comes_back_and_takes_nothing_more() -> None:
    story = Story("""
        flow: [a -> kit -> test -> out, c -> kit]
        sources: {a: {orders: [{at: 0 s, quantity: 2}]}, c: {orders: [{at: 0 s, quantity: 3}]}}
        stations:
          kit: {queue: {}, takes: {a: 1, c: 1}, cycle: 3 s}
          test: {cycle: 1 s, quality: {rework: {share: 100 %, to: kit, at_most: 1}}}
        sinks: {out: {}}
        run: {horizon: 20 s}
        """)
    assert story.of("kit") == "0 working a1, 3 working a2, 6 working a1, 9 working a2, 12 starved"
    assert story.at("kit", "in") == "4 a1, 7 a2"
    flow = story.ledger.flow
    assert (flow.joined, flow.scrapped, flow.good, flow.inside_end) == (2, 2, 0, 1)


def test_two_machines_assemble_in_turn() -> None:
    story = Story("""
        flow: [a -> b -> kit -> out, c -> d -> kit]
        sources: {a: {every: 1 s}, c: {every: 1 s}}
        stations: {kit: {machines: 2, takes: {b: 1, d: 1}, cycle: 3 s}}
        buffers: {b: {capacity: 4}, d: {capacity: 3}}
        sinks: {out: {}}
        run: {horizon: 9 s}
        """)
    assert story.of("kit", 1) == "0 starved, 1 working a1, 4 working a3, 7 working a5"
    assert story.of("kit", 2) == "0 starved, 2 working a2, 5 working a4, 8 working a6"


def test_two_assemblies_share_their_parts_in_declared_order() -> None:
    story = Story("""
        flow: [a -> b -> kit -> out, c -> d -> kit, b -> kat -> out, d -> kat]
        sources: {a: {every: 2 s}, c: {every: 2 s}}
        stations: {kat: {takes: {d: 1, b: 1}, cycle: 3 s}, kit: {takes: {b: 1, d: 1}, cycle: 3 s}}
        buffers: {b: {capacity: 4}, d: {capacity: 3}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.of("kat") == "0 starved, 2 working c1, 5 starved, 6 working c3, 9 starved, 10 working c5"
    assert story.of("kit") == "0 starved, 4 working a2, 7 starved, 8 working a4, 11 starved"


def test_a_closed_assembly_takes_nothing() -> None:
    story = Story("""
        flow: [a -> b -> kit -> out, c -> d -> kit]
        sources: {a: {every: 2 s}, c: {every: 3 s}}
        stations: {kit: {calendar: day, takes: {b: 1, d: 1}, cycle: 2 s}}
        calendars: {day: {cycle: 10 s, open: [0 s-4 s, 8 s-10 s]}}
        buffers: {b: {capacity: 4}, d: {capacity: 3}}
        sinks: {out: {}}
        run: {warm_up: 1 s, horizon: 17 s}
        """)
    assert story.of("kit") == (
        "0 starved, 1 starved, 3 working a1, 4 off a1, 8 working a1, 9 working a2, 11 working a3, 13 working a4, "
        "14 off a4"
    )


VAIN = """
    flow: [a -> x -> b -> kit -> out, c -> d -> kit]
    sources: {a: {every: 1 s, limit: %d}, c: {every: 1 s, limit: %d}}
    stations: {x: {cycle: 4 s}, kit: {takes: {b: 1, d: 1}, cycle: 1 s}}
    buffers: {b: {capacity: 1}, d: {capacity: 3}}
    sinks: {out: {}}
    """


@pytest.mark.parametrize("run", ["", "run: {horizon: 1 h}\n"])
@pytest.mark.parametrize(("limits", "where", "inside", "end"), [((3, 2), "b", 1, 13), ((6, 2), "x, a, b", 4, 17)])
def test_parts_that_wait_for_partners_in_vain_end_the_run(
    limits: tuple[int, int], where: str, inside: int, end: int, run: str
) -> None:
    story = Story(VAIN % limits + run)
    said = f"the run ended with parts at {where}: they wait for parts that no source can still send"
    assert story.ledger.warnings == (said,) or (run and inside == 4)
    assert story.at("out", "in") == "6 a1, 10 a2"
    assert (story.ledger.flow.good, story.ledger.flow.joined, story.ledger.flow.inside_end) == (2, 2, inside)
    assert story.ledger.makespan == 10e6
    assert story.ledger.window in (end * 1e6, 3600e6)


def test_an_oven_behind_parts_that_wait_in_vain_waits_too() -> None:
    story = Story("""
        flow: [a -> kit -> q -> oven -> out, c -> kit]
        sources: {a: {every: 1 s, limit: 3}, c: {every: 1 s, limit: 2}}
        stations: {kit: {takes: {a: 1, c: 1}, cycle: 1 s}, oven: {batch: {least: 3, most: 4, wait: 5 s}, cycle: 5 s}}
        buffers: {q: {capacity: 4}}
        sinks: {out: {}}
        """)
    assert story.ledger.flow.inside_end == 3
    assert "parts at a, q: they wait" in story.ledger.warnings[0]


# --- disassembly ---------------------------------------------------------------------------------


def test_a_job_needs_room_everywhere_at_one_moment() -> None:
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s, gives: {b: 1, c: 1}}, x: {cycle: 1 s}, y: {cycle: 5 s}}
        buffers: {b: {capacity: 1}, c: {capacity: 1}}
        sinks: {out: {}}
        run: {horizon: 16 s}
        """)
    assert story.of("m") == (
        "0 working a1, 2 working a2, 4 working a3, 6 blocked a3, 7 working a4, 9 blocked a4, 12 working a5, "
        "14 blocked a5"
    )
    assert story.at("b", "in") == "2 a1, 4 a2, 7 a3, 12 a4"
    assert story.at("c", "in") == "2 m1, 4 m2, 7 m3, 12 m4"
    assert story.ledger.flow.split == 4


def test_pieces_keep_entry_and_due_date() -> None:
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out]
        sources: {a: {orders: [{at: 1 s, due: 9 s}, {at: 2 s}]}}
        stations: {m: {cycle: 2 s, gives: {b: 1, c: 2}}, x: {cycle: 1 s}, y: {cycle: 5 s}}
        buffers: {b: {capacity: 1}, c: {capacity: 2}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 starved, 1 working a1, 3 working a2, 5 blocked a2, 8 starved"
    assert story.at("out", "in") == "4 a1, 8 m1, 9 a2, 13 m2, 18 m3, 23 m4"
    (row,) = story.ledger.products
    assert row.total / 1e6 == (4 - 1) + (8 - 1) + (13 - 1) + (9 - 2) + (18 - 2) + (23 - 2)
    assert (row.due, row.late, row.tardiness / 1e6) == (3, 1, 4)


def test_numbers_of_pieces_follow_the_product() -> None:
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out]
        sources: {a: {arrivals: saturated, sequence: [A, B], limit: 3}}
        stations: {m: {cycle: 1 s, gives: {b: {A: 1, B: 2}, c: {A: 3, B: 1}}}, x: {cycle: 2 s}, y: {cycle: 1 s}}
        products: {A: {}, B: {}}
        buffers: {b: {capacity: 2}, c: {capacity: 3}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 working a1, 1 working a2, 2 working a3, 3 blocked a3, 4 starved"
    assert story.at("b", "in") == "1 a1, 2 a2, 2 m4, 4 a3"
    assert story.at("c", "in") == "1 m1, 1 m2, 1 m3, 2 m5, 4 m6, 4 m7, 4 m8"
    assert (story.ledger.flow.split, story.ledger.flow.good) == (8, 11)


def test_pieces_go_to_a_queue_and_to_the_waste() -> None:
    story = Story("""
        flow: [a -> m -> x -> out, m -> waste]
        sources: {a: {arrivals: saturated, limit: 3}}
        stations: {m: {cycle: 1 s, gives: {x: 2, waste: 1}}, x: {queue: {capacity: 3}, cycle: 2 s}}
        sinks: {out: {}, waste: {good: false}}
        """)
    assert story.of("m") == "0 working a1, 1 working a2, 2 working a3, 3 blocked a3, 5 starved"
    assert story.at("waste", "in") == "1 m2, 2 m4, 5 m6"
    assert (story.ledger.flow.good, story.ledger.flow.waste) == (6, 3)


def test_two_machines_that_wait_for_the_same_branches() -> None:
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out]
        sources: {a: {arrivals: saturated, limit: 4}}
        stations: {m: {machines: 2, cycle: 2 s, gives: {b: 1, c: 1}}, x: {cycle: 1 s}, y: {cycle: 3 s}}
        buffers: {b: {capacity: 2}, c: {capacity: 1}}
        sinks: {out: {}}
        """)
    assert story.of("m", 1) == "0 working a1, 2 working a3, 4 blocked a3, 5 starved"
    assert story.of("m", 2) == "0 working a2, 2 working a4, 4 blocked a4, 8 starved"


def test_a_branch_goes_to_the_one_that_has_waited_longest() -> None:
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out, d -> n -> c]
        sources: {a: {arrivals: saturated, limit: 3}, d: {arrivals: saturated, limit: 3}}
        stations: {m: {cycle: 2 s, gives: {b: 1, c: 1}}, n: {cycle: 1 s}, x: {cycle: 1 s}, y: {cycle: 3 s}}
        buffers: {b: {capacity: 2}, c: {capacity: 1}}
        sinks: {out: {}}
        """)
    # 2 s: both are ready, m is declared first. 7 s: m waits since 4, n since 5.
    assert story.at("c", "in") == "1 d1, 2 m1, 4 d2, 7 m2, 10 d3, 13 m3"


def test_who_waits_for_another_branch_stands_in_nobodys_way() -> None:
    """Found by hand: m waited for b and kept n from c, so that the kit which empties b never had its parts."""
    story = Story("""
        flow: [a -> m -> b -> kit -> out, m -> c -> kit, d -> n -> c]
        sources: {a: {arrivals: saturated, limit: 2}, d: {arrivals: saturated, limit: 4}}
        stations: {m: {cycle: 1 s, gives: {b: 1, c: 1}}, n: {cycle: 3 s}, kit: {takes: {b: 1, c: 3}, cycle: 2 s}}
        buffers: {b: {capacity: 1}, c: {capacity: 3}}
        sinks: {out: {}}
        """)
    assert story.of("m") == "0 working a1, 1 working a2, 2 blocked a2, 6 starved"
    assert story.at("c", "in") == "1 m1, 3 d1, 6 d2, 6 m2, 9 d3, 12 d4"
    assert story.of("kit") == "0 starved, 6 working a1, 8 starved, 12 working a2"


def test_branches_that_prefer_different_stations_stop_nobody() -> None:
    """Found by hand: m was first at b, n at c, and both waited for ever."""
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out, d -> n -> b, n -> c]
        sources: {a: {arrivals: saturated, limit: 3}, d: {arrivals: saturated, limit: 3}}
        stations:
          m: {cycle: 1 s, gives: {b: 1, c: 1}}
          n: {cycle: 1 s, gives: {b: 1, c: 1}}
          x: {cycle: 2 s}
          y: {cycle: 3 s}
        buffers: {b: {capacity: 1, prefer: [m]}, c: {capacity: 1, prefer: [n]}}
        sinks: {out: {}}
        """)
    assert story.ledger.flow.good == 12
    # y takes a part every 3 s from 1 s on; each time the place before it asks n, then m
    assert story.at("c", "in") == "1 m1, 1 n1, 4 n2, 7 n3, 10 m2, 13 m3"


JOIN = """
    flow: [a -> m -> p -> x -> q -> kit -> out, m -> r -> kit]
    sources: {a: {orders: [{at: 0 s, product: A}, {at: 0 s, product: B}]}}
    stations:
      m: {cycle: 1 s, gives: {p: 1, r: 1}}
      x: {machines: 2, cycle: {A: 5 s, B: 1 s}}
      kit: {takes: {r: 1, q: 1}, %scycle: {A: 2 s, B: 3 s}}
    products: {A: {}, B: {}}
    buffers: {p: {capacity: 2}, q: {capacity: 2}, r: {capacity: 2}}
    sinks: {out: {}}
    """


def test_what_was_one_is_joined_again() -> None:
    story = Story(JOIN % "match: order, ")
    assert story.at("q", "in") == "3 a2, 6 a1"
    assert story.of("kit") == "0 starved, 3 working m2, 6 working m1"
    assert (story.ledger.flow.split, story.ledger.flow.joined, story.ledger.flow.good) == (2, 2, 2)


def test_without_match_pieces_of_two_jobs_are_mixed() -> None:
    assert Story(JOIN % "").of("kit") == "0 starved, 3 working m1, 5 starved, 6 working m2"


@pytest.mark.parametrize("warm_up", [0, 1, 7, 100])
def test_split_and_joined_parts_are_conserved(warm_up: int) -> None:
    """Little and the count of parts hold over any window; ``Story`` asserts the checks."""
    story = Story(f"""
        flow: [a -> m -> p -> x -> q -> kit -> out, m -> r -> kit, x -> spare]
        sources: {{a: {{every: {{exponential: 3 s}}}}}}
        stations:
          m: {{cycle: 2 s, gives: {{p: 2, r: 1}}}}
          x: {{cycle: {{exponential: 1 s}}, quality: {{scrap: 20 %}}, send: first_free}}
          kit: {{takes: {{r: 1, q: 1}}, cycle: 1 s, quality: {{scrap: 10 %}}}}
        buffers: {{p: {{capacity: 3}}, q: {{capacity: 2}}, r: {{capacity: 2}}}}
        sinks: {{out: {{}}, spare: {{}}}}
        run: {{warm_up: {warm_up} s, horizon: 2000 s}}
        """)
    flow = story.ledger.flow
    gone = flow.good + flow.scrapped + flow.joined + flow.inside_end
    assert flow.inside_start + flow.entered + flow.split == gone
    assert min(flow.split, flow.joined, flow.scrapped) > 100


# --- what parts become ---------------------------------------------------------------------------


def test_makes_renames_the_part() -> None:
    story = Story("""
        flow: [a -> m -> n -> out, n -> waste]
        sources: {a: {every: 2 s, first: 0 s, sequence: [A, B], limit: 4}}
        stations:
          m: {cycle: {A: 1 s, other: 2 s}, makes: C}
          n: {queue: {}, cycle: {C: 1 s, other: 9 s}, send: {by_product: {C: out, A: waste, B: waste}}}
        products: {A: {}, B: {}, C: {}}
        sinks: {out: {}, waste: {good: false}}
        """)
    assert story.of("m") == "0 working a1, 1 starved, 2 working a2, 4 working a3, 5 starved, 6 working a4, 8 starved"
    assert story.at("out", "in") == "2 a1, 5 a2, 6 a3, 9 a4"
    assert [row.parts for row in story.ledger.products] == [0, 0, 4]
    assert [row.done for row in story.ledger.stations.values()] == [(2, 2, 0), (0, 0, 4)]


def test_an_assembly_makes_a_product() -> None:
    story = Story("""
        flow: [a -> kit -> out, c -> kit]
        sources: {a: {orders: [{product: A, at: 0 s, due: 9 s}]}, c: {orders: [{product: B, at: 3 s}]}}
        stations: {kit: {takes: {a: 1, c: 1}, cycle: 5 s, makes: K}}
        products: {A: {}, B: {}, K: {due: 1 s}}
        sinks: {out: {}}
        """)
    assert [(row.parts, row.total / 1e6, row.late) for row in story.ledger.products] == [
        (0, 0, 0),
        (0, 0, 0),
        (1, 8, 0),
    ]


def test_a_job_is_renamed_before_it_is_taken_apart() -> None:
    story = Story("""
        flow: [a -> m -> b -> x -> out, m -> c -> y -> out]
        sources: {a: {orders: [{product: A, at: 0 s}]}}
        stations: {m: {cycle: 1 s, makes: K, gives: {b: {A: 1, K: 2}, c: 1}}, x: {cycle: 1 s}, y: {cycle: 1 s}}
        products: {A: {}, K: {}}
        buffers: {b: {capacity: 2}, c: {capacity: 1}}
        sinks: {out: {}}
        """)
    assert story.at("b", "in") == "1 a1, 1 m1"
    assert [row.parts for row in story.ledger.products] == [0, 3]


def test_what_is_made_goes_along_its_own_route_from_the_start() -> None:
    """Found by hand: it began with the second step."""
    story = Story("""
        flow: [a -> m]
        sources: {a: {orders: [{product: A, at: 0 s}]}}
        stations: {m: {cycle: 2 s, makes: K}, n: {queue: {}}, o: {queue: {}}}
        products: {A: {}, K: {route: [{n: 1 s}, {o: 3 s}]}}
        sinks: {out: {}}
        """)
    assert story.of("n") == "0 starved, 2 working a1, 3 starved"
    assert story.of("o") == "0 starved, 3 working a1"


def test_what_is_made_on_a_route_goes_on_from_here() -> None:
    story = Story("""
        sources: {a: {orders: [{product: A, at: 0 s}, {product: B, at: 9 s}]}}
        stations: {m: {queue: {}, makes: K}, n: {queue: {}}, o: {queue: {}}}
        products: {A: {route: [{n: 1 s}, {m: 1 s}]}, B: {route: [{m: 2 s}]}, K: {route: [{m: 1 s}, {o: 3 s}]}}
        sinks: {out: {}}
        """)
    assert story.of("o") == "0 starved, 2 working a1, 5 starved, 11 working a2"


def test_what_is_made_leaves_its_route_where_it_has_none() -> None:
    """Found by hand: the step of the old route was looked up in the new product."""
    story = Story("""
        flow: [m -> b -> x -> out]
        sources: {a: {orders: [{product: A, at: 0 s}]}}
        stations: {m: {queue: {}, cycle: 9 s, makes: K}, n: {queue: {}}, x: {cycle: 4 s}}
        buffers: {b: {capacity: 1}}
        products: {A: {route: [{n: 1 s}, {m: 1 s}]}, K: {}}
        sinks: {out: {}}
        """)
    assert story.of("x") == "0 starved, 2 working a1"
