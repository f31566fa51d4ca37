"""What mkdocs is told while it builds the site: the order of pages, and how they are read there.

The pages are those of the repository, unchanged. ``index.md`` is the one list of them: its headings are the sections
of the site, its links the pages.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = {
    "README.md": "readme.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "LICENSE": "license.txt",
}
"""File at the root of the repository → its name in the site."""
FENCE = re.compile(r"^```(\w+)([^\n]*)$", re.MULTILINE)
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
ENTRY = re.compile(r"^(?:(#{2,3}) (.+)|- \[([^\]]+)\]\(([^)#]+)\).*)$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """The sections of the site are those of ``index.md``."""
    config.nav = sections((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    return config


def sections(index: str) -> list[dict[str, Any]]:
    """The list of pages as mkdocs wants it: ``##`` is a section, ``###`` one inside it, a list item a page."""
    nav: list[dict[str, Any]] = [{"Overview": "index.md"}]
    section = topic = nav
    for marks, heading, title, link in ENTRY.findall(index):
        if marks == "##":
            section = topic = []
            nav.append({heading: section})
        elif marks == "###":
            topic = []
            section.append({heading: topic})
        else:
            topic.append({title: OUTSIDE.get(Path(link).name, link)})
    return nav


def on_files(files: Files, config: Any) -> Files:
    """Pages and notebooks of the repository that stand outside of docs/."""
    for name, place in OUTSIDE.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / name)))
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        files.append(File.generated(config, f"notebooks/{notebook.name}", abs_src_path=str(notebook)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A block says which file it is; a link to a file of the repository leads to its place in the site."""
    source = Path(page.file.abs_src_path)

    def linked(found: re.Match[str]) -> str:
        return f"{found[1]}{_in_site(source, found[2], page.file.src_uri)}{found[3]}"

    return LINK.sub(linked, FENCE.sub(_titled, markdown))


def _titled(found: re.Match[str]) -> str:
    """What stands behind the language is for the tests, except the name of the file."""
    file = next((word.removeprefix("file=") for word in found[2].split() if word.startswith("file=")), "")
    return f'```{found[1]} title="{file}"' if file else f"```{found[1]}"


def _in_site(source: Path, link: str, page: str) -> str:
    """A link as seen from a page of the site."""
    if re.match(r"[a-z]+:", link):
        return link
    target = (source.parent / link).resolve()
    inside = OUTSIDE.get(target.name) if target.parent == ROOT else None
    if inside is None:
        inside = target.relative_to(ROOT / "docs" if (ROOT / "docs") in target.parents else ROOT).as_posix()
    return os.path.relpath(inside, os.path.dirname(page) or ".").replace(os.sep, "/")
