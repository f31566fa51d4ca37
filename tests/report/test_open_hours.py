"""What newcomers read on the page of a study: rates of open hours, one unit in a sentence, names of inputs, no table
of inputs where nothing is uncertain, each mistake once."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.study.asking import PLANT, STUDY
from twin import api
from twin.api.study import load_study
from twin.core.problem import tidied
from twin.report.measure import light
from twin.report.study import figures, opening, overview, scenarios, unknown
from twin.report.study.html_page import page
from twin.report.study.sums import Page, beside, together
from twin.report.worded import place
from twin.report.words import Lang

LANGS = ("en", "fr")
DAYS = "calendar: day\nstart: 2027-01-04 06:00\ncalendars: {day: {week: {mon-sun: [06:00-14:00]}}}\n"
CERTAIN = {
    "{scale: {uniform: [0.80, 0.90]}}": "{scale: 0.85}",
    "{pert: [14 kEUR, 16 kEUR, 21 kEUR]}": "16 kEUR",
    "{normal: {mean: 0.50 EUR, sd: 0.05 EUR}}": "0.50 EUR",
}


def asked(folder: Path, study: str, replications: int) -> dict[str, Any]:
    (folder / "plant.yaml").write_text(PLANT.replace("flow:", DAYS + "flow:"))
    (folder / "study.yaml").write_text(study.replace("RUN", "horizon: 1 d, warm_up: 0 h, replications: 12"))
    return load_study(folder / "study.yaml").run(replications, workers=1).document()


@pytest.fixture(scope="module")
def by_day(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A plant that is open for 8 of 24 h, and a lever with a label."""
    study = STUDY.replace("change: {stations", "label: New drills\n    change: {stations")
    return asked(tmp_path_factory.mktemp("study"), study, 30)


@pytest.fixture(scope="module")
def certain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    study = STUDY
    for old, new in CERTAIN.items():
        assert old in study
        study = study.replace(old, new)
    return asked(tmp_path_factory.mktemp("certain"), study, 6)


@pytest.mark.parametrize("lang", LANGS)
def test_parts_an_hour_are_told_per_open_hour_too(by_day: dict[str, Any], lang: Lang) -> None:
    told = Page(by_day, lang)
    words = {"en": "closed ones included; per open hour: baseline", "fr": "par heure d'ouverture : baseline"}
    for sheet in (overview.overview(told), scenarios.plant_sheet(told)):
        assert words[lang] in sheet.note.replace("\u202f", " ").replace("\u00a0", " ")
    assert opening.per_open_hour(told, "baseline") == pytest.approx(3.0), "open for 8 of 24 h"
    assert opening.opened(told, "baseline") == pytest.approx(1 / 3)


def test_a_plant_that_never_closes_has_no_such_note(by_day: dict[str, Any]) -> None:
    always = copy.deepcopy(by_day)
    for station in (station for one in always["plant"].values() for station in one.values()):
        station["minutes"] |= {"off": 0.0}
    told = Page(always)
    assert scenarios.hours_note(told) == ""
    assert opening.time_word(told, "baseline") == "time"


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", LANGS)
def test_an_effect_is_named_by_its_label_and_what_it_changes(by_day: dict[str, Any], lang: Lang) -> None:
    """In the tables and in the figure of the inputs, its sentence and its bars."""
    ax = figures.tornado(by_day, lang=lang).axes[0]
    bars = " ".join(one.get_text() for one in ax.get_yticklabels())
    name = {"en": "New drills (cycle at drill)", "fr": "New drills (cycle à drill)"}[lang]
    for text in (page(by_day, lang), ax.get_title(loc="left"), bars):
        found = " ".join(text.split())
        assert name in found
        assert "drills: stations.drill.cycle" not in found


def test_paths_are_put_into_words() -> None:
    assert place("stations.cast.breakdowns.die.mtbf", "en") == "mtbf of die at cast"
    assert place("stations.cast.breakdowns.die.mtbf", "fr") == "mtbf de die à cast"
    assert place("buffers.rack.capacity", "en") == "capacity at rack"
    assert place("robot and fence", "en") == ""
    assert place("v. 2.0.1", "en") == ""


@pytest.mark.parametrize("lang", LANGS)
def test_a_study_without_anything_uncertain_says_so_in_one_sentence(certain: dict[str, Any], lang: Lang) -> None:
    found, words = page(certain, lang), {"en": "names nothing uncertain", "fr": "ne nomme rien d&#39;incertain"}
    assert found.count(words[lang]) == 1
    assert "{triangular: [80 kEUR" in found, "and what to write"
    assert not unknown.inputs(Page(certain, lang)).rows
    assert not any(word in found for word in ("Fewer than 30 rows", "Moins de 30", "Knowing everything", "Tout savoir"))


def test_few_rows_of_an_uncertain_study_are_still_too_few(by_day: dict[str, Any]) -> None:
    assert not unknown.is_certain(Page(by_day))


def test_amounts_of_one_sentence_have_one_unit(by_day: dict[str, Any]) -> None:
    assert together([-945.0, -9502.0]).name == "EUR"
    assert together([-945.0, -19502.0]).name == "kEUR"
    assert together([40.0, 19502.0]).name == "EUR", "40 EUR would be 0.0 kEUR"
    assert together([]).name == "EUR"
    told = Page(by_day)
    assert beside(told, -945.0, -9502.0) == told.unit(), "that of the table beside it"


@pytest.mark.parametrize(
    ("unit", "values", "shown"),
    [
        ("kg CO₂e", [0.0047, 0.0046], (1000.0, "g CO₂e")),
        ("kg CO₂e", [0.0047, 0.3], (1.0, "kg CO₂e")),
        ("kg CO₂e", [], (1.0, "kg CO₂e")),
        ("EUR", [0.0047], (1.0, "EUR")),
    ],
)
def test_light_masses_are_in_grams(unit: str, values: list[float], shown: tuple[float, str]) -> None:
    assert light(unit, values) == shown


def test_carbon_of_a_table_is_in_grams(by_day: dict[str, Any]) -> None:
    assert "gCO₂e/part" in overview.overview(Page(by_day)).head
    assert "gCO₂e/pièce" in overview.overview(Page(by_day, "fr")).head


def test_a_mistake_of_a_layout_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"layouts/plant.yaml": PLANT.replace("cycle:", "cyle:"), "experiments/study.yaml": STUDY}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text.replace("RUN", "horizon: 4 h").replace("plant.yaml", "../layouts/plant.yaml"))
    monkeypatch.chdir(tmp_path)
    alone = api.check("layouts/plant.yaml")
    both = tidied([*alone, *api.check("experiments/study.yaml")])
    assert both == alone
    assert {one.mark.file for one in both} == {"layouts/plant.yaml"}
