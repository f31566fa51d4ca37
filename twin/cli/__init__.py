"""The command ``twin``: words to functions and exit codes; what it does is in ``twin.api``.

Exit codes: 0 done; 1 a problem in the user's files, a run that cannot be trusted, or an answer that cannot be written;
2 misuse of the command; 130 Ctrl-C (what is finished is shown).
"""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from twin.cli import history, plants, play, report, study
from twin.cli.frame import app, drop, end, prepare_streams, tell

__all__ = ["app", "history", "main", "plants", "play", "report", "study"]


def main() -> NoReturn:
    """Run the command with the arguments of the process and leave with its exit code."""
    prepare_streams()
    signal.signal(signal.SIGTERM, end)
    try:
        try:
            app(prog_name="twin")
        finally:
            sys.stdout.flush()
    except MemoryError:
        tell("out of memory: give buffers a capacity, make the run shorter, or write --workers 1")
        sys.exit(1)
    except OSError as error:
        if error.filename is not None:
            raise
        drop(sys.stdout)
        if not isinstance(error, BrokenPipeError):  # a reader that has gone (``twin show … | head``) is no mistake
            tell(f"standard output cannot be written: {error.strerror or error}")
        sys.exit(1)
    sys.exit(0)
