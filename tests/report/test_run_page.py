"""The page of a run: complete, self-contained, escaped, in two languages; and how figures and pages are asked for."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import twin
from tests.system import browse, chromium
from twin.api.result import Result
from twin.cli import app
from twin.core.origin import sha256_of
from twin.report.run.sources import command
from twin.report.words import Lang
from twin.study.files import OutputError

LAYOUTS = Path(__file__).parents[2] / "layouts"
HOSTILE = """
twin: 1
plant: <script>alert(1)</script> & Söhne
flow: [raw -> saw -> rack -> dry -> out]
sources: {raw: {every: {exponential: 60 s}}}
stations:
  saw: {cycle: 40 s, queue: {}}
  dry: {cycle: 30 s, quality: {scrap: 2 %}}
buffers: {rack: {capacity: 4}}
sinks: {out: {}}
run: {horizon: 8 h}
"""


@pytest.fixture(scope="module")
def result() -> Result:
    return twin.load(LAYOUTS / "transfer_line.yaml").run(replications=3)


@pytest.fixture(scope="module")
def pages(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Lang], str]:
    """The page in a language, drawn once."""
    folder = tmp_path_factory.mktemp("page")

    @cache
    def page_in(lang: Lang) -> str:
        result.save_report(folder / f"{lang}.html", lang=lang)
        return (folder / f"{lang}.html").read_text(encoding="utf-8")

    return page_in


@pytest.fixture(params=["en", pytest.param("fr", marks=pytest.mark.long)])
def page(request: pytest.FixtureRequest, pages: Callable[[Lang], str]) -> tuple[str, str]:
    return request.param, pages(request.param)


def words(text: str) -> str:
    """What a reader reads."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL).split())


def test_the_page_stands_alone_and_has_every_section(page: tuple[str, str]) -> None:
    lang, text = page
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert not re.search(r'(?:src|href)="(?!#)', text)
    assert len(text) < 3_000_000
    heads = re.findall(r"<h2>(.*?)</h2>", text)
    english = ["What it makes", "The plant", "Where the time goes", "What limits it", "How parts flow"]
    french = ["Ce qu&#39;elle produit", "L&#39;usine", "Où passe le temps", "Ce qui la limite",
              "Comment les pièces s&#39;écoulent"]  # fmt: skip
    assert heads[:5] == (english if lang == "en" else french)
    assert text.count("<figure>") == 10


def test_the_foot_says_where_the_numbers_come_from(page: tuple[str, str], result: Result) -> None:
    _, text = page
    said = words(text)
    assert result.document()["plan"] in said
    assert sha256_of((LAYOUTS / "transfer_line.yaml").read_bytes()) in said
    assert f"twin {twin.__version__}, numpy" in said
    assert "--replications 3 --seed 1 --warm-up" in said


@pytest.mark.parametrize("page", ["fr"], indirect=True)
def test_no_english_is_left_in_a_french_page(page: tuple[str, str]) -> None:
    said = words(page[1])
    left = re.findall(r"\b(the|of|parts|time|station|bottleneck|with|interval|replication|scrap)\b", said)
    assert left == []
    assert "TRS" in said
    assert "en-cours" in said


def test_names_of_a_file_are_words_not_marks(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text(HOSTILE, encoding="utf-8")
    twin.load(tmp_path / "plant.yaml").run(replications=2).save_report(tmp_path / "run.html")
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "alert(1)<" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne" in text


def test_the_command_of_the_foot_makes_the_same_plan() -> None:
    asked = {"replications": 2, "seed": 7, "warm_up": "45.123456 s", "horizon": "90 min"}
    changed = twin.load(LAYOUTS / "transfer_line.yaml").run(**asked)  # type: ignore[arg-type]
    told = command(changed)
    assert told.endswith("--replications 2 --seed 7 --warm-up '45.123456 s' --horizon '90 min'")
    done = CliRunner().invoke(app, [*shlex.split(told)[1:], "--workers", "1", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["plan"] == changed.plan.digest


@pytest.mark.usefixtures("undrawn")
def test_the_foot_names_the_files_as_they_were_when_they_were_read(tmp_path: Path) -> None:
    layout = tmp_path / "plant.yaml"
    layout.write_text(HOSTILE, encoding="utf-8")
    read = sha256_of(layout.read_bytes())
    result = twin.load(layout).run(replications=1)
    layout.write_text(HOSTILE.replace("horizon: 8 h", "horizon: 4 h"), encoding="utf-8")
    result.save_report(tmp_path / "run.html")
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert read in text
    assert sha256_of(layout.read_bytes()) not in text


def test_a_plant_that_makes_nothing_has_a_page_too(tmp_path: Path) -> None:
    text = HOSTILE.replace("horizon: 8 h", "horizon: 20 s")
    (tmp_path / "plant.yaml").write_text(text, encoding="utf-8")
    twin.load(tmp_path / "plant.yaml").run(replications=1).save_report(tmp_path / "run.html", lang="fr")
    assert "Aucune pièce bonne n&#39;est sortie." in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_told(result: Result, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.html"):
        result.save_report(tmp_path / "run.txt")
    with pytest.raises(ValueError, match="lang must be 'en' or 'fr', not 'de'"):
        result.save_report(tmp_path / "run.html", lang="de")  # type: ignore[arg-type]


@pytest.mark.long
def test_the_page_shows_in_a_browser(pages: Callable[[Lang], str], tmp_path: Path) -> None:
    chromium()
    (tmp_path / "run.html").write_text(pages("en"), encoding="utf-8")
    profile = tmp_path / "profile"
    profile.mkdir()
    shown = browse(tmp_path / "run.html", profile, "--dump-dom")
    assert "What limits it" in shown
    assert shown.count("<svg") == 10
