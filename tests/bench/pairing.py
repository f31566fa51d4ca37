"""Common random numbers: replications that pairing saves on a line of five unreliable stations.

The line of ``crn_line``: cycles gamma of mean 1 min and CV 0.5, MTBF 100 min of work, MTTR 10 min, both exponential,
buffers of 8, warm-up 1 d, horizon 10 d. Streams keyed by element and purpose save about 50 times for MTTR -25 % on one
station, 13 for buffers 8 → 16, 27 for a cycle -10 % (departure-time recursion, one sample of 80 pairs).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .support.registry import Row, Wanted, register

if TYPE_CHECKING:
    from twin.study.statistics.compare import Paired

PAIRS = 80
LINE = """
twin: 1
plant: Five stations
flow: [in -> s1 -> b1 -> s2 -> b2 -> s3 -> b3 -> s4 -> b4 -> s5 -> out]
sources: {in: {arrivals: saturated}}
stations:
  s1:
    cycle: {gamma: {mean: 1 min, cv: 0.5}}
    breakdowns: {stop: {mtbf: {exponential: 100 min}, mttr: {exponential: 10 min}}}
  s2: {like: s1}
  s3: {like: s1}
  s4: {like: s1}
  s5: {like: s1}
buffers: {b1: {capacity: 8}, b2: {like: b1}, b3: {like: b1}, b4: {like: b1}}
sinks: {out: {}}
run: {warm_up: 1 d, horizon: 10 d, seed: 20261121}
"""
STUDY = """
twin: 1
study: pairing
layout: line.yaml
levers:
  mttr:    {change: {stations.s3.breakdowns.stop.mttr: {scale: 0.75}}}
  cycle:   {change: {stations.s3.cycle: {scale: 0.9}}}
  buffers:
    change: {buffers.b1.capacity: 16, buffers.b2.capacity: 16, buffers.b3.capacity: 16, buffers.b4.capacity: 16}
"""
SAVED = {
    "mttr": Wanted("ratio", "≥", 25.0),
    "cycle": Wanted("ratio", "≥", 15.0),
    "buffers": Wanted("ratio", "≥", 8.0),
}


@register("replications saved by common random numbers")
def measure(quick: bool) -> Iterable[Row]:
    """Correlation with the baseline, and independent replications for one paired."""
    for pair in paired(PAIRS // 4 if quick else PAIRS):
        yield Row(
            f"{pair.name}: replications saved", "correlation", pair.correlation, None, pair.saved, SAVED[pair.name]
        )


def paired(replications: int, horizon: str = "10 d", workers: int | None = None) -> tuple[Paired, ...]:
    """Each lever against the baseline on the good parts of so many replications."""
    from twin import element
    from twin.study.asked.reading import read_study
    from twin.study.paired.runner import run_cases
    from twin.study.statistics.compare import compare

    element.plug_in()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "line.yaml").write_text(LINE.replace("horizon: 10 d", f"horizon: {horizon}"))
        Path(folder, "study.yaml").write_text(STUDY)
        cases = read_study(Path(folder, "study.yaml")).cases()
    runs = run_cases(cases, [replications], workers=workers)
    return compare(runs.matrix("kpis.parts"), runs.names, "baseline")
