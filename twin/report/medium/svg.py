"""A figure of matplotlib as an SVG element that stands inside a page."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING

from twin.report.style import unwarned_letters

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

_OPENING = re.compile(r'<svg[^>]*?viewBox="([^"]+)"[^>]*>')
_NAMED = re.compile(r'(<\w+) id="([^"]*)"')
_MEANT = re.compile(r'(?:href="|url\()#([^")]+)')


def svg(figure: Figure, label: str) -> Markup:
    """A figure as an SVG element to stand inside a page, as wide as the page.

    Letters stay text: they can be searched and copied, in a font of the system no wider than ours.

    Args:
        figure: of matplotlib.
        label: what a reader who does not see the figure is told; it is escaped.
    """
    import matplotlib as mpl
    from markupsafe import Markup

    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "twin"}), unwarned_letters():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue().partition("<svg")[2].join(("<svg", ""))
    box = _OPENING.match(text)
    assert box, "matplotlib writes the size of its figures"
    opening = Markup('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ')
    opening += Markup('viewBox="{}" role="img" aria-label="{}">').format(box[1], label)
    inner = _own_names(text[box.end() :]).replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
    return opening + Markup(inner)


def _own_names(text: str) -> str:
    """Only the names of elements that others refer to, each its own in a page of several figures."""
    meant, own = set(_MEANT.findall(text)), f"{zlib.crc32(text.encode()):08x}-"
    kept = _NAMED.sub(lambda found: f'{found[1]} id="{own}{found[2]}"' if found[2] in meant else found[1], text)
    return _MEANT.sub(lambda found: f"{found[0].removesuffix(found[1])}{own}{found[1]}", kept)
