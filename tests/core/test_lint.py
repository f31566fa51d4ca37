"""Whole-plant checks say nothing of plants that can work; what they say of others is in ``tests/errors``."""

from __future__ import annotations

import pytest

import twin.element  # noqa: F401  (registers the kinds)
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.problem import PlantError
from twin.core.text import parse

HEAD = "twin: 1\nplant: Sound\nrun: {warm_up: 1 h, horizon: 1 d}\n"
SOUND = {
    "a source exactly as fast as its station": """
flow: [in -> a -> out]
sources: {in: {every: 10 s}}
stations: {a: {cycle: 10 s}}
sinks: {out: {}}
""",
    "a fast source before many machines": """
flow: [in -> a -> out]
sources: {in: {every: 10 s, lot: 2}}
stations: {a: {cycle: 19 s, machines: 4}}
sinks: {out: {}}
""",
    "a fast source whose parts are scrapped before the slow station": """
flow: [in -> a -> b -> out]
sources: {in: {every: 10 s}}
stations: {a: {cycle: 5 s, quality: {scrap: 60 %}}, b: {cycle: 20 s}}
sinks: {out: {}}
""",
    "two sources whose parts go into one kit": """
flow: [in -> kit -> out, lids -> kit]
sources: {in: {every: 60 s}, lids: {every: 30 s}}
stations: {kit: {takes: {in: 1, lids: 2}, cycle: 40 s}}
sinks: {out: {}}
""",
    "an oven that is slow and large": """
flow: [in -> oven -> out]
sources: {in: {every: 60 s}}
stations: {oven: {queue: {}, batch: {size: 6}, cycle: 300 s}}
sinks: {out: {}}
""",
    "a fast source whose parts become another product": """
flow: [in -> a -> b -> out]
sources: {in: {every: 10 s, products: {raw: 100 %}}}
stations: {a: {cycle: 5 s, makes: bar}, b: {cycle: {raw: 20 s, bar: 9 s}}}
products: {raw: {}, bar: {}}
sinks: {out: {}}
""",
    "orders that are taken apart and joined again": """
flow: [in -> a -> p -> kit -> out, a -> q -> kit]
sources: {in: {every: 60 s}}
stations: {a: {cycle: 5 s, gives: {p: 1, q: 2}}, kit: {takes: {p: 1, q: 2}, match: order, cycle: 30 s}}
buffers: {p: {capacity: 3}, q: {capacity: 4}}
sinks: {out: {}}
""",
    "a fast source that balks": """
flow: [in -> a -> out]
sources: {in: {every: 10 s, balk: true}}
stations: {a: {cycle: 20 s}}
sinks: {out: {}}
""",
    "a closed loop that holds its parts": """
flow: [a -> rack -> a]
stations: {a: {cycle: 10 s}}
buffers: {rack: {capacity: 5, holds: 3}}
""",
    "a loop with an exit": """
flow: [in -> rack -> a -> rack, a -> out]
sources: {in: {every: 100 s}}
stations: {a: {cycle: 10 s, send: {rack: 10 %, out: 90 %}}}
buffers: {rack: {capacity: unlimited}}
sinks: {out: {}}
""",
    "rework that is limited": """
flow: [in -> a -> out]
sources: {in: {every: 100 s}}
stations: {a: {cycle: 10 s, queue: {}, quality: {rework: {share: 100 %, to: a, at_most: 2}}}}
sinks: {out: {}}
""",
    "a repair bench that only rework leads to": """
flow: [in -> rack -> a -> out, bench -> rack]
sources: {in: {every: 100 s}}
stations:
  a: {cycle: 10 s, quality: {rework: {share: 5 %, to: bench}}}
  bench: {cycle: 60 s, queue: {}}
buffers: {rack: {capacity: 5}}
sinks: {out: {}}
""",
    "a repair bench that sends on": """
flow: [in -> a -> out, bench -> last -> out]
sources: {in: {every: 100 s}}
stations:
  a: {cycle: 10 s, quality: {rework: {share: 5 %, to: bench}}}
  bench: {cycle: 60 s, queue: {}}
  last: {cycle: 10 s}
sinks: {out: {}}
""",
    "a last start just shorter than the longest opening": """
flow: [in -> a -> out]
sources: {in: {every: 100 s}}
stations: {a: {cycle: 10 s, last_start: 239 min, calendar: short}}
calendars: {short: {cycle: 12 h, open: [0 h-2 h, 6 h-10 h], breaks: [8 h-9 h]}}
sinks: {out: {}}
""",
    "a last start beside a calendar that has breaks alone": """
flow: [in -> a -> out]
sources: {in: {every: 100 s}}
stations: {a: {cycle: 10 s, last_start: 9 h, calendar: pauses}}
calendars: {pauses: {cycle: 8 h, open: [0 h-8 h], breaks: [4 h-5 h]}}
sinks: {out: {}}
""",
    "a cycle longer than every opening, which goes on at the next": """
flow: [in -> a -> out]
sources: {in: {every: 20 h}}
stations: {a: {cycle: 3 h, calendar: short}}
calendars: {short: {cycle: 4 h, open: [0 h-2 h]}}
sinks: {out: {}}
""",
    "work that begins again and just has the time": """
flow: [in -> a -> out]
sources: {in: {every: 100 s}}
stations:
  a: {cycle: 10 s, breakdowns: {stop: {mtbf: {constant: 10 s}, mttr: 1 s, part: restart}}}
sinks: {out: {}}
""",
    "work that a chance up time may let through": """
flow: [in -> a -> out]
sources: {in: {every: 100 s}}
stations:
  a: {cycle: 10 s, breakdowns: {stop: {mtbf: 5 s, mttr: 1 s, part: restart}}}
sinks: {out: {}}
""",
    "people who can do both, shared out as it must be": """
flow: [in -> a -> out]
sources: {in: {every: 100 s}}
stations: {a: {cycle: 10 s, by: {welding: 2, sawing: 1}}}
operators:
  both: {count: 2, skills: [welding, sawing]}
  welder: {skills: [welding], tour: [a]}
sinks: {out: {}}
""",
    "a tour beside people who come anywhere": """
flow: [in -> a -> b -> out]
sources: {in: {every: 100 s}}
stations: {a: {cycle: 10 s, by: minding}, b: {cycle: 10 s, by: minding}}
operators:
  minders: {count: 2, skills: [minding], tour: [a]}
  helper: {skills: [minding]}
sinks: {out: {}}
""",
    "jobs exactly as fast as their stations": """
sources: {in: {every: 100 s, products: {P: 50 %, Q: 50 %}}}
stations: {a: {queue: {}}, b: {queue: {}, machines: 2}}
sinks: {out: {}}
products: {P: {route: [{a: 60 s}, {b: 200 s}, {a: 40 s}]}, Q: {route: [{b: 200 s}, {a: 100 s}]}}
""",
    "jobs with a choice of stations": """
sources: {in: {every: 100 s, products: {P: 100 %}}}
stations: {a: {queue: {}}, b: {queue: {}}}
sinks: {out: {}}
products: {P: {route: [{any: [a, b], time: 190 s}]}}
""",
    "jobs that are scrapped before the slow station": """
sources: {in: {every: 100 s, products: {P: 100 %}}}
stations: {a: {queue: {}, quality: {scrap: 50 %}}, b: {queue: {}}}
sinks: {out: {}}
products: {P: {route: [{a: 60 s}, {b: 190 s}]}}
""",
    "a route without arrows": """
sources: {in: {every: 100 s}}
stations: {a: {queue: {}}, b: {queue: {}}}
sinks: {out: {}}
products: {P: {route: [{a: 10 s}, {b: 20 s}, {a: 5 s}]}}
""",
}


@pytest.mark.parametrize("name", SOUND)
def test_no_warning_where_the_plant_can_work(name: str) -> None:
    layout = from_document(parse((HEAD + SOUND[name]).encode(), "sound.yaml"))
    compile_plan(layout)
    assert [str(problem) for problem in layout.document.problems] == []


def test_a_loop_behind_a_repair_bench_is_found() -> None:
    text = """
flow: [in -> a -> out, bench -> rack -> bench]
sources: {in: {every: 100 s}}
stations:
  a: {cycle: 10 s, quality: {rework: {share: 5 %, to: bench}}}
  bench: {cycle: 60 s, queue: {}}
buffers: {rack: {capacity: 5}}
sinks: {out: {}}
"""
    with pytest.raises(PlantError, match="parts that go round bench -> rack -> bench never come to a sink"):
        compile_plan(from_document(parse((HEAD + text).encode(), "loop.yaml")))
