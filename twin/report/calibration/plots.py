"""The figures of a calibration by name: what ``calibration.plot`` is in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.core.problem import nearest, quoted
from twin.report.words import Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from twin.calibrate.found import Findings


class Plots:
    """The figures of a calibration; each is a matplotlib Figure."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def mode(self, name: str, lang: Lang = "en") -> Figure:
        """The diagnosis of a mode on one page, such as that of 'mill.spindle'.

        Raises:
            KeyError: there is no such mode; the nearest one is named.
        """
        from twin.report.calibration import diagnostics

        known = {one.name: one for one in self._findings.modes}
        if name not in known:
            near = nearest(name, known)
            there = f"did you mean {quoted(near)}?" if near else f"there are {', '.join(known) or 'none'}"
            raise KeyError(f"no mode {quoted(name)}; {there}")
        return diagnostics.mode(known[name], lang=lang)

    def modes(self, lang: Lang = "en") -> list[Figure]:
        """Mean time up and mean repair of every mode with 90 % intervals; a figure for each 30 modes."""
        from twin.report.calibration import forest

        return forest.modes(self._findings, lang=lang)

    def times(self, lang: Lang = "en") -> list[Figure]:
        """Cycles, set-ups, maintenance and shares with 90 % intervals; a figure for each 30 of them."""
        from twin.report.calibration import forest

        return forest.others(self._findings, lang=lang)
