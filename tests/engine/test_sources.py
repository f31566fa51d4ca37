"""How parts arrive: rhythm, lots, limits, a bounded yard, balking, orders, sequences, mixes."""

from __future__ import annotations

import pytest

from .story import Story

ARRIVE = """
    flow: [a -> m -> out]
    sources: {a: {every: 2 s%s}}
    stations: {m: {cycle: 5 s}}
    sinks: {out: {}}
    run: {horizon: 20 s}
    """


@pytest.mark.parametrize(
    ("more", "came"),
    [
        ("", "2 a1, 4 a2, 6 a3, 8 a4, 10 a5, 12 a6, 14 a7, 16 a8, 18 a9, 20 a10"),
        (", first: 1 s", "1 a1, 3 a2, 5 a3, 7 a4, 9 a5, 11 a6, 13 a7, 15 a8, 17 a9, 19 a10"),
        (", first: 0 s, limit: 3", "0 a1, 2 a2, 4 a3"),
        (", lot: 2, limit: 3", "2 a1, 2 a2, 4 a3"),
        # One waits: the next comes when it has been taken, and the rhythm goes on from then.
        (", yard: 1", "2 a1, 4 a2, 7 a3, 12 a4, 17 a5"),
        (", yard: 2", "2 a1, 4 a2, 6 a3, 8 a4, 12 a5, 17 a6"),
        (", lot: 2, yard: 1", "2 a1, 2 a2, 7 a3, 12 a4, 17 a5"),
    ],
)
def test_arrivals(more: str, came: str) -> None:
    assert Story(ARRIVE % more).at("a", "in") == came


def test_balking_parts_are_lost_when_the_machine_is_busy() -> None:
    story = Story(ARRIVE % ", balk: true")
    assert story.of("m") == "0 starved, 2 working a1, 7 starved, 8 working a4, 13 starved, 14 working a7, 19 starved"
    assert (story.ledger.flow.entered, story.ledger.flow.lost, story.ledger.flow.good) == (10, 6, 3)


def test_a_yard_that_is_full_turns_parts_away() -> None:
    # At 12 m takes a4, so a6 finds room; at 20 a10 finds none.
    story = Story(ARRIVE % ", yard: 1, balk: true")
    assert story.of("m") == "0 starved, 2 working a1, 7 working a2, 12 working a4, 17 working a6"
    assert story.ledger.rows[story.plan.index("a")].lost == 5


def test_of_a_lot_that_balks_the_first_goes_in() -> None:
    story = Story(ARRIVE % ", lot: 3, balk: true")
    assert story.of("m") == "0 starved, 2 working a1, 7 starved, 8 working a10, 13 starved, 14 working a19, 19 starved"
    assert story.ledger.flow.lost == 26


def test_a_full_buffer_turns_parts_away() -> None:
    story = Story("""
        flow: [a -> b -> m -> out]
        sources: {a: {every: 1 s, balk: true}}
        stations: {m: {cycle: 10 s}}
        buffers: {b: {capacity: 2}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.at("b", "in") == "1 a1, 2 a2, 3 a3, 11 a11"
    assert story.ledger.flow.lost == 8


def test_orders_come_with_product_due_date_and_quantity() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources:
          a:
            orders:
              - {at: 6 s, product: B, due: 9 s}
              - {at: 0 s, product: A, quantity: 2, due: 3 s}
        products: {A: {}, B: {}}
        stations: {m: {cycle: 2 s}}
        sinks: {out: {}}
        """)
    assert story.at("a", "in") == "0 a1, 0 a2, 6 a3"
    assert story.at("out", "in") == "2 a1, 4 a2, 8 a3"
    a, b = story.ledger.products
    assert (a.parts, a.due, a.late, a.tardiness) == (2, 2, 1, 1e6)
    assert (b.parts, b.due, b.late, b.tardiness) == (1, 1, 0, 0.0)


def test_a_due_date_on_the_product_counts_from_the_arrival() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {every: 4 s, limit: 3}}
        products: {A: {due: 3 s}}
        stations: {m: {cycle: 4 s}}
        sinks: {out: {}}
        """)
    assert (story.ledger.products[0].late, story.ledger.products[0].tardiness) == (3, 3e6)


def test_a_sequence_repeats() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, sequence: [A, A, B]}}
        products: {A: {}, B: {}}
        stations: {m: {cycle: {A: 1 s, B: 5 s}}}
        sinks: {out: {}}
        run: {horizon: 14 s}
        """)
    assert story.at("out", "in") == "1 a1, 2 a2, 7 a3, 8 a4, 9 a5, 14 a6"


def test_a_mix_is_drawn_for_each_part() -> None:
    story = Story("""
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated, products: {A: 60 %, B: 40 %}}}
        products: {A: {}, B: {}}
        stations: {m: {cycle: 1 s}}
        sinks: {out: {}}
        run: {horizon: 20000 s}
        """)
    a, b = story.ledger.stations[story.plan.index("m")].done
    assert abs(a / (a + b) - 0.6) < 4 * (0.24 / (a + b)) ** 0.5  # binomial, four standard deviations


def test_what_is_never_short_enters_when_it_is_first_taken() -> None:
    story = Story("""
        flow: [a -> b -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 4 s}}
        buffers: {b: {capacity: 2}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.at("b", "in") == "0 a1, 0 a2, 0 a3, 4 a4, 8 a5, 12 a6"
    assert story.ledger.products[0].total == (4 + 8 + 12) * 1e6
