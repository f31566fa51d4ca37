"""What shows only when the keys of a reading file are looked at beside each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from twin.calibrate.history.meaning import MICRO, STOP, ReasonSpec
from twin.calibrate.history.wall import DOUBLED, FINE, Wall
from twin.core.problem import Fault, nearest, quoted

if TYPE_CHECKING:
    from datetime import datetime

    from twin.calibrate.history.reading import Reading
    from twin.core.problem import Loc

_NAME = re.compile(r"\w[\w-]*")


def review(reading: Reading, unsure: frozenset[str]) -> Iterator[Fault]:
    """The mistakes that no key shows alone.

    Args:
        reading: the file, without the keys that hold mistakes of their own.
        unsure: those keys; nothing is said that may stand on them.
    """
    for check, keys in _CHECKS:
        if not keys & unsure:
            yield from check(reading)


def _renewed(reading: Reading) -> Iterator[Fault]:
    modes = _modes(reading)
    for reason, spec in reading.reasons.items():
        for number, mode in enumerate(spec.renews if isinstance(spec, ReasonSpec) else ()):
            if mode not in modes:
                loc = ("reasons", reason, "renews", number)
                yield Fault(loc, f"no reason stands for the mode {quoted(mode)}", nearest(mode, modes))


def _modes(reading: Reading) -> list[str]:
    """The modes of stop."""
    return list(dict.fromkeys([*(spec.mode for spec in _specs(reading) if spec.mode), MICRO, STOP]))


def _clashes(reading: Reading) -> Iterator[Fault]:
    """A mode that is a task too, or is a micro-stop under one reason and none under another."""
    micro = dict[str, bool]()
    for reason, spec in reading.reasons.items():
        if not isinstance(spec, ReasonSpec):
            continue
        loc = ("reasons", reason)
        if spec.maintenance in [MICRO, STOP, *(one.mode for one in _specs(reading))] and spec.maintenance:
            yield Fault((*loc, "maintenance"), f"{quoted(spec.maintenance)} is a mode of stop; choose another name")
        if spec.mode and micro.setdefault(spec.mode, spec.micro_stop) != spec.micro_stop:
            which = "no micro-stop" if spec.micro_stop else "a micro-stop"
            yield Fault(loc, f"the mode {quoted(spec.mode)} is {which} under another reason; give it another name")


def _specs(reading: Reading) -> Iterator[ReasonSpec]:
    yield from (spec for spec in reading.reasons.values() if isinstance(spec, ReasonSpec))


def _read_modes(reading: Reading) -> Iterator[Fault]:
    """Keys of 'modes' that name no mode, or no station."""
    modes, stations = _modes(reading), _stations(reading)
    for key, spec in reading.modes.items():
        station, _, mode = key.rpartition(".")
        if mode not in modes:
            near = nearest(mode, modes)
            yield Fault(("modes", key), f"no reason stands for the mode {quoted(mode)}", _joined(station, near))
        elif station and stations and station not in stations:
            near = nearest(station, stations)
            yield Fault(("modes", key), f"no asset is the station {quoted(station)}", near and f"{near}.{mode}")
        if spec.clock == "shift" and reading.calendar is None and reading.layout is None:
            text = "the clock 'shift' runs while the plant works; write 'calendar:', or 'clock: calendar'"
            yield Fault(("modes", key, "clock"), text)


def _joined(station: str, mode: str | None) -> str | None:
    return mode if not station or mode is None else f"{station}.{mode}"


def _stations(reading: Reading) -> list[str]:
    return list(dict.fromkeys(reading.assets.values()))


def _station_names(reading: Reading) -> Iterator[Fault]:
    for asset, station in reading.assets.items():
        if not _NAME.fullmatch(station):
            yield Fault(("assets", asset), f"{quoted(station)} is no name; use letters, digits, '_' and '-'")


def _renames(reading: Reading) -> Iterator[Fault]:
    """Two names of one machine, of which one must count."""
    for old, new in reading.renamed.items():
        if new in reading.renamed:
            yield Fault(("renamed", old), f"{quoted(new)} is itself another name; write the name that counts")
        elif old in reading.assets:
            yield Fault(("assets", old), f"{quoted(old)} is only another name of {quoted(new)}; leave it out here")
        elif not reading.knows(new):
            yield Fault(("renamed", old), f"'assets' has no {quoted(new)}", nearest(new, reading.assets))


def _class_members(reading: Reading) -> Iterator[Fault]:
    stations, seen = _stations(reading), dict[str, str]()
    for name, members in reading.classes.items():
        for number, station in enumerate(members):
            loc: Loc = ("classes", name, number)
            if stations and station not in stations:
                yield Fault(loc, f"no asset is the station {quoted(station)}", nearest(station, stations))
            elif station in seen:
                yield Fault(loc, f"{quoted(station)} is already in the class '{seen[station]}'; keep one")
            seen.setdefault(station, name)


def _zones(reading: Reading) -> Iterator[Fault]:
    """Moments on a wall clock that nobody names, or that it never shows."""
    moments: list[tuple[Loc, datetime]] = [(("events", name), at) for name, at in reading.events.items()]
    if reading.window:
        moments += [(("window", "from"), reading.window.begin), (("window", "to"), reading.window.end)]
    zones = sorted({one.time_zone for one in reading.history if one.time_zone})
    if reading.time_zone is None and len(zones) != 1:
        text = "needs 'time_zone:' at the top, such as 'time_zone: Europe/Paris'"
        yield from (Fault(loc, text) for loc, _ in moments)
        return
    for loc, at in moments:
        if not 1970 < at.year < 2199:
            yield Fault(loc, f"{quoted(at)} lies outside the years 1971 to 2198")
            continue
        trouble = Wall(reading.zone).instant(at).trouble[0]
        if trouble != FINE:
            how = "comes twice" if trouble == DOUBLED else "does not exist"
            yield Fault(loc, f"{quoted(at)} {how} in {reading.zone}, where clocks change; choose another time")


_CHECKS: tuple[tuple[Callable[[Reading], Iterator[Fault]], frozenset[str]], ...] = (
    (_renewed, frozenset({"reasons"})),
    (_clashes, frozenset({"reasons"})),
    (_read_modes, frozenset({"reasons", "modes", "assets", "calendar", "layout"})),
    (_station_names, frozenset({"assets"})),
    (_renames, frozenset({"assets", "renamed"})),
    (_class_members, frozenset({"assets", "classes"})),
    (_zones, frozenset({"time_zone", "history", "window", "events"})),
)
"""Each look, with the keys that it stands on."""
