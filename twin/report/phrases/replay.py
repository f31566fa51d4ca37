"""What the replay of a run says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

LETTERS = {
    "working": ("W", "P"),
    "setup": ("S", "C"),
    "maintenance": ("M", "M"),
    "micro_stop": ("µ", "µ"),
    "repair": ("R", "R"),
    "waiting_repair": ("r", "r"),
    "waiting_operator": ("P", "O"),
    "blocked": ("B", "S"),
    "starved": ("E", "V"),
    "break": ("‖", "‖"),
    "off": ("×", "×"),
    "loaded": ("L", "C"),
    "empty": ("E", "V"),
    "loading": ("+", "+"),
    "waiting": ("D", "A"),
    "charging": ("C", "R"),
    "idle": ("–", "–"),
}
"""State → its letter in English, French: what is told apart by colour is told apart without it too."""

PLAYED: dict[str, tuple[str, str]] = {
    "pl_sentence": (
        "Replay of {length}: {good} good parts leave.",
        "Rejeu de {length} : {good} pièces bonnes sortent.",
    ),
    "pl_sentence_one": ("Replay of {length}: 1 good part leaves.", "Rejeu de {length} : 1 pièce bonne sort."),
    "pl_sentence_lots": (
        "Replay of {length}: {good} good lots leave.",
        "Rejeu de {length} : {good} lots bons sortent.",
    ),
    "pl_sentence_lots_one": ("Replay of {length}: 1 good lot leaves.", "Rejeu de {length} : 1 lot bon sort."),
    "pl_script": (
        "The replay needs JavaScript, which is switched off here.",
        "Le rejeu demande JavaScript, qui est désactivé ici.",
    ),
    "pl_controls": ("Controls", "Commandes"),
    "pl_play": ("Play", "Lire"),
    "pl_pause": ("Pause", "Pause"),
    "pl_back": ("Change before", "Changement précédent"),
    "pl_next": ("Next change", "Changement suivant"),
    "pl_speed": ("Speed", "Vitesse"),
    "pl_moment": ("Moment of the replay", "Instant du rejeu"),
    "pl_since": ("since the start of the run", "depuis le début de la simulation"),
    "pl_good": ("good parts", "pièces bonnes"),
    "pl_good_lots": ("good lots", "lots bons"),
    "pl_inside": ("parts in the plant (WIP)", "en-cours (pièces)"),
    "pl_inside_lots": ("lots in the plant (WIP)", "en-cours (lots)"),
    "pl_lost": ("scrapped", "rebutées"),
    "pl_lost_lots": ("lots scrapped", "lots rebutés"),
    "pl_counted": ("counted from {time}", "comptées à partir de {time}"),
    "pl_counted_lots": ("counted from {time}", "comptés à partir de {time}"),
    "pl_drawing": ("The plant at this moment", "L'usine à cet instant"),
    "pl_queue": ("queue {n}", "file {n}"),
    "pl_yard": ("{n} waiting", "{n} en attente"),
    "pl_held": ("{n} of {room}", "{n} sur {room}"),
    "pl_dot": ("part on its way", "pièce en route"),
    "pl_cart": ("part on a vehicle", "pièce sur un véhicule"),
    "pl_back_way": ("rework, or back upstream", "retouche ou retour en amont"),
    "pl_cards": (
        "way of free cards; sign: cards in use / all",
        "trajet des cartes libres ; étiquette : cartes en circulation / total",
    ),
    "pl_states": ("States of machines", "États des machines"),
    "pl_states_vehicles": ("States of vehicles", "États des véhicules"),
    "pl_calendar": ("{name}:", "{name} :"),
    "pl_calendar_open": ("open", "ouvert"),
    "pl_calendar_break": ("break", "pause"),
    "pl_calendar_off": ("closed", "fermé"),
    "pl_keys": (
        "Space: play or pause. Arrows: five seconds of the screen back or on. Comma, point: the change before, the "
        "next one. Plus, minus: speed. Home, End: first and last moment.",
        "Espace : lire ou mettre en pause. Flèches : cinq secondes d'écran en arrière ou en avant. Virgule, point : "
        "changement précédent, suivant. Plus, moins : vitesse. Début, Fin : premier et dernier instant.",
    ),
    "pl_note": (
        "States, contents and counts are those of the run at the moment on the clock. A hand-off takes no time in the "
        "model: the dot shows for a moment where a part has gone. Parts on vehicles and on belts move at the pace of "
        "the clock; how they close up on a belt is drawn about right.",
        "États, contenus et compteurs sont ceux de la simulation à l'instant de l'horloge. Un transfert ne prend pas "
        "de temps dans le modèle : le point montre un instant où la pièce est partie. Les pièces sur les véhicules et "
        "les convoyeurs avancent au rythme de l'horloge ; leur serrage sur un convoyeur est dessiné à peu près.",
    ),
    "pl_one_run": (
        "One replication, so chance too: for the numbers that decide, run more of them with twin run.",
        "Une seule réplication, donc aussi du hasard : pour les chiffres qui décident, en simuler plus avec twin run.",
    ),
    "pl_table": ("The same as a table", "La même chose en tableau"),
    "pl_element": ("element", "élément"),
    "pl_now": ("at this moment", "à cet instant"),
    "pl_foot": (
        "Replication {replication} · seed {seed} · plan {plan} · twin {twin}, numpy {numpy}",
        "Réplication {replication} · graine {seed} · plan {plan} · twin {twin}, numpy {numpy}",
    ),
    "pl_window": ("Window", "Fenêtre"),
    "pl_from_to": ("from {begin} to {end} of the run", "de {begin} à {end} de la simulation"),
    "pl_file": ("Layout", "Description"),
    "pl_command": ("Made with", "Fait avec"),
    "pl_days": ("Mon Tue Wed Thu Fri Sat Sun", "lun. mar. mer. jeu. ven. sam. dim."),
    "pl_months": (
        "01 02 03 04 05 06 07 08 09 10 11 12",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    ),
    "pl_month_days": (" ".join(f"{day:02}" for day in range(1, 32)), " ".join(["1er", *map(str, range(2, 32))])),
    "pl_date": ("{day} {year}-{month}-{month_day}", "{day} {month_day} {month} {year}"),
    **{f"pl_letter_{state}": pair for state, pair in LETTERS.items()},
}
"""Phrase → English, French."""
