"""What keeps a part from coming, and what does not: vehicles, cards that come back, cards by product, two places."""

from __future__ import annotations

import pytest

from .story import Story
from .test_jams import jam

# -- no deadlocks

CARRIED = """
    flow: [s -> m, m -> x -> k -> out, m -> z -> y -> k]
    products: {A: {}, B: {}}
    sources: {s: {every: 30 s, sequence: [A, B]}}
    buffers: {x: {capacity: 1}, y: {capacity: 2}, z: {capacity: 1}}
    stations: {m: {cycle: 1 s, send: {by_product: {A: x, B: z}}}, k: {cycle: 1 s, takes: {x: 1, y: 1}}}
    vehicles: {v: {speed: 1 m/s, serves: [z -> y], distances: {z: {y: 100 m}}}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
SPLIT = """
    flow: [s -> m -> x -> n -> out, m -> y -> n2 -> out]
    sources: {s: {every: 10 s}}
    buffers: {x: {capacity: 4}, y: {capacity: 4}}
    stations: {m: {cycle: 2 s, gives: {x: 1, y: 2}}, n: {cycle: 2 s}, n2: {cycle: 20 s}}
    cards: {k: {limit: %d, over: [m, y]}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
MIXED = """
    flow: [s -> b -> oven -> out]
    products: {A: {}, B: {}}
    sources: {s: {every: 1 min, sequence: [%s]}}
    buffers: {b: {capacity: 4}}
    stations: {oven: {cycle: 5 s, batch: {size: 2, mixed: true}}}
    cards: {k: {limit: %d, over: [%s]%s}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
BACK = """
    flow: [a -> x -> k -> out, b -> y -> k]
    sources: {a: {every: 10 s}, b: {every: 7 s}}
    buffers: {x: {capacity: 2}, y: {capacity: 4}}
    stations: {k: {cycle: 1 s, takes: {x: 1, y: 1}}}
    cards: {c: {limit: 2, over: [y, k]}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
GOING_ON = {
    "on a vehicle": (CARRIED, 18),  # from z and back again takes 200 s
    "its own card comes back": (SPLIT % 2, 270),  # n2 is done after 23, 43, … 3583 s, n twice in 40 s
    "a card for one product": (MIXED % ("A, B", 1, "oven", ", products: [A]"), 58),  # those of 59 parts that are pairs
    "a part behind one without a card": (
        MIXED % ("A, A, B, B", 1, "oven", ", products: [A]"),
        58,
    ),  # A B at 3, 4, 7, … min
    "a partner's card": (BACK, 359),
}


@pytest.mark.parametrize("case", list(GOING_ON))
def test_what_goes_on_is_no_deadlock(case: str) -> None:
    text, parts = GOING_ON[case]
    assert Story(text).ledger.flow.good == parts


def test_a_job_without_cards_for_its_pieces_holds_up_no_other_where_they_need_none() -> None:
    story = Story("""
        flow: [s -> m -> x -> n -> out, m -> y -> o -> out]
        products: {A: {}, B: {}}
        sources: {s: {every: 10 s, sequence: [A, A, B]}}
        buffers: {x: {capacity: 9}, y: {capacity: 9}}
        stations: {m: {machines: 2, cycle: 1 s, gives: {x: 2, y: 1}}, n: {cycle: 100 s}, o: {cycle: 1 s}}
        cards: {k: {limit: 2, over: [x, n], products: [A]}}
        sinks: {out: {}}
        run: {horizon: 60 s}
        """)
    assert story.of("m", 1) == "0 starved, 10 working s1, 11 starved, 20 working s2, 21 blocked s2"
    assert story.at("y", "in") == "11 m2, 31 m4"  # pieces of s1 and s3, for s2 has no cards


def test_a_load_left_over_begins_once_nothing_can_come_back() -> None:
    story = Story("""
        flow: [s -> b -> m -> n -> x -> k -> out, q -> n, r -> y -> k]
        products: {A: {}, B: {}}
        sources:
          s: {every: 1 s, limit: 2, sequence: [A, B]}
          q: {every: 5 s, limit: 1, sequence: [A]}
          r: {every: 1 s, limit: 1, sequence: [A]}
        buffers: {b: {capacity: 3}, x: {capacity: 3}, y: {capacity: 3}}
        stations:
          m: {cycle: 9 s, batch: {size: 2}, queue: {}}
          n: {cycle: 1 s, quality: {rework: {share: 0 %, to: m}}}
          k: {cycle: 1 s, takes: {x: 1, y: 2}}
        sinks: {out: {}}
        run: {horizon: 1 h}
        """)
    # Until 6 s q1, and until 16 s s1, might still come back from n; then they wait in x, and nothing leaves the plant.
    assert story.of("m") == "0 starved, 6 working s1, 15 starved, 16 working s2, 25 starved"


def test_supplies_behind_one_card_take_turns() -> None:
    story = Story("""
        flow: [a -> m -> out, b -> n -> out]
        sources: {a: {arrivals: saturated}, b: {arrivals: saturated}}
        stations: {m: {cycle: 1 s}, n: {cycle: 1 s}}
        cards: {c: {limit: 1, over: [m, n]}}
        sinks: {out: {}}
        run: {horizon: 6 s}
        """)
    # The next part has waited since the one before it left: at 1 s a2 and b1 both since 0 s, so declared order counts.
    assert story.at("out", "in") == "1 a1, 2 a2, 3 b1, 4 a3, 5 b2, 6 a4"


# -- deadlocks

TAKEN = """
    flow: [s -> m -> b0 -> k -> out]
    products: {A: {}, B: {}}
    sources: {s: {every: 30 s, sequence: [A, B]}}
    buffers: {b0: {capacity: 4}}
    stations: {m: {cycle: 1 s}, k: {cycle: 2 s, batch: {size: 2}}}
    cards: {c: {limit: 2, over: [m, b0]}}
    sinks: {out: {}}
    run: {horizon: 8 h}
    """
OVEN = """
    flow: [s -> m -> x -> k -> out, r -> y -> k]
    products: {A: {}, B: {}, C: {}, D: {}}
    sources: {s: {every: 30 s, sequence: [A, B]}, r: {every: 30 s, sequence: [C, D]}}
    buffers: {x: {capacity: 2}, y: {capacity: 3}}
    stations: {m: {cycle: 1 s}, k: {cycle: 2 s, batch: {size: 2}}}
    sinks: {out: {}}
    run: {horizon: 8 h}
    """
ELSEWHERE = """
    flow: [s -> q -> m -> b0 -> k -> out, m -> b1 -> k, r -> z -> n -> out]
    products: {A: {}, B: {}}
    sources: {s: {every: 30 s, products: {A: 100 %}}, r: {every: 30 s, products: {B: 100 %}}}
    buffers: {b0: {capacity: 4}, b1: {capacity: 2}, q: {capacity: 2}, z: {capacity: 3}}
    stations:
      m: {cycle: 1 s, send: {b0: 100 %, b1: 0 %}}
      k: {cycle: 2 s, takes: {b0: 1, b1: 1}}
      n: {cycle: 1 s}
    cards: {c: {limit: 2, over: [q, m, b0], products: [A]}}
    sinks: {out: {}}
    run: {horizon: 8 h}
    """
BODIES = """
    flow: [a -> x -> k -> z -> o -> out, b -> y -> k]
    products: {A: {}, B: {}, C: {}}
    sources: {a: {every: 10 s, sequence: [A, B]}, b: {every: 10 s, sequence: [C]}}
    buffers: {x: {capacity: 2}, y: {capacity: 2}, z: {capacity: 3}}
    stations: {k: {cycle: 1 s, takes: {x: 1, y: 1}}, o: {cycle: 1 s, batch: {size: 2}}}
    cards: {c: {limit: 2, over: [k, z], products: [A, B]}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
LAST = """
    flow: [s -> b -> m -> n -> out]
    products: {A: {}, B: {}}
    sources: {s: {arrivals: saturated, limit: 5, sequence: [A, B]}}
    buffers: {b: {capacity: 3}}
    stations: {m: {cycle: 1 s, batch: {size: 2}, queue: {}}, n: {quality: {rework: {share: 0 %, to: m}}, cycle: 1 s}}
    cards: {k: {limit: 1, over: [b], products: [A]}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
BELT = """
    flow: [s -> c -> m -> x -> k -> out, m -> y -> k]
    products: {A: {}, B: {}}
    sources: {s: {every: 10 s, sequence: [A, A, B]}}
    conveyors: {c: {length: 4 m, pitch: 1 m, speed: 1 m/s}}
    buffers: {x: {capacity: 3}, y: {capacity: 3}}
    stations: {m: {cycle: 1 s, send: {by_product: {A: x, B: y}}}, k: {cycle: 1 s, takes: {x: 1, y: 1}}}
    cards: {n: {limit: 1, over: [m, x], products: [A]}}
    sinks: {out: {}}
    run: {horizon: 1 h}
    """
JAMS = {
    "x -> k -> y -> card of n -> x": BELT,  # B stands on the belt behind A, which gets no card
    "b -> m -> card of k -> b": LAST,  # A waits in b for the last part, an A that gets no card; B needs none
    "b0 -> k -> card of c -> b0": TAKEN,  # s waits for a card on its way to m
    "x -> k -> x": OVEN,  # A and B fill x; what happens at y does not help
    "b0 -> k -> b1 -> q -> card of c -> b0": ELSEWHERE,  # B needs no card, but never comes to q
    "z -> o -> card of c -> z": BODIES,  # A and B stand in z with both cards: no body gets one
    "b -> card of k": MIXED % ("A", 1, "oven", ", products: [A]"),  # a load of two A, one card
    "b -> card of k: each waits for the next, the last for ever": (
        MIXED.replace("every: 1 min", "every: 1 min, limit: 2") % ("A", 1, "oven", ", products: [A]")
    ),  # no more can come, and both wait for cards
}


@pytest.mark.parametrize("ring", list(JAMS))
def test_what_stands_for_ever_is_named(ring: str) -> None:
    assert f": {ring}" in jam(JAMS[ring])
