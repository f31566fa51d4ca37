"""What nobody can know of a layout with mistakes, so that nothing is said that would only follow from them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from twin.core.spec import Kind, kinds


@dataclass(frozen=True)
class Gaps:
    """What could not be read; a sound layout has none."""

    sections: frozenset[str] = frozenset()
    """Sections that may hold names which could not be read."""
    keys: frozenset[str] = frozenset()
    """Keys at the top whose values could not be read."""

    def in_names(self, sections: Iterable[str]) -> bool:
        """Whether one of the sections may hold a name that is not known."""
        return any(section in self.sections for section in sections)


NONE = Gaps()
"""The gaps of a sound layout."""


@cache
def stand_in(section: str) -> Any:
    """What stands for an element with mistakes: it has a name and a section, and tells nothing else.

    Elements of a section that is not known ('': misspelt) may stand in the flow.
    """
    kind = kinds("element")[section] if section else Kind
    told = {name: one for name, one in vars(Kind).items() if inspect.isfunction(one) and not name.startswith("_")}
    words = {} if section else {"SECTION": "", "WORD": "element", "FLOWS": True}
    unread = type("Unread", (kind,), {"__module__": __name__, "SOUND": False, **told, **words})
    return unread.model_construct()  # type: ignore[attr-defined]
