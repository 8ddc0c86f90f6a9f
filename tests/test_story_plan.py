"""Targets beside what came of them, and the levels that milestones need, in the story and on its page."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from shinro.reports.parts import Track
from shinro.reports.pictures import course
from shinro.reports.plan_section import plan
from shinro.reports.story import story
from shinro.reports.words import words
from telling import gist

LANGS = ["ja", "en"]


def tracks(lang: str = "en") -> dict[str, Track]:
    return {each.card.metric: each for each in story(gist(), words(lang)).tracks}


def test_every_metric_with_a_target_stands_beside_it_as_written() -> None:
    assert list(tracks()) == ["calls", "reply_rate"]
    found = tracks()["reply_rate"]
    assert len(found.actual) == len(found.meant)
    assert found.card.spark == ()
    assert found.grid.columns == ("Month", "Value", "Target", "Difference")
    last = [row for row in found.grid.rows if row[1]][-1]
    assert last == ("May 2026", "20.8%", "25.0%", "-4.2pt")


def test_a_month_that_is_not_over_or_to_come_has_a_target_alone() -> None:
    rows = [row for row in tracks()["reply_rate"].grid.rows if not row[1]]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("Jun 2026", "25.0%", ""),
        ("Jul 2026", "30.0%", ""),
        ("Aug 2026", "30.0%", ""),
        ("Sep 2026", "30.0%", ""),
    ]


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", ("Set on May 15, 2026", "Before, until May 15, 2026: 28%")),
        ("ja", ("設定日 2026年5月15日", "以前の目標(2026年5月15日まで): 28%")),
    ],
)
def test_the_day_of_the_plan_and_the_target_before_stay_in_sight(lang: str, says: tuple[str, ...]) -> None:
    assert tracks(lang)["reply_rate"].says == says
    assert tracks(lang)["calls"].says == ()


@pytest.mark.parametrize("lang", LANGS)
def test_the_levels_that_milestones_need_are_a_table_with_what_is_out_of_reach(lang: str) -> None:
    (found,) = story(gist(), words(lang)).needs
    assert found.grid
    assert [row[1:4] for row in found.grid.rows] == [
        ("1,600", "2,000", "2,000（仮定）" if lang == "ja" else "2,000 (assumed)"),
        ("20.0%", "30.0%", "30.0%"),
    ]
    assert any("380" in line for line in found.after)


@pytest.mark.parametrize("lang", LANGS)
def test_the_section_has_what_there_is(lang: str) -> None:
    found = story(gist(), words(lang))
    assert plan(found, words(lang)).count("<polyline") >= len(found.tracks)
    assert "<table>" in plan(replace(found, tracks=()), words(lang))
    assert words(lang).say("story.needs") not in plan(replace(found, needs=()), words(lang))
    assert "shinro plan --back --save" in plan(replace(found, tracks=(), needs=()), words(lang))


def test_a_course_and_its_target_share_one_scale() -> None:
    drawn = course((Fraction(0), Fraction(1), None), (None, Fraction(1), Fraction(2)))
    assert drawn.count("<polyline") == 2
    assert 'points="120.0,32.0 236.0,4.0"' in drawn
    assert 'points="4.0,60.0 120.0,32.0"' in drawn
    assert "circle" not in course((None, None), (Fraction(1), Fraction(1)))
