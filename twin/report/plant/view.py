"""What a run adds to the drawing of a plant: time shares by state, or bottleneck shares as the fill of stations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

from twin.core.plan import Plan
from twin.report.measure import Measure, measure, percent
from twin.report.plant.carts import carried
from twin.report.result.neck import whole
from twin.report.result.sheet import Answer, Document, elements, level, machines, state_share, time_word
from twin.report.style import LOOKS
from twin.report.words import Lang, decimal, per_cent, say, state_word

Colour = Literal["state", "bottleneck"]
"""What the colours of a drawing stand for."""
COLOURS: tuple[Colour, ...] = get_args(Colour)

Bar = tuple[tuple[str, float], ...]
"""(state, share of the measured time), in the order of a bar; the shares add up to 1."""


class View(NamedTuple):
    """A run as its drawing shows it."""

    colour: Colour
    document: Document
    shares: Mapping[str, Measure]
    """Bottleneck share of each station; its share of work where no station ever is one, or with ``state``."""
    phrase: str
    """The words of these shares."""
    plan: Plan
    """What was run."""

    @property
    def top(self) -> float:
        """The largest share: the darkest colour."""
        return max([0.01, *(one.mean for one in self.shares.values())])

    def entry(self, name: str) -> Mapping[str, Any]:
        """What the document says of an element; empty where it says nothing."""
        return self.document["elements"].get(name, {})  # type: ignore[no-any-return]

    def kpi(self, name: str, key: str) -> Measure | None:
        """A KPI of an element."""
        return measure(self.entry(name).get("kpis", {}).get(key))


def check_colour(colour: str) -> Colour:
    """What a user wrote as a colour.

    Raises:
        ValueError: it is none of ``COLOURS``.
    """
    for one in COLOURS:
        if colour == one:
            return one
    raise ValueError(f"colour: write 'state' or 'bottleneck', not {colour!r}")


def view(result: Answer, colour: str) -> View:
    """The view of a result; without any bottleneck the shares of work are shown instead."""
    document, wanted = result.document(), check_colour(colour)
    necks = whole(result, document)
    if wanted == "bottleneck" and any(one.mean for one in necks.values()):
        return View(wanted, document, necks, "share_neck", result.plan)
    work = {name: _work(entry) for name, entry in machines(document)}
    return View(wanted, document, work, "share_work", result.plan)


def _work(entry: Mapping[str, Any]) -> Measure:
    return measure(entry["states"].get("working")) or Measure(0.0)


def bar(entry: Mapping[str, Any]) -> Bar:
    """The time shares of an element by state, those above 0."""
    if not entry.get("states"):
        return ()
    return tuple((state, share) for state in LOOKS if (share := state_share(entry, state)) > 0)


def fill(found: View, name: str) -> str:
    """The colour of a station: white where it is never the bottleneck, and with ``state``."""
    share = found.shares.get(name)
    return shade(share.mean / found.top if share and found.colour == "bottleneck" else 0.0)


def shade(share: float) -> str:
    """A colour from white to orange that black type stays readable on, darker with ``share`` (0…1)."""
    light, dark = (255, 255, 255), (240, 140, 60)
    mixed = (round(a + (b - a) * min(max(share, 0.0), 1.0)) for a, b in zip(light, dark, strict=True))
    return "#" + "".join(f"{part:02X}" for part in mixed)


def percent_with(found: Measure | None, lang: Lang) -> str:
    """A share in % with its interval, as many digits as that has: '63 ± 2 %', or '97 [93–100] %' where it is cut."""
    if found is None or math.isnan(found.mean):
        return "–"
    half = 100 * found.half
    if not half > 0:
        return per_cent(percent(found.mean, lang), lang)
    places = 0 if half >= 0.95 else 1
    mean, low, high = (decimal(100 * one, places, lang) for one in found)
    if found.lopsided and half >= 0.05:
        return per_cent(f"{mean} [{low}–{high}]", lang)
    tiny = f"<{decimal(0.1, 1, lang)}"
    return per_cent(f"{mean} ± {decimal(half, places, lang) if half >= 0.05 else tiny}", lang)


def sentence(name: str, found: View, lang: Lang) -> str:
    """What the drawing says, for its title."""
    if not found.shares:
        return say("plan_only", lang, name=name)
    station = max(found.shares, key=lambda one: found.shares[one].mean)
    share = percent(found.shares[station].mean, lang)
    if found.phrase == "share_neck":
        return say("plan_after", lang, name=name, station=station, share=share, time=time_word(found.document, lang))
    loss = longest_loss(found.plan, found.document, lang)
    return say("plan_works", lang, name=name, station=station, share=share) + loss


def longest_loss(plan: Plan, document: Document, lang: Lang) -> str:
    """The largest share of a stop or wait, in words; empty below 1 %."""
    losses = [
        (state_share(e, s), n, s)
        for n, e in machines(document)
        for s in LOOKS
        if s not in ("working", "off", "break")
    ]  # fmt: skip
    share, loser, state = max(losses, default=(0.0, "", ""))
    if share < 0.01:
        return ""
    named = state_word(state, lang, loser in carried(plan))
    return say("states_loss", lang, name=loser, share=percent(share, lang), state=named)


def reading(found: View, lang: Lang) -> str:
    """How to read the drawing, in a line or two."""
    several = found.document.get("replications", 1) > 1
    key = "read_state" if found.colour == "state" else f"read_{found.phrase}"
    shown = [say(key, lang, time=time_word(found.document, lang))]
    for kind, words in (("conveyor", "read_belts"), ("buffer", "read_buffers")):
        if elements(found.document, kind):
            shown.append(say(words, lang))
            break
    return " ".join([*shown, say("read_mean" if several else "read_one", lang, level=level(found.document))])
