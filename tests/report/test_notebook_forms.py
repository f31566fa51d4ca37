"""What a notebook shows of a plant, a plan, a study, a search, a result and a comparison: names are never code."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import twin
from tests.study.asking import PLANT, SEARCH, STUDY
from twin import api
from twin.api.compared import Changes, Comparison
from twin.core.problem import Mark
from twin.report.notebook import asked, compared, planned
from twin.report.words import Lang

EVIL = "<script>alert('x')</script>&amp;\"><img src=x onerror=y>"
HIDDEN = "a\u202eb\x07c"
LANGS: tuple[Lang, ...] = ("en", "fr")


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.depth: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs)}
        if tag not in ("img", "br", "path", "use"):
            self.depth.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.depth and self.depth[-1] == tag:
            self.depth.pop()


def harmless(text: str) -> None:
    """No element or attribute of a name is there, and every element is closed."""
    tags = Tags(text)
    assert not tags.found & {"script", "img", "onerror", "src"}
    assert not tags.depth
    assert "&lt;script&gt;" in text


def write(folder: Path) -> Path:
    """The study with hostile names wherever a name is free."""
    (folder / "plant.yaml").write_text(PLANT.replace("plant: Two machines", f"plant: {quoted(EVIL)}"))
    text = STUDY.replace("RUN", "horizon: 2 h, warm_up: 1 h, replications: 12")
    for name in ("Two machines, next year", "Which project pays?", "new drills"):
        text = text.replace(name, quoted(EVIL))
    path = folder / "study.yaml"
    path.write_text(text.replace("  places:\n", f"  places:\n    label: {quoted(EVIL)}\n") + SEARCH)
    return path


def quoted(text: str) -> str:
    """Text as YAML takes it between single quotes."""
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> twin.Study:
    return twin.load_study(write(tmp_path_factory.mktemp("evil")))


@pytest.fixture(scope="module")
def plant(study: twin.Study) -> twin.Plant:
    return twin.load(Path(study.file).with_name("plant.yaml"))


@pytest.fixture(scope="module")
def result(plant: twin.Plant) -> twin.Result:
    return plant.run(3, workers=1)


@pytest.fixture(scope="module")
def faster(plant: twin.Plant, tmp_path_factory: pytest.TempPathFactory) -> twin.Result:
    path = tmp_path_factory.mktemp("faster") / "faster.yaml"
    path.write_text(Path(plant.layout.file).read_text().replace("75 s", "60 s"))
    return twin.run(path, replications=3, workers=1)


def test_a_plant_is_drawn_and_told(plant: twin.Plant) -> None:
    shown = plant._repr_html_()
    assert "<svg" in shown
    assert "<details>" in shown
    harmless(shown)
    harmless(plant.plan._repr_html_())
    harmless(plant.layout._repr_html_())
    assert "drill" in plant.layout._repr_html_()


def test_a_result_and_a_comparison(result: twin.Result, faster: twin.Result) -> None:
    harmless(result._repr_html_())
    found = faster.against(result)
    assert found.names == ("plant", "faster")
    assert "faster against plant" in found._repr_html_()
    harmless(compared.html(SimpleNamespace(names=(EVIL, "b"), headline=found.headline, n=3, confidence=0.95)))


def test_a_study_its_changes_and_its_answer(study: twin.Study) -> None:
    shown = study._repr_html_()
    harmless(shown)
    for word in ("stations.drill.cycle", "buffers.rack.capacity", "2027-02", "pert", "npv.probability_positive"):
        assert word in shown
    found = study.run(12, workers=1)
    harmless(found._repr_html_())
    harmless(study.optimise(workers=1)._repr_html_())


def test_a_study_in_french(study: twin.Study) -> None:
    shown = asked.html(study.asked, "fr")
    for word in ("Scénarios", "leviers", "en l'état", "Ce que coûtent les leviers", "investi", "Accepté si"):
        assert word in shown.replace("&#x27;", "'")
    with pytest.raises(ValueError, match="lang must be"):
        asked.html(study.asked, "de")  # type: ignore[arg-type]


def test_what_the_check_warns_of_stands_below_the_drawing(plant: twin.Plant) -> None:
    warned: Any = [SimpleNamespace(__str__=None)]
    assert 'class="bad"' not in planned.plant(plant.plan)
    assert planned.plant(plant.plan, warned).count('class="bad"') == 1


def test_changes_are_a_list_and_a_table(tmp_path: Path, study: twin.Study) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(PLANT)
    two.write_text(PLANT.replace("capacity: 4", "capacity: 9").replace("Two machines", quoted(EVIL)))
    found = api.compare(one, two)
    assert isinstance(found, list)
    assert str(found).count("\n") == 1
    assert "<td>4</td><td>9</td>" in found._repr_html_()
    harmless(found._repr_html_())
    assert "Nothing differs" in api.compare(one, one)._repr_html_()
    assert "<th>lever</th>" in study.diff("places")._repr_html_()


def test_added_and_removed_are_words() -> None:
    row = SimpleNamespace(mark=Mark("f.yaml", 3, 1), path=HIDDEN, old=None, new=None, lever="", drawn="")
    shown = planned.changes(Changes([row]))
    assert "(nothing)" in shown
    assert "(removed)" in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize("lang", LANGS)
def test_a_comparison_says_what_can_be_told(lang: Lang, result: twin.Result, faster: twin.Result) -> None:
    found = faster.against(result)
    rows = {row[0]: row for row in compared.sheet(found, lang).rows}
    name = {"en": "Good parts per hour, /h", "fr": "Pièces bonnes par heure, /h"}[lang]
    assert rows[name][-1] == {"en": "more", "fr": "plus"}[lang]
    assert compared.text(found, lang).splitlines()[0].endswith("plant")


def test_a_comparison_is_paired(result: twin.Result, faster: twin.Result) -> None:
    path = "kpis.throughput_per_h"
    found = faster.against(result)
    pairs = [b[path] - a[path] for a, b in zip(result.rows, faster.rows, strict=True)]
    assert found[path].mean == pytest.approx(sum(pairs) / 3)
    assert found[path].n == 3
    frame = found.frame().set_index("kpi")
    assert frame.loc[path, "after"] - frame.loc[path, "before"] == pytest.approx(found[path].mean)
    with pytest.raises(KeyError, match=r"did you mean .kpis\.wip"):
        found["kpis.wib"]


def test_a_result_against_itself_is_the_same(result: twin.Result) -> None:
    found = result.against(result)
    assert {line.difference.high for line in found.lines.values()} == {0.0}
    assert {row[-1] for row in compared.sheet(found).rows} == {"the same"}
    assert str(found) == repr(found)


def test_one_replication_tells_nothing(plant: twin.Plant) -> None:
    one = plant.run(1, workers=1)
    found = compared.sheet(one.against(one))
    assert {row[-1] for row in found.rows} == {"–"}
    assert "no interval" in found.note


@pytest.mark.parametrize(
    ("options", "text"),
    [({"seed": 4}, "seeds differ"), ({"horizon": "3 h"}, "horizons differ"), ({"warm_up": "2 h"}, "warm-ups differ")],
)
def test_what_is_no_pair_is_refused(plant: twin.Plant, result: twin.Result, options: Any, text: str) -> None:
    other = plant.run(2, workers=1, **options)
    with pytest.raises(ValueError, match=re.escape(text)):
        Comparison(result, other)
