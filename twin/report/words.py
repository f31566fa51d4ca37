"""Words and numbers as people read them, in English and French."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from twin.core.problem import nearest, quoted
from twin.report.phrases.calibration import CALIBRATED
from twin.report.phrases.notebook import SHOWN
from twin.report.phrases.plant import DRAWN
from twin.report.phrases.replay import PLAYED
from twin.report.phrases.run import RUN
from twin.report.phrases.study import STUDIED
from twin.report.phrases.study_book import BOOKED
from twin.report.phrases.study_figures import FIGURED
from twin.report.phrases.study_page import PAGED
from twin.report.phrases.study_said import JUDGED

Lang = Literal["en", "fr"]
LANGS: tuple[Lang, ...] = ("en", "fr")


_NARROW = re.compile(r" (?=[:;?!»])|(?<=[\d}]) (?=%)|(?<=«) ")


def typeset(french: str) -> str:
    """A French text with narrow no-break spaces before : ; ? ! and %, and inside guillemets."""
    return _NARROW.sub("\u202f", french)


class Word(NamedTuple):
    """One thing said in both languages."""

    en: str
    fr: str


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

CARRIED_STATES = {
    "blocked": Word("blocked (no room downstream, or no vehicle)", "saturé (sans place en aval, ou sans véhicule)"),
}
"""Those that have another name where a vehicle carries away what the machine made."""

VEHICLE_STATES = {
    "loaded": Word("driving loaded", "trajet en charge"),
    "empty": Word("driving empty", "trajet à vide"),
    "loading": Word("loading, unloading", "chargement, déchargement"),
    "waiting": Word("waiting for a driver", "attente d'un cariste"),
    "charging": Word("charging", "recharge"),
    "idle": Word("free", "libre"),
}
"""The states of a vehicle."""

CHECKS = {
    "states add up": Word("states add up", "états complets"),
    "parts conserved": Word("parts conserved", "pièces conservées"),
    "Little's law": Word("Little's law", "loi de Little"),
}
"""The checks of a run."""

_WRITTEN = {
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
    "maintenance": Word("maint.", "maint."),
    "closed": Word("closed", "fermé"),
    "people": Word("crew", "opér."),
    "bottleneck": Word("bottl.", "goulot"),
    "intrinsic_note": Word("OEE intr.: without waiting for parts, room or people.",
                           "TRS intr. : sans attente de pièces, de place ou d'opérateur."),
    "down_note": Word("down: repair, its wait, micro-stops.", "arrêt : panne, son attente, micro-arrêts."),
    "people_note": Word("crew: waiting for people.", "opér. : attente d'opérateur."),
    "closed_note": Word("closed: closed hours and breaks.", "fermé : heures de fermeture et pauses."),
    "bottleneck_note": Word("bottl.: share of {time} as the bottleneck (active period).",
                            "goulot : part du {time} comme goulot (période active)."),
    "start_up_note": Word("Of the set-up, start-up: {shares}.", "Dont démarrage, dans le chgt : {shares}."),
    "limit_fleet": Word(
        "{name} is busy {share} % of the time, more than any station: look there first.",
        "{name} est pris {share} % du temps, plus que tout poste : commencer par là.",
    ),
    "limit_charging": Word(
        "{name} is busy or charging {share} % of the time, more than any station: look there first.",
        "{name} est pris ou en recharge {share} % du temps, plus que tout poste : commencer par là.",
    ),
    "limit_belt": Word(
        "{name} takes parts as fast as it can {share} % of the time, longer than any station works: look there first.",
        "{name} reçoit des pièces à sa cadence maximale {share} % du temps, plus qu'aucun poste ne travaille : "
        "commencer par là.",
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
    "absent": Word("absent %", "absents %"),
    "vehicles": Word("Vehicles", "Véhicules"),
    "fleet_name": Word("fleet", "flotte"),
    "loaded": Word("loaded %", "en charge %"),
    "empty": Word("empty %", "à vide %"),
    "charging": Word("charging %", "recharge %"),
    "trips": Word("trips", "missions"),
    "cards": Word("Cards", "Cartes"),
    "loop": Word("loop", "boucle"),
    "in_use": Word("in use %", "en circulation %"),
    "energy": Word("Energy", "Énergie"),
    "element": Word("element", "élément"),
    "energy_kwh": Word("kWh", "kWh"),
    "energy_share": Word("share %", "part %"),
    "carrier": Word("carrier", "vecteur"),
    "carriers": Word("Energy by carrier", "Énergie par vecteur"),
    "kwh_per_part": Word("kWh / good part", "kWh / pièce bonne"),
    "eur_per_part": Word("EUR / good part", "EUR / pièce bonne"),
    "start_up_kwh": Word("start-up kWh", "démarrage kWh"),
    "cost": Word("Cost per good part", "Coût par pièce bonne"),
    "cost_of": Word("item", "nature"),
    "eur": Word("EUR", "EUR"),
    "cost_wages": Word("wages", "salaires"),
    "cost_machines": Word("machines", "machines"),
    "cost_energy": Word("energy", "énergie"),
    "cost_material": Word("material", "matière"),
    "cost_note": Word("What the layout gives no price or rate costs nothing here.",
                      "Ce à quoi la description ne donne ni prix ni taux ne coûte rien ici."),
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
    "runs_drawn": Word(
        "Means of {n} replications of {horizon} after {warm} of warm-up, each with its own draw of the uncertain "
        "inputs; ± is half of the range from 5 % to 95 % of them.",
        "Moyennes de {n} réplications de {horizon} après {warm} de mise en régime, chacune avec son tirage des données "
        "incertaines ; ± : demi-étendue de 5 % à 95 % d'entre elles.",
    ),
    "one_run": Word(
        "One run of {horizon} after {warm} of warm-up: no interval.",
        "Une seule simulation de {horizon} après {warm} de mise en régime : pas d'intervalle.",
    ),
    "emptied": Word("{time} (until the plant was empty)", "{time} (jusqu'à l'usine vide)"),
    "emptied_mean": Word("{time} on average (until the plant was empty)", "{time} en moyenne (jusqu'à l'usine vide)"),
    "until_empty": Word("its length (until the plant is empty)", "sa durée (jusqu'à l'usine vide)"),
    "inputs": Word("Uncertain inputs ({kpi})", "Données incertaines ({kpi})"),
    "input": Word("input", "donnée"),
    "input_range": Word("mean, 5 % to 95 %", "moyenne, 5 % à 95 %"),
    "input_seen": Word("times seen", "relevés"),
    "input_share": Word("% of variance", "% de la variance"),
    "from_to": Word("{low} to {high} {unit}", "{low} à {high} {unit}"),
    "unexplained": Word("chance, not explained", "hasard, non expliqué"),
    "inputs_method": Word(
        "Shares of the variance by regression on ln mean and ln CV; [ ]: 90 % interval.",
        "Parts de la variance par régression sur ln moyenne et ln CV ; [ ] : intervalle à 90 %.",
    ),
    "inputs_few": Word(
        "Too few replications to share the variance among the inputs: take {n} or more.",
        "Trop peu de réplications pour répartir la variance : en prendre {n} ou plus.",
    ),
    "inputs_expected": Word(
        "Expected in the long run: {low} to {high} {unit} (5 % to 95 %); {chance} % of the variance is chance.",
        "Espérance à long terme : {low} à {high} {unit} (5 % à 95 %) ; {chance} % de la variance est du hasard.",
    ),
    "inputs_next": Word(
        "The next {n} times logged of {name} would narrow this range by about {share} %.",
        "Les {n} prochains relevés de {name} réduiraient cette étendue d'environ {share} %.",
    ),
    "inputs_fixed": Word("Without draws, so held fixed: {names}.", "Sans tirages, donc fixes : {names}."),
    "source_drawn": Word(
        "seed {seed} · plan {plan} · draws {draws} · twin {twin}",
        "graine {seed} · plan {plan} · tirages {draws} · twin {twin}",
    ),
    "source": Word("seed {seed} · plan {plan} · twin {twin}", "graine {seed} · plan {plan} · twin {twin}"),
    "states_title": Word(
        "{name} works most: {share} % of the time.", "{name} est le plus occupé, en production {share} % du temps."
    ),
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
    "neck_title": Word(
        "{name} is the bottleneck {share} % of the {time}.", "{name} est le goulot {share} % du {time}."
    ),
    "all_time": Word("time", "temps"),
    "opening_time": Word("opening time", "temps d'ouverture"),
    "neck_none": Word("No station is a bottleneck.", "Aucun poste n'est un goulot."),
    "neck_axis": Word("share of the {time} as the bottleneck (%)", "part du {time} comme goulot (%)"),
    "sole": Word("alone", "seul"),
    "shifting": Word("while it shifts", "en transition"),
    "both": Word("alone or while it shifts", "seul ou en transition"),
    "interval": Word("{level} % interval", "intervalle à {level} %"),
    "customers": Word("Customers", "Clients"),
    "sink": Word("sink", "sortie"),
    "wanted": Word("wanted", "demandées"),
    "on_time": Word("on time", "à l'heure"),
    "backlog": Word("backlog", "en retard"),
    "finished": Word("in stock", "en stock"),
    **{key: Word(*pair) for key, pair in (
        DRAWN | CALIBRATED | STUDIED | PAGED | JUDGED | BOOKED | FIGURED | RUN | PLAYED | SHOWN
    ).items()},
}  # fmt: skip
PHRASES = {key: Word(word.en, typeset(word.fr)) for key, word in _WRITTEN.items()}
"""What titles, headings and captions say."""


def figure_named(word: str, known: Sequence[str]) -> str:
    """The name of a figure; ValueError with the nearest one for a name that is not among the known ones."""
    if word in known:
        return word
    near = nearest(word, known)
    hint = f"did you mean '{near}'?" if near else f"there is {', '.join(known)}"
    raise ValueError(f"unknown figure {quoted(word)}; {hint}")


def check_lang(lang: str) -> Lang:
    """The language; ValueError for an unknown one."""
    if lang not in LANGS:
        raise ValueError(f"lang must be 'en' or 'fr', not {lang!r}")
    return lang


def _pick(word: Word, lang: Lang) -> str:
    return word.fr if check_lang(lang) == "fr" else word.en


def say(key: str, lang: Lang = "en", **values: object) -> str:
    """A phrase with its blanks filled; ``n`` of 1 takes the phrase for one where there is one.

    Raises:
        ValueError: a language other than 'en' and 'fr'.
    """
    if values.get("n") == 1 and f"{key}_one" in PHRASES:
        key += "_one"
    return _pick(PHRASES[key], lang).format(**values)


def known(key: str) -> bool:
    """Whether there is such a phrase."""
    return key in PHRASES


def carried_phrase(key: str, carried: bool) -> str:
    """The key of the phrase for a plant whose machines may wait for a vehicle, where there is one."""
    other = f"{key}_carried"
    return other if carried and known(other) else key


def titled(pair: tuple[str, str], lang: Lang = "en") -> str:
    """What a kind says of itself in (English, French)."""
    return _pick(Word(*pair), lang)


def state_word(state: str, lang: Lang = "en", carried: bool = False) -> str:
    """The name of a state; ``carried``: of a machine that may wait for a vehicle (``plant.carts.carried``)."""
    machine = STATES | CARRIED_STATES if carried else STATES
    return _pick(machine[state] if state in machine else VEHICLE_STATES[state], lang)


def check_word(check: str, lang: Lang = "en") -> str:
    """The name of a check; one that is not listed is named as it is."""
    return _pick(CHECKS.get(check, Word(check, check)), lang)


UNITS = {"share": "%", "number": "", "1/h": "/h"}
"""Units of metrics as they are read."""
UNITS_FR = UNITS | {
    "parts": "pièces", "trips": "missions", "d": "j", "y": "ans", "EUR/y": "EUR/an", "/y": "/an",
}  # fmt: skip


def unit_word(unit: str, lang: Lang = "en") -> str:
    """A unit as it is read."""
    return (UNITS_FR if lang == "fr" else UNITS).get(unit, unit)


def decimal(value: float, places: int, lang: Lang = "en") -> str:
    """A number with this many decimals: 1,234.5 in English, 1 234,5 in French (narrow no-break space)."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    text = f"{value:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(",.", "\u202f,")) if lang == "fr" else text


SEMICOLON: dict[Lang, str] = {"en": "; ", "fr": "\u202f; "}
"""Between things; in French between the ends of an interval too, for the comma stands in numbers."""


def per_cent(number: str, lang: Lang = "en") -> str:
    """A number with its sign of per cent."""
    return f"{number}\u202f%" if lang == "fr" else f"{number} %"


def as_per_cent(share: float, lang: Lang = "en") -> str:
    """A share that somebody wrote in %, without the sign, with its own digits: 0.995 → '99.5'."""
    text = f"{100 * share:g}"
    return text.replace(".", ",") if lang == "fr" else text


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
