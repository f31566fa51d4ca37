"""What must stay the same when a plant is changed: reversed, stretched, extended, renamed, run for longer."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist, mean, stdev

import pytest

from twin.core.ledger import Ledger
from twin.engine.simpy import simulate

from .story import Story, plan_of


def line(stations: list[str], buffers: list[int], horizon: str = "2000 s", more: str = "") -> str:
    """A saturated line of stations with these bodies and buffers between them."""
    names = [f"m{i}" for i in range(len(stations))]
    racks = [f"b{i}" for i in range(len(buffers))]
    way = " -> ".join(name for pair in zip(names, [*racks, ""], strict=True) for name in pair if name)
    return (
        f"flow: [a -> {way} -> out]\nsources: {{a: {{arrivals: saturated}}}}\nsinks: {{out: {{}}}}\nstations:\n"
        + "".join(f"  {name}: {{{body}}}\n" for name, body in zip(names, stations, strict=True))
        + "buffers:\n"
        + "".join(f"  {name}: {{capacity: {size}}}\n" for name, size in zip(racks, buffers, strict=True))
        + f"{more}run: {{horizon: {horizon}, warm_up: 100 s}}\n"
    )


def reversed_line(stations: list[str], buffers: list[int], horizon: str) -> str:
    """The same line from its end to its beginning."""
    return line(stations[::-1], buffers[::-1], horizon)


@pytest.mark.parametrize("cycles", [(3, 5, 2, 4), (7, 7, 1, 7), (2, 3, 5, 1)])
def test_a_deterministic_line_makes_as_much_when_it_is_reversed(cycles: tuple[int, ...]) -> None:
    bodies = [f"cycle: {time} s" for time in cycles]
    texts = (line(bodies, [1, 3, 2]), reversed_line(bodies, [1, 3, 2], "2000 s"))
    one, other = (simulate(plan_of(text)) for text in texts)
    assert abs(one.flow.good - other.flow.good) <= 1
    assert abs(one.flow.good - 2000 / max(cycles)) <= 1


def test_an_exponential_line_makes_as_much_when_it_is_reversed() -> None:
    bodies = [f"cycle: {{exponential: {time} s}}" for time in (3, 5, 4)]
    made = []
    for text in (line(bodies, [2, 4], "4 h"), reversed_line(bodies, [2, 4], "4 h")):
        plan = plan_of(text)
        made.append([float(simulate(plan, k).flow.good) for k in range(8)])
    spread = math.hypot(*(stdev(counts) / math.sqrt(len(counts)) for counts in made))
    assert abs(mean(made[0]) - mean(made[1])) < NormalDist().inv_cdf(0.9999) * 1.3 * spread


RANDOM = """
    flow: [a -> b -> m -> c -> n -> out]
    sources: {a: {every: {exponential: 4 %(u)s}, products: {A: 60 %%, B: 40 %%}}}
    products: {A: {}, B: {}}
    buffers: {b: {capacity: 3}, c: {capacity: 2}}
    stations:
      m:
        machines: 2
        cycle: {A: {exponential: 5 %(u)s}, B: {lognormal: {mean: 6 %(u)s, cv: 0.5}}}
        breakdowns: {f: {mtbf: 40 %(u)s, mttr: 8 %(u)s, by: x}}
        quality: {scrap: 5 %%}
      n: {cycle: {gamma: {mean: 3 %(u)s, cv: 0.4}}, by: x}
    operators: {x: {count: 2}}
    sinks: {out: {}}
    run: {warm_up: 60 %(u)s, horizon: 1200 %(u)s, seed: 4}
    """


def counts(ledger: Ledger) -> object:
    """All that is counted, times apart."""
    rows = ledger.stations.values()
    flow = ledger.flow
    return (
        [(row.done, row.scrapped, [stop.times for stop in row.stops]) for row in rows],
        (flow.inside_start, flow.entered, flow.good, flow.scrapped, flow.inside_end),
        [row.taken for row in ledger.places.values()],
    )


def test_constant_times_stretch_exactly() -> None:
    text = """
        flow: [a -> m -> b -> n -> out]
        sources: {a: {every: 3 %(u)s, lot: 2, yard: 4}}
        buffers: {b: {capacity: 2}}
        stations:
          m: {machines: 2, cycle: 5 %(u)s, breakdowns: {f: {mtbf: {constant: 11 %(u)s}, mttr: {constant: 4 %(u)s}}}}
          n: {cycle: 2 %(u)s, by: x, calendar: d}
        calendars: {d: {cycle: 30 %(u)s, open: [0 %(u)s-21 %(u)s]}}
        operators: {x: {}}
        sinks: {out: {}}
        run: {warm_up: 20 %(u)s, horizon: 500 %(u)s}
        """
    one, other = Story(text % {"u": "s"}), Story(text % {"u": "min"})
    assert counts(one.ledger) == counts(other.ledger)
    assert [(60 * line[0], *line[1:]) for line in one.trace] == other.trace
    for name in ("m", "n"):
        states = (story.ledger.stations[story.plan.index(name)].states for story in (one, other))
        assert [tuple(60 * time for time in machine) for machine in next(states)] == list(next(states))


def test_random_times_stretch_as_one() -> None:
    one, other = Story(RANDOM % {"u": "s"}), Story(RANDOM % {"u": "min"})
    assert counts(one.ledger) == counts(other.ledger)
    # Draws are rounded to whole microseconds once, so times agree to that.
    assert other.ledger.flow.wip == pytest.approx(60 * one.ledger.flow.wip, rel=1e-6)


def test_an_idle_element_changes_no_draw_of_the_others() -> None:
    one = Story(RANDOM % {"u": "s"})
    idle = "idle: {cycle: {exponential: 1 s}, quality: {scrap: 50 %}}"
    more = (RANDOM % {"u": "s"}).replace("n: {cycle", f"{idle}\n      n: {{cycle")
    more = more.replace("c -> n -> out]", "c -> n -> out, never -> idle -> out]")
    other = Story(more.replace("sources: {", "sources: {never: {orders: [{at: 9000 d, product: A}]}, "))
    names = ["m", "n"]
    assert [one.ledger.stations[one.plan.index(n)] for n in names] == [
        other.ledger.stations[other.plan.index(n)] for n in names
    ]
    assert one.ledger.flow == other.ledger.flow
    assert [line for line in other.trace if line[1] != "idle"] == one.trace


def test_one_machine_more_moves_no_draw_of_the_first() -> None:
    text = """
        flow: [a -> m -> out]
        sources: {a: {arrivals: saturated}}
        stations: {m: {machines: %d, cycle: {exponential: 5 s}, breakdowns: {f: {mtbf: 40 s, mttr: 8 s}}}}
        sinks: {out: {}}
        run: {horizon: 2000 s}
        """
    two, three = Story(text % 2), Story(text % 3)
    states = [story.ledger.stations[story.plan.index("m")].states for story in (two, three)]
    assert states[0] == states[1][:2]
    assert len({*states[1]}) == 3


def test_stream_as_keeps_the_draws_of_a_renamed_element() -> None:
    one = Story(RANDOM % {"u": "s"})
    text = (RANDOM % {"u": "s"}).replace("-> m ->", "-> press ->").replace("  m:\n", "  press:\n        stream_as: m\n")
    other, without = Story(text), Story(text.replace("stream_as: m\n", "priority: 0\n"))
    assert list(one.ledger.stations.values()) == list(other.ledger.stations.values())
    assert list(one.ledger.stations.values()) != list(without.ledger.stations.values())


def test_twice_the_horizon_begins_with_the_first_half() -> None:
    text = RANDOM % {"u": "s"}
    one, other = Story(text), Story(text.replace("horizon: 1200 s", "horizon: 2400 s"))
    begun = {line for line in one.trace if line[3] in ("in", "out")}
    assert begun == {line for line in other.trace if line[3] in ("in", "out") and line[0] <= 1260e6}
    assert all(early[0] <= late[0] for early, late in pairwise(other.trace))


def test_replications_and_seeds_differ_and_come_back() -> None:
    plan = plan_of(RANDOM % {"u": "s"})
    first, second = simulate(plan, 0), simulate(plan, 1)
    assert first != second
    assert first == simulate(plan, 0)
    assert simulate(plan.with_run(seed=5), 0).flow != first.flow


def test_the_trace_changes_nothing() -> None:
    plan = plan_of(RANDOM % {"u": "s"})
    assert simulate(plan, 0) == simulate(plan, 0, [])
