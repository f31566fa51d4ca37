"""The workbook of a run: every KPI as a number with its interval, in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.study.asking import PLANT
from twin.api.plant import load
from twin.report.run import workbook


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("run") / "plant.yaml"
    path.write_text(PLANT)
    return load(path).run(4, workers=1)


def opened(result: Any, folder: Path, lang: Any = "en") -> Any:
    workbook.write(folder / "run.xlsx", result, lang)
    return openpyxl.load_workbook(folder / "run.xlsx", data_only=True)


def rows(sheet: Any) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}


def test_kpis_are_numbers_with_their_intervals(result: Any, tmp_path: Path) -> None:
    book = opened(result, tmp_path)
    assert book.sheetnames == ["Plant", "Stations", "States", "Elements", "Replications", "Sources"]
    found, told = rows(book["Plant"]), result.document()["kpis"]
    made = told["throughput_per_h"]
    assert found["Good parts per hour"][1:7] == pytest.approx(
        ("/h", *(made[k] for k in ("mean", "low", "high", "sd", "n")))
    )
    lead = told["lead_time_s"]["mean"]
    assert found["Lead time"][1] in ("s", "min", "h")
    assert found["Lead time"][2] == pytest.approx(lead / {"s": 1, "min": 60, "h": 3600}[found["Lead time"][1]])


def test_states_of_a_station_make_its_whole_time(result: Any, tmp_path: Path) -> None:
    sheet = opened(result, tmp_path)["States"]
    means = [row[1:] for row in sheet.iter_rows(min_row=4, max_row=5, values_only=True)]
    assert [sum(one for one in row if one) for row in means] == pytest.approx([1.0, 1.0])


def test_each_replication_has_its_row(result: Any, tmp_path: Path) -> None:
    sheet = opened(result, tmp_path)["Replications"]
    values = [row[:2] for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert [row[0] for row in values] == [1, 2, 3, 4]
    assert [row[1] for row in values] == pytest.approx([row["kpis.throughput_per_h"] for row in result.rows])


def test_sources_lead_back_to_the_run(result: Any, tmp_path: Path) -> None:
    found = rows(opened(result, tmp_path)["Sources"])
    assert result.plan.digest in [row[1] for row in found.values()]
    hashes = [row[1] for name, row in found.items() if name.startswith("SHA-256")]
    assert all(len(one) == 64 for one in hashes)
    assert hashes


def test_french_words(result: Any, tmp_path: Path) -> None:
    book = opened(result, tmp_path, "fr")
    assert book.sheetnames == ["Usine", "Postes", "États", "Éléments", "Réplications", "Sources"]
    assert {"Délai de traversée", "En-cours", "Pièces bonnes par heure"} <= set(rows(book["Usine"]))
    assert "TRS" in [cell.value for cell in book["Postes"][3]]


def test_one_run_has_no_intervals(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text(PLANT)
    found = rows(opened(load(tmp_path / "plant.yaml").run(1, workers=1), tmp_path)["Plant"])
    assert found["Good parts per hour"][3:5] == (None, None)
