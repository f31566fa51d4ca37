"""Which rows of the files each rule of cleaning took or changed: the way back from the account to the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.calibrate.cleaning.account import RULES

if TYPE_CHECKING:
    from twin.calibrate.cleaning.account import Account

MOST = 50
"""Runs of rows that are named of a rule."""


class Run(NamedTuple):
    """Rows of one file that follow each other, as a spreadsheet counts them."""

    file: str
    first: int
    last: int


class Touched(NamedTuple):
    """The rows that one rule took or changed."""

    rule: str
    """Its key in the account."""
    runs: tuple[Run, ...]
    """By file, the first ``MOST``."""
    more: int
    """Rows beyond them."""

    @property
    def rows(self) -> int:
        """How many rows it touched."""
        return sum(run.last - run.first + 1 for run in self.runs) + self.more

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "rule": self.rule,
            "words": RULES[self.rule],
            "rows": self.rows,
            "runs": [run._asdict() for run in self.runs],
            "more": self.more,
        }


def touched(account: Account, files: Sequence[str], most: int = MOST) -> list[Touched]:
    """What each rule that did something touched, in order of application.

    Args:
        account: the cleaning account.
        files: the files of the log, as the account counts them.
        most: runs that are named of a rule.
    """
    found = []
    for rule in RULES:
        runs, more = account.runs(rule, most)
        if runs:
            found.append(Touched(rule, tuple(Run(files[file], low, high) for file, low, high in runs), more))
    return found
