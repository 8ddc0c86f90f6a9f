"""A card and a badge as they stand on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shinro.reports.markup import Markup, joined, tag
from shinro.reports.parts import Badge, Card
from shinro.reports.pictures import spark
from shinro.reports.words import Words


def card_face(card: Card, words: Words, *, sign: str = "", big: bool = False) -> Markup:
    """One metric: its name, value and state; its course; target, period, and whose it is."""
    facts = [words.say("story.target", level=card.target) if card.target else "", card.period]
    facts += [words.say("story.owner", name=card.owner) if card.owner else ""]
    return joined(
        tag("p", tag("span", f"{sign} ", class_="sign") if sign else None, card.label, class_="name"),
        tag("div", _value(card, big=big), spark(card.spark), class_="reading"),
        tag("p", *dotted(facts), class_="facts") if any(facts) else None,
        tag("p", card.note, class_="note") if card.note and big else None,
    )


def said(value: str, badge: Badge | None) -> Markup | None:
    """A value; nothing where its state says the same word."""
    return None if badge and badge.word == value else tag("span", value or "–", class_="value")


def _value(card: Card, *, big: bool = False) -> Markup:
    return tag(
        "p",
        said(card.value, card.badge),
        badge_face(card.badge) if card.badge else None,
        class_="number big" if big else "number",
    )


def dotted(texts: Iterable[str]) -> Iterator[Markup]:
    """Facts one after another, those that there are."""
    yield from (tag("span", text) for text in texts if text)


def badge_face(badge: Badge) -> Markup:
    """A shape and a word."""
    shape = tag("span", badge.shape, aria_hidden="true")
    return tag("span", shape, " ", badge.word, class_=f"badge {badge.tone}")
