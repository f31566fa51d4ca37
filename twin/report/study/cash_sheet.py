"""The cash flow of a scenario as a sheet with live formulas, whose NPV is that of the runs to the cent.

The lines are means over the rows of the study. Every step behind them is straight: the tax is a share of what is
taxed, and with a rate that is certain the mean NPV is the NPV of the mean flows. Where the rate is uncertain it is
not, for (1 + r)^-t bends and rows with a high rate may be others than those with a high flow. Then two rows of the
sheet hold what the mean rate misses, year by year: a factor on (1 + r)^-t, and an amount beside the discounted flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

from twin.report.medium.book import Cell, Formula, cell, span
from twin.report.medium.book import Page as Leaf
from twin.report.study.sums import Page
from twin.report.style import ACCENT, FAINT, INK, MUTED
from twin.report.worded import kind
from twin.report.worded import rate as rate_word

Values = Sequence[float | None]

NAME, FACTOR, FIRST = 0, 1, 2
"""Columns: what a line is, what it is multiplied by, and time 0."""
RATE, TAX, NPV, RUNS, APART, FUNCTION, IRR, IRR_RUNS, ANNUITY, PAYBACK, PAYBACK_RUNS = range(4, 15)
"""Rows above the table."""
TABLE = 20
"""Row of the head of the table."""
EXACT = 1e-12
"""A mean factor nearer than this to that of the mean rate comes of a rate that is certain."""


@dataclass(frozen=True)
class Flows:
    """The flows of a scenario as numbers, and where they stand on its sheet."""

    money: Mapping[str, Any]

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """The flows of the document."""
        found: Mapping[str, Any] = self.money["flows"]
        return found

    @cached_property
    def lines(self) -> list[Mapping[str, Any]]:
        """All lines but the tax."""
        return [line for line in self.told["lines"] if line["kind"] != "tax"]

    @property
    def years(self) -> int:
        """Y."""
        return len(self.told["columns"]) - 1

    @property
    def last(self) -> int:
        """Column of the last year end; behind it stand the sum and the present value."""
        return FIRST + self.years

    @property
    def plain(self) -> list[float]:
        """(1 + r)^-t at the mean rate."""
        return [(1 + self.told["rate"]) ** -t for t in range(self.years + 1)]

    @cached_property
    def bent(self) -> bool:
        """Whether the rate is uncertain."""
        pairs = zip(self.told["factors"], self.plain, strict=True)
        return any(abs(mean / plain - 1) > EXACT for mean, plain in pairs)

    @property
    def discounted(self) -> list[float]:
        """The mean discounted flow of each year end; their sum is the NPV."""
        total = self.told["cumulative"]["mean"]
        return [total[0], *(after - before for before, after in pairwise(total))]

    @property
    def joint(self) -> list[float]:
        """What the mean of flow times factor is more than the product of both means."""
        each = zip(self.discounted, self.told["mean"], self.told["factors"], strict=True)
        return [value - flow * factor for value, flow, factor in each]

    def bending(self, sign: str, word: str) -> Callable[[int], str]:
        """What a formula takes in of a row that is there where the rate is uncertain."""
        return lambda at: f"{sign}{cell(self.row(word), at)}" if self.bent else ""

    def row(self, word: str) -> int:
        """The row in which something stands."""
        return self._rows[word]

    @cached_property
    def _rows(self) -> dict[str, int]:
        n, at, found = len(self.lines), TABLE, dict[str, int]()
        extra = ("correction",) if self.bent else ()
        more = ("joint",) if self.bent else ()
        words = ("tax", "net", "so_far", "back", "gap", "end", *extra, "factor", *more, "present", "present_so_far")
        found["cash"] = at + 1
        found |= {word: at + 1 + n + k for k, word in enumerate(words)}
        found["taxed_head"] = found["present_so_far"] + 2
        found["taxed"] = found["taxed_head"] + 1
        found["taxed_sum"] = found["taxed"] + n
        found["data_head"] = found["taxed_sum"] + 3
        found["data"] = found["data_head"] + 1
        found["data_taxed_head"] = found["data"] + n + 1
        found["data_taxed"] = found["data_taxed_head"] + 1
        return found


def cash_sheet(leaf: Leaf, page: Page, scenario: Mapping[str, Any], rate: str, tax: str) -> str:
    """Write the sheet of a scenario.

    Args:
        leaf: an empty sheet.
        page: the study and its language.
        scenario: one with money.
        rate, tax: formulas of the cells that hold the discount rate and the tax.

    Returns:
        The name of the cell that holds the NPV.
    """
    flows = Flows(scenario["money"])
    leaf.wide(NAME, 42)
    leaf.wide(FACTOR, 15)
    for column in range(FIRST, flows.last + 3):
        leaf.wide(column, 12)
    name, level = scenario["name"], page.level
    leaf.put(0, 0, page.say("book_cash_title", name=name, against=page.against), "title")
    leaf.put(1, 0, page.say("book_cash_note", n=page.doc["run"]["replications"], level=level), "note")
    leaf.put(2, 0, page.say("book_factor_note"), "note")
    _answers(leaf, page, flows, rate, tax)
    _cash(leaf, page, flows)
    _discounting(leaf, page, flows)
    _taxed(leaf, page, flows)
    _data(leaf, page, flows)
    _chart(leaf, page, flows)
    leaf.inner.freeze_panes(0, 1)
    leaf.inner.fit_to_pages(1, 1)
    return cell(NPV, FACTOR)


def _answers(leaf: Leaf, page: Page, flows: Flows, rate: str, tax: str) -> None:
    """What the sheet computes beside what the runs say."""
    told, npv = flows.told, flows.money["npv"]["mean"]
    here, r, none = cell(NPV, FACTOR), cell(RATE, FACTOR), page.say("book_none")
    annuity = f"=IF({r}=0,{here}/{flows.years},{here}*{r}/(1-(1+{r})^-{flows.years}))"
    ours, median = _rates(flows, page), flows.money["payback"]["median"]
    found = f"IRR({_across(flows, 'net')}{'' if isinstance(ours, str) else ',' + cell(IRR_RUNS, FACTOR)})"
    rows: tuple[tuple[int, str, Cell, str], ...] = (
        (RATE, "book_rate", Formula(f"={rate}", told["rate"]), "rate"),
        (TAX, "book_tax", Formula(f"={tax}", told["tax"]), "rate"),
        (NPV, "book_npv", Formula(f"=SUM({_across(flows, 'present')})", npv["value"]), "answer"),
        (RUNS, "book_npv_runs", npv["value"], "cent"),
        (APART, "book_apart", Formula(f"=ROUND({here}-{cell(RUNS, FACTOR)},2)", 0.0), "cent"),
        (IRR, "book_irr", Formula(f'=IFERROR(IF({found}>-1,{found},"{none}"),"{none}")', ours), "rate"),
        (IRR_RUNS, "book_irr_runs", ours, "rate"),
        (ANNUITY, "book_annuity", Formula(annuity, _annuity(npv["value"], told["rate"], flows.years)), "eur"),
        (PAYBACK, "book_payback", _payback(page, flows), "one"),
        (PAYBACK_RUNS, "book_payback_runs", page.say("never") if median is None else median, "one"),
    )
    for row, key, value, look in rows:
        leaf.put(row, NAME, page.say(key), "sum_text" if row == NPV else "text")
        leaf.put(row, FACTOR, value, look)
    if not flows.bent:
        net = flows.row("net")
        text = f"={cell(net, FIRST)}+NPV({r},{span(net, FIRST + 1, flows.last)})"
        leaf.put(FUNCTION, NAME, page.say("book_function"))
        leaf.put(FUNCTION, FACTOR, Formula(text, npv["value"]), "cent")
    leaf.put(RUNS, FIRST, page.say("book_interval", level=page.level), "text_in")
    leaf.line(RUNS, (npv["low"], npv["high"]), "eur", FIRST + 1)


def _across(flows: Flows, word: str) -> str:
    """The cells of all year ends of a row."""
    return span(flows.row(word), FIRST, flows.last)


def _rates(flows: Flows, page: Page) -> float | str:
    """The internal rate of return of the mean flows; in words where there is not one."""
    found = flows.money["irr"]["of_mean_flows"]
    if len(found) == 1:
        return float(found[0])
    return " / ".join(rate_word(one, page.lang) for one in found) or page.say("book_none")


def _annuity(npv: float, rate: float, years: int) -> float:
    """The same amount every year that is worth the NPV."""
    return npv / years if rate == 0 else npv * rate / (1 - (1 + rate) ** -years)


def _payback(page: Page, flows: Flows) -> Formula:
    """Where the sum of the flows comes back to 0, on a straight line between year ends; 0 where it is never below."""
    sums, back, never = _across(flows, "so_far"), _across(flows, "back"), page.say("never")
    text = f'=IF(MIN({sums})>=0,0,IF(COUNT({back})=0,"{never}",MIN({back})))'
    found = [one for one in _backs(flows.told["mean"]) if one is not None]
    if min(accumulate(flows.told["mean"])) >= 0:
        return Formula(text, 0.0)
    return Formula(text, min(found) if found else never)


def _backs(flows: Sequence[float]) -> list[float | None]:
    """By year end: where within its year the sum of the flows comes back to 0; None: it does not."""
    sums = list(accumulate(flows))
    later = (at - 1 - a / (b - a) if a < 0 <= b else None for at, (a, b) in enumerate(pairwise(sums), 1))
    return [None, *later]


def _head(leaf: Leaf, page: Page, flows: Flows, row: int, key: str, *, more: tuple[str, ...] = ()) -> None:
    """The head of a block: its name, the year ends, and what stands behind them."""
    leaf.put(row, NAME, page.say(key), "head")
    leaf.put(row, FACTOR, "×" if more else "", "head_right")
    leaf.line(row, (*flows.told["columns"], *more), "head_right", FIRST)


def _each(
    leaf: Leaf, flows: Flows, word: str, formula: Callable[[int], str], values: Values, *, look: str = "eur"
) -> None:
    """One formula a year end, with what it comes to; an empty text where that is None."""
    for at, value in enumerate(values):
        cell_ = Formula(formula(FIRST + at), "" if value is None else value)
        leaf.put(flows.row(word), FIRST + at, cell_, look)


def _cash(leaf: Leaf, page: Page, flows: Flows) -> None:
    """The lines, each its factor times what was simulated; the tax on them; their sum."""
    _head(leaf, page, flows, TABLE, "book_cash", more=(page.say("book_sum"), page.say("book_present")))
    for k, line in enumerate(flows.lines):
        row = flows.row("cash") + k
        leaf.put(row, NAME, _label(page, line))
        leaf.put(row, FACTOR, _factor(flows, k), "input_factor")
        _scaled(leaf, flows, row, flows.row("data") + k, line["mean"])
        _sums(leaf, flows, row, line["mean"])
    taxes = [-flows.told["tax"] * one for one in _summed(flows, "taxable")]
    leaf.put(flows.row("tax"), NAME, page.say("book_tax_line"))
    rate = cell(TAX, FACTOR, "column row")
    _each(leaf, flows, "tax", lambda at: f"=-{rate}*{cell(flows.row('taxed_sum'), at)}", taxes)
    _sums(leaf, flows, flows.row("tax"), taxes)
    net, first, last = flows.row("net"), flows.row("cash"), flows.row("tax")
    leaf.line(net, (page.say("book_net"), ""), "sum_text")
    _each(leaf, flows, "net", lambda at: f"=SUM({cell(first, at)}:{cell(last, at)})", flows.told["mean"], look="sum")
    _sums(leaf, flows, net, flows.told["mean"], "sum")


def _label(page: Page, line: Mapping[str, Any]) -> str:
    """What a line is; what a bought thing is sold for has the label of what it cost."""
    label = str(line["label"])
    return f"{label} ({kind(line['kind'], page.lang)})" if line["kind"] == "residual" else label


def _factor(flows: Flows, k: int) -> Cell:
    """What a line is multiplied by; what a bought thing is sold for goes with what it costs."""
    line = flows.lines[k]
    bought = [i for i, one in enumerate(flows.lines) if one["kind"] == "capex" and one["label"] == line["label"]]
    if line["kind"] == "residual" and bought:
        return Formula(f"={cell(flows.row('cash') + bought[0], FACTOR)}", 1.0)
    return 1.0


def _scaled(leaf: Leaf, flows: Flows, row: int, data: int, values: Values) -> None:
    """A line as its factor, which stands with the cash, times what was simulated."""
    k = row - flows.row("cash") if row < flows.row("tax") else row - flows.row("taxed")
    factor = cell(flows.row("cash") + k, FACTOR, "column")
    for at, value in enumerate(values, FIRST):
        leaf.put(row, at, Formula(f"={factor}*{cell(data, at)}", value or 0.0), "eur")


def _sums(leaf: Leaf, flows: Flows, row: int, values: Values, look: str = "eur") -> None:
    """The sum of a row, and what it is worth today."""
    told, here, factors = [value or 0.0 for value in values], span(row, FIRST, flows.last), _across(flows, "factor")
    present = sum(value * factor for value, factor in zip(told, flows.told["factors"], strict=True))
    leaf.put(row, flows.last + 1, Formula(f"=SUM({here})", sum(told)), look)
    leaf.put(row, flows.last + 2, Formula(f"=SUMPRODUCT({here},{factors})", present), look)


def _summed(flows: Flows, key: str) -> list[float]:
    """All lines but the tax added up, by year end."""
    return [sum(line[key][at] for line in flows.lines) for at in range(flows.years + 1)]


def _discounting(leaf: Leaf, page: Page, flows: Flows) -> None:
    """From the sum of each year to the NPV."""
    for word in ("so_far", "back", "end", "factor", "present", "present_so_far"):
        leaf.put(flows.row(word), NAME, page.say(f"book_{word}"), "sum_text" if word == "present" else "text")
    net, so_far, end, factor, present = (flows.row(one) for one in ("net", "so_far", "end", "factor", "present"))
    rate, total, told = cell(RATE, FACTOR, "column row"), flows.row("present_so_far"), flows.told
    leaf.line(end, range(flows.years + 1), "whole", FIRST)
    _each(leaf, flows, "so_far", lambda at: _running(net, so_far, at), list(accumulate(told["mean"])))
    _each(leaf, flows, "back", lambda at: _back(so_far, end, at), _backs(told["mean"]), look="one")
    times = flows.bending("*", "correction")
    _each(leaf, flows, "factor", lambda at: f"=(1+{rate})^-{cell(end, at)}{times(at)}", told["factors"], look="factor")
    plus = flows.bending("+", "joint")
    product = lambda at: f"={cell(net, at)}*{cell(factor, at)}{plus(at)}"  # noqa: E731
    _each(leaf, flows, "present", product, flows.discounted, look="sum")
    _each(leaf, flows, "present_so_far", lambda at: _running(present, total, at), told["cumulative"]["mean"])
    leaf.put(present, FACTOR, "", "sum_text")
    if flows.bent:
        corrections = [mean / plain for mean, plain in zip(told["factors"], flows.plain, strict=True)]
        leaf.line(flows.row("correction"), (page.say("book_correction"), "", *corrections), "factor")
        leaf.line(flows.row("joint"), (page.say("book_joint"), "", *flows.joint), "eur")


def _running(row: int, sums: int, at: int) -> str:
    """The formula of a sum up to a column."""
    return f"={cell(row, at)}" if at == FIRST else f"={cell(sums, at - 1)}+{cell(row, at)}"


def _back(sums: int, end: int, at: int) -> str:
    """The formula of where, within the year that ends in a column, a sum comes back to 0."""
    if at == FIRST:
        return '=""'
    before, now = cell(sums, at - 1), cell(sums, at)
    return f'=IF(AND({before}<0,{now}>=0),{cell(end, at - 1)}-{before}/({now}-{before}),"")'


def _taxed(leaf: Leaf, page: Page, flows: Flows) -> None:
    """What each line adds to the profit that is taxed."""
    _head(leaf, page, flows, flows.row("taxed_head"), "book_taxed")
    for k, line in enumerate(flows.lines):
        row = flows.row("taxed") + k
        leaf.put(row, NAME, _label(page, line))
        _scaled(leaf, flows, row, flows.row("data_taxed") + k, line["taxable"])
    first, last = flows.row("taxed"), flows.row("taxed_sum") - 1
    leaf.line(last + 1, (page.say("book_taxed_sum"), ""), "sum_text")
    sums = _summed(flows, "taxable")
    _each(leaf, flows, "taxed_sum", lambda at: f"=SUM({cell(first, at)}:{cell(last, at)})", sums, look="sum")


def _data(leaf: Leaf, page: Page, flows: Flows) -> None:
    """What the runs say: all that is a number and no formula."""
    leaf.put(flows.row("data_head") - 1, NAME, page.say("book_data_note", n=page.doc["run"]["replications"]), "note")
    for word, key in (("data", "mean"), ("data_taxed", "taxable")):
        _head(leaf, page, flows, flows.row(f"{word}_head"), f"book_{word}")
        for k, line in enumerate(flows.lines):
            leaf.put(flows.row(word) + k, NAME, _label(page, line))
            leaf.line(flows.row(word) + k, line[key], "eur", FIRST)


def _chart(leaf: Leaf, page: Page, flows: Flows) -> None:
    """The flow of each year as bars, what has come in by then as a line."""
    book, first, last = leaf.book.inner, FIRST, flows.last
    chart, line = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    years = [leaf.name, TABLE, first, TABLE, last]

    def series(word: str, **look: Any) -> dict[str, Any]:
        row = flows.row(word)
        values = [leaf.name, row, first, row, last]
        return {"name": [leaf.name, row, NAME], "categories": years, "values": values, **look}

    chart.add_series(series("net", fill={"color": ACCENT}, border={"none": True}, gap=60))
    line.add_series(series("present_so_far", line={"color": INK, "width": 2}, marker={"type": "circle", "size": 5}))
    chart.combine(line)
    chart.set_title({"name": page.say("book_chart"), "name_font": {"size": 11, "bold": False}})
    chart.set_y_axis(
        {"name": "EUR", "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": FAINT}}}
    )
    chart.set_x_axis({"label_position": "low", "num_font": {"color": MUTED}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 300})
    leaf.inner.insert_chart(RATE - 1, FIRST + 4, chart, {"object_position": 3})
