"""Small pictures that need no chart: a course in a line, the share of a way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.reports.markup import Markup, joined, tag
from shinro.reports.numbers import grouped

WIDTH, HEIGHT, MARGIN = 96, 28, 4
LONG, HIGH = 240, 64  # of a course beside what was meant


def spark(values: Sequence[Fraction | None]) -> Markup:
    """The shape of a course, its last point marked; a gap where a value is undefined or not known. It shows no size."""
    known = [value for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup()
    places = _places(values, (min(known), max(known)), WIDTH, HEIGHT)
    lines = _lines(places)
    x, y = next(place for place in reversed(places) if place)
    return tag(
        "svg", *lines, tag("circle", cx=x, cy=y, r="2.5"), class_="spark", viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH, height=HEIGHT, aria_hidden="true", focusable="false",
    )  # fmt: skip


def course(actual: Sequence[Fraction | None], meant: Sequence[Fraction | None]) -> Markup:
    """A course beside what was meant, on one scale with its zero drawn: what came drawn through, the target dashed."""
    ends = [Fraction(0), *(value for value in (*actual, *meant) if value is not None)]
    scale = (min(ends), max(ends))
    zero = _up(Fraction(0), scale, HIGH)
    came = _places(actual, scale, LONG, HIGH)
    last = next((place for place in reversed(came) if place), None)
    return tag(
        "svg",
        tag("line", x1=0, x2=LONG, y1=zero, y2=zero),
        *_lines(_places(meant, scale, LONG, HIGH), "meant"),
        *_lines(came),
        tag("circle", cx=last[0], cy=last[1], r="3") if last else None,
        class_="spark course", viewBox=f"0 0 {LONG} {HIGH}", aria_hidden="true", focusable="false",
    )  # fmt: skip


def _places(
    values: Sequence[Fraction | None], scale: tuple[Fraction, Fraction], width: int, height: int
) -> list[tuple[str, str] | None]:
    return [
        None if value is None else (_along(n, len(values), width), _up(value, scale, height))
        for n, value in enumerate(values)
    ]


def _lines(places: Sequence[tuple[str, str] | None], kind: str | None = None) -> list[Markup]:
    return [_line(run, kind) for run in _runs(places)]


def _line(run: Sequence[tuple[str, str]], kind: str | None) -> Markup:
    """A run of places drawn through; one alone is a line of no length, whose round ends are a dot."""
    ends = run if len(run) > 1 else [*run, *run]
    return tag("polyline", points=" ".join(f"{x},{y}" for x, y in ends), class_=kind)


def _along(n: int, count: int, width: int) -> str:
    return grouped(MARGIN + Fraction(n * (width - 2 * MARGIN), max(count - 1, 1)), 1)


def _up(value: Fraction, scale: tuple[Fraction, Fraction], height: int) -> str:
    low, high = scale
    share = (value - low) / (high - low) if high > low else Fraction(1, 2)
    return grouped(height - MARGIN - share * (height - 2 * MARGIN), 1)


def _runs(places: Sequence[tuple[str, str] | None]) -> Iterator[list[tuple[str, str]]]:
    run: list[tuple[str, str]] = []
    for place in (*places, None):
        if place:
            run.append(place)
        elif run:
            yield run
            run = []


def bar(share: Fraction | None, tone: str) -> Markup:
    """The way covered, from none to all of it."""
    if share is None:
        return Markup()
    width = grouped(min(max(share, Fraction(0)), Fraction(1)) * 100, 1)
    parts = joined(
        tag("rect", class_="way", width="100", height="4", rx="2"),
        tag("rect", class_=f"covered {tone}", width=width, height="4", rx="2"),
    )
    return tag("svg", parts, class_="bar", viewBox="0 0 100 4", preserveAspectRatio="none", aria_hidden="true")


def span_bar(low: Fraction, high: Fraction, tone: str) -> Markup:
    """A bar between two places on a scale from 0 to 1; what is nothing is a thin line."""
    x, width = low * 100, max((high - low) * 100, Fraction(1, 2))
    rect = tag(
        "rect", class_=f"covered {tone}", x=grouped(min(x, 100 - width), 2), width=grouped(width, 2), height="10"
    )
    return tag("svg", rect, class_="fall", viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")
