"""What the page of a study says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

PAGED: dict[str, tuple[str, str]] = {
    # -- headings, in the order of the page
    "st_head_scenarios": ("The scenarios", "Les scénarios"),
    "st_head_gain": ("What the plant gains, and from what", "Ce que l'usine gagne, et grâce à quoi"),
    "st_head_npv": ("What it is worth, and the risk of losing", "Ce que cela vaut, et le risque de perdre"),
    "st_head_inputs": ("What the result hangs on", "Ce dont dépend le résultat"),
    "st_head_time": ("Where the time of the stations goes", "Où passe le temps des postes"),
    "st_head_neck": ("The bottleneck, before and after", "Le goulot, avant et après"),
    "st_head_unknown": (
        "What we do not know, and what knowing it is worth",
        "Ce que nous ignorons, et ce que cela vaudrait de le savoir",
    ),
    "st_head_search": ("The search for the best design", "La recherche de la meilleure solution"),
    "st_head_annex": ("Annex: how far the numbers can be trusted", "Annexe : quelle confiance accorder aux chiffres"),
    "st_sources": ("Where it comes from", "D'où viennent ces chiffres"),
    # -- boxes above all, where there are two
    "st_among_scenarios": ("Among the scenarios", "Parmi les scénarios"),
    "st_among_designs": ("Among all designs searched", "Parmi toutes les solutions essayées"),
    # -- the table of scenarios
    "st_overview": (
        "One row a scenario; money against {name} ({unit})",
        "Une ligne par scénario ; argent par rapport à {name} ({unit})",
    ),
    "st_overview_plain": ("One row a scenario", "Une ligne par scénario"),
    "st_gain_npv_head": ("ΔNPV [90 %]", "ΔVAN [90 %]"),
    "st_payback_years_head": ("payback, y", "délai de récupération, ans"),
    "st_trs_head": ("bottleneck, its OEE %", "goulot et son TRS %"),
    "st_overview_note": (
        "ΔNPV: mean over {n} rows and where 90 % of them lie; P(NPV>0) with its {level} % interval; IRR of the mean "
        "flows; payback and CAPEX: median. Plant: means with their {level} % intervals. OEE: of the station that "
        "is the bottleneck most often (?: by the means alone).",
        "ΔVAN : moyenne de {n} tirages et où 90 % d'entre eux se trouvent ; P(VAN>0) avec son intervalle à {level} % ; "
        "TRI des flux moyens ; délai de récupération et CAPEX : médiane. Usine : moyennes et intervalles à {level} %. "
        "TRS : du poste qui est le plus souvent le goulot "
        "(? : d'après les moyennes seules).",
    ),
    "st_overview_plain_note": (
        "Means with their {level} % intervals over {n} replications. OEE: of the station that is the bottleneck "
        "most often (?: by the means alone).",
        "Moyennes et intervalles à {level} % sur {n} réplications. TRS : du poste qui est le plus souvent le goulot "
        "(? : d'après les moyennes seules).",
    ),
    "st_one_run_note": (
        "One run of each scenario: no interval (but for P(NPV>0)). OEE: of the station that is the bottleneck "
        "most often (?: by this run alone).",
        "Une seule simulation par scénario : pas d'intervalle (sauf P(VAN>0)). TRS : du poste qui est le plus souvent "
        "le goulot (? : d'après cette seule simulation).",
    ),
    "st_open_hours": (
        "Parts/h: over all hours, closed ones included; per open hour: {rates}.",
        "Pièces/h : sur toutes les heures, fermetures comprises ; par heure d'ouverture : {rates}.",
    ),
    "st_as_table": ("The same as a table", "La même chose en tableau"),
    # -- gain
    "st_one_lever": (
        "{name} has one lever, {lever}: all of its gain comes from it.",
        "{name} n'a qu'un levier, {lever} : tout son gain en vient.",
    ),
    "st_ask_explain": (
        "To see what each lever of {name} brings: {command}",
        "Pour voir ce qu'apporte chaque levier de {name} : {command}",
    ),
    # -- time of stations
    "st_time_named": (
        "This store keeps only the KPIs that the study names, so the minutes of the stations are not known; without "
        "'--keep named' they are.",
        "Cette base ne garde que les indicateurs nommés par l'étude : les minutes des postes sont inconnues ; sans "
        "« --keep named » elles seraient là.",
    ),
    "st_time_none": (
        "The plant has no station with an OEE, so there is nothing to show here.",
        "L'usine n'a pas de poste avec un TRS : rien à montrer ici.",
    ),
    "st_time_read": (
        "{station}: of {total} minutes of a day it is open {opening}, and {required} of them are required. In {before} "
        "{useful} of these are useful, an OEE of {trs} %; in {after} {useful_after} of {required_after}, an OEE of "
        "{trs_after} %.",
        "{station} : sur {total} minutes d'une journée, il est ouvert {opening}, dont {required} requises. Avec "
        "{before}, {useful} sont utiles, soit un TRS de {trs} % ; avec {after}, {useful_after} sur {required_after}, "
        "soit un TRS de {trs_after} %.",
    ),
    "st_minutes": (
        "Minutes of an average day of {station} (one machine)",
        "Minutes d'une journée moyenne de {station} (une machine)",
    ),
    "st_minutes_time": ("time", "temps"),
    "st_minutes_change": ("change", "écart"),
    "st_m_total": ("total time", "temps total"),
    "st_m_opening": ("opening time", "temps d'ouverture"),
    "st_m_required": ("required time", "temps requis"),
    "st_m_useful": ("useful time", "temps utile"),
    "st_m_off": ("closed", "fermé"),
    "st_m_planned": ("breaks, planned maintenance", "pauses, maintenance planifiée"),
    "st_m_performance": ("slow cycles", "écarts de cadence"),
    "st_m_quality": ("bad parts", "non-qualité"),
    "st_minutes_note": (
        "NF E 60-182: opening time = total less closed; required = opening less planned stops; useful = required less "
        "all losses; OEE (TRS) = useful / required. Means over the replications; days without work are counted in.",
        "NF E 60-182 : temps d'ouverture = total moins fermé ; requis = ouverture moins arrêts planifiés ; utile = "
        "requis moins toutes les pertes ; TRS = utile / requis. Moyennes sur les réplications ; les jours sans travail "
        "sont comptés.",
    ),
    # -- bottleneck
    "st_neck_same": (
        "{station} is the bottleneck most often, with {before} ({share} % of the {time}) and with {after} "
        "({share_after} %).",
        "{station} est le plus souvent le goulot, avec {before} ({share} % du {time}) comme avec {after} "
        "({share_after} %).",
    ),
    "st_neck_moves": (
        "The bottleneck moves from {station} ({share} % of the {time} with {before}) to {station_after} "
        "({share_after} % with {after}).",
        "Le goulot passe de {station} ({share} % du {time} avec {before}) à {station_after} ({share_after} % avec "
        "{after}).",
    ),
    "st_neck_unsure": (
        "Which station is the bottleneck cannot be told yet: by the means {station} with {before} ({share} % of the "
        "{time}), {station_after} with {after} ({share_after} %).",
        "Le goulot n'est pas encore établi : en moyenne {station} avec {before} ({share} % du {time}), {station_after} "
        "avec {after} ({share_after} %).",
    ),
    "st_neck_none": ("No station is a bottleneck.", "Aucun poste n'est un goulot."),
    "st_neck_station": ("station", "poste"),
    "st_all_hours": ("calendar time", "temps calendaire"),
    "st_neck_table": (
        "Share of the {time} as the bottleneck, % ({level} % intervals)",
        "Part du {time} comme goulot, % (intervalles à {level} %)",
    ),
    # -- annex
    "st_validity": (
        "Laws fitted to a history: {files}. How well they predict the weeks held out: {command}",
        "Lois calées sur un historique : {files}. Pour voir comment elles prédisent des semaines mises de côté : "
        "{command}",
    ),
    "st_validity_other": (
        "Seen with another layout, {layout}, not with that of this study, {own}; for this one: {command}",
        "Constaté avec un autre modèle, {layout}, et non avec celui de l'étude, {own} ; pour celui-ci : {command}",
    ),
    "st_validity_stale": (
        "Out of date; changed since then: {files}. To check again: {command}",
        "Plus à jour ; modifié depuis : {files}. Pour vérifier à nouveau : {command}",
    ),
    "st_validity_plain": ("Laws fitted to a history: {files}.", "Lois calées sur un historique : {files}."),
    "st_no_history": (
        "No law of this plant comes from a history: nothing here was checked against the plant itself.",
        "Aucune loi de cette usine ne vient d'un historique : rien ici n'a été comparé à l'usine elle-même.",
    ),
    "st_changes": ("What each scenario changes in the layout", "Ce que chaque scénario change dans l'usine"),
    "st_changes_above": ("{n} as above (levers: {levers}).", "{n} comme plus haut (leviers : {levers})."),
    "st_change_path": ("path", "chemin"),
    "st_change_old": ("before", "avant"),
    "st_change_new": ("after", "après"),
    "st_change_drawn": ("drawn once a replication", "tiré à chaque réplication"),
    "st_change_place": ("line", "ligne"),
    # -- foot
    "st_file": ("file", "fichier"),
    "st_hash": ("sha256", "sha256"),
    "st_files": ("Files", "Fichiers"),
    "st_plans": ("Plans that were simulated", "Plans simulés"),
    "st_digest": ("digest of the plan", "empreinte du plan"),
    "st_draws_digest": ("digest of the draws", "empreinte des tirages"),
    "st_seed_word": ("seed", "graine"),
    "st_replications_word": ("replications of each scenario", "réplications de chaque scénario"),
    "st_replications_all": ("replications in all", "réplications en tout"),
    "st_versions_word": ("versions", "versions"),
    "st_level_word": ("level of the intervals", "niveau des intervalles"),
    "st_again": ("The same numbers again:", "Pour retrouver les mêmes chiffres :"),
    "st_unread": ("could not be read", "illisible"),
}
"""Phrase → English, French."""
