"""Numbers with a comma or a space inside: values are written with a point, and with nothing between thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yaml.nodes import Node, ScalarNode

from twin.core.problem import quoted

Pairs = list[tuple[Node, Node]]
"""Keys and values of a map, as YAML's nodes."""
_POINTED = re.compile(r"([+-]?[0-9]+(?:\.[0-9]{3})*),([0-9]+)([ ]*\S*)")
_GROUPED = re.compile(r"([+-]?[0-9]{1,3}(?:([, '])[0-9]{3})(?:\2[0-9]{3})*(?:\.[0-9]+)?)([ ]*[^\d\s]*)")
_BETWEEN = {",": "a comma", " ": "a space", "'": "an apostrophe"}
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
_PIECE = re.compile(r"[0-9]+")
_LAST_PIECE = re.compile(r"[0-9]+(\.[0-9]+)? *[^\W\d]*(/[^\W\d]+)?[%€]?")


def why_comma(text: str) -> str:
    """What is wrong with a number that holds a comma or a space, and how it is written; empty: it is no such number."""
    if found := _GROUPED.fullmatch(text):
        return _grouped(text, found[1], found[3])
    if found := _POINTED.fullmatch(text):
        right = f"{found[1].replace('.', '')}.{found[2]}{found[3]}"
        return f"{quoted(text)} has a decimal comma; write '{right}'"
    return ""


def why_torn(pieces: Sequence[str]) -> str:
    """What is wrong with a number that YAML has torn at its commas, its pieces given."""
    text = ",".join(pieces)
    return why_comma(text) or f"{quoted(text)} holds a comma, and between {{ }} that ends a value; write a point"


def _grouped(text: str, number: str, unit: str) -> str:
    """Of a number whose digits stand in threes; with one comma nobody can know which of two is meant."""
    thousands = re.sub("[, ']", "", number)
    if _TWO_WAYS.fullmatch(number):
        decimal = re.sub(r"(\.[0-9]+?)0+$", r"\1", number.replace(",", "."))
        text = f"{quoted(text)} has a comma that can be read in two ways"
        return f"{text}; write '{thousands}{unit}' or '{decimal}{unit}'"
    if number.startswith(("0,", "+0,", "-0,")) and number.count(",") == 1 and "." not in number:
        return f"{quoted(text)} has a decimal comma; write '{number.replace(',', '.')}{unit}'"
    between = next(word for sign, word in _BETWEEN.items() if sign in number)
    return f"{quoted(text)} has {between} between its thousands; write '{thousands}{unit}'"


def torn(pairs: Pairs, at: int) -> list[str]:
    """The keys after a value that are pieces of its number: inside { } '1,5 h' is read as 1 and then a key '5 h'."""
    pieces, last = list[str](), pairs[at][1]
    for key, child in pairs[at + 1 :]:
        if not (_is_nothing(child) and isinstance(last, ScalarNode) and isinstance(key, ScalarNode)):
            break
        begins = (_PIECE if pieces else _WHOLE).fullmatch(last.value)
        if not (begins and _LAST_PIECE.fullmatch(key.value) and _touches(last, key)):
            break
        pieces.append(key.value)
        last = key
    return pieces


def _is_nothing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value and not node.style


def _touches(last: Node, key: Node) -> bool:
    """Whether but one character, the comma, stands between them."""
    end, start = last.end_mark, key.start_mark
    return bool(end.line == start.line and end.column + 1 == start.column)
