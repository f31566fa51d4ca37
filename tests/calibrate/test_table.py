"""Files and queries as columns: CSV as people export it, Parquet, Excel, SQL; and what is refused."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from twin.calibrate.history import sql, table
from twin.calibrate.history.log import Log
from twin.core.problem import PlantError

from .readings import REASONS, log, said, told

NAMES = ["Machine", "From", "To", "Code"]
COLUMNS = "columns: {asset: Machine, start: From, end: To, reason: Code}"
RECORDS: list[tuple[Any, ...]] = [
    ("MILL", datetime(2026, 1, 5, 8), datetime(2026, 1, 5, 8, 20), "SPINDLE"),
    ("KIT", datetime(2026, 1, 5, 9), datetime(2026, 1, 5, 9, 5), "CHIPS"),
    ("KIT", datetime(2026, 7, 5, 9), None, "CHANGE"),
]
TOLD = [
    ("KIT", "01-05 08:00", "01-05 08:05", "micro_stop", "chips"),
    ("KIT", "07-05 07:00", "open", "setup", ""),
    ("MILL", "01-05 07:00", "01-05 07:20", "breakdown", "spindle"),
]


def history(rest: str) -> str:
    return f"history: [{{{rest}, {COLUMNS}, time_zone: Europe/Paris}}]\n{REASONS}"


def refused(folder: Path, text: str, **files: str | bytes) -> str:
    with pytest.raises(PlantError) as caught:
        log(folder, text, **files)
    return "\n".join(str(one).removeprefix(f"{folder}/") for one in caught.value.problems)


# -- CSV


def test_a_french_export(tmp_path: Path) -> None:
    text = (
        'Machine;Début;Fin;Code arrêt;Pièces\r\n'
        'Fraiseuse n°1;05/01/2026 08:00;05/01/2026 08:20;Réglage;"1\u00a0234,5"\r\n'
        "Fraiseuse n°1;05/07/2026 08:00;;Réglage;\r\n"
    )  # fmt: skip
    found = log(
        tmp_path,
        """
        history:
          - file: stops.csv
            columns: {asset: Machine, start: Début, end: Fin, reason: Code arrêt, parts: Pièces}
            time_zone: Europe/Paris
            time_format: "%d/%m/%Y %H:%M"
            decimal: ","
            encoding: cp1252
        reasons: {Réglage: setup}
        """,
        stops=text.encode("cp1252"),
    )
    assert told(found) == [
        ("Fraiseuse n°1", "01-05 07:00", "01-05 07:20", "setup", ""),
        ("Fraiseuse n°1", "07-05 06:00", "open", "setup", ""),
    ]
    assert found.rows.parts[0] == 1234.5
    assert not found.errors
    assert found.files[0].sha256 == hashlib.sha256(text.encode("cp1252")).hexdigest()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_line_ends_and_byte_order_marks(tmp_path: Path, separator: str, mark: bytes, end: str) -> None:
    lines = [NAMES, *([str(cell or "") for cell in record] for record in RECORDS)]
    text = end.join(separator.join(line) for line in lines)
    assert told(log(tmp_path, history("file: stops.csv"), stops=mark + text.encode())) == TOLD


def test_another_separator_is_said(tmp_path: Path) -> None:
    text = "\n".join("|".join(str(cell or "") for cell in line) for line in [NAMES, *RECORDS])
    assert told(log(tmp_path, history('file: stops.csv, separator: "|"'), stops=text)) == TOLD
    assert "say what stands between cells" in refused(tmp_path, history("file: stops.csv"), stops=text)


def test_rows_that_are_torn(tmp_path: Path) -> None:
    """Blank lines, short lines and empty cells behind the last heading are no mistakes."""
    stops = (
        "Machine,From,To,Code,,\n"
        "M,2026-01-05 08:00,2026-01-05 08:10,SPINDLE,,\n"
        "\n"
        ",,,\n"
        "M,2026-01-06 08:00,2026-01-06 08:10\n"
        "M,2026-01-07 08:00,2026-01-07 08:10,SPINDLE,,,a,b\n"
        '"M,2026-01-08 08:00\n'
        'M","x"y,2026-01-08 09:00,\n'
        '"two\nlines",2026-01-09 08:00,2026-01-09 08:10,CHIPS\n'
        "M,2026-01-10 08:00,2026-01-10 08:10,SPINDLE\n"
    )
    found = log(tmp_path, history("file: stops.csv"), stops=stops)
    assert found.rows.source_row.tolist() == [2, 5, 11, 9]
    assert found.rows.assets == ("M", "two\nlines")
    assert said(found)[1:] == [
        "stops.csv:6:1: 8 cells under 6 headings; a cell that holds the separator needs quotes",
        "stops.csv:7:1: a quote opens or closes where it should not (',' expected after '\"'); rows 7 to 8 are lost",
    ]
    assert (found.files[0].rows, found.files[0].bad, found.files[0].good) == (7, 3, 4)


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    row = "M,2026-01-05 08:00,2026-01-05 08:10,SPINDLE\n"
    found = log(tmp_path, history("file: stops.csv"), stops="Machine,From,To,Code\n" + row + '"' + row + row)
    assert found.rows.n == 1
    assert said(found) == [
        "stops.csv:3:1: a quote opens or closes where it should not (unexpected end of data); rows 3 to 4 are lost"
    ]


def test_formulas_are_text(tmp_path: Path) -> None:
    stops = 'Machine,From,To,Code\n=1+1,2026-01-05 08:00,2026-01-05 08:10,"=HYPERLINK(""http://a"")"\n'
    found = log(tmp_path, history("file: stops.csv"), stops=stops)
    assert found.rows.assets == ("=1+1",)


@pytest.mark.parametrize(
    ("stops", "message"),
    [
        (
            "Machin,From,To,Code\n",
            "history[0].columns.asset: 'stops.csv' has no heading 'Machine'; did you mean 'Machin'?",
        ),
        ("Machine,From,To,Code,Code\n", "history[0].columns.reason: the heading 'Code' stands twice in 'stops.csv'"),
        ("", "history[0].file: 'stops.csv' has no headings in its first row"),
        ("\n\n", "history[0].file: 'stops.csv' has no headings in its first row"),
        (
            "Machine,é".encode("cp1252"),
            "'stops.csv' is not UTF-8 (a Windows-1252 'é' stands in row 1); write 'encoding:",
        ),
        ("Machine".encode("utf-16"), "history[0].file: 'stops.csv' is UTF-16; save it as CSV UTF-8"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, stops: str | bytes, message: str) -> None:
    found = refused(tmp_path, history("file: stops.csv"), stops=stops)
    assert found.startswith("reading.yaml:3:")
    assert message in found


def test_bytes_that_are_no_text_late_in_a_file(tmp_path: Path) -> None:
    stops = b"Machine,From,To,Code\n" + b"M,2026-01-05 08:00,2026-01-05 08:10,A\n" * 20_000 + b"\x81\n"
    assert "stands in row 20002" in refused(tmp_path, history("file: stops.csv"), stops=stops)
    other = history("file: stops.csv, encoding: cp1252")
    assert "is not cp1252 (see row 20002)" in refused(tmp_path, other, stops=stops)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    found = refused(tmp_path, history("file: stop.csv"), stops="")
    assert "there is no file 'stop.csv' beside the reading file; did you mean 'stops.csv'?" in found
    (tmp_path / "folder.csv").mkdir()
    assert "cannot be read" in refused(tmp_path, history("file: folder.csv"))


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stops = "Machine,From,To,Code\n" + "M,2026-01-05 08:00,2026-01-05 08:10,A\n" * 3
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    assert log(tmp_path, history("file: stops.csv"), stops=stops).rows.n == 3
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    assert "holds more than 2 rows" in refused(tmp_path, history("file: stops.csv"), stops=stops)
    monkeypatch.setattr(table, "MAX_BYTES", 20)
    assert "is larger than 0 MiB" in refused(tmp_path, history("file: stops.csv"), stops=stops)


def test_names_of_columns_are_the_default(tmp_path: Path) -> None:
    text = "history: [{file: stops.csv, time_zone: UTC}]\n"
    assert log(tmp_path, text, stops="asset,start,end,else\nM,2026-01-05,2026-01-06,x\n").rows.n == 1
    found = refused(tmp_path, text, stops="asset,begin,end\n")
    assert "'stops.csv' has no heading 'start' (headings: 'asset', 'begin', 'end'); name it under 'columns'" in found
    assert "needs the column 'end' or the column 'minutes'" in refused(tmp_path, text, stops="asset,start\n")


# -- Excel


def workbook(path: Path, rows: list[tuple[Any, ...]], sheet: str = "Stops") -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [NAMES, *rows]:
        book.active.append(row)
    book.create_sheet("Other")
    book.save(path)


def test_excel(tmp_path: Path) -> None:
    workbook(tmp_path / "stops.xlsx", [*RECORDS[:2], (None,) * 4, RECORDS[2]])
    found = log(tmp_path, history("file: stops.xlsx, sheet: Stops"))
    assert told(found) == TOLD
    assert found.rows.source_row.tolist() == [3, 5, 2]
    assert told(log(tmp_path, history("file: stops.xlsx"))) == TOLD


def test_excel_with_texts_among_times_and_numbers_for_codes(tmp_path: Path) -> None:
    rows = [("M", "2026-01-05 08:00", datetime(2026, 1, 5, 8, 20), 101), ("M", "later", None, 102.0)]
    workbook(tmp_path / "stops.xlsx", rows)
    found = log(tmp_path, history("file: stops.xlsx").replace("reasons: {", "reasons: {101: setup, "))
    assert told(found) == [("M", "01-05 07:00", "01-05 07:20", "setup", "")]
    assert said(found)[0].startswith("stops.xlsx:3:2: From: 'later' is no time such as")


def test_formulas_of_excel_are_not_computed(tmp_path: Path) -> None:
    workbook(tmp_path / "stops.xlsx", [("M", "=NOW()", datetime(2026, 1, 5, 8, 20), "A")])
    found = log(tmp_path, history("file: stops.xlsx"))
    assert said(found) == ["stops.xlsx:2:2: From: the time is missing"]


def test_excel_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(tmp_path / "stops.xlsx", RECORDS)
    found = refused(tmp_path, history("file: stops.xlsx, sheet: Stop"))
    assert "history[0].sheet: 'stops.xlsx' has no sheet 'Stop' (sheets: Stops, Other); did you mean 'Stops'?" in found
    (tmp_path / "a.xlsx").write_bytes(b"no")
    assert "is no Excel file (.xlsx)" in refused(tmp_path, history("file: a.xlsx"))
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as packed:
        packed.writestr("a", "b")
    assert "is no sound Excel file" in refused(tmp_path, history("file: b.xlsx"))
    monkeypatch.setattr(table, "MAX_BYTES", 8000)
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", "b" * 40_000)
    assert "unpacks to more than" in refused(tmp_path, history("file: c.xlsx"))


# -- Parquet


def parquet(path: Path, zone: str | None, rows: list[tuple[Any, ...]]) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    time = pyarrow.timestamp("ns", tz=zone)
    kinds = [pyarrow.dictionary(pyarrow.int8(), pyarrow.string()), time, time, pyarrow.string()]
    columns = [pyarrow.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    parquet.write_table(pyarrow.Table.from_arrays(columns, names=NAMES), path)


def test_parquet_on_a_wall_clock(tmp_path: Path) -> None:
    parquet(tmp_path / "stops.parquet", None, RECORDS)
    assert told(log(tmp_path, history("file: stops.parquet"))) == TOLD


def test_parquet_of_instants_needs_no_zone(tmp_path: Path) -> None:
    utc = [(r[0], r[1] - timedelta(hours=1), r[2] and r[2] - timedelta(hours=1), r[3]) for r in RECORDS[:2]]
    parquet(tmp_path / "stops.parquet", "UTC", utc)
    text = history("file: stops.parquet").replace(", time_zone: Europe/Paris", "")
    assert told(log(tmp_path, text)) == [TOLD[0], TOLD[2]]


def test_parquet_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyarrow, writer = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {"Machine": ["M"], "From": [[1]], "To": [1], "Code": [b"x"]}
    writer.write_table(pyarrow.table(columns), tmp_path / "odd.parquet")
    assert "holds list<" in refused(tmp_path, history("file: odd.parquet"))
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no PAR1")
    assert "is no sound Parquet file" in refused(tmp_path, history("file: no.parquet"))
    parquet(tmp_path / "stops.parquet", None, RECORDS)
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    assert "holds more than 2 rows" in refused(tmp_path, history("file: stops.parquet"))


@pytest.mark.parametrize(
    ("text", "package", "name"),
    [("file: a.parquet", "pyarrow", "parquet"), ("file: a.xlsx", "openpyxl", "excel"),
     ("sql: {url: sqlite:///a.db, query: select 1}", "sqlalchemy", "sql")],
)  # fmt: skip
def test_a_package_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, package: str, name: str
) -> None:
    def missing(module: str) -> Any:
        raise ModuleNotFoundError(name=module)

    monkeypatch.setattr("twin.calibrate.history.table.importlib.import_module", missing)
    (tmp_path / "a.parquet").touch()
    (tmp_path / "a.xlsx").touch()
    found = refused(tmp_path, history(text))
    assert f"needs {package}; install it with: pip install 'factory-twin[{name}]'" in found


# -- SQL

QUERY = 'select machine as "Machine", begun as "From", ended as "To", code as "Code" from stops order by begun'


@pytest.fixture
def database(tmp_path: Path) -> Path:
    pytest.importorskip("sqlalchemy")
    connection = sqlite3.connect(tmp_path / "mes.db")
    connection.execute("create table stops (machine text, begun text, ended text, code text)")
    rows = [tuple(cell and str(cell) for cell in record) for record in RECORDS]
    connection.executemany("insert into stops values (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return tmp_path


def query(folder: Path, url: str = "sqlite:///mes.db", select: str = QUERY) -> Log:
    return log(folder, _sql(url, select))


def _sql(url: str, select: str) -> str:
    lines = ["history:", "  - sql:", f"      url: {url}", f"      query: '{select}'", f"    {COLUMNS}"]
    return "\n".join([*lines, "    time_zone: Europe/Paris", REASONS])


def test_sqlite(database: Path) -> None:
    found = query(database)
    assert told(found) == TOLD
    assert found.rows.source_row.tolist() == [3, 4, 2]
    assert found.files[0].name == "the query"
    assert query(database, select=QUERY + " desc").files[0].sha256 == found.files[0].sha256


def test_an_address_from_the_environment(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_TEST_DATABASE", "sqlite:///mes.db")
    assert told(query(database, "$TWIN_TEST_DATABASE")) == TOLD
    assert "the environment variable 'TWIN_TEST_NOTHING' is not set" in refused(
        database, _sql("$TWIN_TEST_NOTHING", QUERY)
    )


def test_rows_of_a_query_are_told_at_the_query(database: Path) -> None:
    found = query(database, select=QUERY.replace("begun as", "upper(begun||1) as"))
    assert "From: row 2: '2026-01-05 08:00:001' is no time" in said(found)[0]
    assert found.errors[0].mark == (str(database / "reading.yaml"), 6, 14)


@pytest.mark.parametrize(
    ("url", "select", "message"),
    [
        (
            "sqlite:///mess.db",
            QUERY,
            "there is no database 'mess.db' beside the reading file; did you mean 'sqlite:///mes.db'?",
        ),
        ("sqlite://", QUERY, "there is no database"),
        ("mes.db", QUERY, "this is no address of a database"),
        ("what://user:secret@host/a", QUERY, "this is no address of a database"),
        (
            "oracle+cx_oracle://user:secret@host/a",
            QUERY,
            "this database needs cx_Oracle; install it with: pip install cx_Oracle",
        ),
        ("sqlite:///mes.db", "select nought from stops", "the query failed: no such column: nought"),
        ("sqlite:///mes.db", "select 1; drop table stops", "the query failed: You can only execute one statement"),
        ("sqlite:///mes.db", "with a as (select 1) delete from stops", "the query failed: attempt to write a readonly"),
        ("sqlite:///mes.db", "select machine from stops", "has no heading 'Machine'; did you mean 'machine'?"),
    ],
)
def test_queries_that_are_refused(database: Path, url: str, select: str, message: str) -> None:
    found = refused(database, _sql(url, select))
    assert message in found
    assert "secret" not in found
    assert told(query(database)) == TOLD


def test_results_are_bounded(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    monkeypatch.setattr(sql, "_BATCH", 1)
    assert "gives more than 2 rows" in refused(database, _sql("sqlite:///mes.db", QUERY))


def test_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real server; times with a zone need none from the reading file."""
    address = os.environ.get("TWIN_TEST_POSTGRES")
    if not address:
        pytest.skip(
            "no PostgreSQL: install 'factory-twin[postgres]', start a server (initdb -D data; pg_ctl -D data start), "
            "set TWIN_TEST_POSTGRES=postgresql+psycopg://USER@HOST/postgres"
        )
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine, name = sqlalchemy.create_engine(address), f"stops_{uuid.uuid4().hex[:8]}"
    aware = [(r[0], *(at and at.replace(tzinfo=UTC) - timedelta(hours=1) for at in r[1:3]), r[3]) for r in RECORDS[:2]]
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(f"create table {name} (machine text, begun timestamptz, ended timestamptz, code text)")
        )
        insert = sqlalchemy.text(f"insert into {name} values (:a, :b, :c, :d)")
        connection.execute(insert, [dict(zip("abcd", row, strict=True)) for row in aware])
    monkeypatch.setenv("TWIN_TEST_DATABASE", address)
    try:
        select = QUERY.replace("stops", name)
        text = _sql("$TWIN_TEST_DATABASE", select).replace("    time_zone: Europe/Paris\n", "")
        assert told(log(tmp_path, text)) == [TOLD[0], TOLD[2]]
        delete = f"with gone as (delete from {name} returning *) select * from gone"
        assert "read-only transaction" in refused(tmp_path, _sql("$TWIN_TEST_DATABASE", delete))
    finally:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text(f"drop table {name}"))
        engine.dispose()
