"""Deterministic plants whose every event can be counted by hand: equal to the microsecond."""

from __future__ import annotations

from typing import Any

import pytest

from twin.core.ledger import BLOCKED, BREAK, REPAIR, WORKING

from . import facts
from .facts import JOB_SHOPS
from .plants import MINUTE, View, body, line, plan_of, plant, trace_of, working

Trace = list[tuple[float, str, int, str, Any]]
DAY_START = "start: 2027-01-04 06:00\n"


def exits(trace: Trace, sink: str = "out") -> list[float]:
    """When parts came into a sink, minutes."""
    return sorted(row[0] for row in trace if row[1] == sink and row[3] == "in")


def starts(trace: Trace, station: str) -> list[float]:
    """When a station began to work on each part, minutes; going on after a stop is no start."""
    first: dict[Any, float] = {}
    for time, name, _, state, part in trace:
        if name == station and state == "working":
            first.setdefault(part, time)
    return sorted(first.values())


def _blocked(view: View, station: str) -> float:
    return sum(machine[BLOCKED] for machine in view.station(station).states) / view.unit


def check_line(case: str, text: str) -> None:
    """A line of three stations: starts, exits, blocked times, flow times."""
    plan, expected = plan_of(text), facts.answers(case)
    ledger, trace = trace_of(plan)
    view = View(plan, ledger)
    assert [starts(trace, f"m{n}") for n in (1, 2, 3)] == expected["starts"]
    assert exits(trace) == expected["exit_times"]
    assert [_blocked(view, f"m{n}") for n in (1, 2, 3)] == [expected[f"blocked_time_{n}"] for n in (1, 2, 3)]
    assert sum(row.total for row in ledger.products) / MINUTE == expected["sum_flow_time"]
    assert ledger.makespan == expected["makespan"] * MINUTE


def _limited(case: str, extras: Any = (), **sections: Any) -> str:
    given = facts.params(case)
    source = f"{{arrivals: saturated, limit: {given['parts']}}}"
    return line([f"{time} min" for time in given["times"]], given["buffers"], extras, source, **sections)


def d_line_1() -> None:
    """Blocking after service, buffers that do not count the part in the machine."""
    check_line("D-LINE-1", _limited("D-LINE-1"))


def d_line_mix() -> None:
    """Two products in turn, each with its times."""
    given = facts.params("D-LINE-MIX")
    cycles = [f"{{A: {row[0]} min, B: {row[1]} min}}" for row in given["times"]]
    source = f"{{arrivals: saturated, sequence: [A, B], limit: {len(given['times'][0])}}}"
    check_line("D-LINE-MIX", line(cycles, given["buffers"], (), source, products={"A": "{}", "B": "{}"}))


def d_stop_1() -> None:
    """Station 2 is closed twice; the part it works on resumes."""
    (first, again), (second, last) = facts.params("D-STOP-1")["stops"]["2"]
    opening = f"open: [0 min-{first} min, {again} min-{second} min, {last} min-10 d]"
    extras = [[], ["calendar: stops"], []]
    check_line("D-STOP-1", _limited("D-STOP-1", extras, calendars={"stops": f"{{cycle: 10 d, {opening}}}"}))


def d_shift_1() -> None:
    """A shift with three breaks: work stops at once and goes on after."""
    given, expected = facts.params("D-SHIFT-1"), facts.answers("D-SHIFT-1")
    breaks = ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in given["breaks"])
    shift = body(f"week: {{mon-sun: [{_clock(0)}-{_clock(given['shift'])}]}}", f"breaks: [{breaks}]")
    text = line([f"{given['cycle']} min"], [], [["calendar: shift"]], calendars={"shift": shift}) + DAY_START
    ledger, trace = trace_of(plan_of(text).with_run(horizon=given["shift"] * MINUTE))
    assert exits(trace) == expected["end_times"]
    assert ledger.flow.good == expected["parts"]
    assert exits(trace)[-1] == expected["last_end"]


def _clock(minutes: int) -> str:
    return f"{6 + minutes // 60:02}:{minutes % 60:02}"


def d_oper_1() -> None:
    """One operator walks round three machines, a minute's walk apart; the run after loading needs nobody."""
    given, expected = facts.params("D-OPER-1"), facts.answers("D-OPER-1")["loads_end"]
    numbers = range(1, given["machines"] + 1)
    corners = ("[0, 0]", "[60, 0]", "[30, 51.961524227066]")
    load = f"load: {{time: {given['load']} min, by: operator}}"
    text = plant(
        [f"raw{n} -> m{n} -> out{n}" for n in numbers],
        sources={f"raw{n}": f"{{arrivals: saturated, limit: {len(expected) // 3}}}" for n in numbers},
        stations={f"m{n}": body(load, f"cycle: {given['auto']} min", f"at: {corners[n - 1]}") for n in numbers},
        operators={"operator": "{count: 1, tour: [m1, m2, m3], walking: 1 m/s}"},
        sinks={f"out{n}": "{}" for n in numbers},
    )
    _, trace = trace_of(plan_of(text))
    ends = {n: [end + given["auto"] for _, machine, end in expected if machine == n] for n in numbers}
    assert {n: exits(trace, f"out{n}") for n in numbers} == ends


def d_par_1() -> None:
    """Two unequal machines on one queue: the first free one takes, the first declared one when both are."""
    given, expected = facts.params("D-PAR-1"), facts.answers("D-PAR-1")
    text = plant(
        ["raw -> line -> m1 -> out", "line -> m2 -> out"],
        sources={"raw": f"{{arrivals: saturated, limit: {given['jobs']}}}"},
        stations={f"m{n}": f"{{cycle: {time} min}}" for n, time in enumerate(given["times"], 1)},
        buffers={"line": "{capacity: unlimited}"},
        sinks={"out": "{}"},
    )
    ledger, trace = trace_of(plan_of(text))
    for number in (1, 2):
        assert starts(trace, f"m{number}") == [start for _, machine, start, _ in expected["log"] if machine == number]
    assert exits(trace) == sorted(end for *_, end in expected["log"])
    assert ledger.makespan == expected["makespan"] * MINUTE


def d_johnson() -> None:
    """A flow shop of two machines in Johnson's order, and in the order of the jobs' numbers."""
    expected = facts.answers("D-JOHNSON")
    assert _flow_shop(expected["sequence"]) == expected["makespan"]
    assert _flow_shop(sorted(expected["sequence"])) == expected["makespan_in_order"]


def _flow_shop(order: list[int]) -> float:
    given = facts.params("D-JOHNSON")
    cycles = [body(*(f"J{n}: {time} min" for n, time in enumerate(given[key], 1))) for key in ("a", "b")]
    source = f"{{arrivals: saturated, sequence: [{', '.join(f'J{n}' for n in order)}], limit: {len(order)}}}"
    text = plant(
        ["raw -> m1 -> between -> m2 -> out"],
        sources={"raw": source},
        stations={f"m{n}": f"{{cycle: {cycle}}}" for n, cycle in enumerate(cycles, 1)},
        buffers={"between": "{capacity: unlimited}"},
        sinks={"out": "{}"},
        products={f"J{n}": "{}" for n in sorted(order)},
    )
    ledger, _ = trace_of(plan_of(text))
    assert ledger.makespan is not None
    return ledger.makespan / MINUTE


def oee_1() -> None:
    """A shift that holds exactly these times and parts; the shares follow from its ledger.

    One stop of 47 min after 200 min of work; 270 cycles of 1.43 min and one of 1.9 min fill the 388 min left.
    """
    given, expected = facts.params("OEE-1"), facts.answers("OEE-1")
    assert pytest.approx(given["opening"] - given["planned_stops"] - given["stops"]) == 270 * 1.43 + 1.9
    plan = plan_of(_shift_of_oee(given))
    view = View(plan, trace_of(plan)[0])
    row, held = view.station("m1"), view.share("m1", BREAK, REPAIR)
    required = 1 - view.share("m1", BREAK)
    assert working("m1")(view) == pytest.approx(1 - held, rel=1e-12)
    shares = (working("m1")(view) / required, row.net / row.states[0][WORKING], row.useful / row.net)
    assert shares == pytest.approx([expected[key] for key in ("availability", "performance", "quality")], rel=1e-9)
    assert row.useful / (required * view.ledger.window) == pytest.approx(expected["oee"], rel=1e-9)


def _shift_of_oee(given: dict[str, Any]) -> str:
    bad = given["total"] - given["good"]
    orders = [("good", given["good"]), ("bad", bad - 1), ("last", 1)]
    lots = ", ".join(f"{{product: {name}, quantity: {n}, at: 0 min}}" for name, n in orders)
    station = body(
        "queue: {}",
        "cycle: {last: 1.9 min, other: 1.43 min}",
        f"ideal_cycle: {given['ideal']} min",
        "quality: {scrap: {good: 0 %, other: 100 %}}",
        f"breakdowns: {{stop: {{mtbf: {{constant: 200 min}}, mttr: {{constant: {given['stops']} min}}}}}}",
        "calendar: shift",
    )
    planned = f"09:00-09:{given['planned_stops']}"
    text = plant(
        ["orders -> m1 -> out"],
        sources={"orders": f"{{orders: [{lots}]}}"},
        stations={"m1": station},
        sinks={"out": "{}"},
        calendars={"shift": f"{{week: {{mon-sun: [06:00-14:00]}}, breaks: [{planned}]}}"},
        products={name: "{}" for name, _ in orders},
    )
    return f"{text}{DAY_START}run: {{horizon: {given['opening']} min}}\n"


def _job_shop(instance: str, rule: str) -> float:
    jobs = JOB_SHOPS[instance]
    machines = sorted({machine for job in jobs for machine, _ in job})
    orders = ", ".join(f"{{product: J{n}, quantity: 1, at: 0 min}}" for n in range(1, len(jobs) + 1))
    routes = {n: ", ".join(f"{{m{machine + 1}: {time} min}}" for machine, time in job) for n, job in enumerate(jobs, 1)}
    text = plant(
        [],
        sources={"jobs": f"{{orders: [{orders}]}}"},
        stations={f"m{machine + 1}": f"{{queue: {{rule: {rule.lower()}}}}}" for machine in machines},
        sinks={"out": "{}"},
        products={f"J{n}": f"{{route: [{route}]}}" for n, route in routes.items()},
    )
    ledger, _ = trace_of(plan_of(text))
    assert ledger.makespan is not None
    return ledger.makespan / MINUTE


def check_rules(case: str) -> None:
    """The makespan of a job shop under every rule; a trap that fits is named."""
    given, expected = facts.params(case), facts.answers(case)
    found = {rule: _job_shop(given["instance"], rule) for rule in given["rules"]}
    fallen = [name for name, values in facts.CASES[case]["traps"].items() if values == found]
    assert found == {rule: expected[rule] for rule in given["rules"]}, f"traps that fit: {fallen}"


SCHEDULES = {
    "D-LINE-1": d_line_1,
    "D-LINE-MIX": d_line_mix,
    "D-STOP-1": d_stop_1,
    "D-SHIFT-1": d_shift_1,
    "D-OPER-1": d_oper_1,
    "D-PAR-1": d_par_1,
    "D-JOHNSON": d_johnson,
    "OEE-1": oee_1,
    "JS-FT06": lambda: check_rules("JS-FT06"),
    "JS-LA01": lambda: check_rules("JS-LA01"),
}
"""What checks each case."""


@pytest.mark.parametrize("case", SCHEDULES)
def test_equal(case: str) -> None:
    SCHEDULES[case]()
