"""Reasons -> the section of the story's page that says why the star stands where it does."""

from __future__ import annotations

from shinro.reports.markup import Markup, joined, sentence, tag
from shinro.reports.parts import Fall, Reasons, Story
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
    )


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
