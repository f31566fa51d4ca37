"""What ``observe`` and ``find`` ask of a reading file and a cleaned log, so that both can be tried by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from twin.calibrate.fitting.posterior import Prior
    from twin.calibrate.history.wall import Wall
    from twin.calibrate.rows import Rows
    from twin.core.timetable import Timetable

    Moments = NDArray[np.int64]
    """Moments, or spans of time, in whole µs."""


class ModeAsked(Protocol):
    """How the stops of a mode are to be read."""

    @property
    def clock(self) -> str:
        """working, shift, calendar or cycles."""

    @property
    def least(self) -> int:
        """Stops shorter than this never come into the log, µs."""

    @property
    def first(self) -> str:
        """Age at the start of the window: 'unknown' or 'new'."""

    @property
    def prior(self) -> Prior:
        """Of the CV of the time up."""

    @property
    def micro(self) -> bool:
        """Whether its stops are micro-stops."""


class Asked(Protocol):
    """What is asked of a reading file."""

    @property
    def assets(self) -> Mapping[str, str]:
        """Station of each asset that is named there."""

    @property
    def classes(self) -> Mapping[str, Sequence[str]]:
        """Stations whose modes of the same name lend to each other."""

    @property
    def modes(self) -> Mapping[str, object]:
        """What is said of modes, by 'mode' or by 'station.mode'; ``includes_wait`` is None where nothing is said."""

    @property
    def micro_threshold(self) -> int:
        """Stops without a mode of their own that are shorter are micro-stops, µs; 0: none is."""

    @property
    def between_state(self) -> int:
        """What a time without a row is: RUN or UNKNOWN of ``twin.calibrate.rows``."""

    def station(self, asset: str) -> str:
        """The station of an asset."""

    def mode(self, station: str, mode: str) -> ModeAsked:
        """How the stops of a mode are to be read."""

    def renews(self, task: str) -> Sequence[str]:
        """The modes whose time up starts again after a maintenance task."""

    def event_times(self) -> Sequence[tuple[str, int]]:
        """The known events with their instants, µs UTC, in order of time."""

    def timetable(self) -> Timetable | None:
        """When the plant works, on the axis of ``wall()``; None: always."""

    def wall(self) -> Wall:
        """The wall clock that ``timetable`` counts on."""


class CleanLog(Protocol):
    """A cleaned log: rows sorted by asset and start that do not overlap, all inside the window."""

    @property
    def rows(self) -> Rows:
        """The rows."""

    @property
    def cut(self) -> NDArray[np.bool_]:
        """Whether a stop still lasted when the window ended, shape (n,)."""

    @property
    def before(self) -> NDArray[np.bool_]:
        """Whether it began before the window, shape (n,)."""

    @property
    def goes_on(self) -> NDArray[np.bool_]:
        """Whether it is what is left of a row after another one that lies in it, shape (n,)."""

    @property
    def at_closing(self) -> NDArray[np.bool_]:
        """Whether a stop ends at the very moment at which the plant closes, shape (n,)."""

    @property
    def merged(self) -> NDArray[np.int64]:
        """Stops that were joined to it because they came back too soon, shape (n,)."""

    @property
    def window(self) -> tuple[int, int]:
        """µs since 1970-01-01 UTC."""


class LogFile(Protocol):
    """A file of the log."""

    @property
    def name(self) -> str:
        """As the reading file names it."""

    @property
    def sha256(self) -> str:
        """Its digest."""
