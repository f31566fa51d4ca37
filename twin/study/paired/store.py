"""The store of a study: every finished replication on disk, so that a study goes on where it was stopped.

SQLite in write-ahead mode with one writer. A replication is found by what decides it: digest of the case, seed, set of
draws, number, versions of twin and numpy. What is there already is never written again. The KPIs that a study names
have columns of their own (``k1``, ``k2`` …; table ``kpi`` says which), the others of a row stand compressed beside
them, or are left out where only the named ones are kept.
"""

from __future__ import annotations

import json
import math
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from twin.core.output import OutputError, check_writable
from twin.core.said import packed, unpacked

APPLICATION, VERSION = 0x7714, 1
MOST_NAMED = 500
"""KPIs that may have columns of their own."""
AMISS = "delete it, or name another with --store"
"""What to do about a file that is no store, or a store that is not whole."""
OUTSIDE = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM,
)  # fmt: skip
"""Errors of SQLite that say nothing against the file."""
PATIENCE = 30.0
"""Seconds that a writer waits for another one."""
_TABLES = """
CREATE TABLE design (id INTEGER PRIMARY KEY, digest TEXT, seed TEXT, draws TEXT, twin TEXT, numpy TEXT, name TEXT,
                     UNIQUE (digest, seed, draws, twin, numpy));
CREATE TABLE kpi (id INTEGER PRIMARY KEY, path TEXT UNIQUE);
CREATE TABLE shape (id INTEGER PRIMARY KEY, paths TEXT UNIQUE);
CREATE TABLE run (design INTEGER, replication INTEGER, shape INTEGER, rest BLOB, warnings TEXT,
                  PRIMARY KEY (design, replication)) WITHOUT ROWID;
"""


class StoreError(OutputError):
    """A store that cannot be used; the text is one clear line that begins with its name."""


class Key(NamedTuple):
    """What decides the replications of a case, their number apart."""

    digest: str
    seed: int
    draws: str
    """The set of draws of uncertain inputs; empty: none are drawn."""
    twin: str
    numpy: str


class Kept(NamedTuple):
    """One finished replication: its KPIs by path, in their order, and what it warns of."""

    row: Mapping[str, float]
    warnings: tuple[str, ...] = ()


class _Shape(NamedTuple):
    """How a stored row is put together: the paths in order, each with its column (0: among the rest)."""

    asked: tuple[str, ...] | None
    """The KPIs that were kept, as far as the replication had them; None: all."""
    paths: tuple[tuple[str, int], ...]


def _said(error: sqlite3.Error) -> str:
    """What is wrong, and what to do: with the disc or another writer, or else with the file."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in OUTSIDE:
        return f"{error}; try again, or name another file with --store"
    whole = "no" if "not a database" in str(error) else "no whole"
    return f"this is {whole} store of a study; {AMISS}"


class Store:
    """An open store.

    Args:
        path: the file; made when it is not there.
        named: paths of the KPIs that get columns of their own, at most ``MOST_NAMED``.
        whole: whether the other KPIs are kept too.

    Raises:
        StoreError: it cannot be opened, or is no store of this kind.
        ValueError: too many named KPIs.
    """

    def __init__(self, path: str | Path, named: Sequence[str] = (), *, whole: bool = True) -> None:
        if len(named) > MOST_NAMED:
            raise ValueError(f"at most {MOST_NAMED} KPIs can have columns of their own, not {len(named)}")
        self.path, self.whole = Path(path), whole
        self._designs: dict[Key, int] = {}
        self._shapes: dict[int, _Shape] = {}
        self._known: dict[tuple[str, ...], tuple[int, list[str]]] = {}
        check_writable(path)
        with self._told():
            self._base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            try:
                self._begin(named)
            except BaseException:
                self._base.close()
                raise

    def _begin(self, named: Sequence[str]) -> None:
        base = self._base
        found = base.execute("PRAGMA application_id").fetchone()[0], base.execute("PRAGMA user_version").fetchone()[0]
        tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found != (APPLICATION, VERSION) and (tables or found[0]):
            raise StoreError(f"{self.path}: this is no store of a study; {AMISS}")
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        with self._writing():
            if not base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _TABLES.split(";\n")[:-1]:
                    base.execute(statement)
                base.execute(f"PRAGMA application_id = {APPLICATION}")
                base.execute(f"PRAGMA user_version = {VERSION}")
            self.columns = self._columns(named)

    def _columns(self, named: Sequence[str]) -> dict[str, int]:
        """The column of each named KPI; those that are new get one."""
        known = dict(self._base.execute("SELECT path, id FROM kpi"))
        for path in named:
            if path not in known:
                known[path] = len(known) + 1
                self._base.execute("INSERT INTO kpi VALUES (?, ?)", (known[path], path))
                self._base.execute(f"ALTER TABLE run ADD COLUMN k{known[path]} REAL")
        return {path: known[path] for path in named}

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite says, as one line with the name of the file."""
        try:
            yield
        except zlib.error:
            raise StoreError(f"{self.path}: a replication in it cannot be read; {AMISS}") from None
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {_said(error)}") from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            self._designs.clear()  # what was added with them is gone too
            self._known.clear()
            raise
        self._base.execute("COMMIT")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def add(self, key: Key, name: str, found: Iterable[tuple[int, Kept]]) -> None:
        """Keep replications of a case, all or none; what is there already stays as it is.

        Args:
            key: what decides them.
            name: what people call the case; only for those who look into the file.
            found: (replication from 0, what it left).
        """
        with self._told(), self._writing():
            design = self._design(key, name)
            marks = ", ".join("?" * (5 + len(self.columns)))
            columns = "".join(f", k{column}" for column in self.columns.values())
            self._base.executemany(
                f"INSERT INTO run (design, replication, shape, rest, warnings{columns}) VALUES ({marks}) "
                "ON CONFLICT DO UPDATE SET shape = excluded.shape, rest = excluded.rest"
                + "".join(f", k{column} = excluded.k{column}" for column in self.columns.values()),
                [(design, number, *self._packed(kept)) for number, kept in found],
            )

    def kept(self, found: Kept) -> Kept:
        """What of a replication this store keeps."""
        if self.whole:
            return found
        return found._replace(row={path: value for path, value in found.row.items() if path in self.columns})

    def _design(self, key: Key, name: str) -> int:
        if key not in self._designs:
            told = (key.digest, str(key.seed), key.draws, key.twin, key.numpy)
            self._base.execute(
                "INSERT OR IGNORE INTO design (digest, seed, draws, twin, numpy, name) VALUES (?, ?, ?, ?, ?, ?)",
                (*told, name),
            )
            self._designs[key] = self._find(key) or 0
        return self._designs[key]

    def _find(self, key: Key) -> int | None:
        told = (key.digest, str(key.seed), key.draws, key.twin, key.numpy)
        found = self._base.execute(
            "SELECT id FROM design WHERE (digest, seed, draws, twin, numpy) = (?, ?, ?, ?, ?)", told
        ).fetchone()
        return found[0] if found else None

    def _packed(self, kept: Kept) -> tuple[Any, ...]:
        row = self.kept(kept).row
        shape, others = self._shaped(tuple(row))
        rest = array("d", [row[path] for path in others])
        blob = zlib.compress(rest.tobytes(), 1) if rest else None
        warnings = json.dumps([*map(packed, kept.warnings)]) if kept.warnings else None
        return shape, blob, warnings, *map(row.get, self.columns)

    def _shaped(self, paths: tuple[str, ...]) -> tuple[int, list[str]]:
        """The number of the shape of a row, and its paths without a column."""
        if paths not in self._known:
            asked = None if self.whole else tuple(sorted(self.columns))
            text = json.dumps(_Shape(asked, tuple((path, self.columns.get(path, 0)) for path in paths)))
            self._base.execute("INSERT OR IGNORE INTO shape (paths) VALUES (?)", (text,))
            found = self._base.execute("SELECT id FROM shape WHERE paths = ?", (text,)).fetchone()
            self._known[paths] = found[0], [path for path in paths if path not in self.columns]
        return self._known[paths]

    def load(self, key: Key, below: int) -> dict[int, Kept]:
        """The replications of a case with numbers 0 … ``below`` - 1 that are there and hold what this store keeps."""
        with self._told():
            design = self._find(key)
            if design is None:
                return {}
            held = [path for (path,) in self._base.execute("SELECT path FROM kpi ORDER BY id")]
            columns = "".join(f", k{i + 1}" for i in range(len(held)))
            lines = self._base.execute(
                f"SELECT replication, shape, rest, warnings{columns} FROM run WHERE design = ? AND replication < ? "
                "ORDER BY replication",
                (design, below),
            )
            found = {number: self._unpacked(shape, rest, said, values) for number, shape, rest, said, *values in lines}
        return {number: kept for number, kept in found.items() if kept is not None}

    def _unpacked(self, shape_id: int, rest: bytes | None, said: str | None, values: list[float | None]) -> Kept | None:
        """A stored replication; None where it lacks what this store keeps."""
        shape = self._shape(shape_id)
        if not self._holds(shape):
            return None
        others = iter(array("d", zlib.decompress(rest)) if rest else ())
        row = dict[str, float]()
        for path, column in shape.paths:
            value = values[column - 1] if column else next(others)
            if self.whole or path in self.columns:
                row[path] = math.nan if value is None else value
        return Kept(row, tuple(map(unpacked, json.loads(said))) if said else ())

    def _holds(self, shape: _Shape) -> bool:
        """Whether all that this store keeps was kept."""
        return shape.asked is None or (not self.whole and self.columns.keys() <= set(shape.asked))

    def _shape(self, number: int) -> _Shape:
        if number not in self._shapes:
            text = self._base.execute("SELECT paths FROM shape WHERE id = ?", (number,)).fetchone()[0]
            asked, paths = json.loads(text)
            known = tuple((path, column) for path, column in paths)
            self._shapes[number] = _Shape(None if asked is None else tuple(asked), known)
        return self._shapes[number]

    def counts(self) -> list[tuple[str, int]]:
        """(name of a case, finished replications) of all that is kept, for people."""
        with self._told():
            counted = "SELECT design, count(*) AS n FROM run GROUP BY design"
            return list(self._base.execute(f"SELECT name, n FROM ({counted}) JOIN design ON design.id = design"))
