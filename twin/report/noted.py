"""The notes of a calibration in the language of the report; ``twin.calibrate.note`` has them in English."""

from __future__ import annotations

from collections.abc import Sequence

from twin.report.said import spoken
from twin.report.words import Lang, say

NOTES_FR = {
    "first_whole": "aucun arrêt n'en a suivi un autre ; le temps depuis le début de la fenêtre compte comme un bon "
    "fonctionnement entier",
    "came_back": "arrêts revenus avant que l'horloge « {clock} » ait tourné : {n} ; chacun prolonge le précédent",
    "overtime": "arrêts commencés pendant une fermeture avant que l'horloge « {clock} » ait tourné : {n} ; chacun est "
    "une réparation, mais ne termine aucun bon fonctionnement",
    "no_repairer": "arrêts qui ne disent pas quand le réparateur a commencé : {n} ; aucun n'est dans une durée de "
    "réparation",
    "points": "arrêts sans durée à la résolution du journal : {n} ; chacun compte {seconds:.2g} s",
    "all_closed": "arrêts qui ont duré juste le temps de la fermeture : {n} ; aucun n'est dans une durée de réparation",
    "nights_count": "{hours:.3g} h de fermeture traversées par des arrêts comptent, car des arrêts finissent aussi "
    "pendant les fermetures ({share:.0%} de toute la réparation)",
    "nights_rest": "{hours:.3g} h de fermeture traversées par des arrêts ne comptent pas, car aucun arrêt n'y finit "
    "({share:.0%} de toute la réparation)",
    "peak_up": "la moyenne de bon fonctionnement la plus probable est hors de l'intervalle à 90 % ; trop peu de "
    "données pour sa forme",
    "peak_repair": "la moyenne de réparation la plus probable est hors de l'intervalle à 90 % ; trop peu de données "
    "pour sa forme",
    "open_up": "le journal ne borne pas la loi de bon fonctionnement ; prendre sa moyenne avec prudence",
    "open_repair": "le journal ne borne pas la loi de réparation ; prendre sa moyenne avec prudence",
    "no_failure": "aucune panne à ajuster : la loi est empruntée",
    "no_repair": "aucune réparation vue jusqu'à sa fin : sa loi est empruntée",
    "most_short": "la plupart des arrêts sont peut-être sous le seuil du journal ; les deux lois sont celles des seuls "
    "arrêts notés",
    "some_short": "les arrêts sous le seuil du journal seraient {share:.1%} du total ; la loi de bon fonctionnement "
    "est celle entre tous les arrêts",
    "more_often": "les pannes sont de plus en plus fréquentes ; la loi a la moyenne d'une loi puissance à la fin de la "
    "fenêtre",
    "less_often": "les pannes sont de moins en moins fréquentes ; la loi a la moyenne d'une loi puissance à la fin de "
    "la fenêtre",
    "changed": "le temps de bon fonctionnement a changé lors d'un événement ; la loi est celle d'après {event}",
    "seen_once": "vu une fois : mieux vaut écrire le temps prévu à la main",
    "seen_twice": "vu deux fois : mieux vaut écrire le temps prévu à la main",
    "never_ran": "{name} : son horloge n'a jamais tourné dans le journal",
    "never_runs": "{name} : son horloge n'a jamais tourné dans le journal ; aucune ligne ne parle de marche : si les "
    "machines tournaient entre les lignes, écrire « between: run »",
    "no_lender": "{name} : aucune loi, car aucune panne n'a été notée et aucune machine semblable n'a été suivie qui "
    "puisse prêter la sienne",
    "no_repair_at_all": "{name} : aucune loi, car aucune réparation n'a été notée dans tout l'historique",
    "silent": "la machine « {asset} » n'a aucune ligne dans le journal ; on admet qu'elle a tourné tout le temps",
    "never_waits": "{names} : le journal n'a ni manque ni saturation, l'horloge « working » y tourne donc aussi ; dans "
    "une usine dont les machines attendent, « mtbf » sera trop long d'autant",
    "rare_setups": "{station} : {pairs} : moins de 3 changements de série, « {station}.setup » vaut pour eux",
    "odd_counts": "{station} : comptes de rebut ou de retouche qui dépassent les pièces de leur ligne : {n} ; tous "
    "écartés",
    "cycle_mean": "{station} : les lignes de plusieurs pièces donnent la moyenne d'un cycle ({seconds:.4g} s) mais pas "
    "sa dispersion ; noter les pièces une à une pour une loi du cycle",
}
"""Key of a note → the sentence in French, with the same blanks."""


def noted(note: str, lang: Lang = "en") -> str:
    """A note in a language; a text that knows no key stays as it is."""
    return spoken(note, lang)


def all_noted(notes: Sequence[str], lang: Lang) -> list[str]:
    """Notes in a language, each once."""
    return [noted(one, lang) for one in dict.fromkeys(notes)]


_CHANGED = {"restart threshold": "cal_restart_threshold", "micro-stop threshold": "cal_micro_threshold"}


def threshold(what: str, lang: Lang = "en") -> str:
    """What is changed to see how much hangs on it: 'restart threshold × 0.5'; another text stays as it is."""
    name, times, factor = what.partition(" × ")
    if not times or name not in _CHANGED:
        return what
    return say(_CHANGED[name], lang) + times + (factor.replace(".", ",") if lang == "fr" else factor)
