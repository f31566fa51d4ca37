"""What every written thing shares: a strict frozen model, a registry of kinds, faults in the user's words."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic_core import CoreSchema, core_schema

from twin.core.kpi import Kpi
from twin.core.problem import Fault, Faults, Loc, fault, quoted
from twin.core.refused import faults_of


class Spec(BaseModel):
    """Base of all written models: frozen, strict, unknown keys refused, docstrings kept."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True, arbitrary_types_allowed=True
    )

    @model_validator(mode="before")
    @classmethod
    def _no_empty_keys(cls, data: Any) -> Any:
        """Refuse keys without a value: they look as if something were said."""
        if isinstance(data, dict) and None in data.values():
            empty = [key for key, value in data.items() if value is None]
            raise Faults(*(Fault((key,), f"nothing stands after {quoted(key)}; write a value") for key in empty))
        return data


S = TypeVar("S", bound=type[BaseModel])
M = TypeVar("M", bound=BaseModel)
_REGISTRY: dict[str, dict[str, Any]] = {}


def register(family: str, name: str) -> Callable[[S], S]:
    """Class decorator: make a kind known under ``name`` in its ``family`` (element, law, clock …)."""

    def note(kind: S) -> S:
        if name in _REGISTRY.setdefault(family, {}):
            raise ValueError(f"{family} '{name}' is registered twice")
        _REGISTRY[family][name] = kind
        return kind

    return note


def kinds(family: str) -> Mapping[str, Any]:
    """The registered kinds of a family by name, in order of registration."""
    return _REGISTRY.get(family, {})


def build(model: type[M], data: object, context: dict[str, Any] | None = None) -> M:
    """A checked model from plain data.

    Raises:
        Faults: with every mistake, each located from ``data`` downwards.
    """
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise Faults(*faults_of(model, error)) from None


class Registered:
    """A field whose value is read by a registered kind: ``Annotated[Any, Registered('clock', 'breakdown')]``.

    So a kind can hold another one without importing it.
    """

    def __init__(self, family: str, name: str) -> None:
        self.family, self.name = family, name

    def read(self, value: object) -> Any:
        """The value as a model of the registered kind."""
        kind = kinds(self.family).get(self.name)
        if kind is None:
            raise fault(f"the kind '{self.name}' is not installed")
        return build(kind, value)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        kind = kinds(self.family).get(self.name)
        return inline_schema(kind) if kind else {}


class Reader:
    """A field read by a function: ``Annotated[X, Reader(read, schema)]``; ``read`` raises Faults."""

    def __init__(self, read: Callable[[Any], Any], schema: Callable[[], dict[str, Any]] | None = None) -> None:
        self.read, self.schema = read, schema

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return self.schema() if self.schema else {}


def inline_schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of a model with its definitions written out in place."""
    whole = TypeAdapter(model).json_schema()
    return typing.cast("dict[str, Any]", _resolve(whole, whole.pop("$defs", {})))


def _resolve(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolve(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        rest = {k: v for k, v in schema.items() if k != "$ref"}
        return {**_resolve(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions), **rest}
    return {k: _resolve(v, definitions) for k, v in schema.items()}


class ByProduct(dict[str, Any]):
    """A value for each product; ``other`` holds for the rest."""

    def of(self, product: str) -> Any:
        """The value for ``product``, or None when neither it nor ``other`` is there."""
        return self.get(product, self.get("other"))


class Stand(typing.NamedTuple):
    """A place where parts stand: how many may, and in which order they are taken."""

    capacity: float
    rule: str = "fifo"
    prefer: tuple[str, ...] = ()
    watched: bool = False
    """Whether its owner looks at what stands here, so that it is never handed over unseen."""


class Enclosure(typing.NamedTuple):
    """Elements inside which only so many parts may be (cards); ``products``: only those count, empty: all."""

    over: tuple[str, ...]
    products: tuple[str, ...] = ()


class Kind(Spec):
    """Base of element kinds: what stands under one section of a layout.

    A kind declares its written form (fields), its numbers for the plan (``numbers``), its place in the
    flow of material (``stand``, ``OFFERS``) and its behaviour (``build``).
    """

    SECTION: typing.ClassVar[str]
    WORD: typing.ClassVar[str]
    FLOWS: typing.ClassVar[bool] = False
    """Whether the flow may name an element of this kind."""
    BEGINS: typing.ClassVar[bool] = False
    """Whether the flow starts here (nothing may lead to it)."""
    ENDS: typing.ClassVar[bool] = False
    """Whether the flow stops here (nothing may lead on)."""
    OFFERS: typing.ClassVar[bool] = False
    """Whether others take the parts that stand here (a buffer, a source)."""
    CARRIES: typing.ClassVar[bool] = False
    """Whether parts need time to come to its end, where one after the other goes on as soon as it can (a belt)."""
    LIVES: typing.ClassVar[bool] = False
    """Whether it acts on its own (a station, a source); such elements are built after those that only serve."""
    KPIS: typing.ClassVar[tuple[Kpi, ...]] = ()
    """Key figures that no other kind has, each with its unit, formula and name; ``measure`` gives their values."""
    HEADING: typing.ClassVar[tuple[str, str]] = ("", "")
    """Title, in English and French, of the table of results that shows its ``KPIS``; empty: no table of its own."""
    SOUND: typing.ClassVar[bool] = True
    """Whether it could be read; False for what stands in for an element with mistakes."""

    like: str | None = None
    """Copy another element of this section first; the keys written here replace its own."""
    stream_as: str | None = None
    """Keep the random streams of this old name after a rename."""

    def machine_count(self) -> int:
        """How many machines of this element move parts on their own."""
        return 1

    def stand(self) -> Stand | None:
        """The place of its own where parts stand (a buffer, a source, a sink, a station's queue), or None."""
        return None

    def sends(self) -> str | None:
        """How it chooses among several places to send to, or None when it does not choose."""
        return None

    def joins(self) -> bool:
        """Whether it takes parts from several places at one moment (an assembly)."""
        return False

    def looks(self) -> bool:
        """Whether it looks among the parts before it, so that none is handed to it unseen (a load, a set-up)."""
        return False

    def spreads(self) -> bool:
        """Whether what it gives goes to several places at one moment (a disassembly)."""
        return False

    def edges(self) -> list[tuple[str, Loc]]:
        """Further elements that parts go to from here, with where that is written (rework)."""
        return []

    def encloses(self) -> Enclosure | None:
        """Elements of which it counts the parts inside, so that none goes in or out unseen; None: of none."""
        return None

    def travelled(self) -> list[str]:
        """Arrows of the flow that its vehicles travel, as they are written under ``serves``."""
        return []

    def endless(self) -> bool:
        """Whether it brings parts for ever."""
        return False

    def never_short(self) -> bool:
        """Whether it gives parts without number to whoever asks, at any instant."""
        return False

    def in_orders(self) -> bool:
        """Whether the parts it brings belong to orders, or it brings none."""
        return True

    def in_lots(self) -> bool:
        """Whether the parts it brings are lots of several pieces."""
        return False

    def singles(self) -> str:
        """The key that makes it handle pieces one by one, so that no lot may pass; empty: lots may."""
        return ""

    def rates(self, products: list[str]) -> dict[str, float]:
        """Mean parts a second of each product that come for ever, whether or not there is room."""
        return {}

    def brings(self, products: list[str]) -> list[str]:
        """The products of the parts that come into the plant here, or stand here at time 0."""
        return []

    def turns_into(self) -> str | None:
        """The product that every part becomes here; None: it stays what it is."""
        return None

    def kit(self, product: str) -> Mapping[str, int]:
        """Of an assembly: how many parts from each element one job takes, the body's (of ``product``) first."""
        return {}

    def starts_with(self) -> int:
        """How many parts stand here at time 0."""
        return 0

    def mean_work(self, product: str, route: Any) -> float:
        """Mean time, s, that a part of ``product`` is worked on here; ``route``: the law of its step, or None."""
        return 0.0

    def passed_on(self, product: str) -> float:
        """Share of the parts that come here which go on to the next element at least."""
        return 1.0

    def sent_back(self, product: str, *, again: bool) -> Mapping[str, float]:
        """Share of the parts that come here which is sent back at least, by element; ``again``: of those sent back."""
        return {}

    def split(self, product: str, ways: list[str]) -> tuple[float, ...]:
        """Share of the parts which goes each of several ways at least; 0 where that hangs on what stands there."""
        return (0.0,) * len(ways)

    def people(self) -> int:
        """How many people it has."""
        return 0

    def skills_of(self, name: str) -> tuple[str, ...]:
        """Skills that the people of this element, called ``name``, have."""
        return ()

    def rounds(self) -> tuple[str, ...]:
        """The elements its people go round; empty: they come anywhere."""
        return ()

    def numbers(self, names: Any) -> tuple[Any, ...]:
        """The row of the plan: a NamedTuple of whole numbers, floats and tuples of them."""
        raise NotImplementedError

    def review(self, names: Any, rows: tuple[Any, ...]) -> None:
        """Report what shows only beside the rows of other elements; asked of plants without mistakes."""

    @classmethod
    def make_place(cls, run: Any, row: Any, place: Any) -> Any:
        """The place of the run for a row of ``plan.places`` that this element owns; None: an ordinary one."""
        return None

    @classmethod
    def build(cls, run: Any, index: int, row: Any) -> None:
        """Bring the element to life in a run; ``row`` is what ``numbers`` gave."""
        raise NotImplementedError

    @classmethod
    def measure(cls, row: Any, left: Any, window: float) -> Mapping[str, float]:
        """Key figures of one element over the window (µs), by name, from its row of the plan and of the ledger."""
        return {}


def declared_kpi(name: str) -> Kpi | None:
    """The key figure of this name that some kind declares, or None."""
    return next((kpi for kind in kinds("element").values() for kpi in kind.KPIS if kpi.name == name), None)
