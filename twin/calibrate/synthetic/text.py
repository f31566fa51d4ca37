"""Made-up logs as files, in each form that can be read, and the reading file that goes with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from twin.calibrate.history.wall import EPOCH
from twin.calibrate.rows import MICRO_STOP, NONE, OPEN, PLANNED, STATES
from twin.calibrate.synthetic.rows import Code, Lines
from twin.core.unit import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from twin.calibrate.synthetic.truth import Dirt, Hours, Machine, Truth

    Ints = NDArray[np.int64]

_QUARTER, _HOUR, _DAY = 900_000_000, 3_600_000_000, 86_400_000_000


class Walled(NamedTuple):
    """Instants on a wall clock."""

    local: Ints
    """µs since 1970-01-01 of that clock; ``OPEN`` stays."""
    doubled: NDArray[np.bool_]
    """The clock shows it twice."""
    missing: NDArray[np.bool_]
    """The clock never shows it: the logger's had not changed yet."""


def walled(utc: Ints, zone: str, old_clock: bool) -> Walled:
    """Times of a wall clock; zones change at full quarters of an hour."""
    given = utc != OPEN
    filled = np.where(given, utc, utc.min(initial=OPEN) if given.any() else 0)
    now, before, later = (_offsets(filled + by, zone) for by in (0, -_HOUR, _HOUR))
    sprung = given & (now > before)
    offset = np.where(sprung, before, now) if old_clock else now
    doubled = given & ((now < before) | (now > later))
    return Walled(np.where(given, utc + offset, OPEN), doubled, sprung & old_clock)


def _offsets(utc: Ints, zone: str) -> Ints:
    """How far the clock is ahead, µs."""
    if not len(utc):
        return utc
    quarter, ahead = _turns(zone, int(utc.min() // _DAY), int(utc.max() // _DAY) + 1)
    return np.array(ahead, np.int64)[np.searchsorted(quarter, utc // _QUARTER, "right") - 1]


@lru_cache(maxsize=64)
def _turns(zone: str, first: int, last: int) -> tuple[list[int], list[int]]:
    """From which quarter on the clock is how far ahead, between two days, both counted from 1970."""
    quarters, ahead = [first * 96], [_ahead(first * 96, zone)]
    for day in range(first, last):
        if _ahead((day + 1) * 96, zone) != ahead[-1]:
            quarters.append(next(q for q in range(day * 96, day * 96 + 97) if _ahead(q, zone) != ahead[-1]))
            ahead.append(_ahead(quarters[-1], zone))
    return quarters, ahead


def _ahead(quarter: int, zone: str) -> int:
    utc = (EPOCH + timedelta(microseconds=quarter * _QUARTER)).replace(tzinfo=UTC)
    return (utc.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) // timedelta(microseconds=1)


def moments(local: Ints, dirt: Dirt) -> list[str]:
    """Times as they are written; '' for those that are not given."""
    unit: Literal["s", "us"] = "s" if dirt.resolution and dirt.resolution % 1 == 0 else "us"
    given = local != OPEN
    iso = np.datetime_as_string(np.where(given, local, 0).astype("datetime64[us]"), unit=unit)
    if dirt.french:
        letters = iso.view("U1").reshape(len(iso), -1)
        slash, space = np.full((len(iso), 1), "/"), np.full((len(iso), 1), " ")
        day, month, year, clock = letters[:, 8:10], letters[:, 5:7], letters[:, :4], letters[:, 11:]
        parts = np.concatenate([day, slash, month, slash, year, space, clock], axis=1)
        iso = np.ascontiguousarray(parts).view(f"U{parts.shape[1]}").ravel()
    return [text if one else "" for text, one in zip(iso.tolist(), given.tolist(), strict=True)]


def table(columns: Mapping[str, Sequence[object]], dirt: Dirt) -> str:
    """A CSV."""
    separator = ";" if dirt.french else ","
    rows = map(separator.join, zip(*(map(str, column) for column in columns.values()), strict=True))
    return "\n".join([separator.join(columns), *rows, ""])


def intervals(
    lines: Lines, machines: Sequence[Machine], words: Sequence[str], walls: dict[str, Walled], dirt: Dirt
) -> str:
    """A list of stops."""
    columns: dict[str, Sequence[object]] = {
        "Machine": [machines[asset].asset for asset in lines.asset.tolist()],
        "From": moments(walls["start"].local, dirt),
        "To": moments(walls["end"].local, dirt),
        "Code": [words[code] for code in lines.code.tolist()],
    }
    if tells_product(machines):
        names = [(*machine.products, "") for machine in machines]
        pairs = zip(lines.asset.tolist(), lines.product.tolist(), strict=True)
        columns["Product"] = [names[asset][product] if product != NONE else "" for asset, product in pairs]
    if tells_repair(machines):
        columns["RepairFrom"] = moments(walls["repair_start"].local, dirt)
    if tells_restart(machines):
        columns["RepairTo"] = moments(walls["repair_end"].local, dirt)
    return table(columns, dirt)


def tells_product(machines: Iterable[Machine]) -> bool:
    """Whether the log names products."""
    return any(machine.products for machine in machines)


def tells_repair(machines: Iterable[Machine]) -> bool:
    """Whether the log tells when repairers began."""
    return tells_restart(machines) or any(mode.response for machine in machines for mode in machine.modes)


def tells_restart(machines: Iterable[Machine]) -> bool:
    """Whether the log tells when repairs were done, apart from the end of the stop."""
    return any(mode.restarting for machine in machines for mode in machine.modes)


# -- the reading file


def reading(truth: Truth, dirt: Dirt, codes: Sequence[Code], words: Sequence[str], file: str) -> str:
    """The reading file of a list of stops; misspelt codes are listed with what they stand for."""
    blocks = [
        f"# How to read {file}: SYNTHETIC data, made by twin.calibrate.synthetic.made.",
        "twin: 1\ncalibration: A made-up history",
        f"history:\n{history_item(truth, dirt, file)}",
        f"window: {{from: {_minute(truth.start)}, to: {_minute(truth.start + timedelta(days=truth.days))}}}",
        f"time_zone: {truth.zone}\nbetween: run",
        _calendar(truth.machines),
        "assets:\n" + "\n".join(f"  {machine.asset}: {machine.station}" for machine in truth.machines),
        "reasons:\n" + "\n".join(reasons(codes, words)),
        "modes:\n" + "\n".join(modes(truth, dirt)) if any(m.modes for m in truth.machines) else "",
        "seed: 7",
    ]
    return "\n".join(block for block in blocks if block) + "\n"


def history_item(truth: Truth, dirt: Dirt, file: str) -> str:
    """The entry of the list of stops in the reading file."""
    columns = {"asset": "Machine", "start": "From", "end": "To", "reason": "Code"}
    if tells_product(truth.machines):
        columns["product"] = "Product"
    if tells_repair(truth.machines):
        columns["repair_start"] = "RepairFrom"
    if tells_restart(truth.machines):
        columns["repair_end"] = "RepairTo"
    told = ", ".join(f"{ours}: {theirs}" for ours, theirs in columns.items())
    lines = [f"  - file: {file}", f"    columns: {{{told}}}", f"    time_zone: {truth.zone}"]
    if dirt.french:
        fraction = "" if dirt.resolution and dirt.resolution % 1 == 0 else ".%f"
        lines += [f'    time_format: "%d/%m/%Y %H:%M:%S{fraction}"', '    separator: ";"', '    decimal: ","']
    return "\n".join(lines)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _calendar(machines: Sequence[Machine]) -> str:
    """The hours of the plant; all machines that have some share them."""
    hours = next((machine.hours for machine in machines if machine.hours is not None), None)
    return "" if hours is None else f"calendar: shifts\ncalendars:\n  shifts:\n{calendar(hours)}"


def calendar(hours: Hours) -> str:
    """Hours in the plant language, indented below a name."""
    week = f"    week: {{{hours.days}: [{', '.join(hours.shifts)}]}}"
    return f"{week}\n    breaks: [{', '.join(hours.breaks)}]" if hours.breaks else week


def reasons(codes: Sequence[Code], words: Sequence[str]) -> list[str]:
    """What each code stands for, then what the misspelt ones do."""
    meant = [_meaning(code) for code in codes]
    wrong = words[len(codes) :]
    lines = [f"  {code.code}: {text}" for code, text in zip(codes, meant, strict=True)]
    return lines + [f"  {word}: {meant[i // 2]}  # misspelt" for i, word in enumerate(wrong)]


def _meaning(code: Code) -> str:
    if not code.mode:
        return STATES[code.state]
    if code.state == PLANNED:
        renews = f", renews: [{', '.join(code.renews)}]" if code.renews else ""
        return f"{{maintenance: {code.mode}{renews}}}"
    return f"{{mode: {code.mode}, micro_stop: true}}" if code.state == MICRO_STOP else f"{{mode: {code.mode}}}"


def modes(truth: Truth, dirt: Dirt) -> list[str]:
    """How each mode is to be read."""
    waits = "" if tells_repair(truth.machines) else ", includes_wait: false"
    least = f", least: {show(dirt.least, 'time')}" if dirt.least else ""
    first = "new" if truth.before == 0 else "unknown"
    found: dict[str, str] = {}
    for machine in truth.machines:
        for mode in machine.modes:
            restart = f", restart: {show(mode.restart, 'time')}" if mode.restart else ""
            line = f"  {machine.station}.{mode.name}: {{clock: {mode.clock}{restart}{waits}{least}, first: {first}}}"
            found.setdefault(f"{machine.station}.{mode.name}", line)
    return list(found.values())
