"""What a model refuses, as faults in the user's words."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from twin.core.problem import Fault, Faults, Loc, nearest, quoted

_LIKE_NUMBER = re.compile(r"([+-]?[0-9]{1,15})(?:[.,]([0-9]{1,15}))? *(%?)")


def faults_of(model: type[BaseModel], error: ValidationError) -> list[Fault]:
    """Every mistake that pydantic found, each located from the data downwards."""
    found: list[Fault] = []
    for one in error.errors(include_url=False):
        cause = one.get("ctx", {}).get("error")
        loc = tuple(step for step in one["loc"] if step != "[key]")
        if isinstance(cause, Faults):
            found += [Fault((*loc, *inner.loc), inner.text, inner.nearest) for inner in cause.faults]
        else:
            found.append(_in_words(model, loc, one))
    return _without_consequences(found)


def _without_consequences(faults: list[Fault]) -> list[Fault]:
    """Leave out keys that are only missing because they are misspelt."""
    meant = {Fault(f.loc[:-1], _missing(f.nearest)) for f in faults if f.text.startswith("unknown key")}
    return [f for f in faults if f not in meant]


def _missing(key: object) -> str:
    return f"the key '{key}' is missing"


_WORDS = {
    "int_type": "a whole number is due, not {got}",
    "int_from_float": "a whole number is due, not {got}",
    "float_type": "a number is due, not {got}",
    "bool_type": "true or false is due, not {got}",
    "string_type": "a word is due, not {got}",
    "list_type": "a list [a, b] is due, not {got}",
    "tuple_type": "a list [a, b] is due, not {got}",
    "dict_type": "a map (key: value) is due, not {got}",
    "model_type": "a map (key: value) is due, not {got}",
    "model_attributes_type": "a map (key: value) is due, not {got}",
    "greater_than_equal": "{got} must be at least {ge:g}",
    "greater_than": "{got} must be more than {gt:g}",
    "less_than_equal": "{got} must be at most {le:g}",
    "less_than": "{got} must be less than {lt:g}",
    "too_short": "at least {min_length} are due, not {got}",
    "too_long": "at most {max_length} are allowed",
    "finite_number": "{got} is not a finite number",
}


def _in_words(model: type[BaseModel], loc: Loc, one: Any) -> Fault:
    """An error of pydantic in the words of the language."""
    kind, got, ctx = one["type"], one["input"], one.get("ctx", {})
    if kind == "missing":
        return Fault(loc[:-1], _missing(loc[-1]))
    if kind == "extra_forbidden":
        return _unknown(model_at(model, loc[:-1]), loc)
    if kind == "literal_error":
        words = [word.strip("' ") for word in str(ctx["expected"]).replace(" or ", ", ").split(",")]
        if len(words) == 1:
            return Fault(loc, f"{received(got)} must be '{words[0]}'")
        return Fault(loc, f"{received(got)} is not one of {', '.join(words)}", nearest(got, words))
    if kind == "float_type" and (number := _as_number(got)):
        return Fault(loc, f"a number is due, not {received(got)}; write {number}")
    text = _WORDS.get(kind)
    return Fault(loc, text.format(got=received(got), **ctx) if text else one["msg"])


def _unknown(model: type[BaseModel], loc: Loc) -> Fault:
    """A key that ``model`` does not have: where it belongs, if that is one step below, else the nearest one."""
    key, near = loc[-1], nearest(loc[-1], field_names(model))
    homes = [] if near else [name for name, inner in _parts(model) if key in field_names(inner)]
    where = f"; write '{homes[0]}: {{{key}: …}}'" if len(homes) == 1 else ""
    return Fault(loc, f"unknown key {quoted(key)}{where}", near)


def _parts(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The keys of a model behind which one other model stands, no list or map of them."""
    for name, field in model.model_fields.items():
        for one in (field.annotation, *typing.get_args(field.annotation)):
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield field.alias or name, one


def _as_number(value: object) -> str | None:
    """How a number is written that came as '70 %' or '0,7'."""
    if not isinstance(value, str) or not (found := _LIKE_NUMBER.fullmatch(value)):
        return None
    number = float(f"{found[1]}.{found[2] or 0}")
    return f"{number / 100 if found[3] else number:g}"


def received(value: object) -> str:
    """A received value in a message: short values in quotes, others by their kind."""
    if value is None:
        return "nothing"
    word = {"dict": "map", "list": "list"}.get(type(value).__name__)
    return f"{'a' if value else 'an empty'} {word}" if word else quoted(value)


def field_names(model: type[BaseModel]) -> list[str]:
    """The keys a model knows, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The model that reads the value at ``loc`` below ``model``."""
    for step in loc:
        field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        inner = _inner_model(field.annotation) if field else None
        model = inner or model
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in typing.get_args(annotation) if (m := _inner_model(a))), None)
