"""The store: what is written comes back bit for bit, and nothing else is ever touched."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.core.output import OutputError
from twin.study.paired.store import Kept, Key, Store, StoreError

KEY = Key("d1", 7, "", "0.1.0", "2.0")
NAMED = ("kpis.parts", "kpis.wip")
ROW = {"kpis.wip": 3.25, "elements.mill.kpis.oee": 0.1 + 0.2, "kpis.parts": math.nan, "kpis.x": math.inf}


def same(a: Kept, b: Kept) -> bool:
    """Equal to the bit, NaN too, in the same order."""
    return a.warnings == b.warnings and [(p, repr(v)) for p, v in a.row.items()] == [
        (p, repr(v)) for p, v in b.row.items()
    ]


@given(
    row=st.dictionaries(st.sampled_from([*NAMED, "a", "b.c", "é"]), st.floats().map(lambda value: value + 0.0)),
    named=st.sets(st.sampled_from([*NAMED, "b.c"])),
)
def test_what_is_kept_comes_back(row: dict[str, float], named: set[str]) -> None:
    with Store(":memory:", sorted(named)) as store:
        kept = Kept(row, ("a warning",))
        store.add(KEY, "lean", [(0, kept), (5, Kept({}))])
        found = store.load(KEY, 6)
        assert sorted(found) == [0, 5]
        assert same(found[0], kept)
        assert store.load(KEY, 5).keys() == {0}
        assert store.load(KEY._replace(seed=8), 6) == {}


def test_it_is_there_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    with Store(path, NAMED) as store:
        store.add(KEY, "lean", [(0, Kept(ROW))])
    with Store(path, ["kpis.x"]) as store:  # another study names other KPIs
        assert same(store.load(KEY, 1)[0], Kept(ROW))
        store.add(KEY, "lean", [(1, Kept(ROW, ("w",)))])
        assert same(store.load(KEY, 2)[1], Kept(ROW, ("w",)))
        assert store.counts() == [("lean", 2)]
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT k2, k3 FROM run ORDER BY replication").fetchall() == [
            (3.25, None),
            (None, math.inf),
        ]


def test_only_named_ones(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    with Store(path, NAMED, whole=False) as store:
        store.add(KEY, "lean", [(0, Kept(ROW)), (1, Kept({"kpis.wip": 1.0}))])
        assert same(store.load(KEY, 2)[0], Kept({"kpis.wip": 3.25, "kpis.parts": math.nan}))
        assert store.load(KEY, 2)[1].row == {"kpis.wip": 1.0}, "a KPI that a replication does not have is no gap"
    with Store(path, NAMED) as store:
        assert store.load(KEY, 2) == {}, "those who want all KPIs do not find these"
        store.add(KEY, "lean", [(0, Kept(ROW))])
        assert same(store.load(KEY, 1)[0], Kept(ROW)), "and write them whole"
    with Store(path, ["kpis.x"], whole=False) as store:
        assert store.load(KEY, 2).keys() == {0}
    with Store(path, ["kpis.wip"], whole=False) as store:
        assert store.load(KEY, 2)[1].row == {"kpis.wip": 1.0}


def test_all_of_a_batch_or_nothing(tmp_path: Path) -> None:
    def broken() -> list[tuple[int, Kept]]:
        raise KeyboardInterrupt

    with Store(tmp_path / "runs.sqlite") as store:
        with pytest.raises(KeyboardInterrupt):
            store.add(KEY, "lean", ((k, Kept(ROW)) if k < 3 else broken()[0] for k in range(9)))
        assert store.load(KEY, 9) == {}
        store.add(KEY, "lean", [(0, Kept(ROW))])
        assert store.load(KEY, 9).keys() == {0}


def test_two_writers(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    with Store(path, NAMED) as one, Store(path, ["kpis.x"]) as two:
        one.add(KEY, "lean", [(0, Kept(ROW))])
        two.add(KEY, "lean", [(0, Kept(ROW)), (1, Kept(ROW))])
        one.add(KEY, "lean", [(2, Kept(ROW))])
        assert one.load(KEY, 9).keys() == two.load(KEY, 9).keys() == {0, 1, 2}
        assert all(same(kept, Kept(ROW)) for kept in one.load(KEY, 9).values())


@pytest.mark.parametrize("content", [b"no database at all, but long enough to look at\n" * 99, None])
def test_another_file_is_left_alone(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    if content is None:
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE mine (a)")
        base.commit()
        base.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"notes\.sqlite: this is no store of a study; delete it, or name"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_that_was_cut_off_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    Store(path, ["kpis.wip"]).close()
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(StoreError, match=r"no whole store of a study; delete it, or name another with --store$"):
        Store(path, ["kpis.lead_time_s"])


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="this is a directory; name a file"):
        Store(tmp_path)


def test_too_many_columns() -> None:
    with pytest.raises(ValueError, match="at most 500 KPIs"):
        Store(":memory:", [f"k{i}" for i in range(501)])


def test_a_row_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    with Store(path) as store:
        store.add(KEY, "lean", [(0, Kept(ROW))])
    with sqlite3.connect(path) as base:
        base.execute("UPDATE run SET rest = x'00ff00ff'")
    base.close()
    with Store(path) as store, pytest.raises(StoreError, match=r"runs\.sqlite: a replication in it cannot be read"):
        store.load(KEY, 1)
