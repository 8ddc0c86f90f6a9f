"""Targets beside what came of them, and the levels that the milestones need -> the page's section on the plan."""

from __future__ import annotations

from shinro.reports.faces import card_face
from shinro.reports.markup import Markup, joined, sentence, tag
from shinro.reports.parts import Story, Track
from shinro.reports.pictures import course
from shinro.reports.why import grid, passage
from shinro.reports.words import Words

KEYS = (("line", "status.value"), ("target", "status.target"))


def plan(story: Story, words: Words) -> Markup:
    """What is there of both."""
    if not story.tracks and not story.needs:
        return tag("p", sentence(words.say("story.no_plan")), class_="empty")
    return joined(_tracks(story, words) if story.tracks else None, *(passage(each, words) for each in story.needs))


def _tracks(story: Story, words: Words) -> Markup:
    keys = [tag("li", tag("span", class_=f"key of-{mark}", aria_hidden="true"), words.say(word)) for mark, word in KEYS]
    return joined(
        tag("h3", words.say("story.tracks")),
        tag("ul", *keys, class_="keys"),
        tag("ul", *(_track(each, words) for each in story.tracks), class_="grid tracks"),
    )


def _track(found: Track, words: Words) -> Markup:
    numbers = words.say("story.numbers", title=found.card.label)
    return tag(
        "li",
        card_face(found.card, words),
        course(found.actual, found.meant),
        *(tag("p", sentence(each), class_="quiet") for each in found.says),
        tag("details", tag("summary", numbers), grid(found.grid, numbers)),
        class_=f"card {found.card.badge.tone if found.card.badge else ''}",
    )
