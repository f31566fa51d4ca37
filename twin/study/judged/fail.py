"""What must be true for a scenario to fail: the value of each key assumption at which its mean NPV is 0."""

from __future__ import annotations

from typing import Any, NamedTuple

from twin.study.judged.judge import Judged

FACTOR = 3.0
"""How far from its value an assumption is looked for: from a third of it to three times as much."""
RATES = (0.0, 1.0)
"""Discount rates that are looked at."""


class BreakEven(NamedTuple):
    """One assumption of one scenario."""

    assumption: str
    """'capex' is a factor on all investments."""
    value: float
    """As the study has it (mean), SI units."""
    at: tuple[float, ...]
    """Where the mean NPV is 0, from low to high; empty: nowhere between ``low`` and ``high``."""
    low: float
    high: float
    unit: str

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**self._asdict(), "at": list(self.at)}


def break_even(judged: Judged, name: str) -> tuple[BreakEven, ...]:
    """The break-even of each key assumption that the study has, all others as they are."""
    if judged.assumed is None:
        return ()
    finance = judged.assumed.finance
    found = [_one(judged, name, "capex", 1.0, "×"), _one(judged, name, "discount_rate", finance.discount_rate.mean, "")]
    for key, unit in (("margin_per_part", "EUR"), ("demand", "/s")):
        value = getattr(finance, key)
        if value is not None and not isinstance(value, dict):
            found.append(_one(judged, name, key, value.mean, unit))
    if finance.carbon_price is not None:
        first = next(iter(finance.carbon_price.values()))
        found.append(_one(judged, name, "carbon_price", first.mean, "EUR/kg"))
    return tuple(one for one in found if one is not None)


def _one(judged: Judged, name: str, key: str, value: float, unit: str) -> BreakEven | None:
    from twin.finance import sensitivity

    if value == 0 and key != "discount_rate":
        return None
    low, high = RATES if key == "discount_rate" else sorted((value / FACTOR, value * FACTOR))
    at = sensitivity.break_even(lambda x: float(judged.under(name, **{key: x}).npv.mean()), low, high)
    return BreakEven(key, value, tuple(at), low, high, unit)


class Varied(NamedTuple):
    """An assumption at its low and its high value, all others as they are."""

    assumption: str
    low_at: float
    high_at: float
    low: float
    """Mean NPV at ``low_at``, EUR."""
    high: float

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return self._asdict()


def varied(judged: Judged, name: str) -> tuple[Varied, ...]:
    """The assumptions that the study wants varied (``finance.sensitive``), the widest first."""
    if judged.assumed is None:
        return ()
    found = [
        Varied(key, low, high, *(float(judged.under(name, **{key: x}).npv.mean()) for x in (low, high)))
        for key, (low, high) in judged.assumed.finance.varied().items()
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.high - one.low)))
