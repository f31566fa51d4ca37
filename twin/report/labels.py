"""The names of key figures as people read them, in English and French, and what they are measured in."""

from __future__ import annotations

from typing import NamedTuple

from twin.core.spec import declared_kpi
from twin.kpi.catalogue import CATALOGUE
from twin.report.words import Lang, titled


class Label(NamedTuple):
    """The name of a KPI in both languages and what it is measured in.

    ``unit``: 'share' (shown in %), 'time' (s inside; shown in s, min, h or d), or a unit shown as it stands.
    """

    en: str
    fr: str
    unit: str


KPIS = {
    "throughput_per_h": Label("Good parts per hour", "Pièces bonnes par heure", "/h"),
    "throughput_per_open_h": Label("Good parts per open hour", "Pièces bonnes par heure d'ouverture", "/h"),
    "parts": Label("Good parts", "Pièces bonnes", "parts"),
    "lead_time_s": Label("Lead time", "Délai de traversée", "time"),
    "lead_time_p95_s": Label("Lead time, 95 % are below", "Délai de traversée, 95 % en dessous", "time"),
    "wip": Label("Parts in the plant (WIP)", "En-cours", "parts"),
    "lost": Label("Parts lost on arrival", "Pièces perdues à l'arrivée", "parts"),
    "scrap_share": Label("Scrap", "Rebut", "share"),
    "on_time_share": Label("On time", "À l'heure", "share"),
    "tardiness_s": Label("Mean tardiness", "Retard moyen", "time"),
    "energy_kwh_per_part": Label("Energy per good part", "Énergie par pièce bonne", "kWh"),
    "carbon_kg_per_part": Label("Carbon per good part", "Carbone par pièce bonne", "kg CO₂e"),
    "carbon_market_kg_per_part": Label(
        "Carbon per good part, market-based", "Carbone par pièce bonne, selon le contrat", "kg CO₂e"
    ),
    "cost_eur_per_part": Label("Cost per good part", "Coût par pièce bonne", "EUR"),
    "margin_eur_per_part": Label("Margin per good part", "Marge par pièce bonne", "EUR"),
    "makespan_s": Label("Makespan", "Durée totale", "time"),
    "oee": Label("OEE", "OEE (ISO 22400)", "share"),
    "trs": Label("TRS (NF E 60-182)", "TRS", "share"),
    "trs_intrinsic": Label("OEE intrinsic", "TRS intrinsèque", "share"),
    "trg": Label("TRG", "TRG", "share"),
    "tre": Label("TRE", "TRE", "share"),
    "nee": Label("NEE", "NEE", "share"),
    "availability": Label("Availability", "Disponibilité", "share"),
    "performance": Label("Performance", "Performance", "share"),
    "quality": Label("Quality", "Qualité", "share"),
    "mtbf_s": Label("MTBF", "MTBF", "time"),
    "mttr_s": Label("MTTR", "MTTR", "time"),
    "content": Label("Mean content", "Contenu moyen", "parts"),
    "wait_s": Label("Mean wait", "Attente moyenne", "time"),
    "busy": Label("Busy", "Occupation", "share"),
    "loaded_share": Label("Driving loaded", "Trajets en charge", "share"),
    "empty_share": Label("Driving empty", "Trajets à vide", "share"),
    "charging_share": Label("Charging", "Recharge", "share"),
    "trips": Label("Trips", "Missions", "trips"),
    "metres": Label("Driven", "Distance parcourue", "m"),
    "scrapped": Label("Scrapped here", "Rebutées ici", "parts"),
    "demand": Label("Demand", "Demande", "parts"),
    "backlog": Label("Mean backlog", "Pièces en retard en moyenne", "parts"),
    "finished_stock": Label("Mean finished stock", "Stock de produits finis moyen", "parts"),
    "energy_kwh": Label("Energy", "Énergie", "kWh"),
}
"""The KPIs of the result document; ``label`` has words for others too."""

_UNITS = {"s": "time", "1/h": "/h", "kg": "kg CO₂e"}
"""Units of the catalogue that are read in other words."""

_ENDINGS = (
    ("_share", "share"),
    ("_kwh_per_part", "kWh"),
    ("_kwh", "kWh"),
    ("_kg_per_part", "kg"),
    ("_eur_per_part", "EUR"),
    ("_per_open_h", "/h"),
    ("_per_h", "/h"),
    ("_s", "time"),
)


def label(kpi: str) -> Label:
    """The label of a KPI; that of a kind is as the kind declares it, another one is named after its key."""
    if kpi in KPIS:
        return KPIS[kpi]
    if found := next((one for (_, name), one in CATALOGUE.items() if name == kpi and name), None):
        return Label(found.en, found.fr, _UNITS.get(found.unit, found.unit))
    if declared := declared_kpi(kpi):
        return Label(declared.en, declared.fr, _UNITS.get(declared.unit, declared.unit))
    for ending, unit in _ENDINGS:
        if kpi.endswith(ending):
            plain = kpi.removesuffix(ending).replace("_", " ").capitalize()
            return Label(plain, plain, unit)
    plain = kpi.replace("_", " ").capitalize()
    return Label(plain, plain, "")


def kpi_word(kpi: str, lang: Lang = "en") -> str:
    """The name of a KPI."""
    found = label(kpi)
    return titled((found.en, found.fr), lang)
