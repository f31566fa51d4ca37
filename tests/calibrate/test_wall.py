"""Wall clocks and UTC: both ways, over the hours that are missing and those that come twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.calibrate.history.wall import DOUBLED, EPOCH, FINE, FIRST, LAST, MISSING, Wall, micros, moment, zone_of
from twin.calibrate.rows import OPEN
from twin.core.problem import Faults

ZONES = ["Europe/Paris", "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "+05:30"]
HOUR = 3_600_000_000


def wall(*words: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([micros(datetime.fromisoformat(one)) for one in words], np.int64)


def test_summer_and_winter() -> None:
    found = Wall("Europe/Paris").utc(wall("2026-01-05 06:00", "2026-07-05 06:00"))
    assert [str(moment(at)) for at in found.utc] == ["2026-01-05 05:00:00", "2026-07-05 04:00:00"]
    assert not found.trouble.any()


def test_the_edges_of_the_missing_hour() -> None:
    """On 29 March 2026 clocks in Paris go from 02:00 to 03:00."""
    times = wall("2026-03-29 01:59:59.999999", "2026-03-29 02:00", "2026-03-29 02:59:59.999999", "2026-03-29 03:00")
    found = Wall("Europe/Paris").utc(times)
    assert found.trouble.tolist() == [FINE, MISSING, MISSING, FINE]
    assert found.utc[3] - found.utc[0] == 1


def test_the_edges_of_the_doubled_hour() -> None:
    """On 25 October 2026 they go from 03:00 back to 02:00; the first of the two is taken."""
    times = wall("2026-10-25 01:59:59.999999", "2026-10-25 02:00", "2026-10-25 02:59:59.999999", "2026-10-25 03:00")
    found = Wall("Europe/Paris").utc(times)
    assert found.trouble.tolist() == [FINE, DOUBLED, DOUBLED, FINE]
    assert np.diff(found.utc).tolist() == [1, HOUR - 1, HOUR + 1]


def test_a_day_that_never_was() -> None:
    """Samoa went over the date line: there was no 30 December 2011."""
    found = Wall("Pacific/Apia").utc(wall("2011-12-29 23:59", "2011-12-30 12:00", "2011-12-31 00:00"))
    assert found.trouble.tolist() == [FINE, MISSING, FINE]
    assert found.utc[2] - found.utc[0] == 60_000_000


def test_what_is_open_stays_open() -> None:
    one, times = Wall("Europe/Paris"), np.array([OPEN, 0, OPEN])
    assert one.utc(times).utc.tolist() == [OPEN, -HOUR, OPEN]
    assert one.local(times).tolist() == [OPEN, HOUR, OPEN]
    assert one.utc(np.array([OPEN])).utc.tolist() == [OPEN]
    assert one.utc(np.empty(0, np.int64)).utc.shape == (0,)


def test_times_count_from_the_start() -> None:
    """From a start in winter, the wall clock of summer."""
    start = datetime(2026, 1, 1)
    shifted = Wall("Europe/Paris", start)
    july = wall("2026-07-01 12:00") - micros(start)
    assert shifted.utc(july).utc.tolist() == Wall("Europe/Paris").utc(wall("2026-07-01 12:00")).utc.tolist()
    assert shifted.local(shifted.utc(july).utc).tolist() == july.tolist()


@pytest.mark.long
@settings(deadline=None)  # a zone is looked up year by year, once
@given(st.sampled_from(ZONES), st.lists(st.integers(FIRST + 48 * HOUR, LAST - 48 * HOUR), min_size=1, max_size=20))
def test_the_same_as_the_standard_library(zone: str, instants: list[int]) -> None:
    known = zone_of(zone)
    wanted = [(EPOCH + timedelta(microseconds=at)).replace(tzinfo=UTC).astimezone(known) for at in instants]
    found = Wall(zone).local(np.array(instants))
    assert found.tolist() == [micros(one.replace(tzinfo=None)) for one in wanted]


@settings(deadline=None)  # a zone is looked up year by year, once
@given(st.sampled_from(ZONES), st.integers(FIRST + 48 * HOUR, LAST - 48 * HOUR))
def test_there_and_back(zone: str, instant: int) -> None:
    """Each instant is that of its own wall clock, or the other one of a doubled hour."""
    one = Wall(zone)
    back = one.utc(one.local(np.array([instant])))
    assert back.trouble[0] in (FINE, DOUBLED)
    assert back.utc[0] == instant or (back.trouble[0] == DOUBLED and back.utc[0] < instant)


@settings(deadline=None)  # a zone is looked up year by year, once
@given(st.sampled_from(ZONES[:5]), st.datetimes(datetime(1972, 1, 1), datetime(2037, 1, 1)))
def test_trouble_is_where_the_standard_library_has_it(zone: str, local: datetime) -> None:
    known = zone_of(zone)
    folds = [local.replace(tzinfo=known, fold=fold) for fold in (0, 1)]
    back = [one.astimezone(UTC).astimezone(known).replace(tzinfo=None) == local for one in folds]
    twice = len({one.astimezone(UTC) for one in folds}) == 2
    wanted = MISSING if not any(back) else DOUBLED if twice else FINE
    assert Wall(zone).instant(local).trouble.tolist() == [wanted]


def test_years_that_nobody_believes() -> None:
    with pytest.raises(ValueError, match="from 1970 to 2200"):
        Wall("UTC").local(np.array([LAST]))


@pytest.mark.parametrize(
    ("name", "near"),
    [("Europe/Pari", "Europe/Paris"), ("europe/berlin ", "Europe/Berlin"), ("../../etc/passwd", None), ("", None)],
)
def test_unknown_zones(name: str, near: str | None) -> None:
    with pytest.raises(Faults) as caught:
        zone_of(name)
    assert caught.value.faults[0].nearest == near


def test_fixed_offsets() -> None:
    assert zone_of("-03:30").utcoffset(None) == -timedelta(hours=3, minutes=30)
    assert zone_of("Europe/Paris") == ZoneInfo("Europe/Paris")
    with pytest.raises(Faults, match="unknown time zone"):
        zone_of("+25:00")
