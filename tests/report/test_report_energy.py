"""Energy, carbon and cost in the tables: on screen, as HTML, in English and French."""

from __future__ import annotations

import pytest

from twin.report.sheet import energy, headline, sheets
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
        "0.0438 ± 0.0006 kg CO₂e",
        "0.00840 ± 0.00010 kg CO₂e",
        "12.41 ± 0.04 EUR",
    ]


def test_each_element_that_draws_has_its_share() -> None:
    sheet = energy(found().document())
    assert sheet.rows == (("mill", "900 ± 12", "90.0"), ("team", "100 ± 2", "10.0"))


def test_a_plant_without_power_has_no_such_table() -> None:
    result = Found(PUMP.plan(), pump_document())
    assert "Energy" not in [sheet.title for sheet in sheets(result.plan, result.document())]
    assert "<caption>Energy</caption>" in html(found())
