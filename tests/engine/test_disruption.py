"""Suppliers that fail: disruptions and delays, counted by hand."""

from __future__ import annotations

import pytest

from twin.core.ledger import STARVED
from twin.kpi import row

from .story import Story, plan_of


def test_what_falls_due_in_a_disruption_comes_at_its_end() -> None:
    """Planned at 2, 4, 6, 8, 10, 12; disrupted in 5-9: those of 6 and 8 come at 9, that of 10 at 10 (up again at 9)."""
    found = Story("""
        flow: [in -> out]
        sources: {in: {every: 2 s, disruption: {mtbf: {constant: 5 s}, mttr: {constant: 4 s}}}}
        sinks: {out: {}}
        run: {horizon: 13 s}
    """)
    assert found.at("out", "in") == "2 in1, 4 in2, 9 in3, 9 in4, 10 in5, 12 in6"


def test_a_delivery_at_the_instant_a_disruption_begins_still_comes() -> None:
    """Disrupted in 4-8 and from 12: that of 4 comes, those of 6 and 8 come at 8, that of 12 comes, that of 14 waits."""
    found = Story("""
        flow: [in -> out]
        sources: {in: {every: 2 s, disruption: {mtbf: {constant: 4 s}, mttr: {constant: 4 s}}}}
        sinks: {out: {}}
        run: {horizon: 15 s}
    """)
    assert found.at("out", "in") == "2 in1, 4 in2, 8 in3, 8 in4, 10 in5, 12 in6"


def test_nobody_takes_from_a_saturated_source_in_a_disruption() -> None:
    """Works 0-3, 3-6; disrupted in 5-9, so it is starved in 6-9; then 9-12, 12-15 (disrupted again from 14 to 18)."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {arrivals: saturated, disruption: {mtbf: {constant: 5 s}, mttr: {constant: 4 s}}}}
        stations: {saw: {cycle: 3 s}}
        sinks: {out: {}}
        run: {horizon: 18 s}
    """)
    assert found.of("saw") == ("0 working in1, 3 working in2, 6 starved, 9 working in3, 12 working in4, 15 starved")
    assert found.seconds("saw", STARVED) == 6


def test_a_queue_is_not_filled_from_a_saturated_source_in_a_disruption() -> None:
    """The queue holds 2; disrupted in 5-9. The place that is free from 6 on and that of 9 are filled at 9."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {arrivals: saturated, disruption: {mtbf: {constant: 5 s}, mttr: {constant: 4 s}}}}
        stations: {saw: {cycle: 3 s, queue: {capacity: 2}}}
        sinks: {out: {}}
        run: {horizon: 13 s}
    """)
    assert found.at("saw", "in") == "0 in1, 0 in2, 0 in3, 3 in4, 9 in5, 9 in6, 12 in7"


def test_a_saturated_source_that_several_take_from() -> None:
    """At 0 in.1 goes to work at a, in.2 to its queue, in.3 to b; disrupted in 1-5; at 5 the same again."""
    found = Story("""
        flow: [in -> a -> out, in -> b -> out]
        sources:
          in: {arrivals: saturated, send: first_free, disruption: {mtbf: {constant: 1 s}, mttr: {constant: 4 s}}}
        stations:
          a: {cycle: 2 s, queue: {capacity: 1}}
          b: {cycle: 2 s}
        sinks: {out: {}}
        run: {horizon: 5500 ms}
    """)
    assert found.of("b") == "0 working in3, 2 starved, 5 working in6"
    assert found.of("a") == "0 working in1, 2 working in2, 4 starved, 5 working in4"


def test_each_delivery_is_late_by_its_own_delay() -> None:
    """Planned at 2, 4, 6, 8; the delays drawn are those of the stream in/delay; parts are numbered as planned."""
    found = Story("""
        flow: [in -> out]
        sources: {in: {every: 2 s, limit: 30, delay: {uniform: [0 s, 9 s]}}}
        sinks: {out: {}}
        run: {}
    """)
    came = {part: float(time) for time, part in (one.split() for one in found.at("out", "in").split(", "))}
    assert found.plan.streams == ("in/delay",)
    late = [came[f"in{n}"] - 2 * n for n in range(1, 31)]
    assert all(0 <= one <= 9 for one in late)
    order = [int(part.removeprefix("in")) for part in came]
    assert order != sorted(order), "none has overtaken another"
    assert found.ledger.flow.good == 30


def test_a_constant_delay_moves_all_deliveries() -> None:
    """Lots of two planned at 3, 6; 5 s late: at 8 and 11. The run ends with the last of them, not before."""
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 3 s, lot: 2, limit: 4, delay: 5 s}}
        stations: {saw: {cycle: 1 s, queue: {}}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("in", "in") == "8 in1, 8 in2, 11 in3, 11 in4"
    assert found.at("out", "in") == "9 in1, 10 in2, 12 in3, 13 in4"


def test_orders_come_late_and_wait_for_the_end_of_a_disruption() -> None:
    """Due at the source at 1, 3, 6 with 2 s of delay: 3, 5, 8; disrupted in 4-7: the second comes at 7."""
    found = Story("""
        flow: [in -> out]
        sources:
          in:
            orders: [{at: 1 s}, {at: 3 s, quantity: 2}, {at: 6 s}]
            delay: 2 s
            disruption: {mtbf: {constant: 4 s}, mttr: {constant: 3 s}}
        sinks: {out: {}}
        run: {}
    """)
    assert found.at("out", "in") == "3 in1, 7 in2, 7 in3, 8 in4"


def test_a_full_yard_is_unloaded_as_there_is_room() -> None:
    """Planned every second; disrupted in 1-5 (that of 1 comes); work takes 2 s and the yard holds one.

    At 5 the parts of 2 to 5 have fallen due: that of 2 goes to work, that of 3 into the yard, the others wait outside
    and come at 7 and 9. The one of 6 is planned once they are in, at 9, and finds room at 11.
    """
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 1 s, yard: 1, disruption: {mtbf: {constant: 1 s}, mttr: {constant: 4 s}}}}
        stations: {saw: {cycle: 2 s}}
        sinks: {out: {}}
        run: {horizon: 5500 ms}
    """)
    assert found.at("in", "in") == "1 in1, 5 in2, 5 in3"
    assert found.of("saw") == "0 starved, 1 working in1, 3 starved, 5 working in2"


def test_a_part_planned_as_the_disruption_ends_waits_outside_a_full_yard() -> None:
    """Planned at 2, 4, 6, 8, 10; disrupted in 4-10 and from 14 on; work takes 3 s and the yard holds one.

    At 10 that of 6 goes to work, that of 8 into the yard; that of 10 comes in at 13. At 12 nothing is planned.
    """
    found = Story("""
        flow: [in -> saw -> out]
        sources: {in: {every: 2 s, yard: 1, disruption: {mtbf: {constant: 4 s}, mttr: {constant: 6 s}}}}
        stations: {saw: {cycle: 3 s}}
        sinks: {out: {}}
        run: {horizon: 13 s}
    """)
    assert found.at("in", "in") == "2 in1, 4 in2, 10 in3, 10 in4, 13 in5"
    assert found.of("saw") == "0 starved, 2 working in1, 5 working in2, 8 starved, 10 working in3"


@pytest.mark.parametrize(
    ("source", "streams"),
    [
        ("{every: 2 s, disruption: {mtbf: 9 s, mttr: 2 s}}", ("in/disruption.up", "in/disruption.repair")),
        ("{every: 2 s, delay: {exponential: 2 s}}", ("in/delay",)),
        ("{arrivals: saturated, disruption: {mtbf: 9 s, mttr: 2 s}}", ("in/disruption.up", "in/disruption.repair")),
    ],
)
def test_streams_are_those_of_the_language(source: str, streams: tuple[str, ...]) -> None:
    plan = plan_of(f"""
        flow: [in -> saw -> out]
        sources: {{in: {source}}}
        stations: {{saw: {{cycle: 3 s}}}}
        sinks: {{out: {{}}}}
        run: {{horizon: 20 s}}
    """)
    assert plan.streams == streams


def test_the_rhythm_is_not_moved_by_a_disruption() -> None:
    """As many parts come in the long run with disruptions as without: they are only late."""
    found = Story("""
        flow: [in -> out]
        sources: {in: {every: 2 s, disruption: {mtbf: 20 s, mttr: 10 s}}}
        sinks: {out: {}}
        run: {horizon: 10000 s}
    """)
    assert 4900 <= found.ledger.flow.good <= 5000


@pytest.mark.parametrize("source", ["every: 2 s", "arrivals: saturated"])
def test_the_share_of_time_disrupted(source: str) -> None:
    """Disrupted in 5-9 and 14-18; measured from 6 to 16: 3 s and 2 s of 10 s."""
    found = Story(f"""
        flow: [in -> saw -> out]
        sources: {{in: {{{source}, disruption: {{mtbf: {{constant: 5 s}}, mttr: {{constant: 4 s}}}}}}}}
        stations: {{saw: {{cycle: 2 s}}}}
        sinks: {{out: {{}}}}
        run: {{warm_up: 6 s, horizon: 10 s}}
    """)
    assert row(found.plan, found.ledger)["elements.in.kpis.disrupted"] == 5 / 10
