"""Answers that are kept: ``NAME.out`` beside ``NAME.yaml``, the exact words a user reads of a file with mistakes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

from twin import api


def names_in(folder: Path, ending: str = "yaml") -> list[str]:
    """The names of the files of one ending, in order."""
    return sorted(path.stem for path in folder.glob(f"*.{ending}"))


def kept(folder: Path, name: str) -> str:
    """The answer that is kept."""
    return (folder / f"{name}.out").read_text(encoding="utf-8")


def checked(folder: Path, name: str) -> str:
    """What a user reads of ``name`` who checks it."""
    with chdir(folder):
        return "".join(f"{problem}\n" for problem in api.check(f"{name}.yaml"))


def show(folder: Path, answer: Callable[[str], str]) -> None:
    """Print the answers that the command line names (all of them if none); with ``--keep`` keep them."""
    for name in [word for word in sys.argv[1:] if word != "--keep"] or names_in(folder):
        print(answer(name), end="")
        if "--keep" in sys.argv:
            (folder / f"{name}.out").write_text(answer(name), encoding="utf-8")
