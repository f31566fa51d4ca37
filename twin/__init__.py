"""A digital twin of a factory: plants in YAML, simulated by discrete events, answered with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.core.version import __version__

__all__ = [
    "Calibration",
    "Plant",
    "PlantError",
    "Result",
    "Study",
    "StudyResult",
    "__version__",
    "check",
    "fit",
    "load",
    "load_study",
    "run",
]

if TYPE_CHECKING:
    from twin.api import Plant, Result, check, load, run
    from twin.api.history import Calibration, fit
    from twin.api.study import Study, load_study
    from twin.api.study_result import StudyResult
    from twin.core.problem import PlantError


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'twin' has no attribute '{name}'")
    import twin.api

    if name == "StudyResult":
        import twin.api.study_result

        return twin.api.study_result.StudyResult
    if name in ("Study", "load_study"):
        import twin.api.study

        return getattr(twin.api.study, name)
    if name in ("Calibration", "fit"):
        import twin.api.history

        return getattr(twin.api.history, name)
    return getattr(twin.api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
