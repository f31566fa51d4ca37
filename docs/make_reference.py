"""Write the tables of docs/reference from the code: ``python docs/make_reference.py`` (``--check`` only compares).

The words between the tables are written by hand. A table stands between ``<!-- table: NAME -->`` and
``<!-- end -->``; what is between is made here, from the fields of the kinds and from the catalogue of KPIs.
"""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from twin import element  # noqa: E402
from twin.calibrate.history.columns import Columns, History, Sql  # noqa: E402
from twin.calibrate.history.meaning import ModeSpec, PriorSpec, ReasonSpec  # noqa: E402
from twin.calibrate.history.reading import Reading, ValidationSpec, Window  # noqa: E402
from twin.core.compiling.carrier import Carrier  # noqa: E402
from twin.core.layout import Head, RunSpec  # noqa: E402
from twin.core.running.rule import RULES  # noqa: E402
from twin.core.spec import Reader, Registered, kinds  # noqa: E402
from twin.core.unit import EXAMPLES, UNITS, Quantity, show  # noqa: E402
from twin.element.breakdown import Breakdown  # noqa: E402
from twin.element.machines.kit import Batch  # noqa: E402
from twin.element.machines.power import Power, SwitchOff  # noqa: E402
from twin.element.machines.quality import Quality, Rework  # noqa: E402
from twin.element.machines.setup import Setup  # noqa: E402
from twin.element.maintenance import Maintenance, StartUp  # noqa: E402
from twin.element.market.demand import Wanted  # noqa: E402
from twin.element.market.orders import Order  # noqa: E402
from twin.element.market.supply import Disruption  # noqa: E402
from twin.element.moving.rack import Dwell  # noqa: E402
from twin.element.people.absence import Absence  # noqa: E402
from twin.element.station import Handling, Queue  # noqa: E402
from twin.element.vehicles import Battery  # noqa: E402
from twin.kpi.catalogue import CATALOGUE  # noqa: E402
from twin.law.amount import AmountOf  # noqa: E402
from twin.law.law import LawOf, LawValue  # noqa: E402
from twin.lever import kinds as levers  # noqa: E402
from twin.study.asked.decision import DecisionSpec  # noqa: E402
from twin.study.asked.grid import FactorialSpec  # noqa: E402
from twin.study.asked.levers import LeverSpec  # noqa: E402
from twin.study.asked.metric import FINANCIAL  # noqa: E402
from twin.study.asked.money import CashItem, FinanceSpec, Installation, RampUp, WorkingCapital  # noqa: E402
from twin.study.asked.optimise import LeverChoice, OptimiseSpec, PathChoice  # noqa: E402
from twin.study.asked.run import InputsSpec, Pilot, Sequence, StopSpec, StudyRun  # noqa: E402
from twin.study.asked.spec import StudySpec  # noqa: E402

REFERENCE = ROOT / "docs" / "reference"
COPIED = ("like", "stream_as")
"""Keys that every element has; they stand in a table of their own."""
WORDS: dict[str, str] = {
    "read_moment": "date and time, such as `2027-01-04 06:00`",
    "read_capacity": "whole number, or `unlimited`",
    "read_rule": "name of a rule",
    "read_by": "a skill, or people by skill: `{welder: 1, helper: 1}`",
    "read_holds": "number of parts, or by product: `{A: 5}`",
    "read_shares": "share, such as `4 %`; may be by product",
    "read_weights": "shares by product that add up to 100 %",
    "read_send": "see [Splits](#splits-and-merges)",
    "read_first": "law of a time or of cycles, or `running`",
    "read_list": "list of orders, or name of a CSV or Excel file",
    "read_demand": "rate, such as `118000 /y`; may be by product",
    "read_reference": "a name in a fitted file: `FILE#NAME`",
    "read_when": "time since the start, or date and time",
    "read_week": "hours by days: `{mon-fri: [06:00-14:00]}`",
    "read_open": "list of lengths: `[0 h-12 h]`",
    "read_breaks": "list of hours or lengths: `[09:30-09:45]`",
    "read_closed": "list of dates, ranges of dates, moments or lengths",
    "read_flow": "list of lines of arrows: `[a -> b -> c]`",
    "read_step": "list of steps: `{m1: 2 min}`",
    "read_power": "[power](#power) by state, or such a map by carrier",
    "read_reason": "word, or map: [reason](#reasons)",
    "read_zone": "time zone, such as `Europe/Paris`",
    "read_time_format": "format, such as `'%d/%m/%Y %H:%M'`",
    "read_separator": "`,` `;` `\\|` or `tab`",
    "read_lever": "[lever](#levers)",
    "read_changes": "map of paths to [changes](#changes)",
    "read_scenarios": "map of names to lists of levers",
    "read_sweep": "[grid](#sweeps): lists of values by path",
    "read_warm_up": "time, such as `8 h`, or `{pilot: 10}`",
    "read_replications": "whole number, or `{start: 20, step: 10, most: 2000}`",
    "read_month": "month, such as `2027-01`",
    "read_carbon": "money per mass, such as `80 EUR/t`, or by year: `{2027: 80 EUR/t}`; each may be a law",
    "read_range": "low and high: `[6 %, 10 %]`",
    "read_clauses": "list of [conditions](#metrics): `[payback.median <= 4 y]`",
    "read_fraction": "`full`, `half`, or `1/4` …",
    "read_group_power": "[power](#power) `working`, `idle`, `off`, or such a map by carrier",
}


def main() -> int:
    """Write all pages, or with ``--check`` say which are not current (exit code 1)."""
    stale = [page for page in pages() if page.read_text(encoding="utf-8") != made(page)]
    for page in stale:
        if "--check" in sys.argv:
            sys.stderr.write(f"{page.relative_to(ROOT)} is not current; run: python docs/make_reference.py\n")
        else:
            page.write_text(made(page), encoding="utf-8")
    return int("--check" in sys.argv and bool(stale))


def pages() -> list[Path]:
    """The pages that hold tables."""
    return sorted(REFERENCE.glob("*.md"))


def made(page: Path) -> str:
    """The text of a page with its tables made anew."""
    pattern = re.compile(r"(<!-- table: ([\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda m: f"{m[1]}{table(m[2])}\n{m[3]}", page.read_text(encoding="utf-8"))


def table(name: str) -> str:
    """The table of this name, as Markdown."""
    family, _, word = name.partition(".")
    if family == "kpi":
        return kpi_table(word)
    if family == "command":
        return option_table(word)
    if family == "section":
        return section_table(word)
    return model_table(MODELS[name]) if name in MODELS else TABLES[name]()


# -- keys of a model


def section_table(section: str) -> str:
    """The keys of an element kind."""
    return model_table(kinds("element")[section], COPIED)


def model_table(model: type[BaseModel], without: tuple[str, ...] = ()) -> str:
    """One row a key: what is written, the default, what it means."""
    rows = []
    for name, field in model.model_fields.items():
        if name not in without:
            meaning = (field.description or "").replace("\n", " ")
            rows.append((f"`{field.alias or name}`", value_words(field), default_words(field, model), meaning))
    return markdown(("key", "value", "default", "meaning"), rows)


def default_words(field: FieldInfo, model: type[BaseModel]) -> str:
    """The default of a key, as it would be written."""
    if field.is_required():
        return "must be written"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), [], {}) or isinstance(value, BaseModel) or value is PydanticUndefined:
        return "–"
    return _written(value, _quantity(field))


def _written(value: Any, quantity: Quantity | None) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value == float("inf"):
        return "`unlimited`"
    return f"`{show(value, quantity.dimension)}`" if quantity else f"`{value}`"


def _quantity(field: FieldInfo) -> Quantity | None:
    return next((one for one in markers(field) if isinstance(one, Quantity)), None)


def markers(field: FieldInfo) -> list[Any]:
    """What the annotation of a field carries, from outside to inside."""
    return [*field.metadata, *_inside(field.annotation)]


def _inside(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in typing.get_args(annotation):
        yield from _inside(inner)


def value_words(field: FieldInfo) -> str:
    """What may be written, with the unit."""
    for one in markers(field):
        if words := _marker_words(one):
            return ("map of names to: " if _is_map_of_read(field, one) else "") + words
    return _type_words(field.annotation, field.metadata)


def _is_map_of_read(field: FieldInfo, one: Any) -> bool:
    inside = one not in field.metadata  # else it reads the map itself
    return inside and typing.get_origin(field.annotation) is dict and isinstance(one, Reader)


def _marker_words(one: Any) -> str:
    match one:
        case Quantity():
            return f"{one.dimension}, such as `{EXAMPLES[one.dimension]}`"
        case LawValue():
            return "value with its unit"
        case LawOf():
            return _law_words(one)
        case AmountOf():
            return _amount_words(one)
        case Registered():
            title = one.name.replace("_", "-")
            named = title.endswith(("s", "maintenance"))  # there may be several of these, each with its name
            return f"map{' of names to' if named else ':'} [{title}](#{title})"
        case Reader():
            return WORDS.get(one.read.__name__) or _first_line(one.read)
    return ""


def _first_line(read: Callable[[Any], Any]) -> str:
    line = (read.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    return line[:1].lower() + line[1:]


def _law_words(law: LawOf) -> str:
    bare = "" if law.bare == "constant" else f"; a bare value is the mean of an {law.bare} law"
    return f"law of {' or '.join(law.dimensions)}{' or by product' if law.by_product else ''}{bare}"


def _amount_words(amount: AmountOf) -> str:
    examples = " or ".join(f"`{EXAMPLES[one]}`" for one in amount.dimensions)
    return f"{' or '.join(amount.dimensions)}, such as {examples}; may be a law"


def _type_words(annotation: Any, metadata: list[Any]) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _type_words(inner[0], [*metadata, *inner[1:]])
    if origin in (Union, UnionType):
        return _type_words(next(a for a in inner if a is not type(None)), [*metadata, *_inside(annotation)])
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in inner)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"map: [{_title(annotation)}](#{_anchor(annotation)})"
    if origin is dict and isinstance(inner[1], type) and issubclass(inner[1], BaseModel):
        return f"map of names to [{_title(inner[1])}](#{_anchor(inner[1])})"
    if origin is list and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
        return f"list of [{_title(inner[0])}](#{_anchor(inner[0])})"
    if origin is list:
        return "`[x, y]`, metres" if inner == (float,) else "list of names" if inner == (str,) else "list"
    return _PLAIN.get(annotation, "map") + _bounds(metadata)


_PLAIN: dict[Any, str] = {
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    str: "text",
    dict[str, str]: "map of names to names",
    dict[str, list[str]]: "map of names to lists of names",
}


def _bounds(metadata: list[Any]) -> str:
    found = [m for one in metadata for m in (getattr(one, "metadata", None) or [one])]
    low = next((m.ge for m in found if hasattr(m, "ge")), None)
    above = next((m.gt for m in found if hasattr(m, "gt")), None)
    high = next((m.le for m in found if hasattr(m, "le")), None)
    high = None if high is not None and high >= 1e9 else high
    words = f" from {low:,}" if low is not None else f" above {above:,}" if above is not None else ""
    return words + (f" to {high:,}" if high is not None else "")


def _anchor(model: type[BaseModel]) -> str:
    return _ANCHORS.get(model) or _title(model)


def _title(model: type[BaseModel]) -> str:
    """The name of a model in words: SwitchOff is switch-off."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__.removesuffix("Spec")).lower()


_ANCHORS: dict[type[BaseModel], str] = {
    Handling: "load-and-unload",
    Carrier: "energy",
    PriorSpec: "modes",
    ModeSpec: "modes",
    RampUp: "cash",
    Installation: "cash",
    CashItem: "cash",
    WorkingCapital: "finance",
    FactorialSpec: "factorials",
    StudyRun: "run",
    StopSpec: "run",
    InputsSpec: "run",
}


# -- other tables


def law_table() -> str:
    """One row a law: how it is written and what it means."""
    rows = []
    for name, law in kinds("law").items():
        fields = ", ".join(f"`{key}`" for key in law.model_fields)
        short = f"`{{{name}: {_short(law.ORDER)}}}`" if law.ORDER else "–"
        rows.append((f"`{name}`", fields, short, _summary(law)))
    return markdown(("law", "keys", "short form", "meaning"), rows)


def _short(order: tuple[str, ...]) -> str:
    return order[0] if len(order) == 1 else f"[{', '.join(order)}]"


def _summary(kind: type[Any]) -> str:
    first = (kind.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(first.split()).replace("``", "`").replace("|", "\\|")


def law_key_table() -> str:
    """The keys of every law."""
    rows = [
        (f"`{name}`", f"`{key}`", value_words(field), field.description or "")
        for name, law in kinds("law").items()
        for key, field in law.model_fields.items()
    ]
    return markdown(("law", "key", "value", "meaning"), rows)


def unit_table() -> str:
    """One row a dimension."""
    rows = [(d, f"`{EXAMPLES[d]}`", " ".join(f"`{unit}`" for unit in units)) for d, units in UNITS.items()]
    return markdown(("quantity", "example", "units"), rows)


def rule_table() -> str:
    """One row a queue rule; the words are here, the test asks that none is missing."""
    return markdown(("rule", "goes first"), [(f"`{rule}`", RULE_WORDS[rule]) for rule in RULES])


RULE_WORDS = {
    "fifo": "the part that came here first",
    "lifo": "the part that came here last",
    "spt": "the part with the shortest mean work at the next station",
    "lpt": "the part with the longest mean work at the next station",
    "mwkr": "the part with the most mean work left on its route",
    "lwkr": "the part with the least mean work left on its route",
    "mopnr": "the part with the most steps left on its route",
    "edd": "the part with the earliest due date; parts without one last",
    "cr": "the smallest critical ratio: (due date − now) / work left",
    "priority": "the highest priority, then the part that came here first",
    "same_setup": "a part for which the machine is set up, then the part that came here first",
}


def common_table() -> str:
    """The keys that every element has."""
    fields = kinds("element")["stations"].model_fields
    rows = [(f"`{key}`", "name", "–", fields[key].description or "") for key in COPIED]
    return markdown(("key", "value", "default", "meaning"), rows)


def command_table() -> str:
    """One row a command."""
    rows = [(f"[`twin {name}`](#twin-{name})", one.help or "") for name, one in commands().items()]
    return markdown(("command", "what it does"), rows)


def commands() -> dict[str, Any]:
    """The commands of the program by name."""
    from typer.main import get_command

    from twin.cli import app

    return dict(typing.cast("Any", get_command(app)).commands)


def option_table(name: str) -> str:
    """The arguments and options of a command, then the examples of its help."""
    rows = [(f"`{_spelt(one)}`", getattr(one, "help", "") or "") for one in commands()[name].params]
    options = markdown(("argument or option", "meaning"), rows) if rows else "It takes no argument and no option."
    lines = (commands()[name].epilog or "").splitlines()[2:]
    return "\n".join((options, "", "```sh", *(line.strip() for line in lines), "```"))


def _spelt(one: Any) -> str:
    if one.param_type_name == "argument":
        return str(one.metavar)
    return one.opts[0] + (f" {one.metavar}" if one.metavar else "")


def kpi_table(where: str) -> str:
    """The KPIs that stand under one part of the result document."""
    better = {True: "more", False: "less", None: "–"}
    found = [kpi for (place, _), kpi in CATALOGUE.items() if place == where]
    rows = [
        (f"`{k.name}`" if k.name else "share", k.en, k.fr, k.unit, k.formula, k.norm, better[k.higher_is_better])
        for k in found
    ]
    return markdown(("KPI", "English", "French", "unit", "formula", "source", "better"), rows)


def markdown(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table as Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)


def lever_table() -> str:
    """One row a shorthand: what it is for, its keys, and the changes that it stands for."""
    rows = []
    for word, kind in kinds("lever").items():
        parts = (kind.__doc__ or "").strip().split("\n\n")
        what, expands = (" ".join(one.split()).replace("``", "`").replace("|", "\\|") for one in parts[:2])
        keys = ", ".join(f"`{field.alias or name}`" for name, field in kind.model_fields.items())
        rows.append((f"`{word}`", keys, what, expands))
    return markdown(("word", "keys", "meaning", "changes"), rows)


def lever_key_table() -> str:
    """The keys of every shorthand."""
    rows = [
        (f"`{word}`", f"`{field.alias or key}`", field.description or "")
        for word, kind in kinds("lever").items()
        for key, field in kind.model_fields.items()
    ]
    return markdown(("word", "key", "meaning"), rows)


def metric_table() -> str:
    """One row a metric of the money."""
    rows = [(f"`{base}`", ", ".join(f"`.{end}`" for end in ends), unit) for base, (ends, unit) in FINANCIAL.items()]
    return markdown(("metric", "what of it", "unit"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "commands": command_table,
    "common": common_table,
    "units": unit_table,
    "laws": law_table,
    "law_keys": law_key_table,
    "rules": rule_table,
    "levers": lever_table,
    "lever_keys": lever_key_table,
    "metrics": metric_table,
}
MODELS: dict[str, type[BaseModel]] = {
    "head": Head, "run": RunSpec, "queue": Queue, "handling": Handling, "quality": Quality, "rework": Rework,
    "order": Order, "setup": Setup, "batch": Batch, "absence": Absence, "breakdown": Breakdown,
    "maintenance": Maintenance, "start_up": StartUp, "wanted": Wanted, "disruption": Disruption, "dwell": Dwell,
    "carrier": Carrier, "power": Power, "switch_off": SwitchOff, "battery": Battery,
    "reading": Reading, "window": Window, "history": History, "columns": Columns, "sql": Sql, "reason": ReasonSpec,
    "mode": ModeSpec, "prior": PriorSpec, "validation": ValidationSpec,
    "study": StudySpec, "lever": LeverSpec, "cash": CashItem, "ramp_up": RampUp, "installation": Installation,
    "factorial": FactorialSpec, "study_run": StudyRun, "pilot": Pilot, "sequence": Sequence, "stop": StopSpec,
    "inputs": InputsSpec, "finance": FinanceSpec, "working_capital": WorkingCapital, "decision": DecisionSpec,
    "optimise": OptimiseSpec, "path_choice": PathChoice, "lever_choice": LeverChoice,
}  # fmt: skip
"""Tables of keys: the plant language, then the reading file, then the study file."""


if __name__ == "__main__":
    assert element
    assert levers
    sys.exit(main())
