"""A finished part stays on its machine until the next place can take it."""

from __future__ import annotations

from twin.core.ledger import BLOCKED, STARVED, WORKING

from .story import Story


def test_a_full_buffer_blocks_after_service() -> None:
    story = Story("""
        flow: [a -> m -> b -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s}, n: {cycle: 5 s}}
        buffers: {b: {capacity: 1}}
        sinks: {out: {}}
        run: {horizon: 20 s}
        """)
    assert story.of("m") == (
        "0 working a1, 2 working a2, 4 working a3, 6 blocked a3, 7 working a4, 9 blocked a4, "
        "12 working a5, 14 blocked a5, 17 working a6, 19 blocked a6"
    )
    assert story.of("n") == "0 starved, 2 working a1, 7 working a2, 12 working a3, 17 working a4"
    assert story.at("b", "in") == "2 a1, 4 a2, 7 a3, 12 a4, 17 a5"
    assert story.at("b") == "2 a1, 7 a2, 12 a3, 17 a4"
    assert [story.seconds("m", state) for state in (WORKING, BLOCKED, STARVED)] == [12, 8, 0]


def test_a_direct_arrow_holds_no_part() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 2 s}, n: {cycle: 5 s}}
        sinks: {out: {}}
        run: {horizon: 20 s}
        """)
    assert story.of("m") == (
        "0 working a1, 2 working a2, 4 blocked a2, 7 working a3, 9 blocked a3, "
        "12 working a4, 14 blocked a4, 17 working a5, 19 blocked a5"
    )


def test_parallel_machines_block_one_by_one() -> None:
    story = Story("""
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {machines: 2, cycle: 3 s}, n: {cycle: 2 s}}
        sinks: {out: {}}
        run: {horizon: 14 s}
        """)
    assert story.of("m", 1) == "0 working a1, 3 working a3, 6 blocked a3, 7 working a5, 10 blocked a5, 11 working a7"
    assert story.of("m", 2) == (
        "0 working a2, 3 blocked a2, 5 working a4, 8 blocked a4, 9 working a6, 12 blocked a6, 13 working a8"
    )


def test_the_giver_that_has_waited_longest_goes_first_then_the_first_declared() -> None:
    story = Story("""
        flow: [a -> m -> o, c -> n -> o -> out]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 3 s}, o: {cycle: 2 s}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    # 5 s: c1 waits since 3, a3 since 4. 9 s: a4 and c2 both wait since 8.
    assert story.of("o") == (
        "0 starved, 1 working a1, 3 working a2, 5 working c1, 7 working a3, 9 working a4, 11 working c2"
    )


MERGE = """
    flow: [a -> m -> b, c -> n -> b, b -> o -> out]
    sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
    stations: {m: {cycle: 1 s}, n: {cycle: 1 s}, o: {cycle: 2 s}}
    buffers: {b: {capacity: 1%s}}
    sinks: {out: {}}
    run: {horizon: 12 s}
    """


def test_two_givers_take_turns_at_a_full_buffer() -> None:
    story = Story(MERGE % "")
    assert story.of("o") == (
        "0 starved, 1 working a1, 3 working c1, 5 working a2, 7 working c2, 9 working a3, 11 working c3"
    )


def test_a_buffer_may_prefer_a_giver() -> None:
    story = Story(MERGE % ", prefer: [n]")
    assert story.of("m") == "0 working a1, 1 working a2, 2 blocked a2"
    assert story.of("o") == (
        "0 starved, 1 working c1, 3 working a1, 5 working c2, 7 working c3, 9 working c4, 11 working c5"
    )


def test_a_buffer_gives_to_its_takers_in_declared_order() -> None:
    story = Story("""
        flow: [a -> b -> n -> out, b -> m -> out]
        sources: {a: {every: 2 s, lot: 2}}
        stations: {m: {cycle: 3 s}, n: {cycle: 3 s}}
        buffers: {b: {capacity: 2}}
        sinks: {out: {}}
        run: {horizon: 12 s}
        """)
    assert story.at("b") == "2 a1, 2 a2, 5 a3, 5 a4, 8 a5, 8 a6, 11 a7, 11 a8"
    assert story.of("m") == "0 starved, 2 working a1, 5 working a3, 8 working a5, 11 working a7"


def test_parts_that_stand_here_at_time_0() -> None:
    story = Story("""
        flow: [a -> b -> m -> n -> out]
        sources: {a: {orders: [{at: 3 s}]}}
        stations: {m: {cycle: 2 s}, n: {cycle: 5 s, holds: 1}}
        buffers: {b: {capacity: 3, holds: 2}}
        sinks: {out: {}}
        """)
    assert story.of("m") == (
        "0 working b1, 2 blocked b1, 5 working b2, 7 blocked b2, 10 working a1, 12 blocked a1, 15 starved"
    )
    assert story.at("out", "in") == "5 n1, 10 b1, 15 b2, 20 a1"
    assert story.ledger.flow.inside_start == 3
