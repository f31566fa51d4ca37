"""Cards: at most so many parts inside some elements."""

from __future__ import annotations

from twin.core.ledger import CardLedger, Ledger
from twin.engine.simpy import simulate

from .story import Story, plan_of

# --- traces counted by hand ----------------------------------------------------------------------


def cards(story: Story, name: str) -> tuple[float, int, int]:
    """(card-seconds in use, cards taken, cards in use at the end) of a loop."""
    row = story.ledger.of(CardLedger)[story.plan.index(name)]
    return row.held / 1e6, row.taken, row.inside


def test_one_loop_lets_a_part_in_as_one_leaves() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s}, n: {queue: {}, cycle: 5 s}}
        cards: {loop: {limit: 2, over: [m, n]}}
        sinks: {out: {}}
        run: {horizon: 20 s}
        """)
    # a1 and a2 hold the cards until a1 leaves at 7; a4 comes in as a2 leaves at 12.
    assert story.of("m") == (
        "0 working a1, 2 working a2, 4 starved, 7 working a3, 9 starved, 12 working a4, 14 starved, "
        "17 working a5, 19 starved"
    )
    assert story.at("n", "in") == "2 a1, 4 a2, 9 a3, 14 a4, 19 a5"
    # Two cards all the time, but from 0 to 2: 40 - 2 card-seconds.
    assert cards(story, "loop") == (38.0, 5, 2)


def test_nested_loops_hold_a_part_where_it_is() -> None:
    story = Story("""
        flow: [a -> m -> b -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 4 s}}
        buffers: {b: {capacity: 9}}
        cards: {all: {limit: 3, over: [m, b, n]}, inner: {limit: 1, over: [b]}}
        sinks: {out: {}}
        run: {horizon: 14 s}
        """)
    # a3 is ready at 3, but a2 holds the card of the buffer until n takes it at 5.
    assert story.of("m") == (
        "0 working a1, 1 working a2, 2 working a3, 3 blocked a3, 5 working a4, 6 blocked a4, 9 working a5, "
        "10 blocked a5, 13 working a6"
    )
    assert story.at("b", "in") == "1 a1, 2 a2, 5 a3, 9 a4, 13 a5"
    assert cards(story, "all") == (39.0, 6, 3)
    assert cards(story, "inner") == (12.0, 5, 1)


def test_kanban_a_part_holds_a_card_until_the_next_stage_takes_it() -> None:
    story = Story("""
        flow: [a -> m -> b -> n -> c -> o -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 2 s}, o: {cycle: 3 s}}
        buffers: {b: {capacity: unlimited}, c: {capacity: unlimited}}
        cards: {one: {limit: 2, over: [m, b]}, two: {limit: 2, over: [n, c]}, three: {limit: 1, over: [o]}}
        sinks: {out: {}}
        run: {horizon: 14 s}
        """)
    # At 4 a3 and a4 stand in b; n takes a3 at 5, which lets a5 in. At 9 a4 is done and a5 is taken, as a3 leaves
    # stage two for o at 9: then a4 and a5 hold both cards until o takes a4 at 12.
    assert story.of("m") == (
        "0 working a1, 1 working a2, 2 working a3, 3 working a4, 4 starved, 5 working a5, 6 starved, 7 working a6, "
        "8 starved, 9 working a7, 10 starved, 12 working a8, 13 starved"
    )
    assert story.of("n") == (
        "0 starved, 1 working a1, 3 working a2, 5 working a3, 7 working a4, 9 working a5, 11 starved, 12 working a6"
    )
    assert story.of("o") == "0 starved, 3 working a1, 6 working a2, 9 working a3, 12 working a4"
    assert [cards(story, name)[0] for name in ("one", "two", "three")] == [26.0, 21.0, 11.0]


def test_overlapping_loops() -> None:
    story = Story("""
        flow: [a -> m -> n -> o -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {queue: {}, cycle: 1 s}, n: {queue: {}, cycle: 2 s}, o: {queue: {}, cycle: 4 s}}
        cards: {front: {limit: 2, over: [m, n]}, back: {limit: 2, over: [n, o]}}
        sinks: {out: {}}
        run: {horizon: 14 s}
        """)
    # a3 comes in at 3, as a1 leaves n, and is ready at 4; a1 and a2 hold both cards of 'back' until a1 leaves at 7.
    assert story.at("m", "in") == "0 a1, 0 a2, 3 a3, 5 a4, 9 a5, 13 a6"
    assert story.of("m") == (
        "0 working a1, 1 working a2, 2 starved, 3 working a3, 4 blocked a3, 7 working a4, 8 blocked a4, "
        "11 working a5, 12 blocked a5"
    )
    assert story.of("n") == (
        "0 starved, 1 working a1, 3 working a2, 5 starved, 7 working a3, 9 starved, 11 working a4, 13 starved"
    )
    assert (cards(story, "front")[0], cards(story, "back")[0]) == (28.0, 25.0)


def test_only_some_products_need_a_card_and_the_others_pass_them() -> None:
    story = Story("""
        flow: [a -> b -> m -> out]
        sources: {a: {every: 1 s, first: 0 s, sequence: [A, A, A, B], limit: 8}}
        products: {A: {}, B: {}}
        stations: {m: {machines: 3, cycle: 4 s}}
        buffers: {b: {capacity: 9}}
        cards: {only: {limit: 1, over: [m], products: [A]}}
        sinks: {out: {}}
        """)
    # a4 and a8 are of product B: they are taken as they come, past the As that wait for the one card.
    assert story.at("b") == "0 a1, 3 a4, 4 a2, 7 a8, 8 a3, 12 a5, 16 a6, 20 a7"
    assert cards(story, "only") == (24.0, 6, 0)


def test_parts_with_a_card_pass_those_without_at_a_source_that_is_never_short() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, sequence: [A, A, B]}}
        products: {A: {}, B: {}}
        stations: {m: {machines: 2, cycle: 2 s}}
        cards: {as: {limit: 1, over: [m], products: [A]}}
        sinks: {out: {}}
        run: {horizon: 6 s}
        """)
    # One A at a time: the second machine looks past the A that waits for its card, and a further A loses its turn.
    assert story.of("m", 1) == "0 working a1, 2 working a2, 4 working a4"
    assert story.of("m", 2) == "0 working a3, 2 working a5, 4 working a7"


def two_loops(horizon: str) -> Story:
    """Three cards of A and one of B: A, B, A, A come in at 0, then as each leaves another of its product."""
    return Story(f"""
        flow: [a -> m -> out]
        sources: {{a: {{arrivals: saturated, sequence: [A, B]}}}}
        products: {{A: {{}}, B: {{}}}}
        stations: {{m: {{queue: {{}}, cycle: 1 s}}}}
        cards: {{as: {{limit: 3, over: [m], products: [A]}}, bs: {{limit: 1, over: [m], products: [B]}}}}
        sinks: {{out: {{}}}}
        run: {{horizon: {horizon}}}
        """)


def test_a_product_is_never_short_of_parts_while_another_waits_for_its_cards() -> None:
    story = two_loops("10 s")
    # a4 is a B that waits for its card from 0 on; a2 gives it back at 2. a7 and a11 are the next ones.
    assert story.at("m", "in") == (
        "0 a1, 0 a2, 0 a3, 0 a5, 1 a6, 2 a4, 3 a8, 4 a9, 5 a10, 6 a7, 7 a12, 8 a13, 9 a14, 10 a11"
    )
    assert [lead.parts for lead in story.ledger.products] == [7, 3]


def test_loops_by_product_keep_to_their_cards_however_long_the_run() -> None:
    story = two_loops("20000 s")
    # Three A, then one B, for ever: each goes round in the 4 s that four parts take.
    assert [lead.parts for lead in story.ledger.products] == [15000, 5000]
    assert story.ledger.products[0].longest == story.ledger.products[1].longest == 4e6


def test_a_loop_for_all_products_keeps_to_the_written_mix() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, sequence: [A, A, B]}}
        products: {A: {}, B: {}}
        stations: {m: {queue: {}, cycle: 1 s}}
        cards: {all: {limit: 4, over: [m]}}
        sinks: {out: {}}
        run: {horizon: 300 s}
        """)
    assert [lead.parts for lead in story.ledger.products] == [200, 100]


def test_loads_of_one_product_are_gathered_from_a_source_whose_products_have_cards_of_their_own() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, sequence: [A, B]}}
        products: {A: {}, B: {}}
        stations: {m: {cycle: 2 s, batch: {size: 4}}}
        cards: {as: {limit: 4, over: [m], products: [A]}, bs: {limit: 5, over: [m], products: [B]}}
        sinks: {out: {}}
        run: {horizon: 9 s}
        """)
    # a1 a3 a5 a7 are four A; the three B seen on the way and a8 come next.
    assert story.of("m") == "0 working a1, 2 working a2, 4 working a9, 6 working a10, 8 working a17"
    assert [lead.parts for lead in story.ledger.products] == [8, 8]


def test_a_look_for_deadlocks_leaves_due_dates_as_they_are() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        products: {A: {due: 5 s}}
        stations: {m: {cycle: 4 s}}
        cards: {one: {limit: 1, over: [m]}}
        sinks: {out: {}}
        run: {warm_up: 2 s, horizon: 20 s}
        """)
    # Each part takes 4 s of its 5; the end of the warm-up looks at the part that comes in at 4.
    assert (story.ledger.products[0].due, story.ledger.products[0].late) == (5, 0)


def test_scrap_gives_the_card_back() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s}, n: {cycle: 3 s, quality: {scrap: 100 %}}}
        cards: {loop: {limit: 1, over: [m, n]}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.of("m") == "0 working a1, 2 starved, 5 working a2, 7 starved, 10 working a3"
    assert story.ledger.flow.scrapped == 2
    assert cards(story, "loop") == (12.0, 3, 1)


def test_rework_leaves_the_loop_and_needs_a_card_to_come_back() -> None:
    story = Story("""
        flow: [a -> m -> t -> out]
        sources: {a: {every: 4 s, first: 0 s, limit: 3}}
        stations:
          m: {queue: {}, cycle: 2 s}
          t: {queue: {}, cycle: 3 s, quality: {rework: {share: 100 %, to: m, at_most: 1}}}
        cards: {loop: {limit: 1, over: [m]}}
        sinks: {out: {}}
        """)
    # At 5 a1 must go back, but a2 has held the card since 4; it leaves m at 6. At 8 a3 gets it before a2, which is
    # in work at t until 9.
    assert story.of("m") == (
        "0 working a1, 2 starved, 4 working a2, 6 working a1, 8 working a3, 10 working a2, 12 starved, "
        "16 working a3, 18 starved"
    )
    assert story.of("t").startswith("0 starved, 2 working a1, 5 blocked a1, 6 working a2, 9 blocked a2, 10 working a1")
    assert cards(story, "loop") == (12.0, 6, 0)


WAITING = """
    flow: [a -> b -> m -> out, c -> d -> n -> out]
    sources: {a: {every: 6 s, first: %s}, c: {every: 6 s, first: 0 s}}
    stations: {m: {cycle: 5 s}, n: {cycle: 5 s}}
    buffers: {b: {capacity: 9}, d: {capacity: 9}}
    cards: {tool: {limit: 1, over: [n, m]}}
    sinks: {out: {}}
    run: {horizon: 26 s}
    """


def test_the_part_that_has_waited_longest_gets_the_card() -> None:
    story = Story(WAITING % "1 s")
    # At 5 a1 waits since 1; at 10 c2 waits since 6, a2 since 7; at 15 only a2 (7) and c3 (12) wait.
    assert story.of("m") == "0 starved, 5 working a1, 10 starved, 15 working a2, 20 starved, 25 working a3"
    assert story.of("n") == "0 working c1, 5 starved, 10 working c2, 15 starved, 20 working c3, 25 starved"


def test_of_parts_that_wait_as_long_the_first_declared_place_goes_first() -> None:
    story = Story(WAITING % "0 s")
    # a1 and c1 come at 0, a2 and c2 at 6 (b stands before d, n before m in 'over').
    assert story.of("m").startswith("0 working a1, 5 starved, 10 working a2, 15 starved")
    assert story.of("n").startswith("0 starved, 5 working c1, 10 starved, 15 working c2")


def test_several_cards_are_taken_in_one_moment_or_not_at_all() -> None:
    story = Story("""
        flow: [a -> m -> out, c -> n -> out]
        sources: {a: {every: 4 s, first: 0 s}, c: {every: 7 s, first: 1 s}}
        stations: {m: {cycle: 3 s}, n: {cycle: 3 s}}
        cards: {x: {limit: 1, over: [m, n]}, y: {limit: 1, over: [m]}}
        sinks: {out: {}}
        run: {horizon: 16 s}
        """)
    # From 4 on a2 could have the card of y alone; it takes none, as c1 holds that of x until 6.
    assert story.of("m") == "0 working a1, 3 starved, 6 working a2, 9 working a3, 12 starved, 15 working a4"
    assert story.of("n") == "0 starved, 3 working c1, 6 starved, 12 working c2, 15 starved"
    assert (cards(story, "x"), cards(story, "y")) == ((16.0, 6, 1), (10.0, 4, 1))


def test_the_body_of_a_kit_keeps_its_card_and_the_others_give_theirs_back() -> None:
    story = Story("""
        flow: [a -> b1 -> k -> out, c -> b2 -> k]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        buffers: {b1: {capacity: 2}, b2: {capacity: 2}}
        stations: {k: {takes: {b1: 1, b2: 1}, cycle: 3 s}}
        cards: {k1: {limit: 3, over: [b1, k]}, k2: {limit: 2, over: [b2]}}
        sinks: {out: {}}
        run: {horizon: 7 s}
        """)
    assert story.at("b1", "in") == "0 a1, 0 a2, 0 a3, 3 a4, 6 a5"
    assert story.at("b2", "in") == "0 c1, 0 c2, 0 c3, 3 c4, 6 c5"
    assert (cards(story, "k1"), cards(story, "k2")) == ((21.0, 5, 3), (14.0, 5, 2))


def test_a_kit_may_use_the_card_that_one_of_its_parts_gives_back() -> None:
    story = Story("""
        flow: [a -> b1 -> k -> out, c -> b2 -> k]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        buffers: {b1: {capacity: 2}, b2: {capacity: 2}}
        stations: {k: {takes: {b1: 1, b2: 1}, cycle: 3 s}}
        cards: {one: {limit: 1, over: [b2, k]}}
        sinks: {out: {}}
        run: {horizon: 7 s}
        """)
    # c1 holds the card in b2; a1 takes it over as c1 ends in it. The next c comes in when the kit has left.
    assert story.of("k") == "0 working a1, 3 working a2, 6 working a3"
    assert story.at("b2", "in") == "0 c1, 3 c2, 6 c3"


def test_all_parts_of_a_load_get_their_cards_at_one_moment() -> None:
    story = Story("""
        flow: [a -> b -> oven -> out]
        sources: {a: {every: 1 s, first: 0 s, limit: 6}}
        buffers: {b: {capacity: unlimited}}
        stations: {oven: {machines: 2, cycle: 5 s, batch: {size: 2}}}
        cards: {hot: {limit: 3, over: [oven]}}
        sinks: {out: {}}
        """)
    # The third card is free from 1 to 6 and no use to anybody.
    assert story.at("b") == "1 a1, 1 a2, 6 a3, 6 a4, 11 a5, 11 a6"
    assert cards(story, "hot") == (30.0, 6, 0)


def test_a_job_that_becomes_two_parts_needs_one_card_more() -> None:
    story = Story("""
        flow: [a -> cut -> l -> m -> out, cut -> r -> n -> out]
        sources: {a: {every: 1 s, first: 0 s, limit: 3}}
        stations: {cut: {cycle: 1 s, gives: {l: 1, r: 1}}, m: {cycle: 4 s}, n: {cycle: 1 s}}
        buffers: {l: {capacity: 9}, r: {capacity: 9}}
        cards: {wip: {limit: 3, over: [cut, l, m, r, n]}}
        sinks: {out: {}}
        """)
    # At 2 a1 and a2 and the piece of a2 hold all cards; a3 comes in at 3 and cannot be cut before a1 leaves at 5.
    assert story.of("cut") == "0 working a1, 1 working a2, 2 starved, 3 working a3, 4 blocked a3, 5 starved"
    assert story.of("m") == "0 starved, 1 working a1, 5 working a2, 9 working a3"
    assert cards(story, "wip") == (26.0, 6, 0)


def test_parts_inside_at_time_0_hold_cards() -> None:
    story = Story("""
        flow: [a -> m -> b -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 4 s}}
        buffers: {b: {capacity: 9, holds: 2}}
        cards: {loop: {limit: 2, over: [m, b, n]}}
        sinks: {out: {}}
        run: {horizon: 10 s}
        """)
    assert story.of("m") == "0 starved, 4 working a1, 5 starved, 8 working a2, 9 starved"
    assert cards(story, "loop") == (20.0, 2, 2)


def test_a_belt_inside_a_loop() -> None:
    story = Story("""
        flow: [a -> m -> belt -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 4 s}}
        conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m}}
        cards: {loop: {limit: 1, over: [belt]}}
        sinks: {out: {}}
        run: {horizon: 14 s}
        """)
    # One part at a time on the belt: a2 goes on it as a1 is taken at 5.
    assert story.at("belt", "in") == "1 a1, 5 a2, 9 a3, 13 a4"
    assert story.at("belt") == "5 a1, 9 a2, 13 a3"


def test_vehicles_are_called_once_there_is_a_card() -> None:
    story = Story("""
        flow: [a -> b -> c -> n -> out]
        sources: {a: {every: 1 s, first: 0 s, limit: 3}}
        stations: {n: {cycle: 3 s}}
        buffers: {b: {capacity: 9}, c: {capacity: 9}}
        vehicles: {cart: {count: 2, speed: 1 m/s, serves: [b -> c], distances: {b: {c: 2 m}}}}
        cards: {loop: {limit: 1, over: [c, n]}}
        sinks: {out: {}}
        """)
    # The card is kept from 0 on and held until 5; then the second cart fetches a2. At 10 both carts stand at c.
    assert story.at("b") == "0 a1, 5 a2, 12 a3"
    assert story.of("n") == "0 starved, 2 working a1, 5 starved, 7 working a2, 10 starved, 14 working a3"
    assert cards(story, "loop") == (17.0, 3, 0)


def test_vehicles_bring_a_part_out_of_a_loop() -> None:
    story = Story("""
        flow: [a -> m -> b -> c -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 1 s}}
        buffers: {b: {capacity: 9}, c: {capacity: 9}}
        vehicles: {cart: {speed: 1 m/s, serves: [b -> c], distances: {b: {c: 2 m}}}}
        cards: {loop: {limit: 1, over: [m, b]}}
        sinks: {out: {}}
        run: {horizon: 10 s}
        """)
    # a1 is fetched at 1 and brought at 3; its card comes back then.
    assert story.of("m").startswith("0 working a1, 1 starved, 3 working a2, 4 starved")


# --- what must stay the same ---------------------------------------------------------------------

LINE = """
    flow: [a -> m -> b -> n -> out]
    sources: {a: {every: {exponential: 4 s}, products: {A: 60 %, B: 40 %}}}
    products: {A: {}, B: {}}
    buffers: {b: {capacity: 3}}
    stations:
      m: {machines: 2, queue: {}, cycle: {exponential: 6 s}, quality: {scrap: 5 %}}
      n: {cycle: {exponential: 3 s}, quality: {rework: {share: 10 %, to: m}}}
    sinks: {out: {}}
    run: {warm_up: 60 s, horizon: 20000 s}
    """
LOOPS = """
    cards:
      wide: {limit: 1000000, over: [m, b, n]}
      narrow: {limit: 1000000, over: [n], products: [A]}
      first: {limit: 1000000, over: [m]}
    """


def rows(text: str) -> tuple[Ledger, dict[str, object]]:
    """A run of a plant and the rows of its elements by name, cards apart."""
    plan = plan_of(text)
    ledger = simulate(plan)
    return ledger, {plan.elements[i].name: row for i, row in ledger.rows.items() if not isinstance(row, CardLedger)}


def test_more_cards_than_parts_change_no_bit() -> None:
    (without, one), (ample, other) = rows(LINE), rows(LINE + LOOPS)
    assert one == other
    assert (without.flow, without.products, without.window) == (ample.flow, ample.products, ample.window)
    wide, *_ = ample.of(CardLedger).values()
    assert wide.held == ample.flow.wip  # from the queue of m to the sink: all parts in the plant


def test_a_warm_up_keeps_the_cards_and_forgets_their_time() -> None:
    text = """
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s}, n: {queue: {}, cycle: 5 s}}
        cards: {loop: {limit: 2, over: [m, n]}}
        sinks: {out: {}}
        run: {warm_up: 8 s, horizon: 10 s}
        """
    assert cards(Story(text), "loop") == (20.0, 2, 2)
