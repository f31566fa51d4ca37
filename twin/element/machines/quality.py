"""Quality: what becomes of a part at the end of its cycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.inputs import Place
from twin.core.plan import ElementId, PlaceId, Plan
from twin.core.problem import Loc, quoted
from twin.core.spec import ByProduct, Spec
from twin.core.unit import show
from twin.element.fields import Share
from twin.law.fitted import FittedShare, KnownShare

SUMS = ("scrap", "rework", "repeat")
"""The shares in the order in which they are added up."""


class QualityRow(NamedTuple):
    """Cumulative shares by product (scrap, then rework, then repeat) and the way back."""

    scrap: tuple[float, ...]
    rework: tuple[float, ...]
    repeat: tuple[float, ...]
    to: PlaceId
    to_station: ElementId
    at_most: float
    stream: int
    """-1: every share is 0 or all, so there is no chance in it."""

    def told(self, plan: Plan) -> dict[str, str]:
        """What its numbers mean, for the plan as text; no longer cumulative."""
        names = [product.name for product in plan.products]
        back = [b - a for a, b in zip(self.scrap, self.rework, strict=True)]
        again = [b - a for a, b in zip(self.rework, self.repeat, strict=True)]
        way = f" to {plan.elements[self.to_station].name}" if self.to_station >= 0 else ""
        most = "once" if self.at_most == 1 else f"{self.at_most:g} times"
        times = f", at most {most}" if self.at_most < float("inf") else ""
        rework = _told(names, back)
        return {
            "scrap": _told(names, self.scrap), "rework": f"{rework}{way}{times}" if rework else "",
            "repeat": _told(names, again), "to": "", "to_station": "", "at_most": "", "stream": "",
        }  # fmt: skip


def _told(names: Sequence[str], shares: Sequence[float]) -> str:
    """A share, or one for each product; empty where all are 0."""
    shown = [show(share, "share") for share in shares]
    if max(shares, default=0.0) <= 1e-12:
        return ""
    return shown[0] if len(set(shown)) == 1 else ", ".join(map(" ".join, zip(names, shown, strict=True)))


class Rework(Spec):
    """Parts sent back."""

    share: Share
    """Share of the parts."""
    to: str
    """The station they go back to; they wait in its queue and go before new parts."""
    at_most: Annotated[int, Field(ge=1)] | None = None
    """Times a part may be sent back; then it is scrapped."""


class Quality(Spec):
    """What becomes of a part at the end of its cycle: one draw."""

    scrap: Share | None = None
    """Share thrown away."""
    rework: Rework | None = None
    """Share sent back."""
    repeat: Share | None = None
    """Share whose cycle is done again at once."""

    def passed(self, product: str) -> float:
        """Share of the parts that go on in the end, not scrapped nor sent back; 0: a fitted share, not known here."""
        found = self._known(product)
        return 0.0 if found is None else _over(1.0 - sum(found), found[-1])

    def sent_back(self, product: str, again: bool) -> dict[str, float]:
        """Share of the parts that is sent back, by where to; ``again``: of those that were at least once."""
        found = self._known(product)
        if found is None or self.rework is None or (again and self.rework.at_most is not None):
            return {}
        return {self.rework.to: _over(found[1], found[-1])}

    def cycles(self, product: str) -> float:
        """Mean number of cycles that a part takes in one visit."""
        found = self._known(product)
        return 1.0 if found is None else 1.0 / max(1.0 - found[-1], _LEAST)

    def _known(self, product: str) -> tuple[float, ...] | None:
        """The shares in the order of ``SUMS``; None: one is that of a fitted file."""
        asked = (self.scrap, self.rework.share if self.rework else None, self.repeat)
        found = [(one.of(product) if isinstance(one, ByProduct) else one) or 0.0 for one in asked]
        return None if any(isinstance(one, FittedShare) for one in found) else tuple(map(float, found))

    def numbers(self, names: Names, timed: bool) -> QualityRow:
        """The row of the plan; ``timed``: whether the station has a cycle of its own, for parts without a route."""
        rework = self.rework
        scrap = _shares(names, ("quality", "scrap"), self.scrap)
        back = _shares(names, ("quality", "rework", "share"), rework.share if rework else None)
        again = _shares(names, ("quality", "repeat"), self.repeat)
        for product, total in zip(names.products, map(sum, zip(scrap, back, again, strict=True)), strict=True):
            if total > 1 + 1e-9:
                text = f"scrap, rework and repeat add up to {total * 100:.6g} %"
                names.problem(("quality",), f"{text}{names.of(product)}; together they may take 100 %")
        self._check_exit(names, back, again)
        _note_fitted(names, (scrap, back, again))
        to = names.find(("quality", "rework", "to"), rework.to, "stations") if rework else -1
        if rework:
            _check_way_back(names, rework.to, timed)
        return QualityRow(
            scrap=tuple(map(float, scrap)),
            rework=tuple(a + b for a, b in zip(scrap, back, strict=True)),
            repeat=tuple(a + b + c for a, b, c in zip(scrap, back, again, strict=True)),
            to=names.place_to(to) if to >= 0 else -1,
            to_station=to,
            at_most=float(rework.at_most) if rework and rework.at_most else float("inf"),
            stream=names.stream("quality") if any(map(_by_chance, (*scrap, *back, *again))) else -1,
        )

    def _check_exit(self, names: Names, back: tuple[float, ...], again: tuple[float, ...]) -> None:
        """No part may go round for ever."""
        limited = self.rework is not None and self.rework.at_most is not None
        for product, sent, done in zip(names.products, back, again, strict=True):
            if 1 - 1e-9 <= done <= 1 + 1e-9:
                text = f"every part is repeated for ever{names.of(product)}; write less than 100 %"
                names.problem(("quality", "repeat"), text)
            elif 1 - 1e-9 <= sent + done <= 1 + 1e-9 and not limited:
                text = f"every part goes back for ever{names.of(product)}; write less than 100 %, or 'at_most'"
                names.problem(("quality", "rework", "share"), text)


_LEAST = 1e-9
"""A part is not repeated for ever; where a layout says so it is told as a mistake."""


def _over(share: float, repeated: float) -> float:
    """A share of the draws as a share of the parts, whose last draw is no repetition."""
    return max(share, 0.0) / max(1.0 - repeated, _LEAST)


def _by_chance(share: float) -> bool:
    """Whether chance decides; that of a fitted file may be another in a draw."""
    return 0 < share < 1 or isinstance(share, KnownShare)


def _note_fitted(names: Names, steps: Sequence[Sequence[float]]) -> None:
    """Tell the plan where shares of fitted files stand: each in its own sum and in all that follow."""
    for step, shares in enumerate(steps):
        for product, share in enumerate(shares):
            if isinstance(share, KnownShare):
                place = Place(names.index, "quality", SUMS[step:], product, float(share), share.factor)
                names.varies(("quality", SUMS[step]), share.origin, place)


def _check_way_back(names: Names, to: str, timed: bool) -> None:
    """Parts that are sent back need a time where they go: from their route so far, or from a 'cycle'."""
    other: Any = next((e.kind for e in names.layout.elements if e.name == to and e.section == "stations"), None)
    for name, product in names.layout.products.items() if other and other.SOUND and other.cycle is None else ():
        if not product.SOUND:
            continue
        steps = [step.stations for step in product.route]
        here = next((i for i, step in enumerate(steps) if names.element.name in step), -1)
        follows = not steps and timed
        if follows or (here >= 0 and not any(to in step for step in steps[: here + 1])):
            text = f"{quoted(to)} has no time for {quoted(name)}, which has not been there; give it 'cycle:'"
            names.problem(("quality", "rework", "to"), text)


def _shares(names: Names, loc: Loc, share: Any) -> tuple[float, ...]:
    if isinstance(share, ByProduct):
        share = ByProduct({product: _known(names, (*loc, product), one) for product, one in share.items()})
    found = names.share(loc, _known(names, loc, share)) or (0.0,)
    return found if len(found) == len(names.products) else found[:1] * len(names.products)


def _known(names: Names, loc: Loc, share: Any) -> Any:
    """A share of a fitted file as it is there."""
    return share.resolve(names, loc) if isinstance(share, FittedShare) else share
