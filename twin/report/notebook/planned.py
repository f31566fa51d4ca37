"""A plant, its plan, and what changes in it, as a notebook shows them; every name is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from twin.report.medium.grid import Sheet, legible
from twin.report.table import STYLE, html_sheet
from twin.report.words import Lang, check_lang, say

if TYPE_CHECKING:
    from twin.core.plan import Plan
    from twin.core.problem import Mark, Problem

TEXT = """<style scoped>
.twin.told th, .twin.told td {text-align: left; vertical-align: top}
.twin pre {white-space: pre-wrap} .twin svg {max-width: 70em; height: auto}
</style>"""
"""Cells that hold words stand to the left."""


class Changed(Protocol):
    """A change: where it stands, its path, what stood there and what stands there now."""

    @property
    def mark(self) -> Mark:
        """Where it stands."""

    @property
    def path(self) -> str:
        """What is changed."""

    @property
    def old(self) -> str | None:
        """None: nothing stood there."""

    @property
    def new(self) -> str | None:
        """None: nothing stands there any more."""


def boxed(parts: Sequence[str], lang: Lang, told: bool = True) -> str:
    """Parts of HTML in a division of their own, with its style; ``told``: tables hold words, not numbers."""
    kind = "twin told" if told else "twin"
    return f'{STYLE}{TEXT}<div class="{kind}" lang="{check_lang(lang)}">{"".join(parts)}</div>'


def line(text: str, kind: str = "") -> str:
    """A paragraph; the text is escaped."""
    opening = f'<p class="{kind}">' if kind else "<p>"
    return f"{opening}{escape(legible(text))}</p>"


def plant(plan: Plan, problems: Sequence[Problem] = (), lang: Lang = "en") -> str:
    """The drawing of a plant, below it what the check warns of and every value."""
    from twin.report.medium.svg import svg
    from twin.report.plant import drawing

    told = legible(say("nb_plant", lang, name=plan.name))
    warned = [line(str(one), "bad") for one in problems]
    return boxed([f"<h3>{escape(told)}</h3>", svg(drawing.plant(plan), told), *warned, values(plan, lang)], lang)


def values(plan: Plan, lang: Lang = "en") -> str:
    """Every value of a plan, folded away."""
    return f"<details><summary>{say('nb_every_value', lang)}</summary>{text(plan.describe())}</details>"


def text(told: str) -> str:
    """Lines as they stand; escaped."""
    return f"<pre>{escape(legible(told))}</pre>"


def changes(found: Sequence[Changed], lang: Lang = "en") -> str:
    """A table of changes, one row each: path, before, after, lever where there is one, place."""
    if not found:
        return boxed([line(say("nb_no_change", lang))], lang)
    return boxed([html_sheet(change_sheet(found, lang).legible())], lang)


def change_sheet(found: Sequence[Changed], lang: Lang = "en") -> Sheet:
    """The same as a sheet."""
    levers = any(getattr(one, "lever", "") for one in found)
    keys = ("nb_path", "nb_old", "nb_new", *(("nb_lever",) if levers else ()), "nb_place")
    rows = tuple(
        (
            one.path,
            say("nb_added", lang) if one.old is None else one.old,
            _after(one, lang),
            *((getattr(one, "lever", ""),) if levers else ()),
            f"{Path(one.mark.file).name}:{one.mark.line}",
        )
        for one in found
    )
    return Sheet(say("nb_changes", lang, n=len(found)), tuple(say(key, lang) for key in keys), rows)


def _after(one: Changed, lang: Lang) -> str:
    """What stands there now; of an effect that is drawn its law too."""
    drawn = getattr(one, "drawn", "")
    new = say("nb_removed", lang) if one.new is None else one.new
    return f"{new} ({drawn})" if drawn else new
