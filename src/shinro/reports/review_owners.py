"""Owners of next actions whom the project does not know: taken as they are, and said, since a name may be mistyped."""

from __future__ import annotations

from shinro.analysis.review_words import owners_of, plain
from shinro.definitions.project import Project
from shinro.findings.reviews import Taken
from shinro.reports.inert import inert
from shinro.reports.readings import Telling


def owners_unknown(taken: Taken, project: Project) -> tuple[str, ...]:
    """Who has an action now and owns nothing in the project, in the order of the actions."""
    known = owners_of(project)
    return tuple(dict.fromkeys(each.owner for each in taken.actions if each.owner and plain(each.owner) not in known))


def owners_text(taken: Taken, project: Project, telling: Telling) -> str:
    """That they own nothing in the project; nothing where there is none."""
    names = [inert(each) for each in owners_unknown(taken, project)]
    return telling.say("review.owners_unknown", names=telling.say("list.comma").join(names)) if names else ""
