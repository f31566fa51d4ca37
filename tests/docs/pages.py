"""Markdown pages cut into blocks, and the ways to execute them.

The first word behind the fence is the language; the words after it say what the block is:

- ``yaml``: a whole layout, checked. ``yaml file=layouts/x.yaml``: also written there for the blocks that follow.
  ``yaml fragment``: some keys of a layout, put into a small plant and checked. ``yaml bad``: must be refused.
  ``yaml reading``: a reading file, with ``file=calibration/x.yaml`` written there; ``fragment`` as for layouts.
- ``python``: executed, one namespace a page; with ``>>>`` it is a doctest. ``python file=x.py``: written there instead;
  blocks with the same file are its pieces, one after the other. ``toml file=x.toml``: the same.
- ``console``: lines with ``$`` are executed, the output is compared where it is shown; ``…`` stands for anything.
  After ``$ pip install -e .`` all runs in a process of its own, in which the plug-in of the page is installed.
- ``text file=x.csv``: written there. ``sh``, ``text``, ``json``: only read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from twin.core.text import parse

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SMALL = """\
twin: 1
plant: Small
start: 2027-01-04 06:00
flow: [parts -> first -> shelf -> second -> out]
sources: {parts: {every: {exponential: 120 s}}}
stations:
  first: {cycle: 40 s, queue: {}}
  second: {cycle: 30 s, queue: {}}
buffers: {shelf: {capacity: 5}}
operators: {everyone: {count: 5, skills: [machining, assembly, maintenance, welder, helper]}}
calendars: {days: {week: {mon-fri: [06:00-14:00]}}}
sinks: {out: {}}
run: {warm_up: 1 h, horizon: 8 h}
"""
SMALL_READING = """\
twin: 1
calibration: Small
time_zone: Europe/Paris
history: [{file: stops.csv}]
reasons: {TOOL: {mode: tool}, JAM: {mode: jam, micro_stop: true}}
"""


class Block(NamedTuple):
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    words: list[str]
    text: str
    span: tuple[int, int]
    """Where its text stands in the page."""

    @property
    def file(self) -> str:
        """The file it is to be written to; empty: none."""
        return next((word.removeprefix("file=") for word in self.words if word.startswith("file=")), "")

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """All pages of the documentation, README first."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, from top to bottom."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found[1], found[2].split(), found[3], found.span(3))


def written(page: Path, file: str) -> str:
    """A file that a page writes piece by piece."""
    return "".join(block.text for block in blocks(page) if block.file == file)


def whole(block: Block) -> str:
    """The layout or reading file that a yaml block stands for; a fragment becomes JSON, which is YAML too."""
    if "fragment" not in block.words:
        return block.text
    base = SMALL_READING if "reading" in block.words else SMALL
    small, over = (parse(text.encode(), str(block)).data for text in (base, block.text))
    return json.dumps(merged(small, over), indent=1)


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """A small plant with the keys of a fragment; sections are joined, all else is replaced."""
    found = dict(base)
    for key, value in over.items():
        inside = isinstance(value, dict) and isinstance(base.get(key), dict)
        found[key] = {**base[key], **value} if inside else value
    return found


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """(command, output shown) of a console block."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def as_shown(printed: str, shown: str) -> bool:
    """Whether what was printed is what the page shows; space is compared loosely, '…' stands for anything."""
    pattern = r"\s+".join(re.escape(word).replace("…", ".*?") for word in shown.split())
    return re.fullmatch(pattern, " ".join(printed.split()), re.DOTALL) is not None
