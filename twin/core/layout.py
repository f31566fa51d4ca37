"""The top of the plant language: a file becomes a frozen Layout, or all its problems at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from twin.core.problem import Faults, Loc, PlantError, fault, nearest, quoted
from twin.core.spec import Kind, Reader, Spec, build, field_names, inline_schema, kinds, received
from twin.core.text import Document, read
from twin.core.unit import Quantity

_NAME = re.compile(r"\w[\w-]*")
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


class RunSpec(Spec):
    """How long and how often to simulate."""

    warm_up: Annotated[float, Quantity("time")] = 0.0
    """Time before the statistics start; parts inside stay."""
    horizon: Annotated[float, Quantity("time", positive=True)] | None = None
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
    flow: list[str] = Field(default_factory=list)
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

    @property
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
            document.report((), f"a layout is a map that begins with 'twin: 1', not {received(data)}")
        raise PlantError(document.problems)
    sections = kinds("element")
    head = _head({k: v for k, v in data.items() if k not in sections}, document)
    found = [e for section in data if section in sections for e in _section(section, data[section], document)]
    elements = tuple(e for e in found if e.section != "products")
    _check_unique(elements, document)
    products = {e.name: e.kind for e in found if e.section == "products"}
    if head is None or document.problems:
        raise PlantError(document.problems)
    return Layout(document.file, head, elements, products, document)


def _head(data: dict[str, Any], document: Document) -> Head | None:
    known = [*field_names(Head), *kinds("element")]
    for key in [k for k in data if k not in known]:
        text = f"not yet: '{key}' comes with a later version" if key in LATER_SECTIONS else f"unknown key {quoted(key)}"
        document.report((key,), text, nearest(key, known) if key not in LATER_SECTIONS else None, key=True)
        del data[key]
    return _checked(Head, data, (), document)


def _section(section: str, data: Any, document: Document) -> list[Element]:
    if data is None:
        return []
    if not isinstance(data, dict):
        document.report((section,), f"a map of names is due (name: {{…}}), not {received(data)}")
        return []
    kind, found = kinds("element")[section], []
    for name in data:
        loc = (section, name)
        if not _NAME.fullmatch(name):
            document.report(loc, f"{quoted(name)} is no name; use letters, digits, '_' and '-'", key=True)
        model = _checked(kind, _with_copy(section, name, data, document), loc, document)
        if model is not None:
            found.append(Element(name, section, model))
    return found


def _with_copy(section: str, name: str, data: dict[str, Any], document: Document) -> Any:
    """The element's keys on top of those it copies with ``like:``."""
    chain, at = [name], name
    while isinstance(data[at], dict) and isinstance(other := data[at].get("like"), str):
        if other in chain:
            document.report((section, name, "like"), f"copies itself: {' -> '.join([*chain, other])}")
            break
        if other not in data:
            document.report((section, at, "like"), f"unknown name {quoted(other)} in {section}", nearest(other, data))
            break
        chain.append(at := other)
    if len(chain) == 1:
        return {} if data[name] is None else data[name]
    merged: dict[str, Any] = {}
    for link in reversed(chain):
        merged |= data[link] if isinstance(data[link], dict) else {}
    return merged


def _checked(model: Any, data: Any, loc: Loc, document: Document) -> Any:
    try:
        return build(model, data)
    except Faults as error:
        for one in error.faults:
            is_key = one.text.startswith(("unknown key", "not yet"))
            document.report((*loc, *one.loc), one.text, one.nearest, key=is_key)
        return None


def _check_unique(elements: tuple[Element, ...], document: Document) -> None:
    seen: dict[str, str] = {}
    for element in elements:
        if element.name in seen:
            document.report(element.loc, f"the name {quoted(element.name)} is taken by {seen[element.name]}", key=True)
        seen.setdefault(element.name, f"{element.section}.{element.name}")


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
