"""Why a text is no YAML: the parser's errors in plain words, placed where their cause is."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from unicodedata import category

from yaml import YAMLError
from yaml.reader import ReaderError

ODD_SPACE = re.compile("[\u00a0\u2007\u202f\u2009]")
"""Spaces that look like one and are none: no-break, figure, narrow and thin."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that are no text, tabs and line ends apart: some are let in by YAML as escapes, some show nothing
themselves and yet turn around what stands after them."""
BREAKS = re.compile("[\x85\u2028\u2029]")
"""Of these those that end a line for the parser and for no editor."""
_WORDS = {
    "mapping values are not allowed": "a ':' too many on this line, or the line is indented too far",
    "could not find expected ':'": "a ':' is missing after the key, or the line is indented wrongly",
    "did not find expected key": "a key is due here; look at the indentation and at brackets left open above",
    "did not find expected ',' or ']'": "a ',' or ']' is missing",
    "did not find expected ',' or '}'": "a ',' or '}' is missing",
    "did not find expected '-' indicator": "this line is indented wrongly for the list above it",
    "did not find expected <document start>": "the file goes on after its end; look at the indentation",
    "did not find expected node content": "a value is missing here",
    "found undefined alias": "this alias (*name) has no anchor (&name)",
    "but found another document": "one file holds one plant; remove the line '---'",
    "found unexpected ':'": "a space is due after this ':'",
    "found unexpected end of stream": "the file ends inside a quote; close it",
    "block sequence entries are not allowed": "a list cannot begin here; put '- ' on a line of its own",
    "did not find expected alphabetic": "after '&' or '*' a name is due; put the text in quotes",
    "did not find expected comment": "after '|' or '>' the text begins on the next line; or put it in quotes",
    "found unexpected non-alphabetical": "a line that begins with '%' is no part of a layout; take it out",
    "directive name": "a line that begins with '%' is no part of a layout; take it out",
    "found a tab character": "a tab stands here; indent with spaces",
    "did not find expected whitespace": "a space is due here",
    "second occurrence": "this anchor (&name) stands twice",
    "found unknown escape character": "after '\\' inside double quotes only an escape may stand; use single quotes",
}
_NO_SPACE = re.compile(r" *(?:- +)?[^\W\d][\w-]*(:)[^\s:]")
_NEAR = 2
"""Lines before the place of an error in which its cause is looked for."""


class Misread(NamedTuple):
    """A place (from 1) and what is wrong there."""

    line: int
    column: int
    text: str


def misread(error: YAMLError, text: str) -> Misread:
    """What a parser's error of ``text`` comes from."""
    if isinstance(error, ReaderError):
        return _not_text(error, text)
    context = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or context
    line, column = (mark.line, mark.column) if mark else (0, 0)
    said = str(getattr(error, "problem", None) or error)
    lines = text.splitlines()
    near = [number for number in range(line - _NEAR, line + 1) if 0 <= number < len(lines)]
    return _odd_space(lines, near) or _cause(said, lines, near, context) or _plain(said, lines, line, column)


def control_character(letter: str) -> str:
    """What is said of a character that is no text."""
    what = "invisible" if category(letter) == "Cf" else "control"
    return f"the {what} character U+{ord(letter):04X} cannot stand in a layout; take it out"


def _not_text(error: ReaderError, text: str) -> Misread:
    before = text[: error.position]
    letter = chr(error.character) if isinstance(error.character, int) else str(error.character)
    return Misread(before.count("\n") + 1, len(before) - before.rfind("\n"), control_character(letter))


def _odd_space(lines: list[str], near: list[int]) -> Misread | None:
    for number in near:
        if odd := ODD_SPACE.search(lines[number].split("#")[0]):
            return Misread(number + 1, odd.start() + 1, "a no-break space stands here; type an ordinary space")
    return None


def _cause(said: str, lines: list[str], near: list[int], context: Any) -> Misread | None:
    """What most likely led to an error that was found further on."""
    for number in near:
        if "mapping values" in said and (tight := _NO_SPACE.match(lines[number])):
            return Misread(number + 1, tight.start(1) + 1, "a space is due after this ':'")
    if context is not None and context.line < max(near, default=0) and ("',' or" in said or "end of stream" in said):
        opened = lines[context.line][context.column : context.column + 1]
        return Misread(context.line + 1, context.column + 1, f"this '{opened}' is not closed")
    return None


def _plain(said: str, lines: list[str], line: int, column: int) -> Misread:
    text = next((words for known, words in _WORDS.items() if known in said), f"not YAML: {said.splitlines()[0]}")
    if "cannot start any token" in said:
        here = lines[line][column : column + 1] if line < len(lines) else ""
        tab = "a tab stands here; indent with spaces"
        text = tab if here == "\t" else f"no value begins with '{here}'; put it in quotes"
    return Misread(line + 1, column + 1, text)
