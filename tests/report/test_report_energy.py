"""Energy, carbon and cost in the tables: on screen, as HTML, in English and French."""

from __future__ import annotations

import pytest

from twin.report.result.sheet import headline, sheets
from twin.report.result.spent import carriers, cost, energy
from twin.report.table import html
from twin.report.words import Lang

from .sample import PUMP, Found, interval, pump_document

KPIS = {
    "energy_kwh_per_part": interval(0.8421, 0.0123),
    "carbon_kg_per_part": interval(0.0438, 0.0006),
    "carbon_market_kg_per_part": interval(0.0084, 0.0001),
    "cost_eur_per_part": interval(12.412, 0.043),
}
WORDS: dict[Lang, tuple[str, ...]] = {
    "en": ("Energy per good part", "Carbon per good part", "Carbon per good part, market-based", "Cost per good part"),
    "fr": (
        "Énergie par pièce bonne",
        "Carbone par pièce bonne",
        "Carbone par pièce bonne, selon le contrat",
        "Coût par pièce bonne",
    ),
}


def found() -> Found:
    document = pump_document()
    document["kpis"] |= KPIS
    document["elements"]["mill"]["kpis"]["energy_kwh"] = interval(900.0, 12.0)
    document["elements"]["team"]["kpis"]["energy_kwh"] = interval(100.0, 2.0)
    return Found(PUMP.plan(), document)


@pytest.mark.parametrize("lang", WORDS)
def test_the_headline_names_energy_carbon_and_cost(lang: Lang) -> None:
    result = found()
    shown = dict(headline(result.plan, result.document(), lang).rows)
    values = [shown[word] for word in WORDS[lang]]
    assert [value.replace(",", ".") for value in values] == [
        "0.842 ± 0.012 kWh",
        "43.8 ± 0.6 g CO₂e",
        "8.40 ± 0.10 g CO₂e",
        "12.41 ± 0.04 EUR",
    ]


def test_each_element_that_draws_has_its_share() -> None:
    sheet = energy(found().document())
    assert sheet.rows == (("mill", "900 ± 12", "90.0"), ("team", "100 ± 2", "10.0"))


def test_a_plant_without_power_has_no_such_table() -> None:
    result = Found(PUMP.plan(), pump_document())
    assert "Energy" not in [sheet.title for sheet in sheets(result.plan, result.document())]
    assert "<caption>Energy</caption>" in html(found())


def costs() -> Found:
    result = found()
    parts = {"wages": 6.0, "machines": 4.0, "energy": 0.412, "material": 2.0}
    result.data["kpis"] |= {f"cost_{part}_eur_per_part": interval(euros, 0.01) for part, euros in parts.items()}
    return result


@pytest.mark.parametrize(("lang", "names"), [("en", ["wages", "machines", "energy", "material"]),
                                             ("fr", ["salaires", "machines", "énergie", "matière"])])  # fmt: skip
def test_the_cost_is_split(lang: Lang, names: list[str]) -> None:
    sheet = cost(costs().document(), lang)
    assert [row[0] for row in sheet.rows] == names
    assert [row[2].replace(",", ".") for row in sheet.rows] == ["48.3", "32.2", "3.3", "16.1"]
    plain, split = (headline(one.plan, one.document(), lang).rows for one in (found(), costs()))
    assert plain == split


def test_a_plant_without_costs_has_no_such_table() -> None:
    assert cost(pump_document()).rows == ()


def test_carriers_stand_in_a_table_where_there_are_several() -> None:
    document = found().document()
    power = {"energy_kwh": interval(900.0, 9.0), "energy_kwh_per_part": interval(0.9, 0.01)}
    document["energy"] = {"electricity": {**power, "cost_eur_per_part": interval(0.18, 0.002)}}
    assert carriers(document).rows == ()
    document["energy"]["gas"] = power
    assert carriers(document).rows == (
        ("electricity", "900 ± 9", "0.900 ± 0.010", "0.180 ± 0.002"),
        ("gas", "900 ± 9", "0.900 ± 0.010", "–"),
    )


def test_what_start_ups_drew_stands_beside_what_all_drew() -> None:
    document = found().document()
    assert "start-up kWh" not in energy(document).head
    document["elements"]["mill"]["kpis"]["start_up_kwh"] = interval(12.0, 1.0)
    sheet = energy(document)
    assert sheet.head[-1] == "start-up kWh"
    assert [row[-1] for row in sheet.rows] == ["12.0 ± 1.0", "–"]
