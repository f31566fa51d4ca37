"""The drawing that a replay moves in: boxes with room for what changes, and the arrows between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from twin.core.plan import ElementId, Plan
from twin.report.plant.drawing import laid_out, smooth
from twin.report.plant.graph import MARGIN, Box, Edge, Route, nodes
from twin.report.plant.loops import spot
from twin.report.plant.signs import LINE, NAME, NOTE, SYMBOL, folded, text_width
from twin.report.play.story import Line, Story
from twin.report.result.sheet import capacity
from twin.report.words import Lang, say

UNIT = 100.0
"""Units of the drawing in an inch."""
CELL_WIDE, CELL_TALL, CELL_GAP, ROW = 0.3, 0.24, 0.05, 8
"""Of the field that shows the state of a machine, inches, and how many stand side by side."""
BELT = 1.7
"""Least length of a belt, inches."""
PAD = 0.09
"""From the edge of a box to what it holds, inches."""


class Text(NamedTuple):
    """A line of text, its middle, units; ``size`` in units too; ``id``: what the script fills in."""

    text: str
    x: float
    y: float
    size: float
    id: str = ""


class Cell(NamedTuple):
    """The field of a machine: its upper left corner and size, units."""

    id: str
    name: str
    x: float
    y: float
    wide: float = CELL_WIDE * UNIT
    tall: float = CELL_TALL * UNIT


class Bar(NamedTuple):
    """The bar of a level, or the strip of a belt, units."""

    id: str
    x: float
    y: float
    wide: float
    tall: float


class Shape(NamedTuple):
    """An element: its kind, its upper left corner and size in units, and what stands in it."""

    kind: str
    x: float
    y: float
    wide: float
    tall: float
    texts: list[Text]
    cells: list[Cell]
    bars: list[Bar]


class Arrow(NamedTuple):
    """A way as SVG writes it; ``kind``: 'flow', 'back', 'driven' or 'cards'; ``id``: that of its hops, if any."""

    kind: str
    path: str
    id: str
    headless: bool


class Card(NamedTuple):
    """The sign of a loop of cards: its number, its middle and width, units; ``id``: what the script fills in."""

    text: str
    x: float
    y: float
    wide: float
    id: str


class Stage(NamedTuple):
    """All that is drawn, and the paper that it needs, units."""

    wide: float
    tall: float
    shapes: list[Shape]
    arrows: list[Arrow]
    cards: list[Card]


class Frame(NamedTuple):
    """What an element shows: its name, how many machines, and a line that changes, as wide as it can become."""

    kind: str
    names: tuple[str, ...]
    machines: tuple[int, ...]
    told: str
    size: float
    """How long its belt or bar is, inches; 0: it has none."""

    @property
    def rows(self) -> int:
        """Rows of fields of machines."""
        return -(-len(self.machines) // ROW)

    @property
    def symbol(self) -> bool:
        """Whether it is a symbol with its text below."""
        return self.kind in ("sources", "sinks")

    @property
    def wide(self) -> float:
        """The width of its text, inches."""
        texts = [*((name, NAME) for name in self.names), *([(self.told, NOTE)] if self.told else [])]
        return max(text_width(text, size) for text, size in texts)

    @property
    def fields(self) -> float:
        """The width of its fields, inches."""
        many = min(len(self.machines), ROW)
        return many * CELL_WIDE + max(0, many - 1) * CELL_GAP

    def box(self) -> Box:
        """The room that it needs."""
        lines = len(self.names) + bool(self.told)
        if self.symbol:
            wide = max(self.wide, 2 * SYMBOL) + 0.06
            return Box(wide, 2 * (SYMBOL + 0.05 + LINE * lines), SYMBOL + 0.03, SYMBOL + 0.05)
        beside = self.kind == "conveyors"  # the state of a belt stands beside its content
        fields = 0.0 if beside else self.rows * (CELL_TALL + CELL_GAP)
        wide = max(self.wide + 2 * PAD + (CELL_WIDE + 0.1 if beside else 0.0), self.fields + 2 * PAD, self.size, 0.8)
        tall = 2 * PAD + LINE * lines + fields + (0.13 if self.size else 0.0) + (0.17 if beside else 0.0)
        return Box(wide, tall, wide / 2)


def stage(plan: Plan, story: Story, ways: dict[Edge, int], lang: Lang) -> Stage:
    """The drawing of a plant for a story; elements stand as in the drawing of the plant."""
    frames = {i: _frame(plan, i, story, lang) for i in nodes(plan)}
    boxes = {i: frame.box() for i, frame in frames.items()}
    scene = laid_out(plan, boxes)
    shapes = []
    for i, frame in frames.items():
        x, y = scene.centres[i]
        shapes.append(_shape(i, frame, boxes[i], (x, scene.height - y), plan))
    fleets = _fleets(plan, story, scene.height)
    wide = max([scene.width * UNIT, *(fleet.x + fleet.wide for fleet in fleets)])
    tall = max([scene.height * UNIT, *(fleet.y + fleet.tall + 8 for fleet in fleets)])
    arrows = [_arrow(plan, route, scene.height, ways) for route in scene.routes]
    return Stage(wide, tall, [*shapes, *fleets], arrows, _cards(plan, story, scene.routes, scene.height))


def _frame(plan: Plan, index: ElementId, story: Story, lang: Lang) -> Frame:
    element = plan.elements[index]
    machines = tuple(number for owner, number in story.machines if owner == index)
    told, size = "", 0.0
    if element.section in ("buffers", "conveyors"):
        room = capacity(plan, element.name)
        told = held(room, room if room < 1e9 else _most(story.levels.get(index)), lang)
        size = BELT if element.section == "conveyors" else 0.8
    elif index in story.made:
        told = came(plan, index, f"{_most(story.made[index])}", lang)
    elif index in story.levels:
        told = say("pl_yard" if element.section == "sources" else "pl_queue", lang, n=_most(story.levels[index]))
    return Frame(element.section, folded(element.name), machines, told, size)


def held(room: float, n: float | str, lang: Lang) -> str:
    """The content of a buffer or conveyor in words; ``room``: its places."""
    shown = n if isinstance(n, str) else f"{n:.0f}"
    return say("pl_held", lang, n=shown, room=f"{room:.0f}") if room < 1e9 else shown


def came(plan: Plan, index: ElementId, n: str, lang: Lang) -> str:
    """What a sink received, in words: a number, and that it is waste where it is."""
    return n if getattr(plan.rows[index], "good", True) else f"{say('waste', lang)} {n}"


def _most(line: Line | None) -> int:
    return max((int(value) for value in line.value), default=0) if line else 0


def _shape(index: ElementId, frame: Frame, box: Box, centre: tuple[float, float], plan: Plan) -> Shape:
    """An element on paper, y down: names, fields of machines, the line that changes, the bar; from top to bottom."""
    x, y = centre[0] * UNIT, centre[1] * UNIT
    wide, tall = box.width * UNIT, box.height * UNIT
    top = y + (SYMBOL + 0.03) * UNIT if frame.symbol else y - tall / 2 + PAD * UNIT
    texts, cells, bars = list[Text](), list[Cell](), list[Bar]()
    for name in frame.names:
        texts.append(Text(name, x, top + LINE / 2 * UNIT, NAME * UNIT / 72))
        top += LINE * UNIT
    name = plan.elements[index].name
    beside = frame.kind == "conveyors" and bool(frame.machines)
    if frame.machines and not beside:
        cells, top = _cells(index, frame.machines, name, (x, top + 4))
    if frame.told:
        moved = (CELL_WIDE + 0.1) / 2 * UNIT if beside else 0.0
        down = 5 if beside else 0
        texts.append(Text("", x + moved, top + down + LINE / 2 * UNIT, NOTE * UNIT / 72, f"n{index}"))
        if beside:
            left = x - (text_width(frame.told, NOTE) + CELL_WIDE + 0.1) / 2 * UNIT
            cells = [Cell(f"m{index}-1", name, left, top + 3, CELL_WIDE * UNIT, 20)]
        top += LINE * UNIT + 2 * down
    if frame.size:
        edge = 10.0
        bars.append(
            Bar(f"b{index}", x - wide / 2 + edge, top + (5 if beside else 3), wide - 2 * edge, 13 if beside else 6)
        )
    return Shape(frame.kind, x - wide / 2, y - tall / 2, wide, tall, texts, cells, bars)


def _cells(index: ElementId, machines: Sequence[int], name: str, at: tuple[float, float]) -> tuple[list[Cell], float]:
    """The fields of machines in rows, and where the next line begins; ``at``: the middle of their upper edge."""
    found, top = list[Cell](), at[1]
    for first in range(0, len(machines), ROW):
        row = machines[first : first + ROW]
        left = at[0] - (len(row) * CELL_WIDE + (len(row) - 1) * CELL_GAP) / 2 * UNIT
        for n, number in enumerate(row):
            shown = f"{name} {number}" if len(machines) > 1 else name
            found.append(Cell(f"m{index}-{number}", shown, left + n * (CELL_WIDE + CELL_GAP) * UNIT, top))
        top += (CELL_TALL + CELL_GAP) * UNIT
    return found, top - 4


def _fleets(plan: Plan, story: Story, below: float) -> list[Shape]:
    """A line for each fleet below the drawing: its name and the fields of its vehicles."""
    found, y = list[Shape](), below * UNIT
    for index, name, _ in plan.of("vehicles"):
        numbers = [number for owner, number in story.machines if owner == index]
        left, line = MARGIN * UNIT, (CELL_TALL + CELL_GAP) * UNIT
        start = left + (text_width(name, NAME) + 0.15) * UNIT
        cells = [
            Cell(f"m{index}-{number}", f"{name} {number}", start + (n % 24) * (CELL_WIDE + CELL_GAP) * UNIT,
                 y + n // 24 * line)
            for n, number in enumerate(numbers)
        ]  # fmt: skip
        middle = left + text_width(name, NAME) / 2 * UNIT
        text = Text(name, middle, y + CELL_TALL / 2 * UNIT, NAME * UNIT / 72)
        tall = line * max(1, -(-len(numbers) // 24))
        right = max((cell.x + cell.wide for cell in cells), default=start)
        found.append(Shape("vehicles", left, y, right - left + 10, tall, [text], cells, []))
        y += tall + 6
    return found


def _arrow(plan: Plan, route: Route, height: float, ways: dict[Edge, int]) -> Arrow:
    driven = any(route.ends == (way.giver, way.taker) for _, _, row in plan.of("vehicles") for way in row.ways)
    kind = "cards" if route.loop >= 0 else "driven" if driven else "back" if route.back else "flow"
    number = ways.get(route.ends) if route.loop < 0 else None
    return Arrow(kind, _path(route, height), "" if number is None else f"w{number}", route.joins)


def _path(route: Route, height: float) -> str:
    """A route as the path of SVG, y down."""
    words = []
    for points, code in smooth(route).iter_segments(simplify=False):
        pairs = zip(points[::2], points[1::2], strict=True)
        words.append("MLQC"[code - 1] + " ".join(f"{x * UNIT:.1f} {(height - y) * UNIT:.1f}" for x, y in pairs))
    return " ".join(words)


def _cards(plan: Plan, story: Story, routes: Sequence[Route], height: float) -> list[Card]:
    """One sign a loop, with the number of its cards, and room for how many are in use where that is known."""
    found: dict[ElementId, Card] = {}
    for route in routes:
        if route.loop >= 0 and route.loop not in found:
            (x, y), limit = spot(route), f"{plan.rows[route.loop].limit}"
            known = route.loop in story.cards
            wide = (text_width(f"{limit}/{limit}" if known else limit, NOTE) + 0.1) * UNIT
            found[route.loop] = Card(limit, x * UNIT, (height - y) * UNIT, wide, f"c{route.loop}" if known else "")
    return list(found.values())
