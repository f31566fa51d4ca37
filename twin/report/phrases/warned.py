"""What a run warns of at its end, in French; ``twin.core.standstill.warned`` has it in English."""

from __future__ import annotations

WARNED_FR = {
    "ended_in_vain": "la simulation s'est terminée avec des pièces à {names} : elles en attendent d'autres qu'aucune "
    "source ne peut plus envoyer",
    "stand_in_vain": "à la fin, des pièces restent à {names} : elles en attendent d'autres qu'aucune source ne peut "
    "plus envoyer",
    "still_one": "plus rien n'avance à {names} depuis {time} : {why}",
    "still": "plus rien n'avance à {names} depuis {time} ; pour chacun : {why}",
    "no_people": "attente d'opérateurs qui ne viennent jamais",
    "no_driver": "attente d'un cariste qui ne vient jamais",
    "no_cards": "jamais de lot de pièces qui aient leurs cartes, bien que toutes les cartes soient libres",
    "begins_again": "la pièce est recommencée encore et encore",
    "never_takes": "jamais le temps de prendre une pièce entre les horaires et les arrêts",
    "never_gets_on": "jamais le temps d'avancer la pièce entre les horaires et les arrêts",
}
"""Key of a sentence → the sentence in French, with the same blanks."""
