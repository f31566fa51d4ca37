"""The code of the package as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
Def = ast.FunctionDef | ast.AsyncFunctionDef
INHERITED = {"numbers", "build", "stand", "sends", "edges", "skills_of", "machine_count", "make_place", "row_of_ledger"}
"""What kinds override; the words stand in the base class."""
LAW = {"moments", "params", "sample", "log_density", "log_survival", "words", "usual", "uncut", "resolve", "remaining"}
"""The same for laws."""


class Function(NamedTuple):
    """A function and how many lines its body has, docstring left out."""

    path: Path
    name: str
    length: int


def modules() -> list[Path]:
    """The files of the package, sorted."""
    return sorted((ROOT / "twin").rglob("*.py"))


def functions() -> Iterator[Function]:
    """All functions of the package."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Def):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                yield Function(path, node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1)


def public_without_words(path: Path) -> list[str]:
    """Public classes and functions of a file that have no docstring of their own nor of their base."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [*([] if ast.get_docstring(tree) or not tree.body else ["the module"]), *_silent(tree.body, "")]


def _silent(body: list[ast.stmt], above: str) -> Iterator[str]:
    for node in body:
        if not isinstance(node, Def | ast.ClassDef) or node.name.startswith("_"):
            continue
        inherited = bool(above) and node.name in INHERITED | LAW
        if not ast.get_docstring(node) and not inherited and not _overload(node):
            yield f"{above}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _silent(node.body, f"{node.name}.")


def _overload(node: Def | ast.ClassDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "overload" for one in node.decorator_list)
