"""Declared: milestones as the project file says them, beside the forms in which the record holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from shinro.definitions.phrases import Condition, condition
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone
from shinro.definitions.tokens import Mistake
from shinro.entries import Draft, Entry, Json, Kind

GIVEN_UP: Mapping[str, Json] = {"given_up": True}
MADE_UP = "made_up"  # of entries whose company and dates are made up; it says nothing else
Forms = Mapping[str, Sequence[Entry]]  # subject -> its recorded forms, oldest first


def milestones_declared(project: Project, known: Forms) -> Iterator[Draft]:
    """The milestones that are new, were changed or given up since they were recorded."""
    declared = by_title(project)
    starts = project.story.starts if project.story else None
    for title, milestone in declared.items():
        draft = Draft(kind=Kind.MILESTONE, subject=title, data=_data(milestone, starts))
        yield from if_other(draft, known.get(title) or known.get(str(milestone.replaces), ()))
    replaced = {str(each.replaces) for each in declared.values() if each.replaces}
    yield from given_up(Kind.MILESTONE, known, {*declared, *replaced})


def by_title(project: Project) -> Mapping[str, Milestone]:
    """The milestones that have something to reach, by what they are called: by their day where they have no name."""
    starts = project.story.starts if project.story else None
    named = {_title(each, starts): each for each in project.milestones if each.reach}
    return {title: each for title, each in named.items() if title}


def _title(milestone: Milestone, starts: date | None) -> str:
    day = milestone.day(starts)
    return milestone.title or (day.isoformat() if day else "")


def _data(milestone: Milestone, starts: date | None) -> Mapping[str, Json]:
    day = milestone.day(starts)
    reach = [str(goal.text) for goal in milestone.reach if goal.condition]
    said = {"said": milestone.declared.isoformat()} if milestone.declared else {}
    return {**({"due": day.isoformat()} if day else {}), "reach": reach, **said}


def if_other(draft: Draft, forms: Sequence[Entry]) -> Iterator[Draft]:
    """The draft where its newest form says something else, as what replaces that."""
    if not forms:
        yield draft
    elif not says_the_same(draft, forms[-1]):
        yield Draft(kind=draft.kind, subject=draft.subject, replaces=forms[-1].seq, data=draft.data, texts=draft.texts)


def given_up(kind: Kind, known: Forms, there: set[str]) -> Iterator[Draft]:
    """What is recorded and no longer in the project, unless that is recorded too."""
    for subject, forms in known.items():
        if subject not in there and not forms[-1].draft.data.get("given_up"):
            yield Draft(kind=kind, subject=subject, replaces=forms[-1].seq, data=GIVEN_UP)


def says_the_same(draft: Draft, entry: Entry) -> bool:
    """Whether an entry says what a draft says; a text that was erased since is taken to be the same."""
    old, new = ({key: said for key, said in each.data.items() if key != MADE_UP} for each in (entry.draft, draft))
    if draft.subject != entry.draft.subject or _conditions(old.pop("reach", ())) != _conditions(new.pop("reach", ())):
        return False
    texts = all(entry.words.get(role, text) == text for role, text in draft.texts.items())
    return old == new and texts and draft.texts.keys() == entry.hashes.keys()


def _conditions(texts: Json) -> list[Condition | str]:
    """Conditions by what they mean: another spelling is no other promise."""
    return [_meant(str(text)) for text in texts] if isinstance(texts, list | tuple) else []


def _meant(text: str) -> Condition | str:
    try:
        return condition(text)
    except Mistake:
        return text
