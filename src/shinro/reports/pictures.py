"""Small pictures that need no chart: a course in a line, the share of a way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.reports.markup import Markup, joined, tag
from shinro.reports.numbers import grouped

WIDTH, HEIGHT, MARGIN = 96, 28, 4


def spark(values: Sequence[Fraction | None]) -> Markup:
    """The shape of a course, its last point marked; a gap where a value is undefined. It shows no size."""
    known = [value for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup()
    low, high = min(known), max(known)
    places = [
        None if value is None else (_along(n, len(values)), _up(value, low, high)) for n, value in enumerate(values)
    ]
    lines = [tag("polyline", points=" ".join(f"{x},{y}" for x, y in run)) for run in _runs(places) if len(run) > 1]
    x, y = next(place for place in reversed(places) if place)
    return tag(
        "svg", *lines, tag("circle", cx=x, cy=y, r="2.5"), class_="spark", viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH, height=HEIGHT, aria_hidden="true", focusable="false",
    )  # fmt: skip


def _along(n: int, count: int) -> str:
    return grouped(MARGIN + Fraction(n * (WIDTH - 2 * MARGIN), max(count - 1, 1)), 1)


def _up(value: Fraction, low: Fraction, high: Fraction) -> str:
    share = (value - low) / (high - low) if high > low else Fraction(1, 2)
    return grouped(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)


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
