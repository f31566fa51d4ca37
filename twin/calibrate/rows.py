"""The canonical table: what a log says, one row an interval of one asset, whatever form it was written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.law.law import Floats

STATES = (
    "run",
    "breakdown",
    "micro_stop",
    "setup",
    "planned_stop",
    "starved",
    "blocked",
    "no_operator",
    "off_shift",
    "unknown",
)
"""What a machine may be logged as."""
RUN, BREAKDOWN, MICRO_STOP, SETUP, PLANNED, STARVED, BLOCKED, NO_OPERATOR, OFF_SHIFT, UNKNOWN = range(len(STATES))
OPEN = np.iinfo(np.int64).max
"""The end of an interval that the log leaves open, and a moment that it does not give."""
NONE = -1
"""No reason, mode or product."""


class Rows(NamedTuple):
    """Intervals as numpy columns, all of shape (n,); times in whole µs since 1970-01-01 00:00 UTC."""

    assets: tuple[str, ...]
    """Names of the assets as logged; ``asset`` counts in them."""
    reasons: tuple[str, ...]
    """Reasons as logged; ``reason`` counts in them."""
    modes: tuple[str, ...]
    """Names of the modes of stop and of the maintenance tasks of the reading file; ``mode`` counts in them."""
    products: tuple[str, ...]
    """Names of products; ``product`` counts in them."""
    asset: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    """``OPEN`` where the log gives no end."""
    state: NDArray[np.int8]
    """Index in ``STATES``."""
    reason: NDArray[np.int32]
    """``NONE`` where no reason is given."""
    mode: NDArray[np.int32]
    """Which breakdown mode or maintenance task the reason stands for; ``NONE`` for the others."""
    product: NDArray[np.int32]
    """What is made (in a set-up: what is made after it); ``NONE`` where it is not said."""
    parts: Floats
    """Parts made in the interval, good and bad; NaN where nothing was counted."""
    scrap: Floats
    """Parts scrapped of them; NaN where not counted."""
    rework: Floats
    """Parts sent to rework of them; NaN where not counted."""
    repair_start: NDArray[np.int64]
    """When the repairer began, of a stop; ``OPEN`` where it is not given."""
    repair_end: NDArray[np.int64]
    """When the repair was done (what follows is restarting); ``OPEN`` where it is not given."""
    file: NDArray[np.int32]
    """Which file of the reading file it stands in."""
    source_row: NDArray[np.int64]
    """Row in that file as an editor or a spreadsheet counts it: 1 is the line of headings."""

    @property
    def n(self) -> int:
        """How many intervals."""
        return len(self.start)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Rows:
        """Some of the rows, in the order of ``index``."""
        return self._replace(**{name: getattr(self, name)[index] for name in COLUMNS})


COLUMNS = tuple(name for name in Rows._fields if name not in ("assets", "reasons", "modes", "products"))
"""The names of the columns of ``Rows``."""


def empty() -> Rows:
    """A table without rows."""
    whole, moment, real = np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0)
    return Rows(
        (), (), (), (), whole, moment, moment, np.empty(0, np.int8), whole, whole, whole, real, real, real,
        moment, moment, whole, moment,
    )  # fmt: skip
