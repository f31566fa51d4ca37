"""What is drawn, read back from a figure; and documents whose figures are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import same_color
from matplotlib.container import BarContainer, ErrorbarContainer

from twin.report.study.sums import Page
from twin.report.style import PAPER

LEVEL = {"mean": 0.0, "low": 0.0, "high": 0.0, "sd": 0.0, "n": 30}
"""An interval of nothing at all."""
DAY = {
    "total": 1440.0, "off": 480.0, "planned": 60.0, "required": 900.0, "repair": 50.0, "waiting_repair": 10.0,
    "micro_stop": 0.1, "setup": 40.0, "waiting_operator": 0.0, "blocked": 100.0, "starved": 0.0, "performance": 20.0,
    "quality": 9.9, "useful": 670.0,
}  # fmt: skip
"""Minutes of a day of a station."""


def money(document: Mapping[str, Any], name: str = "both") -> dict[str, Any]:
    return next(one for one in document["scenarios"] if one["name"] == name)["money"]  # type: ignore[no-any-return]


def size(document: Mapping[str, Any]) -> float:
    return Page(document).unit().size


def axes_of(figure: Any) -> Any:
    return figure.axes[0]


def bars(ax: Any) -> list[Any]:
    """All rectangles of bars, in the order in which they were drawn."""
    return [bar for one in ax.containers if isinstance(one, BarContainer) for bar in one]


def points(ax: Any) -> list[tuple[Any, list[Any]]]:
    """(mark, segments of its whiskers) of each mark that has one."""
    every = [one for one in ax.containers if isinstance(one, ErrorbarContainer)]
    return [(one[0], [line.get_segments()[0] for line in one[2]]) for one in every if one[0] is not None]


def whiskers(ax: Any) -> list[np.ndarray[Any, Any]]:
    """The ends of each interval that is drawn without a mark, the edge that makes it seen left out."""
    found = [one for one in ax.containers if isinstance(one, ErrorbarContainer) and one[0] is None]
    return [one[2][0].get_segments()[0] for one in found if not same_color(one[2][0].get_color()[0], PAPER)]


def plain(text: str) -> str:
    """Without the ends of lines and the spaces that hold words together."""
    return re.sub(r"\s", " ", text)


def heading(figure: Any) -> str:
    return plain(axes_of(figure).get_title(loc="left"))


def below(figure: Any) -> str:
    return plain(axes_of(figure).get_xlabel())


def plant(document: dict[str, Any]) -> dict[str, Any]:
    def told(x: float) -> dict[str, Any]:
        return {"mean": x, "low": x - 0.02, "high": x + 0.02, "sd": 0.05, "n": 40}

    after = DAY | {"blocked": 30.0, "useful": 740.0}
    document["plant"] = {
        "baseline": {"turn": {"bottleneck": told(0.3), "trs": told(0.7), "minutes": DAY},
                     "drill": {"bottleneck": told(0.6), "trs": told(670 / 900), "minutes": DAY}},
        "both": {"turn": {"bottleneck": told(0.7), "trs": told(0.7), "minutes": DAY},
                 "drill": {"bottleneck": told(0.2), "trs": told(740 / 900), "minutes": after}},
    }  # fmt: skip
    document["bottlenecks"] = {"baseline": {"station": "drill", "share": 0.6, "trs": 0.74}}
    return document
