"""What the words of a log mean: reasons, and how the modes that they stand for are to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from twin.calibrate.fitting.posterior import Prior
from twin.calibrate.rows import (
    BLOCKED,
    BREAKDOWN,
    MICRO_STOP,
    NO_OPERATOR,
    OFF_SHIFT,
    PLANNED,
    RUN,
    SETUP,
    STARVED,
    UNKNOWN,
)
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec, build
from twin.core.unit import Quantity
from twin.law.fitted import Clock

WORDS = {
    "run": RUN,
    "setup": SETUP,
    "planned": PLANNED,
    "starved": STARVED,
    "blocked": BLOCKED,
    "no_operator": NO_OPERATOR,
    "off_shift": OFF_SHIFT,
    "unknown": UNKNOWN,
}
"""What a reason may stand for in one word."""
IGNORE = "ignore"
"""Rows with this reason are left out, as if they did not stand there."""
MICRO = "micro"
"""The mode of short stops that have none of their own."""
STOP = "stop"
"""The mode of stops of which neither a reason nor a state is logged."""
_NAME = re.compile(r"\w[\w-]*")


class Meaning(NamedTuple):
    """What a reason stands for."""

    state: int
    """Index in ``STATES``."""
    mode: str = ""
    """The breakdown mode or the maintenance task; empty for the others."""
    ignored: bool = False


class ModeRead(NamedTuple):
    """How a mode is to be read."""

    clock: str
    """working, shift, calendar or cycles."""
    restart: int
    """Stops nearer to each other than this are one, µs."""
    includes_wait: bool
    """Whether whole stops hold the wait for people."""
    least: int
    """Shorter stops are not logged, µs."""
    first: str
    """'unknown': the age at the start of the window is not known; 'new': it is 0."""
    prior: Prior
    micro: bool
    """Whether its stops are micro-stops."""


class ReasonSpec(Spec):
    """A reason that is a mode of stop or a maintenance task."""

    mode: str | None = None
    """The mode of stop."""
    micro_stop: bool = False
    """Whether its stops are micro-stops."""
    maintenance: str | None = None
    """The maintenance task."""
    renews: list[str] = Field(default_factory=list)
    """Modes whose clock starts again after the maintenance."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise Faults(*faults)
        return self

    def _faults(self) -> Iterator[Fault]:
        if (self.mode is None) == (self.maintenance is None):
            yield Fault((), "either 'mode' or 'maintenance' is due")
        if self.maintenance is not None and self.micro_stop:
            yield Fault(("micro_stop",), "maintenance is no micro-stop")
        if self.mode is not None and self.renews:
            yield Fault(("renews",), "only maintenance renews; a repair always starts the clock of its own mode again")
        for key in ("mode", "maintenance"):
            if (name := getattr(self, key)) is not None and not _NAME.fullmatch(name):
                yield Fault((key,), f"{quoted(name)} is no name; use letters, digits, '_' and '-'")

    def meaning(self) -> Meaning:
        """What it stands for."""
        if self.maintenance is not None:
            return Meaning(PLANNED, self.maintenance)
        return Meaning(MICRO_STOP if self.micro_stop else BREAKDOWN, self.mode or "")


def read_reason(value: object) -> ReasonSpec | str:
    """What a reason is: one word, or a map with 'mode' or 'maintenance'."""
    if isinstance(value, dict):
        return build(ReasonSpec, value)
    words = [*WORDS, IGNORE]
    if value in words:
        return str(value)
    near = nearest(value, words)
    hint = "" if near else "; a stop is written '{mode: NAME}'"
    raise fault(f"{received(value)} is not one of {', '.join(words)}{hint}", near)


class PriorSpec(Spec):
    """What is believed of the CV of a mode before the log is seen."""

    cv: Annotated[float, Field(gt=0.01, le=20)] = 1.0
    """Median of the CV."""
    sd: Annotated[float, Field(gt=0.01, le=3)] = 0.6
    """Standard deviation of ln CV."""


class ModeSpec(Spec):
    """How a mode is to be read."""

    clock: Clock = "working"
    """The clock on which it ages."""
    restart: Annotated[float, Quantity("time")] = 0.0
    """Stops nearer to each other than this are one."""
    includes_wait: bool = True
    """Whether a stop begins with the wait for people; where the log tells when the repairer began, the repair counts
    from there and holds none."""
    least: Annotated[float, Quantity("time")] = 0.0
    """Shorter stops are not logged."""
    first: Literal["unknown", "new"] = "unknown"
    """The age of the mode at the start of the window."""
    prior: PriorSpec = PriorSpec()
    """What is believed of its CV before the log is seen."""


Meant = Annotated[Any, Reader(read_reason, lambda: {"anyOf": [{"enum": [*WORDS, IGNORE]}, {"type": "object"}]})]
