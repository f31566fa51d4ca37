"""The levers of a study: changes and shorthands, and the money that travels with them."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from pydantic import Field, PrivateAttr

from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import field_names, received
from twin.core.spec import Reader, Spec, build, inline_schema, kinds
from twin.lever import kinds as shorthands
from twin.lever.change import Change, Data, read_changes
from twin.lever.lever import Lever, Plant
from twin.study.asked.money import CashItem, Installation, RampUp


def _changes_schema() -> dict[str, Any]:
    return {"type": "object", "examples": [{"stations.mill.cycle": "80 s", "operators.team.count": {"add": 1}}]}


SHORTHANDS = tuple(shorthands.__all__)
"""Those of the package; plug-ins may bring more."""


class Part(NamedTuple):
    """One shorthand of a lever."""

    loc: Loc
    """Where it stands below the lever."""
    lever: Lever


class LeverSpec(Spec):
    """Something that could be done to the plant, with what it costs."""

    label: str = ""
    """Its name in reports; default the name in the study."""
    change: Annotated[tuple[Change, ...], Reader(read_changes, _changes_schema)] = ()
    """Changes by path: a value, {scale: 0.5}, {add: 1}, {drawn: …}, {new: …} or 'remove'."""
    cash: list[CashItem] = Field(default_factory=list)
    """The money it needs and brings."""
    ramp_up: RampUp | None = None
    """How its gain grows."""
    installation: Installation | None = None
    """What is lost while it is put in place."""
    after: list[str] = Field(default_factory=list)
    """Levers that it comes after, where both change the same."""

    _parts: tuple[Part, ...] = PrivateAttr(default=())
    _change_first: bool = PrivateAttr(default=True)

    def changes(self, data: Data) -> list[Change]:
        """All its plain changes of a layout as it is, shorthands expanded; ``at`` from the lever downwards.

        Raises:
            Faults: a shorthand names what the plant does not have.
        """
        own = [one._replace(at=("change", *one.at)) for one in self.change]
        found, faults = list[Change](), list[Fault]()
        for part in self._parts:
            try:
                found += [one._replace(at=(*part.loc, *one.at)) for one in part.lever.changes(Plant(data))]
            except Faults as error:
                faults += [one._replace(loc=(*part.loc, *one.loc)) for one in error.faults]
        if faults:
            raise Faults(*faults)
        return [*own, *found] if self._change_first else [*found, *own]

    @property
    def shorthands(self) -> tuple[Part, ...]:
        """The shorthands as they are written."""
        return self._parts


def read_lever(value: object) -> LeverSpec:
    """A lever: the keys of ``LeverSpec``, and any shorthand."""
    if not isinstance(value, dict):
        raise fault(f"a map such as {{change: {{stations.mill.cycle: 80 s}}}} is due, not {received(value)}")
    words = kinds("lever")
    faults, parts = list[Fault](), list[Part]()
    for key in [key for key in value if key in words]:
        found, wrong = _shorthands(key, value[key])
        parts, faults = [*parts, *found], [*faults, *wrong]
    try:
        lever = build(LeverSpec, {key: one for key, one in value.items() if key not in words})
    except Faults as error:
        raise Faults(*faults, *(_with_words(one, words) for one in error.faults)) from None
    if faults:
        raise Faults(*faults)
    if not parts and not lever.change and not lever.cash:
        raise fault("this lever does nothing; write 'change:', a shorthand such as 'smed:', or 'cash:'")
    order = [key for key in value if key == "change" or key in words]
    lever._parts, lever._change_first = tuple(parts), order[:1] == ["change"]
    return lever


def _with_words(one: Fault, words: Any) -> Fault:
    if len(one.loc) != 1 or not one.text.startswith("unknown key"):
        return one
    return one._replace(nearest=nearest(one.loc[0], [*field_names(LeverSpec), *words]))


def _shorthands(key: str, value: object) -> tuple[list[Part], list[Fault]]:
    """A shorthand, or a list of several."""
    several = value if isinstance(value, list) else [value]
    parts, faults = list[Part](), list[Fault]()
    for i, one in enumerate(several):
        loc: Loc = (key, i) if isinstance(value, list) else (key,)
        try:
            if one is None:
                raise fault(f"nothing stands after {quoted(key)}; write a map")
            parts.append(Part(loc, build(kinds("lever")[key], one)))
        except Faults as error:
            faults += [f._replace(loc=(*loc, *f.loc)) for f in error.faults]
    return parts, faults


def lever_schema() -> dict[str, Any]:
    """JSON Schema of a lever, shorthands included."""
    schema = inline_schema(LeverSpec)
    for word, kind in kinds("lever").items():
        one = inline_schema(kind)
        described = (kind.__doc__ or "").strip().split("\n\n")[0]
        schema["properties"][word] = {"description": described, "anyOf": [one, {"type": "array", "items": one}]}
    return schema


LeverField = Annotated[LeverSpec, Reader(read_lever, lever_schema)]
"""A field that holds a lever."""
