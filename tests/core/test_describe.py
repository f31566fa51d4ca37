"""The plan as text: words for codes, and nothing that is not set."""

from __future__ import annotations

import re

import twin.element  # noqa: F401  (registers every kind and law)
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.text import parse
from twin.core.unit import show


def told(text: str) -> dict[str, list[str]]:
    """The lines of each block by its first line."""
    plan = compile_plan(from_document(parse(f"twin: 1\nplant: Told\n{text}".encode(), "plant.yaml")))
    blocks = [block.splitlines() for block in plan.describe().split("\n\n")]
    return {block[0]: [line.strip() for line in block[1:]] for block in blocks}


CARE = """
start: 2027-01-04 06:00
calendar: two
flow: [raw -> lathe -> done]
sources: {raw: {every: 10 min}}
stations:
  lathe:
    cycle: 1 min
    by: fitter
    breakdowns: {spindle: {mtbf: 310 h, mttr: 2 h, part: scrap, renews: [oil]}}
    maintenance:
      oil: {every: 8 h, lasts: 30 min, renews: [spindle]}
      tool: {every: 100 cycles, lasts: 5 min, counts_as: setup}
      audit: {on: [fri 20:00], lasts: 1 h}
    start_up: {lasts: 15 min}
    quality: {scrap: 2 %, rework: {share: 4 %, to: lathe, at_most: 1}}
    queue: {}
    power: {working: 14 kW, idle: 4 kW, down: 1 kW, switch_off: {after: 5 min, power: 0.5 kW}}
operators: {fitter: {count: 2}}
calendars:
  two: {week: {mon-thu: [06:00-22:00], fri: [06:00-14:00]}, breaks: [12:00-12:30], closed: [2027-01-06]}
sinks: {done: {}}
run: {warm_up: 1 h, horizon: 170 min}
"""


def test_codes_are_words() -> None:
    lathe = told(CARE)["station lathe"]
    for line in (
        "part scrap", "renews oil", "renews spindle", "counts_as setup", "on fri 20:00", "after closed hours",
        "scrap 2 %", "rework 4 % to lathe, at most once", "up exponential mean 310 h cv 1", "by fitter × 1",
        "power electricity: working 14 kW; repair, waiting_repair, micro_stop 1 kW; off 0 kW; otherwise 4 kW; "
        "switched off: blocked 0.5 kW, starved 0.5 kW",
    ):  # fmt: skip
        assert line in lathe


def test_what_is_not_set_is_left_out() -> None:
    blocks = told(CARE)
    lines = [line for block in blocks.values() for line in block]
    assert not [line for line in lines if line.endswith(" -") or re.search(r" (0|no|never|unlimited)$", line)]
    source = ["place raw: unlimited, fifo, raw -> lathe", "mode every", "every 10 min", "ways_to lathe"]
    assert blocks["source raw"] == source
    assert blocks["operators fitter"] == ["count 2", "calendar two", "at_end finish"]
    assert "ideal 1 min" not in lines


def test_a_week_is_told_by_its_days() -> None:
    assert told(CARE)["calendar two"] == [
        "mon-thu 06:00 open, 12:00 break, 12:30 open, 22:00 closed",
        "fri 06:00 open, 12:00 break, 12:30 open, 14:00 closed",
        "closed 2027-01-06 00:00 to 2027-01-07 00:00",
    ]


def test_a_cycle_is_told_from_its_start() -> None:
    text = """
flow: [raw -> saw -> done]
calendar: four
sources: {raw: {every: 1 h}}
stations: {saw: {cycle: 1 min}}
calendars: {four: {cycle: 4 d, open: [0 h-12 h]}}
sinks: {done: {good: false}}
run: {horizon: 4 d}
"""
    blocks = told(text)
    assert blocks["calendar four"] == ["every 4 d: from 0 s open, from 12 h closed"]
    assert "good no: what leaves here is waste" in blocks["sink done"]


PRODUCTS = """
products: {red: {family: dark}, blue: {family: dark}, white: {family: light, due: 8 h}}
flow: [parts -> shelf -> paint -> a -> out, paint -> b -> out]
sources: {parts: {every: 5 min, products: {red: 60 %, white: 40 %}}}
stations:
  paint:
    cycle: {red: 1 min, other: 2 min}
    setup: {matrix: {dark: {light: 10 min}, light: {dark: 4 min}}}
    send: {a: 70 %, b: 30 %}
  a: {cycle: 2 min}
  b: {cycle: {red: 2 min, other: 2 min}}
buffers: {shelf: {capacity: 9, holds: {red: 3, white: 1}}}
sinks: {out: {}}
run: {horizon: 4 d}
"""


def test_values_by_product_are_told_by_product_and_equal_ones_once() -> None:
    blocks = told(PRODUCTS)
    assert "cycle red 1 min, blue 2 min, white 2 min" in blocks["station paint"]
    assert "cycle 2 min" in blocks["station b"]
    assert "mix red 60 %, white 40 %" in blocks["source parts"]
    assert "send a 70 %, b 30 %" in blocks["station paint"]
    assert "holds red × 3, white" in blocks["buffer shelf"]


def test_set_ups_are_told_by_their_changes() -> None:
    lines = told(PRODUCTS)["station paint"]
    assert "red, blue -> white: 10 min" in lines
    assert "white -> red, blue: 4 min" in lines
    assert not [line for line in lines if line.startswith(("groups", "times", "changes"))]


def test_ways_of_vehicles_are_arrows_with_metres() -> None:
    text = """
flow: [raw -> saw -> rack -> mill -> done]
sources: {raw: {arrivals: saturated}}
stations: {saw: {cycle: 60 s}, mill: {cycle: 50 s, queue: {capacity: 8}}}
buffers: {rack: {capacity: 8, at: [0, 2.5]}}
vehicles: {tug: {speed: 3.6 km/h, serves: [rack -> mill], distances: {rack: {mill: 120 m}}, battery: {lasts: 2 h, charge: 10 min}}}
sinks: {done: {}}
run: {warm_up: 2 h, horizon: 20 h}
"""  # noqa: E501
    blocks = told(text)
    tug = blocks["vehicles tug"]
    assert "ways rack -> mill" in tug
    assert "speed 1 m/s" in tug
    assert "legs rack -> mill 120 m, mill -> rack 120 m" in tug
    assert "at rack" in tug
    assert "at [0, 2.5] m" in blocks["buffer rack"]


def test_a_time_is_shown_in_a_unit_that_says_it_all() -> None:
    shown = {310 * 3600: "310 h", 170 * 60: "170 min", 48 * 3600: "2 d", 5400: "90 min", 417600: "116 h"}
    assert {seconds: show(seconds, "time") for seconds in shown} == shown
    assert show(1234567.891, "time") == "14.289 d"
