"""One look for every figure: colours, hatches, type sizes. Global matplotlib settings are never touched."""

from __future__ import annotations

import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from twin.report.words import Lang, decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CLINGING = re.compile(r" (?=[;:!?»%/→±≤≥<>=])|(?<=[«±→≤≥<>=]) |(?<=\d) (?=[^\W\d])|(?<=[,;]) (?=[^][]*])")
_ENDLESS = re.compile(r"([\w-]{59})[\w-]{2,}")
"""A name so long that with it a title would leave no room for what is drawn."""
_HELD = "\ue000"
"""Stands for a space at which no line ends."""
P = ParamSpec("P")
R = TypeVar("R")


class Look(NamedTuple):
    """How a state is painted: fill, hatch (so that it reads in grey) and the colours of hatch and text upon it."""

    fill: str
    hatch: str
    line: str
    ink: str


INK, MUTED, FAINT, PAPER, ACCENT = "#1A1A1A", "#5A5A5A", "#D9D9D9", "#FFFFFF", "#0072B2"

LOOKS = {
    "working": Look("#009E73", "", PAPER, PAPER),
    "setup": Look("#0072B2", "///", "#7DB6D9", PAPER),
    "maintenance": Look("#CC79A7", "xxx", "#8F4A70", INK),
    "micro_stop": Look("#F7B99C", "...", "#A8552B", INK),
    "repair": Look("#D55E00", "\\\\\\", "#FFB98A", PAPER),
    "waiting_repair": Look("#6B1A00", "---", "#C98F7D", PAPER),
    "waiting_operator": Look("#E69F00", "|||", "#8F6300", INK),
    "blocked": Look("#F0E442", "++", "#A39A14", INK),
    "starved": Look("#56B4E9", "..", "#D9EFFB", INK),
    "break": Look("#C4C4C4", "", INK, INK),
    "off": Look("#F4F4F4", "//", "#C9C9C9", INK),
}
"""State → look, in the order of a bar: at work, stopped, waiting, closed.

Fills are the palette of Okabe and Ito (2008) and tints of it. Seen with deuteranopia (Machado, Oliveira
and Fernandes, 2009) any two lie at least 15 units apart in CIELAB (a test).
"""

VEHICLE_LOOKS = {
    "loaded": Look("#00513B", "", PAPER, PAPER),
    "empty": Look("#9BD8C4", "\\\\", "#3F8F76", INK),
    "loading": Look("#4B3F8F", "//", "#A79FD6", PAPER),
    "waiting": Look("#E69F00", "||", "#8F6300", INK),
    "charging": Look("#D7C4E8", "xx", "#7A5195", INK),
    "idle": Look("#EFEFEF", "", INK, INK),
}
"""The same for vehicles, which stand on rows of their own."""

LOST_LOOKS = {
    "performance": Look("#8478B8", "o", "#D5D0EA", INK),
    "quality": Look("#882255", "**", "#E3B5CB", INK),
}
"""The same for what is lost of the time without being a state: cycles that are too long, bad parts."""

FONTS = ["DejaVu Sans"]
"""The fonts of every figure, in the order in which they are tried."""

RC = {
    "font.family": FONTS,
    "font.size": 9.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 10.0,
    "axes.labelsize": 9.0,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": "#8A8A8A",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "figure.dpi": 100.0,
    "savefig.dpi": 150.0,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 9.0,
    "lines.linewidth": 1.4,
}
"""Settings that hold while one of our figures is made, whatever the user has set."""


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Decorator: draw with matplotlib's defaults and ``RC``, then leave the user's settings as they were."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        import matplotlib as mpl

        plain: dict[Any, Any] = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith("backend")}
        with mpl.rc_context(plain | RC):
            return draw(*args, **kwargs)

    return drawn


@cache
def _picture() -> type[Figure]:
    """A Figure that shows itself in a notebook without pyplot."""
    import io

    from matplotlib.figure import Figure

    class Picture(Figure):
        def draw(self, renderer: Any) -> None:
            with unwarned_letters():
                super().draw(renderer)

        def savefig(self, *args: Any, **options: Any) -> None:
            with unwarned_letters():
                super().savefig(*args, **options)

        def _repr_png_(self) -> bytes:
            page = io.BytesIO()
            self.savefig(page, format="png", dpi=110, bbox_inches="tight")
            return page.getvalue()

    return Picture


@contextmanager
def unwarned_letters() -> Iterator[None]:
    """No warning of letters in a file's names that our font lacks: a browser has more of them than our font."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(Glyph .* missing|Matplotlib currently does not support .* natively)")
        yield


def lacking(texts: Iterable[str]) -> str:
    """The letters of these texts that our font lacks, each once: in PNG and PDF they become boxes, in SVG not."""
    found = dict.fromkeys(letter for text in texts for letter in text if not letter.isascii() and letter.isprintable())
    if not found:
        return ""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties(family=FONTS))).get_charmap()
    return "".join(letter for letter in found if ord(letter) not in known)


def canvas(width: float, height: float, constrained: bool = True) -> Figure:
    """An empty figure, inches; not registered with pyplot, so it is freed with its last reference."""
    return _picture()(figsize=(width, height), layout="constrained" if constrained else None)


def axes(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes]:
    """The axes to draw in and their figure: those given, or new ones of this size in inches."""
    if ax is None:
        figure = canvas(width, height)
        return figure, figure.add_subplot()
    return root(ax), ax


def root(ax: Axes) -> Figure:
    """The figure that holds ``ax``, through subfigures."""
    figure: Any = ax.figure
    while figure is not figure.figure:
        figure = figure.figure
    return figure  # type: ignore[no-any-return]


def inches(ax: Axes) -> float:
    """The width of axes on paper, before the layout is settled."""
    return float(ax.get_position().width * root(ax).get_figwidth())


def title(ax: Axes, sentence: str) -> None:
    """A sentence over the axes, folded where they end (a letter of this type is about 0.1 inch wide)."""
    short = _ENDLESS.sub(r"\1…", sentence)
    ax.set_title(wrapped(short, max(20, int(inches(ax) / 0.092))))


FOLD = 32
"""Letters after which names beside axes and in legends are folded."""


def held(text: str, space: str = "\u00a0") -> str:
    """A text in which no line ends between a number and its unit, inside an interval, or before a sign.

    For what people read; programs and terminals get plain spaces.

    Args:
        text: as it was said.
        space: what takes the place of such a space.
    """
    return _CLINGING.sub(space, text)


def wrapped(text: str, letters: int) -> str:
    """A text in lines of at most so many letters; signs and units stay with what is before them."""
    return textwrap.fill(held(text, _HELD), letters).replace(_HELD, " ")


def numbers(axis: Any, lang: Lang) -> None:
    """Ticks as a reader of the language writes numbers: 1,234.5 in English, 1 234,5 in French."""
    from matplotlib.ticker import FuncFormatter, ScalarFormatter

    plain = ScalarFormatter(useOffset=False)
    plain.set_scientific(False)
    plain.set_axis(axis)

    def read(value: float, _: object) -> str:
        plain.set_locs(axis.get_majorticklocs())
        return decimal(value, len(plain(value).partition(".")[2]), lang)

    axis.set_major_formatter(FuncFormatter(read))


def legend(ax: Axes, handles: list[Any], **options: Any) -> None:
    """A legend to the right of the axes, where no data lie."""
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, **options)


def look_of(state: str) -> Look:
    """How a state of a machine or a vehicle is painted."""
    return LOOKS[state] if state in LOOKS else VEHICLE_LOOKS[state]


def patch(state: str, label: str) -> Any:
    """The legend entry of a state."""
    from matplotlib.patches import Patch

    look = look_of(state)
    return Patch(facecolor=look.fill, hatch=look.hatch, edgecolor=look.line, linewidth=0, label=wrapped(label, FOLD))
