"""Reasons -> the section of the story's page that says why the star stands where it does."""

from __future__ import annotations

from collections.abc import Sequence

from shinro.reports.figures import figure
from shinro.reports.markup import Markup, joined, sentence, tag
from shinro.reports.parts import Fall, Grid, Odds, Passage, Reasons, Seen, Story
from shinro.reports.pictures import span_bar
from shinro.reports.words import Words


def why(story: Story, words: Words) -> Markup:
    """The sentences, the waterfall as a table with bars, and the bottleneck by each rule."""
    found = story.reasons
    if found is None:
        return tag("p", sentence(words.say("story.no_why")), class_="empty")
    return joined(
        *(tag("p", sentence(each), class_="says") for each in found.says),
        _waterfall(found, words) if found.falls else None,
        _rules(found, words) if found.rules else None,
        *(passage(each, words) for each in found.cut),
    )


def leads(story: Story, words: Words) -> Markup:
    """What leads the star and its outcomes, as far as the data say."""
    if not story.leads:
        return tag("p", sentence(words.say("story.no_leads")), class_="empty")
    return tag("div", *(passage(each, words) for each in story.leads), class_="passages")


def seen(story: Story, drawings: Sequence[str], words: Words) -> Markup | None:
    """What each initiative did, those that are drawn with their counterfactual. Drawings of metrics stand first."""
    if not story.seen:
        return None
    rest = iter(drawings[len(story.charts) + len(story.fans) :])
    drawn = {each.name: next(rest) for each in story.seen if each.chart}
    figures = [
        figure(each.chart, drawn[each.name], f"{story.lang}-effect-{n}", words)
        for n, each in enumerate(story.seen)
        if each.chart
    ]
    return joined(
        tag("h3", words.say("story.effects"), class_="apart"),
        tag("ul", *(_seen(each) for each in story.seen), class_="rules"),
        tag("div", *figures, class_="charts") if figures else None,
    )


def ahead(story: Story, drawings: Sequence[str], words: Words) -> Markup | None:
    """What may come of the numbers that the milestones ask for. Drawings of metrics over time stand first."""
    if not story.fans:
        return None
    drawn = drawings[len(story.charts) :]
    figures = [
        figure(chart, drawing, f"{story.lang}-fan-{n}", words)
        for n, (chart, drawing) in enumerate(zip(story.fans, drawn, strict=False))
    ]
    return joined(tag("h3", words.say("story.fans"), class_="apart"), tag("div", *figures, class_="charts"))


def odds(found: Odds | None, words: Words) -> Markup | None:
    """How likely a milestone is to hold, with each of its conditions."""
    if found is None:
        return None
    aims = [tag("li", tag("span", name), " ", tag("strong", share)) for name, share in found.aims]
    return tag(
        "div",
        tag("p", found.says, class_=f"amount {found.tone}"),
        tag(
            "details",
            tag("summary", words.say("story.odds_of_each")),
            tag("ul", *aims),
            *(tag("p", sentence(each), class_="quiet") for each in found.more),
        )
        if aims
        else None,
        class_="odds",
    )


def _seen(each: Seen) -> Markup:
    return tag(
        "li",
        tag("p", tag("strong", each.name), " ", tag("span", each.verdict, class_=f"amount {each.tone}")),
        *(tag("p", sentence(text), class_="quiet" if n else None) for n, text in enumerate(each.says)),
    )


def passage(found: Passage, words: Words) -> Markup:
    """Lines, a table that may be wider than a phone, and what is to be said below it."""
    return joined(
        tag("h3", found.title, class_="apart") if found.title else None,
        *(tag("p", sentence(line)) for line in found.lines),
        grid(found.grid, found.title or words.say("story.table")) if found.grid else None,
        *(tag("p", sentence(line), class_="quiet") for line in found.after),
    )


def grid(found: Grid, name: str) -> Markup:
    """A table that may be wider than a phone, under a name."""
    head = tag("tr", *(tag("th", title, scope="col") if title else tag("td") for title in found.columns))
    rows = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in found.rows]
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=name)


def _waterfall(found: Reasons, words: Words) -> Markup:
    titles = (("explain.driver", None), ("explain.brought", None))
    head = tag("tr", *(tag("th", words.say(key), scope="col") for key, _ in titles), tag("td"))
    rows = [_fall(each) for each in found.falls]
    table = tag(
        "table", tag("caption", words.say("story.waterfall"), class_="sr"), tag("thead", head), tag("tbody", *rows)
    )
    return tag("div", table, class_="waterfall card")


def _fall(fall: Fall) -> Markup:
    tone = fall.tone or ("whole" if fall.whole else "still")
    return tag(
        "tr",
        tag("th", fall.name, scope="row"),
        tag("td", fall.amount, class_=f"amount {fall.tone}"),
        tag("td", span_bar(fall.low, fall.high, tone)),
        class_="whole" if fall.whole else None,
    )


def _rules(found: Reasons, words: Words) -> Markup:
    return joined(
        tag("h3", words.say("explain.bottleneck")),
        tag("ul", *(tag("li", sentence(each)) for each in found.rules), class_="rules"),
    )
