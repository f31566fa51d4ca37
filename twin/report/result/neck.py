"""How often each station is the bottleneck, with its interval."""

from __future__ import annotations

import math
from typing import NamedTuple

from twin.report.measure import Measure, measure
from twin.report.result.over import over
from twin.report.result.sheet import Answer, Document, machines, opened, several, shares


class Neck(NamedTuple):
    """A station's share of the opening time as the bottleneck; ``sole`` NaN when it is not told apart."""

    name: str
    sole: float
    whole: Measure


def necks(result: Answer, document: Document) -> list[Neck]:
    """The stations that are ever the bottleneck, in declared order."""
    entries, part = dict(machines(document)), opened(document)
    found = []
    for name, share in whole(result, document).items():
        entry = entries.get(name, {})
        sole = measure(entry.get("kpis", {}).get("bottleneck_sole"))
        found.append(Neck(several(name, entry), min(1.0, sole.mean / part) if sole else math.nan, share))
    return found


def whole(result: Answer, document: Document) -> dict[str, Measure]:
    """The share of the opening time of each station as the bottleneck, alone or while it shifts.

    Intervals of the sum that the document lacks come from the rows.
    """
    found, part = {}, opened(document)
    for name, share in shares(document).items():
        values = [row.get(f"bottleneck.{name}", math.nan) / part for row in result.rows]
        found[name] = (over(result, document, values, 0.0, 1.0) if math.isnan(share.half) else None) or share
    return found
