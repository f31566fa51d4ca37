"""Where the numbers of a run come from: files with their hashes, the plan with its digest, seed, versions."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from typing import Any, Protocol

from twin.core.plan import Micro
from twin.core.unit import MICRO
from twin.report.medium.grid import Sheet
from twin.report.result.sheet import Answer, Document, level
from twin.report.words import Lang, decimal, per_cent, say
from twin.study.source import Source


class Kept(Answer, Protocol):
    """A result that says what it was made from."""

    @property
    def file(self) -> str:
        """The layout, as it was named."""

    @property
    def sources(self) -> Sequence[Source]:
        """The layout and the files that it names, as they were when they were read."""

    @property
    def doubt(self) -> str:
        """Which of its laws rest on few times seen; else empty."""


def facts(document: Document, lang: Lang) -> list[tuple[str, str]]:
    """Digest, seed, replications, level and versions as (label, text)."""
    import numpy as np

    drawn_from = document.get("inputs")
    return [
        (say("st_digest", lang), str(document["plan"])),
        *([(say("st_draws_digest", lang), str(drawn_from["draw_set"]))] if drawn_from else []),
        (say("st_seed_word", lang), str(document["seed"])),
        (say("rn_replications", lang), decimal(document["replications"], 0, lang)),
        (say("st_level_word", lang), per_cent(level(document, lang), lang)),
        (say("st_versions_word", lang), f"twin {document['twin']}, numpy {np.__version__}"),
    ]


def files(result: Kept, lang: Lang) -> Sheet:
    """The layout and what it names, each with its hash."""
    rows = tuple((one.file, one.sha256 or say("st_unread", lang)) for one in result.sources)
    return Sheet(say("st_files", lang), (say("st_file", lang), say("st_hash", lang)), rows)


def command(result: Kept) -> str:
    """The command that makes the same numbers again, whatever the layout says of its run."""
    plan, document = result.plan, result.document()
    words: list[Any] = ["twin", "run", result.file, "--replications", document["replications"], "--seed", plan.seed]
    words += ["--warm-up", _length(plan.warm_up)]
    if math.isfinite(plan.horizon):
        words += ["--horizon", _length(plan.horizon)]
    if "inputs" in document:
        words += ["--inputs", "draws"]
    return shlex.join(map(str, words))


def _length(time: Micro) -> str:
    """A time without rounding: '14 d', '45.123456 s'."""
    for seconds, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if time and not time % (seconds * MICRO):
            return f"{time / (seconds * MICRO):.0f} {unit}"
    whole, point, digits = f"{time / MICRO:.6f}".partition(".")
    digits = digits.rstrip("0")
    return f"{whole}{point if digits else ''}{digits} s"
