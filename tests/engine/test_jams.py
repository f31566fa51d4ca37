"""Kits, loads and rings that wait for ever: named early, whatever stops run; and runs that would never end."""

from __future__ import annotations

import pytest

from twin.engine.simpy import Deadlock, RunError, simulate

from .story import Story, plan_of

SPLIT = """
    flow: [a -> m -> x -> k -> out, m -> y -> k]
    sources: {a: {every: 10 s}}
    buffers: {x: {capacity: 2}, y: {capacity: 2}}
    stations: {m: {cycle: 1 s, send: {x: 100 %%, y: 0 %%}}, k: {cycle: 1 s, takes: {x: 1, y: 1}}}
    sinks: {out: {}}
    run: {horizon: %s}
    """
"""All parts go to x, and k waits for one in y: after 3 parts m is blocked with the third."""
MIXED = """
    flow: [a -> q -> m -> out]
    products: {A: {}, B: {}}
    sources: {a: {every: 1 min, sequence: [A, B]%s}}
    buffers: {q: {capacity: %d}}
    stations: {m: {cycle: 1 s, batch: {size: 3}}}
    sinks: {out: {}}
    %s
    """
PUMPS = """
    flow: [used -> d -> frames -> wash -> washed -> r -> done, d -> covers -> paint -> painted -> r]
    sources: {used: {every: 10 s%s}}
    stations:
      d: {gives: {frames: 1, covers: %d}, cycle: 1 s}
      wash: {cycle: 1 s}
      paint: {cycle: 1 s%s}
      r: {takes: {washed: 1, painted: 2}, match: order, cycle: 1 s}
    buffers: {frames: {capacity: 3}, covers: {capacity: 3}, washed: {capacity: 3}, painted: {capacity: 3}}
    sinks: {done: {}}
    run: {horizon: 10 h}
    """


def jam(text: str) -> str:
    """The message of a plant that jams."""
    with pytest.raises(Deadlock) as caught:
        simulate(plan_of(text))
    return str(caught.value)


def test_a_kit_whose_other_half_comes_from_a_blocked_station_is_a_deadlock() -> None:
    assert jam(SPLIT % "1 d").endswith(": m -> x -> k -> y -> m: each waits for the next")


@pytest.mark.parametrize(("horizon", "found"), [("40 s", "32 s"), ("200 s", "40 s"), ("1 d", "67.5 s")])
def test_it_is_found_early(horizon: str, found: str) -> None:
    # The third part is done after 31 s. Looks come after 1, 2, … 10 tenths, and after 1/20, 1/40, … 1/2560 of the run;
    # parts that left since the look before say that the plant goes on.
    assert f"found at {found}:" in jam(SPLIT % horizon)
    assert simulate(plan_of(SPLIT % "30 s")).flow.inside_end == 3


@pytest.mark.parametrize(("limit", "run"), [("", "run: {horizon: 1 d}"), (", limit: 4", ""), (", limit: 9", "")])
def test_a_full_buffer_that_holds_no_load_is_a_deadlock(limit: str, run: str) -> None:
    assert jam(MIXED % (limit, 3, run)).endswith(": q -> m -> q: each waits for the next")  # A, B, A: no three alike


def test_a_larger_buffer_holds_a_load_of_one_product() -> None:
    assert Story(MIXED % (", limit: 6", 5, "")).ledger.flow.good == 6


def test_the_last_load_of_a_full_buffer_starts_when_no_more_can_come() -> None:
    story = Story(MIXED % (", limit: 3", 3, ""))
    assert story.of("m") == "0 starved, 180 working a1, 181 working a2"


def test_pieces_too_many_fill_their_buffer() -> None:
    # Each pump leaves one cover of three over. With two of them and one of the third 'painted' is full, while the
    # painter holds the one that the third pump needs.
    assert jam(PUMPS % ("", 3, "")).endswith(": paint -> painted -> r -> paint: each waits for the next")


def test_pieces_whose_mates_are_scrapped_fill_their_buffer() -> None:
    said = jam(PUMPS % ("", 2, ", quality: {scrap: 100 %}"))
    # Every cover is scrapped: three frames stand in 'washed', and the washer is blocked with the fourth.
    assert said.endswith("wash -> washed -> r -> painted: each waits for the next, the last for pieces that are gone")


def test_pieces_left_over_at_the_end_are_no_deadlock() -> None:
    story = Story(PUMPS % (", limit: 2", 3, ""))
    assert story.ledger.flow.good == 2
    assert story.ledger.warnings == (
        "the run ended with parts at painted: they wait for parts that no source can still send",
    )


def test_partners_used_up_beside_a_source_that_goes_on_are_told_at_the_end() -> None:
    story = Story("""
        flow: [a -> x -> k -> out, c -> y -> k]
        sources: {a: {every: 1 s}, c: {every: 1 s, limit: 2}}
        buffers: {x: {capacity: 2}, y: {capacity: 2}}
        stations: {k: {takes: {x: 1, y: 1}, cycle: 1 s}}
        sinks: {out: {}}
        run: {horizon: 1 min}
        """)
    assert story.ledger.flow.good == 2
    assert story.ledger.warnings == (
        "at the end parts stand at a, x: they wait for parts that no source can still send",
    )


# -- supplies with an end

SUPPLY = """
    flow: [a -> m -> out]
    products: {A: {}, B: {}}
    sources: {a: {arrivals: saturated, limit: %d, sequence: [A, B]%s}}
    stations: {m: {cycle: 1 s, batch: {size: 2%s}}}
    sinks: {out: {}}
    """


def test_a_limited_supply_releases_its_last_load() -> None:
    mixed = Story((SUPPLY % (3, "", "")).replace("size: 2", "size: 2, mixed: true"))
    assert mixed.of("m") == "0 working a1, 1 working a3"
    assert mixed.ledger.makespan == 2e6


def test_full_loads_of_one_product_go_before_incomplete_ones_are_sure() -> None:
    # A B A B A: two A, two B, and the last A alone.
    assert Story(SUPPLY % (5, "", "")).at("out", "in") == "1 a1, 1 a3, 2 a2, 2 a4, 3 a5"


def test_a_supply_in_a_disruption_still_has_its_parts() -> None:
    story = Story(SUPPLY % (3, ", disruption: {mtbf: {constant: 500 ms}, mttr: {constant: 9 s}}", ""))
    assert (story.ledger.flow.good, story.ledger.makespan) == (3, 10.5e6)


def test_a_kit_that_a_supply_cannot_fill_ends_the_run() -> None:
    story = Story("""
        flow: [a -> k -> out, b -> k]
        sources: {a: {every: 3 s, limit: 3}, b: {arrivals: saturated, limit: 5}}
        stations: {k: {takes: {a: 1, b: 2}, cycle: 1 s}}
        sinks: {out: {}}
        """)
    assert (story.ledger.makespan, story.ledger.window) == (7e6, 9e6)
    assert "parts at a, b: they wait" in story.ledger.warnings[0]


# -- rings, whatever stop runs

RING = """
    flow: [a -> m -> n -> out]
    sources: {a: {every: 10 s}}
    stations:
      m: {queue: {capacity: 1}, cycle: 4 s}
      n: {cycle: 6 s, quality: {rework: {share: 100 %%, to: m, at_most: 9}}%s}
    calendars: {c: {cycle: 60 s, open: [0 s-40 s]}}
    sinks: {out: {}}
    run: {horizon: %d s}
    """
STOPS = ("", ", breakdowns: {f: {mtbf: {constant: 30 s}, mttr: {constant: 90 s}, clock: calendar}}", ", calendar: c")


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("horizon", range(61, 500, 40))
def test_a_ring_is_named_at_whatever_moment_the_run_ends(stop: str, horizon: int) -> None:
    assert ": m -> n -> m: each holds a part" in jam(RING % (stop, horizon))


# -- runs that would never end

NEVER = """
    flow: [a -> m -> out]
    sources: {a: {%s}}
    calendars: {c: {cycle: 24 h, open: [6 h-14 h]}, n: {cycle: 24 h, open: [14 h-22 h]}}
    operators: {w: {calendar: n}}
    stations: {m: {%s}}
    sinks: {out: {}}
    """
LIMITED = "arrivals: saturated, limit: 3"
ENDLESS = {
    "m waits for people who never come": (LIMITED, "calendar: c, cycle: 1 min, by: w"),
    "m never gets": (LIMITED, "calendar: c, cycle: 1 min, start_up: {lasts: 8 h}"),
    "m begins its part again and again": (
        LIMITED,
        "cycle: 4 s, breakdowns: {f: {mtbf: {constant: 3 s}, mttr: {constant: 1 s}, part: restart}}",
    ),
    "m waits for people": ("every: 1 min, limit: 1000000", "calendar: c, cycle: 1 min, by: w"),
}


@pytest.mark.parametrize("why", list(ENDLESS))
def test_a_run_in_which_nothing_goes_on_ends_and_says_why(why: str) -> None:
    with pytest.raises(
        RunError, match=f"never becomes empty: parts stand at .* for ever: {why}.*gone on for"
    ) as caught:
        simulate(plan_of(NEVER % ENDLESS[why]))
    assert "horizon" not in str(caught.value)


def test_rare_parts_are_waited_for() -> None:
    assert (
        Story(
            NEVER % ("every: 900 d, limit: 2", "calendar: c, cycle: 1 min, queue: {}, batch: {size: 2}")
        ).ledger.flow.good
        == 2
    )
