"""An amount of a study in the unit that people write, for cells of a workbook: a number, its look and its unit."""

from __future__ import annotations

from typing import NamedTuple

from twin.core.unit import UNITS
from twin.report.measure import places
from twin.report.medium.book import decimals
from twin.report.words import Lang, say, time_unit, unit_word

YEAR = UNITS["time"]["y"]
TONNE = 1000.0


class Shown(NamedTuple):
    """How the amounts of one quantity are shown."""

    factor: float
    """By what they are multiplied."""
    unit: str
    look: str
    """Of their cells."""

    def of(self, value: float | None) -> float | None:
        """An amount as it stands in its cell."""
        return None if value is None else value * self.factor


def amount_of(value: float | None, unit: str, lang: Lang = "en") -> Shown:
    """How an amount is shown that the document holds in this unit; its size decides the unit of times."""
    factor, word, look = _unit(value or 0.0, unit, lang)
    return Shown(factor, word, look or decimals(_kept((value or 0.0) * factor)))


def _unit(value: float, unit: str, lang: Lang) -> tuple[float, str, str]:
    year = say("st_book_year", lang)
    match unit:
        case "share" | "×":
            return 1.0, "", "rate" if unit == "share" else "share"
        case "s":
            return _time(value, lang)
        case "/s":
            return YEAR, say("st_book_parts_a_year", lang), "whole"
        case "EUR/s":
            return YEAR, f"EUR/{year}", "whole"
        case "EUR/y":
            return 1.0, f"EUR/{year}", "whole"
        case "EUR/kg":
            return TONNE, "EUR/t", ""
        case "y" | "months":
            return 1.0, say("st_book_years" if unit == "y" else "st_book_months", lang), ""
    return 1.0, unit_word(unit, lang), ""


def _time(value: float, lang: Lang) -> tuple[float, str, str]:
    """Years from one year on; else as times of a plant are shown."""
    if abs(value) >= YEAR:
        return 1 / YEAR, say("st_book_years", lang), ""
    size, word = time_unit(value)
    return 1 / size, unit_word(word, lang), ""


def _kept(value: float) -> int:
    """Decimals that say something: none of a whole number."""
    return 0 if abs(value - round(value)) < 1e-9 else min(places(value), 6)
