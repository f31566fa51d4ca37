"""Every example of the documentation is executed; every link leads somewhere."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import twin
from twin import api, engine
from twin.core.layout import from_document
from twin.core.ledger import Ledger
from twin.core.plan import Plan
from twin.core.spec import Registered, kinds
from twin.core.text import parse
from twin.study.work import spread

from .pages import FENCE, ROOT, blocks, pages
from .workspace import execute, make

QUICK = ("docs/how-to/rework.md", "docs/reference/commands.md", "docs/reference/json.md")
"""Pages with blocks of every sort, tried in the inner loop; the others are among the long tests."""
LANGUAGES = {"yaml", "python", "console", "sh", "text", "json", "toml"}
LINK = re.compile(r"\]\(([^)\s]+)\)")


def named(page: Path) -> str:
    """A page as a reader calls it."""
    return page.relative_to(ROOT).as_posix()


SIMULATE = engine.simulate


def remembered(plan: Plan, replication: int = 0, trace: list[Any] | None = None) -> Ledger:
    """A replication, which is a pure function of the plan and the number, simulated once for all pages."""
    return _once(plan, replication) if trace is None else SIMULATE(plan, replication, trace)


@lru_cache(maxsize=1000)
def _once(plan: Plan, replication: int) -> Ledger:
    return SIMULATE(plan, replication)


def executed() -> list[Any]:
    """All pages; most of them among the long tests."""
    marks = {page: () if named(page) in QUICK else pytest.mark.long for page in pages()}
    return [pytest.param(page, marks=marks[page], id=named(page)) for page in pages()]


@pytest.mark.parametrize("page", executed())
def test_page_does_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(spread, "processors", lambda: 1)  # the same answers, without a crew for every run
    monkeypatch.setattr(engine, "simulate", remembered)  # pages run the same plants
    monkeypatch.chdir(tmp_path)
    make(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{block}: unknown language '{block.language}'"
        execute(block, tmp_path, names)


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        if link.startswith(("http:", "https:")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {link}"


def anchors(page: Path) -> set[str]:
    """The names under which the headings of a page can be linked."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_reached() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in pages()
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not link.startswith("http")
    }
    assert not [page for page in pages()[1:] if page.resolve() not in linked]


def test_reference_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    maker = importlib.import_module("make_reference")
    stale = [page.name for page in maker.pages() if page.read_text(encoding="utf-8") != maker.made(page)]
    assert not stale, "run: python docs/make_reference.py"
    assert set(maker.RULE_WORDS) == set(maker.RULES)


@pytest.mark.parametrize("section", ["common", "sections", "laws", "kpis"])
def test_reference_is_complete(section: str) -> None:
    api.register()
    language, kpi = (
        (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8") for name in ("language", "kpi")
    )
    words = {
        "common": ("common", "head", "run", "units", "laws", "rules"),
        "sections": tuple(f"section.{name}" for name in kinds("element")),
        "laws": tuple(f"| `{name}` |" for name in kinds("law")),
        "kpis": ("kpi.plant", "kpi.product", "kpi.element", "kpi.state", "kpi.bottleneck"),
    }[section]
    text = kpi if section == "kpis" else language
    assert not [word for word in words if word not in text]


def modules() -> list[ModuleType]:
    names = [info.name for info in pkgutil.walk_packages(twin.__path__, "twin.") if not info.name.endswith("__main__")]
    return [importlib.import_module(name) for name in names]


def test_examples_in_docstrings() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    for module in modules():
        found = doctest.testmod(module, optionflags=flags)
        assert not found.failed, module.__name__


def example(kind: type) -> str:
    """The example in the docstring of a kind: what is indented under the name of its section."""
    lines = (kind.__doc__ or "").splitlines()
    head = next((i for i, line in enumerate(lines) if re.fullmatch(r" +[a-z_]+:", line)), len(lines))
    indent = len(lines[head]) - len(lines[head].lstrip()) if head < len(lines) else 0
    text = []
    for line in lines[head:]:
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        text.append(line[indent:])
    return "\n".join(text).partition("\n\n")[0] + "\n"


def all_kinds() -> list[str]:
    api.register()
    return [*kinds("element"), *kinds("clock")]


@pytest.mark.parametrize("section", all_kinds())
def test_example_of_a_kind_loads(section: str) -> None:
    kind = {**kinds("element"), **kinds("clock")}[section]
    text = example(kind)
    data = yaml.load(text, yaml.BaseLoader)
    assert list(data) == [section], f"the docstring of {kind.__name__} has no example"
    if section in kinds("element"):
        layout = from_document(parse(f"twin: 1\nplant: Example\n{text}".encode(), "example.yaml"))
        assert len(layout.elements) + len(layout.products) == len(data[section])
    else:
        document = parse(text.encode(), "example.yaml")
        written = document.data[section]
        named = all(isinstance(one, dict) for one in written.values())  # several by name, or the one there is
        for one in written.values() if named else [written]:
            Registered("clock", section).read(one)
