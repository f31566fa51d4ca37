"""Dates of a study: months, and the year end at which the cash of a month is counted.

The rule, as a controller's sheet has it: the first month of the study is time 0, the day of the decision, and is not
discounted. What is bought counts at the start of its year, all other cash at its end: with a study from 2027-01, cash
of 2027-02 … 2027-12 in column 1, cash of 2028-01 … 2028-12 in column 2. A fiscal year is a year of the study, so tax
on cash of time 0 falls due in column 1. Cash before the study is sunk and stays out.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Month(NamedTuple):
    """A month of a year; ``month`` is 1…12."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: object) -> Month:
        """A month as it is written.

        Raises:
            ValueError: no month like 2027-03.
        """
        found = re.fullmatch(r"(\d{4})-(\d{2})", str(text).strip())
        if found is None or not 1 <= int(found[2]) <= 12:
            raise ValueError(f"'{text}' is no month; write year and month, such as 2027-03")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


class Span(NamedTuple):
    """The years of a study: ``years`` of them from the first day of month ``start``."""

    start: Month
    years: int

    def months(self, at: Month | None) -> int:
        """Whole months from the start of the study to the start of a month; None: its first month.

        Raises:
            ValueError: the month is before the study (its cash is sunk) or after its last year.
        """
        if at is None:
            return 0
        found = (at.year - self.start.year) * 12 + at.month - self.start.month
        if found < 0:
            raise ValueError(f"{at} is before the study begins; money spent then is sunk: write {self.start} or later")
        if found >= 12 * self.years:
            year, month = divmod(self.start.year * 12 + self.start.month - 2 + 12 * self.years, 12)
            raise ValueError(f"{at} is after the study ends; write {Month(year, month + 1)} or earlier, or more years")
        return found

    def fiscal(self, at: Month | None) -> int:
        """The year of the study a month lies in, 1…Y: the column of its tax."""
        return 1 + self.months(at) // 12

    def column(self, at: Month | None) -> int:
        """The column its cash is counted in, 0…Y: 0 for the first month, else the end of its year."""
        return self.fiscal(at) if self.months(at) else 0

    def names(self) -> tuple[str, ...]:
        """Heads of the columns: '2027-01' (time 0), '2027', '2028' …; '2027-07…2028-06' where years begin in July."""
        first, month = self.start
        years = range(first, first + self.years)
        if month == 1:
            return str(self.start), *map(str, years)
        return str(self.start), *(f"{Month(y, month)}…{Month(y + 1, month - 1)}" for y in years)


def span(start: object, years: int) -> Span:
    """The years of a study from its text, such as ``span("2027-01", 8)``.

    Raises:
        ValueError: no month, or not 1…100 whole years.
    """
    if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= 100:
        raise ValueError(f"years: a whole number from 1 to 100 is due, not {years}")
    return Span(start if isinstance(start, Month) else Month.parse(start), years)
