"""What the workbook and the slides of a study says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

BOOKED: dict[str, tuple[str, str]] = {
    # -- sheets
    "st_book_decision": ("Decision", "Décision"),
    "st_book_scenarios": ("Scenarios", "Scénarios"),
    "st_book_cash_sheet": ("Cash {name}", "Flux {name}"),
    "st_book_assumptions": ("Assumptions", "Hypothèses"),
    "st_book_differences": ("Differences", "Écarts"),
    "st_book_unknown": ("Not known", "Incertitudes"),
    "st_book_sources": ("Sources", "Sources"),
    # -- decision
    "st_book_conditions": ("Conditions ({level} % intervals)", "Conditions (intervalles à {level} %)"),
    "st_book_condition": ("condition", "condition"),
    "st_book_value": ("value", "valeur"),
    "st_book_unit": ("unit", "unité"),
    "st_book_holds": ("holds", "remplie"),
    "st_book_low_end": ("from", "de"),
    "st_book_high_end": ("to", "à"),
    "st_book_contents": ("In this workbook", "Dans ce classeur"),
    "st_book_contents_scenarios": (
        "one row a scenario; change the discount rate or the tax there and every NPV follows",
        "une ligne par scénario ; y changer le taux d'actualisation ou l'impôt, et chaque VAN suit",
    ),
    "st_book_contents_cash": (
        "live formulas from the lines of cash to the NPV, one sheet a scenario",
        "formules actives, des lignes de flux à la VAN, une feuille par scénario",
    ),
    "st_book_contents_assumptions": (
        "every value that is taken for granted, how unsure it is and where it is written",
        "chaque valeur admise, son incertitude et l'endroit où elle est écrite",
    ),
    "st_book_contents_differences": (
        "every KPI of each scenario beside that of {name}, with intervals",
        "chaque indicateur de chaque scénario face à {name}, avec intervalles",
    ),
    "st_book_contents_unknown": (
        "what the spread comes from, and what knowing it would be worth",
        "d'où vient la dispersion, et ce que cela vaudrait de le savoir",
    ),
    "st_book_contents_sources": (
        "digests, seed, versions and files, to get the same numbers again",
        "empreintes, graine, versions et fichiers, pour retrouver les mêmes nombres",
    ),
    # -- scenarios
    "st_book_rate_cell": ("Discount rate (change it here)", "Taux d'actualisation (à changer ici)"),
    "st_book_tax_cell": ("Tax on profit (change it here)", "Impôt sur le résultat (à changer ici)"),
    "st_book_live": ("NPV, live, EUR", "VAN recalculée, EUR"),
    "st_book_mean": ("NPV of the runs, mean, EUR", "VAN des tirages, moyenne, EUR"),
    "st_book_p05": ("NPV P5, EUR", "VAN P5, EUR"),
    "st_book_p95": ("NPV P95, EUR", "VAN P95, EUR"),
    "st_book_positive": ("P(NPV > 0)", "P(VAN > 0)"),
    "st_book_best": ("P(best)", "P(meilleur)"),
    "st_book_irr_head": ("IRR", "TRI"),
    "st_book_payback_head": ("payback, years, median", "délai de récupération, ans, médiane"),
    "st_book_capex_head": ("CAPEX, EUR, median", "CAPEX, EUR, médiane"),
    "st_book_trs": ("OEE of the bottleneck", "TRS du goulot"),
    "st_book_neck": ("bottleneck", "goulot"),
    "st_book_scenarios_note": (
        "Money: differences to {name}. 'Live' follows the two cells above; all other columns are what the runs say. "
        "Nine rows in ten lie between P5 and P95.",
        "Argent : différences avec {name}. « Recalculée » suit les deux cases ci-dessus ; les autres colonnes sont le "
        "résultat des tirages. Neuf tirages sur dix sont entre P5 et P95.",
    ),
    "st_book_plant_note": (
        "Means over {n} replications; 'from' and 'to' behind a number: its {level} % interval.",
        "Moyennes sur {n} réplications ; « de » et « à » derrière un nombre : son intervalle à {level} %.",
    ),
    # -- cash flow
    "st_book_cash_title": ("Cash flow of {name} against {against}, EUR", "Flux de {name} par rapport à {against}, EUR"),
    "st_book_cash_note": (
        "Means over {n} rows, nominal, after tax. What is bought counts at the start of its year, all else at the end "
        "of it; time 0 is not discounted.",
        "Moyennes sur {n} tirages, en euros courants, après impôt. Un achat compte au début de son année, le reste à "
        "la fin ; l'instant 0 n'est pas actualisé.",
    ),
    "st_book_factor_note": (
        "Change a factor (×) in yellow to see what a line that is larger or smaller does to the NPV, its tax included. "
        "Nothing is simulated anew: for another demand or another plant run the study again.",
        "Changer un coefficient (×) en jaune montre l'effet d'une ligne plus forte ou plus faible sur la VAN, impôt "
        "compris. Rien n'est resimulé : pour une autre demande ou une autre usine, relancer l'étude.",
    ),
    "st_book_rate": ("Discount rate (from the scenarios)", "Taux d'actualisation (feuille Scénarios)"),
    "st_book_tax": ("Tax on profit (from the scenarios)", "Impôt sur le résultat (feuille Scénarios)"),
    "st_book_npv": ("NPV of this sheet", "VAN de cette feuille"),
    "st_book_npv_runs": ("NPV of the runs, mean", "VAN des tirages, moyenne"),
    "st_book_interval": ("{level} % from, to", "à {level} % de, à"),
    "st_book_apart": ("Sheet less runs (0 until changed)", "Feuille moins tirages (0 si rien n'est changé)"),
    "st_book_function": ("Check: time 0 + NPV() of the others", "Contrôle : instant 0 + VAN() des autres"),
    "st_book_irr": ("IRR of this sheet", "TRI de cette feuille"),
    "st_book_irr_runs": ("IRR of the runs, mean flows", "TRI des tirages, flux moyens"),
    "st_book_none": ("none", "aucun"),
    "st_book_annuity": ("Equivalent annuity, EUR/y", "Annuité équivalente, EUR/an"),
    "st_book_payback": ("Simple payback of this sheet, years", "Délai de récupération simple, ans"),
    "st_book_payback_runs": ("Payback of the runs, median, years", "Délai des tirages, médiane, ans"),
    "st_book_cash": ("Cash", "Flux"),
    "st_book_sum": ("sum", "somme"),
    "st_book_present": ("Discounted", "Flux actualisé"),
    "st_book_tax_line": ("tax (− rate × what is taxed)", "impôt (− taux × base imposable)"),
    "st_book_net": ("Flow after tax", "Flux net d'impôt"),
    "st_book_so_far": ("Sum up to then", "Cumul"),
    "st_book_back": ("Paid back after, years", "Récupéré après, ans"),
    "st_book_end": ("Year end t", "Fin d'année t"),
    "st_book_correction": (
        "for the uncertain rate: mean of (1+r)^-t ÷ that of the mean rate",
        "taux incertain : moyenne de (1+r)^-t ÷ celle du taux moyen",
    ),
    "st_book_factor": ("Discount factor (1+r)^-t", "Coefficient d'actualisation (1+r)^-t"),
    "st_book_joint": (
        "for the uncertain rate: what rate and flow do together",
        "taux incertain : effet joint du taux et du flux",
    ),
    "st_book_present_so_far": ("Discounted, up to then", "Cumul actualisé"),
    "st_book_taxed": ("What is taxed", "Base imposable"),
    "st_book_taxed_sum": ("Change of taxable profit", "Variation du résultat imposable"),
    "st_book_data_note": (
        "Below: what the runs say, means over {n} rows. These are numbers, all above are formulas of them.",
        "Ci-dessous : le résultat des tirages, moyennes sur {n}. Ce sont des nombres, tout ce qui précède en découle.",
    ),
    "st_book_data": ("Simulated: cash", "Simulé : flux"),
    "st_book_data_taxed": ("Simulated: what is taxed", "Simulé : base imposable"),
    "st_book_chart": (
        "Flow of each year, and what has come in by then, discounted",
        "Flux de chaque année, et cumul actualisé",
    ),
    # -- assumptions
    "st_book_assumptions_note": (
        "Every value that the study takes for granted. Low and high: P10 and P90 of what is drawn, the ends of what is "
        "varied. The plant as it is stands in {layout}.",
        "Chaque valeur que l'étude admet. Bas et haut : P10 et P90 de ce qui est tiré au sort, bornes de ce qui varie. "
        "L'usine telle qu'elle est se trouve dans {layout}.",
    ),
    "st_book_what": ("what", "objet"),
    "st_book_lever": ("lever", "levier"),
    "st_book_basis": ("known as", "nature"),
    "st_book_drawn": ("drawn", "tiré au sort"),
    "st_book_varied": ("varied", "varié"),
    "st_book_fixed": ("fixed", "fixe"),
    "st_book_written": ("as it is written", "tel qu'écrit"),
    "st_book_place": ("place", "endroit"),
    "st_book_months": ("months", "mois"),
    "st_book_year": ("y", "an"),
    "st_book_years": ("y", "ans"),
    "st_book_parts_a_year": ("parts/y", "pièces/an"),
    # -- differences
    "st_book_differences_note": (
        "Paired, replication by replication on common random numbers; the {level} % intervals of a KPI hold together "
        "for all scenarios.",
        "Appariés, réplication par réplication, mêmes nombres aléatoires ; les intervalles à {level} % d'un indicateur "
        "valent ensemble pour tous les scénarios.",
    ),
    "st_book_kpi": ("KPI", "indicateur"),
    "st_book_here": ("scenario, mean", "scénario, moyenne"),
    "st_book_there": ("{name}, mean", "{name}, moyenne"),
    "st_book_difference": ("difference", "écart"),
    # -- what is not known
    "st_book_inputs": (
        "What the spread of the NPV of {name} comes from",
        "D'où vient la dispersion de la VAN de {name}",
    ),
    "st_book_input": ("input", "donnée"),
    "st_book_share": ("share of the variance", "part de la variance"),
    "st_book_error": ("± standard error", "± erreur type"),
    "st_book_at_low": ("NPV at its P10, EUR", "VAN à son P10, EUR"),
    "st_book_at_high": ("NPV at its P90, EUR", "VAN à son P90, EUR"),
    "st_book_worth": ("worth knowing, EUR", "valeur de l'information, EUR"),
    "st_book_perfect": (
        "Worth of knowing everything before the decision, EUR",
        "Valeur de tout savoir avant de décider, EUR",
    ),
    "st_book_break_even": ("Where the mean NPV of {name} is 0", "Où la VAN moyenne de {name} s'annule"),
    "st_book_zero_at": ("NPV is 0 at", "VAN nulle à"),
    "st_book_change": ("change", "variation"),
    "st_book_nowhere": ("nowhere near", "nulle part à proximité"),
    "st_book_varied_head": ("The NPV of {name} at both ends", "La VAN de {name} aux deux bouts"),
    "st_book_low_at": ("low end", "borne basse"),
    "st_book_high_at": ("high end", "borne haute"),
    "st_book_npv_low": ("NPV there, EUR", "VAN en ce point, EUR"),
    "st_book_no_money": ("The study has no money: no 'finance'.", "L'étude est sans argent : pas de « finance »."),
    # -- validation against history
    "st_book_validity": ("Validation", "Validation"),
    "st_book_contents_validity": (
        "weeks of the plant itself that were held out, against their prediction",
        "des semaines de l'usine elle-même, mises de côté, face à leur prédiction",
    ),
    "st_book_weeks": ("of weeks", "sur semaines"),
    # -- sources
    "st_book_source": ("source", "source"),
    "st_book_study": ("study", "étude"),
    "st_book_question": ("question", "question"),
    "st_book_layout": ("layout", "usine"),
    "st_book_plan": ("plan digest: {name}", "empreinte du plan : {name}"),
    "st_book_draws": ("draws: {name}", "tirages : {name}"),
    "st_book_seed": ("seed", "graine"),
    "st_book_replications": ("replications of each scenario", "réplications de chaque scénario"),
    "st_book_horizon": ("measured time, h", "temps mesuré, h"),
    "st_book_warm_up": ("warm-up, h", "mise en régime, h"),
    "st_book_confidence": ("confidence of intervals", "confiance des intervalles"),
    "st_book_version": ("version of {name}", "version de {name}"),
    "st_book_file": ("SHA-256: {name}", "SHA-256 : {name}"),
    "st_book_note": ("note", "remarque"),
    # -- slides
    "st_slide_foot": (
        "{study} · {n} replications · seed {seed} · plan {digest} · twin {twin}",
        "{study} · {n} réplications · graine {seed} · plan {digest} · twin {twin}",
    ),
    "st_slide_decision_notes": (
        "Intervals are at {level} %. All tables and charts of these slides can be edited; their numbers are those of "
        "the study.",
        "Intervalles à {level} %. Tableaux et graphiques sont modifiables ; leurs nombres sont ceux de l'étude.",
    ),
    "st_slide_best": (
        "Of {n} scenarios {name} is worth most: NPV {npv}.",
        "Des {n} scénarios, {name} vaut le plus : VAN {npv}.",
    ),
    "st_slide_scenarios": ("{name}: NPV {npv}; {n} scenarios.", "{name} : VAN {npv} ; {n} scénarios."),
    "st_slide_plant": ("{n} scenarios beside {name}.", "{n} scénarios face à {name}."),
    "st_slide_conditions": (
        "{held} of {all} scenarios fulfil all conditions.",
        "Conditions toutes remplies : {held} sur {all} scénarios.",
    ),
    "st_slide_open": ("{open} cannot be told yet.", "{open} encore indécis."),
    "st_slide_npv": (
        "{name}: NPV {npv}, nine rows in ten within {ends}; P(NPV > 0) {share} %.",
        "{name} : VAN {npv}, neuf tirages sur dix dans {ends} ; P(VAN > 0) {share} %.",
    ),
    "st_slide_npv_one": (
        "{name}: NPV {npv} in the one row there is.",
        "{name} : VAN {npv} dans le seul tirage.",
    ),
    "st_slide_npv_mean": ("mean NPV", "VAN moyenne"),
    "st_slide_npv_axis": ("NPV against {name} ({unit})", "VAN par rapport à {name} ({unit})"),
    "st_slide_npv_notes": (
        "Bars: mean NPV. Whiskers: where 90 % of the rows lie (P5 to P95).",
        "Barres : VAN moyenne. Moustaches : où se trouvent 90 % des tirages (P5 à P95).",
    ),
    "st_slide_one_run": ("One replication: no interval.", "Une seule réplication : pas d'intervalle."),
    "st_slide_plain": ("sum of the flows", "cumul des flux"),
    "st_slide_discounted": ("discounted: its end is the NPV", "actualisé : il finit à la VAN"),
    "st_slide_cash": (
        "{name} has paid itself back after {years} years (median).",
        "{name} : délai de récupération de {years} ans (médiane).",
    ),
    "st_slide_never": (
        "{name} does not pay itself back within {n} years (median).",
        "{name} n'est pas récupéré en {n} ans (médiane).",
    ),
    "st_slide_cash_axis": ("cumulated, against {name} ({unit})", "cumul par rapport à {name} ({unit})"),
    "st_slide_cash_notes": (
        "Mean flows after tax. What is bought counts at the start of its year, all else at the end of it.",
        "Flux moyens après impôt. Un achat compte au début de son année, le reste à la fin.",
    ),
    "st_slide_levers_none": (
        "All levers of {name} together: {kpi} cannot be told from that of {against}.",
        "Tous les leviers de {name} ensemble : « {kpi} » ne se distingue pas de sa valeur avec {against}.",
    ),
    "st_slide_levers": (
        "{lever} brings the largest share of what {name} changes: {share} of {gain} {unit}.",
        "{lever} apporte la plus grande part de ce que change {name} : {share} sur {gain} {unit}.",
    ),
    "st_slide_levers_unsure": (
        "By its mean {lever} brings the largest share of what {name} changes, {share} of {gain} {unit}; another may "
        "bring as much.",
        "{lever} apporte en moyenne la plus grande part de ce que change {name}, {share} sur {gain} {unit} ; un autre "
        "peut en apporter autant.",
    ),
    "st_slide_levers_other": (
        "{name} is not {focus}, which the other slides are about.",
        "{name} n'est pas {focus}, dont parlent les autres diapositives.",
    ),
    "st_slide_gain": ("gain", "gain"),
    "st_slide_loss": ("loss", "perte"),
    "st_slide_gain_below": ("gain, below 0", "gain, sous 0"),
    "st_slide_loss_below": ("loss, below 0", "perte, sous 0"),
    "st_slide_trs": (
        "OEE of {station}: {before} % with {against}, {after} % with {name}.",
        "TRS de {station} : {before} % avec {against}, {after} % avec {name}.",
    ),
    "st_slide_minutes": ("minutes of a day", "minutes par jour"),
    "st_slide_necks": ("Bottleneck: {parts}.", "Goulot : {parts}."),
    "st_slide_neck_of": ("{station} {share} % of the {time} with {name}", "{station} {share} % du {time} avec {name}"),
    "st_slide_neck_unsure": (
        "{station} {share} % of the {time} with {name} (another may be)",
        "{station} {share} % du {time} avec {name} (ou un autre)",
    ),
    "st_slide_then": (", ", ", "),
    "st_slide_necks_axis": ("share of the {time} as the bottleneck", "part du {time} comme goulot"),
    "st_slide_necks_notes": (
        "Whiskers: {level} % intervals over the replications.",
        "Moustaches : intervalles à {level} % sur les réplications.",
    ),
    "st_slide_at_low": ("input at its P10", "donnée à son P10"),
    "st_slide_at_high": ("input at its P90", "donnée à son P90"),
    "st_slide_tornado": (
        "The NPV of {name} hangs most on {input}: from {low} to {high}.",
        "La VAN de {name} dépend surtout de : {input} (de {low} à {high}).",
    ),
    "st_slide_tornado_unsure": (
        "By its mean {input} moves the NPV of {name} most, from {low} to {high}; another may move it as much.",
        "En moyenne, {input} fait le plus varier la VAN de {name}, de {low} à {high} ; une autre donnée peut autant.",
    ),
    "st_slide_tornado_axis": ("change of the mean NPV ({unit})", "variation de la VAN moyenne ({unit})"),
    "st_slide_tornado_notes": (
        "Each input alone, from its P10 to its P90; whiskers: {level} % intervals. 0 is the mean NPV, {npv}.",
        "Chaque donnée seule, de son P10 à son P90 ; moustaches : intervalles à {level} %. 0 : VAN moyenne, {npv}.",
    ),
    "st_slide_unknown": (
        "Knowing everything before the decision would be worth {worth}.",
        "Tout savoir avant de décider vaudrait {worth}.",
    ),
    "st_slide_sources": ("Where the numbers come from.", "D'où viennent les nombres."),
    "st_slide_again": ("To get the same numbers again: {command}", "Pour retrouver les mêmes nombres : {command}"),
}  # fmt: skip
"""Phrase → English, French."""
