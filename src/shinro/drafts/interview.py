"""Interview: the questions of a growth story, put to the text of a company type; its answers written where they belong.

The order is that of working back: the core action and its number, what shows that it is the right one, who drives it,
the picture of the year, the levels on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Literal

from shinro.definitions.project import Project, read_project
from shinro.definitions.values import Ref
from shinro.definitions.writing import set_value
from shinro.drafts.text import FISCAL_YEARS, Say, Step, without_ask

TYPES = ("b2c-app", "b2b-saas", "inside-sales")
CHECKS = ("growth", "shared", "actionable")
_BLANK = re.compile(r"<([a-z0-9_.]+)>")

Kind = Literal["text", "yes", "person", "level", "choice"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key in the catalogs with what it speaks of, what an empty answer means, where it is written."""

    key: str
    kind: Kind
    default: str = ""
    args: Mapping[str, object] = field(default_factory=dict)
    paths: tuple[tuple[Step, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a type's text is filled with beside the answers."""

    languages: tuple[str, ...]
    timezone: str
    starts: date


def starting_point(kind: str, setting: Setting, say: Say) -> str:
    """The text of a company type, its words in one language. Law: it reads back without a problem of structure."""
    raw = (files("shinro.drafts") / "types" / f"{kind}.yaml").read_text("utf-8")
    known = {
        "languages": ", ".join(setting.languages),
        "timezone": setting.timezone,
        "fiscal_year": FISCAL_YEARS[setting.languages[0]],
        "starts": setting.starts.isoformat(),
    }
    return _BLANK.sub(lambda found: known.get(found[1]) or say(f"types.{found[1]}"), raw)


def questions(text: str, language: str) -> Iterator[Question]:
    """What is asked of the people whose story it is to be; each has an answer to start from."""
    project, _ = read_project(text, "shinro.yaml")
    star = project.star
    yield Question("company", "text", str(project.company or ""), {}, (("company",),))
    if star is None:
        return
    label, meaning = project.label(str(star.metric), language), star.meaning
    default = meaning.in_(language) if meaning else ""
    yield Question("core_action", "text", default, {"metric": label}, (("north_star", "meaning", language),))
    yield Question("because", "text", str(star.because or ""), {"metric": label}, (("north_star", "because"),))
    yield Question("measurable", "yes", "", {"metric": label})
    yield from _people(project, label, language)
    picture = project.story.picture if project.story else None
    yield Question("picture", "text", picture.in_(language) if picture else "", {}, (("story", "picture"),))
    yield from _levels(project, language)


def _people(project: Project, label: str, language: str) -> Iterator[Question]:
    """Each department: who answers for its numbers, and its three answers of the star."""
    for name, department in project.departments.items():
        title = department.label.in_(language) if department.label else str(name)
        owned = [ref for ref in department.owns if ref in project.kpis]
        names = ", ".join(project.label(str(ref), language) for ref in owned)
        paths = tuple(("kpis", str(ref), "owner") for ref in owned)
        yield Question("owner", "person", "", {"department": title, "kpis": names}, paths)
        for check in CHECKS:
            path = ("north_star", "confirmed", str(name), check)
            yield Question(check, "yes", "", {"department": title, "metric": label}, (path,))


def _levels(project: Project, language: str) -> Iterator[Question]:
    for n, milestone in enumerate(project.milestones):
        for m, goal in enumerate(milestone.reach):
            if goal.condition:
                metric = project.label(str(Ref(goal.condition.metric, goal.condition.part)), language)
                args = {"metric": metric, "by": str(milestone.by.text) if milestone.by else milestone.title}
                yield Question("level", "level", str(goal.text), args, (("milestones", n, "reach", m),))


def levelled(condition: str, answer: str) -> str:
    """A condition with another level: `won >= 10 per month` and `12` are `won >= 12 per month`; a whole one stands."""
    if re.search(r"[<>=≤≥]", answer):
        return answer
    match = re.fullmatch(r"(.*?(?:>=|<=|>|<|=)\s*)(\S+)(.*)", condition)
    return f"{match[1]}{answer}{match[3]}" if match else answer


def answered(text: str, question: Question, answer: str, today: date, by: str = "") -> str:
    """The text with an answer where it belongs, and without what was asked there. An empty answer changes nothing."""
    if not answer:
        return text
    for path in question.paths:
        text = set_value(text, path, answer)
        text = without_ask(text, path)
        if question.key in CHECKS:
            text = set_value(text, (*path[:-1], "on"), today.isoformat())
            text = set_value(text, (*path[:-1], "by"), by) if by else text
    return text
