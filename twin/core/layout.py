"""The top of the plant language: a file becomes a frozen Layout, or all its problems at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field

from twin.core.compiling.carrier import Carrier, CarrierName
from twin.core.compiling.gap import NONE, Gaps, stand_in
from twin.core.language import top_map
from twin.core.problem import Fault, Faults, Loc, PlantError, dotted, fault, nearest, quoted
from twin.core.refused import field_names, received
from twin.core.spec import Kind, Reader, Spec, build, inline_schema, kinds
from twin.core.text import Document, read
from twin.core.unit import Quantity

_NAME = re.compile(r"\w[\w-]*")
MOST_COPIES = 8
"""Elements in a chain of ``like:``."""
BROKEN = ""
"""Ends a chain of ``like:`` that leads nowhere."""


def read_moment(value: object) -> datetime:
    """A wall-clock date and time, '2027-01-04 06:00'."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is None:
            return moment
    raise fault(f"a date and time such as '2027-01-04 06:00' is due, not {received(value)}{_year_first(value)}")


_YEAR_LAST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T]*(\d{1,2}:\d{2})?(:\d{2})?")


def year_last(value: object) -> re.Match[str] | None:
    """A date with its year behind, '04/01/2027 10:00', if that is what the value is."""
    return _YEAR_LAST.fullmatch(value) if isinstance(value, str) else None


def _year_first(value: object) -> str:
    """What to write for such a date; the day stands first where both may be."""
    found = year_last(value)
    if not found:
        return ""
    day, month = (int(found[i]) for i in ((1, 2) if int(found[2]) <= 12 else (2, 1)))
    return f"; write '{found[3]}-{month:02}-{day:02} {found[4] or '06:00':0>5}': year, month, day"


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


def read_title(value: str) -> str:
    """A name that reports show on one line."""
    if any(letter in value for letter in "\t\n"):
        raise fault("this name holds a tab or goes on over several lines; write it on one line, with spaces")
    return value


def _flow_schema() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "examples": ["in -> saw -> out"]}}


MOST_SEED = 2**63
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
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 1
    """Start of all random streams; the same seed gives the same answer."""
    confidence: Annotated[float, Quantity("share", least=0.5, most=0.9999)] = 0.95
    """Level of the intervals."""


class Head(Spec):
    """The keys at the top of a layout, sections apart."""

    twin: Literal[1]
    """Version of the plant language."""
    plant: Annotated[str, AfterValidator(read_title)]
    """Name of the plant, as reports show it."""
    start: Moment | None = None
    """Wall clock of time 0; needed once a calendar names hours or dates."""
    calendar: str | None = None
    """Calendar of the stations and groups that name none."""
    flow: Annotated[list[str], Reader(read_flow, _flow_schema)] = Field(default_factory=list)
    """Arrows as the material runs: 'source -> station -> sink'."""
    energy: dict[CarrierName, Carrier] = Field(default_factory=dict)
    """Carriers of energy: what each costs and emits: {electricity: {price: 0.14 EUR/kWh, carbon: 52 g/kWh}}."""
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
    gaps: Gaps = NONE
    """What could not be read; none in a layout that a caller gets to see."""

    @cached_property
    def folder(self) -> Path:
        """Where files that the layout names are looked for."""
        return Path(self.file).parent

    @cached_property
    def _adrift(self) -> frozenset[str]:
        """Names whose section is not certain: they stand twice, or below a key that is no section."""
        times = Counter(e.name for e in self.elements)
        return frozenset(e.name for e in self.elements if times[e.name] > 1 or e.section not in kinds("element"))

    def may_hold(self, name: str | None, *sections: str) -> bool:
        """Whether one of the sections may hold a name that it does not seem to hold."""
        return self.gaps.in_names(sections) or name in self._adrift

    def _repr_html_(self) -> str:
        """For a notebook: its name, its file and its elements; escaped."""
        told = f"{self.head.plant} ({self.file}): {', '.join(one.name for one in self.elements)}"
        return f"<p>{escape(told)}</p>"


def load_layout(path: str | Path) -> Layout:
    """Read and check a layout file.

    Raises:
        PlantError: all problems of the file. When an element is wrong, those that are sound have been looked at
            beside each other too; what only a whole plant can show (``twin.core.compiling.lint``) is not among them.
    """
    return from_document(read(path))


def from_document(document: Document) -> Layout:
    """A layout from a document already read; raises PlantError with all its problems, as ``load_layout`` does."""
    data = top_map(document, "layout")
    lost = () in document.faulty
    near = _check_keys(data, document)
    head = _head(data, document, lost)
    found = [e for section in data if section in kinds("element") for e in _section(section, data[section], document)]
    _check_unique(data, document)
    if head is not None and not document.problems:
        return _layout(document, head, [Element(e.name, e.section, e.model) for e in found])
    gaps = _gaps(data, near, document, lost)
    _cross_check(_layout(document, head or _stand_in_head(data, gaps), _known(data, found, document), gaps))
    raise PlantError(document.problems)


def _layout(document: Document, head: Head, elements: list[Element], gaps: Gaps = NONE) -> Layout:
    products = {e.name: e.kind for e in elements if e.section == "products"}
    flowing = tuple(e for e in elements if e.section != "products")
    return Layout(document.file, head, flowing, products, document, gaps)


def _cross_check(layout: Layout) -> None:
    """Look at the sound elements of a layout with mistakes beside each other."""
    from twin.core.compile import cross_check  # compiling begins with a layout

    cross_check(layout)


def _check_keys(data: dict[str, Any], document: Document) -> dict[str, str | None]:
    """The keys at the top that are not known, each with the one it most likely stands for."""
    known, found = [*field_names(Head), *kinds("element")], dict[str, str | None]()
    for key in [k for k in data if k not in known]:
        found[key] = nearest(key, known)
        document.report((key,), f"unknown key {quoted(key)}", found[key])
    return found


def _head(data: dict[str, Any], document: Document, lost: bool) -> Head | None:
    found = _checked(Head, {k: v for k, v in data.items() if k in field_names(Head)})
    for one in (one for one in found.faults if not (lost and not one.loc)):
        missing = one.text == "the key 'twin' is missing"
        text = "the key 'twin' is missing; begin the file with 'twin: 1'" if missing else one.text
        document.report(one.loc, text, one.nearest)
    head: Head | None = found.model
    return head


def _stand_in_head(data: dict[str, Any], gaps: Gaps) -> Head:
    """The top of a layout without what cannot be read; with no start the clock begins before every date."""
    unread = {*gaps.keys, *(["run"] if "start" in gaps.keys else [])}
    sound = {k: v for k, v in data.items() if k in field_names(Head) and k not in unread}
    head = build(Head, {"twin": 1, "plant": "", **sound})
    return head.model_copy(update={"start": datetime.min}) if "start" in unread else head


def _gaps(data: dict[str, Any], near: dict[str, str | None], document: Document, lost: bool) -> Gaps:
    """What cannot be known; ``lost``: a key at the top could not be read, so that anything may have stood there.

    A key that is not known may be the section or key that it most likely stands for, or any section.
    """
    meant = {word for key in near if (word := near[key]) is not None}
    anything = lost or any(near[key] is None and isinstance(data[key], dict) for key in near)
    torn = {loc[0] for loc in document.faulty if loc and (len(loc) == 1 or not _NAME.fullmatch(str(loc[1])))}
    sections = frozenset(s for s in kinds("element") if anything or s in meant or s in torn)
    wrong = {loc[0] for loc in document.faulty if loc}
    unread = {key for key in field_names(Head) if key in wrong or key in meant or (lost and key not in data)}
    return Gaps(sections, frozenset(unread))


class Found(NamedTuple):
    """An element as it is written: its model, if it could be read, and those it copies, itself the first."""

    name: str
    section: str
    model: Any
    chain: list[str]


def _known(data: dict[str, Any], found: list[Found], document: Document) -> list[Element]:
    """All names in declared order; an element with mistakes is known by its name alone."""
    wrong = {loc[:2] for loc in document.faulty}
    elements = []
    for one in found:
        sound = one.model is not None and not any((one.section, link) in wrong for link in one.chain)
        elements.append(Element(one.name, one.section, one.model if sound else stand_in(one.section)))
    for key, names in data.items():
        if key not in kinds("element") and key not in field_names(Head) and isinstance(names, dict):
            elements += [Element(name, key, stand_in("")) for name in names]
    return elements


def _section(section: str, data: Any, document: Document) -> list[Found]:
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
    return [Found(name, section, one.model, chains[name]) for name, one in found.items()]


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
        empty = [one.loc for one in error.faults if one.text.startswith("nothing stands after")]
        return Checked(None, (*error.faults, *_behind(model, data, empty)))


def _behind(model: Any, data: Any, empty: list[Loc]) -> Iterator[Fault]:
    """The faults that keys without a value hide: a map that has some is not looked at any further."""
    rest = data
    for loc in empty:
        rest = _without(rest, loc)
    if rest != data:
        around, missing = (
            {loc[:-1] for loc in empty},
            {Fault(loc[:-1], f"the key '{loc[-1]}' is missing") for loc in empty},
        )
        for one in _checked(model, rest).faults:
            if one not in missing and (one.loc not in around or one.text.endswith("' is missing")):
                yield one


def _without(data: Any, loc: Loc) -> Any:
    """The same data without the key at ``loc``."""
    if not isinstance(data, dict) or loc[0] not in data:
        return data
    if len(loc) == 1:
        return {key: value for key, value in data.items() if key != loc[0]}
    return data | {loc[0]: _without(data[loc[0]], loc[1:])}


def _named(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(section, name) of everything that is written, in declared order; products may share their names."""
    for section, names in data.items():
        if section in kinds("element") and section != "products" and isinstance(names, dict):
            yield from ((section, name) for name in names)


def _check_unique(data: dict[str, Any], document: Document) -> None:
    seen: dict[str, Loc] = {}
    for section, name in _named(data):
        if name in seen:
            text = f"the name {quoted(name)} is taken by {dotted(seen[name])}; choose another"
            document.report((section, name), text, key=True)
            document.faulty.add(seen[name])  # which of them is meant elsewhere is not known
        seen.setdefault(name, (section, name))


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
