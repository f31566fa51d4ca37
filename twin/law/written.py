"""Ways of writing that several laws share: by mean and CV or by textbook parameters; by lowest, mode and highest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from twin.core.problem import fault
from twin.core.unit import show
from twin.law.law import Law, LawValue, Moments


class ByMean(Law):
    """A law written by mean and CV or, the same law in another spelling, by its two textbook parameters.

    A kind adds the textbook fields and says how both spellings become the numbers of the plan.
    """

    USUAL: ClassVar[tuple[str, str]]
    """The two textbook parameters, such as ('shape', 'scale')."""
    BESIDE: ClassVar[str] = ""
    """The one of them that may stand beside the mean, such as 'shape'; empty: none."""

    mean: Annotated[float, LawValue(positive=True)] | None = None
    """Mean."""
    cv: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    """Coefficient of variation, sd / mean; 0 is always the mean."""

    @model_validator(mode="after")
    def one_spelling(self) -> Self:
        """Refuse several spellings, none, or half of one."""
        pairs = [("mean", "cv"), self.USUAL, *([("mean", self.BESIDE)] if self.BESIDE else [])]
        given = {name for pair in pairs for name in pair if self._given(name)}
        if given in [set(pair) for pair in pairs]:
            return self
        if len(given) == 1:
            pair = next(pair for pair in pairs if given & set(pair))
            raise fault(f"the key '{next(name for name in pair if name not in given)}' is missing")
        *first, last = (" and ".join(pair) for pair in pairs)
        only = "" if not given else ", not both" if len(pairs) == 2 else ": one pair"
        raise fault(f"write {', '.join(first)}, or {last}{only}")

    def _given(self, name: str) -> bool:
        return getattr(self, name) is not None

    def moments(self) -> Moments:
        if self.mean is not None and self.cv is not None:
            return Moments(self.mean, self.mean * self.cv)
        return self.moments_of(self.params(Path()))

    def params(self, folder: Path) -> tuple[float, ...]:
        if self.mean is not None and self.cv is not None:
            return self.by_mean(self.mean, self.cv)
        if self.mean is not None:
            return self.by_beside(self.mean, getattr(self, self.BESIDE))
        first, second = self.USUAL
        return self.by_usual(getattr(self, first), getattr(self, second))

    @staticmethod
    def by_mean(mean: float, cv: float) -> tuple[float, float]:
        """The numbers of the plan of a mean (SI units) and a CV."""
        raise NotImplementedError

    @staticmethod
    def by_usual(first: float, second: float) -> tuple[float, float]:
        """The numbers of the plan of the textbook parameters, in the order of ``USUAL``."""
        raise NotImplementedError

    @staticmethod
    def by_beside(mean: float, value: float) -> tuple[float, float]:
        """The numbers of the plan of a mean (SI units) and the textbook parameter that ``BESIDE`` names."""
        raise NotImplementedError

    @staticmethod
    def moments_of(params: tuple[float, ...]) -> Moments:
        """Mean and standard deviation of the numbers of the plan, SI units."""
        raise NotImplementedError


class Peaked(Law):
    """A law between two bounds with a mode; ``params`` are (low, mode, high), SI units."""

    ORDER: ClassVar[tuple[str, ...]] = ("low", "mode", "high")

    low: Annotated[float, LawValue()]
    """Lowest value."""
    mode: Annotated[float, LawValue()]
    """Most likely value."""
    high: Annotated[float, LawValue()]
    """Highest value."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse a mode outside the bounds."""
        check_bounds(self.low, self.high, self.dimension)
        if not self.low <= self.mode <= self.high:
            low, mode, high = (show(v, self.dimension) for v in (self.low, self.mode, self.high))
            raise fault(f"the mode {mode} must lie between {low} and {high}", loc=("mode",))
        return self

    def params(self, folder: Path) -> tuple[float, ...]:
        return self.low, self.mode, self.high

    def usual(self) -> dict[str, str]:
        return {name: show(getattr(self, name), self.dimension) for name in self.ORDER}


def check_bounds(low: float, high: float, dimension: str) -> None:
    """Refuse a highest value below the lowest."""
    if high < low:
        raise fault(
            f"the highest value {show(high, dimension)} is less than the lowest, {show(low, dimension)}", loc=("high",)
        )
