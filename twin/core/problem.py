"""A mistake in a user's file: where it stands, what was received, what to write instead."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from unicodedata import category

Loc = tuple[str | int, ...]
MOST_LETTERS = 80
"""Letters of a misspelt word that are compared."""


class Mark(NamedTuple):
    """A place in a file; lines and columns count from 1, as editors do."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """One mistake, printed as ``file:line:col: path: what; did you mean '…'?``."""

    mark: Mark
    path: str
    text: str
    nearest: str | None = None
    warning: bool = False

    def __str__(self) -> str:
        where = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: "
        path = f"{self.path}: " if self.path else ""
        hint = f"; did you mean '{self.nearest}'?" if self.nearest else ""
        line = f"{where}{'warning: ' if self.warning else ''}{path}{self.text}{hint}"
        one = " ".join(line.splitlines())  # whatever a name holds, a problem is one line that a terminal can show
        return "".join(char if category(char) not in ("Cc", "Cf") else ascii(char)[1:-1] for char in one)

    def document(self) -> dict[str, Any]:
        """The problem as a JSON-ready map."""
        return {
            **self.mark._asdict(),
            "path": self.path,
            "text": self.text,
            "nearest": self.nearest,
            "warning": self.warning,
        }


_DIGITS = re.compile("[0-9]+")


def by_place(problem: Problem) -> tuple[Any, ...]:
    """The order in which problems are told: as they stand in the file, and at one place row 9 before row 10."""
    return problem.mark, problem.path, _DIGITS.sub(lambda found: found[0].rjust(12), problem.text), problem.text


def tidied(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, in their order, with file names without '..' where these are names of the same file."""
    names: dict[str, str] = {}
    found = (replace(one, mark=one.mark._replace(file=_plain(one.mark.file, names))) for one in problems)
    return list(dict.fromkeys(found))


def _plain(file: str, names: dict[str, str]) -> str:
    """'layouts/x.yaml' for 'experiments/../layouts/x.yaml', unless a link makes that another file."""
    if ".." in file and file not in names:
        short = os.path.normpath(file)
        try:
            names[file] = short if os.path.samefile(short, file) else file
        except (OSError, ValueError):
            names[file] = file
    return names.get(file, file)


class PlantError(Exception):
    """The user's files hold mistakes: all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=by_place))
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return PlantError, (self.problems,)


class Fault(NamedTuple):
    """A mistake inside a value, before the place of the value in the file is known."""

    loc: Loc
    text: str
    nearest: str | None = None


class Faults(ValueError):  # noqa: N818 (it carries several; each alone is a Fault)
    """What a field's reader raises: one or more faults, located from the field downwards."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f.text for f in faults))
        self.faults = faults


def fault(text: str, nearest: str | None = None, loc: Loc = ()) -> Faults:
    """A single fault, ready to raise."""
    return Faults(Fault(loc, text, nearest))


def nearest(word: object, words: Iterable[str]) -> str | None:
    """The known word a misspelt one most likely stands for, or None."""
    known = {str(one).casefold(): str(one) for one in reversed(list(words))}
    close = difflib.get_close_matches(str(word).casefold()[:MOST_LETTERS], known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


def quoted(value: object, limit: int = 40) -> str:
    """A received value as it is shown in a message: in quotes, on one line, not too long."""
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= limit else text[: limit - 1] + '…'}'"


def dotted(loc: Loc) -> str:
    """A path as users write it: ``stations.mill.cycle``, ``flow[0]``."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
