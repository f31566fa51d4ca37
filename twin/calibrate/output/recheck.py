"""Whether a fitted file is still what its history says: ``twin calibrate --check``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.calibrate.output.draws import draws_of
from twin.calibrate.output.fitted import Made, fitted_text
from twin.core.drawfile import Drawn, beside, read_draws
from twin.core.origin import Told, named, sha256_of
from twin.core.problem import Faults, Loc, Mark, PlantError, Problem, dotted, quoted
from twin.core.text import Document, parse, read
from twin.core.unit import UNITS
from twin.law.fitted import Reference, origin_of

if TYPE_CHECKING:
    from twin.calibrate.found import Findings

Again = Callable[[Path], "tuple[Findings, Made]"]
"""Reads a reading file and its history once more, and finds all anew."""
NEAR = 1.1e-3
"""Numbers are equal that differ by less than this share: one step of their last digit, where rounding may fall."""
SAME = 1e-6
"""The same for draws, which have all their digits: libraries differ in the last ones."""
MOST = 20
"""Parts of entries that moved which are named, each with its first value."""
_PARTS = ("up", "repair", "share", "evidence", "source", "notes")
Moved = tuple[Loc, str]
"""Where a value is another now, and what it was and is."""
_HASHES = ("sha256", "reading_sha256", "hours_sha256", "date")
_AMOUNT = re.compile(r"([-+0-9.eE]+) (\S+)")


def check_fitted(path: str | Path, again: Again) -> list[Problem]:
    """What moved since a fitted file was written: hashes of its files, numbers, draws.

    Args:
        path: the fitted file.
        again: gives the findings anew, and how they were made, from the path of the reading file.

    Returns:
        One problem for each thing that moved, with its place in the fitted file; none: all is as it was.

    Raises:
        PlantError: the fitted file, the reading file or the history cannot be read.
    """
    document = read(path)
    if document.problems or not isinstance(document.data, dict):
        problem = Problem(Mark(str(path), 1, 1), "", "this is no fitted file: a map of names is due")
        raise PlantError(document.problems or [problem])
    check = _Check(Path(path), document, {k: v for k, v in document.data.items() if isinstance(v, dict)})
    check.files()
    reading = check.reading()
    if reading is not None:
        check.numbers(*again(reading))
    return document.problems


@dataclass
class _Check:
    """A fitted file beside what is found now."""

    path: Path
    document: Document
    entries: dict[str, dict[str, Any]]

    def files(self) -> None:
        """Report every file that is gone or another, once."""
        told = dict[Told, Loc]()
        for name, entry in self.entries.items():
            for one in origin_of(entry, Reference(str(self.path), name), "").read:
                told.setdefault(one, (name, "source"))
        for one, loc in told.items():
            if text := self._moved(one):
                self.document.report(loc, text)

    def _moved(self, told: Told) -> str:
        if "://" in told.file:
            return ""
        try:
            data = (self.path.parent / told.file).read_bytes()
        except (OSError, ValueError):
            return f"the file {quoted(told.file)} is not there"
        if told.is_hash_of(data):
            return ""
        if told.hours:
            return f"the calendar of {quoted(told.file)} has changed"
        return f"the file {quoted(told.file)} has changed: sha256 {told.sha256[:8]}… then, {sha256_of(data)[:8]}… now"

    def reading(self) -> Path | None:
        """The reading file; None where it is not there, which has been reported, or is not named, which is here."""
        sources = (entry.get("source") for entry in self.entries.values())
        names = [one.get("reading") for one in sources if isinstance(one, dict)]
        name = next((one for one in names if isinstance(one, str)), None)
        if name is None:
            self.document.report((), "no entry names its reading file, so nothing can be calibrated again")
            return None
        reading = self.path.parent / name
        return reading if reading.exists() else None

    def numbers(self, findings: Findings, made: Made) -> None:
        """Report every value and draw that is another now."""
        text = fitted_text(findings, made, self.path.parent)
        now = parse(text.encode(), str(self.path)).data or {}
        moved = parts_of(differences(self.document.data, now))
        for part, ((loc, what), *others) in [*moved.items()][:MOST]:
            more = f" (and {len(others)} more of {quoted(' '.join(map(str, part)).strip())})" if others else ""
            self.document.report(loc, what + more)
        if len(moved) > MOST:
            left = sum(len(one) for one in [*moved.values()][MOST:])
            self.document.report((), f"{left} more values have moved")
        self._draws(draws_of(findings, made.draws, made.seed), moved)

    def _draws(self, now: Mapping[tuple[str, str], Drawn], moved: Mapping[Loc, object]) -> None:
        """Report draws that are others now, though the law that they are of has not moved."""
        try:
            then = read_draws(self.path)
        except Faults as error:
            self.document.report((), error.faults[0].text)
            return
        if not then:
            self.document.report((), f"there is no file {quoted(beside(self.path).name)} with its draws")
            return
        names = {name for name, _ in now} & set(self.entries)  # an entry that is gone or new has been told
        for key in [key for key in (*then, *(key for key in now if key not in then)) if key[0] in names]:
            if key not in now or key not in then:
                only = "in the file only" if key in then else "found now, and not in the file"
                self.document.report((key[0],), f"draws of {quoted(named(*key))} are {only}")
            elif key not in moved and not same_draws(then[key], now[key]):
                self.document.report((key[0],), f"the draws of {quoted(named(*key))} have moved")


def parts_of(found: Iterable[Moved]) -> dict[Loc, list[Moved]]:
    """Differences by entry and part: 'up', 'repair', 'evidence', 'source'; '' for a law that is the whole entry."""
    parts: dict[Loc, list[Moved]] = {}
    for loc, what in found:
        part = loc[1] if len(loc) > 1 and loc[1] in _PARTS else ""
        parts.setdefault((loc[0] if loc else "", part), []).append((loc, what))
    return parts


def differences(then: Any, now: Any, loc: Loc = ()) -> Iterator[Moved]:
    """(place, what) of every value that differs; hashes and the date left out, they are told as files."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in [*then, *(key for key in now if key not in then)]:
            if key not in _HASHES:
                yield from _one(then, now, key, loc)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, pair in enumerate(zip(then, now, strict=True)):
            yield from differences(*pair, (*loc, place))
    elif not _near(then, now):
        yield loc, f"{_shown(then)} in the file, {_shown(now)} now"


def _one(then: dict[str, Any], now: dict[str, Any], key: str, loc: Loc) -> Iterator[Moved]:
    if key not in now:
        yield (*loc, key), f"{quoted(key)} is no longer found"
    elif key not in then:
        yield loc, f"{quoted(dotted((*loc, key)))} is found now, and is not in the file"
    else:
        yield from differences(then[key], now[key], (*loc, key))


def _near(then: Any, now: Any) -> bool:
    numbers = _number(then), _number(now)
    if numbers[0] is None or numbers[1] is None:
        return bool(then == now)
    return abs(numbers[0] - numbers[1]) <= NEAR * max(abs(numbers[0]), abs(numbers[1]))


def _number(value: Any) -> float | None:
    """A number, or an amount with its unit in s; None: neither."""
    if isinstance(value, str) and (found := _AMOUNT.fullmatch(value)):
        try:
            return float(found[1]) * UNITS["time"].get(found[2], 1.0)
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _shown(value: Any) -> str:
    kinds: dict[type, str] = {dict: "a map", list: "a list"}
    return kinds.get(type(value)) or quoted(value)


def same_draws(one: Drawn, other: Drawn) -> bool:
    """Whether two sets of draws are the same, but for their last digits."""
    if one.families != other.families or len(one.means) != len(other.means) or one.seen != other.seen:
        return False
    pairs = zip((*one.means, *one.cvs), (*other.means, *other.cvs), strict=True)
    return all(abs(a - b) <= SAME * max(abs(a), abs(b)) for a, b in pairs)
