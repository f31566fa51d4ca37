"""The end of a cycle: scrap, rework, repeat, and what the ledger counts of them."""

from __future__ import annotations

from .story import Story

TEST = """
    flow: [a -> m -> t -> out]
    sources: {a: {orders: [{at: 0 s, quantity: %d}]}}
    stations: {m: {cycle: 4 s, queue: {}}, t: {cycle: 1 s, quality: {%s}}}
    sinks: {out: {}}
    """


def test_rework_goes_before_new_parts_and_is_scrapped_after_at_most() -> None:
    story = Story(TEST % (3, "rework: {share: 100 %, to: m, at_most: 1}"))
    assert story.of("m") == (
        "0 working a1, 4 working a2, 8 working a1, 12 working a2, 16 working a3, 20 starved, 21 working a3, 25 starved"
    )
    row = story.ledger.stations[story.plan.index("t")]
    assert (row.done, row.reworked, row.scrapped, row.useful) == ((6,), (3,), (3,), 0)
    assert story.ledger.flow.scrapped == 3


def test_at_most_counts_for_each_part() -> None:
    story = Story(TEST % (2, "rework: {share: 100 %, to: m, at_most: 2}"))
    assert story.of("m").endswith("12 working a2, 16 working a1, 20 working a2, 24 starved")
    assert story.ledger.stations[story.plan.index("t")].reworked == (4,)


def test_a_reworked_part_is_new_again_once_it_has_been_taken() -> None:
    # a1 comes back to m at 5 and goes first; in the queue of k, a1 and b1 then stand in order of arrival there.
    story = Story("""
        flow: [a -> m -> t -> k -> out, c -> k]
        sources: {a: {orders: [{at: 0 s}]}, c: {orders: [{at: 9 s, quantity: 2}]}}
        stations:
          m: {cycle: 4 s, queue: {}}
          t: {cycle: 1 s, quality: {rework: {share: 99 %, to: m, at_most: 1}}}
          k: {cycle: 5 s, queue: {}}
        sinks: {out: {}}
        run: {seed: 5}
        """)
    if story.ledger.flow.scrapped == 0:
        assert story.at("k", "out").startswith("9 c1")


def test_scrap_frees_the_machine_and_never_blocks() -> None:
    story = Story(TEST % (3, "scrap: 100 %"))
    assert story.of("m") == "0 working a1, 4 working a2, 8 working a3, 12 starved"
    assert (story.ledger.flow.scrapped, story.ledger.makespan) == (3, 13e6)


def test_a_repeated_cycle_is_worked_again_with_a_new_draw() -> None:
    story = Story((TEST % (40, "repeat: 50 %")) + "\n    run: {seed: 3}\n")
    row = story.ledger.stations[story.plan.index("t")]
    assert row.done[0] == 40 + row.repeated[0]
    assert row.states[0][8] == row.done[0] * 1e6
    assert row.repeated[0] > 10


def test_a_repair_station_of_its_own() -> None:
    story = Story("""
        products: {A: {route: [{m: 2 s}, {t: 1 s}]}}
        sources: {a: {orders: [{at: 0 s, product: A}]}}
        stations:
          m: {queue: {}}
          t: {queue: {}, quality: {rework: {share: 100 %, to: fix, at_most: 1}}}
          fix: {cycle: 5 s, queue: {}}
        sinks: {out: {}}
        """)
    assert story.of("fix") == "0 starved, 3 working a1"
    assert story.at("out", "in") == "8 a1"


def test_machines_that_end_together_draw_in_order() -> None:
    text = """
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {machines: 3, cycle: 1 s, quality: {scrap: 50 %}}}
        sinks: {out: {}}
        run: {horizon: 60 s}
        """
    one, other = Story(text), Story(text.replace("cycle: 1 s", "cycle: 1 s, load: {time: 0 s}"))
    assert one.at("out", "in") == other.at("out", "in")
