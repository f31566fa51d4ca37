"""What each KPI means: unit, formula, norm, which direction is better, and its name in English and French."""

from __future__ import annotations

from twin.core.kpi import Kpi
from twin.core.ledger import STATES
from twin.core.spec import declared_kpi

__all__ = ["CATALOGUE", "Kpi", "find"]

_NF = "NF E 60-182"
_ISO = "ISO 22400-2"
_GHG = "GHG Protocol, Scope 2 Guidance 2015"

_PLANT = (
    Kpi("plant", "throughput_per_h", "1/h", "Throughput per hour", "Débit horaire",
        "good parts at the sinks / hours of the calendar", "", True),
    Kpi("plant", "throughput_per_open_h", "1/h", "Throughput per open hour", "Débit par heure d'ouverture",
        "good parts at the sinks / (window − mean time off of stations, each the mean over its machines)", "", True),
    Kpi("plant", "parts", "parts", "Good parts", "Pièces bonnes", "good parts at the sinks", "", True),
    Kpi("plant", "lead_time_s", "s", "Lead time, mean", "Délai de traversée moyen",
        "mean time from arrival to sink of the good parts that left", "", False),
    Kpi("plant", "lead_time_p95_s", "s", "Lead time, 95 %", "Délai de traversée à 95 %",
        "time that 95 % of these parts do not exceed, from bins 1 % wide", "", False),
    Kpi("plant", "wip", "parts", "Work in process", "En-cours", "time integral of the parts in the plant / window",
        "", False),
    Kpi("plant", "scrap_share", "share", "Scrap share", "Part de rebut",
        "(scrapped + waste) / (scrapped + good + waste)", "", False),
    Kpi("plant", "on_time_share", "share", "On-time share", "Taux de service", "1 − late parts / parts with a due date",
        "", True),
    Kpi("plant", "tardiness_s", "s", "Tardiness, mean", "Retard moyen",
        "sum of max(0, departure − due) / parts with a due date", "", False),
    Kpi("plant", "energy_kwh_per_part", "kWh", "Energy per good part", "Énergie par pièce bonne",
        "Σ power(state) × time(state), idle, blocked and closed time included / good parts at the sinks", _ISO, False),
    Kpi("plant", "carbon_kg_per_part", "kg", "Carbon per good part", "Carbone par pièce bonne",
        "Σ energy of a carrier × its factor where the plant stands (location-based) / good parts", _GHG, False),
    Kpi("plant", "carbon_market_kg_per_part", "kg", "Carbon per good part, market-based",
        "Carbone par pièce bonne (selon le contrat)",
        "Σ energy of a carrier × its factor by contract (market-based; without one, location-based) / good parts",
        _GHG, False),
    Kpi("plant", "cost_eur_per_part", "EUR", "Cost per good part", "Coût par pièce bonne",
        "(wages × (scheduled time + overtime) + station cost × opening time tO + energy × price + material of the "
        "parts that left, scrapped or waste too) / good parts", "", False),
    Kpi("plant", "cost_wages_eur_per_part", "EUR", "Cost per good part, wages", "Coût par pièce bonne, salaires",
        "wages × (scheduled time + overtime) / good parts", "", False),
    Kpi("plant", "cost_machines_eur_per_part", "EUR", "Cost per good part, machines",
        "Coût par pièce bonne, machines", "station cost × opening time tO / good parts", "", False),
    Kpi("plant", "cost_energy_eur_per_part", "EUR", "Cost per good part, energy", "Coût par pièce bonne, énergie",
        "energy × price / good parts", "", False),
    Kpi("plant", "cost_material_eur_per_part", "EUR", "Cost per good part, material",
        "Coût par pièce bonne, matière", "material of the parts that left, scrapped or waste too / good parts", "",
        False),
    Kpi("plant", "cost_scrap_eur_per_part", "EUR", "Cost per good part, material of scrap",
        "Coût par pièce bonne, matière des rebuts",
        "material of the parts that were scrapped or waste / good parts; it is in the material", "", False),
    Kpi("plant", "margin_eur_per_part", "EUR", "Margin per good part", "Marge par pièce bonne",
        "Σ price of a product × its good parts / good parts − cost of a good part", "", True),
    Kpi("plant", "makespan_s", "s", "Makespan", "Durée totale (makespan)", "last departure, when the plant emptied",
        "", False),
)  # fmt: skip

_PRODUCT = (
    Kpi("product", "parts", "parts", "Good parts", "Pièces bonnes", "good parts of the product at the sinks", "", True),
    Kpi("product", "lead_time_s", "s", "Lead time, mean", "Délai de traversée moyen",
        "mean time from arrival to sink of the good parts of the product", "", False),
)  # fmt: skip

_CARRIER = (
    Kpi("carrier", "energy_kwh", "kWh", "Energy", "Énergie", "Σ power(state) × time(state) over all that draws it",
        _ISO, False),
    Kpi("carrier", "energy_kwh_per_part", "kWh", "Energy per good part", "Énergie par pièce bonne",
        "energy of the carrier / good parts", _ISO, False),
    Kpi("carrier", "cost_eur_per_part", "EUR", "Cost per good part", "Coût par pièce bonne",
        "energy of the carrier × its price / good parts", "", False),
)  # fmt: skip

_STATION = (
    Kpi("element", "parts", "parts", "Parts", "Pièces", "station: cycles completed; sink: parts that left through it",
        "", True),
    Kpi("element", "availability", "share", "Availability", "Disponibilité opérationnelle (DO)", "APT/PBT = tF/tR",
        f"{_ISO}; {_NF}", True),
    Kpi("element", "performance", "share", "Effectiveness", "Taux de performance (TP)", "PRI·PQ/APT = tN/tF",
        f"{_ISO}; {_NF}", True),
    Kpi("element", "quality", "share", "Quality ratio", "Taux de qualité (TQ)", "GQ/PQ at first pass = tU/tN",
        f"{_ISO}; {_NF}", True),
    Kpi("element", "oee", "share", "OEE", "OEE (ISO 22400)", "availability · effectiveness · quality", _ISO, True),
    Kpi("element", "nee", "share", "Net equipment effectiveness", "Efficacité nette (NEE)",
        "(AUPT/PBT) · effectiveness · quality", _ISO, True),
    Kpi("element", "allocation", "share", "Allocation efficiency", "Efficacité d'allocation", "AUBT/PBT", _ISO, True),
    Kpi("element", "utilization", "share", "Utilization efficiency", "Efficacité d'utilisation", "APT/AUBT", _ISO,
        True),
    Kpi("element", "technical_efficiency", "share", "Technical efficiency", "Efficacité technique", "APT/(APT + ADET)",
        _ISO, True),
    Kpi("element", "setup_ratio", "share", "Setup ratio", "Part de changement de série", "AUST/AUPT", _ISO, False),
    Kpi("element", "trs", "share", "TRS, measured", "TRS mesuré", "tU/tR = DO·TP·TQ", _NF, True),
    Kpi("element", "trs_intrinsic", "share", "TRS, intrinsic", "TRS intrinsèque",
        "tU/(tR − starved, blocked, waiting for operators)", "", True),
    Kpi("element", "trg", "share", "TRG", "TRG", "tU/tO", _NF, True),
    Kpi("element", "tre", "share", "TRE", "TRE", "tU/tT", _NF, True),
    Kpi("element", "tc", "share", "Load rate (TC)", "Taux de charge (TC)", "tR/tO", _NF),
    Kpi("element", "ts", "share", "Strategic engagement rate (TS)", "Taux stratégique d'engagement (TS)", "tO/tT", _NF),
    Kpi("element", "scrap_ratio", "share", "Scrap ratio", "Taux de rebut",
        "SQ/PQ, parts destroyed by a stop in both", _ISO, False),
    Kpi("element", "rework_ratio", "share", "Rework ratio", "Taux de retouche", "RQ/PQ", _ISO, False),
    Kpi("element", "first_pass_yield", "share", "First pass yield", "Taux de bon du premier coup",
        "parts good at first pass / parts inspected, a repeated cycle not counted again", _ISO, True),
    Kpi("element", "mtbf_s", "s", "MTBF", "MTBF (temps moyen entre pannes)",
        "(production + set-up time) / failures: operation-dependent; micro-stops are no failures", _ISO, True),
    Kpi("element", "mttr_s", "s", "MTTR", "MTTR (temps moyen de réparation)",
        "repair time / failures, without the wait for people", _ISO, False),
    Kpi("element", "start_up_share", "share", "Start-up", "Démarrage",
        "time in start-ups after closed hours, the wait for people included / window, mean over machines; it is set-up",
        "", False),
    Kpi("element", "start_up_kwh", "kWh", "Energy of start-ups", "Énergie des démarrages",
        "power in set-up × time in start-ups; it is in the energy", "", False),
    Kpi("element", "bottleneck_sole", "share", "Sole bottleneck", "Goulot seul",
        "time with the longest active period, alone / window", "Roser, Nakano, Tanaka 2002"),
    Kpi("element", "bottleneck_shifting", "share", "Shifting bottleneck", "Goulot en transition",
        "time in which two successive longest active periods overlap / window", "Roser, Nakano, Tanaka 2002"),
)  # fmt: skip

_OTHERS = (
    Kpi("element", "content", "parts", "Content, mean", "Contenu moyen",
        "time integral of the parts standing here / window; of a station: its queue", "", False),
    Kpi("element", "wait_s", "s", "Wait, mean", "Attente moyenne", "mean time the parts taken had stood here", "",
        False),
    Kpi("element", "entered", "parts", "Parts entered", "Pièces entrées", "parts that arrived here, lost ones too"),
    Kpi("element", "lost", "parts", "Parts lost", "Pièces perdues", "parts that arrived and could not enter", "",
        False),
    Kpi("element", "disrupted", "share", "Supplier disrupted", "Fournisseur défaillant",
        "time in which the supplier does not deliver / window", "", False),
    Kpi("element", "scrapped", "parts", "Parts scrapped here", "Pièces rebutées ici",
        "parts that had stood here for as long as they may", "", False),
    Kpi("element", "demand", "parts", "Demand", "Demande", "parts that fell due in the window"),
    Kpi("element", "on_time_share", "share", "Demand served on time", "Taux de service client",
        "of the parts that fell due in the window, those served at that moment", "", True),
    Kpi("element", "backlog", "parts", "Backlog, mean", "Retard de livraison moyen",
        "time integral of the parts due and not served / window", "", False),
    Kpi("element", "finished_stock", "parts", "Finished stock, mean", "Stock de produits finis moyen",
        "time integral of the parts that left and were not wanted yet / window", "", False),
    Kpi("element", "busy", "share", "Busy", "Taux d'occupation",
        "people: time held, walking included / (scheduled time − absences + overtime); vehicles: time on trips, "
        "loading and waits for a driver too / window, mean over vehicles; cards: time integral of the cards in use / "
        "(cards × window); belts: parts carried × pitch / speed / window, at most 1"),
    Kpi("element", "absent", "share", "Absence", "Absentéisme",
        "people away by their breakdowns, in working hours / scheduled time", "", False),
    Kpi("element", "loaded_share", "share", "Driving loaded", "Trajets en charge",
        "time driving with parts / window, mean over vehicles"),
    Kpi("element", "empty_share", "share", "Driving empty", "Trajets à vide",
        "time driving without parts, to the charger too / window, mean over vehicles", "", False),
    Kpi("element", "charging_share", "share", "Charging", "En charge (batterie)",
        "time at the charger / window, mean over vehicles", "", False),
    Kpi("element", "trips", "trips", "Trips", "Missions", "trips that brought parts, all vehicles added"),
    Kpi("element", "metres", "m", "Metres driven", "Mètres parcourus", "loaded and empty, all vehicles added"),
    Kpi("element", "energy_kwh", "kWh", "Energy", "Énergie",
        "Σ power(state) × time(state) over machines or people, all carriers added", _ISO, False),
    Kpi("bottleneck", "", "share", "Bottleneck", "Goulot",
        "time as the sole or a shifting bottleneck by active periods / window, at most 1",
        "Roser, Nakano, Tanaka 2002"),
)  # fmt: skip

_STATE_WORDS = {
    "off": ("Off", "Fermé"),
    "break": ("Break", "Pause"),
    "repair": ("Repair", "Réparation"),
    "waiting_repair": ("Waiting for repair", "Attente de réparation"),
    "micro_stop": ("Micro-stop", "Micro-arrêt"),
    "maintenance": ("Maintenance", "Maintenance"),
    "setup": ("Set-up", "Changement de série"),
    "waiting_operator": ("Waiting for operator", "Attente d'opérateur"),
    "working": ("Working", "En production"),
    "blocked": ("Blocked", "Bloqué"),
    "starved": ("Starved", "Désamorcé"),
}


def _state(name: str) -> Kpi:
    better = {"working": True, "off": None, "break": None, "maintenance": None}.get(name, False)
    english, french = _STATE_WORDS[name]
    formula = f"time {name} / window, mean over machines"
    return Kpi("state", name, "share", english, french, formula, "", better)


CATALOGUE: dict[tuple[str, str], Kpi] = {
    (kpi.where, kpi.name): kpi for kpi in (*_PLANT, *_PRODUCT, *_CARRIER, *_STATION, *_OTHERS, *map(_state, STATES))
}
"""All KPIs by (where, name), those that kinds declare themselves apart (``Kind.KPIS``)."""


def find(path: str) -> Kpi:
    """The KPI at a path of a row, such as ``elements.mill.kpis.oee``.

    Raises:
        KeyError: when no KPI stands there.
    """
    top, _, rest = path.partition(".")
    above, _, last = rest.rpartition(".")
    where = {"kpis": "plant", "products": "product", "energy": "carrier", "bottleneck": "bottleneck"}.get(top)
    if top == "elements":
        where = {"states": "state", "kpis": "element"}.get(above.rpartition(".")[2])
    kpi = CATALOGUE.get((where or "", "" if where == "bottleneck" else last))
    if kpi is None and where == "element":
        kpi = declared_kpi(last)
    if kpi is None:
        raise KeyError(f"no KPI at '{path}'")
    return kpi
