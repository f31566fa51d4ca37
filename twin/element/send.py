"""Send: how an element from which several arrows lead on chooses where each part goes."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

from twin.core.compiling.names import Names
from twin.core.describe import shares_told
from twin.core.plan import ElementId, Plan
from twin.core.problem import fault, nearest
from twin.core.refused import received
from twin.core.run import Run
from twin.core.running.part import Part
from twin.core.spec import ByProduct, Reader
from twin.element.fields import read_weights

WAYS = ("first_free", "shortest_queue", "round_robin")
SAY_SEND = f"write 'send: {WAYS[0]}', '{WAYS[1]}', '{WAYS[2]}', or shares {{a: 70 %, b: 30 %}}"
"""What to write where several arrows lead on."""
SETTLED = ("by_product", "shares", "round_robin")
"""Ways to send for which it does not count what stands at their ends."""


def read_send(value: object) -> Any:
    """How to choose among several places: one of the named ways, shares, or {by_product: {A: a}}."""
    if isinstance(value, str) and value in WAYS:
        return value
    if isinstance(value, dict) and list(value) == ["by_product"] and isinstance(value["by_product"], dict):
        return ByProduct(value["by_product"])
    if isinstance(value, dict):
        return read_weights(value)
    ways = f"{', '.join(WAYS)}, shares {{a: 70 %, b: 30 %}} or {{by_product: {{A: a}}}}"
    raise fault(f"{received(value)} is no way to send; write {ways}", nearest(value, WAYS))


Send = Annotated[Any, Reader(read_send, lambda: {"anyOf": [{"enum": list(WAYS)}, {"type": "object"}]})]


def sends(send: Any) -> str | None:
    """Its word, 'drawn' where each part's way is settled when it goes, None without one."""
    return send if isinstance(send, str) else "drawn" if send is not None else None


def split(send: Any, product: str, ways: Sequence[str]) -> tuple[float, ...]:
    """The share of a product's parts that goes each way in the long run; 0 where that hangs on what stands there."""
    if isinstance(send, ByProduct):
        return tuple(float(send.of(product) == way) for way in ways)
    if isinstance(send, dict):
        return tuple(send.get(way, 0.0) for way in ways)
    return ((1 / len(ways)) if send == "round_robin" else 0.0,) * len(ways)


class SendRow(NamedTuple):
    """How parts are sent on, in the plan."""

    how: str
    """One of the named ways, 'shares' or 'by_product'."""
    ways: tuple[ElementId, ...]
    """Where each way leads, in declared order."""
    shares: tuple[float, ...] = ()
    """Cumulative share of each way."""
    stream: int = -1
    products: tuple[int, ...] = ()
    """The way of each product."""

    def told(self, plan: Plan) -> str:
        """What it means, for the plan as text."""
        names = [plan.elements[way].name for way in self.ways]
        if self.how == "by_product":
            return ", ".join(f"{p.name} to {names[way]}" for p, way in zip(plan.products, self.products, strict=True))
        return shares_told(names, self.shares) if self.how == "shares" else self.how


def send_row(names: Names, send: Any, ways: tuple[ElementId, ...]) -> SendRow | None:
    """The row of a ``send:`` of an element whose ways lead to these elements; None without one."""
    known = [names.name_of(way) for way in ways]

    def way(key: str, word: object) -> int:
        if word not in known:
            names.no_way(("send", key), word, known)
        return known.index(str(word)) if word in known else 0

    if isinstance(send, ByProduct):
        targets = names.per_product(("send",), send)
        return SendRow("by_product", ways, products=tuple(way(product, word) for product, word in targets))
    if not isinstance(send, dict):
        return None if send is None else SendRow(send, ways)
    shares = [0.0] * max(len(ways), 1)
    for word, share in send.items():
        shares[way(word, word)] += share
    return SendRow("shares", ways, shares=tuple(itertools.accumulate(shares)), stream=names.stream("send"))


def drawn_way(run: Run, row: SendRow | None) -> Callable[[Part], int] | None:
    """A function that gives the way of each part; None where that hangs on what stands at their ends."""
    if row is not None and row.how == "by_product":
        return lambda part: row.products[part.product]
    if row is not None and row.how == "shares":
        draw, shares = run.uniform(row.stream), row.shares
        return lambda part: min(bisect_right(shares, draw()), len(shares) - 1)
    if row is not None and row.how == "round_robin":
        turn = itertools.cycle(range(len(row.ways)))
        return lambda part: next(turn)
    return None
