"""A study on a cluster of dask: two workers on this machine give the bits that one process gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.study.asking import written
from twin.api.study import load_study

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """\
import sys
import twin
from dask.distributed import Client, LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        result = twin.load_study("study.yaml").run(4, executor=client.get_executor(), workers=8)
        result.to_json("cluster.json")
"""


@pytest.mark.long
@pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra 'cluster'")
def test_a_cluster_gives_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, so that what dask warns of is no business of these tests."""
    written(tmp_path)
    (tmp_path / "here.py").write_text(SCRIPT)
    env = os.environ | {"PYTHONPATH": str(ROOT), "DASK_LOGGING__DISTRIBUTED": "error"}
    done = subprocess.run(
        [sys.executable, "here.py"], cwd=tmp_path, env=env, check=False, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    monkeypatch.chdir(tmp_path)  # files are named as seen from where it is run
    assert json.loads(Path("cluster.json").read_text()) == load_study("study.yaml").run(4, workers=1).document()
