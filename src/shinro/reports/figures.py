"""A chart -> a figure of the page: its drawing, what it shows in words, the table behind it."""

from __future__ import annotations

from shinro.reports.drawing import tidied
from shinro.reports.markup import Markup, tag
from shinro.reports.parts import Chart
from shinro.reports.words import Words


def figure(chart: Chart, drawing: str, at: str, words: Words) -> Markup:
    """A chart with its drawing, named and described, and the table behind it."""
    box, shapes = tidied(drawing)
    svg = tag(
        "svg",
        tag("title", chart.title, id=f"{at}-title"),
        tag("desc", chart.says, id=f"{at}-desc"),
        tag("g", Markup(shapes), aria_hidden="true"),
        viewBox=box,
        role="img",
        aria_labelledby=f"{at}-title {at}-desc",
    )
    keys = [tag("li", tag("span", class_=f"key of-{mark}", aria_hidden="true"), text) for mark, text in chart.keys]
    return tag(
        "figure",
        tag("figcaption", tag("h3", chart.title), tag("ul", *keys, class_="keys")),
        svg,
        _behind(chart, words),
    )


def _behind(chart: Chart, words: Words) -> Markup:
    head = tag("tr", *(tag("th", title, scope="col") for title in chart.columns))
    rows = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in chart.rows]
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("details", tag("summary", words.say("story.numbers", title=chart.title)), table)
