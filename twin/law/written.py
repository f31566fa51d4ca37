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

    mean: Annotated[float, LawValue(positive=True)] | None = None
    """Mean."""
    cv: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    """Coefficient of variation, sd / mean; 0 is always the mean."""

    @model_validator(mode="after")
    def one_spelling(self) -> Self:
        """Refuse both spellings, none, or half of one."""
        whole = [pair for pair in (("mean", "cv"), self.USUAL) if any(self._given(name) for name in pair)]
        if len(whole) != 1:
            first, second = self.USUAL
            raise fault(f"write mean and cv, or {first} and {second}{', not both' if whole else ''}")
        if missing := [name for name in whole[0] if not self._given(name)]:
            raise fault(f"the key '{missing[0]}' is missing")
        return self

    def _given(self, name: str) -> bool:
        return getattr(self, name) is not None

    def moments(self) -> Moments:
        if self.mean is not None and self.cv is not None:
            return Moments(self.mean, self.mean * self.cv)
        return self.moments_of(self.params(Path()))

    def params(self, folder: Path) -> tuple[float, ...]:
        if self.mean is not None and self.cv is not None:
            return self.by_mean(self.mean, self.cv)
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
