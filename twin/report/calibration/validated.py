"""A validation against held-out history as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.report.calibration.amounts import gap, share_text
from twin.report.calibration.findings import shown
from twin.report.measure import places
from twin.report.medium.grid import Sheet, folded
from twin.report.table import WIDTH, plain_text, tables
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.study.validation import Validation, Verdict

RANGE, VERDICT = 17, 11
"""Letters on a line of a value with its interval, and of a verdict, so that all stands on 80 columns."""


def render(found: Validation, lang: Lang = "en") -> RenderableType:
    """The verdicts for the terminal, and what they come to."""
    from rich.console import Group
    from rich.text import Text

    return Group(*tables([sheet(found, lang)]), *(Text(line) for line in lines(found, lang)))


def text(found: Validation, lang: Lang = "en", width: int = WIDTH) -> str:
    """The same as plain text of so many columns."""
    return plain_text(render(found, lang), width)


def sheet(found: Validation, lang: Lang = "en", *, narrow: bool = True) -> Sheet:
    """One row a figure of a station; ``narrow``: folded to the columns of a terminal."""
    whole = Sheet(say("val_title", lang), heads(found, lang), tuple(_row(one, lang) for one in found.verdicts))
    if not narrow:
        return whole
    rows = ((a, b, folded(c, RANGE), d, folded(e, RANGE), folded(f, VERDICT)) for a, b, c, d, e, f in whole.rows)
    return whole._replace(rows=tuple(rows)).narrow()


def heads(found: Validation, lang: Lang = "en") -> tuple[str, ...]:
    """Heads of the columns."""
    last = say("val_said", lang, share=share_text(found.tolerance, lang))
    return (*(say(key, lang) for key in ("val_figure", "val_seen", "val_told", "val_inside", "val_bias")), last)


def figure(name: str, lang: Lang = "en") -> str:
    """What a figure is called, with its unit: 'mill.down' → 'mill: h down'."""
    station, _, what = name.rpartition(".")
    return say("val_of", lang, station=shown(station), what=say(f"val_{what}", lang))


def _row(one: Verdict, lang: Lang) -> tuple[str, str, str, str, str, str]:
    """The cells of a figure."""
    digits = kept(one)
    return (
        figure(one.name, lang),
        decimal(float(one.seen.mean()), digits, lang),
        _ranged(one.mean, one.low, one.high, digits, lang),
        f"{one.inside} / {len(one.seen)}",
        _ranged(one.bias, *one.bias90, digits, lang),
        said(one, lang),
    )


def kept(one: Verdict) -> int:
    """As many decimals as the interval of the bias allows."""
    return places(one.mean, (one.bias90[1] - one.bias90[0]) / 2)


def said(one: Verdict, lang: Lang = "en") -> str:
    """The verdict in one or two words."""
    return say(f"val_{one.said.replace(' ', '_')}", lang)


def _ranged(value: float, low: float, high: float, kept: int, lang: Lang) -> str:
    """A value and its interval: '3.2 [0.7, 6.6]'."""
    ends = gap(lang).join(decimal(one, kept, lang) for one in (low, high))
    return f"{decimal(value, kept, lang)} [{ends}]"


def lines(found: Validation, lang: Lang = "en") -> list[str]:
    """What the verdicts come to, how they were made, and what they cannot tell."""
    inside, of = found.inside
    stated = {"train": share_text(found.share, lang), "tolerance": share_text(found.tolerance, lang)}
    known = [
        say("val_share", lang, inside=inside, of=of, share=share_text(found.covered, lang)),
        say("val_how", lang, trained=found.trained, held=found.held, n=found.replications),
        say("val_stated", lang, **stated),
    ]
    some = (("val_kept", found.kept), ("val_left_out", found.left_out))
    return known + [say(key, lang, names=", ".join(names)) for key, names in some if names]
