"""The command ``twin``: words to functions and exit codes; what it does is in ``twin.api``.

Exit codes: 0 done; 1 a problem in the user's files, a run that cannot be trusted, or an answer that cannot be written;
2 misuse of the command; 130 Ctrl-C (what is finished is shown).
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TextIO

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
    _prepare_streams()
    signal.signal(signal.SIGTERM, _end)
    try:
        try:
            app(prog_name="twin")
        finally:
            sys.stdout.flush()
    except MemoryError:
        _tell("out of memory: give buffers a capacity, make the run shorter, or write --workers 1")
        sys.exit(1)
    except OSError as error:
        if error.filename is not None:
            raise
        _drop(sys.stdout)
        if not isinstance(error, BrokenPipeError):  # a reader that has gone (``twin show … | head``) is no mistake
            _tell(f"standard output cannot be written: {error.strerror or error}")
        sys.exit(1)
    sys.exit(0)


def _prepare_streams() -> None:
    """Streams that were closed are opened again: writing to the output then fails, messages for people go nowhere."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without '→', a file name that is not UTF-8: both are told
            whole = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="backslashreplace" if whole else "replace")


def _end(number: int, frame: object) -> NoReturn:
    """Asked to end: leave in good order, so that workers are let go and temporary files removed."""
    sys.exit(128 + number)


def _drop(stream: TextIO) -> None:
    """Let what is left in a stream that cannot be written go nowhere, so that Python may end in peace."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
    """An option that makes no sense becomes a usage error, exit code 2; a file that cannot be written exit code 1."""
    from twin.study.files import OutputError, OutputNameError

    try:
        yield
    except (ValueError, OutputNameError) as error:
        raise typer.BadParameter(str(error)) from None
    except OutputError as error:
        _tell(f"{error}")
        raise typer.Exit(1) from None


@contextmanager
def _nothing_finished() -> Iterator[None]:
    """Ctrl-C while there is no answer yet; a run that has some of it gives that instead."""
    try:
        yield
    except KeyboardInterrupt:
        _tell("interrupted before the first replication was finished")
        raise typer.Exit(INTERRUPTED) from None


def _tell(line: str) -> None:
    """A line for people, on standard error; where that cannot be written, the answer matters all the same."""
    try:
        typer.echo(line, err=True)
    except OSError:
        _drop(sys.stderr)


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
    """Show the compiled plan in words, and draw the plant."""
    from twin import api

    with _misuse():
        api.check_name(plot, api.DRAWINGS)
    plant = _loaded(layout)
    with _misuse():
        api.check_apart(layout, plant.reads, plot)
    if plot is not None:
        with _mistakes():
            plant.save_plot(plot)
    typer.echo(plant.describe())
    if plot is not None:
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
    trace: Annotated[str | None, typer.Option(metavar="FILE", help="Save the trace of replication 1 (.csv).")] = None,
    plot: Annotated[
        str | None, typer.Option(metavar="FILE", help="Save the states figure (.svg, .png or .pdf).")
    ] = None,
    colour: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="With --plot: draw the plant instead, coloured by state or bottleneck."),
    ] = None,
) -> None:
    """Simulate a plant and show what it makes, with intervals."""
    with _nothing_finished():
        from twin import api

        with _misuse():
            api.run_changes(replications, horizon, warm_up, seed)
            api.check_workers(workers)
            api.check_name(out, api.RESULTS)
            api.check_name(trace, api.TRACES)
            api.check_name(plot, api.DRAWINGS)
            api.check_colour(colour, plot)
        plant = _loaded(layout, as_json)
        with _misuse():
            api.check_apart(layout, plant.reads, out, trace, plot)
        with _mistakes():
            settings = {"horizon": horizon, "warm_up": warm_up, "seed": seed, "workers": workers}
            result = _simulated(plant, replications, settings)
    saved, unsaved = _save(result, out, trace, plot, colour)
    try:
        _print(result, as_json)
    finally:
        for line in (*saved, *unsaved):
            _tell(line)
    _tell_how(result, layout, as_json)
    if unsaved or result.failures or result.interrupted:
        raise typer.Exit(INTERRUPTED if result.interrupted and not (unsaved or result.failures) else 1)


def _simulated(plant: Plant, replications: int | None, settings: dict[str, Any]) -> Result:
    """The result, one with failed checks included."""
    from twin import api

    with _progress() as progress:
        try:
            return plant.run(replications, **settings, progress=progress)
        except api.CheckError as error:
            return error.result
        except OSError as error:
            raise api.RunError(
                f"worker processes cannot be started: {error.strerror or error}; try --workers 1"
            ) from None


def _save(
    result: Result, out: str | None, trace: str | None, plot: str | None, colour: str | None
) -> tuple[list[str], list[str]]:
    """Write the files asked for, before anything is printed: (what is written, what could not be)."""
    from twin.study.files import OutputError

    saved, unsaved = list[str](), list[str]()
    figure = "states" if colour is None else "drawing"
    asked = (
        ("result", out, result.save),
        ("trace", trace, result.save_trace),
        (figure, plot, partial(result.save_plot, colour=colour)),
    )
    for what, path, save in asked:
        if path is None:
            continue
        try:
            save(path)
            saved.append(f"{what}: {path}")
        except OutputError as error:
            unsaved.append(str(error))
    return saved, unsaved


def _print(result: Result, as_json: bool) -> None:
    """The answer on standard output."""
    from twin.study.files import json_text

    if as_json:
        typer.echo(json_text(result.document()), nl=False)
    elif sys.stdout.isatty():
        from rich import print as show_rich

        show_rich(result)
    else:
        typer.echo(str(result))


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
