"""The shorthands of the package, one file each; importing this registers them."""

from twin.lever import (
    automate,
    buffer,
    conwip,
    crew,
    kanban,
    machine,
    maintenance,
    quality,
    rebalance,
    shift,
    skill,
    smed,
    tpm,
)

__all__ = [
    "automate",
    "buffer",
    "conwip",
    "crew",
    "kanban",
    "machine",
    "maintenance",
    "quality",
    "rebalance",
    "shift",
    "skill",
    "smed",
    "tpm",
]
