"""Demand at a sink: what is served when, what waits, counted by hand (µs in the ledger, s in the words)."""

from __future__ import annotations

import pytest

from twin.core.ledger import DemandLedger, SinkLedger
from twin.kpi import row

from .story import Story

S = 1e6


def demand(found: Story, sink: str = "out") -> DemandLedger:
    """The demand at a sink over the window."""
    left = found.ledger.rows[found.plan.index(sink)]
    assert isinstance(left, SinkLedger)
    assert left.demand is not None
    return left.demand


def test_parts_that_come_early_wait_in_stock() -> None:
    """Parts leave at 3, 6, 9, 12; one is wanted at 4, 8, 12: stock 3-4, 6-8, 9-12, and one part is left over."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 3 s, first: 1 s}}
        stations: {saw: {cycle: 2 s}}
        sinks: {out: {demand: 900 /h}}
        run: {horizon: 12 s}
    """)
    assert found.at("out", "in") == "3 in1, 6 in2, 9 in3, 12 in4"
    assert demand(found) == DemandLedger(due=3, on_time=3, backlog=0.0, stock=6 * S, open_end=0, stock_end=1)
    kpis = row(found.plan, found.ledger)
    assert [kpis[f"elements.out.kpis.{name}"] for name in ("demand", "on_time_share", "backlog", "finished_stock")] == [
        3.0, 1.0, 0.0, 0.5,
    ]  # fmt: skip


def test_parts_that_come_late_serve_the_oldest_demand() -> None:
    """One is wanted at 2, 4, 6, 8, 10; parts leave at 5 and 10. Open: 1 from 2, 2 from 4, 1 at 5, 2, 3 from 8, 3."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {arrivals: saturated}}
        stations: {saw: {cycle: 5 s}}
        sinks: {out: {demand: 1800 /h}}
        run: {horizon: 10 s}
    """)
    # 2-4: 1, 4-5: 2, 5-6: 1, 6-8: 2, 8-10: 3; at 10 another falls due and a part leaves, which serves that of 4 s
    assert demand(found) == DemandLedger(5, 0, (2 + 2 + 1 + 4 + 6) * S, 0.0, open_end=3, stock_end=0)


def test_demand_that_is_served_at_its_instant_is_on_time() -> None:
    """Wanted at 2, 4, 6, 8 and made at 2, 4, 6, 8."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {arrivals: saturated}}
        stations: {saw: {cycle: 2 s}}
        sinks: {out: {demand: 1800 /h}}
        run: {horizon: 8 s}
    """)
    assert demand(found) == DemandLedger(4, 4, 0.0, 0.0, 0, 0)


def test_each_product_serves_its_own_orders_and_those_that_name_none() -> None:
    """A, B, A, B leave at 1, 2, 3, 4. Two A are due at 0 s, one B at 3 s, one of any at 3 s, five B at 11 s."""
    found = Story("""
        flow: [in -> saw -> out]
        products: {A: {}, B: {}}
        sources: {in: {arrivals: saturated, sequence: [A, B], limit: 4}}
        stations: {saw: {cycle: 1 s}}
        sinks:
          out:
            orders:
              - {due: 3 s, product: B}
              - {due: 0 s, product: A, quantity: 2}
              - {due: 3 s}
              - {due: 11 s, product: B, quantity: 5}
        run: {horizon: 10 s}
    """)
    # A.1 and A.3 serve the two A of 0 s, late. B.2 waits 2-3, serves its own order; B.4 serves 'any' at 4, late.
    # The plant is empty at 4 s and the run ends there; the five B are due after its horizon.
    assert found.ledger.window == 4 * S
    assert demand(found) == DemandLedger(4, 1, (2 * 1 + 1 * 2 + 1 * 1) * S, 1 * S, open_end=0, stock_end=0)


@pytest.mark.parametrize(("horizon", "due", "on_time", "left"), [("", 9, 4, 4), ("run: {horizon: 8 s}", 6, 4, 1)])
def test_orders_for_later_than_the_plant_is_empty_are_settled_from_stock(
    horizon: str, due: int, on_time: int, left: int
) -> None:
    """Five parts leave at 1 to 5 s. Two are due at 1 s, four at 8 s, three at 9 s."""
    found = Story(f"""
        flow: [in -> saw -> out]
        sources: {{in: {{orders: [{{at: 0 s, quantity: 5}}]}}}}
        stations: {{saw: {{cycle: 1 s}}}}
        sinks: {{out: {{orders: [{{due: 1 s, quantity: 2}}, {{due: 8 s, quantity: 4}}, {{due: 9 s, quantity: 3}}]}}}}
        {horizon}
    """)
    # The second of those due at 1 s comes at 2. Three are in stock as the run ends at 5: for 8 s, where one stays open.
    assert found.ledger.window == found.ledger.makespan == 5 * S
    assert demand(found) == DemandLedger(due, on_time, 1 * S, (2 + 1) * S, open_end=left, stock_end=0)


def test_a_rate_of_demand_ends_with_the_run() -> None:
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {orders: [{at: 0 s, quantity: 4}]}}
        stations: {saw: {cycle: 1 s}}
        sinks: {out: {demand: 1800 /h}}
        run: {horizon: 1 h}
    """)
    # One in stock from 1 to 3 s, as each is wanted as the next comes; two from 3 to 4 s.
    assert demand(found) == DemandLedger(2, 2, 0.0, (1 + 1 + 2) * S, open_end=0, stock_end=2)


def test_what_is_wanted_at_once_is_wanted_once() -> None:
    """Two A leave at 0, two B an hour later and after; two are due at 0, one after 30 min, one after 2 h."""
    found = Story("""
        flow: [a -> m -> out]
        products: {A: {}, B: {}}
        sources: {a: {orders: [{at: 0 s, quantity: 2, product: A}, {at: 1 h, quantity: 2, product: B}]}}
        stations: {m: {cycle: {A: 0 s, B: 1 min}, queue: {}}}
        sinks: {out: {orders: [{due: 0 s, quantity: 2}, {due: 30 min}, {due: 2 h}]}}
        run: {horizon: 4 h}
    """)
    assert demand(found) == DemandLedger(4, 3, 31 * 60 * S, 0.0, open_end=0, stock_end=0)


def test_the_window_counts_what_falls_due_in_it_and_keeps_what_is_open() -> None:
    """Wanted at 2, 4, 6, 8; made at 5 and 10. At the end of the warm-up, 4 s, two are open."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {arrivals: saturated}}
        stations: {saw: {cycle: 5 s}}
        sinks: {out: {demand: 1800 /h}}
        run: {warm_up: 4 s, horizon: 4 s}
    """)
    assert demand(found) == DemandLedger(2, 0, (2 * 1 + 1 * 1 + 2 * 2) * S, 0.0, open_end=3, stock_end=0)


def test_a_demand_by_product_runs_by_itself() -> None:
    """A is wanted every 2 s, B never; the B that leaves stays in stock."""
    found = Story("""
        flow: [in -> saw -> out]
        products: {A: {}, B: {}}
        sources: {in: {arrivals: saturated, sequence: [B, A]}}
        stations: {saw: {cycle: 2 s}}
        sinks: {out: {demand: {A: 1800 /h, B: 0 /h}}}
        run: {horizon: 6 s}
    """)
    # B at 2 and 6 stay; A at 4 serves that of 2 s; those of 4 and 6 s stay open
    assert demand(found) == DemandLedger(3, 0, (2 + 2) * S, 4 * S, open_end=2, stock_end=2)


def test_a_yearly_demand_falls_due_at_whole_multiples_of_its_interval() -> None:
    """118000 a year is one every 267.254… s; in a day 323 fall due, and rounding never drifts."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 1 d}}
        stations: {saw: {cycle: 1 s}}
        sinks: {out: {demand: 118000 /y}}
        run: {horizon: 365 d}
    """)
    assert demand(found).due == 118_000


@pytest.mark.parametrize("horizon", [7, 8, 9, 31])
def test_parts_and_demand_add_up(horizon: int) -> None:
    """What left is served or in stock; what fell due was served or is open."""
    found = Story(f"""
        flow: [in -> saw -> out]
        sources: {{in: {{every: {{exponential: 3 s}}}}}}
        stations: {{saw: {{machines: 2, cycle: {{uniform: [1 s, 6 s]}}}}}}
        sinks: {{out: {{demand: 1200 /h}}}}
        run: {{horizon: {horizon} min}}
    """)
    left = found.ledger.rows[found.plan.index("out")]
    assert sum(left.parts) - left.demand.stock_end == left.demand.due - left.demand.open_end
    assert 0 <= left.demand.on_time <= left.demand.due
    assert min(left.demand.stock_end, left.demand.open_end) == 0
