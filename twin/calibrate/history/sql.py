"""Queries of a database as rows, through SQLAlchemy: one select, in a connection that only reads."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from twin.calibrate.history.table import EXTRAS, extra
from twin.core.problem import fault, nearest, quoted

if TYPE_CHECKING:
    from twin.calibrate.history.columns import Sql

_BATCH = 50_000


def read_query(sql: Sql, folder: Path, most: int) -> tuple[list[str], Iterator[Sequence[Any]], str]:
    """(headings, rows, sha256 of the result whatever its order) of a query.

    Args:
        sql: address and query.
        folder: where the file of an SQLite database is looked for.
        most: rows; a larger result is refused.

    Raises:
        Faults: no such database, package or table; passwords are not told.
    """
    library = extra("sqlalchemy", "a query")
    url = _url(library, sql, folder)
    try:
        engine = library.create_engine(url)
        try:
            with engine.connect() as connection:
                if url.get_backend_name() == "postgresql":
                    connection = connection.execution_options(postgresql_readonly=True)
                result = connection.execute(library.text(sql.query))
                headings = [str(one).strip() for one in result.keys()]  # noqa: SIM118  (a result is no map)
                rows = _fetched(result, most)
        finally:
            engine.dispose()
    except ModuleNotFoundError as error:
        driver = str(error.name)
        wanted = f"'factory-twin[{EXTRAS[driver]}]'" if driver in EXTRAS else driver
        text = f"this database needs {driver}; install it with: pip install {wanted}"
        raise fault(text, loc=("sql", "url")) from None
    except library.exc.SQLAlchemyError as error:
        raise fault(_said(error), loc=("sql", "query")) from None
    return headings, iter(rows), _digest(headings, rows)


def _fetched(result: Any, most: int) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = []
    while batch := result.fetchmany(_BATCH):
        rows += batch
        if len(rows) > most:
            raise fault(f"the query gives more than {most:,} rows; add a condition", loc=("sql", "query"))
    return rows


def _url(library: Any, sql: Sql, folder: Path) -> Any:
    """The address, with the file of an SQLite database found and opened for reading only."""
    written = sql.url
    if written.startswith("$"):
        written = os.environ.get(written[1:], "")
        if not written:
            raise fault(f"the environment variable {quoted(sql.url[1:])} is not set", loc=("sql", "url"))
    try:
        url = library.engine.make_url(written)
        url.get_dialect()
    except ModuleNotFoundError:
        raise
    except library.exc.ArgumentError:  # what was written is not told: it may hold a password
        raise fault("this is no address of a database, such as 'sqlite:///mes.db'", loc=("sql", "url")) from None
    if url.get_backend_name() != "sqlite":
        return url
    path = folder / (url.database or "")
    if not path.is_file():
        there = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
        near = nearest(path.name, there)
        text = f"there is no database {quoted(url.database or '')} beside the reading file"
        raise fault(text, f"sqlite:///{near}" if near else None, ("sql", "url"))
    place = quote(path.resolve().as_posix())
    return url.set(database=f"file:{place}", query={"mode": "ro", "uri": "true"})


def _said(error: Any) -> str:
    """What the database said, on one line, without the address and the query."""
    words = str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__]
    return f"the query failed: {words[0].strip()}"


def _digest(headings: list[str], rows: list[Sequence[Any]]) -> str:
    lines = sorted("\x1f".join(map(str, row)) for row in rows)
    return hashlib.sha256("\n".join(["\x1f".join(headings), *lines]).encode()).hexdigest()
