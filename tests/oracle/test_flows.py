"""Networks: rework and scrap, merges and splits, operators."""

from __future__ import annotations

from . import facts
from .controls import arrivals, cycles, judged_parts
from .plants import (
    View,
    blocked,
    busy,
    content,
    exponential,
    flow_out,
    line,
    mean,
    per_time,
    plant,
    throughput,
    total,
    waiting_operator,
    wip,
    working,
)
from .study import Quantity, Study, headline, judged

WARM_UP, SHORT = 1_000, 300
"""Warm-up of the network with open queues, and of lines whose few places fill at once."""


def time_of_a_started_job(view: View) -> float:
    """Mean time in the plant of all that entered, scrapped or not (Little)."""
    return view.ledger.flow.wip / view.ledger.flow.entered / view.unit


def _at(number: int) -> list[Quantity]:
    name = f"m{number}"
    return [
        Quantity(f"arrival_rate_{number}", "mean", per_time(name, "done")),
        Quantity(f"util_{number}", "share", working(name)),
        Quantity(f"L_{number}", "mean", total(content(name), working(name))),
    ]


def _jackson() -> Study:
    """Parts leave the second station for the first (15 %), for scrap (5 %) or for the third."""
    given = facts.params("JACKSON-1")
    back, on = given["P"][1][0], given["P"][1][2]
    quality = f"quality: {{scrap: {100 * (1 - back - on):.10g} %, rework: {{share: {100 * back:.10g} %, to: m1}}}}"
    extras = [["queue: {}"], ["queue: {}", quality], ["queue: {}"]]
    source = f"{{every: {exponential(1 / given['ext'][0])}}}"
    quantities = (
        headline("W_per_started_job", "time", time_of_a_started_job),
        *(quantity for number in (1, 2, 3) for quantity in _at(number)),
        Quantity("L", "mean", wip),
        headline("good_output", "throughput", throughput),
    )
    text = line([exponential(1 / rate) for rate in given["mu"]], [], extras, source)
    worked = (cycles(f"m{n}", 1 / rate) for n, rate in enumerate(given["mu"], 1))
    controls = (arrivals(given["ext"][0]), *worked, *_judged(1 - back - on, back))
    return Study("JACKSON-1", text, quantities, 28_000, 145_000, WARM_UP, controls=controls)


def _judged(scrap: float, back: float) -> tuple[Quantity, ...]:
    return judged_parts("m2", "scrapped", scrap), judged_parts("m2", "reworked", back)


def _quality() -> Study:
    """Station 1 scraps 5 %; station 2 repeats 10 % at once. n: parts past station 1, the blocked one included."""
    given = facts.params("QUALITY-1")
    scrap, again = f"quality: {{scrap: {100 * (1 - given['y']):.10g} %}}", f"quality: {{repeat: {100 * given['q']} %}}"
    text = line([exponential(1 / rate) for rate in given["rates"]], [given["buffer"]], [[scrap], [again]])
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("scrap_rate", "mean", per_time("m1", "scrapped")),
        Quantity("rework_rate", "mean", per_time("m2", "repeated")),
        Quantity("n_mean", "mean", total(content("b1"), working("m2"), blocked("m1"))),
        Quantity("blocked_1", "share", blocked("m1")),
    )
    controls = (*(cycles(f"m{n}", 1 / rate) for n, rate in enumerate(given["rates"], 1)),)
    return Study("QUALITY-1", text, quantities, 2_000, 6_600, SHORT, controls=controls)


def _merge() -> Study:
    given = facts.params("MERGE-P")
    stations = {f"m{n}": f"{{cycle: {exponential(1 / rate)}}}" for n, rate in enumerate(given["rates"], 1)}
    stations["last"] = f"{{cycle: {exponential(1 / given['mu'])}, prefer: [b1, b2]}}"
    text = plant(
        ["raw1 -> m1 -> b1 -> last -> out", "raw2 -> m2 -> b2 -> last"],
        sources={"raw1": "{arrivals: saturated}", "raw2": "{arrivals: saturated}"},
        stations=stations,
        buffers={f"b{n}": f"{{capacity: {size}}}" for n, size in enumerate(given["buffers"], 1)},
        sinks={"out": "{}"},
    )
    quantities = (headline("throughput", "throughput", throughput), *_branch(1, True), *_branch(2, True))
    feeders = (cycles(f"m{n}", 1 / rate) for n, rate in enumerate(given["rates"], 1))
    controls = (*feeders, cycles("last", 1 / given["mu"]))
    return Study("MERGE-P", text, quantities, 2_600, 4_200, SHORT, controls=controls)


def _branch(number: int, merges: bool) -> list[Quantity]:
    flow = Quantity(f"throughput_{number}", "mean", flow_out(f"b{number}"))
    if not merges:
        return [flow]
    return [
        flow,
        Quantity(f"blocked_{number}", "share", blocked(f"m{number}")),
        Quantity(f"buffer_mean_{number}", "mean", content(f"b{number}")),
    ]


def _split() -> Study:
    given = facts.params("SPLIT-P")
    stations = {"first": f"{{cycle: {exponential(1 / given['rate'])}, send: first_free}}"}
    stations |= {f"m{n}": f"{{cycle: {exponential(1 / rate)}}}" for n, rate in enumerate(given["rates"], 1)}
    text = plant(
        ["raw -> first -> b1 -> m1 -> out", "first -> b2 -> m2 -> out"],
        sources={"raw": "{arrivals: saturated}"},
        stations=stations,
        buffers={f"b{n}": f"{{capacity: {size}}}" for n, size in enumerate(given["buffers"], 1)},
        sinks={"out": "{}"},
    )
    block = Quantity("blocked", "share", blocked("first"))
    quantities = (headline("throughput", "throughput", throughput), *_branch(1, False), *_branch(2, False), block)
    controls = (cycles("first", 1 / given["rate"]), *(cycles(f"m{n}", 1 / r) for n, r in enumerate(given["rates"], 1)))
    return Study("SPLIT-P", text, quantities, 1_200, 4_200, SHORT, controls=controls)


def _loading() -> Study:
    """Loading needs the operator, the automatic run does not; both are work of the machine."""
    given = facts.params("OP-LOAD-4")
    load = f"load: {{time: {exponential(float(given['load']))}, by: operator}}"
    extras = [[f"machines: {given['machines']}", load]]
    text = line([exponential(float(given["auto"]))], [], extras, operators={"operator": "{count: 1}"})
    running = facts.answers("OP-LOAD-4")["machine_running"]
    loading = facts.answers("OP-LOAD-4")["operator_util"] / given["machines"]
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("operator_util", "share", busy("operator")),
        Quantity("working", "share", working("m1"), exact=running + loading),
        Quantity("wait_for_operator", "share", waiting_operator("m1")),
    )
    controls = (cycles("m1", given["load"] + given["auto"]),)
    return Study("OP-LOAD-4", text, quantities, 9_800, 10_500, SHORT, controls=controls)


def _two_lines() -> Study:
    """One operator for the first machine of both lines, free as soon as its work ends."""
    given = facts.params("OP-2LINES")
    first, second = exponential(1 / given["r1"]), exponential(1 / given["r2"])
    text = plant(
        ["raw1 -> a1 -> ab -> a2 -> out", "raw2 -> c1 -> cd -> c2 -> out"],
        sources={"raw1": "{arrivals: saturated}", "raw2": "{arrivals: saturated}"},
        stations=dict.fromkeys(("a1", "c1"), f"{{cycle: {first}, by: operator}}")
        | dict.fromkeys(("a2", "c2"), f"{{cycle: {second}}}"),
        buffers=dict.fromkeys(("ab", "cd"), f"{{capacity: {given['buffer']}}}"),
        operators={"operator": "{count: 1}"},
        sinks={"out": "{}"},
    )
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("operator_busy", "share", busy("operator")),
        Quantity("blocked", "share", mean(blocked("a1"), blocked("c1"))),
        Quantity("wait_operator", "share", mean(waiting_operator("a1"), waiting_operator("c1"))),
    )
    stations = (("a1", "r1"), ("c1", "r1"), ("a2", "r2"), ("c2", "r2"))
    controls = tuple(cycles(name, 1 / given[rate]) for name, rate in stations)
    return Study("OP-2LINES", text, quantities, 1_000, 2_800, SHORT, controls=controls)


STUDIES = (_jackson(), _quality(), _merge(), _split(), _loading(), _two_lines())

test_short, test_long = judged(STUDIES)
