"""Programs of the system that some tests use; without them those tests are skipped, with what installs them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


def chromium() -> str:
    """The browser's command; the test is skipped where there is none."""
    return _found(("chromium", "chromium-browser", "google-chrome"), "apt-get install chromium")


def soffice() -> str:
    """LibreOffice's command; the test is skipped where there is none."""
    return _found(("soffice", "libreoffice"), "apt-get install libreoffice-calc libreoffice-impress")


def _found(names: tuple[str, ...], install: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(install)
    return found


def browse(page: Path, profile: Path, *words: str, at: str = "", seconds: float = 120.0) -> str:
    """Open a page in a headless browser, without network; returns what it prints, such as ``--dump-dom``.

    Args:
        page: the file.
        profile: an empty folder for the browser's own files.
        words: what it shall do, such as ``--screenshot=x.png``.
        at: what stands behind the '#' of the address.
        seconds: it may take.
    """
    command = [chromium(), *QUIET, f"--user-data-dir={profile}", *words, f"{page.resolve().as_uri()}#{at}"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds).stdout
