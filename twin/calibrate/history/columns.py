"""How one piece of history is written: which file or query, in which form, under which headings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import model_validator

from twin.calibrate.history.wall import zone_of
from twin.core.problem import Fault, Faults, fault, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec
from twin.core.unit import Quantity

Form = Literal["intervals", "changes", "counters", "minutes"]
UNIX = {"unix_s": 1_000_000, "unix_ms": 1_000, "unix_us": 1}
"""Times that are numbers since 1970-01-01 00:00 UTC: name of the format → µs of one."""
_PROBE = datetime(2026, 11, 23, 17, 45, tzinfo=UTC)
_SEPARATORS = {"tab": "\t", "\\t": "\t"}


def read_zone(value: object) -> str:
    """A time zone: 'Europe/Paris', 'UTC', or a fixed offset such as '+01:00'."""
    if not isinstance(value, str):
        raise fault(f"a time zone such as 'Europe/Paris' is due, not {received(value)}")
    zone_of(value)
    return value


def read_time_format(value: object) -> str:
    """How times are written, in the letters of Python's strptime: '%d/%m/%Y %H:%M'; or unix_s, unix_ms, unix_us."""
    if not isinstance(value, str):
        raise fault(f"a format of times such as '%d/%m/%Y %H:%M' is due, not {received(value)}")
    if value in UNIX:
        return value
    try:
        told = datetime.strptime(_PROBE.strftime(value), value)
    except ValueError:
        told = None
    if told is None or told.date() != _PROBE.date():
        raise fault(f"{quoted(value)} does not tell a date; write a format such as '%d/%m/%Y %H:%M'")
    return value


def read_separator(value: object) -> str:
    """What stands between the cells of a CSV file: one character, or 'tab'."""
    text = _SEPARATORS.get(value, value) if isinstance(value, str) else ""
    if len(text) != 1 or text.isalnum() or text in '"\r\n':
        raise fault(f"one of ',', ';', '|' or tab is due, not {received(value)}")
    return text


Zone = Annotated[str, Reader(read_zone, lambda: {"type": "string", "examples": ["Europe/Paris"]})]
TimeFormat = Annotated[str, Reader(read_time_format, lambda: {"type": "string", "examples": ["%d/%m/%Y %H:%M"]})]
Separator = Annotated[str, Reader(read_separator, lambda: {"type": "string", "examples": [";"]})]


class Columns(Spec):
    """Under which heading of the file each thing stands."""

    asset: str | None = None
    """The machine."""
    start: str | None = None
    """When the interval, or the bucket, begins."""
    end: str | None = None
    """When it ends; an empty cell: it has not ended yet."""
    at: str | None = None
    """When the state changes (form 'changes')."""
    state: str | None = None
    """What the machine does, beside or instead of the reason; words as under 'reasons'."""
    reason: str | None = None
    """Why."""
    minutes: str | None = None
    """How long; instead of the end, or for each reason (form 'minutes'); its unit is 'minutes_are'."""
    product: str | None = None
    """What is made; in a set-up: what is made after it."""
    parts: str | None = None
    """Parts made, good and bad."""
    scrap: str | None = None
    """Parts scrapped of them."""
    rework: str | None = None
    """Parts sent to rework of them."""
    repair_start: str | None = None
    """When the repairer began."""
    repair_end: str | None = None
    """When the repair was done; what follows is restarting."""

    def named(self) -> dict[str, str]:
        """Our name → heading, of what is given."""
        return {name: heading for name in Columns.model_fields if (heading := getattr(self, name)) is not None}


COUNTS = ("parts", "scrap", "rework")
"""The columns that hold numbers of parts."""
NEEDED = {
    "intervals": ("asset", "start"),
    "changes": ("asset", "at"),
    "counters": ("asset", "start", "parts"),
    "minutes": ("asset", "reason", "minutes"),
}
"""What each form cannot do without; a file of one machine may name it under 'asset' instead of a column."""


class Sql(Spec):
    """A query of a database, through SQLAlchemy."""

    url: str
    """Address such as 'sqlite:///mes.db' (beside this file), or $NAME: the environment variable that holds it."""
    query: str
    """One 'select'; write 'order by', so that rows keep their numbers."""

    @model_validator(mode="after")
    def _reads_only(self) -> Self:
        words = self.query.split(None, 1)
        if not words or words[0].lower() not in ("select", "with"):
            raise Faults(Fault(("query",), f"a query that begins with 'select' is due, not {quoted(self.query)}"))
        return self


class History(Spec):
    """One file or query of the history, and how to read it."""

    file: str | None = None
    """CSV, .parquet or .xlsx, beside the reading file."""
    sql: Sql | None = None
    """A query instead of a file."""
    sheet: str | None = None
    """The sheet of an Excel file; default the first."""
    form: Form = "intervals"
    """intervals; changes of state; counters of parts in buckets of time; minutes per reason."""
    columns: Columns = Columns()
    """Heading of each column; without it the headings are the names themselves: asset, start, end, reason …"""
    asset: str | None = None
    """The machine of a file that has no column for it."""
    time_zone: Zone | None = None
    """Zone of its times: 'Europe/Paris'; default that of the whole reading file."""
    time_format: TimeFormat | None = None
    """How times are written: '%d/%m/%Y %H:%M'; default 2026-01-05 06:00 (ISO 8601)."""
    separator: Separator | None = None
    """What stands between cells; default the one that the line of headings shows: , ; or tab."""
    decimal: Literal[".", ","] = "."
    """The decimal mark."""
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    """cp1252 is what Windows writes as 'CSV' or 'ANSI'."""
    bucket: Annotated[float, Quantity("time", least=1e-6, positive=True)] | None = None
    """Length of each bucket of counters, where no column gives its end."""
    minutes_are: Literal["s", "min", "h"] = "min"
    """Unit of the column of minutes."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.file or "the query"

    @property
    def kind(self) -> str:
        """'sql', 'parquet', 'xlsx' or 'csv'."""
        ending = (self.file or "").lower().rpartition(".")[2]
        return "sql" if self.sql else ending if ending in ("parquet", "xlsx") else "csv"

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults = [*self._place_faults(), *self.column_faults()]
        if faults:
            raise Faults(*faults)
        return self

    def _place_faults(self) -> Iterator[Fault]:
        if (self.file is None) == (self.sql is None):
            yield Fault((), "'file' or 'sql' is due" if self.file is None else "either 'file' or 'sql', not both")
        elif self.sheet is not None and self.kind != "xlsx":
            yield Fault(("sheet",), "only an Excel file (.xlsx) has sheets")
        elif self.file is not None and self.file.lower().endswith((".xls", ".xlsm", ".ods")):
            yield Fault(("file",), f"{quoted(self.file)} cannot be read; save it as .xlsx or .csv")

    def column_faults(self) -> Iterator[Fault]:
        """What is wrong with the columns as they are named; nothing is where the file's own headings are to hold."""
        named = self.columns.named()
        if not named:
            return
        for name in NEEDED[self.form]:
            if name not in named and not (name == "asset" and self.asset is not None):
                yield Fault(("columns",), f"form '{self.form}' needs the column '{name}'")
        if "asset" in named and self.asset is not None:
            yield Fault(("asset",), "the machine stands in a column; leave one of the two out")
        yield from self._end_faults(named)
        yield from _repeated(named)

    def _end_faults(self, named: dict[str, str]) -> Iterator[Fault]:
        if self.form == "intervals" and ("end" in named) == ("minutes" in named):
            yield Fault(("columns",), "form 'intervals' needs the column 'end' or the column 'minutes'")
        if self.form == "counters" and ("end" in named) == (self.bucket is not None):
            yield Fault(("columns",), "form 'counters' needs the column 'end' or the length 'bucket: 1 h'")
        if self.form == "changes" and not {"state", "reason"} & set(named):
            yield Fault(("columns",), "form 'changes' needs the column 'state' or the column 'reason'")


def _repeated(named: dict[str, str]) -> Iterator[Fault]:
    """Two of our columns under one heading; a state and a reason may share theirs."""
    seen = dict[str, str]()
    for name, heading in named.items():
        if heading in seen:
            yield Fault(("columns", name), f"the heading {quoted(heading)} already stands for '{seen[heading]}'")
        seen.setdefault(heading, name)
