"""A layout of 3,000 stations (18,000 lines): CPU to read and check it, in this process and as a whole command."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .startup import MAIN
from .support.registry import Row, Wanted, register
from .support.timing import child_cpu, timed

STATIONS, PER_LINE = 3_000, 10
QUICK = Wanted("ours", "≤", 1.0)
STATION = """\
  s{0}:
    machines: 2
    cycle: {{normal: {{mean: 41 s, sd: 5 s}}}}
    quality: {{scrap: 1 %}}
    breakdowns:
      jam: {{mtbf: 8 h, mttr: 4 min}}
"""


def layout() -> str:
    """A line of 3,000 stations, six lines each."""
    flow = "".join(f"  - {' -> '.join(_names(first))}\n" for first in range(0, STATIONS, PER_LINE))
    stations = "".join(STATION.format(i) for i in range(STATIONS))
    head = f"twin: 1\nplant: A long line\nflow:\n{flow}sources: {{parts: {{arrivals: saturated}}}}\n"
    return f"{head}stations:\n{stations}sinks: {{out: {{}}}}\nrun: {{warm_up: 8 h, horizon: 20 d}}\n"


def _names(first: int) -> list[str]:
    """One line of the flow: from the station before (or the source) over ten stations (to the sink)."""
    last = min(first + PER_LINE, STATIONS)
    before = [f"s{first - 1}"] if first else ["parts"]
    return before + [f"s{i}" for i in range(first, last)] + (["out"] if last == STATIONS else [])


def stages(path: Path) -> dict[str, float]:
    """CPU seconds of each stage of reading the file once in this process."""
    import twin.element  # noqa: F401  # registers the kinds
    from twin.core.compile import compile_plan
    from twin.core.layout import from_document
    from twin.core.text import read

    document, reading = timed(partial(read, path))
    whole, checking = timed(partial(from_document, document))
    _, compiling = timed(partial(compile_plan, whole))
    return {"text": reading, "layout": checking, "plan": compiling}


@register(f"a layout of {STATIONS} stations, read and checked")
def measure(quick: bool) -> Iterable[Row]:
    """Median CPU over the rounds: in all, by stage, and of ``twin check`` as a process beside an empty one."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "long.yaml")
        path.write_text(layout(), encoding="utf-8")
        rounds = [stages(path) for _ in range(2 if quick else 5)]
        total = median(sum(one.values()) for one in rounds)
        yield Row("read and check, in process", "s CPU", total, wanted=QUICK)
        for stage in rounds[0]:
            spent = median(one[stage] for one in rounds)
            yield Row(f"  of it: {stage}", "s CPU", spent, total, spent / total)
        empty = child_cpu("-c", "pass")
        whole = median(child_cpu("-c", MAIN, "check", str(path)) for _ in range(1 if quick else 3))
        yield Row("twin check as a process", "s CPU", whole, empty, whole / empty, QUICK)
