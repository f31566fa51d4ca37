"""The top of the plant language: a file becomes a frozen Layout, or all its problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from twin.core.arrow import arrows
from twin.core.problem import Fault, Faults, Loc, PlantError, fault, nearest, quoted
from twin.core.spec import Kind, Reader, Spec, build, field_names, inline_schema, kinds, received
from twin.core.text import Document, read
from twin.core.unit import Quantity

_NAME = re.compile(r"\w[\w-]*")
MOST_COPIES = 8
"""Elements in a chain of ``like:``."""
BROKEN = ""
"""Ends a chain of ``like:`` that leads nowhere."""
LATER_SECTIONS = ("conveyors", "vehicles", "cards", "energy")


def read_moment(value: object) -> datetime:
    """A wall-clock date and time, '2027-01-04 06:00'."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is None:
            return moment
    raise fault(f"a date and time such as '2027-01-04 06:00' is due, not {received(value)}")


Moment = Annotated[datetime, Reader(read_moment, lambda: {"type": "string", "examples": ["2027-01-04 06:00"]})]


def read_flow(value: object) -> list[str]:
    """The lines of the flow."""
    if isinstance(value, str):
        raise fault(f"the flow is a list of lines; write [{' '.join(value.split())}]")
    if not isinstance(value, list):
        raise fault(f"a list of lines such as [in -> saw -> out] is due, not {received(value)}")
    wrong = [
        Fault((i,), f"a line such as 'in -> saw -> out' is due, not {received(line)}")
        for i, line in enumerate(value)
        if not isinstance(line, str)
    ]
    if wrong:
        raise Faults(*wrong)
    return value


def _flow_schema() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "examples": ["in -> saw -> out"]}}


LONGEST = 100 * 31_536_000.0
"""The longest run, s: sums of microseconds are exact in float64 for 285 years."""


class RunSpec(Spec):
    """How long and how often to simulate."""

    warm_up: Annotated[float, Quantity("time", most=LONGEST)] = 0.0
    """Time before the statistics start; parts inside stay."""
    horizon: Annotated[float, Quantity("time", least=1e-6, most=LONGEST, positive=True)] | None = None
    """Measured time after the warm-up; without it the run ends when the plant is empty."""
    replications: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    """Independent repetitions, each with its own random streams."""
    seed: Annotated[int, Field(ge=0, le=2**63)] = 1
    """Start of all random streams; the same seed gives the same answer."""
    confidence: Annotated[float, Quantity("share", least=0.5, most=0.9999)] = 0.95
    """Level of the intervals."""


class Head(Spec):
    """The keys at the top of a layout, sections apart."""

    twin: Literal[1]
    """Version of the plant language."""
    plant: str
    """Name of the plant, as reports show it."""
    start: Moment | None = None
    """Wall clock of time 0; needed once a calendar names hours or dates."""
    calendar: str | None = None
    """Calendar of the stations and groups that name none."""
    flow: Annotated[list[str], Reader(read_flow, _flow_schema)] = Field(default_factory=list)
    """Arrows as the material runs: 'source -> station -> sink'."""
    run: RunSpec = RunSpec()
    """How long and how often to simulate."""


class Element(NamedTuple):
    """One named element of a layout."""

    name: str
    section: str
    kind: Kind

    @property
    def loc(self) -> Loc:
        """Its path in the file."""
        return (self.section, self.name)


@dataclass(frozen=True)
class Layout:
    """A plant as it is written, checked by itself; elements stand in declared order."""

    file: str
    head: Head
    elements: tuple[Element, ...]
    products: Mapping[str, Any]
    document: Document

    @cached_property
    def folder(self) -> Path:
        """Where files that the layout names are looked for."""
        return Path(self.file).parent


def load_layout(path: str | Path) -> Layout:
    """Read and check a layout file.

    Raises:
        PlantError: all problems of the file.
    """
    return from_document(read(path))


def from_document(document: Document) -> Layout:
    """A layout from a document already read; raises PlantError with all its problems."""
    data = document.data
    if not isinstance(data, dict):
        if not document.problems:
            got = "the file is empty" if data is None else f"{received(data)} is no layout"
            document.report((), f"{got}; a layout is a map that begins with 'twin: 1'")
        raise PlantError(document.problems)
    sections = kinds("element")
    head = _head({k: v for k, v in data.items() if k not in sections}, document)
    found = [e for section in data if section in sections for e in _section(section, data[section], document)]
    _check_unique(data, document)
    if head is None or document.problems:
        _check_arrows(data, document)
        raise PlantError(document.problems)
    elements = tuple(e for e in found if e.section != "products")
    products = {e.name: e.kind for e in found if e.section == "products"}
    return Layout(document.file, head, elements, products, document)


def _head(data: dict[str, Any], document: Document) -> Head | None:
    known = [*field_names(Head), *kinds("element")]
    for key in [k for k in data if k not in known]:
        if key in LATER_SECTIONS:
            document.report((key,), f"not yet: the section {quoted(key)} comes with a later version")
        else:
            document.report((key,), f"unknown key {quoted(key)}", nearest(key, known))
        del data[key]
    found = _checked(Head, data)
    for one in found.faults:
        missing = one.text == "the key 'twin' is missing"
        text = "the key 'twin' is missing; begin the file with 'twin: 1'" if missing else one.text
        document.report(one.loc, text, one.nearest)
    head: Head | None = found.model
    return head


def _section(section: str, data: Any, document: Document) -> list[Element]:
    if data is None:
        return []
    if not isinstance(data, dict):
        document.report((section,), f"a map of names is due (name: {{…}}), not {received(data)}")
        document.broken.add((section,))
        return []
    kind, found, chains = kinds("element")[section], dict[str, Checked](), dict[str, list[str]]()
    for name in data:
        chains[name] = _chain(section, name, data, document)
        found[name] = _checked(kind, _with_copy(data, chains[name]))
    for name, one in found.items():
        if not _NAME.fullmatch(name):
            document.report((section, name), _why_no_name(name), key=True)
            document.broken.add((section, name))
        told = {bad for link in chains[name][1:] if link in found for bad in found[link].faults}
        for bad in one.faults:
            if bad not in told and not (bad.text.endswith("is missing") and chains[name][-1] == BROKEN):
                document.report((section, name, *bad.loc), bad.text, bad.nearest)
    return [Element(name, section, one.model) for name, one in found.items() if one.model is not None]


def _why_no_name(name: str) -> str:
    if found := re.match(r"([\w-]+) *[{\[]", name):
        return f"a ':' and a space are missing after {quoted(found[1])}"
    return f"{quoted(name)} is no name; use letters, digits, '_' and '-'"


def _chain(section: str, name: str, data: dict[str, Any], document: Document) -> list[str]:
    """The element and those it copies with ``like:``, one after the other; BROKEN at its end after a problem."""
    chain, at = [name], name
    while isinstance(data[at], dict) and isinstance(other := data[at].get("like"), str):
        if other in chain:
            ring = chain[chain.index(other) :]
            if name == min(ring, key=list(data).index):
                document.report((section, name, "like"), f"copies itself: {' -> '.join([*ring, other])}")
        elif other not in data and at == name:
            document.report((section, at, "like"), f"unknown name {quoted(other)} in {section}", nearest(other, data))
        elif len(chain) == MOST_COPIES:
            document.report((section, name, "like"), f"this copy of a copy goes back more than {MOST_COPIES} elements")
        if other in chain or other not in data or len(chain) == MOST_COPIES:
            return [*chain, BROKEN]
        chain.append(at := other)
    return chain


def _with_copy(data: dict[str, Any], chain: list[str]) -> Any:
    """The element's keys on top of those it copies."""
    if len(chain) == 1:
        return {} if data[chain[0]] is None else data[chain[0]]
    merged: dict[str, Any] = {}
    for link in reversed(chain):
        own = data.get(link)
        merged |= own if isinstance(own, dict) else {}
    return merged


class Checked(NamedTuple):
    """A model, or why there is none."""

    model: Any
    faults: tuple[Fault, ...]


def _checked(model: Any, data: Any) -> Checked:
    try:
        return Checked(build(model, data), ())
    except Faults as error:
        return Checked(None, error.faults)


def _named(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(section, name) of everything that is written, in declared order; products may share their names."""
    for section, names in data.items():
        if section in kinds("element") and section != "products" and isinstance(names, dict):
            yield from ((section, name) for name in names)


def _check_unique(data: dict[str, Any], document: Document) -> None:
    seen: dict[str, str] = {}
    for section, name in _named(data):
        if name in seen:
            text = f"the name {quoted(name)} is taken by {seen[name]}; choose another"
            document.report((section, name), text, key=True)
        seen.setdefault(name, f"{section}.{name}")


def _check_arrows(data: dict[str, Any], document: Document) -> None:
    """Name what the flow cannot find in a layout that has other mistakes, unless they may be why."""
    lines, sections = data.get("flow"), kinds("element")
    whole = not document.broken and all(key in sections or key in field_names(Head) for key in data)
    if whole and isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        named = list(_named(data))
        known = [name for section, name in named if sections[section].FLOWS]
        others = [name for section, name in named if not sections[section].FLOWS]
        arrows(lines, known, others, document)


def layout_schema() -> dict[str, Any]:
    """The JSON Schema of a layout, for completion and hover in editors."""
    schema = inline_schema(Head)
    for section, kind in kinds("element").items():
        schema["properties"][section] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().split("\n\n")[0],
            "additionalProperties": {"anyOf": [inline_schema(kind), {"type": "null"}]},
        }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Plant layout", **schema}
