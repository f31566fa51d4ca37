"""What cleaning, ``observe`` and ``find`` ask of a reading file, so that each can be tried without a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from twin.calibrate.history.meaning import ModeRead
    from twin.calibrate.history.wall import Wall
    from twin.calibrate.rows import Rows
    from twin.core.timetable import Timetable

    Moments = NDArray[np.int64]
    """Moments, or spans of time, in whole µs."""


class Asked(Protocol):
    """What is asked of a reading file; ``twin.calibrate.history.reading.Reading`` answers it."""

    @property
    def assets(self) -> Mapping[str, str]:
        """Station of each asset that is named there."""

    @property
    def classes(self) -> Mapping[str, Sequence[str]]:
        """Stations whose modes of the same name lend to each other."""

    @property
    def modes(self) -> Mapping[str, object]:
        """The modes of which something is said, by 'mode' or by 'station.mode'."""

    @property
    def micro_threshold(self) -> int:
        """Stops without a mode of their own that are shorter are micro-stops, µs; 0: none is."""

    @property
    def between_state(self) -> int:
        """What a time without a row is: RUN or UNKNOWN of ``twin.calibrate.rows``."""

    @property
    def counters(self) -> Collection[int]:
        """The files whose rows are counts of a time, as ``Rows.file`` counts them: none is a cycle."""

    def bounds(self, rows: Rows) -> tuple[int, int]:
        """The window [begin, end), µs UTC."""

    def station(self, asset: str) -> str:
        """The station of an asset."""

    def mode(self, station: str, mode: str) -> ModeRead:
        """How the stops of a mode are to be read."""

    def renews(self, task: str) -> Sequence[str]:
        """The modes whose time up starts again after a maintenance task."""

    def event_times(self) -> Sequence[tuple[str, int]]:
        """The known events with their instants, µs UTC, in order of time."""

    def timetable(self) -> Timetable | None:
        """When the plant works, on the axis of ``wall()``; None: always."""

    def wall(self) -> Wall:
        """The wall clock that ``timetable`` counts on."""
