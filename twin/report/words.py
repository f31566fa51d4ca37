"""Words and numbers as people read them, in English and French."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Lang = Literal["en", "fr"]
LANGS: tuple[Lang, ...] = ("en", "fr")


class Word(NamedTuple):
    """One thing said in both languages."""

    en: str
    fr: str


class Label(NamedTuple):
    """The name of a KPI in both languages and what it is measured in.

    ``unit``: 'share' (shown in %), 'time' (s inside; shown in s, min, h or d), or a unit shown as it stands.
    """

    en: str
    fr: str
    unit: str


STATES = {
    "off": Word("closed", "fermé"),
    "break": Word("break", "pause"),
    "repair": Word("in repair", "en réparation"),
    "waiting_repair": Word("waiting for repair", "attente de réparation"),
    "micro_stop": Word("micro-stop", "micro-arrêt"),
    "maintenance": Word("maintenance", "maintenance"),
    "setup": Word("set-up", "changement de série"),
    "waiting_operator": Word("waiting for people", "attente d'opérateur"),
    "working": Word("working", "en production"),
    "blocked": Word("blocked", "saturé en aval"),
    "starved": Word("starved", "en manque de pièces"),
}
"""The states of a machine."""

VEHICLE_STATES = {
    "loaded": Word("driving loaded", "trajet en charge"),
    "empty": Word("driving empty", "trajet à vide"),
    "loading": Word("loading, unloading", "chargement, déchargement"),
    "waiting": Word("waiting for a driver", "attente d'un cariste"),
    "charging": Word("charging", "recharge"),
    "idle": Word("free", "libre"),
}
"""The states of a vehicle."""

KPIS = {
    "throughput_per_h": Label("Good parts per hour", "Pièces bonnes par heure", "/h"),
    "throughput_per_open_h": Label("Good parts per open hour", "Pièces bonnes par heure d'ouverture", "/h"),
    "parts": Label("Good parts", "Pièces bonnes", "parts"),
    "lead_time_s": Label("Lead time", "Délai de traversée", "time"),
    "lead_time_p95_s": Label("Lead time, 95 % are below", "Délai, 95 % sont en dessous", "time"),
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
    "makespan_s": Label("Makespan", "Durée totale", "time"),
    "oee": Label("OEE", "TRS", "share"),
    "trs": Label("TRS (OEE)", "TRS", "share"),
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
    "backlog": Label("Mean backlog", "Retard moyen (pièces)", "parts"),
    "finished_stock": Label("Mean finished stock", "Stock de produits finis moyen", "parts"),
    "energy_kwh": Label("Energy", "Énergie", "kWh"),
}
"""The KPIs of the result document; ``label`` has words for others too."""

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

CHECKS = {
    "states add up": Word("states add up", "états complets"),
    "parts conserved": Word("parts conserved", "pièces conservées"),
    "Little's law": Word("Little's law", "loi de Little"),
}
"""The checks of a run."""

PHRASES = {
    "plant": Word("Plant", "Usine"),
    "result": Word("Result", "Résultat"),
    "value": Word("value", "valeur"),
    "stations": Word("Stations (% of the measured time)", "Postes (% du temps mesuré)"),
    "stations_belts": Word(
        "Stations and conveyors (% of the measured time)", "Postes et convoyeurs (% du temps mesuré)"
    ),
    "station": Word("station", "poste"),
    "oee": Word("OEE", "TRS"),
    "intrinsic": Word("OEE intr.", "TRS intr."),
    "working": Word("work", "prod."),
    "blocked": Word("block", "saturé"),
    "starved": Word("starve", "manque"),
    "down": Word("down", "arrêt"),
    "setup": Word("set-up", "chgt"),
    "closed": Word("closed", "fermé"),
    "people": Word("people", "opér."),
    "bottleneck": Word("bottl.", "goulot"),
    "station_note": Word(
        "OEE intr.: without waiting for parts, room or people. down: repair, its wait, micro-stops. "
        "people: waiting for people. bottl.: share of time as the bottleneck (active period).",
        "TRS intr. : sans attente de pièces, de place ou d'opérateur. arrêt : panne, son attente, micro-arrêts. "
        "opér. : attente d'opérateur. goulot : part du temps comme goulot (période active).",
    ),
    "over_100": Word(
        " Above 100: the cycles drawn were shorter than the ideal cycle (by default their mean).",
        " Au-delà de 100 : cycles tirés plus courts que le cycle idéal (par défaut leur moyenne).",
    ),
    "long_stays": Word(
        "The mean lead time is above the 95 % value: a few parts stay far longer than all others; some parts stand "
        "through closed hours.",
        "Le délai moyen dépasse la valeur à 95 % : quelques pièces restent bien plus longtemps que les autres ; "
        "certaines attendent pendant les heures de fermeture.",
    ),
    "long_stay": Word(
        "The mean lead time is above the 95 % value: a few parts stay far longer than all others.",
        "Le délai moyen dépasse la valeur à 95 % : quelques pièces restent bien plus longtemps que les autres.",
    ),
    "buffers": Word("Buffers", "Stocks tampons"),
    "buffer": Word("buffer", "stock"),
    "content": Word("mean content", "contenu moyen"),
    "capacity": Word("capacity", "capacité"),
    "wait": Word("mean wait", "attente moyenne"),
    "unlimited": Word("unlimited", "illimitée"),
    "groups": Word("People", "Opérateurs"),
    "group": Word("group", "équipe"),
    "count": Word("count", "nombre"),
    "busy": Word("busy %", "occupés %"),
    "vehicles": Word("Vehicles", "Véhicules"),
    "fleet_name": Word("fleet", "flotte"),
    "loaded": Word("loaded %", "en charge %"),
    "empty": Word("empty %", "à vide %"),
    "trips": Word("trips", "missions"),
    "cards": Word("Cards", "Cartes"),
    "loop": Word("loop", "boucle"),
    "in_use": Word("in use %", "en circulation %"),
    "energy": Word("Energy", "Énergie"),
    "element": Word("element", "élément"),
    "energy_kwh": Word("kWh", "kWh"),
    "energy_share": Word("share %", "part %"),
    "energy_note": Word("Over all the measured time, idle and closed time included.",
                        "Sur tout le temps mesuré, attentes et fermetures comprises."),
    "products": Word("Products", "Produits"),
    "product": Word("product", "produit"),
    "parts": Word("good parts", "pièces bonnes"),
    "lead": Word("lead time", "délai"),
    "checks": Word("Checks: ", "Contrôles : "),
    "failed": Word("FAILED", "EN ÉCHEC"),
    "warning": Word("Warning: ", "Attention : "),
    "runs": Word(
        "Means of {n} replications of {horizon} after {warm} of warm-up; ± is half of the {level} % interval.",
        "Moyennes de {n} réplications de {horizon} après {warm} de mise en régime ; "
        "± : demi-intervalle à {level} %.",
    ),
    "one_run": Word(
        "One run of {horizon} after {warm} of warm-up: no interval.",
        "Une seule simulation de {horizon} après {warm} de mise en régime : pas d'intervalle.",
    ),
    "turning": Word(
        "Turning point: {name}. Stations before it are more blocked than starved, those after it more starved.",
        "Point de bascule : {name}. En amont les postes sont plutôt bloqués, en aval plutôt affamés.",
    ),
    "emptied": Word("{time} (until the plant was empty)", "{time} (jusqu'à l'usine vide)"),
    "emptied_mean": Word("{time} on average (until the plant was empty)", "{time} en moyenne (jusqu'à l'usine vide)"),
    "until_empty": Word("its length (until the plant is empty)", "sa durée (jusqu'à l'usine vide)"),
    "source": Word("seed {seed} · plan {plan} · twin {twin}", "graine {seed} · plan {plan} · twin {twin}"),
    "states_title": Word("{name} works most: {share} % of the time.", "{name} produit le plus : {share} % du temps."),
    "states_loss": Word(
        " Longest stop or wait: {name}, {share} % {state}.", " Plus long arrêt ou attente : {name}, {share} % {state}."
    ),
    "share_axis": Word("share of the measured time (%)", "part du temps mesuré (%)"),
    "whisker": Word("whisker: {level} % interval of working", "moustache : intervalle à {level} % de la production"),
    "no_interval": Word("one run: no interval", "une seule simulation : pas d'intervalle"),
    "content_title": Word("{name} is the fullest buffer: {mean} parts on average{full}.",
                          "{name} est le stock le plus plein : {mean} pièces en moyenne{full}."),
    "content_full": Word(", full {share} % of the time", ", plein {share} % du temps"),
    "content_some": Word(" ({shown} of {all} buffers shown)", " ({shown} stocks sur {all})"),
    "content_none": Word("No part went through a buffer.", "Aucune pièce n'est passée par un stock."),
    "parts_axis": Word("parts", "pièces"),
    "band": Word("from least to most", "du minimum au maximum"),
    "mean": Word("mean", "moyenne"),
    "warm_up": Word("warm-up", "mise en régime"),
    "time_axis": Word("time since the start ({unit})", "temps depuis le début ({unit})"),
    "gantt_title": Word(
        "From {start} to {end} the machines work {share} % of the time.",
        "De {start} à {end} les machines produisent {share} % du temps.",
    ),
    "gantt_none": Word("Nothing is recorded from {start} to {end}.", "Rien n'est enregistré de {start} à {end}."),
    "neck_title": Word("{name} is the bottleneck {share} % of the time.", "{name} est le goulot {share} % du temps."),
    "neck_none": Word("No station is a bottleneck.", "Aucun poste n'est un goulot."),
    "neck_axis": Word("share of the measured time as the bottleneck (%)", "part du temps mesuré comme goulot (%)"),
    "sole": Word("alone", "seul"),
    "shifting": Word("while it shifts", "en transition"),
    "both": Word("alone or while it shifts", "seul ou en transition"),
    "interval": Word("{level} % interval", "intervalle à {level} %"),
    "plan_title": Word("{name}: {stations} and {buffers}.", "{name} : {stations} et {buffers}."),
    "plan_bare": Word("{name}: {stations}.", "{name} : {stations}."),
    "one_station": Word("1 station", "1 poste"),
    "many_stations": Word("{n} stations", "{n} postes"),
    "one_buffer": Word("1 buffer", "1 stock"),
    "many_buffers": Word("{n} buffers", "{n} stocks"),
    "plan_after": Word("{name}: {station} is the bottleneck {share} % of the time.",
                       "{name} : {station} est le goulot {share} % du temps."),
    "places": Word("{n} places", "{n} places"),
    "no_limit": Word("no limit", "sans limite"),
    "queue": Word("queue {n}", "file {n}"),
    "back": Word("back upstream", "retour en amont"),
    "share_neck": Word("bottleneck share (%)", "part du temps comme goulot (%)"),
    "share_work": Word("working share (%)", "part de production (%)"),
    "customers": Word("Customers", "Clients"),
    "sink": Word("sink", "sortie"),
    "wanted": Word("wanted", "demandées"),
    "on_time": Word("on time", "à l'heure"),
    "backlog": Word("backlog", "en retard"),
    "finished": Word("in stock", "en stock"),
    "crew": Word("{name}: {n} × {skills}", "{name} : {n} × {skills}"),
    "fleet": Word("{name}: vehicles × {n}", "{name} : véhicules × {n}"),
}  # fmt: skip
"""What titles, headings and captions say."""


def _pick(word: Word | Label, lang: Lang) -> str:
    if lang not in LANGS:
        raise ValueError(f"lang must be 'en' or 'fr', not {lang!r}")
    return word.fr if lang == "fr" else word.en


def say(key: str, lang: Lang = "en", **values: object) -> str:
    """A phrase with its blanks filled; ValueError for a language other than 'en' and 'fr'."""
    return _pick(PHRASES[key], lang).format(**values)


def state_word(state: str, lang: Lang = "en") -> str:
    """The name of a state."""
    return _pick(STATES[state] if state in STATES else VEHICLE_STATES[state], lang)


def check_word(check: str, lang: Lang = "en") -> str:
    """The name of a check; one that is not listed is named as it is."""
    return _pick(CHECKS.get(check, Word(check, check)), lang)


def label(kpi: str) -> Label:
    """The label of a KPI; one that is not listed is named after its key."""
    if kpi in KPIS:
        return KPIS[kpi]
    for ending, unit in _ENDINGS:
        if kpi.endswith(ending):
            plain = kpi.removesuffix(ending).replace("_", " ").capitalize()
            return Label(plain, plain, unit)
    plain = kpi.replace("_", " ").capitalize()
    return Label(plain, plain, "")


def kpi_word(kpi: str, lang: Lang = "en") -> str:
    """The name of a KPI."""
    return _pick(label(kpi), lang)


def unit_word(unit: str, lang: Lang = "en") -> str:
    """A unit as it is read."""
    french = {"parts": "pièces", "trips": "missions", "d": "j", "share": "%"}
    return french.get(unit, unit) if lang == "fr" else {"share": "%"}.get(unit, unit)


def decimal(value: float, places: int, lang: Lang = "en") -> str:
    """A number with this many decimals: 1,234.5 in English, 1 234,5 in French (narrow no-break space)."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    text = f"{value:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(",.", "\u202f,")) if lang == "fr" else text


def time_unit(seconds: float) -> tuple[float, str]:
    """(seconds in the unit, unit) in which a reader expects a time of this size."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if abs(seconds) >= 2 * size:
            return size, unit
    return 1.0, "s"


def time(seconds: float, lang: Lang = "en") -> str:
    """A length of time with its unit: 5400 → '90 min'."""
    size, unit = time_unit(seconds)
    text = decimal(seconds / size, 2, lang)
    point = "," if lang == "fr" else "."
    return f"{text.rstrip('0').rstrip(point) if point in text else text} {unit_word(unit, lang)}"
