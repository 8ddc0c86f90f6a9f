"""A tale -> the document that is shown: what is told first, what fell short beside it, what it all rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from shinro.definitions.project import Project
from shinro.findings.claims import Tale
from shinro.reports import traction_back as back
from shinro.reports import traction_front as front
from shinro.reports.dates import day, span
from shinro.reports.document import Document, Section
from shinro.reports.readings import Telling
from shinro.reports.words import Words

Forms = Mapping[str, Mapping[str, str]]  # metric -> its definition's normal form


def traction_document(tale: Tale, project: Project, words: Words, forms: Forms, today: date) -> Document:
    """The document of a tale in one language. Law: the same tale, the same document. Cost: linear in what it shows."""
    telling = Telling(words, project)
    return Document(
        lang=words.lang,
        title=telling.say("tale.title", company=tale.company or telling.say("status.no_company")),
        subtitle=telling.say(
            "tale.subtitle", audience=audience_text(tale, telling), period=span(front.held_of(tale), words.lang)
        ),
        company=tale.company,
        day=day(today, words.lang),
        sections=tuple(_sections(tale, telling, forms)),
        foot=foot(tale, telling),
        keywords=tuple(
            telling.label(path.metric) for path in (*tale.supports, *((tale.headline,) if tale.headline else ()))
        ),
        dated=today,
    )


def _sections(tale: Tale, telling: Telling, forms: Forms) -> Iterator[Section]:
    """In the order that they are read; one that has nothing to say is left out, but what fell short never is."""
    yield front.headline(tale, telling)
    yield front.claimed(tale, telling)
    yield front.promised(tale, telling)
    yield front.fell_short(tale, telling)
    found = (
        back.cohorts(tale, telling),
        back.money(tale, telling),
        back.next_up(tale, telling),
        back.own_words(tale, telling),
        back.restated(tale, telling),
        back.same_as_last(tale, telling),
        back.refused(tale, telling),
        back.definitions(tale, telling, forms),
        back.verifying(tale, telling),
    )
    yield from (section for section in found if section)


def foot(tale: Tale, telling: Telling) -> str:
    """What stands on every page: the checkpoint, how to verify, and whether the telling is in the record."""
    if tale.checkpoint is None:
        return telling.say("tale.foot_none")
    key = "tale.foot" if tale.published else "tale.foot_draft"
    return telling.say(key, checkpoint=tale.checkpoint.short)


def audience_text(tale: Tale, telling: Telling) -> str:
    """Whom it is told to, in the reader's language where the name is a common one."""
    key = f"audience.{tale.audience}"
    return telling.say(key) if telling.words.knows(key) else tale.audience
