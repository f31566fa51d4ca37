"""The words of a log, looked up in the reading file: assets, states and reasons; what is unknown is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.history.cells import coded
from twin.calibrate.history.meaning import MICRO, STOP, WORDS, Meaning
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, NONE, RUN, STATES, UNKNOWN
from twin.core.problem import nearest, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.history.cells import Words
    from twin.calibrate.history.page import Page
    from twin.calibrate.history.reading import Reading
    from twin.law.law import Floats

_STATES = {name: number for number, name in enumerate(STATES)} | WORDS


class Classified(NamedTuple):
    """What each row of a table stands for; arrays of shape (n,)."""

    words: tuple[str, ...]
    reason: NDArray[np.int32]
    """Index in ``words``; the reason, or the state where no reason stands."""
    state: NDArray[np.int8]
    mode: NDArray[np.int32]
    """Index in ``Reading.mode_names``."""
    ignored: NDArray[np.bool_]


class _Looked(NamedTuple):
    """One column of words with their meanings; without a meaning the state is NONE."""

    name: str
    code: NDArray[np.int32]
    words: tuple[str, ...]
    state: NDArray[np.int8]
    mode: NDArray[np.int32]
    ignored: NDArray[np.bool_]


def stations_known(page: Page, assets: Words) -> NDArray[np.bool_]:
    """Which rows belong to an asset that the reading file gives no station, told once an asset."""
    out = np.zeros(len(assets.code), bool)
    for code, word in enumerate(assets.words):
        if not page.reading.knows(word):
            where = assets.code == code
            text = f"'assets' names no station for {quoted(word)}; its rows are left out"
            page.tell_once("asset", where, text, nearest(word, page.reading.assets))
            out |= where
    return out


def classified(page: Page, left_out: NDArray[np.bool_], parts: Floats) -> Classified:
    """State, reason and mode of each row.

    A known reason says what a row is, except where the state says that the machine runs. Else the state says it; else
    it is unknown. A row of a list of stops on which no word stands is a run if it made parts, else a stop of the mode
    'stop'. Without either column rows with parts or a product are runs, the others stops of the mode 'stop'.
    """
    if not (page.has("reason") or page.has("state")):
        return _silent(page)
    reason, state = (_looked(page, name) for name in ("reason", "state"))
    runs = state.state == RUN
    use = (reason.state != NONE) & ~runs
    _tell_unknown(page, reason, left_out | runs, state.state == NONE)
    _tell_unknown(page, state, left_out | use, state.state == NONE)
    found = np.where(use, reason.state, np.where(state.state != NONE, state.state, UNKNOWN)).astype(np.int8)
    bare = _bare(page, reason, state)
    stops = bare & ~(parts > 0)
    _tell_bare(page, stops & ~left_out)
    found = np.where(bare, np.where(stops, BREAKDOWN, RUN), found).astype(np.int8)
    words = tuple(sorted({*reason.words, *state.words}))
    at = {word: number for number, word in enumerate(words)}
    codes = [_recoded(one, at) for one in (reason, state)]
    return Classified(
        words,
        np.where((codes[0] != NONE) & ~runs, codes[0], codes[1]),
        found,
        np.where(stops, page.reading.mode_names.index(STOP), np.where(use, reason.mode, state.mode)),
        np.where(use, reason.ignored, state.ignored),
    )


def _bare(page: Page, reason: _Looked, state: _Looked) -> NDArray[np.bool_]:
    """Rows of a list of stops on which no word stands, where the reading file does not say what that means."""
    if page.piece.form != "intervals" or page.reading.between_state != RUN:
        return np.zeros(page.n, bool)
    empty = (reason.code == NONE) & (state.code == NONE)
    return np.asarray(empty & (reason.state == NONE) & (state.state == NONE))


def _tell_bare(page: Page, where: NDArray[np.bool_]) -> None:
    text = "no reason stands here: a stop of the mode 'stop'; if the machine ran, write '\"\": run' under 'reasons'"
    page.tell_once("reason" if page.has("reason") else "state", where, text, None, warning=True)


def _looked(page: Page, name: str) -> _Looked:
    """A column of words, each looked up once; the empty word too, if the reading file says what it means."""
    found = coded(page.texts(name))
    means = [
        _meaning(word, page.reading, name == "state") for word in (*found.words, "")
    ]  # the last is that of code -1
    modes = page.reading.mode_names
    state = np.array([NONE if one is None else one.state for one in means], np.int8)
    mode = np.array([modes.index(one.mode) if one and one.mode else NONE for one in means], np.int32)
    ignored = np.array([one is not None and one.ignored for one in means], bool)
    return _Looked(name, found.code, found.words, state[found.code], mode[found.code], ignored[found.code])


def _meaning(word: str, reading: Reading, is_state: bool) -> Meaning | None:
    """What a word stands for; a state may be one of ours without being named."""
    known = reading.meaning(word)
    if known is not None or not is_state:
        return known
    state = _STATES.get("_".join(word.lower().split()))
    return None if state is None else Meaning(state, MICRO if state == MICRO_STOP else "")


def _recoded(one: _Looked, at: dict[str, int]) -> NDArray[np.int32]:
    new: NDArray[np.int32] = np.array([*(at[word] for word in one.words), NONE], np.int32)
    return new[one.code]


def _tell_unknown(page: Page, looked: _Looked, quiet: NDArray[np.bool_], lost: NDArray[np.bool_]) -> None:
    """Words of which the reading file says nothing, each once with the number of its rows."""
    known = [word for word in page.reading.reasons if word]
    for code in np.unique(looked.code[(looked.state == NONE) & (looked.code != NONE) & ~quiet]):
        word, where = looked.words[code], (looked.code == code) & ~quiet
        then = "its rows count as unknown" if (where & lost).any() else "the state of its rows counts"
        page.tell_once(looked.name, where, f"'reasons' says nothing of {quoted(word)}; {then}", nearest(word, known))


def _silent(page: Page) -> Classified:
    """Rows without a word: what was made tells of a run, else each is a stop."""
    makes = page.has("parts") or page.has("product")
    stops = page.piece.form in ("intervals", "minutes") and not makes
    mode = page.reading.mode_names.index(STOP) if stops else NONE
    nothing, state = np.full(page.n, NONE, np.int32), np.full(page.n, BREAKDOWN if stops else RUN, np.int8)
    return Classified((), nothing, state, np.full(page.n, mode, np.int32), np.zeros(page.n, bool))
