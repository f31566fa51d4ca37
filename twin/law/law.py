"""The base of laws and the field that reads one: '45 s', {exponential: 55 s}, {A: 3 min, other: 2 min}."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import PrivateAttr
from pydantic_core import CoreSchema, core_schema

from twin.core.origin import Origin
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import ByProduct, Spec, build, inline_schema, kinds
from twin.core.unit import EXAMPLES, check_range, json_schema, parse, show

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Generator = np.random.Generator


FROM = "from"
"""Refers to what a calibration found: {from: FILE#NAME}."""
SCALE = "scale"
"""Beside it, a factor of the law or the share: {from: FILE#NAME, scale: 0.8}; its draws are scaled too."""


class Moments(NamedTuple):
    """Mean and standard deviation of a law, SI units."""

    mean: float
    sd: float

    @property
    def cv(self) -> float:
        """Coefficient of variation (0 for a law that is always 0)."""
        return self.sd / self.mean if self.mean else 0.0


class Law(Spec):
    """A law of a duration or a count, written by its mean and coefficient of variation.

    Every law states its ``moments``, its ``params`` (the numbers of the plan) and how to ``sample`` them.
    """

    NAME: ClassVar[str]
    ORDER: ClassVar[tuple[str, ...]] = ()
    """Fields of the short form: one for '{exponential: 55 s}', several for '{uniform: [a, b]}'."""

    _dimension: str = PrivateAttr("time")
    _origin: Origin | None = PrivateAttr(None)
    _factor: float = PrivateAttr(1.0)

    def model_post_init(self, context: Any, /) -> None:
        """Remember what the law measures; the reader passes it as context."""
        self._dimension = (context or {}).get("dimension", "time")

    @property
    def dimension(self) -> str:
        """What the law measures: a key of ``twin.core.unit.UNITS``."""
        return self._dimension

    @property
    def origin(self) -> Origin | None:
        """Where in a fitted file it was taken from; None: the layout writes it."""
        return self._origin

    @property
    def factor(self) -> float:
        """What the law of the fitted file was scaled by."""
        return self._factor

    def taken_from(self, origin: Origin, factor: float = 1.0) -> Law:
        """The law, which from now on knows the entry of a fitted file that it was taken from, and by what scaled."""
        self._origin, self._factor = origin, factor
        return self

    def moments(self) -> Moments:
        """Mean and standard deviation, SI units."""
        raise NotImplementedError

    def params(self, folder: Path) -> tuple[float, ...]:
        """The numbers of the plan, SI units; ``folder`` is where the layout stands.

        Raises:
            Faults: a file the law refers to cannot be used.
        """
        raise NotImplementedError

    @staticmethod
    def sample(params: tuple[float, ...], rng: Generator, n: int) -> Floats:
        """``n`` independent draws, shape (n,), SI units; the same values in blocks of any size."""
        raise NotImplementedError

    @staticmethod
    def log_density(params: tuple[float, ...], x: Floats) -> Floats:
        """Logarithm of the density at ``x`` (SI units, any shape; -inf outside the support), for calibration.

        ``params`` must not be degenerate (CV > 0). Constant and empirical laws have no density.
        """
        raise NotImplementedError

    @staticmethod
    def log_survival(params: tuple[float, ...], x: Floats) -> Floats:
        """Logarithm of P(X > x), the likelihood of a duration censored at ``x``; shapes as ``log_density``."""
        raise NotImplementedError

    @classmethod
    def remaining(cls, params: tuple[float, ...], mean: float, chance: float) -> float:
        """The time left to something met in mid-life: the ``chance`` quantile of the density P(X > x) / mean.

        Reference: Cox, Renewal Theory, ch. 5 (forward recurrence time of a stationary renewal process).
        """
        import numpy as np

        high = mean
        while cls.log_survival(params, np.asarray(high)) > -30.0 and high < 1e9 * mean:
            high *= 2
        x = np.concatenate([[0.0], np.geomspace(1e-9 * mean, high, 20_001)])
        survival = np.exp(cls.log_survival(params, x))
        passed = np.concatenate([[0.0], np.cumsum(np.diff(x) * (survival[1:] + survival[:-1]) / 2)])
        return float(np.interp(chance * mean, passed, x))

    def files(self) -> tuple[str, ...]:
        """The files it refers to, as the layout names them."""
        return ()

    def resolve(self, folder: Path) -> Law:
        """The law with what it refers to read in; ``folder`` is where the layout stands.

        To be called before ``moments`` and ``params``; only laws that name a file do anything here.

        Raises:
            Faults: a file cannot be used; located from the law's field downwards: ``('empirical', 'file')``.
        """
        return self

    @property
    def uncut(self) -> Moments:
        """Mean and standard deviation as written, before values below 0 are cut off; SI units."""
        return self.moments()

    def cut_off(self) -> str:
        """In words what the cut at 0 makes of its mean and sd; empty: less than 1 %."""
        written, cut, unit = self.uncut, self.moments(), self.dimension
        if abs(cut.mean - written.mean) <= 0.01 * written.mean and abs(cut.sd - written.sd) <= 0.01 * written.sd:
            return ""
        now = f"mean {show(cut.mean, unit)} and sd {show(cut.sd, unit)}"
        return f"cut off at 0 this law has {now}, not {show(written.mean, unit)} and {show(written.sd, unit)}"

    def words(self) -> str:
        """The law as ``twin show`` prints it: mean, CV and the usual parameters."""
        usual = ", ".join(f"{k} {v}" for k, v in self.usual().items())
        moments = self.moments()
        text = f"{self.NAME} mean {show(moments.mean, self.dimension)} cv {moments.cv:.4g}"
        return f"{text} ({usual})" if usual else text

    def usual(self) -> dict[str, str]:
        """The usual parameters of textbooks, as text by name."""
        return {}


class LawValue:
    """A parameter of a law in the dimension of the law's field."""

    def __init__(self, positive: bool = False, least: float = 0.0) -> None:
        self.positive, self.least = positive, least

    def read(self, value: object, info: core_schema.ValidationInfo[Any]) -> float:
        """The SI size in the dimension that the field asks for."""
        context = info.context or {}
        dimension = context.get("dimension", "time")
        number = parse(value, dimension, context.get("also", ()))
        check_range(number, value, dimension, self.least, positive=self.positive)
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"type": "string", "title": "a value with its unit"}


class LawOf:
    """A field that holds a law: ``Annotated[Law, LawOf('time')]``.

    Args:
        dimension: what the law measures; several mean the unit decides (``mtbf`` in time or in cycles).
        bare: the law that a bare value stands for.
        positive: whether the mean must be more than 0.
        by_product: whether a map by product may stand here (then the value may be a ``ByProduct``).
        fitted: which law of a breakdown in a fitted file ``{from: FILE#NAME}`` means: 'up' or 'repair'.
    """

    def __init__(
        self,
        *dimensions: str,
        bare: str = "constant",
        positive: bool = False,
        by_product: bool = False,
        fitted: str = "",
    ) -> None:
        self.dimensions, self.bare, self.positive, self.by_product = dimensions, bare, positive, by_product
        self.fitted = fitted

    def read(self, value: object) -> Law | ByProduct:
        """The law that ``value`` writes."""
        if not isinstance(value, dict):
            return self._named(self.bare, value)
        if is_reference(value):
            from twin.law.fitted import Fitted  # a law itself, that is read by this

            return Fitted.of(value, self._single())
        names = list(kinds("law"))
        if len(value) == 1 and (name := next(iter(value))) in names:
            try:
                return self._named(name, value[name])
            except Faults as error:
                raise Faults(*(Fault((name, *f.loc), f.text, f.nearest) for f in error.faults)) from None
        if self.by_product and value and not set(names) & set(value):
            return self._per_product(value, names)
        raise self._no_law(value, names)

    def _single(self) -> LawOf:
        return LawOf(*self.dimensions, bare=self.bare, positive=self.positive, fitted=self.fitted)

    def _per_product(self, value: dict[str, Any], names: list[str]) -> ByProduct:
        try:
            return read_per_product(value, self._single().read)
        except Faults:
            if len(value) == 1 and nearest(next(iter(value)), names):
                raise self._no_law(value, names) from None
            raise

    def _no_law(self, value: dict[str, Any], names: list[str]) -> Faults:
        example = EXAMPLES[self.dimensions[0]]
        if len(value) == 1:
            name = next(iter(value))
            return fault(f"unknown law {quoted(name)}", nearest(name, names), (name,))
        meant = {key: near for key in value if (near := nearest(key, names))}
        if len(meant) < len(value) and not set(names) & set(value):
            return fault(f"a law is one key, such as '{{exponential: {example}}}', not a map of {len(value)}")
        misspelt = (Fault((key,), f"unknown law {quoted(key)}", near) for key, near in meant.items() if key != near)
        return Faults(*misspelt, Fault((), _one_law(list(meant), [key for key in value if key not in meant])))

    def _named(self, name: str, value: object) -> Law:
        kind = kinds("law")[name]
        dimension = self._dimension(value)
        also = [one for one in self.dimensions if one != dimension]
        context = {"dimension": dimension, "also": also, "positive": self.positive}
        try:
            law: Law = build(kind, short_form(kind, value), context)
        except Faults as error:
            raise Faults(*(as_written(kind, value, f) for f in error.faults)) from None
        if self.positive and law.moments().mean <= 0:
            raise fault(f"{'the mean' if isinstance(value, dict | list) else quoted(value)} must be more than 0")
        return law

    def _dimension(self, value: object) -> str:
        """The dimension of the first text below ``value`` that has one of ours; else our first."""
        for text in _texts(value):
            for dimension in self.dimensions[1:]:
                try:
                    parse(text, dimension)
                except Faults:
                    continue
                return dimension
        return self.dimensions[0]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        plain = [json_schema(d) for d in self.dimensions]
        laws: dict[str, Any] = {"type": "object", "properties": {n: law_schema(k) for n, k in kinds("law").items()}}
        if not self.by_product:
            laws |= {"additionalProperties": False, "maxProperties": 1}
        return {"anyOf": [*plain, laws, reference_schema()]}


def _one_law(laws: list[str], others: list[str]) -> str:
    """What is said of a map with a law and more."""
    if len(laws) == 1:
        return f"a law stands alone; take out {', '.join(map(quoted, others))}"
    return f"one law is due, not {len(laws)}; keep one of {', '.join(map(quoted, laws))}"


def is_reference(value: object) -> bool:
    """Whether it is a law or a share of a fitted file, {from: FILE#NAME}, scaled or not."""
    return isinstance(value, dict) and FROM in value and set(value) <= {FROM, SCALE}


def read_factor(value: dict[str, Any]) -> float:
    """The factor beside a reference; 1 without one.

    Raises:
        Faults: it is no number above 0.
    """
    if SCALE not in value:
        return 1.0
    try:
        factor = parse(value[SCALE], "number")
        check_range(factor, value[SCALE], "number", positive=True)
    except Faults as error:
        raise Faults(*(one._replace(loc=(SCALE,)) for one in error.faults)) from None
    return factor


def reference_schema() -> dict[str, Any]:
    """JSON Schema of a reference to a fitted file."""
    keys = {FROM: {"type": "string", "title": "a name in a fitted file: FILE#NAME"}, SCALE: {"type": "number"}}
    return {"type": "object", "properties": keys, "required": [FROM], "additionalProperties": False}


def short_form(kind: type[Law], value: object) -> object:
    """The map that a short form stands for: '55 s' → {mean: 55 s}, [a, b] → {low: a, high: b}."""
    order = kind.ORDER
    if isinstance(value, dict) or not order:
        return value
    items = value if isinstance(value, list) and len(order) > 1 else [value]
    if len(items) != len(order):
        got = f"[{', '.join(str(i) for i in value)}]" if isinstance(value, list) else received(value)
        raise fault(f"{kind.NAME} takes [{', '.join(order)}], not {got}")
    return dict(zip(order, items, strict=True))


def as_written(kind: type[Law], value: object, f: Fault) -> Fault:
    """A fault of the map that a short form stands for, located in the short form itself."""
    if isinstance(value, dict) or not f.loc or f.loc[0] not in kind.ORDER:
        return f
    step = (kind.ORDER.index(str(f.loc[0])),) if len(kind.ORDER) > 1 else ()
    return f._replace(loc=(*step, *f.loc[1:]))


def law_schema(kind: type[Law]) -> dict[str, Any]:
    """JSON Schema of what may follow a law's name."""
    short: dict[str, Any] = {"type": "string"} if len(kind.ORDER) == 1 else {"type": "array"}
    return {"anyOf": [inline_schema(kind), short]} if kind.ORDER else inline_schema(kind)


def read_per_product(value: dict[str, Any], read: Any) -> ByProduct:
    """A map by product whose values ``read`` reads; all faults together."""
    found, faults = ByProduct(), list[Fault]()
    for product, inner in value.items():
        try:
            found[product] = read(inner)
        except Faults as error:
            faults += [Fault((product, *f.loc), f.text, f.nearest) for f in error.faults]
    if faults:
        raise Faults(*faults)
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and "unit" in value:  # plain numbers in a file: the unit alone decides
        return [f"1 {value['unit']}"]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in _texts(child)]
