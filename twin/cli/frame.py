"""What commands share: the application, messages for people, mistakes as lines and exit codes, progress."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Protocol, TextIO

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress

    from twin.core.problem import Problem
    from twin.report.words import Lang


def examples(*lines: str) -> str:
    """The end of a command's help: how it may be typed. The first sign keeps click from joining the lines."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


class Commands(TyperGroup):
    """The commands; an empty word among those typed, as an unset variable of a shell leaves one, is told first."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant; a usage error where a name is empty."""
        if "" in args[1:] or any(re.fullmatch("--[a-z-]+=", word) for word in args[1:]):
            ctx.fail(f"twin {args[0]}: one of the names is empty; write the name of a file there")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="twin",
    cls=Commands,
    epilog=examples("twin init my_plant", "twin run my_plant/layouts/three_machines.yaml", "twin run --help"),
    help="A digital twin of a factory: plants in YAML, simulated, answered with intervals.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130
"""The exit code after Ctrl-C."""
MOST = 100
"""Problems that are told in lines; more than these have one cause, and would only push it off the screen."""
Language = Annotated[str, typer.Option("--lang", metavar="LANG", help="Language of the answer: en or fr.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def language(lang: str) -> Lang:
    """The language asked for; another one is a mistake in the command."""
    from twin.report.words import check_lang

    with misuse():
        return check_lang(lang)


class Shown(Protocol):
    """An answer as tables."""

    def table(self, lang: Lang = "en") -> RenderableType:
        """For a terminal."""

    def text(self, lang: Lang = "en") -> str:
        """As plain text."""


def show_answer(answer: Shown, lang: Lang) -> None:
    """An answer on standard output: in colour on a terminal, else as plain text."""
    if sys.stdout.isatty():
        from rich import print as show_rich

        show_rich(answer.table(lang))
    else:
        typer.echo(answer.text(lang))


def prepare_streams() -> None:
    """Streams that were closed are opened again: writing to the output then fails, messages for people go nowhere."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without '→', a file name that is not UTF-8: both are told
            whole = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="backslashreplace" if whole else "replace")


def end(number: int, frame: object) -> NoReturn:
    """Asked to end: leave in good order, so that workers are let go and temporary files removed."""
    sys.exit(128 + number)


def drop(stream: TextIO) -> None:
    """Let what is left in a stream that cannot be written go nowhere, so that Python may end in peace."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def mistakes(as_json: bool = False) -> Iterator[None]:
    """A user's mistake becomes lines on standard error and exit code 1, never a traceback."""
    from twin.core.problem import PlantError
    from twin.core.run import RunError
    from twin.study.files import OutputError
    from twin.workspace import WorkspaceError

    try:
        yield
    except PlantError as error:
        show_problems(error.problems, as_json)
        raise typer.Exit(1) from None
    except (OutputError, RunError, WorkspaceError) as error:
        tell(f"{error}")
        raise typer.Exit(1) from None


@contextmanager
def misuse() -> Iterator[None]:
    """An option that makes no sense becomes a usage error, exit code 2; a file that cannot be written exit code 1."""
    from twin.study.files import OutputError, OutputNameError

    try:
        yield
    except (ValueError, OutputNameError) as error:
        raise typer.BadParameter(str(error)) from None
    except OutputError as error:
        tell(f"{error}")
        raise typer.Exit(1) from None


@contextmanager
def nothing_finished() -> Iterator[None]:
    """Ctrl-C while there is no answer yet; a run that has some of it gives that instead."""
    try:
        yield
    except KeyboardInterrupt:
        tell("interrupted before the first replication was finished")
        raise typer.Exit(INTERRUPTED) from None


def tell(line: str) -> None:
    """A line for people, on standard error; where that cannot be written, the answer matters all the same."""
    try:
        typer.echo(line, err=True)
    except OSError:
        drop(sys.stderr)


def next_command(command: str) -> None:
    """The last line: the next useful command."""
    tell(f"next: {command}")


def show_problems(problems: Iterable[Problem], as_json: bool) -> None:
    """Problems as editors read them, the first ``MOST`` of them; with --json all, as a list on standard output."""
    from twin.core.problem import tidied

    problems = tidied(problems)
    if as_json:
        typer.echo(json.dumps([problem.document() for problem in problems], indent=1, ensure_ascii=False))
        return
    found = list(problems)
    if len(found) > MOST:  # what stops the user comes first, then, since the sort is stable, the place
        found.sort(key=lambda problem: problem.warning)
    for problem in found[:MOST]:
        tell(str(problem))
    if len(found) > MOST:
        tell(f"and {len(found) - MOST:,} more")


def count(number: int, word: str) -> str:
    """A number with its word, one or several."""
    several = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number} {word if number == 1 else several}"


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, on a terminal only; it has no thread of its own, so that workers may be forked."""
    if not sys.stderr.isatty():
        yield None
        return
    with bar_of("replications") as bar:
        task = bar.add_task("")

        def told(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted, refresh=True)

        yield told


def bar_of(what: str) -> Progress:
    """A bar on standard error with what is done, what is wanted and the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    return Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)


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
