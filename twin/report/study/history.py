"""What was seen of the plant itself: held-out weeks against their prediction, kept beside the fitted files."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from twin.report.calibration import validated
from twin.report.medium.book import Column, decimals
from twin.report.medium.book import Page as Leaf
from twin.report.medium.grid import Sheet
from twin.report.medium.html import Part
from twin.report.study import sources
from twin.report.study.sums import Page
from twin.study.validation import Validation, Verdict


class Checked:
    """One kept validation as a page tells it."""

    def __init__(self, data: Mapping[str, Any], page: Page) -> None:
        self.data, self.page = data, page

    @cached_property
    def found(self) -> Validation:
        """The validation itself."""
        return Validation.of(self.data)

    @property
    def share(self) -> str:
        """Which laws come from a history, and how many of its weeks lie inside their prediction."""
        plain = self.page.say("validity_plain", files=self.data["fitted"])
        return f"{plain} {validated.lines(self.found, self.page.lang)[0]}"

    @property
    def doubts(self) -> list[str]:
        """Why it does not hold for this study as it is, and the command that would tell; empty: it holds."""
        own = self.page.doc["provenance"]["files"][1]["file"]
        again = shlex.join(["twin", "calibrate", self.data["reading"]["file"], "--validate", own])
        told = list[str]()
        if not self.data["same_layout"]:
            told.append(self.page.say("validity_other", layout=self.data["layout"]["file"], own=own, command=again))
        if self.data["changed"]:
            told.append(self.page.say("validity_stale", files=", ".join(self.data["changed"]), command=again))
        return told

    @property
    def how(self) -> list[str]:
        """How it was made, and what it cannot tell."""
        return validated.lines(self.found, self.page.lang)[1:]

    @property
    def sheet(self) -> Sheet:
        """The figures of the weeks against their prediction."""
        return validated.sheet(self.found, self.page.lang, narrow=False)


def checked(page: Page) -> list[Checked]:
    """The kept validations that the study has found, one a fitted file."""
    return [Checked(one, page) for one in (page.doc.get("provenance") or {}).get("validity") or ()]


def parts(page: Page) -> Iterator[Part]:
    """For the page: a sentence and a table for each; of laws without one, how it would be made."""
    known = checked(page)
    for one in known:
        yield Part(one.share)
        yield from (Part(line) for line in one.doubts)
        yield Part(sheet=one.sheet)
        yield from (Part(line, note=True) for line in one.how)
    if told := sources.validity(page, [one.data["fitted"] for one in known]):
        yield Part(told)


def leaf(found: Leaf, page: Page) -> None:
    """For the workbook: the same with numbers that can be computed with."""
    found.put(0, 0, page.say("book_validity"), "title")
    row = 2
    for one in checked(page):
        for line in (one.share, *one.doubts):
            row = found.said(row, line)
        row = found.table(row, list(_columns(page, one.found)), [_row(told, page) for told in one.found.verdicts])
        for line in one.how:
            row = found.said(row - 1, line, "note") + 1
        row += 1


def _columns(page: Page, found: Validation) -> Iterator[Column]:
    """Heads of the terminal's table; intervals in columns of their own."""
    low, high = page.say("book_low_end"), page.say("book_high_end")
    heads = validated.heads(found, page.lang)
    yield Column(heads[0], "text", 34)
    yield from (Column(head, decimals(1), 14) for head in (heads[1], heads[2], low, high))
    yield Column(heads[3], "whole", 10)
    yield Column(page.say("book_weeks"), "whole", 10)
    yield from (Column(head, decimals(1), 14) for head in (heads[4], low, high))
    yield Column(heads[5], "text", 20)


def _row(told: Verdict, page: Page) -> list[Any]:
    look = decimals(validated.kept(told))
    numbers = [(one, look) for one in (float(told.seen.mean()), told.mean, told.low, told.high)]
    bias = [(one, look) for one in (told.bias, *told.bias90)]
    name, said = validated.figure(told.name, page.lang), validated.said(told, page.lang)
    return [name, *numbers, told.inside, len(told.seen), *bias, said]
