"""Run benchmarks and print one table: ``python -m tests.bench [NAME …] [--quick]``."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

from .support.registry import Bench, BenchError, Row, benches


def main() -> int:
    """Measure what was asked for; 1 when a benchmark could not run (never because it was slow)."""
    known = benches()
    chosen, quick = _arguments(known)
    console, errors = Console(), Console(stderr=True)
    table, failed = _table(), False
    for bench in chosen:
        errors.print(f"{bench.name}: {bench.title} …", style="dim")
        try:
            _add(table, bench, list(bench.measure(quick)))
        except BenchError as error:
            failed = True
            errors.print(f"{bench.name}: {error}", style="red", markup=False)
    console.print(table)
    return int(failed)


def _arguments(known: dict[str, Bench]) -> tuple[list[Bench], bool]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed and memory.")
    names = ", ".join(known)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"benchmarks to run (default all): {names}")
    parser.add_argument("--quick", action="store_true", help="shorter runs and fewer rounds: a rough answer")
    given = parser.parse_args()
    for name in given.names:
        if name not in known:
            parser.error(f"no benchmark '{name}'; there are {names}")
    return [known[name] for name in given.names or known], given.quick


def _table() -> Table:
    table = Table(title="Side by side in one run")
    for heading in ("benchmark", "measured"):
        table.add_column(heading)
    for heading in ("ours", "beside", "unit", "ratio"):
        table.add_column(heading, justify="left" if heading == "unit" else "right")
    table.add_column("wanted")
    return table


def _add(table: Table, bench: Bench, rows: list[Row]) -> None:
    for row in rows:
        ours, beside, ratio = map(_number, (row.ours, row.beside, row.ratio))
        table.add_row(bench.name, row.measured, ours, beside, row.unit, ratio, _verdict(row))
    table.add_section()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _verdict(row: Row) -> str:
    if row.wanted is None:
        return ""
    return f"[green]{row.wanted} ✓[/]" if row.wanted.met(row) else f"[red]{row.wanted} ✗[/]"


if __name__ == "__main__":
    sys.exit(main())
