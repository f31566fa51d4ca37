"""What the figures of a study say, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

FIGURED: dict[str, tuple[str, str]] = {
    "st_whiskers": (
        "Whiskers: {level} % intervals over {n} replications.",
        "Moustaches : intervalles à {level} % sur {n} réplications.",
    ),
    "st_pareto_whiskers": (
        "Whiskers: {level} % intervals over {n} replications; of the investment: 90 % of the rows.",
        "Moustaches : intervalles à {level} % sur {n} réplications ; pour l'investissement : 90 % des tirages.",
    ),
    "st_sure": ("can be told from 0", "distinct de 0"),
    "st_unsure": ("cannot be told yet", "pas encore distinct de 0"),
    "st_exactly": ("exactly 0", "exactement 0"),
    # -- NPV
    "st_curve_axis": ("NPV ({unit})", "VAN ({unit})"),
    "st_curve_share": ("share of rows below (%)", "part des tirages en dessous (%)"),
    "st_curve_band": ("{level} % band of a curve", "bande à {level} % d'une courbe"),
    "st_curve_note": (
        "A curve through {n} rows. Its band holds each of its points with {level} % confidence and ends where the rows "
        "are too few. The dot: probability of a loss with its interval.",
        "Une courbe de {n} tirages. Sa bande contient chacun de ses points avec une confiance de {level} % et s'arrête "
        "là où les tirages sont trop peu nombreux. Le point : probabilité d'une perte, avec son intervalle.",
    ),
    "st_curve_title": (
        "NPV of {name}: {npv} on average; a loss (NPV ≤ 0) has a probability of {share} %.",
        "VAN de {name} : {npv} en moyenne ; probabilité de perte (VAN ≤ 0) : {share} %.",
    ),
    "st_curve_title_one": (
        "NPV of {name}: {npv}, in the only run.",
        "VAN de {name} : {npv}, dans l'unique simulation.",
    ),
    "st_loss": ("loss", "perte"),
    # -- tornado
    "st_tornado_title": (
        "The NPV of {name} hangs most on {input}: from {low} to {high} {unit}.",
        "La VAN de {name} dépend surtout de : {input} (de {low} à {high} {unit}).",
    ),
    "st_tornado_unsure": (
        "By its mean {input} moves the NPV of {name} most, from {low} to {high} {unit}; another may move it as much.",
        "D'après les moyennes, la VAN de {name} dépend surtout de : {input} (de {low} à {high} {unit}) ; une autre "
        "donnée peut compter autant.",
    ),
    "st_tornado_none": (
        "No input can be told to move the NPV of {name}.",
        "Aucune donnée ne fait varier la VAN de {name} de façon distincte.",
    ),
    "st_tornado_axis": (
        "expected NPV of {name} ({unit}) with the input at its P10 and P90",
        "VAN attendue de {name} ({unit}), la donnée à P10 et P90",
    ),
    "st_tornado_low": ("input at P10", "donnée à P10"),
    "st_tornado_high": ("input at P90", "donnée à P90"),
    "st_tornado_hollow": ("ends cannot be told apart", "bouts non distincts"),
    # -- gain by lever
    "st_waterfall_title": (
        "{name}: {gain} {unit} in all; the largest share is that of {lever}, {share} {unit}.",
        "{name} : {gain} {unit} en tout ; la plus grande part est celle de {lever}, {share} {unit}.",
    ),
    "st_waterfall_unsure": (
        "{name}: {gain} {unit} in all; by its mean the largest share is that of {lever}, {share} {unit}; another may "
        "be as large.",
        "{name} : {gain} {unit} en tout ; d'après les moyennes, la plus grande part est celle de {lever}, {share} "
        "{unit} ; une autre peut être aussi grande.",
    ),
    "st_waterfall_none": (
        "What each lever of {name} brings cannot be told from 0 yet.",
        "L'apport de chaque levier de {name} ne se distingue pas encore de 0.",
    ),
    "st_waterfall_cut": ("The axis begins at {start}, not at 0.", "L'axe commence à {start}, pas à 0."),
    "st_waterfall_last": (
        "A lever's share is its average over all orders. Whisker of the last bar: of the gain against {against}.",
        "La part d'un levier est sa moyenne sur tous les ordres. Moustache de la dernière barre : celle du gain par "
        "rapport à {against}.",
    ),
    "st_waterfall_whole": ("whole", "total"),
    "st_waterfall_gain": ("gain", "gain"),
    "st_waterfall_loss": ("loss", "perte"),
    # -- differences and effects
    "st_forest_title": (
        "{n} of {all} differences from {name} can be told from 0.",
        "{n} écarts sur {all} avec {name} se distinguent de 0.",
    ),
    "st_forest_title_one": (
        "One of {all} differences from {name} can be told from 0.",
        "Un écart sur {all} avec {name} se distingue de 0.",
    ),
    "st_forest_axis": ("{kpi}: difference ({unit})", "{kpi} : écart ({unit})"),
    "st_effects_title": (
        "{n} of {all} effects can be told from 0; by the means the largest is {first}.",
        "{n} effets sur {all} se distinguent de 0 ; le plus grand en moyenne : {first}.",
    ),
    "st_effects_title_one": (
        "One of {all} effects can be told from 0: {first}.",
        "Un effet sur {all} se distingue de 0 : {first}.",
    ),
    "st_effects_axis": ("effect on {kpi}", "effet sur : {kpi}"),
    "st_effects_note": (
        "Whiskers: intervals that hold all together with {level} %, over {n} replications.",
        "Moustaches : intervalles valables tous ensemble à {level} %, sur {n} réplications.",
    ),
    # -- cash flows
    "st_cash_title": (
        "{name}: NPV {npv} over {years} years; discounted payback (median) {back} years.",
        "{name} : VAN {npv} sur {years} ans ; délai de récupération actualisé médian : {back} ans.",
    ),
    "st_cash_title_never": (
        "{name}: NPV {npv}; no discounted payback (median) within {years} years.",
        "{name} : VAN {npv} ; pas de récupération actualisée (médiane) en {years} ans.",
    ),
    "st_cash_axis": (
        "year end ({start}: at once); difference to {name}",
        "fin d'année ({start} : tout de suite) ; différence à {name}",
    ),
    "st_cash_note": (
        "Bars: means of {n} rows, not discounted. Line: discounted sum, at the end the NPV with its {level} % "
        "interval. Band: nine rows in ten.",
        "Barres : moyennes de {n} tirages, non actualisées. Ligne : cumul actualisé, à la fin la VAN avec son "
        "intervalle à {level} %. Bande : neuf tirages sur dix.",
    ),
    "st_cash_sum": ("discounted sum", "cumul actualisé"),
    "st_cash_band": ("90 % of the rows", "90 % des tirages"),
    # -- fronts
    "st_pareto_npv": ("NPV, {unit}", "VAN, {unit}"),
    "st_pareto_capex": (
        "investment (median, 90 % of the rows), {unit}",
        "investissement (médiane, 90 % des tirages), {unit}",
    ),
    "st_pareto_title": (
        "By the means {n} of {all} scenarios are not beaten in both: {names}.",
        "En moyenne, {n} scénarios sur {all} ne sont pas battus sur les deux critères : {names}.",
    ),
    "st_pareto_title_one": (
        "By the means one of {all} scenarios is not beaten in both by another: {names}.",
        "En moyenne, un scénario sur {all} n'est battu sur les deux critères par aucun autre : {names}.",
    ),
    "st_pareto_on": ("on the front", "sur le front"),
    "st_pareto_off": ("behind it", "derrière"),
    "st_pareto_focus": ("looked at closely", "examiné de près"),
    "st_pareto_note": (
        "On the front by the means: no other is better in one and as good in the other.",
        "Sur le front d'après les moyennes : aucun autre n'est meilleur sur l'un et aussi bon sur l'autre.",
    ),
    "st_front_on": ("may be best", "peut-être la meilleure"),
    "st_front_off": ("another leader", "autre candidate"),
    "st_front_focus": ("the answer", "la réponse"),
    "st_front_whiskers": ("Whiskers: {level} % intervals.", "Moustaches : intervalles à {level} %."),
    "st_front_level": ("All of these designs cost {cost}.", "Toutes ces solutions coûtent {cost}."),
    "st_front_level_but": (
        "Cost: {cost}, where no other stands behind a name.",
        "Coût : {cost}, sauf mention après le nom.",
    ),
    "st_front_note": (
        "Dashed: the border of what can be had, by the means.",
        "Tirets : la limite de ce qui est possible, d'après les moyennes.",
    ),
    # -- time of a station, bottleneck
    "st_trs_title": ("OEE of {station}: {trs} % ({names}).", "TRS de {station} : {trs} % ({names})."),
    "st_trs_axis": (
        "minutes of an average day of {station}, one machine",
        "minutes d'une journée moyenne de {station}, une machine",
    ),
    "st_trs_note": (
        "OEE (TRS) = useful / required time (NF E 60-182).",
        "TRS = temps utile / temps requis (NF E 60-182).",
    ),
    "st_trs_whiskers": (
        "Means over {n} replications; OEE with its {level} % interval.",
        "Moyennes de {n} réplications ; TRS avec son intervalle à {level} %.",
    ),
    "st_trs_small": ("Losses below half a minute have no row.", "Pertes de moins d'une demi-minute sans ligne."),
    "st_trs_lost": ("lost", "perdu"),
    "st_neck_shift": (
        "While the bottleneck shifts several stations count at once: shares can add up to more than 100 %.",
        "Quand le goulot passe d'un poste à l'autre, plusieurs comptent à la fois : le total peut dépasser 100 %.",
    ),
    "st_neck_axis": ("share of the {time} as the bottleneck (%)", "part du {time} comme goulot (%)"),
}
"""Phrase → English, French."""
