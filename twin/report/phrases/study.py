"""What the report of a study says, in English and French; ``twin.report.words.say`` knows these phrases too."""

from __future__ import annotations

STUDIED: dict[str, tuple[str, str]] = {
    # -- the decision
    "st_take": ("Decision: take {name}.", "Décision : retenir {name}."),
    "st_stay": ("Decision: leave it as it is ({name}).", "Décision : ne rien changer ({name})."),
    "st_open": ("Decision: cannot tell yet.", "Décision : impossible à dire pour l'instant."),
    "st_no_rule": (
        "The study has no decision rule; write 'decision:' to get an answer.",
        "L'étude n'a pas de règle de décision ; écrire « decision: » pour obtenir une réponse.",
    ),
    "st_brings": ("{name}: {words}.", "{name} : {words}."),
    "st_brings_kpi": (
        "{kpi}: {amount} against {name} ({level} %)",
        "{kpi} : {amount} par rapport à {name} ({level} %)",
    ),
    "st_brings_kpi_once": (
        "{kpi}: {amount} against {name}, in the only run",
        "{kpi} : {amount} par rapport à {name}, dans l'unique simulation",
    ),
    "st_npv": ("NPV {npv} (mean, {level} %)", "VAN {npv} (moyenne, {level} %)"),
    "st_positive": ("P(NPV > 0) {share}", "P(VAN > 0) {share}"),
    "st_payback": ("payback {years} y", "délai de récupération {years} ans"),
    "st_no_payback": ("no payback in {years} y", "pas de récupération en {years} ans"),
    "st_capex": ("investment {capex}", "investissement {capex}"),
    "st_cautious": (
        "Probabilities and spreads are too cautious here: the chance of one short horizon is in them as if it lasted "
        "all years; a longer 'horizon' sharpens them.",
        "Probabilités et dispersions sont ici trop prudentes : le hasard d'un seul horizon court y compte comme s'il "
        "durait toutes les années ; un « horizon » plus long les précise.",
    ),
    "st_cautious_refusal": (
        "Probabilities and spreads are too cautious here: the chance of one short horizon is in them as if it lasted "
        "all years; a longer 'horizon' sharpens them, and may turn a refusal.",
        "Probabilités et dispersions sont ici trop prudentes : le hasard d'un seul horizon court y compte comme s'il "
        "durait toutes les années ; un « horizon » plus long les précise et peut renverser un refus.",
    ),
    "st_why": ("Why: {why}.", "Pourquoi : {why}."),
    "st_alike": ("As good as it inside the indifference: {names}.", "Aussi bons à l'indifférence près : {names}."),
    "st_change": ("What could change it: {things}.", "Ce qui pourrait la changer : {things}."),
    "st_if_over": (
        "{assumption} above {at} instead of {now} ({name})",
        "{assumption} au-dessus de {at} au lieu de {now} ({name})",
    ),
    "st_if_under": (
        "{assumption} below {at} instead of {now} ({name})",
        "{assumption} en dessous de {at} au lieu de {now} ({name})",
    ),
    "st_if_known": (
        "knowing '{input}' (it makes {share} % of the spread)",
        "connaître « {input} » ({share} % de la dispersion)",
    ),
    "st_firm": (
        "No assumption alone, changed by up to {share} %, brings the NPV of {name} to 0.",
        "Aucune hypothèse seule, changée de {share} % au plus, n'annule la VAN de {name}.",
    ),
    # -- scenarios
    "st_money": ("Money against {name} ({unit})", "Argent par rapport à {name} ({unit})"),
    "st_scenario": ("scenario", "scénario"),
    "st_npv_head": ("NPV [5 %, 95 %]", "VAN [5 %, 95 %]"),
    "st_positive_head": ("P(NPV>0) %", "P(VAN>0) %"),
    "st_irr_head": ("IRR %", "TRI %"),
    "st_payback_head": ("pay back y", "récup. ans"),
    "st_capex_head": ("CAPEX", "CAPEX"),
    "st_best_head": ("best %", "meilleur %"),
    "st_verdict_head": ("verdict", "verdict"),
    "st_never": ("never", "jamais"),
    "st_money_note": (
        "NPV: mean over {n} rows and where 90 % of them lie. P(NPV>0) with its {level} % interval. IRR: of the mean "
        "flows, all of them where there are several. Payback: median. Best: share of "
        "rows in which it has the largest NPV.",
        "VAN : moyenne de {n} tirages et où 90 % d'entre eux se trouvent. P(VAN>0) avec son intervalle à {level} %. "
        "TRI : des flux moyens, tous s'il y en a plusieurs. Récupération : médiane. Meilleur : part des tirages où "
        "la VAN est la plus grande.",
    ),
    "st_earns_nothing": (
        "No scenario earns anything: write 'margin_per_part' below 'finance', wages in the layout, or a 'saving'.",
        "Aucun scénario ne rapporte : écrire « margin_per_part » sous « finance », des salaires dans l'usine, ou un "
        "« saving ».",
    ),
    "st_risk": (
        "In the worst 5 % of the rows the NPV of {name} is below {at_risk}, {shortfall} in the mean.",
        "Dans les 5 % de tirages les plus mauvais, la VAN de {name} est sous {at_risk}, {shortfall} en moyenne.",
    ),
    "st_plant": ("The plant (means, {level} % intervals)", "L'usine (moyennes, intervalles à {level} %)"),
    "st_neck_note": (
        "?: the bottleneck by the means alone; another may be.",
        "? : goulot d'après les moyennes seules ; un autre peut l'être.",
    ),
    "st_neck_head": ("bottleneck (OEE %)", "goulot (TRS %)"),
    "st_more": ("{n} more scenarios are in --json and --csv.", "{n} autres scénarios sont dans --json et --csv."),
    "st_accepted": ("accepted", "accepté"),
    "st_refused": ("refused", "refusé"),
    "st_undecided": ("undecided", "indécis"),
    "st_chosen": ("chosen", "retenu"),
    # -- differences
    "st_differences": (
        "Differences from {name} ({level} % together for each column)",
        "Écarts avec {name} (à {level} % ensemble, par colonne)",
    ),
    "st_differences_note": (
        "Paired, replication by replication on common random numbers. ?: cannot tell yet from 0.",
        "Appariés, réplication par réplication, mêmes nombres aléatoires. ? : pas encore distinct de 0.",
    ),
    "st_paired": ("Common random numbers ({kpi})", "Nombres aléatoires communs ({kpi})"),
    "st_correlation": ("correlation", "corrélation"),
    "st_saved": ("replications saved", "réplications épargnées"),
    "st_times": ("× {n}", "× {n}"),
    "st_told": ("difference", "écart"),
    "st_better": ("better", "meilleur"),
    "st_worse": ("worse", "moins bon"),
    "st_same": ("the same", "identique"),
    "st_cannot": ("cannot tell yet, about {n} more", "pas encore, environ {n} de plus"),
    "st_cannot_more": ("cannot be told", "ne peut être distingué"),
    # -- cash flows
    "st_flows": ("Cash flows of {name} (mean, {unit})", "Flux de {name} (moyenne, {unit})"),
    "st_flow_year": ("year", "année"),
    "st_flow_invested": ("invested", "investi"),
    "st_flow_spent": ("other spending", "autres dépenses"),
    "st_flow_saved": ("savings", "économies"),
    "st_flow_parts": ("more parts", "pièces en plus"),
    "st_flow_wages": ("wages, energy", "salaires, énergie"),
    "st_flow_bound": ("working capital", "BFR"),
    "st_flow_taxed": ("tax", "impôt"),
    "st_flow_all": ("all", "total"),
    "st_flow_so_far": ("up to then", "cumul"),
    "st_flows_note": (
        "Difference to {name}, not discounted. {start}: at once. What is invested counts at the start of its year, all "
        "else at its end.",
        "Différence à {name}, non actualisée. {start} : tout de suite. Un investissement compte au début de son année, "
        "le reste à la fin.",
    ),
    # -- clauses
    "st_clauses": ("Conditions ({level} %)", "Conditions ({level} %)"),
    "st_true": ("true", "vraie"),
    "st_false": ("false", "fausse"),
    # -- what must be true
    "st_fail": ("What must be true for {name} to fail", "Ce qui ferait échouer {name}"),
    "st_pay": ("What must be true for {name} to pay", "Ce qui rendrait {name} rentable"),
    "st_assumption": ("assumption", "hypothèse"),
    "st_now": ("in the study", "dans l'étude"),
    "st_zero": ("NPV is 0 at", "VAN nulle à"),
    "st_change_head": ("change", "variation"),
    "st_nowhere": ("nowhere from {low} to {high}", "nulle part de {low} à {high}"),
    "st_all_else": ("Each alone, all else as it is.", "Chacune seule, le reste inchangé."),
    "st_capex_word": ("investment", "investissement"),
    "st_discount_rate_word": ("discount rate", "taux d'actualisation"),
    "st_margin_per_part_word": ("margin of a part", "marge par pièce"),
    "st_demand_word": ("demand", "demande"),
    "st_carbon_price_word": ("price of carbon", "prix du carbone"),
    "st_tax_word": ("tax", "impôt"),
    "st_inflation_word": ("inflation", "inflation"),
    "st_reinvestment_rate_word": ("reinvestment rate", "taux de réinvestissement"),
    "st_sensitive": ("NPV of {name} at the low and the high end ({unit})", "VAN de {name} aux deux bouts ({unit})"),
    "st_at_end": ("{at}: {amount}", "{at} : {amount}"),
    "st_low": ("low", "bas"),
    "st_high": ("high", "haut"),
    # -- what is not known
    "st_unknown": (
        "What we do not know of {name}, and what knowing it is worth ({unit})",
        "Ce que l'on ignore de {name}, et ce que cela vaudrait de le savoir ({unit})",
    ),
    "st_input": ("input", "donnée"),
    "st_share": ("% of the spread", "% de la dispersion"),
    "st_swing": ("NPV, P10 → P90", "VAN, P10 → P90"),
    "st_worth": ("worth knowing", "valeur de l'information"),
    "st_rest": ("chance, and what inputs do together", "hasard et effets joints"),
    "st_perfect": (
        "Knowing everything before the decision would be worth {worth}; more than that no survey is.",
        "Tout savoir avant de décider vaudrait {worth} ; aucune enquête ne vaut davantage.",
    ),
    "st_unknown_of": ("What we do not know of {name}", "Ce que l'on ignore de {name}"),
    "st_certain": (
        "The study names nothing uncertain: what differs between rows is chance. To see what not knowing costs, "
        "write a cost or an effect of a lever as a range, such as {{triangular: [80 kEUR, 100 kEUR, 150 kEUR]}}.",
        "L'étude ne nomme rien d'incertain : seul le hasard distingue les tirages. Pour voir ce que coûte l'ignorance, "
        "écrire un coût ou un effet de levier comme une fourchette, par exemple "
        "{{triangular: [80 kEUR, 100 kEUR, 150 kEUR]}}.",
    ),
    "st_few": (
        "Fewer than 30 rows are too few to tell what each input makes.",
        "Moins de 30 tirages : trop peu pour dire l'effet de chaque donnée.",
    ),
    "st_nothing": (
        "Nothing of the plant or the money is uncertain here; what differs between rows is chance.",
        "Rien n'est incertain ici ; seul le hasard distingue les tirages.",
    ),
    # -- levers
    "st_waterfall": ("Where the gain of {name} comes from ({kpi})", "D'où vient le gain de {name} ({kpi})"),
    "st_lever": ("lever", "levier"),
    "st_its_share": ("its share", "sa part"),
    "st_alone": ("alone", "seul"),
    "st_last": ("after all others", "après tous les autres"),
    "st_together": ("all together", "tous ensemble"),
    "st_interaction": ("of it interaction", "dont interaction"),
    "st_waterfall_note": (
        "Share: mean over all orders in which the levers could come (Shapley).",
        "Part : moyenne sur tous les ordres possibles des leviers (Shapley).",
    ),
    "st_factorial": ("Effects in the factorial {name} ({kpi})", "Effets du plan factoriel {name} ({kpi})"),
    "st_effect": ("effect", "effet"),
    "st_effect_note": (
        "Of coming on, the other factors half on, half off; {level} % together.",
        "De la mise en œuvre, les autres facteurs pour moitié ; {level} % ensemble.",
    ),
    "st_design": ("Design: {words}.", "Plan : {words}."),
    # -- how it was run
    "st_run": (
        "{n} replications of each scenario on common random numbers, seed {seed}.",
        "{n} réplications de chaque scénario, mêmes nombres aléatoires, graine {seed}.",
    ),
    "st_length": (
        "Measured {horizon} after a warm-up of {warm_up}.",
        "Mesuré {horizon} après {warm_up} de mise en régime.",
    ),
    "st_finite": ("Until the plant is empty.", "Jusqu'à ce que l'usine soit vide."),
    "st_inputs": (
        "Each replication takes its own draw of the laws of fitted files.",
        "Chaque réplication prend son tirage des lois calées.",
    ),
    "st_screened": (
        "Shown to be behind on the way and not simulated to the end: {names}.",
        "Montrés moins bons en cours de route et non simulés jusqu'au bout : {names}.",
    ),
    "st_stop": ("Stopping rule: {words}.", "Règle d'arrêt : {words}."),
    "st_interrupted": (
        "Interrupted: {n} replications of each scenario are finished.",
        "Interrompu : {n} réplications de chaque scénario sont terminées.",
    ),
    # -- a search
    "st_search": ("Designs that may be best", "Solutions peut-être les meilleures"),
    "st_search_others": ("Other leaders", "Autres candidates"),
    "st_found": ("Answer: {design}: {value}, for {cost}.", "Réponse : {design} : {value}, pour {cost}."),
    "st_found_none": ("No design was simulated to the end.", "Aucune solution n'a été simulée jusqu'au bout."),
    "st_found_front": (
        "{n} designs are not shown to be beaten in both goals by any other {among}.",
        "Rien ne montre que {n} solutions soient battues sur les deux objectifs par une autre {among}.",
    ),
    "st_found_cheapest": (
        "It is the cheapest of {n} designs {alike}.",
        "C'est la moins chère de {n} solutions {alike}.",
    ),
    "st_found_one_cost": (
        "It has the best mean of {n} designs, all of the same cost, {alike}.",
        "C'est la meilleure en moyenne de {n} solutions, toutes au même coût, {alike}.",
    ),
    "st_found_tied": (
        "It has the best mean of the {tied} cheapest of {n} designs {alike}.",
        "C'est la meilleure en moyenne des {tied} moins chères parmi {n} solutions {alike}.",
    ),
    "st_found_any": (
        "It is one of {n} designs {alike}.",
        "C'est l'une de {n} solutions {alike}.",
    ),
    "st_found_level": (
        "that cannot be told apart from the best of {leaders} leaders {among}, at {level} %",
        "que l'on ne distingue pas, à {level} %, de la meilleure de {leaders} retenues {among}",
    ),
    "st_found_near": (
        "that may be as good, inside the indifference of {size}, as the best of {leaders} leaders {among}, at "
        "{level} %",
        "qui valent peut-être, à l'indifférence de {size} près et à {level} %, la meilleure de {leaders} retenues "
        "{among}",
    ),
    "st_found_alone": (
        "It alone may be the best of {leaders} leaders {among}, at {level} %.",
        "Elle seule peut être la meilleure de {leaders} retenues {among}, à {level} %.",
    ),
    "st_found_own_runs": (
        "The numbers of designs come from replications of their own: compare designs with each other, not with the "
        "scenarios above.",
        "Les chiffres des solutions viennent de leurs propres réplications : à comparer entre elles, pas avec les "
        "scénarios plus haut.",
    ),
    "st_among_all": ("of all {possible} possible designs", "parmi les {possible} solutions possibles"),
    "st_among_visited": (
        "of the {visited} designs visited (of {possible} possible)",
        "parmi les {visited} solutions visitées (sur {possible} possibles)",
    ),
    "st_among_about": (
        "of the {visited} designs visited (of about {possible} possible)",
        "parmi les {visited} solutions visitées (sur environ {possible} possibles)",
    ),
    "st_among_some": ("of the {visited} designs visited", "parmi les {visited} solutions visitées"),
    "st_found_next": (
        "One that was not visited may be better; every design next to the answer was visited.",
        "Une solution non visitée peut être meilleure ; toutes les voisines de la réponse ont été visitées.",
    ),
    "st_found_not_next": (
        "One that was not visited may be better, and not every design next to the answer was: raise 'replications'.",
        "Une solution non visitée peut être meilleure, et des voisines de la réponse ne l'ont pas été : augmenter "
        "« replications ».",
    ),
    "st_found_breaks": (
        "It does not hold the limits as far as the means say.",
        "Elle ne respecte pas les limites, d'après les moyennes.",
    ),
    "st_found_interrupted": (
        "The search was interrupted: this is the best so far.",
        "La recherche a été interrompue : le meilleur jusqu'ici.",
    ),
    "st_found_not_compared": (
        "The budget was spent before the leaders were compared on fresh replications: raise 'replications'.",
        "Le budget était épuisé avant la comparaison sur de nouvelles réplications : augmenter « replications ».",
    ),
    "st_found_more": ("{n} more are in --json.", "{n} autres sont dans --json."),
    "st_behind": ("the answer minus it", "la réponse moins elle"),
    "st_cost": ("cost", "coût"),
    "st_status": ("status", "état"),
    "st_is_behind": ("behind", "derrière"),
    "st_is_dominated": ("dominated", "dominée"),
    "st_is_breaks_a_limit": ("breaks a limit", "hors limites"),
    "st_is_not_compared": ("not compared", "non comparée"),
    "st_yes": ("yes", "oui"),
    "st_no": ("no", "non"),
    "st_searched": (
        "{visited} designs visited with {spent} replications in all ({method}).",
        "{visited} solutions visitées, {spent} réplications en tout ({method}).",
    ),
    "st_searched_all": (
        "All {visited} designs simulated, with {spent} replications in all ({method}).",
        "Les {visited} solutions simulées, {spent} réplications en tout ({method}).",
    ),
    "st_limits": ("Limits: {limits}.", "Limites : {limits}."),
    "st_failed": ("Not possible: {design}: {why}", "Impossible : {design} : {why}"),
}
"""Phrase → English, French; blanks have the same names in both."""
