"""What a notebook shows of a plant, a study and a comparison, in English and French; ``words.say`` knows it too."""

from __future__ import annotations

SHOWN: dict[str, tuple[str, str]] = {
    "nb_every_value": ("Every value", "Toutes les valeurs"),
    "nb_plant": ("Plant {name}", "Usine {name}"),
    "nb_plan": ("Plan {digest}, {n} elements", "Plan {digest}, {n} éléments"),
    "nb_warnings": ("Warnings", "Avertissements"),
    # -- changes between two layouts, or of a scenario
    "nb_changes": ("What changes ({n})", "Ce qui change ({n})"),
    "nb_no_change": ("Nothing differs.", "Rien ne diffère."),
    "nb_path": ("path", "chemin"),
    "nb_old": ("before", "avant"),
    "nb_new": ("after", "après"),
    "nb_lever": ("lever", "levier"),
    "nb_place": ("place", "endroit"),
    "nb_added": ("(nothing)", "(rien)"),
    "nb_removed": ("(removed)", "(supprimé)"),
    # -- a study before it is run
    "nb_study": ("{name}: {question}", "{name} : {question}"),
    "nb_scenarios": ("Scenarios", "Scénarios"),
    "nb_scenario": ("scenario", "scénario"),
    "nb_levers": ("levers", "leviers"),
    "nb_as_it_is": ("as it is", "en l'état"),
    "nb_more": ("{n} more are not shown.", "{n} autres ne sont pas montrés."),
    "nb_does": ("What the levers do", "Ce que font les leviers"),
    "nb_money": ("What the levers cost", "Ce que coûtent les leviers"),
    "nb_what": ("what", "quoi"),
    "nb_amount": ("amount", "montant"),
    "nb_when": ("from", "à partir de"),
    "nb_chance": ("chance", "probabilité"),
    "nb_capex": ("invested", "investi"),
    "nb_opex": ("spent", "dépensé"),
    "nb_grant": ("grant", "subvention"),
    "nb_saving": ("saved", "économisé"),
    "nb_accept": ("Accepted if: {clauses}.", "Accepté si : {clauses}."),
    "nb_choose": ("Then chosen: {choose}.", "Puis choisi : {choose}."),
    # -- two results compared
    "nb_compared": ("{after} against {before}", "{after} par rapport à {before}"),
    "nb_kpi": ("result", "résultat"),
    "nb_difference": ("difference", "différence"),
    "nb_told": ("told apart", "distingués"),
    "nb_more_than": ("more", "plus"),
    "nb_less_than": ("less", "moins"),
    "nb_same": ("the same", "identiques"),
    "nb_cannot": ("cannot tell yet", "indécis"),
    "nb_paired": (
        "Paired, replication by replication, over {n} of them; ± half of the {level} % interval, each for itself.",
        "Par paires, réplication par réplication, sur {n} ; ± demi-intervalle à {level} %, chacun pour soi.",
    ),
    "nb_one_pair": (
        "One replication: no interval, so nothing can be told.",
        "Une seule réplication : pas d'intervalle, donc rien à conclure.",
    ),
}
"""Phrase → English, French."""
