"""Ctrl-C for a command that is well under way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def interrupted(*words: str, after: float) -> tuple[int, str, str]:
    """(exit code, output, messages) of a command that gets SIGINT when it and its workers have used ``after`` s.

    Processor time tells how far it is, however busy the machine.
    """
    words = (sys.executable, "-m", "twin", *words)
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as running:
        last = time.monotonic() + 60
        while used(running.pid) < after and running.poll() is None and time.monotonic() < last:
            time.sleep(0.1)
        try:
            os.killpg(running.pid, signal.SIGINT)
            out, err = running.communicate(timeout=60)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    return running.returncode, out, err


def used(group: int) -> float:
    """Processor time of the processes of a group that live, s."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = process.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended since
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK
