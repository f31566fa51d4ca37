"""The reading file: how a history is to be read and what its words mean, as a maintenance technician may review it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from twin.calibrate.fitting.posterior import Prior
from twin.calibrate.history.calendar import WallCalendar, calendar_of
from twin.calibrate.history.columns import History, Zone
from twin.calibrate.history.meaning import IGNORE, MICRO, STOP, WORDS, Meaning, Meant, ModeRead, ModeSpec, ReasonSpec
from twin.calibrate.history.review import review
from twin.calibrate.history.wall import Wall, moment
from twin.calibrate.rows import OPEN, RUN, UNKNOWN, Rows
from twin.core.language import top_map
from twin.core.layout import MOST_SEED, Moment, read_title
from twin.core.origin import sha256_of, sha256_of_hours
from twin.core.plan import micro
from twin.core.problem import Faults, Loc, Mark, PlantError, Problem, dotted, fault, nearest, quoted
from twin.core.refused import field_names
from twin.core.spec import Registered, Spec, build
from twin.core.text import Document, read
from twin.core.unit import Quantity

if TYPE_CHECKING:
    from twin.core.timetable import Timetable


class Window(Spec):
    """The time of the history that counts, on the wall clock of 'time_zone'."""

    begin: Moment = Field(alias="from")
    """Its start."""
    end: Moment = Field(alias="to")
    """Its end."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.end <= self.begin:
            raise fault(f"the window ends ({self.end}) before it begins ({self.begin})", loc=("to",))
        return self


Micros = Annotated[float, Quantity("time", positive=True)]


Skipped = Literal["ended_elsewhere", "copies", "same_start", "overlapping", "over_closings", "at_closing"]
"""The rules of cleaning without which rows can still be counted; thresholds switch off two more."""


class ValidationSpec(Spec):
    """What is stated before the weeks held out are looked at."""

    train: Annotated[float, Quantity("share", least=0.01, most=0.99)] = 0.7
    """Share of the whole weeks that is calibrated on, the first ones."""
    tolerance: Annotated[float, Quantity("share", least=0.001, most=1.0)] = 0.1
    """Share of a predicted mean within which a bias does not matter."""


class Reading(Spec):
    """A reading file, checked."""

    twin: Literal[1]
    """Version of the language."""
    calibration: Annotated[str, AfterValidator(read_title)]
    """Name of the calibration, as reports show it."""
    history: list[History] = Field(min_length=1)
    """The files."""
    window: Window | None = None
    """The time that counts; default: from the first time of the history to the last."""
    time_zone: Zone | None = None
    """Zone of the window, of the calendar and of the files that name none."""
    between: Literal["run", "unknown"] | None = None
    """What a time without a row is; default 'run' for a list of stops, 'unknown' where the log tells what runs."""
    calendar: str | None = None
    """When the plant works; outside it is off shift; default always, or the calendar of the layout."""
    calendars: dict[str, Annotated[Any, Registered("element", "calendars")]] = Field(default_factory=dict)
    """Calendars, as in a layout."""
    layout: str | None = None
    """A layout whose calendars hold."""
    assets: dict[str, str] = Field(default_factory=dict)
    """Asset of the log: station; default: each asset is a station of its own name."""
    renamed: dict[str, str] = Field(default_factory=dict)
    """Another name of an asset in the log: the name that counts; both are one machine."""
    classes: dict[str, list[str]] = Field(default_factory=dict)
    """Stations alike: their modes of the same name lend to each other."""
    reasons: dict[str, Meant] = Field(default_factory=dict)
    """Reason of the log: what it is. A reason that is not listed leaves its rows unknown, and is told. Without any
    reason a row of a list of stops (what lies between is 'run') is a stop of the mode 'stop'; '"": run' says otherwise.
    """
    modes: dict[str, ModeSpec] = Field(default_factory=dict)
    """How modes are to be read, by 'mode' or by 'station.mode'."""
    micro_stop: Micros | None = None
    """Stops without a mode of their own that are shorter are micro-stops, s."""
    skip: list[Skipped] = Field(default_factory=list)
    """Rules of cleaning that are not applied, of 'ended_elsewhere', 'copies', 'same_start', 'overlapping',
    'over_closings' and 'at_closing'.
    """
    events: dict[str, Moment] = Field(default_factory=dict)
    """Known events at which a law may have changed."""
    validation: ValidationSpec = ValidationSpec()
    """How 'twin calibrate --validate' splits the weeks, and what it tolerates."""
    draws: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Draws from the posterior that stand beside the fitted file."""
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 1
    """Start of the random streams of the draws."""

    _path: Path = PrivateAttr(default=Path("reading.yaml"))
    _sha256: str = PrivateAttr(default="")
    _hours_sha256: str = PrivateAttr(default="")
    _marks: dict[Loc, Mark] = PrivateAttr(default_factory=dict)
    _calendar: WallCalendar | None = PrivateAttr(default=None)
    _bounds: tuple[int, int] | None = PrivateAttr(default=None)

    @property
    def path(self) -> Path:
        """The reading file; files that it names are looked for beside it."""
        return self._path

    @property
    def sha256(self) -> str:
        """Of the bytes of the reading file."""
        return self._sha256

    @property
    def hours_sha256(self) -> str:
        """Of what ``layout`` says of its hours, see ``twin.core.origin``; empty without a layout."""
        return self._hours_sha256

    # -- words

    def station(self, asset: str) -> str:
        """The station of an asset of the log."""
        return self.assets.get(asset, asset)

    def knows(self, asset: str) -> bool:
        """Whether the rows of an asset count."""
        return not self.assets or asset in self.assets

    def meaning(self, reason: str) -> Meaning | None:
        """What a reason of the log stands for; None: nothing is said of it."""
        found = self.reasons.get(reason)
        if found is None:
            return None
        return Meaning(WORDS.get(found, UNKNOWN), "", found == IGNORE) if isinstance(found, str) else found.meaning()

    @cached_property
    def mode_names(self) -> tuple[str, ...]:
        """The modes of stop and then the maintenance tasks, in order of the reasons; ``Rows.modes``."""
        specs = [one for one in self.reasons.values() if isinstance(one, ReasonSpec)]
        modes = [one.mode for one in specs if one.mode is not None]
        return tuple(dict.fromkeys([*modes, MICRO, STOP, *self.task_names]))

    @cached_property
    def task_names(self) -> tuple[str, ...]:
        """The maintenance tasks."""
        specs = [one for one in self.reasons.values() if isinstance(one, ReasonSpec)]
        return tuple(dict.fromkeys(one.maintenance for one in specs if one.maintenance is not None))

    def renews(self, task: str) -> tuple[str, ...]:
        """The modes whose clock starts again after a maintenance task."""
        return self._renewals.get(task, ())

    @cached_property
    def _renewals(self) -> dict[str, tuple[str, ...]]:
        found = dict[str, dict[str, None]]()
        for one in self.reasons.values():
            if isinstance(one, ReasonSpec) and one.maintenance is not None:
                found.setdefault(one.maintenance, {}).update(dict.fromkeys(one.renews))
        return {task: tuple(modes) for task, modes in found.items()}

    def mode(self, station: str, mode: str) -> ModeRead:
        """How a mode of a station is to be read."""
        spec = self.modes.get(f"{station}.{mode}") or self.modes.get(mode) or ModeSpec()
        return ModeRead(
            clock=spec.clock,
            restart=int(micro(spec.restart)),
            includes_wait=spec.includes_wait,
            least=int(micro(spec.least)),
            first=spec.first,
            prior=Prior(spec.prior.cv, spec.prior.sd),
            micro=self.is_micro(mode),
        )

    def is_micro(self, mode: str) -> bool:
        """Whether the stops of a mode are micro-stops."""
        specs = [one for one in self.reasons.values() if isinstance(one, ReasonSpec) and one.mode == mode]
        return any(one.micro_stop for one in specs) if specs else mode == MICRO

    @property
    def micro_threshold(self) -> int:
        """Stops without a mode of their own that are shorter are micro-stops, µs; 0: none is."""
        return int(micro(self.micro_stop or 0.0))

    @property
    def between_state(self) -> int:
        """What a time without a row is: RUN or UNKNOWN (indices in ``STATES``)."""
        stops = any(one.form == "intervals" for one in self.history) and "run" not in self.reasons.values()
        return {"run": RUN, "unknown": UNKNOWN}[self.between or ("run" if stops else "unknown")]

    @property
    def counters(self) -> tuple[int, ...]:
        """The files of form 'counters', by their place in the history: a row counts a time, and is no cycle."""
        return tuple(number for number, one in enumerate(self.history) if one.form == "counters")

    # -- time

    @property
    def zone(self) -> str:
        """The zone of the window and the calendar: the one named, or the first of the files, or UTC."""
        return self.time_zone or next((one.time_zone for one in self.history if one.time_zone), "UTC")

    def bounds(self, rows: Rows) -> tuple[int, int]:
        """The window [begin, end) in µs UTC: as written, or from the first time of the rows to the last."""
        if self._bounds is not None:
            return self._bounds
        if self.window is not None:
            return self.utc(self.window.begin), self.utc(self.window.end)
        if not rows.n:
            return 0, 0
        ends = rows.end[rows.end != OPEN]
        return int(rows.start.min()), int(max(rows.start.max(), ends.max() if len(ends) else 0))

    def within(self, begin: int, end: int) -> Reading:
        """The same reading with another window, µs UTC."""
        local = Wall(self.zone).local(np.array([begin, end], np.int64))
        window = Window.model_construct(begin=moment(local[0]), end=moment(local[1]))
        other = self.model_copy(update={"window": window})
        other._bounds = begin, end
        return other

    def utc(self, wall: datetime) -> int:
        """A moment of the wall clock of ``zone`` as µs UTC."""
        return int(Wall(self.zone).instant(wall).utc[0])

    def event_times(self) -> tuple[tuple[str, int], ...]:
        """The known events with their instants, µs UTC, in order of time."""
        return tuple(sorted(((name, self.utc(at)) for name, at in self.events.items()), key=lambda one: one[1]))

    def timetable(self) -> Timetable | None:
        """When the plant works, on the axis of ``wall()``; None: always."""
        return self._calendar.timetable if self._calendar else None

    def wall(self) -> Wall:
        """The wall clock that ``timetable`` counts on: µs since its ``start``."""
        return Wall(self.zone, self._calendar.start) if self._calendar else Wall(self.zone)

    # -- places

    def mark(self, loc: Loc) -> Mark:
        """Where the value at ``loc`` stands in the reading file, or what holds it."""
        while loc and loc not in self._marks:
            loc = loc[:-1]
        return self._marks.get(loc, Mark(str(self._path), 1, 1))

    def problem(self, loc: Loc, text: str, near: str | None = None, warning: bool = False) -> Problem:
        """A problem with what stands at ``loc`` of the reading file."""
        return Problem(self.mark(loc), dotted(loc), text, near, warning)


def read_reading(path: str | Path) -> Reading:
    """Read and check a reading file; the kinds of elements must be registered (``import twin.element``).

    Raises:
        PlantError: all problems of the file, and of the layout that it names.
    """
    document = read(path)
    data = top_map(document, "reading")
    reading = _built(data, document)
    _report_unknown(data, document)
    calendar = _review(reading, data, document, Path(path))
    if document.problems:
        raise PlantError(document.problems)
    reading._path, reading._calendar = Path(path), calendar
    reading._sha256 = sha256_of(Path(path).read_bytes())
    if reading.layout is not None:
        reading._hours_sha256 = sha256_of_hours((Path(path).parent / reading.layout).read_bytes())
    reading._marks = {loc: document.mark(loc) for loc in _locs(data, ())}
    return reading


def _report_unknown(data: dict[str, Any], document: Document) -> None:
    known = field_names(Reading)
    for key in [key for key in data if key not in known]:
        document.report((key,), f"unknown key {quoted(key)}", nearest(key, known))


def _built(data: dict[str, Any], document: Document) -> Reading:
    """The reading, or what is left of it without the keys that hold mistakes, which are reported."""
    near = {nearest(key, field_names(Reading)) for key in data if key not in field_names(Reading)}
    sound, rest = {key: value for key, value in data.items() if key in field_names(Reading)}, dict[str, Any]()
    while True:  # keys without a value hide the mistakes of the others, until they are gone
        try:
            return build(Reading, rest | sound)
        except Faults as error:
            for one in error.faults:
                if one.loc or not any(one.text == f"the key '{key}' is missing" for key in near):
                    document.report(one.loc, one.text, one.nearest)
            wrong = {one.loc[0] for one in error.faults if one.loc}
            sound = {key: value for key, value in sound.items() if key not in wrong}
            rest = {"twin": 1, "calibration": "", "history": [{"file": "history.csv"}]}


def _review(reading: Reading, data: dict[str, Any], document: Document, path: Path) -> WallCalendar | None:
    """Look at the keys beside each other; the plant's hours."""
    near = {nearest(key, field_names(Reading)) for key in data if key not in field_names(Reading)}
    unsure = {str(loc[0]) for loc in document.faulty if loc} | {str(key) for key in near}
    for one in review(reading, frozenset(unsure)):
        document.report(one.loc, one.text, one.nearest)
    try:
        return calendar_of(reading, path.parent, frozenset(unsure))
    except Faults as error:
        for one in error.faults:
            document.report(one.loc, one.text, one.nearest)
    except PlantError as error:
        document.problems += error.problems
    return None


def _locs(data: Any, loc: Loc) -> list[Loc]:
    """The paths of all values."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [loc, *(found for step, value in steps for found in _locs(value, (*loc, step)))]
