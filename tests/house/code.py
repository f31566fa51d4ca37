"""The code of the package as syntax trees."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
Def = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """A function and how many lines its body has, docstring left out."""

    path: Path
    name: str
    length: int


def modules() -> list[Path]:
    """The files of the package, sorted."""
    return sorted((ROOT / "twin").rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[Function]:
    """All functions of the package."""
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, Def):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                yield Function(path, node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1)


def public_without_words(path: Path) -> list[str]:
    """Public classes and functions of a file without words; an overriding method has those of its base."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[-1] == "__main__":
        return []
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    silent = [] if module.__doc__ else ["the module"]
    return [*silent, *_silent(tree(path).body, module, "")]


def _silent(body: list[ast.stmt], owner: object, above: str) -> Iterator[str]:
    for node in body:
        if not isinstance(node, Def | ast.ClassDef) or node.name.startswith("_"):
            continue
        one = inspect.getattr_static(owner, node.name, None)
        if not ast.get_docstring(node) and not (above and inspect.getdoc(getattr(owner, node.name, one))):
            yield f"{above}{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _silent(node.body, one, f"{above}{node.name}.")
