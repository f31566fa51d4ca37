"""Always the same value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from twin.core.spec import register
from twin.core.unit import show
from twin.law.law import Law, LawValue, Moments

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator


@register("law", "constant")
class Constant(Law):
    """Always ``value``: mean = value, CV = 0."""

    NAME: ClassVar[str] = "constant"
    ORDER: ClassVar[tuple[str, ...]] = ("value",)

    value: Annotated[float, LawValue()]
    """The value itself."""

    def moments(self) -> Moments:
        return Moments(self.value, 0.0)

    def params(self, folder: Path) -> tuple[float, ...]:
        return (self.value,)

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        import numpy as np

        return np.full(n, params[0])

    def words(self) -> str:
        return show(self.value, self.dimension)
