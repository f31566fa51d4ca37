"""Lots: one part of several pieces, counted by hand."""

from __future__ import annotations

import pytest

from twin.core.ledger import WORKING, SinkLedger
from twin.kpi import row
from twin.kpi.oee import times_of

from .story import Story


def test_cycle_for_each_piece_set_up_load_and_unload_for_the_lot() -> None:
    """Lots of 3 at 10, 20: load 2, three cycles of 1, unload 1: leaves 16; the second 26."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 10 s, lot: 3, moves: lot, limit: 6}}
        stations: {saw: {load: {time: 2 s}, cycle: 1 s, unload: {time: 1 s}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("out", "in") == "16 in1, 26 in2"
    assert found.at("in") == "10 in1, 20 in2"
    flow, saw = found.ledger.flow, found.ledger.stations[found.plan.index("saw")]
    assert (flow.entered, flow.good, flow.inside_end) == (6, 6, 0)
    assert flow.wip == flow.spent == 2 * 3 * 6e6
    assert saw.done == (6,)
    assert times_of(saw).net == 6e6  # the reference is the cycle of a piece
    assert found.seconds("saw", WORKING) == 12
    left = found.ledger.rows[found.plan.index("out")]
    assert isinstance(left, SinkLedger)
    assert left.parts == (6,)
    kpis = row(found.plan, found.ledger)
    assert kpis["kpis.parts"] == 6
    assert kpis["kpis.lead_time_s"] == 6
    assert kpis["elements.in.kpis.entered"] == 6


def test_a_set_up_is_for_the_lot() -> None:
    """Orders of 2 A, 3 B, 1 B: A 0-2, set-up 2-7, B 7-10, B 10-11."""
    found = Story("""
        flow: [in -> saw -> out]
        products: {A: {}, B: {}}
        sources:
          in:
            orders: [{at: 0 s, product: A, quantity: 2}, {at: 0 s, product: B, quantity: 3}, {at: 0 s, product: B}]
            moves: lot
        stations: {saw: {cycle: 1 s, setup: 5 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("out", "in") == "2 in1, 10 in2, 11 in3"
    assert [lead.parts for lead in found.ledger.products] == [2, 4]
    assert [lead.total for lead in found.ledger.products] == [4e6, 3 * 10e6 + 11e6]


def test_a_place_holds_a_lot() -> None:
    """The rack holds two lots: the press is blocked with its third lot until one goes at 10."""
    found = Story("""
        flow: [in -> press -> rack -> saw -> out]
        sources:
          in: {moves: lot, orders: [{at: 0 s, quantity: 2}, {at: 0 s, quantity: 2}, {at: 0 s, quantity: 2}, {at: 0 s}]}
        stations: {press: {cycle: 1 s}, saw: {cycle: 4 s}}
        buffers: {rack: {capacity: 2}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack", "in") == "2 in1, 4 in2, 6 in3, 10 in4"
    assert found.of("press") == (
        "0 working in1, 1 working in1, 2 working in2, 3 working in2, 4 working in3, 5 working in3, 6 working in4, "
        "7 blocked in4, 10 starved"
    )
    assert found.at("out", "in") == "10 in1, 18 in2, 26 in3, 30 in4"


def test_quality_is_drawn_for_each_piece_and_a_lot_without_pieces_is_gone() -> None:
    """All pieces are scrap: each after its cycle, the lot goes nowhere and the machine takes the next one at 3."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {orders: [{at: 0 s, product: A, quantity: 3}, {at: 0 s, product: A, quantity: 2}], moves: lot}}
        products: {A: {material: 2 EUR}}
        stations: {saw: {cycle: 1 s, quality: {scrap: 100 %}}}
        sinks: {out: {}}
        run: {}
    """)
    flow = found.ledger.flow
    assert (flow.entered, flow.good, flow.scrapped, flow.inside_end) == (5, 0, 5, 0)
    assert flow.material == flow.spoiled == 5 * 2e6
    assert flow.wip == flow.spent == (1 + 2 + 3 + 4 + 5) * 1e6
    assert found.at("out", "in") == ""
    assert found.ledger.stations[found.plan.index("saw")].scrapped == (5,)
    assert found.ledger.makespan == 5e6


def test_a_lot_goes_on_with_its_good_pieces() -> None:
    """Half of 40 pieces are scrap, by the draws of the station; the next station works on those that are left."""
    found = Story("""
        flow: [in -> saw -> mill -> out]
        sources: {in: {orders: [{at: 0 s, quantity: 40}], moves: lot}}
        stations:
          saw: {cycle: 1 s, quality: {scrap: 50 %}}
          mill: {cycle: 2 s, queue: {}}
        sinks: {out: {}}
        run: {}
    """)
    flow = found.ledger.flow
    assert flow.good + flow.scrapped == 40
    assert 8 < flow.good < 32
    assert found.at("mill", "in") == "40 in1"
    assert found.at("out", "in") == f"{40 + 2 * flow.good} in1"
    assert found.ledger.products[0].parts == flow.good
    assert found.ledger.products[0].total == flow.good * (40 + 2 * flow.good) * 1e6


def test_a_stop_that_scraps_costs_the_piece_in_work() -> None:
    """Fails after 2.5 s of work, for 4 s: piece 3 of 4 is scrapped at 2.5, piece 4 is done at 7.5 (2.5 + 4 + 1)."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {orders: [{at: 0 s, quantity: 4}], moves: lot}}
        stations:
          saw: {cycle: 1 s, breakdowns: {jam: {mtbf: {constant: 2500 ms}, mttr: {constant: 4 s}, part: scrap}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("out", "in") == "7.5 in1"
    saw = found.ledger.stations[found.plan.index("saw")]
    assert (saw.done, saw.scrapped, saw.destroyed) == ((3,), (1,), (1,))
    assert found.ledger.flow.good == 3
    assert found.ledger.flow.spent == (3 * 7.5 + 2.5) * 1e6


def test_a_clock_in_cycles_counts_pieces() -> None:
    """It fails after 2 cycles: pieces 1, 2, stop 2-5, pieces 3, 4, stop 7-10, piece 5 at 11."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {orders: [{at: 0 s, quantity: 5}], moves: lot}}
        stations: {saw: {cycle: 1 s, breakdowns: {jam: {mtbf: {constant: 2 cycles}, mttr: {constant: 3 s}}}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("out", "in") == "11 in1"


def test_the_last_lot_of_a_limit_is_smaller_and_lots_may_be_lost() -> None:
    """Lots of 4 with a limit of 10: 4, 4, 2 at 1, 2, 3; the second finds no room and goes away."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 1 s, lot: 4, moves: lot, limit: 10, balk: true}}
        stations: {saw: {cycle: 500 ms}}
        sinks: {out: {}}
        run: {}
    """)
    flow = found.ledger.flow
    assert (flow.entered, flow.good, flow.lost) == (10, 6, 4)
    assert row(found.plan, found.ledger)["elements.in.kpis.lost"] == 4
    assert found.at("out", "in") == "3 in1, 4 in3"


def test_lots_serve_demand_piece_by_piece() -> None:
    """A lot of 3 leaves at 3; one is wanted at 1, 2, 3, 4, 5: two late, one on time, the others open."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {orders: [{at: 0 s, quantity: 3}, {at: 3 s, quantity: 2}], moves: lot}}
        stations: {saw: {cycle: 1 s}}
        sinks: {out: {demand: 3600 /h}}
        run: {}
    """)
    demand = found.ledger.rows[found.plan.index("out")].demand
    assert (demand.due, demand.on_time, demand.open_end, demand.stock_end) == (5, 2, 0, 0)
    assert demand.backlog == (1 + 2 + 1) * 1e6


def test_late_lots_and_lots_that_stand_too_long() -> None:
    """Lots of 2 planned at 2, 4, 3 s late; the rack keeps them 4 s: the saw takes the first at 5 (5-15)."""
    found = Story("""
        flow: [in -> rack -> saw -> out]
        sources: {in: {every: 2 s, lot: 2, moves: lot, limit: 4, delay: 3 s}}
        stations: {saw: {cycle: 5 s}}
        buffers: {rack: {capacity: 3, dwell: {most: 4 s}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("rack", "in") == "5 in1, 7 in2"
    assert found.at("rack") == "5 in1, 11 in2"
    assert found.ledger.rows[found.plan.index("rack")].scrapped == (2,)
    assert (found.ledger.flow.good, found.ledger.flow.scrapped) == (2, 2)


@pytest.mark.parametrize("seed", range(1, 6))
def test_conservation_and_little_hold_with_lots(seed: int) -> None:
    """``Story`` checks both; several machines, hours, stops, scrap, a belt and a warm-up."""
    found = Story(f"""
        flow: [in -> saw -> rack -> belt -> mill -> out, spare -> rack]
        start: 2027-01-04 06:00
        products: {{A: {{}}, B: {{}}}}
        sources:
          in: {{every: {{exponential: 100 s}}, lot: 7, moves: lot, products: {{A: 60 %, B: 40 %}}}}
          spare: {{every: 9 min, sequence: [B]}}
        stations:
          saw:
            machines: 2
            queue: {{}}
            cycle: {{uniform: [10 s, 20 s]}}
            setup: 60 s
            quality: {{scrap: 10 %}}
            breakdowns: {{jam: {{mtbf: 10 min, mttr: 1 min, part: scrap}}, tool: {{mtbf: 200 cycles, mttr: 90 s}}}}
            maintenance: {{oil: {{every: 40 min, lasts: 3 min}}}}
            power: {{working: 3 kW, switch_off: {{after: 2 min, power: 0 kW}}}}
          mill:
            queue: {{capacity: 3, rule: spt}}
            cycle: 12 s
            quality: {{scrap: {{A: 5 %, B: 30 %}}}}
            calendar: day
        buffers: {{rack: {{capacity: 5, dwell: {{least: 20 s, most: 15 min}}}}}}
        conveyors: {{belt: {{length: 6 m, speed: 0.2 m/s, pitch: 1 m}}}}
        calendars: {{day: {{cycle: 1 h, open: [0 min-50 min]}}}}
        sinks: {{out: {{demand: 200 /h}}}}
        run: {{warm_up: 1 h, horizon: 9 h, seed: {seed}}}
    """)
    flow = found.ledger.flow
    assert flow.good > 1000
    assert flow.scrapped > 50
