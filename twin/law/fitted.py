"""What a calibration found: laws and shares of a fitted file, which a layout takes by reference.

A fitted file is YAML, a map from names to what was found of each, with the law as the plant language writes it and
what speaks for it beside it (``interval90``, ``weights``, ``evidence``, ``source`` …, which nothing here reads; what
looks like a misspelt key that is read is a mistake all the same):

    mill.spindle:
      clock: working
      up:     {weibull: {mean: 41.2 h, cv: 1.08}, interval90: [30.1 h, 58.7 h]}
      repair: {lognormal: {mean: 17.4 min, cv: 0.93}, includes_wait: true}
    mill.cycle: {normal: {mean: 41 s, sd: 5 s}}
    mill.scrap: {share: 1.9 %}

Where too few times were seen to name a law, mean and CV stand without one (``up: {mean: 41.2 h, cv: 1.08, law: cannot
tell}``) and are drawn from the gamma law, which is exponential at CV 1.

A reference is ``FILE#NAME``, the file as seen from the layout's folder; ``{from: FILE#NAME, scale: 0.8}`` multiplies a
law or a share by a factor, and its draws too. What it gives remembers the entry
(``twin.core.origin``), so that the plan knows its uncertain inputs and the files that they stand on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, get_args

from pydantic import PrivateAttr

from twin.core.file import first_bytes
from twin.core.language import language_of
from twin.core.origin import Origin, Told
from twin.core.problem import Fault, Faults, Loc, PlantError, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import kinds
from twin.core.text import MAX_BYTES, Document, parse, read
from twin.core.unit import check_range, show
from twin.core.unit import parse as parse_quantity
from twin.law.law import FROM, Law, LawOf, Moments, read_factor
from twin.law.scaled import scaled

EXAMPLE = "../calibration/mill.fitted.yaml#mill.spindle"
Clock = Literal["working", "shift", "calendar", "cycles"]
"""What the times up of a breakdown are counted on."""
CLOCKS: tuple[str, ...] = get_args(Clock)
STAND_IN = "gamma"
"""The law that mean and CV without a law are drawn from."""
SHOWN = 6
"""Entries that are named where the one that is asked for is not there."""


class Reference(NamedTuple):
    """A name in a fitted file."""

    file: str
    name: str

    def __str__(self) -> str:
        return f"{self.file}#{self.name}"


def read_reference(value: object) -> Reference:
    """A reference from its text."""
    if isinstance(value, str):
        file, mark, name = value.partition("#")
        if file and mark and name:
            return Reference(file, name)
    raise fault(f"a fitted file and a name in it is due, such as '{EXAMPLE}', not {received(value)}")


def entry(folder: Path, reference: Reference) -> Any:
    """What a fitted file says of a name.

    Raises:
        Faults: there is no such file or name, or it is no fitted file.
    """
    file, data = quoted(reference.file), _data(folder, reference.file)
    if reference.name not in data:
        meant = nearest(reference.name, data)
        there = "" if meant else _say_entries(list(data))
        raise fault(f"{file} has no entry {quoted(reference.name)}{there}", meant)
    return data[reference.name]


def _say_entries(known: list[str]) -> str:
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f"; it has {', '.join(map(quoted, known[:SHOWN]))}{more}" if known else "; it is empty"


class Beside(NamedTuple):
    """What stands beside the laws of a breakdown."""

    clock: str | None = None
    """What the times up were counted on; None: it is not said."""
    includes_wait: bool = False
    """Whether the repair times hold the wait for people."""
    micro_stop: bool = False
    """Whether the stops were logged as micro-stops."""


def beside_laws(folder: Path, reference: Reference, *, whole: bool) -> Beside:
    """What an entry says beside its laws, if it is a breakdown; as a ``whole`` it must be one.

    Raises:
        Faults: there is no such entry, or a word in it is not known.
    """
    found, where = entry(folder, reference), _where(reference)
    said = _beside(found, where) if _is_breakdown(found) or (whole and isinstance(found, dict)) else Beside()
    missing = [key for key in ("up", "repair") if not isinstance(found, dict) or key not in found]
    if whole and missing:
        raise fault(f"{where} has no {quoted(missing[0])}; a breakdown has the laws 'up' and 'repair'")
    return said


def _where(reference: Reference) -> str:
    return f"entry {quoted(reference.name)} of {quoted(reference.file)}"


def _is_breakdown(found: Any) -> bool:
    return isinstance(found, dict) and not {"up", "repair"}.isdisjoint(found)


def _beside(found: dict[str, Any], where: str) -> Beside:
    """The words of a breakdown beside its laws; raises Faults where one is not known."""
    _check_words(found, ("clock", "up", "repair"), where)
    clock = found.get("clock")
    if "clock" in found and clock not in CLOCKS:
        text = f"{where}: clock: {received(clock)} is not one of {', '.join(CLOCKS)}"
        raise fault(text, nearest(clock, CLOCKS))
    repair = found.get("repair")
    waits = repair.get("includes_wait", False) if isinstance(repair, dict) else False
    if isinstance(repair, dict):
        _check_words(repair, ("includes_wait",), f"'repair' of {where}")
    if not isinstance(waits, bool):
        raise fault(f"'repair' of {where}: includes_wait: true or false is due, not {received(waits)}")
    evidence = found.get("evidence")
    micro = isinstance(evidence, dict) and evidence.get("micro_stop") is True
    return Beside(clock, waits, micro)


def _check_words(value: dict[str, Any], words: Iterable[str], where: str) -> None:
    """Refuse a key that seems to be one of ``words`` that is missing; other keys are evidence for readers."""
    known = tuple(words)
    for key in [key for key in value if key not in known]:
        if meant := nearest(key, [word for word in known if word not in value]):
            raise fault(f"{where}: unknown key {quoted(key)}", meant)


def _data(folder: Path, file: str) -> dict[str, Any]:
    path = folder / file
    if not _is_there(path):
        there = sorted(one.name for one in path.parent.glob("*.yaml")) if _is_there(path.parent) else []
        meant = nearest(path.name, there)
        raise fault(f"there is no file {quoted(file)}", str(Path(file).with_name(meant)) if meant else None)
    try:
        document = _document(path)
    except PlantError as error:
        raise fault(f"{quoted(file)} {error.problems[0].text}") from None
    if document.problems:
        first = document.problems[0]
        raise fault(f"{quoted(file)} is no fitted file: line {first.mark.line}: {first.text}")
    if isinstance(document.data, dict) and "twin" in document.data:
        what = "reading file" if language_of(document.data) == "reading" else "layout"
        raise fault(f"{quoted(file)} is a {what}, not a fitted file")
    if not isinstance(document.data, dict):
        raise fault(f"{quoted(file)} is no fitted file: a map of names such as 'mill.spindle' is due")
    return document.data


def check_fitted_file(folder: Path, file: str) -> None:
    """Raise Faults unless ``file``, as seen from ``folder``, is a fitted file."""
    _data(folder, file)


def _document(path: Path) -> Document:
    """The file as plain data, which nobody changes; parsed once, however many references it has."""
    try:
        return _parsed(first_bytes(path, MAX_BYTES + 1), str(path))
    except OSError:
        return read(path)  # says why


@lru_cache(maxsize=4)
def _parsed(data: bytes, file: str) -> Document:
    return parse(data, file)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


class Fitted(Law):
    """The law of a fitted file; unknown until ``resolve`` has read it."""

    NAME: ClassVar[str] = "from"

    file: str
    name: str
    scale: float = 1.0

    _reader: LawOf = PrivateAttr()

    @classmethod
    def of(cls, value: dict[str, Any], reader: LawOf) -> Fitted:
        """The law that ``value``, {from: FILE#NAME}, refers to, of the kind that a field reads."""
        scale = read_factor(value)
        try:
            law = cls(**read_reference(value[FROM])._asdict(), scale=scale)
        except Faults as error:
            raise Faults(*(one._replace(loc=(cls.NAME, *one.loc)) for one in error.faults)) from None
        law._reader = reader
        return law

    def files(self) -> tuple[str, ...]:
        return (self.file,)

    def resolve(self, folder: Path) -> Law:
        reference = Reference(self.file, self.name)
        try:
            found = entry(folder, reference)
            law = law_in(found, reference, self._reader, self.scale)
        except Faults as error:
            raise Faults(*(one._replace(loc=(self.NAME,)) for one in error.faults)) from None
        part = self._reader.fitted if _is_breakdown(found) else ""
        return law.resolve((folder / self.file).parent).taken_from(origin_of(found, reference, part), self.scale)

    def moments(self) -> Moments:
        return Moments(math.nan, math.nan)

    def params(self, folder: Path) -> tuple[float, ...]:
        return self.resolve(folder).params(folder)

    def words(self) -> str:
        return f"from {self.file}#{self.name}" + (f" × {self.scale:g}" if self.scale != 1 else "")


def law_in(found: Any, reference: Reference, reader: LawOf, scale: float = 1.0) -> Law:
    """The law of an entry, scaled; of a breakdown the one that the field is for (``up`` or ``repair``).

    Raises:
        Faults: there is none, or it is not what the field reads.
    """
    where, value = _where(reference), found
    if _is_breakdown(found):
        _beside(found, where)
        if reader.fitted not in found:
            what = f"has no {quoted(reader.fitted)}" if reader.fitted else "is a breakdown, not one law"
            raise fault(f"{where} {what}")
        value, where = found[reader.fitted], f"{quoted(reader.fitted)} of {where}"
    laws = {key: one for key, one in value.items() if key in kinds("law")} if isinstance(value, dict) else value
    if isinstance(value, dict) and not laws and {"mean", "cv"} <= value.keys():
        laws = {STAND_IN: {key: value[key] for key in ("mean", "cv")}}
    if isinstance(value, dict) and not laws:
        _check_words(value, kinds("law"), where)
    if isinstance(value, dict) and len(laws) != 1:
        raise fault(f"{where} holds {len(laws) or 'no'} laws; one such as 'weibull: {{mean: 41 h, cv: 1.1}}' is due")
    try:
        law = reader.read(scaled(laws, scale) if scale != 1 else laws)
    except Faults as error:
        raise Faults(*(Fault((), f"{where}: {one.text}", one.nearest) for one in error.faults)) from None
    assert isinstance(law, Law)
    return law


def origin_of(found: Any, reference: Reference, part: str) -> Origin:
    """Where a law or a share comes from, with the files that its ``source`` names."""
    source = found.get("source") if isinstance(found, dict) else None
    if not isinstance(source, dict):
        return Origin(*reference, part)
    files = source.get("files")
    told = [source, *(files if isinstance(files, list) else [])]
    told.append({"file": source.get("reading"), "sha256": source.get("reading_sha256")})
    read = [(one.get("file"), one.get("sha256")) for one in told if isinstance(one, dict)]
    known = [Told(file, sha) for file, sha in read if isinstance(file, str) and isinstance(sha, str) and file]
    layout, hours = source.get("layout"), source.get("hours_sha256")
    known += [Told(layout, hours, hours=True)] if isinstance(layout, str) and isinstance(hours, str) and layout else []
    date = source.get("date")
    return Origin(*reference, part, tuple(known), date if isinstance(date, str) else "")


class KnownShare(float):
    """A share of a fitted file, 0…1, that remembers where it comes from."""

    origin: Origin
    factor: float
    """What the share of the file was scaled by."""

    @classmethod
    def of(cls, share: float, origin: Origin, factor: float = 1.0) -> KnownShare:
        """The share, scaled already, with its origin."""
        known = cls(share)
        known.origin, known.factor = origin, factor
        return known


class FittedShare(NamedTuple):
    """A share of a fitted file."""

    reference: Reference
    scale: float = 1.0

    @classmethod
    def of(cls, value: dict[str, Any]) -> FittedShare:
        """The share that ``value``, {from: FILE#NAME}, refers to."""
        scale = read_factor(value)
        try:
            return cls(read_reference(value[FROM]), scale)
        except Faults as error:
            raise Faults(*(one._replace(loc=(FROM,)) for one in error.faults)) from None

    def resolve(self, names: Any, loc: Loc) -> float:
        """The share, 0…1; 0 after a problem, which is reported to ``names`` at ``loc``."""
        names.file(self.reference.file)
        try:
            found = entry(names.folder, self.reference)
            origin = origin_of(found, self.reference, "share")
            return KnownShare.of(self._read(found), origin, self.scale)
        except Faults as error:
            for one in error.faults:
                names.problem((*loc, "from"), one.text, one.nearest)
            return 0.0

    def _read(self, found: Any) -> float:
        value = found.get("share") if isinstance(found, dict) else found
        where = _where(self.reference)
        if isinstance(found, dict):
            _check_words(found, ("share",), where)
        if value is None:
            raise fault(f"{where} holds no share; one such as 'share: 1.9 %' is due")
        try:
            share = parse_quantity(value, "share") * self.scale
            check_range(share, show(share, "share"), "share", 0.0, 1.0)
        except Faults as error:
            raise Faults(*(Fault((), f"{where}: {one.text}") for one in error.faults)) from None
        return share
