"""Charts: a metric's months as a Vega-Lite spec, with what it shows in words and the table behind it.

Colours are the page's own custom properties, so that one drawing serves light, dark and print. Nothing that a user
wrote goes into a spec: titles, names and tables are the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log10
from string import ascii_letters, digits
from typing import NamedTuple

from rich.cells import cell_len

from shinro.definitions.people import Initiative
from shinro.findings.readings import Goal, Months
from shinro.periods import Grain, Period
from shinro.reports.dates import MONTHS, period
from shinro.reports.labels import Box, Spot, placed
from shinro.reports.numbers import grouped, level, money, number
from shinro.reports.parts import Chart
from shinro.reports.readings import Telling
from shinro.reports.states import mark
from shinro.series import Mark, Meaning, Nature, Point

WIDTH, HEIGHT = 440, 190
CHARACTER = 6.4  # of a label at 11 pixels, one column wide
TOP, BOTTOM, RIGHT, GAP = 20, 36, 12, 10
LABELS = 8  # of months, at most
TICKS = 4
ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
PLAIN = frozenset(ascii_letters + digits + " .,%$-")
EVENTS = "①②③④⑤⑥⑦⑧⑨"
Values = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart is drawn into: its months, its scale, its words."""

    cuts: tuple[Period, ...]
    ticks: tuple[Fraction, ...]
    meaning: Meaning
    telling: Telling


def chart(found: Months, initiatives: Iterable[Initiative], telling: Telling) -> Chart:
    """A metric's chart. A flow is bars, anything else a line; both scales start at zero. Cost: linear in months."""
    frame = _frame(found, telling)
    events = _events(frame, found.metric, initiatives)
    label = telling.label(found.metric)
    first, last = found.points[0].period, found.points[-1].period
    says = telling.say(
        "story.chart_says",
        metric=label,
        first=period(first, Grain.MONTH, telling.calendar, telling.words),
        last=period(last, Grain.MONTH, telling.calendar, telling.words),
        from_=_shown(_known(found.points)[:1], found.meaning, telling),
        to=_shown(_known(found.points)[-1:], found.meaning, telling),
    )
    keys = tuple(_keys(found, events, telling))
    return Chart(label, says, _spec(found, frame, events), _columns(found, telling), tuple(_rows(found, telling)), keys)


def _known(points: Sequence[Point]) -> list[Point]:
    """The complete points that have a value."""
    return [point for point in points if point.mark is Mark.COMPLETE and point.value is not None]


def _shown(points: Sequence[Point], meaning: Meaning, telling: Telling) -> str:
    return number(points[0].value if points else None, meaning, telling.lang)


def _frame(found: Months, telling: Telling) -> Frame:
    ends = [found.points[-1].period, *(cut for cut, _ in found.targets), *(goal.month for goal in found.goals)]
    cuts = tuple(telling.calendar.periods(found.points[0].period.start, max(ends).start, Grain.MONTH))
    values = [point.value for point in found.points if point.value is not None]
    values += [value for _, value in found.targets] + [goal.level for goal in found.goals]
    return Frame(cuts, ticks(values, whole=is_counted(found.meaning)), found.meaning, telling)


def ticks(values: Iterable[Fraction], *, whole: bool = False) -> tuple[Fraction, ...]:
    """About four round steps, from zero or the least value's step to past the largest; of counts whole ones.

    Law: evenly spaced.
    """
    known = [Fraction(0), *values]
    low, high = min(known), max(known)
    if low == high:
        high = Fraction(1)
    rough = max((high - low) / TICKS, Fraction(1 if whole else 0))
    scale = Fraction(10) ** floor(log10(rough))
    steps = (scale * each for each in ROUND)
    step = next((each for each in steps if each >= rough and not (whole and each.denominator > 1)), scale * 10)
    return tuple(step * n for n in range(floor(low / step), ceil(high / step) + 1))


def is_counted(meaning: Meaning) -> bool:
    """Whether a metric's numbers are whole by what they are."""
    return meaning.nature is not Nature.RATIO and any(base.startswith("count:") for base, _ in meaning.unit.powers)


def tick_text(value: Fraction, step: Fraction, meaning: Meaning, lang: str) -> str:
    """A tick as short as its step allows: `5%`, `200万円`, `2.5`."""
    if not value:
        return "0%" if meaning.percent else "0"
    if meaning.currency:
        return money(value, meaning.currency, lang)
    if meaning.percent:
        return f"{grouped(value * 100, _places(step * 100))}%"
    return grouped(value, _places(step))


def _places(step: Fraction) -> int:
    """Decimal places that show a step."""
    return next((places for places in range(4) if (step * 10**places).denominator == 1), 4)


def _events(frame: Frame, metric: str, initiatives: Iterable[Initiative]) -> tuple[tuple[int, str, str], ...]:
    """Where initiatives that should move the metric begin: the month's number, a sign, their name."""
    mine = [each for each in initiatives if str(each.moves) == metric and each.first]
    found: list[tuple[int, str, str]] = []
    for each in sorted(mine, key=lambda one: str(one.first)):
        months = [n for n, cut in enumerate(frame.cuts) if each.first and each.first in cut]
        found += [(n, EVENTS[len(found) % len(EVENTS)], str(each.name)) for n in months]
    return tuple(found)


def _keys(found: Months, events: Sequence[tuple[int, str, str]], telling: Telling) -> Iterator[tuple[str, str]]:
    yield ("bar" if found.meaning.nature is Nature.FLOW else "line", telling.say("status.value"))
    if found.targets:
        yield "target", telling.say("status.target")
    if found.goals:
        yield "goal", telling.say("story.goal")
    for _, sign, name in events:
        yield "event", f"{sign} {name}"


def _columns(found: Months, telling: Telling) -> tuple[str, ...]:
    return tuple(
        telling.say(key)
        for key, wanted in (
            ("story.month", True),
            ("status.value", True),
            ("status.target", found.targets),
            ("story.goal", found.goals),
        )
        if wanted
    )


def _rows(found: Months, telling: Telling) -> Iterator[tuple[str, ...]]:
    """A row a month: what was, with the mark of what is not final, what was meant, and a milestone's level."""
    points = {point.period: point for point in found.points}
    targets = dict(found.targets)
    goals = {month: [goal for goal in found.goals if goal.month == month] for month in (g.month for g in found.goals)}
    for cut in sorted({*points, *targets, *goals}):
        yield tuple(_cells(cut, points, targets, goals, found, telling))


def _cells(
    cut: Period,
    points: Mapping[Period, Point],
    targets: Mapping[Period, Fraction],
    goals: Mapping[Period, Sequence[Goal]],
    found: Months,
    telling: Telling,
) -> Iterator[str]:
    lang, meaning = telling.lang, found.meaning
    yield period(cut, Grain.MONTH, telling.calendar, telling.words)
    yield point_text(points.get(cut), meaning, telling)
    if found.targets:
        yield level(targets[cut], meaning, lang) if cut in targets else ""
    if found.goals:
        levels = dict.fromkeys(level(goal.level, meaning, lang) for goal in goals.get(cut, ()))
        yield telling.say("list.comma").join(levels)


def point_text(point: Point | None, meaning: Meaning, telling: Telling) -> str:
    """A value with the mark of what is not final; what is not known is said to be that."""
    if point is None:
        return ""
    if point.mark is Mark.UNKNOWN:
        return telling.say("state.unknown")
    return " ".join(filter(None, (number(point.value, meaning, telling.lang), mark(point.mark))))


def _spec(found: Months, frame: Frame, events: Sequence[tuple[int, str, str]]) -> Mapping[str, object]:
    step = frame.ticks[1] - frame.ticks[0]
    labels = [tick_text(tick, step, frame.meaning, frame.telling.lang) for tick in frame.ticks]
    low = _plain(frame.ticks[0])
    left = round(max(map(cell_len, labels)) * CHARACTER) + GAP
    months = dict(enumerate(_month_labels(frame)))
    size = Size(WIDTH - left - RIGHT, low, _plain(frame.ticks[-1]), left)
    y = {
        "type": "quantitative",
        "scale": {"domain": [low, _plain(frame.ticks[-1])]},
        "axis": {
            "values": [_plain(tick) for tick in frame.ticks],
            "labelExpr": lookup(dict(enumerate(labels)), f"round((datum.value - ({low})) / {_plain(step)})"),
            "grid": True,
            "title": None,
        },
    }  # fmt: skip
    x = {
        "field": "m",
        "type": "ordinal",
        "scale": {"domain": list(range(len(frame.cuts))), "paddingInner": 0.3, "paddingOuter": 0.15, "type": "band"},
        "axis": {"labelExpr": lookup(months, "datum.value"), "title": None, "grid": False},
    }
    return {
        "width": size.wide,
        "height": HEIGHT - TOP - BOTTOM,
        "padding": {"left": left, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "config": CONFIG,
        "encoding": {"x": x},
        "layer": list(_layers(found, frame, events, y, size)),
    }


CONFIG: Mapping[str, object] = {
    "aria": False,
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "labelFontSize": 11,
        "labelAngle": 0,
        "labelPadding": 6,
        "labelOverlap": False,
        "gridColor": "var(--line)",
        "domain": False,
        "ticks": False,
    },
}


def _layers(
    found: Months, frame: Frame, events: Sequence[tuple[int, str, str]], y: Mapping[str, object], size: Size
) -> Iterator[Mapping[str, object]]:
    at = {cut: n for n, cut in enumerate(frame.cuts)}
    for n, _, _ in events:
        yield layer([{"m": n}], {"type": "rule", "color": "var(--muted)", "strokeWidth": 1}, {})
    value = {"y": {**y, "field": "v"}}
    rows: Values = [{"m": at[point.period], "v": _drawn(point), "o": _weight(point)} for point in found.points]
    if found.meaning.nature is Nature.FLOW:
        bar = {"type": "bar", "color": "var(--accent)", "cornerRadiusEnd": 2}
        yield layer(_shown_in(rows), bar, {**value, "opacity": {"field": "o", "type": "quantitative", "scale": None}})
    else:
        final = max((n + 1 for n, point in enumerate(found.points) if point.mark is Mark.COMPLETE), default=0)
        line = {"type": "line", "color": "var(--accent)", "strokeWidth": 2}
        yield layer(with_gaps(rows[:final]), line, value)
        yield layer(with_gaps(rows[max(final - 1, 0) :]), {**line, "strokeDash": [2, 3], "opacity": 0.5}, value)
        dots = {"type": "circle", "color": "var(--accent)", "size": 36}
        yield layer(_shown_in(rows), dots, {**value, "opacity": {"field": "o", "type": "quantitative", "scale": None}})
    if found.targets:
        path: Values = [{"m": at[cut], "v": _plain(target)} for cut, target in found.targets]
        yield layer(path, {"type": "line", "color": "var(--ink)", "strokeWidth": 1.5, "strokeDash": [4, 3]}, value)
    if found.goals:
        goals = [
            (at[goal.month], _plain(goal.level), level(goal.level, found.meaning, frame.telling.lang))
            for goal in found.goals
        ]
        middles = {n: size.wide * (n + 0.5) / len(frame.cuts) for n, _, _ in goals}
        yield from goal_layers(goals, middles, size, value)
    for n, sign, _ in events:
        text = {"type": "text", "color": "var(--ink)", "y": -8, "fontSize": 12}
        yield layer([{"m": n, "t": sign}], text, {"text": {"field": "t"}})


class Size(NamedTuple):
    """What is drawn in: its width, the levels at its bottom and its top, and what there is to the left of it."""

    wide: int
    low: float
    high: float
    left: int


def goal_layers(
    goals: Iterable[tuple[int, float, str]], middles: Mapping[int, float], size: Size, value: Mapping[str, object]
) -> Iterator[Mapping[str, object]]:
    """Levels (a place, a level, what is written at it) as diamonds, each text where it covers no other.

    `middles` are the places in pixels; the same level in the same place is drawn once.
    """
    once = list(dict.fromkeys(goals))
    rows: Values = [{"m": n, "v": level_, "t": text} for n, level_, text in once]
    point = {"type": "point", "shape": "diamond", "filled": True, "size": 80, "color": "var(--goal)", "opacity": 1}
    yield layer(rows, point, value)
    high, whole = HEIGHT - TOP - BOTTOM, size.high - size.low
    spots = [Spot(middles[n], high * (size.high - level_) / whole, text) for n, level_, text in once]
    for row, (right, down) in zip(rows, placed(spots, Box(-size.left, -TOP, size.wide + RIGHT, high)), strict=True):
        bold = {"type": "text", "color": "var(--ink)", "fontSize": 11, "fontWeight": "bold"}
        yield layer([row], {**bold, "dx": right, "dy": down}, {**value, "text": {"field": "t"}})


def layer(values: Values, mark_: Mapping[str, object], encoding: Mapping[str, object]) -> Mapping[str, object]:
    """One layer of a spec, with its own data."""
    return {"data": {"values": values}, "mark": mark_, "encoding": encoding}


def with_gaps(rows: Values, field: str = "v") -> Values:
    """The rows of a line from its first value to its last: those between without one break it."""
    known = [n for n, row in enumerate(rows) if row[field] is not None]
    return rows[known[0] : known[-1] + 1] if known else []


def _shown_in(rows: Values) -> Values:
    return [row for row in rows if row["v"] is not None]


def _drawn(point: Point) -> float | None:
    """What is drawn of a month: nothing where it is not known, or undefined."""
    return None if point.value is None or point.mark is Mark.UNKNOWN else _plain(point.value)


def _weight(point: Point) -> float:
    """A month that is not over is pale."""
    return 1 if point.mark is Mark.COMPLETE else 0.4


def _month_labels(frame: Frame) -> Iterator[str]:
    """At most eight months by name, the year with the first one and with each January."""
    every = -(-len(frame.cuts) // LABELS)
    year, yearly = 0, "年" if frame.telling.lang == "ja" else ""
    for n, cut in enumerate(frame.cuts):
        start = cut.start
        if n % every:
            yield ""
            continue
        name = f"{start.month}月" if frame.telling.lang == "ja" else MONTHS[start.month - 1]
        yield name if start.year == year else f"{name}\n{start.year}{yearly}"
        year = start.year


def lookup(texts: Mapping[int, str], key: str) -> str:
    """A Vega expression that looks a label up by number; a line break becomes two lines."""
    return f"split({_object(texts)}[{key}], '\\n')"


def _object(texts: Mapping[int, str]) -> str:
    return "{" + ", ".join(f"{n}: {_quoted(text)}" for n, text in texts.items()) + "}"


def _quoted(text: str) -> str:
    """A text in a Vega expression, nothing in it but letters, digits and escapes."""
    return (
        "'" + "".join(c if c.isascii() and (c.isalnum() or c in " .,%$-") else f"\\u{ord(c):04x}" for c in text) + "'"
    )


def _plain(value: Fraction | None) -> float:
    """A number to draw with: a drawing needs no more digits than a double has."""
    return 0 if value is None else int(value) if value.denominator == 1 else float(value)
