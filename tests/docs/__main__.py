"""Print anew what the pages show of commands: ``python -m tests.docs [PAGE …]``; look at the change before you keep it.

Only outputs without '…' are written anew; those with it must be corrected by hand.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from .pages import Block, as_shown, blocks, commands, pages
from .workspace import execute, make, typed

DIGEST = re.compile(r"\bplan [0-9a-f]{24}\b")
"""Says nothing to a reader, and changes with each new field of the plan."""


def main() -> None:
    """Refresh the pages named, or all."""
    os.environ["MPLBACKEND"] = "Agg"
    named = [Path(word).resolve() for word in sys.argv[1:]] or pages()
    for page in named:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder))
            os.chdir(folder)
            refresh(page, Path(folder))
            os.chdir("/")


def refresh(page: Path, folder: Path) -> None:
    """Write the page with its outputs as they are now."""
    text, names, done = page.read_text(encoding="utf-8"), {"__name__": "page"}, []
    for block in blocks(page):
        if block.language == "console":
            done.append((block.span, shown_anew(block)))
        else:
            execute(block, folder, names)
    for (start, end), new in reversed(done):
        text = text[:start] + new + text[end:]
    page.write_text(text, encoding="utf-8")


def shown_anew(block: Block) -> str:
    """A console block with the present output of its commands."""
    text = ""
    for command, shown in commands(block):
        printed = "\n".join(line.rstrip() for line in typed(command).splitlines()).strip() + "\n"
        printed = DIGEST.sub("plan …", printed)
        keep = not shown.strip() or as_shown(printed, shown)
        by_hand = "…" in shown.replace("plan …", "")
        if by_hand and not keep:
            sys.stderr.write(f"{block}: $ {command} prints now\n{printed}")
        text += f"$ {command}\n{shown if keep or by_hand else printed}"
    return text


if __name__ == "__main__":
    main()
