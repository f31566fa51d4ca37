"""A command as it is typed, in this process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from twin.cli import app


def twin(*words: str, columns: int = 100) -> Result:
    """What the command answers; what it raises but does not tell fails the test as a traceback would."""
    done = CliRunner(env={"COLUMNS": str(columns)}).invoke(app, list(words), prog_name="twin")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done
