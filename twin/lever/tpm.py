"""TPM: machines that fail more rarely and are repaired sooner."""

from __future__ import annotations

from twin.core.problem import fault, nearest, quoted
from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import ActionOf, Lever, Plant, some_of

SECTIONS = ("stations", "conveyors")


@register("lever", "tpm")
class Tpm(Lever):
    """Breakdowns that come more rarely or are repaired sooner: of one mode, or of all modes of a station.

    Expands to ``stations.STATION.breakdowns.MODE.mtbf`` and ``….mttr``, each with the action that is written; a factor
    of all modes that is uncertain is one draw.

    levers:
      daily_care:
        tpm: {station: press, mode: jam, mtbf: {scale: {pert: [1.2, 1.5, 2.0]}}, mttr: {scale: 0.8}}
      all_modes:
        tpm: {station: press, mtbf: {scale: 1.2}}

    Reference: Nakajima, Introduction to TPM.
    """

    station: str
    """The station, or the conveyor."""
    mode: str | None = None
    """One of its breakdowns; default all of them."""
    mtbf: ActionOf | None = None
    """Time up between failures: a factor {scale: 1.5}, or a new law."""
    mttr: ActionOf | None = None
    """Time to repair: a factor {scale: 0.8}, or a new law."""

    def changes(self, plant: Plant) -> list[Change]:
        section = plant.where(self.station, "station", *SECTIONS)
        around, given = (section, self.station, "breakdowns"), some_of(self, "mtbf", "mttr")
        known = plant.value(*around)
        modes = list(known) if isinstance(known, dict) else []
        if not modes:
            raise fault(f"{quoted(self.station)} has no breakdowns", loc=("station",))
        if self.mode is not None and self.mode not in modes:
            raise fault(
                f"{quoted(self.station)} has no breakdown {quoted(self.mode)}", nearest(self.mode, modes), ("mode",)
            )
        chosen = modes if self.mode is None else [self.mode]
        paths = [(*around, mode, key) for mode in chosen for key in given]
        return [Change(path, getattr(self, path[-1]), path[-1:], self._stream(path[-1])) for path in paths]

    def _stream(self, key: str) -> str:
        """One factor of all modes is one draw."""
        return f"tpm.{self.station}.{key}" if self.mode is None else ""
