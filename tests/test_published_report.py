"""What a publishing would write and wrote, in the words of both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from checking import project_of
from recording import a_report
from shinro.definitions.meaning import meanings
from shinro.entries import Checkpoint, Draft, Entry, Kind
from shinro.reports.published import Offered, offer_report, pair_json, published_report, restated_report
from shinro.reports.readings import Telling
from shinro.reports.report import Report
from shinro.reports.terminal import render
from shinro.reports.words import LANGUAGES, words

CRM = """\
sources: {crm: {type: files, path: data/*.csv}}
tables: {deals: {from: crm.deals, time: closed_at}}
metrics:
  won: {label: {ja: 受注, en: Won}, count: deals}
"""
NOTHING = Offered((), (), 0, (), (), (), date(2026, 5, 11))
OLD = Entry(3, datetime(2026, 2, 2, tzinfo=UTC), "a", a_report("won", 1, 1))


def told(report: Report) -> str:
    text = render(report, 100)
    assert not re.search(r"\{\w*\}|\b(?:publish|restate|recheck|unmeasured)\.\w", text), text
    return text


def pledge(kind: Kind, replaces: int | None = None, **data: object) -> Draft:
    subject = "m3" if kind is Kind.MILESTONE else "won"
    return Draft(kind=kind, subject=subject, replaces=replaces, data=data)  # type: ignore[arg-type]


@pytest.fixture(params=LANGUAGES)
def telling(request: pytest.FixtureRequest) -> Telling:
    return Telling(words(request.param), project_of(CRM))


def test_nothing_to_publish_says_why(telling: Telling) -> None:
    empty, again = (told(offer_report(each, telling, {})) for each in (NOTHING, replace(NOTHING, standing=3)))
    assert "--since" in empty
    assert "--since" not in again
    assert "3" in again


def test_everything_that_is_offered_is_said(telling: Telling) -> None:
    known = meanings(telling.project)
    pledges = (
        pledge(Kind.MILESTONE, due="2026-06-30", reach=["won >= 3 per month"]),
        pledge(Kind.MILESTONE, 1, due="2026-09-30", reach=["won >= 3 per month"]),
        pledge(Kind.MILESTONE, 1, given_up=True),
        pledge(Kind.TARGET, level="2", steps={"2026-04-01": "3"}),
        pledge(Kind.TARGET, 2, file="0" * 64),
        pledge(Kind.TARGET, 2, given_up=True),
    )
    reports = (a_report("won", 1, 1), a_report("won", 2, Fraction(5)))
    differs = ((OLD, a_report("won", 1, 4)),)
    offered = replace(
        NOTHING, pledges=pledges, reports=reports, differs=differs, unmeasured=(("won", "unmeasured.no_data"),)
    )
    text = told(offer_report(offered, telling, known))
    assert "2026-09-30" in text
    assert "steps 2026-04-01: 3" in text
    assert telling.say("publish.file") in text
    assert telling.label("won") in text


def test_what_stands_in_the_place_of_another_was_not_changed(telling: Telling) -> None:
    draft = pledge(Kind.MILESTONE, 1, due="2026-09-30", reach=["won >= 3 per month"])
    by_old = {
        old: told(offer_report(replace(NOTHING, pledges=(draft,), names={1: old}), telling, {})) for old in ("m1", "m3")
    }
    expected = {"ja": "m3 が m1 に代わります", "en": "m3 stands in the place of m1"}[telling.lang]
    assert expected in " ".join(by_old["m1"].split())
    assert {"ja": "変更されました", "en": "was changed"}[telling.lang] in by_old["m3"]


def test_what_was_written_ends_with_the_checkpoint(telling: Telling) -> None:
    head = Checkpoint("shinro/record/1", 4, "root", "shinro/record/1\n4\nroot\n\n— signed\n")
    assert "3" in told(published_report([OLD], head, telling))
    assert "— signed" in told(published_report([], head, telling))


def test_a_restatement_shows_both_values_and_whether_the_definition_is_another(telling: Telling) -> None:
    new = replace(a_report("won", 1, 4), kind=Kind.RESTATE, replaces=3)
    assert new.origin
    other = replace(new, origin=replace(new.origin, definition="e" * 64))
    for draft, says in ((new, "restate.same"), (other, "restate.other")):
        assert telling.say(says) in told(restated_report([(OLD, draft)], telling, meanings(telling.project)))
    assert pair_json(OLD, new)["published"] == "1"
    assert pair_json(OLD, new)["value"] == "4"
