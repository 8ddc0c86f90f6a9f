"""Active entities: what scans found of gaps, stretches and periods -> exact points of the number and of its parts.

Law: active = new + returning + resurrected, and dormant = active in the window before - returning. Cost: linear in
what the scan found and in the days, for each of at most three sums that a part is made of.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import accumulate, groupby
from operator import itemgetter

from shinro.periods import Duration, Period
from shinro.queries.activity import ONE_DAY, SHORT, Gaps, Stretches
from shinro.series import Mark, Point
from shinro.warehouse.frame import ANCHOR, EXACT, Row, known_to, ordinal, told
from shinro.warehouse.ground import Ground

FIRST, NEXT = 0, 1  # kinds of a period, as scans tell them
KINDS = {"now": 0, "either": 1, "new": 2}  # kinds of a stretch, as scans tell them
DAY = timedelta(days=1)
FIRSTS = 2 + 2 * len(SHORT)  # columns of first active days: the day, new, first and kept of a day, a week and a month

# Part -> the sums that it is made of: active in the window, in the one before, in either of them; never before.
SUMS: Mapping[str, Mapping[str, int]] = {
    "": {"now": 1},
    "new": {"new": 1},
    "returning": {"now": 1, "was": 1, "either": -1},
    "resurrected": {"either": 1, "was": -1, "new": -1},
    "dormant": {"either": 1, "now": -1},
}


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows in order of time, by days since 1900: after `after` up to `upto`, and those before: after `before`."""

    before: Sequence[int]
    after: Sequence[int]
    upto: Sequence[int]


Look = Callable[[str, Windows], list[int]]  # a sum's name -> its number in each window
Reaches = Mapping[int, Sequence[int]]  # day -> at each gap, how many have at least that gap


def reaches(rows: Iterable[tuple[int, int, int]]) -> Reaches:
    """Active entities by day, and by how far it is to their active day before: (day, gap, how many), in order."""
    found: dict[int, Sequence[int]] = {}
    for day, group in groupby(rows, key=itemgetter(0)):
        each = list(group)
        many = [0] * (each[-1][1] + 1)
        for _, gap, number in each:
            many[gap] = number
        found[day] = list(accumulate(reversed(many)))[::-1]
    return found


def gap_points(part: str, ground: Ground, found: Reaches) -> tuple[Point, ...]:
    """The points of a part, from active entities by day and gap."""
    growth = ground.scan.growth
    assert isinstance(growth, Gaps)  # noqa: S101 - only such a scan comes here
    return _points(part, ground, growth.within, partial(_of_gaps, found, growth.cap))


def first_points(part: str, ground: Ground, columns: Sequence[Sequence[int]]) -> tuple[Point, ...]:
    """The points of a part, from first active days: day, new, then first and kept of a day, a week and a month."""
    if "places" not in ground.made:
        ground.made["places"] = _Places(ground)
    place_of, columns = ground.made["places"], columns or [()] * FIRSTS
    places = list(map(place_of.__getitem__, columns[0]))

    def summed(column: int) -> list[int]:
        """The sums of a column by period, that of the period before the first in front."""
        sums = [0] * (len(place_of.starts) + 1)  # what lies before all of them comes last
        for place, number in zip(places, columns[column], strict=True):
            sums[place] += number
        return sums[:-1]

    at = 2 + 2 * SHORT.index(ground.grain)
    first = summed(at)
    if part:
        here = zip(first, first[1:], summed(at + 1)[1:], summed(1)[1:], strict=False)
        values = [
            {"new": new, "returning": kept, "resurrected": active - new - kept, "dormant": before - kept}[part]
            for before, active, kept, new in here
        ]
    else:
        values = first[1:]
    return told(ground.frame, [EXACT[value] for value in values])


class _Places(dict[int, int]):
    """Where days lie among the periods and the one before them; each is looked for once, for all segments."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        periods = ground.frame.periods
        earlier = [ground.calendar.step(period, ground.grain, -1) for period in periods[:1]]
        self.starts = _ordinals(period.start for period in (*earlier, *periods))

    def __missing__(self, day: int) -> int:
        self[day] = found = bisect_right(self.starts, day) - 1
        return found


def stretch_points(part: str, ground: Ground, rows: Iterable[Row]) -> tuple[Point, ...]:
    """The points of a part, from what begins and ceases: (day, kind, by how much)."""
    assert isinstance(ground.scan.growth, Stretches)  # noqa: S101 - only such a scan comes here
    kinds: dict[int, list[tuple[int, int]]] = {}
    for day, kind, by in rows:
        kinds.setdefault(int(kind), []).append((int(day), int(by)))  # type: ignore[call-overload]  # whole numbers
    return _points(part, ground, ground.scan.growth.within, partial(_of_stretches, kinds))


def presence_points(part: str, ground: Ground, rows: Iterable[Row]) -> tuple[Point, ...]:
    """The points of a part, from active entities by period and what they were before: (period, kind, how many)."""
    found: dict[int, dict[int, int]] = {}
    for number, kind, many in rows:
        found.setdefault(int(number), {})[int(kind)] = int(many)  # type: ignore[call-overload]  # whole numbers
    made = []
    for period, mark, number in ground.frame.each:
        here = found.get(number, {})
        first, kept = here.get(FIRST, 0), here.get(NEXT, 0)
        active = sum(here.values())
        numbers = {"": active, "new": first, "returning": kept, "resurrected": active - first - kept}
        if part == "dormant":
            numbers[part] = sum(found.get(_number_before(ground, period), {}).values()) - kept
        made.append(Point(period, None if mark is Mark.UNKNOWN else Fraction(numbers[part]), mark))
    return tuple(made)


def _number_before(ground: Ground, period: Period) -> int:
    if ground.scan.span:
        return -period.length
    return ordinal(ground.calendar.step(period, ground.grain, -1).start, ground.grain)


def _points(part: str, ground: Ground, within: Duration | None, look: Look) -> tuple[Point, ...]:
    if within == ONE_DAY:
        return _means(part, ground, look)
    windows = ground.made.get("windows") or _windows(ground, within)
    return told(ground.frame, [EXACT[value] for value in _numbers(part, windows, look)])


def _means(part: str, ground: Ground, look: Look) -> tuple[Point, ...]:
    """Means of daily numbers over the known days of each period, up to as-of: `over` is their sum, `base` the days."""
    load = ground.loads[ground.scan.table]
    begins = max(load.oldest or ANCHOR, ANCHOR)
    lasts = min(ground.as_of, known_to(load))
    days = [begins + DAY * n for n in range((lasts - begins).days + 1)]
    values = _numbers(part, _rolling(days, ONE_DAY), look)
    upto = [0, *accumulate(values)]
    made = []
    for period, mark in zip(ground.frame.periods, ground.frame.marks, strict=True):
        low = min(max((period.start - begins).days, 0), len(days))
        high = max(min((period.end - begins).days, len(days)), low)
        if mark is Mark.UNKNOWN or low == high:
            made.append(Point(period, None, mark))
            continue
        over, base = Fraction(upto[high] - upto[low]), Fraction(high - low)
        made.append(Point(period, over / base if high - low > 1 else over, mark, over, base))
    return tuple(made)


def _windows(ground: Ground, within: Duration | None) -> Windows:
    """The window of every period, worked out once for all segments: that of its last known day, up to as-of."""
    known = min(ground.as_of, known_to(ground.loads[ground.scan.table]))
    lasts = [min(period.last, known) for period in ground.frame.periods]
    ground.made["windows"] = found = _rolling(lasts, within) if within else _calendar(ground, lasts)
    return found


def _rolling(days: Sequence[date], within: Duration) -> Windows:
    after = [within.before(day) for day in days]
    return Windows(_ordinals(map(within.before, after)), _ordinals(after), _ordinals(days))


def _calendar(ground: Ground, lasts: list[date]) -> Windows:
    """Periods up to their last days, and the whole periods before them."""
    starts = [period.start for period in ground.frame.periods]
    earlier = [ground.calendar.step(period, ground.grain, -1).start for period in ground.frame.periods]
    return Windows(_ordinals(day - DAY for day in earlier), _ordinals(day - DAY for day in starts), _ordinals(lasts))


def _ordinals(days: Iterable[date]) -> list[int]:
    return [(day - ANCHOR).days for day in days]


def _numbers(part: str, windows: Windows, look: Look) -> list[int]:
    sums = [[sign * number for number in look(name, windows)] for name, sign in SUMS[part].items()]
    return [sum(each) for each in zip(*sums, strict=True)]


def _of_gaps(found: Reaches, cap: int, name: str, windows: Windows) -> list[int]:
    """Entities that are active in each window: of each, its first active day there has a gap that reaches out of it."""
    afters = windows.before if name in ("was", "either") else windows.after
    uptos = windows.after if name == "was" else windows.upto
    numbers = []
    for after, upto in zip(afters, uptos, strict=True):
        total = 0
        for day in range(after + 1, upto + 1):
            least = found.get(day, ())
            gap = cap + 1 if name == "new" else day - after
            total += least[gap] if gap < len(least) else 0
        numbers.append(total)
    return numbers


def _of_stretches(kinds: Mapping[int, list[tuple[int, int]]], name: str, windows: Windows) -> list[int]:
    moves = sorted(kinds.get(KINDS["now" if name == "was" else name], ()))
    days, sums = [day for day, _ in moves], [0, *accumulate(by for _, by in moves)]
    return [sums[bisect_right(days, day)] for day in (windows.after if name == "was" else windows.upto)]
