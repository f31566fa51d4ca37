"""The version of this package, for all floors; ``pyproject.toml`` reads it here."""

__version__ = "0.1.0"
