"""What the table of a result says, as plain text: headline, stations, buffers, people, products, captions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from twin.core.ledger import STATES
from twin.core.plan import Plan
from twin.core.spec import Kind, kinds
from twin.report.labels import kpi_word, label
from twin.report.measure import Measure, light, measure, share, show
from twin.report.medium.grid import Sheet
from twin.report.result import spent, unsure
from twin.report.result.cycles import as_ideal
from twin.report.words import Lang, as_per_cent, check_word, decimal, say, time, time_unit, titled, unit_word

Document = Mapping[str, Any]
"""The JSON document of a run."""


class Answer(Protocol):
    """What a report needs of the result of a run."""

    @property
    def plan(self) -> Plan:
        """The plan that was run."""

    @property
    def rows(self) -> Sequence[Mapping[str, float]]:
        """One map of numbers by path a replication, such as 'bottleneck.mill'."""

    @property
    def warnings(self) -> Sequence[str]:
        """What the runs had to say."""

    def document(self) -> dict[str, Any]:
        """The JSON document."""


def sheets(plan: Plan, document: Document, lang: Lang = "en") -> list[Sheet]:
    """All tables of a result that have rows."""
    found = [
        headline(plan, document, lang),
        unsure.inputs(plan, document, lang),
        stations(plan, document, lang),
        buffers(plan, document, lang),
        people(plan, document, lang),
        vehicles(plan, document, lang),
        cards(plan, document, lang),
        *(own(kind, document, lang) for kind in kinds("element").values() if any(kind.HEADING)),
        spent.cost(document, lang),
        spent.energy(document, lang),
        spent.carriers(document, lang),
        products(document, lang),
        customers(document, lang),
    ]
    return [sheet for sheet in found if sheet.rows]


def value(kpi: str, found: Measure, lang: Lang = "en", interval: bool = True) -> str:
    """A KPI with interval and unit: '37.2 ± 0.4 /h', '12.4 ± 0.3 min', '2.1 ± 0.2 %'."""
    unit = label(kpi).unit
    if unit == "time":
        size, unit = time_unit(found.mean)
        found = found.times(1 / size)
    elif unit == "share":
        found = found.times(100)
    factor, unit = light(unit, [found.mean])
    found = found.times(factor)
    kept = found if interval else Measure(found.mean)
    grain = HALF_BIN * found.mean if kpi == BINNED and found.half else 0.0
    return f"{show(kept, lang, grain)} {unit_word(unit, lang)}".rstrip()


BINNED, HALF_BIN = "lead_time_p95_s", 0.005
"""The KPI that is known to a bin of lead times only, and half the width of one."""


def headline(plan: Plan, document: Document, lang: Lang = "en") -> Sheet:
    """The KPIs of the whole plant; the rate per open hour only where it is another, lost parts where there are any.

    What the cost is made of has a table of its own.
    """
    pairs = [(kpi, measure(found)) for kpi, found in document["kpis"].items() if kpi not in spent.COSTS]
    per_hour = dict(pairs).get("throughput_per_h")
    pairs = [(kpi, found) for kpi, found in pairs if kpi != "throughput_per_open_h" or found != per_hour]
    pairs.append(("lost", lost(document)))
    rows = tuple((kpi_word(kpi, lang), value(kpi, found, lang)) for kpi, found in pairs if found)
    note = _long_stays(document, lang)
    return Sheet(plan.name or say("plant", lang), (say("result", lang), say("value", lang)), rows, note)


def lost(document: Document) -> Measure | None:
    """Parts that arrived and could not enter, over all sources; without interval when several lose; None: no part."""
    found = [measure(entry.get("kpis", {}).get("lost")) for _, entry in elements(document)]
    losing = [one for one in found if one and one.mean > 0]
    return losing[0] if len(losing) == 1 else Measure(sum(one.mean for one in losing)) if losing else None


def _long_stays(document: Document, lang: Lang) -> str:
    """Why the mean lead time is above the time that 95 % do not exceed, a bin of these times and more; else empty."""
    mean, most = (measure(document["kpis"].get(kpi)) for kpi in ("lead_time_s", BINNED))
    if not mean or not most or mean.mean <= most.mean * (1 + 2 * HALF_BIN):
        return ""
    closed = any(state_share(entry, "off", "break", "maintenance") for _, entry in machines(document))
    return say("long_stays" if closed else "long_stay", lang)


def elements(document: Document, kind: str | None = None) -> list[tuple[str, Mapping[str, Any]]]:
    """(name, entry) of the elements of a kind, in declared order."""
    return [(name, e) for name, e in document["elements"].items() if kind in (None, e.get("kind"))]


CARRIER = "conveyor"
"""The kind of what has states but does no work."""


def machines(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    """The elements that work: those that have states, conveyors apart."""
    return [(name, entry) for name, entry in elements(document) if entry.get("states") and entry["kind"] != CARRIER]


def conveyors(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    """The conveyors, which have states too."""
    return elements(document, CARRIER)


def state_share(entry: Mapping[str, Any], *states: str) -> float:
    """The mean share of time in any of these states, 0…1."""
    found = [measure(entry["states"].get(state)) for state in states]
    return sum(one.mean for one in found if one)


def opened(document: Document) -> float:
    """The opening time, breaks included, as a share of the measured time: that of the station open for longest.

    A station that is off is not active, so no bottleneck share is larger; 1 where no station is ever off.
    """
    return max((1 - state_share(entry, "off") for _, entry in machines(document)), default=1.0) or 1.0


def time_word(document: Document, lang: Lang = "en") -> str:
    """What bottleneck shares are shares of: 'time', 'opening time' where the plant has closed hours."""
    return say("opening_time" if opened(document) < ALWAYS else "all_time", lang)


ALWAYS = 1 - 1e-9
"""A plant that is open for more than this share of the time has no closed hours."""


def shares(document: Document) -> dict[str, Measure]:
    """The share of the opening time of each station as the bottleneck, alone or while it shifts; without any: none."""
    found = {name: measure(one) for name, one in document.get("bottleneck", {}).get("shares", {}).items()}
    part = opened(document)
    return {name: one.times(1 / part) for name, one in found.items() if one}


def several(name: str, entry: Mapping[str, Any]) -> str:
    """The name of a station and how many machines it has."""
    count = entry.get("machines", 1)
    return f"{tick(name)} ×{count}" if count > 1 else tick(name)


LONGEST = 40
"""Letters of a name beside an axis: more would leave no room for what is drawn."""


def tick(name: str) -> str:
    """A name beside an axis; a very long one is cut."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


_GROUPED = {
    "working": ("working",),
    "setup": ("setup",),
    "blocked": ("blocked",),
    "starved": ("starved",),
    "down": ("repair", "waiting_repair", "micro_stop"),
    "people": ("waiting_operator",),
    "maintenance": ("maintenance",),
    "closed": ("off", "break"),
}
"""Column of the table of stations → its states; they hold every state once."""
assert sorted(s for group in _GROUPED.values() for s in group) == sorted(STATES)


NOTED = ("intrinsic", "down", "people", "closed", "bottleneck")
"""Columns whose heads are too short to say what they hold."""
OVER = 1.0005
"""An intrinsic OEE that is shown as more than 100.0 %."""


def stations(plan: Plan, document: Document, lang: Lang = "en") -> Sheet:
    """OEE, intrinsic OEE, states and bottleneck share of each station, %; then the states of the conveyors."""
    entries, necks = [*machines(document), *conveyors(document)], shares(document)
    columns: dict[str, list[str]] = {}
    for key in ("oee", "trs_intrinsic"):
        found = [measure(entry.get("kpis", {}).get(key)) for _, entry in entries]
        if any(found):
            columns[key if key == "oee" else "intrinsic"] = [_tight(share(m, lang, key == "oee")) for m in found]
    for column, states in _GROUPED.items():
        means = [state_share(entry, *states) for _, entry in entries]
        if column in ("working", "blocked", "starved", "down") or any(means):
            columns[column] = [share(Measure(mean), lang) for mean in means]
    if necks:
        none = {name: None for name, _ in conveyors(document)}
        columns["bottleneck"] = [share(necks.get(name, none.get(name, Measure(0.0))), lang) for name, _ in entries]
    names = [several(name, entry) for name, entry in entries]
    head = (say("station", lang), *(say(column, lang) for column in columns))
    rows = tuple(zip(names, *columns.values(), strict=True)) if names else ()
    heading = say("stations_belts" if conveyors(document) else "stations", lang)
    told = [_station_note(columns, entries, time_word(document, lang), lang), *_over_100(plan, entries, lang)]
    return Sheet(heading, head, rows, " ".join(told))


def _station_note(
    columns: Mapping[str, object], entries: Sequence[tuple[str, Mapping[str, Any]]], time: str, lang: Lang
) -> str:
    """What the columns that are there hold, as far as their heads do not say it; ``time``: of bottleneck shares."""
    kpis = [entry.get("kpis", {}) for _, entry in entries]
    told = [say(f"{column}_note", lang, time=time) for column in columns if column in NOTED]
    starting = {name: measure(found.get("start_up_share")) for (name, _), found in zip(entries, kpis, strict=True)}
    shown = [f"{name} {share(one, lang)}" for name, one in starting.items() if one]
    if shown:
        told.append(say("start_up_note", lang, shares=", ".join(shown)))
    return " ".join(told)


def _over_100(plan: Plan, entries: Sequence[tuple[str, Mapping[str, Any]]], lang: Lang) -> list[str]:
    """Why the intrinsic OEE of some stations is above 100 %."""
    found = {name: measure(entry.get("kpis", {}).get("trs_intrinsic")) for name, entry in entries}
    high = [name for name, one in found.items() if one and one.mean >= OVER]
    keys = dict.fromkeys("over_100_begun" if as_ideal(plan, name) else "over_100" for name in high)
    return [say(key, lang) for key in keys]


def _tight(text: str) -> str:
    return text.replace(" ± ", "±")


def capacity(plan: Plan, name: str) -> float:
    """How many parts the place of an element holds; NaN when it has none."""
    try:
        owner = plan.index(name)
    except KeyError:
        return math.nan
    return next((place.capacity for place in plan.places if place.owner == owner), math.nan)


def buffers(plan: Plan, document: Document, lang: Lang = "en") -> Sheet:
    """Mean content, capacity and mean wait of each buffer and queue."""
    rows = []
    for name, entry in elements(document):
        kpis = entry.get("kpis", {})
        content, wait = measure(kpis.get("content")), measure(kpis.get("wait_s"))
        if content is not None:
            held = _capacity_word(_bound(plan, name), lang)
            rows.append((name, show(content, lang), held, value("wait_s", wait, lang) if wait else "–"))
    head = tuple(say(key, lang) for key in ("buffer", "content", "capacity", "wait"))
    return Sheet(say("buffers", lang), head, tuple(rows))


def _bound(plan: Plan, name: str) -> float:
    """The capacity of a place; of a source its yard, none where parts that find no room go away."""
    row = next((row for _, found, row in plan.of("sources") if found == name), None)
    if row is None:
        return capacity(plan, name)
    return 0.0 if row.balk and math.isinf(row.yard) else float(row.yard)


def _capacity_word(places: float, lang: Lang) -> str:
    return say("unlimited", lang) if math.isinf(places) else decimal(places, 0, lang)


def people(plan: Plan, document: Document, lang: Lang = "en") -> Sheet:
    """How busy each group of people is, and absent where any has absences."""
    groups = [(name, entry.get("kpis", {})) for name, entry in elements(document, "operators")]
    columns = ["busy", *(["absent"] if any("absent" in kpis for _, kpis in groups) else [])]
    rows = []
    for name, kpis in groups:
        shown = [share(measure(kpis.get(key)), lang, interval=True) for key in columns]
        rows.append((name, group_size(plan, name), *shown))
    head = (say("group", lang), say("count", lang), *(say(key, lang) for key in columns))
    return Sheet(say("groups", lang), head, tuple(rows))


def group_size(plan: Plan, name: str) -> str:
    """The number of people of a group as text."""
    return next(f"{row.count:g}" for _, found, row in plan.of("operators") if found == name)


def vehicles(plan: Plan, document: Document, lang: Lang = "en") -> Sheet:
    """How busy each fleet is: on trips, driving with and without parts, charging where any does; trips."""
    counts = {name: row.count for _, name, row in plan.of("vehicles")}
    columns = {"busy": "busy", "loaded_share": "loaded", "empty_share": "empty"}
    if any("charging_share" in entry.get("kpis", {}) for _, entry in elements(document, "vehicles")):
        columns["charging_share"] = "charging"
    rows = []
    for name, entry in elements(document, "vehicles"):
        kpis = entry.get("kpis", {})
        shown = [share(measure(kpis.get(key)), lang, interval=True) for key in columns]
        trips = measure(kpis.get("trips"))
        rows.append((name, f"{counts[name]:g}", *shown, show(trips, lang) if trips else "–"))
    head = tuple(say(key, lang) for key in ("fleet_name", "count", *columns.values(), "trips"))
    return Sheet(say("vehicles", lang), head, tuple(rows))


def cards(plan: Plan, document: Document, lang: Lang = "en") -> Sheet:
    """How many cards each loop has, and the share of them in use."""
    limits = {name: row.limit for _, name, row in plan.of("cards")}
    rows = []
    for name, entry in elements(document, "cards"):
        busy = measure(entry.get("kpis", {}).get("busy"))
        rows.append((name, f"{limits[name]:g}", share(busy, lang, interval=True)))
    head = (say("loop", lang), say("count", lang), say("in_use", lang))
    return Sheet(say("cards", lang), head, tuple(rows))


def own(kind: type[Kind], document: Document, lang: Lang = "en") -> Sheet:
    """The key figures that a kind declares itself, one row an element."""
    rows = []
    for name, entry in elements(document, kind.WORD):
        found = [(kpi.name, measure(entry.get("kpis", {}).get(kpi.name))) for kpi in kind.KPIS]
        rows.append((name, *(value(kpi, one, lang) if one else "–" for kpi, one in found)))
    head = (say("element", lang), *(kpi_word(kpi.name, lang) for kpi in kind.KPIS))
    return Sheet(titled(kind.HEADING, lang), head, tuple(rows))


def customers(document: Document, lang: Lang = "en") -> Sheet:
    """What the customer at each sink wants and gets."""
    rows = []
    for name, entry in elements(document, "sink"):
        found = [measure(entry.get("kpis", {}).get(key)) for key in ("demand", "backlog", "finished_stock")]
        wanted, backlog, stock = found
        if wanted and backlog and stock:
            on_time = measure(entry["kpis"].get("on_time_share"))
            shown = (show(wanted, lang), share(on_time, lang, interval=True), show(backlog, lang), show(stock, lang))
            rows.append((name, *shown))
    head = tuple(say(key, lang) for key in ("sink", "wanted", "on_time", "backlog", "finished"))
    return Sheet(say("customers", lang), head, tuple(rows))


def products(document: Document, lang: Lang = "en") -> Sheet:
    """Good parts and lead time by product, when there are several."""
    rows = []
    for name, kpis in document.get("products", {}).items():
        parts, lead = measure(kpis.get("parts")), measure(kpis.get("lead_time_s"))
        rows.append((name, show(parts, lang) if parts else "–", value("lead_time_s", lead, lang) if lead else "–"))
    head = tuple(say(key, lang) for key in ("product", "parts", "lead"))
    return Sheet(say("products", lang), head, tuple(rows) if len(rows) > 1 else ())


def checks(document: Document, lang: Lang = "en") -> str:
    """The checks in one line; empty without any."""
    words = []
    for check in document.get("checks", []):
        name = check_word(check["name"], lang)
        found = f" ({check['found']})" if check.get("found") else ""
        words.append(f"{name} ✓" if check["ok"] else f"{name} ✗ {say('failed', lang)}{found}")
    return say("checks", lang) + ", ".join(words) if words else ""


def level(document: Document, lang: Lang = "en") -> str:
    """The confidence level in %, as text."""
    return as_per_cent(document.get("confidence", 0.95), lang)


def caption(document: Document, lang: Lang = "en") -> list[str]:
    """What the numbers are: replications, window, confidence; and where they come from."""
    n, warm = document.get("replications", 1), time(document.get("warm_up_s") or 0.0, lang)
    shown = _measured(document, n, lang)
    drawn = document.get("inputs")
    key = "one_run" if n == 1 else "runs_drawn" if drawn else "runs"
    runs = say(key, lang, n=n, horizon=shown, warm=warm, level=level(document, lang))
    known = {word: document.get(word) for word in ("seed", "plan", "twin")}
    return [
        runs,
        say("source_drawn", lang, **known, draws=drawn["draw_set"]) if drawn else say("source", lang, **known),
    ]


def _measured(document: Document, n: int, lang: Lang) -> str:
    """How long was measured: the horizon, or less when the plant was empty before."""
    horizon, makespan = document.get("horizon_s"), measure(document["kpis"].get("makespan_s"))
    if horizon is None or math.isinf(horizon):
        return say("until_empty", lang)
    if makespan is None:
        return time(horizon, lang)
    lasted = makespan.mean - (document.get("warm_up_s") or 0.0)
    return say("emptied_mean" if n > 1 else "emptied", lang, time=time(lasted, lang))
