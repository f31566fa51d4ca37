"""The command ``twin``: words to functions and exit codes; what it does is in ``twin.api``.

Exit codes: 0 done; 1 a problem in the user's files, or a run that cannot be trusted; 2 misuse of the command;
130 Ctrl-C (what is finished is shown).
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from twin.api import Plant, Result
    from twin.core.problem import Problem

app = typer.Typer(
    name="twin",
    help="A digital twin of a factory: plants in YAML, simulated, answered with intervals.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130

LayoutFile = Annotated[str, typer.Argument(metavar="LAYOUT", help="A plant in YAML, such as layouts/pump_line.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def main() -> NoReturn:
    """Run the command with the arguments of the process and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without '→' is no reason to stop
    signal.signal(signal.SIGTERM, _end)
    try:
        app(prog_name="twin")
    except BrokenPipeError:
        sys.exit(1)
    finally:
        _flush()
    sys.exit(0)


def _end(number: int, frame: object) -> NoReturn:
    """Asked to end: leave in good order, so that workers are let go and temporary files removed."""
    sys.exit(128 + number)


def _flush() -> None:
    """Write out what is left; when the reader has gone (``twin show … | head``) say nothing."""
    try:
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _mistakes(as_json: bool = False) -> Iterator[None]:
    """A user's mistake becomes lines on standard error and exit code 1, never a traceback."""
    from twin.core.problem import PlantError
    from twin.core.run import RunError
    from twin.study.files import OutputError
    from twin.workspace import WorkspaceError

    try:
        yield
    except PlantError as error:
        _show_problems(error.problems, as_json)
        raise typer.Exit(1) from None
    except (OutputError, RunError, WorkspaceError) as error:
        _tell(f"{error}")
        raise typer.Exit(1) from None


@contextmanager
def _misuse() -> Iterator[None]:
    """An option that makes no sense becomes a usage error, exit code 2."""
    from twin.study.files import OutputError

    try:
        yield
    except (ValueError, OutputError) as error:
        raise typer.BadParameter(str(error)) from None


def _tell(line: str) -> None:
    """A line for people, on standard error."""
    typer.echo(line, err=True)


def _next(command: str) -> None:
    """The last line: the next useful command."""
    _tell(f"next: {command}")


def _show_problems(problems: Iterable[Problem], as_json: bool) -> None:
    """Problems as editors read them; with --json as a list on standard output."""
    if as_json:
        typer.echo(json.dumps([problem.document() for problem in problems], indent=1, ensure_ascii=False))
    else:
        for problem in problems:
            _tell(str(problem))


def _print_version(wanted: bool) -> None:
    if wanted:
        from twin import __version__

        typer.echo(f"twin {__version__}")
        raise typer.Exit


@app.callback()
def _twin(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """A digital twin of a factory: plants in YAML, simulated, answered with intervals."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def init(folder: Annotated[str, typer.Argument(metavar="DIR", help="Where to put it; made when missing.")]) -> None:
    """Make a workspace to start from: layouts and notebooks. Nothing is overwritten."""
    from twin import workspace

    with _mistakes():
        names = workspace.init(folder)
    for name in names:
        typer.echo(str(Path(folder) / name))
    _next(f"twin run {Path(folder) / workspace.FIRST}")


@app.command()
def check(
    layouts: Annotated[list[str], typer.Argument(metavar="FILE...", help="Layouts to check.")],
    as_json: Json = False,
) -> None:
    """Check layouts: all errors and warnings, each with its place."""
    from twin import api

    with _mistakes(as_json):
        found = [problem for path in layouts for problem in api.check(path)]
    _show_problems(found, as_json)
    errors = sum(not problem.warning for problem in found)
    if errors:
        _tell(f"{_count(errors, 'error')}, {_count(len(found) - errors, 'warning')}")
        _next(f"correct the file, then twin check {' '.join(layouts)}")
        raise typer.Exit(1)
    _tell(f"{_count(len(layouts), 'layout')} checked, {_count(len(found), 'warning')}")
    _next(f"twin run {layouts[0]}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _loaded(path: str, as_json: bool = False) -> Plant:
    """The plant of a file; its warnings are told."""
    from twin import api

    with _mistakes(as_json):
        plant = api.load(path)
    for problem in plant.problems:
        _tell(str(problem))
    return plant


@app.command()
def show(
    layout: LayoutFile,
    plot: Annotated[str | None, typer.Option(metavar="FILE", help="Save the drawing (.svg, .png or .pdf).")] = None,
) -> None:
    """Show the compiled plan with every default, and draw the plant."""
    from twin import api

    with _misuse():
        api.check_name(plot, api.DRAWINGS)
    plant = _loaded(layout)
    typer.echo(plant.describe())
    if plot is not None:
        with _mistakes():
            plant.save_plot(plot)
        _tell(f"drawing: {plot}")
    _next(f"twin run {layout}" if plot else f"twin show {layout} --plot plant.svg")


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The layout before.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The layout after.")],
) -> None:
    """Show what changed between two layouts, by path: old → new."""
    from twin import api

    with _mistakes():
        changes = api.compare(a, b)
    for change in changes:
        typer.echo(str(change))
    _tell(_count(len(changes), "change") if changes else "no change")
    _next(f"twin run {b}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a layout, for completion and hover in editors."""
    from twin import api

    typer.echo(json.dumps(api.schema(), indent=1, ensure_ascii=False))
    _next("twin schema > layout.schema.json, and name it in the first line of a layout: "
          "# yaml-language-server: $schema=layout.schema.json")  # fmt: skip


@app.command()
def run(
    layout: LayoutFile,
    *,
    replications: Annotated[int | None, typer.Option(metavar="N", help="Independent repetitions.")] = None,
    horizon: Annotated[str | None, typer.Option(metavar="TIME", help="Measured time, such as '20 d'.")] = None,
    warm_up: Annotated[str | None, typer.Option(metavar="TIME", help="Time before it, such as '8 h'.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Start of all random streams.")] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; default one a processor.")] = None,
    as_json: Json = False,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Save the result (.json or .csv).")] = None,
    trace: Annotated[str | None, typer.Option(metavar="FILE", help="Save the trace of replication 1 (CSV).")] = None,
) -> None:
    """Simulate a plant and show what it makes, with intervals."""
    from twin import api

    with _misuse():
        api.run_changes(replications, horizon, warm_up, seed)
        api.check_workers(workers)
        api.check_name(out, api.RESULTS)
        api.check_name(trace)
        api.check_apart(layout, out, trace)
    plant = _loaded(layout, as_json)
    with _mistakes():
        settings = {"horizon": horizon, "warm_up": warm_up, "seed": seed, "workers": workers}
        result = _simulated(plant, replications, settings)
        _give(result, as_json, out, trace)
    _tell_how(result, layout, as_json)
    if result.failures or result.interrupted:
        raise typer.Exit(1 if result.failures else INTERRUPTED)


def _simulated(plant: Plant, replications: int | None, settings: dict[str, Any]) -> Result:
    """The result, one with failed checks included."""
    from twin import api

    with _progress() as progress:
        try:
            return plant.run(replications, **settings, progress=progress)
        except api.CheckError as error:
            return error.result


def _give(result: Result, as_json: bool, out: str | None, trace: str | None) -> None:
    """The answer on standard output and in the files asked for."""
    from twin.study.files import json_text

    if as_json:
        typer.echo(json_text(result.document()), nl=False)
    elif sys.stdout.isatty():
        from rich import print as show_rich

        show_rich(result)
    else:
        typer.echo(str(result))
    if out is not None:
        result.save(out)
        _tell(f"result: {out}")
    if trace is not None:
        result.save_trace(trace)
        _tell(f"trace: {trace}")


def _tell_how(result: Result, layout: str, as_json: bool) -> None:
    if result.note:
        _tell(result.note)
    for warning in result.warnings if as_json else ():
        _tell(f"warning: {warning}")
    for failure in result.failures:
        _tell(failure)
    _next(f"twin show {layout} --plot plant.svg")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, on a terminal only; it has no thread of its own, so that workers may be forked."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("")

        def told(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted, refresh=True)

        yield told
