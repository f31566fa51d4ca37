"""Kept validations that a study meets: found beside its fitted files, read with suspicion, held against its files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NoReturn

from pydantic import Field

from twin.core.file import first_bytes
from twin.core.origin import Told, changed
from twin.core.problem import Faults, Mark, Problem, dotted, fault
from twin.core.spec import Spec, build
from twin.study.source import named
from twin.study.validation import VALIDITY, Validation

FITTED = ".fitted.yaml"
MOST_BYTES = 8 * 2**20
"""A larger file is not read."""
Amount = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Weeks = Annotated[int, Field(ge=0, le=10**9)]
Seed = Annotated[int, Field(ge=0, le=2**64)]
Share = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=1000)]


class _Source(Spec):
    file: Annotated[str, Field(max_length=1000, pattern="^[^\\x00-\\x1f\\x7f]+$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Figure(Spec):
    name: Text
    station: Text
    figure: Literal["down", "micro_stop", "setup", "parts"]
    unit: Literal["h", "parts"]
    seen: Annotated[list[Amount], Field(min_length=1)]
    seen_mean: Amount
    low: Amount
    mean: Amount
    high: Amount
    bias: Amount
    bias90: Annotated[list[Amount], Field(min_length=2, max_length=2)]
    tolerance: Amount
    inside: Weeks
    of: Weeks
    said: Literal["equivalent", "different", "cannot tell"]


class _Form(Spec):
    """What stands in the file; see docs/reference/json.md."""

    twin: Text
    reading: _Source
    logs: list[_Source]
    layout: _Source
    seed: Seed
    draws_seed: Seed
    trained_weeks: Weeks
    held_weeks: Weeks
    simulated_weeks: Weeks
    window: Annotated[list[Text], Field(min_length=3, max_length=3)]
    train: Share
    tolerance: Share
    inside: Weeks
    of: Weeks
    figures: Annotated[list[_Figure], Field(min_length=1)]
    kept: list[Text]
    left_out: list[Text]


class Validity(NamedTuple):
    """A kept validation, and whether it holds for a study."""

    path: Path
    """The file."""
    fitted: Path
    """The fitted file beside it."""
    data: Mapping[str, Any]
    """What it says."""
    changed: tuple[str, ...]
    """Files that are there and no longer what they were: reading file, logs, the layout where it is the study's own."""
    same_layout: bool
    """Whether it was made with the layout of the study."""

    @property
    def current(self) -> bool:
        """Whether it says of this study what it would say if it were made now."""
        return self.same_layout and not self.changed

    def document(self) -> dict[str, Any]:
        """Ready for JSON; files as they are named from where the command was given."""
        told = {key: _named(self.path, self.data[key]) for key in ("reading", "layout")}
        return {
            "file": named(self.path),
            "fitted": named(self.fitted),
            "current": self.current,
            "changed": list(self.changed),
            "same_layout": self.same_layout,
            **self.data,
            **told,
            "logs": [_named(self.path, one) for one in self.data["logs"]],
        }


def validities(layout: str | Path, reads: Iterable[Path]) -> tuple[tuple[Validity, ...], tuple[Problem, ...]]:
    """The kept validations beside the fitted files that a layout reads, and why others are not used (warnings).

    Args:
        layout: the file of the plant.
        reads: the files that it names, those behind its fitted files included.
    """
    found, wrong = list[Validity](), list[Problem]()
    known = {os.path.realpath(one) for one in reads}
    for fitted in _fitted(reads):
        path = fitted.with_name(fitted.name.removesuffix(FITTED) + VALIDITY)
        if not os.path.lexists(path):
            continue
        try:
            data = read_validity(path)
            _check_reading(path, data, known)
        except Faults as error:
            wrong.append(_not_used(path, error))
        else:
            found.append(_held_against(path, fitted, data, Path(layout)))
    return tuple(found), tuple(wrong)


def _fitted(reads: Iterable[Path]) -> Iterator[Path]:
    """Each fitted file once."""
    seen = set[str]()
    for one in reads:
        real = os.path.realpath(one)
        if one.name.endswith(FITTED) and real not in seen:
            seen.add(real)
            yield one


def _not_used(path: Path, error: Faults) -> Problem:
    first = error.faults[0]
    return Problem(
        Mark(named(path), 1, 1), dotted(first.loc)[:200], f"{first.text}; this validation is not used", warning=True
    )


def read_validity(path: Path) -> dict[str, Any]:
    """What a file of ``twin calibrate --validate`` says; nothing in it is trusted.

    Raises:
        Faults: it cannot be read, is too large, is no such file, or its numbers do not fit each other.
    """
    try:
        data = first_bytes(path, MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise fault(f"it cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MOST_BYTES:
        raise fault(f"it is larger than {MOST_BYTES // 2**20} MiB")
    try:
        found = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise fault("this is no JSON that 'twin calibrate READING --validate LAYOUT' has written") from None
    build(_Form, found)
    _check_sums(found)
    return dict(found)


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _check_sums(found: dict[str, Any]) -> None:
    """What follows from the other numbers must be what follows; raises Faults."""
    try:
        again = Validation.of(found).document()
    except (ValueError, OverflowError):
        raise fault("three moments are due, such as '2026-01-05T05:00:00+00:00'", loc=("window",)) from None
    wrong = [key for key, value in again.items() if found[key] != value]
    if wrong:
        raise fault("this does not follow from the other numbers of the file; validate again", loc=(wrong[0],))


def _check_reading(path: Path, data: Mapping[str, Any], known: set[str]) -> None:
    """A validation of another calibration says nothing of these laws; raises Faults."""
    if os.path.realpath(path.parent / data["reading"]["file"]) not in known:
        raise fault("the fitted file beside was made with another reading file", loc=("reading", "file"))


def _held_against(path: Path, fitted: Path, data: Mapping[str, Any], layout: Path) -> Validity:
    """What moved since; a file that is not there is no change, for layouts travel without the history."""
    told = [Told(one["file"], one["sha256"]) for one in (data["reading"], *data["logs"])]
    moved = [one.file for one in told if "://" not in one.file and changed(path.parent / one.file, one)]
    plant = Told(**data["layout"])
    own = os.path.realpath(path.parent / plant.file) == os.path.realpath(layout)
    same = _is_like(layout, plant)
    names = [*moved, *([plant.file] if own and not same else [])]
    return Validity(path, fitted, data, tuple(named(path.parent / name) for name in names), own or same)


def _is_like(layout: Path, told: Told) -> bool:
    """Whether a layout holds what the validation saw, under whatever name."""
    return changed(layout, told) is None and layout.is_file()


def _named(path: Path, one: Mapping[str, str]) -> dict[str, str]:
    """A file of a validation as it is named from where the command was given."""
    file = one["file"] if "://" in one["file"] else named(path.parent / one["file"])
    return {**one, "file": file}
