"""Plants that jam because no card ever comes back: the message names the loop and who waits for whom."""

from __future__ import annotations

import pytest

from twin.engine.simpy import Deadlock, simulate

from .story import plan_of

DEADLOCKS = {
    "m -> card of B -> n -> card of A -> m": """
        flow: [a -> m -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations:
          m: {queue: {}, cycle: 1 s}
          n: {queue: {}, cycle: 1 s, quality: {rework: {share: 50 %, to: m}}}
        cards: {A: {limit: 2, over: [m]}, B: {limit: 2, over: [n]}}
        sinks: {out: {}}
        run: {horizon: 1000 s}
        """,
    "m -> t -> card of loop -> m": """
        flow: [a -> m -> t -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {queue: {}, cycle: 2 s}, t: {cycle: 3 s, quality: {rework: {share: 50 %, to: m}}}}
        cards: {loop: {limit: 2, over: [m]}}
        sinks: {out: {}}
        run: {horizon: 1000 s}
        """,
    "b1 -> k -> b2 -> card of loop -> b1": """
        flow: [a -> b1 -> k -> out, c -> b2 -> k]
        sources: {a: {arrivals: saturated}, c: {arrivals: saturated}}
        buffers: {b1: {capacity: 5}, b2: {capacity: 5}}
        stations: {k: {takes: {b1: 1, b2: 1}, cycle: 2 s}}
        cards: {loop: {limit: 2, over: [b1, b2, k]}}
        sinks: {out: {}}
        run: {horizon: 1000 s}
        """,
}


@pytest.mark.parametrize("chain", list(DEADLOCKS))
def test_a_deadlock_names_the_loop(chain: str) -> None:
    with pytest.raises(Deadlock, match=f": {chain}: each waits for the next$"):
        simulate(plan_of(DEADLOCKS[chain]))


def test_parts_that_wait_for_cards_for_ever_are_named() -> None:
    text = """
        flow: [a -> b1 -> k -> out, c -> b2 -> k]
        sources: {a: {every: 1 s}, c: {every: 1 s, limit: 3}}
        buffers: {b1: {capacity: 5}, b2: {capacity: 5}}
        stations: {k: {takes: {b1: 1, b2: 1}, cycle: 2 s}}
        cards: {loop: {limit: 2, over: [b1, k]}}
        sinks: {out: {}}
        run: {horizon: 60 s}
        """
    # No more c comes: the two a in b1 hold the cards, and a line grows at the source.
    with pytest.raises(Deadlock, match=r"card of loop -> b1 -> k -> b2: each waits for the next, the last for ever$"):
        simulate(plan_of(text))


def test_a_plant_that_would_empty_but_for_cards_is_named_too() -> None:
    text = DEADLOCKS["m -> t -> card of loop -> m"].replace("{arrivals: saturated}", "{every: 1 s, limit: 40}")
    with pytest.raises(Deadlock, match=r"m -> t -> card of loop -> m"):
        simulate(plan_of(text.replace("run: {horizon: 1000 s}", "")))


def test_a_jam_beside_a_plant_that_runs_is_named() -> None:
    text = DEADLOCKS["m -> t -> card of loop -> m"].replace("t -> out]", "t -> out, x -> y -> out]")
    text = text.replace("sources: {", "sources: {x: {every: 2 s}, ").replace(
        "stations: {", "stations: {y: {cycle: 1 s}, "
    )
    with pytest.raises(Deadlock, match="m -> t -> card of loop -> m"):
        simulate(plan_of(text))


def test_a_loop_whose_cards_are_all_out_is_no_deadlock_while_one_can_come_back() -> None:
    text = """
        flow: [a -> m -> b -> n -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 4 s, breakdowns: {f: {mtbf: {constant: 9 s}, mttr: {constant: 90 s}}}}}
        buffers: {b: {capacity: 9}}
        cards: {loop: {limit: 2, over: [m, b, n]}}
        sinks: {out: {}}
        run: {horizon: %s s}
        """
    for horizon in range(1, 120, 7):
        assert simulate(plan_of(text % horizon)).window == horizon * 1e6
