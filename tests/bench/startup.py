"""CPU of fresh processes: importing twin, its help, a check; beside an empty Python."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from .support.registry import Row, Wanted, register
from .support.timing import child_cpu

MAIN = "from twin.cli import main; main()"
CASES: tuple[tuple[str, tuple[str, ...], Wanted | None], ...] = (
    ("import twin", ("-c", "import twin"), Wanted("ours", "≤", 0.4, 0.2)),
    ("import twin, then twin.load", ("-c", "import twin; twin.load"), Wanted("ours", "≤", 0.4, 0.2)),
    ("twin --help", ("-c", MAIN, "--help"), None),
    ("twin check layouts/pump_line.yaml", ("-c", MAIN, "check", "layouts/pump_line.yaml"), None),
)


@register("CPU of a fresh process, beside python -c pass")
def measure(quick: bool) -> Iterable[Row]:
    """Median CPU over the rounds; all cases in turn in each round."""
    commands = [("-c", "pass"), *(command for _, command, _ in CASES)]
    for command in commands:
        child_cpu(*command)  # fills the byte-code and file caches
    rounds = [[child_cpu(*command) for command in commands] for _ in range(3 if quick else 9)]
    empty, *spent = (median(column) for column in zip(*rounds, strict=True))
    for (name, _, wanted), seconds in zip(CASES, spent, strict=True):
        yield Row(name, "s CPU", seconds, empty, seconds / empty, wanted)
