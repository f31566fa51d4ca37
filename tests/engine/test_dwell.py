"""Racks: parts that must stand for a time, and may not stand for too long, counted by hand."""

from __future__ import annotations

from twin.core.ledger import STARVED, RackLedger
from twin.kpi import row

from .story import Story


def scrapped(found: Story, rack: str = "rack") -> tuple[int, ...]:
    """Parts that stood too long in a rack."""
    left = found.ledger.rows[found.plan.index(rack)]
    assert isinstance(left, RackLedger)
    return left.scrapped


def test_a_part_may_be_taken_once_it_has_stood_long_enough() -> None:
    """Parts come at 1, 2, 3 and cure for 4 s: they may go at 5, 6, 7; the saw takes 2 s: 5-7, 7-9, 9-11."""
    found = Story("""
        flow: [in -> rack -> saw -> out]
        sources: {in: {every: 1 s, limit: 3}}
        buffers: {rack: {capacity: 9, dwell: {least: 4 s}}}
        stations: {saw: {cycle: 2 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack", "in") == "1 in1, 2 in2, 3 in3"
    assert found.at("rack") == "5 in1, 7 in2, 9 in3"
    assert found.of("saw") == "0 starved, 5 working in1, 7 working in2, 9 working in3"
    place = found.ledger.places[found.plan.index("rack")]
    assert (place.content, place.wait, place.taken) == (15e6, 15e6, 3)


def test_a_curing_part_takes_a_place() -> None:
    """Two places, 3 s of curing: the press (1 s a part) puts parts in at 1 and 2, then is blocked until one goes."""
    found = Story("""
        flow: [in -> press -> rack -> out]
        sources: {in: {arrivals: saturated, limit: 4}}
        stations: {press: {cycle: 1 s}}
        buffers: {rack: {capacity: 2, dwell: {least: 3 s}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack", "in") == "1 in1, 2 in2, 4 in3, 5 in4"
    assert found.at("out", "in") == "4 in1, 5 in2, 7 in3, 8 in4"
    assert found.of("press") == ("0 working in1, 1 working in2, 2 working in3, 3 blocked in3, 4 working in4, 5 starved")


def test_a_part_that_stands_too_long_is_scrapped() -> None:
    """Parts come at 1, 2, 3, 4; the saw takes 3 s; at most 4 s: in.1 1-4 at work, in.2 waits 2-4, in.3 3-7.

    At 7 the saw is free again and in.3 has stood for 4 s: it is scrapped first, so the saw takes in.4.
    """
    found = Story("""
        flow: [in -> rack -> saw -> out]
        sources: {in: {every: 1 s, limit: 4}}
        buffers: {rack: {capacity: 9, dwell: {most: 4 s}}}
        stations: {saw: {cycle: 3 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.of("saw") == "0 starved, 1 working in1, 4 working in2, 7 working in4"
    assert found.at("rack") == "1 in1, 4 in2, 7 in3, 7 in4"
    assert scrapped(found) == (1,)
    assert (found.ledger.flow.good, found.ledger.flow.scrapped) == (3, 1)
    place = found.ledger.places[found.plan.index("rack")]
    assert (place.content, place.wait, place.taken) == ((2 + 4 + 3) * 1e6, (2 + 3) * 1e6, 3)
    kpis = row(found.plan, found.ledger)
    assert kpis["elements.rack.kpis.scrapped"] == 1
    assert kpis["elements.rack.kpis.content"] == 0.9
    assert kpis["kpis.scrap_share"] == 0.25


def test_the_place_of_a_scrapped_part_lets_the_next_one_in() -> None:
    """One place: in.1 goes to work at 1, in.2 stands 2-5 and is scrapped, the press that waits with in.3 comes in."""
    found = Story("""
        flow: [in -> press -> rack -> saw -> out]
        sources: {in: {arrivals: saturated, limit: 3}}
        stations: {press: {cycle: 1 s}, saw: {cycle: 7 s}}
        buffers: {rack: {capacity: 1, dwell: {most: 3 s}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.of("press") == "0 working in1, 1 working in2, 2 working in3, 3 blocked in3, 5 starved"
    assert found.at("rack", "in") == "1 in1, 2 in2, 5 in3"
    assert found.at("rack") == "1 in1, 5 in2, 8 in3"
    assert scrapped(found) == (2,)


def test_places_that_parts_spoil_in_together_are_filled_in_declared_order() -> None:
    """At 4 in2 (since 0) and in3 (since 2) are scrapped: b is declared first, though d's part has stood longer."""
    found = Story("""
        flow: [in -> b -> saw -> out, in -> d -> saw]
        sources: {in: {arrivals: saturated, send: first_free, limit: 5}}
        buffers: {b: {capacity: 1, dwell: {most: 2 s}}, d: {capacity: 1, dwell: {most: 4 s}}}
        stations: {saw: {cycle: 9 s, holds: 1}}
        sinks: {out: {}}
        run: {horizon: 5 s}
    """)
    assert found.at("b", "in") == "0 in1, 2 in3, 4 in4"
    assert found.at("d", "in") == "0 in2, 4 in5"


def test_a_part_cures_and_then_has_some_time_to_be_taken() -> None:
    """Least 2 s, most 5 s: in.1 (at 1) may go at 3, in.2 (at 2) at 4 and is scrapped at 7, in.3 (at 9) at 11."""
    found = Story("""
        flow: [in -> rack -> oven -> out]
        sources: {in: {orders: [{at: 1 s}, {at: 2 s}, {at: 9 s}]}}
        buffers: {rack: {capacity: 9, dwell: {least: 2 s, most: 5 s, then: scrap}}}
        stations: {oven: {cycle: 6 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.of("oven") == "0 starved, 3 working in1, 9 starved, 11 working in3"
    assert found.seconds("oven", STARVED) == 5
    assert found.at("rack") == "3 in1, 7 in2, 11 in3"


def test_a_rule_chooses_among_the_parts_that_have_cured() -> None:
    """Last in first out, 2 s of curing: at 3 only in.1 may go; at 6 in.2, in.3 and in.4 may: in.4 goes first."""
    found = Story("""
        flow: [in -> rack -> saw -> out]
        sources: {in: {every: 1 s, limit: 4}}
        buffers: {rack: {capacity: 9, rule: lifo, dwell: {least: 2 s}}}
        stations: {saw: {cycle: 3 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack") == "3 in1, 6 in4, 9 in3, 12 in2"


def test_a_load_waits_for_parts_that_cure() -> None:
    """Loads of 2 to 4: at 6 two have cured for 4 s; the third still cures when the source is spent, and goes alone."""
    found = Story("""
        flow: [in -> rack -> oven -> out]
        sources: {in: {every: 1 s, limit: 3}}
        buffers: {rack: {capacity: 9, dwell: {least: 4 s}}}
        stations: {oven: {cycle: 2 s, batch: {least: 2, most: 4}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack") == "6 in1, 6 in2, 8 in3"
    assert found.at("out", "in") == "8 in1, 8 in2, 10 in3"


def test_parts_held_at_time_0_begin_to_stand_then() -> None:
    """One may go at 3; the other, still here at 5, is scrapped."""
    found = Story("""
        flow: [in -> rack -> saw -> out]
        sources: {in: {orders: [{at: 20 s}]}}
        buffers: {rack: {capacity: 2, holds: 2, dwell: {least: 3 s, most: 5 s}}}
        stations: {saw: {cycle: 4 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack") == "3 rack1, 5 rack2, 23 in1"
