"""``twin play``, as a user meets it: the page, what is told, mistakes in one line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typed import twin
from typer.testing import Result

from tests.docs.pages import ROOT


@pytest.fixture(autouse=True)
def layouts(folder: Path) -> None:
    (folder / "layouts").mkdir()
    for name in ("three_machines", "packaging_line"):
        shutil.copy(ROOT / "layouts" / f"{name}.yaml", folder / "layouts")


def play(*words: str) -> Result:
    return twin("play", *words, columns=200)


def test_a_page_is_written_beside_the_layout_and_the_next_command_told() -> None:
    done = play("layouts/three_machines.yaml", "--hours", "0.5")
    page = Path("layouts/three_machines.play.html")
    assert (done.exit_code, done.stdout) == (0, "")
    told = done.stderr.splitlines()
    assert told[0].startswith(f"replay: {page} (0.5 h, ")
    assert (len(told), told[1].startswith("next: ")) == (2, True)
    assert "twin play layouts/three_machines.yaml --hours 0.5</dd>" in page.read_text(encoding="utf-8")


def test_the_page_names_the_command_that_makes_it() -> None:
    words = ("--from", "3 h", "--hours", "0.5", "--replication", "2", "--seed", "7", "--lang", "fr")
    assert play("layouts/three_machines.yaml", *words, "-o", "page.html").exit_code == 0
    text = Path("page.html").read_text(encoding="utf-8")
    command = (
        "twin play layouts/three_machines.yaml --from &#39;3 h&#39; --hours 0.5 --replication 2 --seed 7 --lang fr"
    )
    assert command in text
    assert '<html lang="fr">' in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "page.pdf"), "page.pdf: the name must end in .html"),
        (("-o", "none/page.html"), "none/page.html: there is no directory "),
        (("--from", "2"), "--from: '2' lacks its unit; write '2 s'"),
        (("--from", "130 h"), "the window from 130 h to 138 h leaves the run, which ends at 122 h"),
        (("--from", "121 h", "--hours", "2"), "the window from 121 h to 123 h leaves the run, which ends at 122 h"),
        (("--hours", "-1"), "--hours: a number of hours from 0.001 to 8,784 is due, not -1.0"),
        (("--hours", "nan"), "--hours: a number of hours from 0.001 to 8,784 is due, not nan"),
        (("--replication", "0"), "replication: a whole number from 1 to 1000000 is due, not 0"),
        (("--seed", "-1"), "seed: a whole number from 0 to "),
        (("--lang", "de"), "lang must be 'en' or 'fr', not 'de'"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_nothing_written(words: tuple[str, ...], said: str) -> None:
    done = play("layouts/three_machines.yaml", *words)
    assert done.exit_code in (1, 2)
    assert said in done.stderr.splitlines()[-1]
    assert not list(Path().rglob("*.html"))


def test_a_layout_that_is_not_there_is_named() -> None:
    done = play("layouts/nothing.yaml")
    assert (done.exit_code, done.stderr) == (1, "layouts/nothing.yaml:1:1: no such file\n")
