"""Where the numbers of a study come from: files with their hashes, plans with their digests, seed, versions."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from twin.report.medium.grid import Sheet
from twin.report.study.decision import labelled
from twin.report.study.sums import NOTHING, Page
from twin.report.words import decimal, per_cent

FITTED = ".fitted.yaml"


def command(page: Page) -> str:
    """The command that makes the same numbers again."""
    run = page.doc["run"]
    words = ["twin", "report", page.doc["provenance"]["files"][0]["file"], "--replications", str(run["replications"])]
    if page.doc.get("explained"):
        words += ["--explain", page.doc["explained"]]
    return shlex.join(words)


def facts(page: Page, replications: int, word: str = "replications_word") -> list[tuple[str, str]]:
    """Seed, replications (``word``: of what), level and versions as (label, text)."""
    run = page.doc["run"]
    return [
        (page.say("seed_word"), str(run["seed"])),
        (page.say(word), decimal(replications, 0, page.lang)),
        (page.say("level_word"), per_cent(page.level, page.lang)),
        (page.say("versions_word"), f"twin {run['twin']}, numpy {run['numpy']}"),
    ]


def origins(page: Page) -> list[Sheet]:
    """Files with their hashes, and the plan of each scenario with its digest."""
    return [files(page.doc["provenance"]["files"], page), _plans(page)]


def files(told: list[Mapping[str, Any]], page: Page) -> Sheet:
    """Each file that was read with the hash of what it held."""
    rows = tuple((one["file"], one["sha256"] or page.say("unread")) for one in told)
    return Sheet(page.say("files"), (page.say("file"), page.say("hash")), rows)


def _plans(page: Page) -> Sheet:
    run = page.doc["run"]
    rows = [(name, digest) for name, digest in run["plans"].items()]
    head = (page.say("scenario"), page.say("digest"))
    if run["draws"]:
        rows = [(*row, run["draws"].get(row[0], NOTHING)) for row in rows]  # type: ignore[misc]
        head += (page.say("draws_digest"),)  # type: ignore[assignment]
    return Sheet(page.say("plans"), head, tuple(rows))


def validity(page: Page, known: Collection[str] = ()) -> str:
    """Which laws were fitted to a history, and how their prediction is checked; or that none was.

    Fitted files that are ``known`` to be checked are left out; empty: all are.
    """
    names = [one["file"] for one in page.doc["provenance"]["files"]]
    fitted = [name for name in names if name.endswith(FITTED) and name not in known]
    if not fitted:
        return "" if known else page.say("no_history")
    told = ", ".join(fitted)
    for name in fitted:
        reading = name.removesuffix(FITTED) + ".yaml"
        if reading in names:
            words = ["twin", "calibrate", reading, "--validate", names[1]]
            return page.say("validity", files=told, command=shlex.join(words))
    return page.say("validity_plain", files=told)


def changes(page: Page) -> Iterator[Sheet]:
    """What each scenario changes in the layout, a table each; what stands in one further up is not told again."""
    heads = ("change_path", "change_old", "change_new", "change_drawn", "change_place")
    seen = dict[tuple[str, ...], None]()
    for one in page.scenarios:
        every = [_change(told) for told in one["changed"]]
        rows = [row for row in every if row not in seen]
        seen |= dict.fromkeys(rows)
        drawn = any(row[3] for row in rows)
        kept = [at for at in range(len(heads)) if at != 3 or drawn]
        cut = tuple(tuple(row[at] for at in kept) for row in rows)
        above = len(every) - len(rows)
        note = page.say("changes_above", n=above, levers=", ".join(one["levers"])) if above else ""
        yield Sheet(labelled(page, one["name"]) or one["name"], tuple(page.say(heads[at]) for at in kept), cut, note)


def _change(told: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        told["path"],
        NOTHING if told["old"] is None else told["old"],
        NOTHING if told["new"] is None else told["new"],
        told["drawn"],
        str(told["line"]),
    )
