"""Empirical: measured values from a CSV file, drawn again with equal probability."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, PrivateAttr, model_validator

from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.spec import register
from twin.core.unit import UNITS, check_range
from twin.law.law import Law, Moments

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator

MAX_ROWS = 1_000_000
MAX_BYTES = 64 * 2**20
MAX_FAULTS = 5
"""Bad rows named one by one; of the others the number is told."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class Values(tuple[float, ...]):
    """The numbers of the plan of an empirical law; their array is made once, not for each block of draws."""

    @cached_property
    def array(self) -> Floats:
        """The values as an array, shape (len,)."""
        import numpy as np

        return np.array(tuple(self))

    @cached_property
    def moments(self) -> Moments:
        """Mean and standard deviation (with 1/n)."""
        mean = math.fsum(self) / len(self)
        return Moments(mean, math.sqrt(math.fsum((v - mean) ** 2 for v in self) / len(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Values, (tuple(self),)


@register("law", "empirical")
class Empirical(Law):
    """The values of a column, each with probability 1/n: mean and sd are those of the column (sd with 1/n).

    The file is CSV (UTF-8, a header row; separated by commas, semicolons or tabs; decimal points), at most 1,000,000
    rows and 64 MiB, and is found from the layout's folder. Moments are unknown (NaN) until ``resolve`` has read it.
    ``params``: the values, SI units.

    Reference: Efron, Tibshirani, An Introduction to the Bootstrap, ch. 4.
    """

    NAME: ClassVar[str] = "empirical"

    file: Annotated[str, Field(min_length=1)]
    """The CSV file, from the layout's folder."""
    column: str
    """The name of the column in the header row."""
    unit: str
    """The unit of the numbers, such as s."""

    _positive: bool = PrivateAttr(False)
    _values: Values | None = PrivateAttr(None)

    def model_post_init(self, context: Any, /) -> None:
        """Remember also whether the mean must be more than 0: only the file can tell."""
        super().model_post_init(context)
        self._positive = bool((context or {}).get("positive"))

    @model_validator(mode="after")
    def known_unit(self) -> Self:
        """Refuse a unit that does not measure what is due."""
        units = UNITS[self.dimension]
        if self.unit not in units:
            text = f"{quoted(self.unit)} is not a unit of {self.dimension} ({', '.join(units)})"
            raise fault(text, nearest(self.unit, units), ("unit",))
        return self

    def files(self) -> tuple[str, ...]:
        return (self.file,)

    def resolve(self, folder: Path) -> Empirical:
        if self._values is not None:
            return self
        try:
            values = self._read(folder)
        except Faults as error:
            raise Faults(*(f._replace(loc=(self.NAME, *f.loc)) for f in error.faults)) from None
        read = self.model_copy()
        read._values = values
        return read

    def _read(self, folder: Path) -> Values:
        size = UNITS[self.dimension][self.unit]
        values = Values(number * size for number in read_column(folder, self.file, self.column))
        if self._positive and not any(values):
            raise fault(f"the mean of column {quoted(self.column)} must be more than 0", loc=("column",))
        try:
            check_range(max(values), f"{max(values) / size:g} {self.unit}", self.dimension)
        except Faults as error:
            raise fault(f"column {quoted(self.column)}: {error.faults[0].text}", loc=("column",)) from None
        return values

    def moments(self) -> Moments:
        return Moments(math.nan, math.nan) if self._values is None else self._values.moments

    def params(self, folder: Path) -> tuple[float, ...]:
        values = self.resolve(folder)._values
        assert values is not None
        return values

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        values = params if isinstance(params, Values) else Values(params)
        drawn: Floats = values.array[(rng.random(n) * len(values)).astype(int)]
        return drawn

    def words(self) -> str:
        return super().words() if self._values else f"{self.NAME} ({self._from()})"

    @classmethod
    def remaining(cls, params: tuple[float, ...], mean: float, chance: float) -> float:
        """A value is met in proportion to its length; what is left of it is uniform."""
        target = chance * math.fsum(params)
        for value in params:
            if target < value:
                return value - target
            target -= value
        return 0.0

    def usual(self) -> dict[str, str]:
        return {f"{len(self._values or ())} values": self._from()}

    def _from(self) -> str:
        return f"of column {quoted(self.column)} in {quoted(self.file)}"


def read_column(folder: Path, file: str, column: str) -> list[float]:
    """The plain numbers of a CSV column.

    Raises:
        Faults: the file, the column or some of its numbers cannot be used.
    """
    rows = _rows(_text(folder, file), file)
    place = _place(next(rows, (1, []))[1], file, column)
    cells = [(n, cells[place].strip() if place < len(cells) else "") for n, cells in rows if cells]
    if not any(text for _, text in cells):
        raise fault(f"column {quoted(column)} of {quoted(file)} holds no value", loc=("column",))
    if wrong := [(n, why) for n, text in cells if (why := _wrong(text))]:
        raise Faults(*_row_faults(file, wrong))
    return [float(text) for _, text in cells]


def _text(folder: Path, file: str) -> str:
    path = folder / file
    try:
        if not path.is_file():
            raise _no_file(path, file)
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise fault(f"{quoted(file)} holds more than {MAX_BYTES // 2**20} MiB", loc=("file",))
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fault(f"{quoted(file)} is not UTF-8 text", loc=("file",)) from None
    except OSError as error:
        raise fault(f"{quoted(file)} cannot be read: {error.strerror}", loc=("file",)) from None


def _no_file(path: Path, file: str) -> Faults:
    if path.exists():
        return fault(f"{quoted(file)} is not a file", loc=("file",))
    folder = path.parent
    meant = nearest(path.name, sorted(p.name for p in folder.iterdir())) if folder.is_dir() else None
    return fault(f"there is no file {quoted(file)}", str(Path(file).with_name(meant)) if meant else None, ("file",))


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Row number (the header is row 1, as in a spreadsheet) and cells."""
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    row = 0
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if row > MAX_ROWS + 1:
                raise fault(f"{quoted(file)} holds more than {MAX_ROWS:,} rows", loc=("file",))
            yield row, cells
    except csv.Error as error:
        raise fault(f"row {row + 1} of {quoted(file)} is not CSV: {error}", loc=("file",)) from None


def _place(header: list[str], file: str, column: str) -> int:
    names = [name.strip() for name in header]
    if not any(names):
        raise fault(f"{quoted(file)} has no header row", loc=("file",))
    if names.count(column) > 1:
        raise fault(f"column {quoted(column)} stands twice in {quoted(file)}", loc=("column",))
    if column not in names:
        raise fault(f"{quoted(file)} has no column {quoted(column)}", nearest(column, names), ("column",))
    return names.index(column)


def _wrong(text: str) -> str | None:
    """Why a cell is no plain number, or None."""
    if not text:
        return "there is no value"
    if _NUMBER.fullmatch(text):
        return _out_of_range(text)
    if comma := _COMMA.fullmatch(text):
        return f"{quoted(text)} has a decimal comma; write '{comma[1]}.{comma[2]}'"
    if _NOT_FINITE.fullmatch(text):
        return f"{quoted(text)} is not a finite number"
    return f"{quoted(text)} is not a plain number (the unit stands in 'unit')"


def _out_of_range(text: str) -> str | None:
    number = float(text)
    if number < 0:
        return f"{quoted(text)} must not be negative"
    return f"{quoted(text)} is too large" if number > 1e15 else None


def _row_faults(file: str, wrong: list[tuple[int, str]]) -> list[Fault]:
    faults = [Fault(("column",), f"row {n} of {quoted(file)}: {why}") for n, why in wrong[:MAX_FAULTS]]
    if (more := len(wrong) - MAX_FAULTS) > 0:
        faults.append(Fault(("column",), f"{more} more rows of {quoted(file)} are wrong"))
    return faults
