"""How fast parts come to a station is followed through splits and returns; beside the theory of flows."""

from __future__ import annotations

import re

import pytest

import twin.element  # noqa: F401  (registers the kinds)
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.text import parse

HEAD = "twin: 1\nplant: Flows\nrun: {warm_up: 1 h, horizon: 1 d}\nsources: {raw: {every: 60 s}}\nsinks: {out: {}}\n"
LINE = "flow: [raw -> a -> b -> out]\nstations:\n"
FORK = "flow: [raw -> a, a -> b -> out, a -> c -> out]\nstations:\n"
LOADS = {
    "parts sent back once: 1 + 20 %": (LINE + """
  a: {cycle: 60 s, queue: {}}
  b: {cycle: 5 s, quality: {rework: {share: 20 %, to: a, at_most: 1}}}
""", 1.2),
    "parts sent back for ever: 1 / (1 - 20 %)": (LINE + """
  a: {cycle: 60 s, queue: {}}
  b: {cycle: 5 s, quality: {rework: {share: 20 %, to: a}}}
""", 1.25),
    "a cycle that is repeated: 1 / (1 - 25 %)": (LINE + """
  a: {cycle: 60 s, quality: {repeat: 25 %}}
  b: {cycle: 5 s}
""", 4 / 3),
    "scrap before a return: 1 / (1 - 90 % × 30 %)": (LINE + """
  a: {cycle: 60 s, queue: {}, quality: {scrap: 10 %}}
  b: {cycle: 5 s, quality: {rework: {share: 30 %, to: a}}}
""", 1 / (1 - 0.9 * 0.3)),
    "a share of the parts": (FORK + """
  a: {cycle: 5 s, send: {b: 75 %, c: 25 %}}
  b: {cycle: 100 s}
  c: {cycle: 100 s}
""", 1.25),
    "by turns": (FORK + """
  a: {cycle: 5 s, send: round_robin}
  b: {cycle: 20 s}
  c: {cycle: 150 s}
""", 1.25),
    "whoever is free: not known, so nothing is said": (FORK + """
  a: {cycle: 5 s, send: first_free}
  b: {cycle: 500 s}
  c: {cycle: 500 s}
""", None),
}  # fmt: skip


@pytest.mark.parametrize("name", LOADS)
def test_how_many_times_too_fast(name: str) -> None:
    text, wanted = LOADS[name]
    layout = from_document(parse((HEAD + text).encode(), "flows.yaml"))
    compile_plan(layout)
    told = [re.search(r"come ([0-9.]+) times", problem.text) for problem in layout.document.problems]
    found = [match[1] for match in told if match]
    assert found == ([] if wanted is None else [f"{wanted:.3g}"])


def test_a_product_takes_its_way_alone() -> None:
    text = (
        HEAD.replace("{every: 60 s}", "{every: 60 s, products: {A: 30 %, B: 70 %}}")
        + FORK
        + """
  a: {cycle: 5 s, send: {by_product: {A: b, B: c}}}
  b: {cycle: 190 s}
  c: {cycle: 90 s}
products: {A: {}, B: {}}
"""
    )
    layout = from_document(parse(text.encode(), "flows.yaml"))
    compile_plan(layout)
    told = [problem.text for problem in layout.document.problems]
    assert len(told) == 1
    assert "come 1.05 times as fast as 'c'" in told[0]


def test_sources_whose_jobs_meet_count_together() -> None:
    """Each brings 70 % of what the station can do: the second is one too many."""
    text = """
twin: 1
plant: Two kinds of jobs
run: {warm_up: 1 h, horizon: 1 d}
sources: {first: {every: 100 s, products: {A: 100 %}}, second: {every: 100 s, products: {B: 100 %}}}
stations: {m: {queue: {}}}
products: {A: {from: first, route: [{m: 70 s}]}, B: {from: second, route: [{m: 70 s}]}}
sinks: {out: {}}
"""
    layout = from_document(parse(text.encode(), "jobs.yaml"))
    compile_plan(layout)
    told = [problem.path for problem in layout.document.problems if "come 1.4 times as fast as 'm'" in problem.text]
    assert told == ["sources.second"]
