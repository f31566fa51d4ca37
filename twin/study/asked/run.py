"""How a study is run: length, warm-up, replications, when to stop, what is drawn."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from twin.core.inputs import Inputs
from twin.core.layout import LONGEST, MOST_SEED, RunSpec
from twin.core.problem import Fault, Faults, fault, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec, build, inline_schema
from twin.core.unit import Quantity, json_schema
from twin.study.asked.case import DRAWS
from twin.study.asked.metric import Metric, Words, read_metric

MOST = 1_000_000
_WARM_UP = Quantity("time", most=LONGEST)


class Pilot(Spec):
    """A warm-up found from pilot replications of each scenario, the longest of all, then frozen."""

    pilot: Annotated[int, Field(ge=10, le=1000)] = 10
    """Pilot replications of each scenario."""


class Sequence(Spec):
    """Replications that go on until 'stop' is reached."""

    start: Annotated[int, Field(ge=5, le=MOST)] = 20
    """Before the first look."""
    step: Annotated[int, Field(ge=1, le=MOST)] = 10
    """Between two looks."""
    most: Annotated[int, Field(ge=5, le=MOST)] = 2000
    """After which it ends in any case."""

    @model_validator(mode="after")
    def _agree(self) -> Sequence:
        if self.most < self.start:
            raise Faults(Fault(("most",), f"'{self.most}' is less than 'start', {self.start}"))
        return self


def read_warm_up(value: object) -> float | Pilot:
    """A time such as 8 h, or {pilot: 10}."""
    return build(Pilot, value) if isinstance(value, dict) else _WARM_UP.read(value)


def read_replications(value: object) -> int | Sequence:
    """A number, or {start: 20, step: 10, most: 2000}."""
    if isinstance(value, dict):
        return build(Sequence, value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST:
        return value
    raise fault(f"a whole number from 1 to {MOST:,}, or {{start: 20, step: 10, most: 2000}}, is due, "
                f"not {received(value)}")  # fmt: skip


class StopSpec(Spec):
    """When there are enough replications."""

    metric: str
    """Whose interval is looked at, such as npv.difference; of the scenario where it is widest."""
    half_width: Any
    """How narrow it must be, on each side: '15 kEUR'."""
    confidence: Annotated[float, Quantity("share", least=0.5, most=0.9999)] = 0.95
    """Of that interval."""


class Stop(NamedTuple):
    """When there are enough replications, the metric known."""

    metric: Metric
    half_width: float
    """In the unit of the metric."""
    confidence: float


class InputsSpec(Spec):
    """What becomes of the uncertain inputs of fitted files."""

    draws: Literal["one per replication", "none"] = "one per replication"
    """'one per replication': replication k takes draw k in every scenario; 'none': the laws of the fitted file."""


def _warm_up_schema() -> dict[str, Any]:
    return {"anyOf": [json_schema("time"), inline_schema(Pilot)]}


def _replications_schema() -> dict[str, Any]:
    return {"anyOf": [{"type": "integer", "minimum": 1}, inline_schema(Sequence)]}


class StudyRun(Spec):
    """How long and how often to simulate; what is not written is as the layout has it."""

    warm_up: Annotated[float | Pilot, Reader(read_warm_up, _warm_up_schema)] | None = None
    """Time before the statistics start, or {pilot: 10}: found from pilot replications."""
    horizon: Annotated[float, Quantity("time", least=1e-6, most=LONGEST, positive=True)] | None = None
    """Measured time after the warm-up."""
    replications: Annotated[int | Sequence, Reader(read_replications, _replications_schema)] | None = None
    """Replications of every scenario: a number, or {start: 20, step: 10, most: 2000}, which 'stop' has by default."""
    stop: StopSpec | None = None
    """When there are enough of them."""
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] | None = None
    """Start of all random streams."""
    confidence: Annotated[float, Quantity("share", least=0.5, most=0.9999)] | None = None
    """Level of the intervals."""
    inputs: InputsSpec | None = None
    """Uncertain inputs; default one draw a replication where there are draws."""
    keep: list[str] = Field(default_factory=list)
    """KPIs to keep of each replication besides those that are asked for, such as mill.oee."""

    @model_validator(mode="after")
    def _agree(self) -> StudyRun:
        if isinstance(self.replications, Sequence) and self.stop is None:
            text = "replications that go on need 'stop', such as {metric: npv.difference, half_width: 15 kEUR}"
            raise Faults(Fault(("replications",), text))
        if isinstance(self.replications, int) and self.stop is not None:
            text = f"{self.replications} replications do not wait for 'stop'; write {{start: 20, step: 10, most: 2000}}"
            raise Faults(Fault(("replications",), text))
        return self

    def of(self, layout: RunSpec) -> Settings:
        """The settings with what the layout says where the study is silent; 'stop' and 'keep' are looked up later."""
        warm_up = layout.warm_up if self.warm_up is None else self.warm_up
        replications = self.replications
        if replications is None:
            replications = layout.replications if self.stop is None else Sequence()
        number = replications if isinstance(replications, int) else replications.start
        spec = {
            "warm_up": 0.0 if isinstance(warm_up, Pilot) else warm_up,
            "horizon": layout.horizon if self.horizon is None else self.horizon,
            "replications": number,
            "seed": layout.seed if self.seed is None else self.seed,
            "confidence": layout.confidence if self.confidence is None else self.confidence,
        }
        pilot = warm_up.pilot if isinstance(warm_up, Pilot) else 0
        wanted = self.inputs is None or self.inputs.draws == DRAWS
        return Settings(layout.model_copy(update=spec), pilot, replications, wanted=wanted)

    def known(self, words: Words) -> tuple[Stop | None, tuple[Metric, ...]]:
        """'stop' and 'keep' with their metrics; raises Faults, located from ``run`` downwards."""
        faults: list[Fault] = []
        stop: Stop | None = None
        try:
            if self.stop is not None:
                metric = read_metric(self.stop.metric, words)
                _check_mean(metric)
                stop = Stop(metric, _half_width(self.stop, metric), self.stop.confidence)
        except Faults as error:
            faults += [f._replace(loc=("stop", *(f.loc or ("metric",)))) for f in error.faults]
        kept = []
        for i, text in enumerate(self.keep):
            try:
                kept.append(read_metric(text, words))
            except Faults as error:
                faults += [f._replace(loc=("keep", i)) for f in error.faults]
        if faults:
            raise Faults(*faults)
        return stop, tuple(kept)


def _check_mean(metric: Metric) -> None:
    """Raise Faults unless its interval is that of a mean of rows, which narrows with the replications as it should."""
    if not metric.is_straight:
        text = f"{quoted(metric.text)} cannot say when there are enough; write npv.mean, annuity.mean or a KPI"
        raise fault(text, loc=("metric",))


def _half_width(stop: StopSpec, metric: Metric) -> float:
    try:
        found = metric.read(stop.half_width)
    except Faults as error:
        raise Faults(*(f._replace(loc=("half_width",)) for f in error.faults)) from None
    if found <= 0:
        raise fault(f"{received(stop.half_width)} must be more than 0", loc=("half_width",))
    return found


class Settings(NamedTuple):
    """The run settings of a study, nothing left open."""

    spec: RunSpec
    """Warm-up (0 where it is found by pilots) and horizon in s, seed, confidence, replications (or the first look)."""
    pilot: int
    """Pilot replications that find the warm-up; 0: it is given."""
    replications: int | Sequence
    stop: Stop | None = None
    keep: tuple[Metric, ...] = ()
    drawn: bool = False
    """Whether replication k takes draw k of the uncertain inputs of fitted files."""
    wanted: bool = True
    """Whether it does so where a lever brings the first of them."""


def is_drawn(asked: InputsSpec | None, inputs: Inputs) -> bool:
    """Whether the uncertain inputs are drawn.

    Raises:
        Faults: that is asked for, but there is nothing to draw; located from ``run`` downwards.
    """
    if asked is None or asked.draws != DRAWS:
        return asked is None and bool(inputs) and not inputs.wrong
    loc = ("inputs", "draws")
    if inputs.wrong:
        raise fault(inputs.wrong[0], loc=loc)
    if not inputs:
        more = f", such as {inputs.fixed[0]}; calibrate again" if inputs.fixed else " ({from: FILE#NAME})"
        raise fault(f"the layout takes nothing with draws from a fitted file{more}", loc=loc)
    return True
