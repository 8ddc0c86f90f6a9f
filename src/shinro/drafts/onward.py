"""Onward: what follows from a miss, written into a project's text; what stood there before stays in sight.

A milestone with another day or level is one more milestone that `replaces` the old one, which stays where it is. What
is written already is not written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shinro.definitions.project import Project
from shinro.definitions.story import Milestone
from shinro.definitions.writing import Plain, add_item


def with_next_milestone(
    text: str, project: Project, title: str, due: date, levels: Mapping[str, str], day: date
) -> str:
    """One more milestone that replaces another: its conditions by another day, some at other levels.

    `levels` are conditions by the metric that they are about. Raises KeyError where no milestone is called so.
    """
    old = next((each for each in project.milestones if each.title == title), None)
    if old is None:
        raise KeyError(title)
    reach = [levels.get(_metric(goal.condition), str(goal.text)) for goal in old.reach]
    if any(_says(each, title, due, reach) for each in project.milestones):
        return text
    body: dict[str, Plain] = {"id": _free(project, title)}
    if old.label:
        body["label"] = {language: str(words) for language, words in old.label.texts.items()}
    body |= {"by": due.isoformat(), "reach": reach, "declared": day.isoformat(), "replaces": title}
    return add_item(text, ["milestones"], body)


def _metric(condition: object) -> str:
    name, part = getattr(condition, "metric", ""), getattr(condition, "part", None)
    return f"{name}.{part}" if part else str(name)


def _says(milestone: Milestone, title: str, due: date, reach: list[str]) -> bool:
    same = milestone.replaces == title and [str(goal.text) for goal in milestone.reach] == reach
    return same and milestone.day(None) == due


def _free(project: Project, title: str) -> str:
    """A title that no milestone has: `m3-2`."""
    taken, n = {each.title for each in project.milestones}, 2
    while f"{title}-{n}" in taken:
        n += 1
    return f"{title}-{n}"


def with_lever(text: str, project: Project, name: str, metric: str, expect: str, day: date) -> str:
    """One more initiative; one that is called so already is kept as it is."""
    if any(str(each.name) == name for each in project.initiatives):
        return text
    return add_item(text, ["initiatives"], {"name": name, "starts": day.isoformat(), "moves": metric, "expect": expect})
