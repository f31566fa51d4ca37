"""The site of the documentation is built without a warning, and needs no other server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import ROOT

pytest.importorskip("material", reason="pip install 'factory-twin[docs]'")


def built(folder: Path, config: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    """The site in a folder; links, anchors and pages that no list names are warnings, and warnings are errors."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", config, "--site-dir", folder]
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, env=env, check=False, capture_output=True, text=True, timeout=120, cwd=ROOT)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; it fails with what mkdocs says."""
    folder = tmp_path_factory.mktemp("site")
    done = built(folder)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_every_page_is_in_the_site(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    assert not [page for page in pages if not (site / page).is_file()]
    assert not list(site.rglob("*.py"))


def test_nothing_comes_from_other_servers(site: Path) -> None:
    loaded = re.compile(r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//|<link[^>]+rel=\"stylesheet\"[^>]+href=\"http")
    assert not [page.name for page in site.rglob("*.html") if loaded.search(page.read_text(encoding="utf-8"))]


def test_links_inside_the_site_lead_to_files(site: Path) -> None:
    """Those that the hooks make too, to notebooks and to pages outside of docs/."""
    lost = [
        f"{page.relative_to(site)}: {link}"
        for page in site.rglob("*.html")
        if page.name != "404.html"
        for link in re.findall(r"(?:href|src)=\"([^\"#:]+)(?:#[^\"]*)?\"", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not lost


def test_blocks_say_which_file_they_are(site: Path) -> None:
    text = (site / "tutorial" / "first-line.html").read_text(encoding="utf-8")
    assert '<span class="filename">layouts/frames.yaml</span>' in text
    assert "```" not in re.sub(r"<code>.*?</code>", "", text, flags=re.DOTALL)
    assert "bad file=" not in text


def test_a_broken_anchor_is_found(tmp_path: Path) -> None:
    """Strict is strict: the same settings refuse a page with a link that leads nowhere."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Here\n\n[there](other.md#nowhere)\n", encoding="utf-8")
    (docs / "other.md").write_text("# Other\n", encoding="utf-8")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("hooks:", "extra_css:"))]
    (tmp_path / "mkdocs.yml").write_text("\n".join(kept), encoding="utf-8")
    done = built(tmp_path / "site", tmp_path / "mkdocs.yml")
    assert done.returncode != 0
    assert "nowhere" in done.stderr
