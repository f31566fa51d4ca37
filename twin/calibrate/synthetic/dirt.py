"""What happens to a log on its way from the machine to the file: each harm is counted, and each row suffers once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, NONE, OPEN
from twin.calibrate.synthetic.rows import NO_DATA, NOBODY, Code, Frame, Lines, joined
from twin.core.unit import MICRO

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.synthetic.truth import Dirt
    from twin.law.law import Floats, Generator

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Dirtier:
    """A log that gets dirty step by step; ``counts`` says how much."""

    def __init__(self, lines: Lines, codes: list[Code], frame: Frame, dirt: Dirt, rng: Generator) -> None:
        self.lines, self.codes, self.frame, self.dirt, self.rng = lines, codes, frame, dirt, rng
        self.words = [code.code for code in codes]
        """Spellings; what is misspelt comes after the codes."""
        self.counts: dict[str, int] = {}

    def work(self, shifts: list[Floats]) -> Lines:
        """All harm, in the order in which it comes about; ``shifts`` of each asset, µs UTC."""
        self._round()
        self._leave_out_short()
        self._lose()
        self._open_end()
        if self.dirt.shift_cuts:
            self._cut(shifts)
        self._restart()
        self._second_reason()
        self._overlap()
        self._copy()
        self._misspell()
        self._swap()
        self._round()
        order = np.argsort(self.lines.start, kind="stable")
        if self.dirt.shuffled:
            order = self.rng.permutation(len(order))
        return self.lines.take(order)

    # -- tools

    def _is(self, *states: int) -> Bools:
        return np.isin(np.array([code.state for code in self.codes])[self.lines.code], states)

    def _chosen(self, share: float, among: Bools) -> Ints:
        """A share of all rows, picked among those that are whole."""
        at = np.flatnonzero(among & self.lines.whole & (self.lines.end != OPEN))
        number = min(round(share * len(self.lines.start)), len(at))
        return np.sort(self.rng.choice(at, number, replace=False)) if number else at[:0]

    def _length(self) -> Ints:
        return np.where(self.lines.end == OPEN, 0, self.lines.end - self.lines.start)

    def _split(self, at: Ints, first_end: Ints, second_start: Ints) -> None:
        """Write rows as two; what is known of the repair goes where it falls."""
        lines = self.lines
        first, second = lines.take(at), lines.take(at)
        first = first._replace(
            end=first_end,
            repair_start=np.where(first.repair_start < first_end, first.repair_start, OPEN),
            repair_end=np.where(first.repair_end <= first_end, first.repair_end, OPEN),
            whole=np.zeros(len(at), bool),
        )
        second = second._replace(
            start=second_start,
            repair_start=np.where(second.repair_start >= second_start, second.repair_start, OPEN),
            repair_end=np.where(second.repair_end > second_start, second.repair_end, OPEN),
            whole=np.zeros(len(at), bool),
        )
        rest = np.ones(len(lines.start), bool)
        rest[at] = False
        self.lines = joined(lines.take(rest), first, second)

    def _spoil(self, at: Ints) -> None:
        whole = self.lines.whole.copy()
        whole[at] = False
        self.lines = self.lines._replace(whole=whole)

    # -- the log itself

    def _round(self) -> None:
        step = round(self.dirt.resolution * MICRO)
        if step:
            times = {name: getattr(self.lines, name) for name in ("start", "end", "repair_start", "repair_end")}
            rounded = {n: np.where(at == OPEN, OPEN, (at + step // 2) // step * step) for n, at in times.items()}
            self.lines = self.lines._replace(**rounded)

    def _leave_out_short(self) -> None:
        short = (self._length() < round(self.dirt.least * MICRO)) & self._is(BREAKDOWN, MICRO_STOP)
        gone = short | (self._length() == 0)
        self.counts["below"] = int(gone.sum())
        self.lines = self.lines.take(~gone)

    def _lose(self) -> None:
        """The logger of each machine is off now and then; a stop that lasts as it goes off is still logged."""
        lines, gone = self.lines, np.zeros(len(self.lines.start), bool)
        dark: list[tuple[int, int, int]] = []
        for asset in range(int(lines.asset.max(initial=-1)) + 1):
            low, high = np.searchsorted(lines.asset, (asset, asset + 1)).tolist()
            last = self.frame.start
            for begin in np.sort(self.rng.integers(self.frame.start, self.frame.end, self.dirt.outages)).tolist():
                begin, end, lost = self._outage(lines.start[low:high], lines.end[low:high], begin)
                if last <= begin < self.frame.end:
                    last = min(end, self.frame.end)
                    gone[low:high][lost] = True
                    dark.append((asset, begin, last))
        self.counts |= {"lost": int(gone.sum()), "unknown": sum(end - begin for _, begin, end in dark)}
        rows = np.array(dark, np.int64).reshape(-1, 3)
        code, none, never = (np.full(len(rows), value) for value in (self._code(NO_DATA), NONE, OPEN))
        more = Lines._make([*rows.T, code, none, never, never, np.zeros(len(rows), bool)])
        self.lines = joined(lines.take(~gone), more)

    def _outage(self, starts: Ints, ends: Ints, begin: int) -> tuple[int, int, slice]:
        """When the logger was off, and which rows of its machine are lost; rows in order that do not overlap."""
        last = int(np.searchsorted(starts, begin, "right")) - 1
        begin = max(begin, int(ends[last])) if last >= 0 else begin
        until = begin + round(self.dirt.outage * MICRO)
        low, high = np.searchsorted(starts, (begin, until)).tolist()
        return begin, max(until, int(ends[high - 1])) if high > low else until, slice(low, high)

    def _code(self, word: str) -> int:
        return self.words.index(word)

    def _open_end(self) -> None:
        """What lasts at the end of the window."""
        lines, end = self.lines, self.frame.end
        late = lines.end > end
        self.counts["open"] = int(late.sum()) if self.dirt.open_end else 0
        done = np.where((lines.repair_end > end) & late, OPEN, lines.repair_end)
        begun = np.where((lines.repair_start > end) & late, OPEN, lines.repair_start)
        last = OPEN if self.dirt.open_end else end
        self.lines = lines._replace(end=np.where(late, last, lines.end), repair_end=done, repair_start=begun)

    def _cut(self, shifts: list[Floats]) -> None:
        """Close rows at ends of shifts, again and again until none is left that goes on as the next shift begins."""
        self.counts["cuts"] = 0
        while True:
            index, ends, nexts = self._crossing(shifts)
            if not len(index):
                return
            self.counts["cuts"] += len(index)
            self._split(index, ends, nexts)

    def _crossing(self, shifts: list[Floats]) -> tuple[Ints, Ints, Ints]:
        """Rows that go on after the first end of a shift: their index, that end, the start of the next shift."""
        lines, end = self.lines, np.full(len(self.lines.start), OPEN)
        following = end.copy()
        for asset, spans in enumerate(shifts):
            of = np.flatnonzero(lines.asset == asset)
            begins, ends = spans.astype(np.int64).T
            closing = np.minimum(np.searchsorted(ends, lines.start[of], "right"), len(ends) - 1)
            opening = np.minimum(np.searchsorted(begins, ends[closing], "left"), len(begins) - 1)
            end[of], following[of] = ends[closing], begins[opening]
        stop = np.minimum(lines.end, self.frame.end)
        cut = (lines.start < end) & (end <= following) & (following < stop)
        index = np.flatnonzero(cut & (lines.code != self._code(NO_DATA)))
        return index, end[index], following[index]

    # -- shares of rows

    def _restart(self) -> None:
        restart = np.array([code.restart for code in self.codes])[self.lines.code]
        chosen = self._chosen(self.dirt.restarts, (restart > 0) & (self._length() > 4 * restart))
        length, start = self._length()[chosen], self.lines.start[chosen]
        closed = start + (length * self.rng.uniform(0.3, 0.6, len(chosen))).astype(np.int64)
        gap = (restart[chosen] * self.rng.uniform(0.2, 0.8, len(chosen))).astype(np.int64)
        self.counts["restarts"] = len(chosen)
        self._split(chosen, closed, closed + gap)

    def _second_reason(self) -> None:
        long = self._length() > 10 * max(round(self.dirt.resolution * MICRO), 1)
        chosen = self._chosen(self.dirt.reasons, long & self._is(BREAKDOWN, MICRO_STOP))
        second = self.lines.take(chosen)
        share = self.rng.uniform(0.2, 1.0, len(chosen))
        end = second.start + ((second.end - second.start) * share).astype(np.int64)
        none = np.full(len(chosen), OPEN)
        second = second._replace(
            end=end, code=np.full(len(chosen), self._code(NOBODY)), repair_start=none, repair_end=none
        )
        self._add("reasons", chosen, second)

    def _add(self, what: str, of: Ints, more: Lines) -> None:
        self.counts[what] = len(of)
        self._spoil(of)
        self.lines = joined(self.lines, more._replace(whole=np.zeros(len(of), bool)))

    def _overlap(self) -> None:
        long = self._length() > 10 * max(round(self.dirt.resolution * MICRO), 1)
        chosen = self._chosen(self.dirt.overlaps, long & self._is(BREAKDOWN, MICRO_STOP))
        start, length = self.lines.start[chosen], self._length()[chosen]
        self.counts["overlaps"] = len(chosen)
        self._split(chosen, start + length * 6 // 10, start + length * 4 // 10)

    def _copy(self) -> None:
        chosen = self._chosen(self.dirt.duplicates, np.ones(len(self.lines.start), bool))
        self._add("duplicates", chosen, self.lines.take(chosen))

    def _misspell(self) -> None:
        chosen = self._chosen(self.dirt.misspelt, np.ones(len(self.lines.start), bool))
        wrong = np.array([self._spell(code.code) for code in self.codes])
        code = self.lines.code.copy()
        code[chosen] = wrong[code[chosen], self.rng.integers(0, wrong.shape[1], len(chosen))] if len(chosen) else 0
        self.counts["misspelt"] = len(chosen)
        self.lines = self.lines._replace(code=code)
        self._spoil(chosen)

    def _spell(self, word: str) -> tuple[int, int]:
        """Two wrong spellings: two letters changed places, a letter left out."""
        for wrong in (f"{word[:1]}{word[2:3]}{word[1:2]}{word[3:]}", word[:-2] + word[-1:]):
            self.words.append(wrong if wrong not in self.words else f"{word}?")
        return len(self.words) - 2, len(self.words) - 1

    def _swap(self) -> None:
        chosen = self._chosen(self.dirt.swapped, self._length() > 0)
        start, end = self.lines.start.copy(), self.lines.end.copy()
        start[chosen], end[chosen] = end[chosen], start[chosen]
        self.counts["swapped"] = len(chosen)
        self.lines = self.lines._replace(start=start, end=end)
        self._spoil(chosen)
