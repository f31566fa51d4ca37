"""What the plant language knows at a path of a layout: which keys may stand there, and what holds without them."""

from __future__ import annotations

import typing
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from twin.core.layout import Head
from twin.core.problem import Loc
from twin.core.spec import Registered, kinds
from twin.core.unit import Quantity, show
from twin.law.law import LawOf

NOTHING: Any = type("Nothing", (), {"__repr__": lambda self: "nothing"})()
"""Where nothing is written and no default holds."""
FIXED = ("twin", "plant", "run")
"""Keys at the top that no lever may change: the run is that of the study."""


class Shape(NamedTuple):
    """What may stand at a path: of a model its fields; of a map whatever its names say."""

    model: type[BaseModel] | None = None
    each: Any = None
    """Annotation of the values of a map of names, or of the items of a list; None: not known."""
    default: Any = NOTHING
    """What holds where nothing is written, as it would be written."""
    known: bool = True
    """Whether the language knows the key; False: it is a name, which must be written."""
    fitted: bool = False
    """Whether it is a law that a fitted file may bring for the whole map around it."""

    def names(self) -> list[str]:
        """The keys that the language knows here."""
        if self.model is None:
            return []
        return [field.alias or name for name, field in self.model.model_fields.items()]

    def child(self, step: str | int) -> Shape | None:
        """The shape below a key; None: there is no such key."""
        if self.model is not None:
            field = _field(self.model, step)
            return _of_field(field) if field is not None else None
        found = _of(self.each, ()) if self.each is not None else Shape()
        return found._replace(known=False)


def _field(model: type[BaseModel], step: str | int) -> FieldInfo | None:
    return next((f for name, f in model.model_fields.items() if step == (f.alias or name)), None)


def _of_field(field: FieldInfo) -> Shape:
    return _of(field.annotation, tuple(field.metadata))._replace(default=_default(field))


def _of(annotation: Any, markers: tuple[Any, ...]) -> Shape:
    """The shape of an annotation; ``markers``: what ``Annotated`` carries around it."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _of(inner[0], (*markers, *inner[1:]))
    if origin in (Union, UnionType):
        return _of(next((one for one in inner if one is not type(None)), Any), markers)
    for one in markers:
        if isinstance(one, Registered):
            return Shape(kinds(one.family).get(one.name))
        if isinstance(one, LawOf):
            return Shape(fitted=bool(one.fitted))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(annotation)
    return Shape(each=inner[-1]) if origin in (dict, list) and inner else Shape()


def _default(field: FieldInfo) -> Any:
    """The default of a field as it would be written."""
    if field.is_required():
        return NOTHING
    value = field.get_default(call_default_factory=True)
    quantity = next((one for one in field.metadata if isinstance(one, Quantity)), None)
    if value == float("inf"):
        return "unlimited"
    if quantity is not None and isinstance(value, float):
        return show(value, quantity.dimension)
    return value if isinstance(value, bool | int | float | str) else NOTHING


def at_top(step: str | int) -> Shape | None:
    """The shape of a section or a key at the top of a layout."""
    if step in kinds("element"):
        return Shape(each=kinds("element")[str(step)])
    return None if step in FIXED else Shape(Head).child(step)


def top_names() -> list[str]:
    """What a path may begin with."""
    return [*kinds("element"), *(name for name in Shape(Head).names() if name not in FIXED)]


def shape_of(loc: Loc) -> Shape | None:
    """The shape at a path; None: the language has no such key."""
    shape = at_top(loc[0]) if loc else None
    for step in loc[1:]:
        shape = shape.child(step) if shape is not None else None
    return shape
