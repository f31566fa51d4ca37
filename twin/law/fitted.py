"""What a calibration found: laws and shares of a fitted file, which a layout takes by reference.

A fitted file is YAML, a map from names to what was found of each, with the law as the plant language writes it and
what speaks for it beside it (``interval90``, ``weights``, ``evidence``, ``source`` …, which nothing here reads):

    mill.spindle:
      clock: working
      up:     {weibull: {mean: 41.2 h, cv: 1.08}, interval90: [30.1 h, 58.7 h]}
      repair: {lognormal: {mean: 17.4 min, cv: 0.93}, includes_wait: true}
    mill.cycle: {normal: {mean: 41 s, sd: 5 s}}
    mill.scrap: {share: 1.9 %}

A reference is ``FILE#NAME``, the file as seen from the layout's folder.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from pydantic import PrivateAttr

from twin.core.problem import Fault, Faults, PlantError, fault, nearest, quoted
from twin.core.spec import kinds, received
from twin.core.text import read
from twin.core.unit import check_range, parse
from twin.law.law import Law, LawOf, Moments

EXAMPLE = "../calibration/mill.fitted.yaml#mill.spindle"


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
        raise fault(f"{file} has no entry {quoted(reference.name)}", nearest(reference.name, data))
    return data[reference.name]


def breakdown_in(folder: Path, reference: Reference) -> dict[str, Any]:
    """The same of a breakdown: a map with the laws ``up`` and ``repair``."""
    found = entry(folder, reference)
    missing = [key for key in ("up", "repair") if not isinstance(found, dict) or key not in found]
    if missing:
        text = f"entry {quoted(reference.name)} of {quoted(reference.file)} has no {quoted(missing[0])}"
        raise fault(f"{text}; a breakdown has the laws 'up' and 'repair'")
    return dict(found)


def _data(folder: Path, file: str) -> dict[str, Any]:
    path = folder / file
    if not _is_there(path):
        there = sorted(one.name for one in path.parent.glob("*.yaml")) if _is_there(path.parent) else []
        meant = nearest(path.name, there)
        raise fault(f"there is no file {quoted(file)}", str(Path(file).with_name(meant)) if meant else None)
    try:
        document = read(path)
    except PlantError as error:
        raise fault(f"{quoted(file)} {error.problems[0].text}") from None
    if document.problems:
        first = document.problems[0]
        raise fault(f"{quoted(file)} is no fitted file: line {first.mark.line}: {first.text}")
    if isinstance(document.data, dict) and "twin" in document.data:
        raise fault(f"{quoted(file)} is a layout, not a fitted file")
    if not isinstance(document.data, dict):
        raise fault(f"{quoted(file)} is no fitted file: a map of names such as 'mill.spindle' is due")
    return document.data


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

    _reader: LawOf = PrivateAttr()

    @classmethod
    def of(cls, value: object, reader: LawOf) -> Fitted:
        """The law that ``value`` refers to, of the kind that a field reads."""
        try:
            law = cls(**read_reference(value)._asdict())
        except Faults as error:
            raise Faults(*(one._replace(loc=(cls.NAME, *one.loc)) for one in error.faults)) from None
        law._reader = reader
        return law

    def files(self) -> tuple[str, ...]:
        return (self.file,)

    def resolve(self, folder: Path) -> Law:
        reference = Reference(self.file, self.name)
        try:
            law = law_in(entry(folder, reference), reference, self._reader)
        except Faults as error:
            raise Faults(*(one._replace(loc=(self.NAME,)) for one in error.faults)) from None
        return law.resolve((folder / self.file).parent)

    def moments(self) -> Moments:
        return Moments(math.nan, math.nan)

    def params(self, folder: Path) -> tuple[float, ...]:
        return self.resolve(folder).params(folder)

    def words(self) -> str:
        return f"from {self.file}#{self.name}"


def law_in(found: Any, reference: Reference, reader: LawOf) -> Law:
    """The law of an entry; of a breakdown the one that the field is for (``up`` or ``repair``).

    Raises:
        Faults: there is none, or it is not what the field reads.
    """
    where, value = f"entry {quoted(reference.name)} of {quoted(reference.file)}", found
    if isinstance(found, dict) and {"up", "repair"} & found.keys():
        if reader.fitted not in found:
            what = f"has no {quoted(reader.fitted)}" if reader.fitted else "is a breakdown, not one law"
            raise fault(f"{where} {what}")
        value, where = found[reader.fitted], f"{quoted(reader.fitted)} of {where}"
    laws = {key: one for key, one in value.items() if key in kinds("law")} if isinstance(value, dict) else value
    if isinstance(value, dict) and len(laws) != 1:
        raise fault(f"{where} holds {len(laws) or 'no'} laws; one such as 'weibull: {{mean: 41 h, cv: 1.1}}' is due")
    try:
        law = reader.read(laws)
    except Faults as error:
        raise Faults(*(Fault((), f"{where}: {one.text}", one.nearest) for one in error.faults)) from None
    assert isinstance(law, Law)
    return law


class FittedShare(NamedTuple):
    """A share of a fitted file."""

    reference: Reference

    def resolve(self, names: Any, loc: tuple[str | int, ...]) -> float:
        """The share, 0…1; 0 after a problem, which is reported to ``names`` at ``loc``."""
        names.file(self.reference.file)
        try:
            return self._read(entry(names.folder, self.reference))
        except Faults as error:
            for one in error.faults:
                names.problem((*loc, "from"), one.text, one.nearest)
            return 0.0

    def _read(self, found: Any) -> float:
        value = found.get("share") if isinstance(found, dict) else found
        where = f"entry {quoted(self.reference.name)} of {quoted(self.reference.file)}"
        if value is None:
            raise fault(f"{where} holds no share; one such as 'share: 1.9 %' is due")
        try:
            share = parse(value, "share")
            check_range(share, value, "share", 0.0, 1.0)
        except Faults as error:
            raise Faults(*(Fault((), f"{where}: {one.text}") for one in error.faults)) from None
        return share
