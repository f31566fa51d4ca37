"""An amount that may be uncertain: a value, or a law of what is not known, drawn once a replication."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import CoreSchema, core_schema

from twin.core.problem import Faults, fault
from twin.core.refused import received
from twin.core.spec import kinds
from twin.core.stream import generator
from twin.core.unit import check_range, parse, show
from twin.law.law import Law, LawOf, read_per_product

_SPREAD = ("sd", "cv", "phases", "shape", "sigma")
"""Keys of a law that do not turn with its sign."""
_ENDS = {"low": "high", "high": "low"}
_HALVINGS = 60
"""Of a range, after which nothing of it is left but rounding."""


@dataclass(frozen=True)
class Amount:
    """A value in SI units, or a law of it; ``sign`` -1: what the law draws is taken away."""

    dimension: str
    """A key of ``twin.core.unit.UNITS``."""
    value: float = 0.0
    """The value; of a law its mean, sign included."""
    law: Law | None = None
    """None: the value is certain."""
    sign: int = 1
    written: Any = field(default=None, compare=False)
    """As it stands in the file."""

    @property
    def mean(self) -> float:
        """The value, or the mean of the law; SI units."""
        return self.value

    @property
    def sd(self) -> float:
        """Standard deviation of the law; 0 of a value that is certain."""
        return self.law.moments().sd if self.law is not None else 0.0

    @property
    def is_uncertain(self) -> bool:
        """Whether it is drawn."""
        return self.law is not None and self.law.moments().sd > 0

    @property
    def key(self) -> tuple[Any, ...]:
        """All that decides its draws, as plain values."""
        law = (self.law.NAME, self.law.params(Path())) if self.law is not None else ()
        return self.dimension, self.value, self.sign, law

    def at(self, seed: int, replication: int, key: str) -> float:
        """Its value in a replication (from 0), SI units; ``key``: its random stream, such as 'finance#demand'."""
        return self.sample(seed, replication, key, 1)[0]

    def sample(self, seed: int, replication: int, key: str, n: int) -> list[float]:
        """The first ``n`` draws of its stream in a replication, SI units; a value that is certain ``n`` times."""
        if self.law is None or not self.is_uncertain:
            return [self.value] * n
        drawn = self.law.sample(self.law.params(Path()), generator(seed, replication, key), n)
        return [self.sign * float(one) for one in drawn]

    def quantile(self, share: float) -> float:
        """What a share of the law, 0…1, lies below, SI units; the value of an amount that is certain."""
        if self.law is None or not self.is_uncertain:
            return self.value
        return self.sign * _inverse(self.law, share if self.sign > 0 else 1 - share)

    def words(self) -> str:
        """The amount as people read it, such as '-2 s' or 'pert mean 0.567 cv 0.1'."""
        if self.law is None:
            return show(self.value, self.dimension)
        return f"{'minus ' if self.sign < 0 else ''}{self.law.words()}"


def _inverse(law: Law, share: float) -> float:
    """Where P(X > x) of a law of what is 0 or more comes down to 1 - ``share``, by halving."""
    params = law.params(Path())
    low, high = 0.0, law.moments().mean
    while _below(law, params, high) < share:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _below(law, params, middle) < share else (low, middle)
    return high


def _below(law: Law, params: tuple[float, ...], x: float) -> float:
    import numpy as np

    return 1 - math.exp(float(law.log_survival(params, np.asarray(x))))


class AmountOf:
    """A field that holds an amount: ``Annotated[Amount, AmountOf('money', positive=True)]``.

    Args:
        dimensions: what it measures; of several the unit decides.
        least, most: the range of a value, and of the mean of a law; SI units.
        positive: whether it must be more than 0.
    """

    def __init__(
        self, *dimensions: str, least: float = 0.0, most: float = float("inf"), positive: bool = False
    ) -> None:
        self.dimensions, self.least, self.most, self.positive = dimensions, least, most, positive

    def read(self, value: object) -> Amount:
        """The amount that ``value`` writes; raises Faults."""
        if isinstance(value, dict):
            return self._law(value)
        dimension = self._dimension(value)
        number = parse(value, dimension, [one for one in self.dimensions if one != dimension])
        self._check(number, value, dimension)
        return Amount(dimension, number, written=value)

    def _check(self, number: float, value: object, dimension: str) -> None:
        size = abs(number) if self.least < 0 else number
        check_range(size, value, dimension, max(self.least, 0.0), self.most, positive=self.positive)
        if number < self.least:
            raise fault(f"{received(value)} must not be less than {show(self.least, dimension)}")

    def _dimension(self, value: object) -> str:
        for dimension in self.dimensions[1:]:
            try:
                parse(value, dimension)
            except Faults:
                continue
            return dimension
        return self.dimensions[0]

    def _law(self, value: dict[str, Any]) -> Amount:
        sign = -1 if self.least < 0 and is_negative(value) else 1
        law = LawOf(*self.dimensions).read(mirrored(value) if sign < 0 else value)
        assert isinstance(law, Law)
        if law.files():
            raise fault("an amount that is uncertain takes a law with its numbers here, not one of a file")
        mean = sign * law.moments().mean
        self._check(mean, show(mean, law.dimension), law.dimension)
        return Amount(law.dimension, mean, law, sign, value)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        number = [{"type": "number"}] if "number" in self.dimensions else []
        return {"anyOf": [*number, *LawOf(*self.dimensions).__get_pydantic_json_schema__(schema, handler)["anyOf"]]}


def is_negative(law: object) -> bool:
    """Whether a value of a written law stands below 0."""
    if isinstance(law, dict):
        return any(is_negative(one) for key, one in law.items() if key not in _SPREAD)
    if isinstance(law, list):
        return any(map(is_negative, law))
    return str(law).startswith("-")


def mirrored(law: object) -> Any:
    """The law of minus a written one, whose values are all below 0."""
    if isinstance(law, dict):
        return {_ENDS.get(key, key): one if key in _SPREAD else mirrored(one) for key, one in law.items()}
    if isinstance(law, list):
        return [mirrored(one) for one in reversed(law)]
    text = str(law)
    if text.startswith("-"):
        return -law if isinstance(law, int | float) else text[1:].strip()
    if _is_nought(text):
        return law
    raise fault(f"the values of a law that is uncertain have one sign, but {received(law)} stands beside one below 0")


def negated(value: object) -> Any:
    """What is written with its sign turned: '6 s' → '-6 s', {pert: [4 s, 6 s, 8 s]} → {pert: [-8 s, -6 s, -4 s]}."""
    if isinstance(value, dict):
        return {_ENDS.get(key, key): one if key in _SPREAD else negated(one) for key, one in value.items()}
    if isinstance(value, list):
        return [negated(one) for one in reversed(value)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -value
    text = str(value)
    return text[1:].strip() if text.startswith("-") else f"-{text}"


def _is_nought(text: str) -> bool:
    return text.partition(" ")[0].strip("0.") == ""


def read_by_product(reader: AmountOf) -> Any:
    """A reader of an amount, or of a map of one for each product: {pump_a: 1.90 EUR, other: 1.50 EUR}."""

    def read(value: object) -> Any:
        """A value with its unit, or a law; may be by product: `{A: …, other: …}`"""
        if isinstance(value, dict) and value and not (len(value) == 1 and next(iter(value)) in kinds("law")):
            return read_per_product(value, reader.read)
        return reader.read(value)

    return read
