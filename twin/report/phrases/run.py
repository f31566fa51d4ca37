"""What the report of a run and its figures says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

RUN: dict[str, tuple[str, str]] = {
    # what whiskers and bands are
    "rn_interval_note": (
        "whiskers and ±: {level} % interval of the mean of {n} replications",
        "moustaches et ± : intervalle à {level} % de la moyenne de {n} réplications",
    ),
    "rn_drawn_note": (
        "whiskers and ±: 5 % to 95 % of {n} replications, each with its own draw of the inputs",
        "moustaches et ± : de 5 % à 95 % de {n} réplications, chacune avec son tirage des données",
    ),
    "rn_no_part": ("No good part left the plant.", "Aucune pièce bonne n'est sortie."),
    # times of NF E 60-182
    "rn_opening": ("opening time", "temps d'ouverture"),
    "rn_required": ("required time", "temps requis"),
    "rn_running": ("operating time", "temps de fonctionnement"),
    "rn_net": ("net time", "temps net"),
    "rn_useful": ("useful time", "temps utile"),
    "rn_performance": ("slow cycles", "écarts de cadence"),
    "rn_quality": ("bad parts", "non-qualité"),
    "rn_trs_axis": (
        "minutes of a day of 24 h, one machine (NF E 60-182)",
        "minutes par jour de 24 h, une machine (NF E 60-182)",
    ),
    "rn_trs_title": (
        "{name}: OEE {trs} %. Of {opening} min of opening time a day {useful} are useful.",
        "{name} : TRS {trs} %. Sur {opening} min d'ouverture par jour, {useful} sont utiles.",
    ),
    "rn_trs_loss": (
        " Largest loss: {loss}, {minutes} min.",
        " Plus grande perte : {loss}, {minutes} min.",
    ),
    "rn_trs_none": ("No station had required time.", "Aucun poste n'a de temps requis."),
    # the bottleneck over time
    "rn_shift_title": (
        "{name} is the bottleneck {share} % of the {time}; it leads in {m} of {all} stretches of {size}.",
        "{name} est le goulot {share} % du {time} ; il domine {m} tranches de {size} sur {all}.",
    ),
    "rn_shift_note": (
        "full height: 100 % of a stretch of the first replication; beside: all the {time}, all replications",
        "pleine hauteur : 100 % d'une tranche de la 1re réplication ; à côté : tout le {time}, toutes les réplications",
    ),
    # blocked and starved
    "rn_waits_axis": (
        "share of the measured time (%): starved to the left, blocked to the right",
        "part du temps mesuré (%) : en manque à gauche, saturé à droite",
    ),
    "rn_arrow": ("points at who makes wait", "désigne qui fait attendre"),
    "rn_arrow_unsure": ("the same, undecided", "de même, non tranché"),
    "rn_waits_title": (
        "The waits point at {name} as the bottleneck; its neighbour {from_} waits {size} points more than it does.",
        "Les attentes désignent {name} comme goulot ; son voisin {from_} attend {size} points de plus que lui.",
    ),
    "rn_waits_unsure": (
        "By the means the waits point at {name} as the bottleneck; of its arrows, {n} of {all} are decided.",
        "En moyenne, les attentes désignent {name} comme goulot ; de ses flèches, {n} sur {all} sont tranchées.",
    ),
    "rn_waits_single": (
        "In this one run the waits point at {name} as the bottleneck; no arrow is decided.",
        "Dans cette seule simulation, les attentes désignent {name} comme goulot ; aucune flèche n'est tranchée.",
    ),
    "rn_waits_more": (" Also pointed at: {names}.", " Également : {names}."),
    "rn_waits_alone": (
        "There are no two stations in a row, so no wait points at another.",
        "Aucun poste n'en suit un autre : les attentes ne désignent personne.",
    ),
    "rn_waits_none": ("No station makes its neighbour wait.", "Aucun poste ne fait attendre son voisin."),
    "rn_waits_round": (
        "An arrow leaves every station: the waits do not point at one bottleneck.",
        "Une flèche part de chaque poste : les attentes ne désignent pas un goulot unique.",
    ),
    # yamazumi
    "rn_yamazumi_axis": (
        "time of one machine for each good part of the plant ({unit}); beside: share of the takt",
        "temps d'une machine par pièce bonne de l'usine ({unit}) ; à côté : part du takt",
    ),
    "rn_takt_wanted": ("takt: required time / part ordered", "takt : temps requis / pièce commandée"),
    "rn_takt_made": ("takt: required time / part made", "takt : temps requis / pièce produite"),
    "rn_yamazumi_title": (
        "{name} has the least reserve: {spent} for each good part, {load} % of its takt of {takt}.",
        "{name} a le moins de réserve : {spent} par pièce bonne, {load} % de son takt de {takt}.",
    ),
    "rn_yamazumi_over": (
        "{name} cannot keep pace with orders: {spent} for each good part, {load} % of its takt of {takt}.",
        "{name} ne suit pas la demande : {spent} par pièce bonne, {load} % de son takt de {takt}.",
    ),
    # buffers
    "rn_mean_over": ("mean of all replications", "moyenne des réplications"),
    "rn_content_note": ("line: first replication; {band}", "ligne : 1re réplication ; {band}"),
    "rn_content_first": ("first replication", "1re réplication"),
    "rn_interval_band": (
        "dotted band: {level} % interval of the mean of {n} replications",
        "bande pointillée : intervalle à {level} % de la moyenne de {n} réplications",
    ),
    "rn_drawn_band": (
        "dotted band: 5 % to 95 % of {n} replications, each with its own draw of the inputs",
        "bande pointillée : de 5 % à 95 % de {n} réplications, chacune avec son tirage des données",
    ),
    # Sankey
    "rn_sankey_title": (
        "{good} good parts leave and {lost} are lost{where}; scrap over all replications: {share}.",
        "{good} pièces bonnes sortent, {lost} sont perdues{where} ; rebut sur toutes les réplications : {share}.",
    ),
    "rn_sankey_lots": (
        "{good} lots leave and {lost} are lost as a whole{where}; scrap of pieces: {share}.",
        "{good} lots sortent, {lost} sont perdus entiers{where} ; rebut de pièces : {share}.",
    ),
    "rn_sankey_one": (
        "{good} good parts leave and {lost} are lost{where}: {share} scrap.",
        "{good} pièces bonnes sortent, {lost} sont perdues{where} : {share} de rebut.",
    ),
    "rn_sankey_most": (", most at {name}", ", surtout à {name}"),
    "rn_sankey_clean": ("{good} good parts leave; none is scrapped.", "{good} pièces bonnes sortent ; aucun rebut."),
    "rn_sankey_note": (
        "parts in the measured time of the first replication; in the plant as it begins: {begin}, as it ends: {end}.",
        "pièces pendant le temps mesuré de la 1re réplication ; en-cours au début : {begin}, à la fin : {end}.",
    ),
    "rn_sankey_note_one": (
        "parts in the measured time; in the plant as it begins: {begin}, as it ends: {end}. One run: no interval.",
        "pièces pendant le temps mesuré ; en-cours au début : {begin}, à la fin : {end}. "
        "Une seule simulation : pas d'intervalle.",
    ),
    "rn_lots": ("A lot counts as one part.", "Un lot compte pour une pièce."),
    "rn_back": ("{n} back", "{n} en retour"),
    "rn_scrapped": ("{n} scrap\n({share} %)", "{n} rebuts\n({share} %)"),
    "rn_joined": ("{n} joined", "{n} assemblées"),
    # value stream
    "rn_ladder_axis": ("mean time of a good part ({unit})", "temps moyen d'une pièce bonne ({unit})"),
    "rn_ladder_read": ("up: waits on the way to a station and in it; down: its work",
                       "en haut : attente avant un poste et sur lui ; en bas : son travail"),
    "rn_ladder_title": (
        "A good part takes {lead} to go through; it is worked on for {work}: {share} % of the time adds value.",
        "Une pièce bonne traverse l'usine en {lead} ; on y travaille {work} : {share} % du délai ajoute de la valeur.",
    ),
    "rn_ladder_note": (
        "means of the {parts} good parts of the first replication; their sum is the lead time exactly",
        "moyennes des {parts} pièces bonnes de la 1re réplication ; leur somme est exactement le délai",
    ),
    "rn_ladder_lots": (
        "means of the {parts} lots of the first replication; their sum is the mean lead time of a lot",
        "moyennes des {parts} lots de la 1re réplication ; leur somme est le délai moyen d'un lot",
    ),
    "rn_ladder_all": (
        "lead time over {n} replications: {lead} (±: {level} % interval)",
        "délai sur {n} réplications : {lead} (± : intervalle à {level} %)",
    ),
    "rn_labelled": ("{what}: {value}", "{what} : {value}"),
    "rn_after": ("after the last", "après le dernier"),
    "rn_wait_stock": ("in buffers and queues", "en stock ou en file"),
    "rn_wait_belt": ("on a belt, on the way", "sur convoyeur, en route"),
    "rn_wait_blocked": ("done, no room ahead", "fini, sans place en aval"),
    "rn_wait_blocked_carried": ("done, no room ahead, or no vehicle", "fini, sans place en aval, ou sans véhicule"),
    "rn_wait_stopped": ("machine stopped, set-up", "arrêt, changement de série"),
    "rn_wait_closed": ("machine closed, break", "machine fermée, pause"),
    # the page of a run
    "rn_lead": (
        "The plant makes {made} good parts an hour; a part takes {lead} to go through.",
        "L'usine produit {made} pièces bonnes par heure ; une pièce la traverse en {lead}.",
    ),
    "rn_lead_neck": (
        "{name} is the bottleneck most often, {share} % of the {time}, with an OEE of {oee} %.",
        "{name} est le plus souvent le goulot, {share} % du {time}, avec un TRS de {oee} %.",
    ),
    "rn_lead_neck_unsure": (
        "By the means {name} is the bottleneck most often, {share} % of the {time}, with an OEE of {oee} %; another "
        "may be.",
        "En moyenne, {name} est le plus souvent le goulot, {share} % du {time}, avec un TRS de {oee} % ; un autre peut "
        "l'être.",
    ),
    "rn_lead_neck_single": (
        "In this one run {name} is the bottleneck most often, {share} % of the {time}, with an OEE of {oee} %; another "
        "may be.",
        "Dans cette seule simulation, {name} est le plus souvent le goulot, {share} % du {time}, avec un TRS de "
        "{oee} % ; un autre peut l'être.",
    ),
    "rn_replications": ("replications", "réplications"),
    "rn_checks": ("checks", "contrôles"),
    "rn_head_key": ("What it makes", "Ce qu'elle produit"),
    "rn_head_plant": ("The plant", "L'usine"),
    "rn_head_time": ("Where the time goes", "Où passe le temps"),
    "rn_head_neck": ("What limits it", "Ce qui la limite"),
    "rn_head_flow": ("How parts flow", "Comment les pièces s'écoulent"),
    "rn_head_more": ("People, energy, money and all else", "Opérateurs, énergie, coûts et tout le reste"),
    "rn_content_title": (
        "In the first replication {name} is the fullest buffer: {mean} parts on average{full}.",
        "Dans la 1re réplication, {name} est le stock le plus plein : {mean} pièces en moyenne{full}.",
    ),
    "rn_read_trs": (
        "OEE = useful / required time. Starved, blocked and waiting for people are losses that others cause.",
        "TRS = temps utile / temps requis. Manque de pièces, saturation et attente d'opérateur sont des pertes "
        "induites par les autres.",
    ),
    "rn_read_yamazumi": (
        "A bar that reaches its takt has no reserve; the gap between them is waiting for parts or room.",
        "Une barre qui atteint son takt n'a pas de réserve ; l'écart est de l'attente de pièces ou de place.",
    ),
    "rn_read_yamazumi_carried": (
        "A bar that reaches its takt has no reserve; the gap between them is waiting for parts, room or a vehicle.",
        "Une barre qui atteint son takt n'a pas de réserve ; l'écart est de l'attente de pièces, de place ou de "
        "véhicule.",
    ),
    "rn_read_neck": (
        "The bottleneck is the station that has been active for the longest without a break. While it shifts several "
        "count at once, so that all shares together can be more than 100 %.",
        "Le goulot est le poste actif depuis le plus longtemps sans interruption. En transition, plusieurs comptent à "
        "la fois : le total peut dépasser 100 %.",
    ),
    "rn_read_waits": (
        "A station that is blocked waits for those after it, one that is starved for those before it.",
        "Un poste saturé attend ceux d'aval, un poste en manque attend ceux d'amont.",
    ),
    "rn_read_waits_carried": (
        "A station that is blocked waits for those after it, one that is starved for those before it; or either waits "
        "for a vehicle.",
        "Un poste saturé attend ceux d'aval, un poste en manque attend ceux d'amont ; ou bien l'un et l'autre "
        "attendent un véhicule.",
    ),
    "rn_read_sankey": (
        "Ribbons are as wide as flows are large; numbers are parts that came to an element.",
        "La largeur d'un ruban est la taille du flux ; les nombres : pièces arrivées à un élément.",
    ),
    "rn_read_ladder": (
        "Above each station the wait on the way to it, below the work in it.",
        "Au-dessus de chaque poste l'attente avant lui, au-dessous le travail.",
    ),
    # below the tables
    "over_100": (
        "Above 100: the cycles drawn were shorter than the ideal cycle (by default their mean).",
        "Au-delà de 100 : cycles tirés plus courts que le cycle idéal (par défaut leur moyenne).",
    ),
    "over_100_begun": (
        "Above 100: a cycle begun before the measured time counts in it as a whole.",
        "Au-delà de 100 : un cycle commencé avant le temps mesuré y compte en entier.",
    ),
    "turning": (
        "Turning point: {name}. Stations before it are more blocked than starved, those after it more starved.",
        "Point de bascule : {name}. En amont les postes sont plutôt saturés, en aval plutôt en manque de pièces.",
    ),
    "turning_unsure": (
        "Turning point: cannot be told yet; by the means it is {name}.",
        "Point de bascule : pas encore tranché ; en moyenne, c'est {name}.",
    ),
    "turning_unsure_one": (
        "Turning point: {name} in this one run, which cannot tell whether by chance.",
        "Point de bascule : {name} dans cette seule simulation, qui ne dit rien du hasard.",
    ),
    # the workbook
    "rn_book_plant": ("Plant", "Usine"),
    "rn_book_stations": ("Stations", "Postes"),
    "rn_book_states": ("States", "États"),
    "rn_book_elements": ("Elements", "Éléments"),
    "rn_book_replications": ("Replications", "Réplications"),
    "rn_book_sources": ("Sources", "Sources"),
    "rn_book_note": (
        "Means over {n} replications; 'from' and 'to': the {level} % interval.",
        "Moyennes sur {n} réplications ; « de » et « à » : intervalle à {level} %.",
    ),
    "rn_book_unit": ("unit", "unité"),
    "rn_book_mean": ("mean", "moyenne"),
    "rn_book_from": ("from", "de"),
    "rn_book_to": ("to", "à"),
    "rn_book_sd": ("standard deviation", "écart type"),
    "rn_book_n": ("replications", "réplications"),
    "rn_book_machines": ("machines", "machines"),
    "rn_book_neck": ("bottleneck, share of {time}", "goulot, part du {time}"),
    "rn_book_state": ("state", "état"),
    "rn_book_kind": ("kind", "type"),
    "rn_book_replication": ("replication", "réplication"),
    "rn_book_source": ("source", "source"),
}  # fmt: skip
"""Phrase → English, French."""
