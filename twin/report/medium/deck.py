"""Slides (.pptx): native tables and charts that can be edited, one message a slide. Needs python-pptx."""

from __future__ import annotations

import importlib
import io
import math
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from twin.core.output import OutputError
from twin.report.medium.book import PLAIN, safe
from twin.report.medium.grid import Sheet, legible, widest
from twin.report.style import ACCENT, FAINT, INK, MUTED, PAPER, held
from twin.study.files import write_with

WIDE, HIGH = 13.333, 7.5
"""inches."""
EDGE, TOP, FOOT = 0.6, 1.55, 7.02
"""Where contents begin at the left and below the title, and where the foot stands; inches."""
STRIPE = "#F2F2F2"
"""Every second row of a table."""
_SPACE = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


class Series(NamedTuple):
    """One series of a chart; None: no value there."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    """The low ends of intervals; empty: no intervals."""
    high: Sequence[float | None] = ()
    colour: str = ACCENT
    """Empty: not painted, what other bars stand on."""
    labels: bool = False
    """Whether each value is written beside it."""


class Chart(NamedTuple):
    """A chart; its numbers can be edited where it is shown."""

    kind: str
    """The name of a chart type of python-pptx, such as COLUMN_CLUSTERED."""
    categories: Sequence[str]
    series: Sequence[Series]
    axis: str
    """What is measured, with its unit."""
    share: bool = False
    """Whether it is a share of 0…1, shown in %."""
    overlap: int = 0
    """How far the bars of a category lie over each other, %."""

    @property
    def ends(self) -> tuple[float, float, float]:
        """Where the axis of values begins and ends, intervals included, and its step: 1, 2 or 5 times a power of 10."""
        every = [[*one.values, *one.low, *one.high] for one in self.series]
        if self.kind.endswith("STACKED"):
            sums = list(zip(*(one.values for one in self.series), strict=True))
            every = [[sum(x for x in column if x and x * sign > 0) for column in sums] for sign in (1, -1)]
            every.append(list(self._stacked_ends))
        known = [0.0, *(x for values in every for x in values if x is not None and math.isfinite(x))]
        low, high = min(known), max(known)
        size = (high - low or 1.0) / 5
        power = 10.0 ** math.floor(math.log10(size))
        step = power * next(one for one in (1, 2, 5, 10) if one * power >= size * 0.999)
        return math.floor(low / step) * step, math.ceil(high / step) * step or step, step

    @property
    def _stacked_ends(self) -> Iterator[float]:
        """Where intervals end that stand on bars that lie upon each other."""
        for at in range(len(self.categories)):
            tops = {True: 0.0, False: 0.0}
            for one in self.series:
                value = one.values[at] or 0.0
                tops[value >= 0] += value
                for end in (one.low, one.high):
                    if end and (known := end[at]) is not None:
                        yield tops[value >= 0] + known - value

    @property
    def form(self) -> str:
        """The number format: as many decimals as the step of the axis asks for."""
        places = max(-math.floor(math.log10(self.ends[2] * (100 if self.share else 1)) + 1e-9), 0)
        return ("0" if self.share else "#,##0") + ("." + "0" * places if places else "") + ("%" if self.share else "")

    @property
    def upwards(self) -> Chart:
        """Bars as they are laid out, from the bottom up: the first category and the first series at the top."""
        if not self.kind.startswith("BAR"):
            return self
        turned = [
            one._replace(values=one.values[::-1], low=one.low[::-1], high=one.high[::-1]) for one in self.series[::-1]
        ]
        return self._replace(categories=self.categories[::-1], series=turned)


class Box(NamedTuple):
    """Where something stands on a slide, inches."""

    left: float = EDGE
    top: float = TOP
    width: float = WIDE - 2 * EDGE
    height: float = FOOT - TOP - 0.1

    @property
    def places(self) -> Any:
        """The same for python-pptx."""
        return map(_inches, self)


WHOLE = Box()
LEFT, RIGHT = Box(width=5.6, height=4.55), Box(left=6.4, width=WIDE - EDGE - 6.4)
CHART = Box(height=5.0)
"""A chart above a line of text."""


def library(path: str | Path) -> Any:
    """The library that writes slides.

    Raises:
        OutputError: it is not installed.
    """
    try:
        return importlib.import_module("pptx")
    except ModuleNotFoundError:
        text = f"{path}: slides need python-pptx; install it with: pip install 'factory-twin[slides]'"
        raise OutputError(text) from None


class Deck:
    """Slides in the making.

    Raises:
        OutputError: python-pptx is not installed.
    """

    def __init__(self, title: str, foot: str, path: str | Path = "") -> None:
        self.inner: Any = library(path).Presentation()
        self._foot = legible(foot)
        self.inner.slide_width, self.inner.slide_height = _inches(WIDE), _inches(HIGH)
        self.inner.core_properties.title = legible(title)[:250]
        self.inner.core_properties.author = "twin"

    def slide(self, title: str, notes: str = "") -> Slide:
        """A new slide with its message as title; ``notes``: how to read it, for the speaker."""
        found = Slide(self.inner.slides.add_slide(self.inner.slide_layouts[5]))
        found.title(held(legible(title)))
        found.text(self._foot, FOOT, 0.35, size=10, colour=MUTED)
        if notes:
            found.inner.notes_slide.notes_text_frame.text = legible(notes)
        return found

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        data = io.BytesIO()
        self.inner.save(data)
        write_with(path, lambda place: place.write_bytes(data.getvalue()))


class Slide:
    """One slide; places are inches from its left upper corner."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def title(self, text: str) -> None:
        """Its message, over the whole width; smaller where it is long."""
        shape = self.inner.shapes.title
        _place(shape, EDGE, 0.4, WIDE - 2 * EDGE, 1.0)
        shape.text_frame.word_wrap = True
        shape.text_frame.vertical_anchor = _pptx("enum.text").MSO_ANCHOR.MIDDLE
        shape.text_frame.text = text
        size = 28 if len(text) < 75 else 24 if len(text) < 130 else 18
        _dress(shape.text_frame.paragraphs[0], size, INK, bold=True)

    def text(self, text: str, top: float, height: float, *, size: int = 14, colour: str = INK) -> None:
        """Lines of text over the whole width."""
        box = self.inner.shapes.add_textbox(*Box(top=top, height=height).places)
        box.text_frame.word_wrap = True
        for at, line in enumerate(held(legible(text)).split("\n")):
            paragraph = box.text_frame.paragraphs[0] if at == 0 else box.text_frame.add_paragraph()
            paragraph.text = line
            paragraph.space_after = _points(size / 2)
            _dress(paragraph, size, colour)

    def note(self, text: str) -> None:
        """A line below a chart."""
        self.text(text, FOOT - 0.42, 0.4, size=12, colour=MUTED)

    def table(self, sheet: Sheet, box: Box = WHOLE, *, words: bool = False) -> None:
        """A table, its note below it; letters smaller the more there are of rows and columns.

        Args:
            sheet: the table.
            box: where.
            words: whether all columns hold words, not numbers.
        """
        sheet = sheet.legible()
        letters = _letters(sheet)
        room = box.height - (0.75 if sheet.note else 0.0)
        lines = [max(cell.count("\n") + 1 for cell in row) for row in ((" \n ",), *sheet.rows)]
        tall = 72 * (room - ROW * len(lines)) / (LINE * sum(lines))
        size = int(max(min(16.0, tall, 72 * box.width / (LETTER * sum(letters))), 7.0))
        height = ROW * len(lines) + LINE * size * sum(lines) / 72
        frame = self.inner.shapes.add_table(len(lines), len(letters), *box._replace(height=height).places)
        _fill(frame.table, sheet, size, words=words)
        for at, one in enumerate(letters):
            frame.table.columns[at].width = int(_inches(box.width) * one / sum(letters))
        for number, count in enumerate(lines):
            frame.table.rows[number].height = _inches(ROW + LINE * size * count / 72)
        if sheet.note:
            self.text(sheet.note, FOOT - 0.8, 0.7, size=11, colour=MUTED)

    def chart(self, told: Chart, box: Box = CHART) -> None:
        """A native chart; with intervals where its series have them."""
        told = told.upwards
        kind = getattr(_pptx("enum.chart").XL_CHART_TYPE, told.kind)
        data = _chart_data()(number_format=told.form)
        data.categories = [legible(one) for one in told.categories]
        for one in told.series:
            data.add_series(legible(one.name), one.values)
        chart = self.inner.shapes.add_chart(kind, *box.places, data).chart
        _look(chart, told)
        for inner, one in zip(chart.plots[0].series, told.series, strict=True):
            _paint(inner, one, told)
            if one.low:
                _whisker(inner, one)


ROW, LINE, LETTER = 0.11, 1.25, 0.6
"""Of a table: what a row takes besides its lines (inches), and a line and a letter (of the type size)."""
MOST_LETTERS = 66


def _letters(sheet: Sheet) -> list[int]:
    """How wide each column is to be: its longest line, or the longest word of its head, and the margins."""
    words = [max(map(len, head.split()), default=1) for head in sheet.head]
    lines = [max((widest(row[at]) for row in sheet.rows), default=1) for at in range(len(sheet.head))]
    return [min(max(pair), MOST_LETTERS) + 3 for pair in zip(words, lines, strict=True)]


def _pptx(name: str) -> Any:
    return importlib.import_module(f"pptx.{name}")


@cache
def _chart_data() -> Any:
    """Data of a chart whose workbook, which opens when its numbers are edited, takes no name for a formula or link."""
    plain: Any = _pptx("chart.data").CategoryChartData

    class Data(plain):  # type: ignore[misc]  # python-pptx has no types
        @property
        def xlsx_blob(self) -> bytes:
            return _numbers(self)

    return Data


def _numbers(data: Any) -> bytes:
    """The workbook behind a chart, laid out as python-pptx refers to it: categories below, series to the right."""
    found = io.BytesIO()
    book = importlib.import_module("xlsxwriter").Workbook(found, PLAIN)
    sheet = book.add_worksheet("Sheet1")
    for row, one in enumerate(data.categories, 1):
        sheet.write_string(row, 0, safe(one.label))
    for column, series in enumerate(data, 1):
        sheet.write_string(0, column, safe(series.name))
        look = book.add_format({"num_format": series.number_format})
        for row, value in enumerate(series.values, 1):
            if value is not None:
                sheet.write_number(row, column, value, look)
    book.close()
    return found.getvalue()


def _inches(size: float) -> Any:
    return _pptx("util").Inches(size)


def _points(size: float) -> Any:
    return _pptx("util").Pt(size)


def _rgb(colour: str) -> Any:
    return _pptx("dml.color").RGBColor.from_string(colour.removeprefix("#"))


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = map(_inches, (left, top, width, height))


def _dress(paragraph: Any, size: float, colour: str = INK, *, bold: bool = False, right: bool = False) -> None:
    align = _pptx("enum.text").PP_ALIGN
    paragraph.alignment = align.RIGHT if right else align.LEFT
    paragraph.font.size, paragraph.font.bold = _points(size), bold
    paragraph.font.color.rgb = _rgb(colour)


def _fill(table: Any, sheet: Sheet, size: int, *, words: bool) -> None:
    """The cells of a table."""
    for number, row in enumerate((sheet.head, *sheet.rows)):
        for at, text in enumerate(row):
            cell = table.cell(number, at)
            cell.margin_left = cell.margin_right = _inches(0.07)
            cell.margin_top = cell.margin_bottom = _inches(0.03)
            cell.vertical_anchor = _pptx("enum.text").MSO_ANCHOR.MIDDLE
            cell.text_frame.text = text
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(ACCENT if number == 0 else PAPER if number % 2 else STRIPE)
            for paragraph in cell.text_frame.paragraphs:
                right = at > 0 and not words
                _dress(paragraph, size, INK if number else PAPER, bold=number == 0, right=right)


def _look(chart: Any, told: Chart) -> None:
    """Axes, legend and type sizes."""
    chart.font.size, chart.font.color.rgb = _points(13), _rgb(INK)
    chart.has_title = False
    painted = [one for one in told.series if one.colour]
    chart.has_legend = len(painted) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = _pptx("enum.chart").XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.tick_label_position = _pptx("enum.chart").XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = _rgb(MUTED)
    chart.category_axis.has_major_gridlines = False
    value = chart.value_axis
    value.has_title, value.axis_title.text_frame.text = True, legible(told.axis)
    _dress(value.axis_title.text_frame.paragraphs[0], 12, MUTED)
    value.major_gridlines.format.line.color.rgb = _rgb(FAINT)
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = told.form, False
    value.minimum_scale, value.maximum_scale, value.major_unit = told.ends
    if hasattr(chart.plots[0], "gap_width"):
        chart.plots[0].gap_width, chart.plots[0].overlap = 60, told.overlap


def _paint(inner: Any, told: Series, chart: Chart) -> None:
    """The colour of a series, and its values where they are to be read."""
    if not told.colour:
        inner.format.fill.background()
    elif chart.kind.startswith("LINE"):
        inner.format.line.color.rgb, inner.format.line.width, inner.smooth = _rgb(told.colour), _points(2.5), False
        inner.marker.format.fill.solid()
        inner.marker.format.fill.fore_color.rgb = _rgb(told.colour)
    else:
        inner.format.fill.solid()
        inner.format.fill.fore_color.rgb = _rgb(told.colour)
        inner.invert_if_negative = False
    if told.labels:
        labels = inner.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, chart.form, False
        labels.font.size = _points(12)


def _whisker(inner: Any, told: Series) -> None:
    """Intervals as error bars, which python-pptx does not know; what has no interval has none drawn."""
    from lxml import etree

    def sub(parent: Any, word: str, **attributes: str) -> Any:
        return etree.SubElement(parent, f"{{{_SPACE}}}{word}", attributes)

    bars = etree.Element(f"{{{_SPACE}}}errBars")
    for word, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        sub(bars, word, val=value)
    for word, ends, sign in (("plus", told.high, 1.0), ("minus", told.low, -1.0)):
        literal = sub(sub(bars, word), "numLit")
        sub(literal, "formatCode").text = "General"
        sub(literal, "ptCount", val=str(len(ends)))
        for at, (middle, end) in enumerate(zip(told.values, ends, strict=True)):
            if middle is not None and end is not None:
                sub(sub(literal, "pt", idx=str(at)), "v").text = repr(_reach(middle, end, sign))
    line = etree.SubElement(sub(bars, "spPr"), f"{{{_DRAWING}}}ln", w="19050")
    colour = etree.SubElement(etree.SubElement(line, f"{{{_DRAWING}}}solidFill"), f"{{{_DRAWING}}}srgbClr")
    colour.set("val", INK.removeprefix("#"))
    inner._element.find(f"{{{_SPACE}}}cat").addprevious(bars)


def _reach(middle: float, end: float, sign: float) -> float:
    """How far an interval reaches to one side; 0 where it has no end."""
    return max(sign * (end - middle), 0.0) if math.isfinite(end) else 0.0
