from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from contract import contract
from made_up import project_of
from shinro.analysis.measured import Bearings, Soundings
from shinro.analysis.status import status
from shinro.definitions.meaning import meanings
from shinro.findings.effects import Effect, Verdict
from shinro.reports.cards import every_reading
from shinro.reports.effects import estimated, sentence, verdict
from shinro.reports.parts import Story, plain
from shinro.reports.readings import Telling
from shinro.reports.story import CHARTS, Gist, charted, story
from shinro.reports.words import words
from shinro.series import State
from telling import AS_OF, gist, page_of, text_of

LANGS = ["ja", "en"]


def told(lang: str = "ja") -> Story:
    return story(gist(), words(lang))


def empty(text: str) -> Gist:
    project = project_of(text)
    bearings = Bearings(project, meanings(project), Soundings(AS_OF, {}), project.calendar)
    return Gist(status(bearings, everything=True), project, bearings.meanings, ())


def test_the_story_is_what_other_faces_expect() -> None:
    """Of the charts' specs the first one stands for all."""
    for lang in LANGS:
        found = told(lang)
        charts = (found.charts[0], *(replace(chart, spec={}) for chart in found.charts[1:]))
        contract(f"story.{lang}", plain(replace(found, charts=charts)))


def test_the_months_of_the_star_what_is_in_focus_and_what_it_leads_to_are_charted() -> None:
    project = project_of(text_of())
    assert charted(project) == ("qualified_leads", "leads", "reply_rate", "sales", "companies")
    many = "".join(f"  x{n}: {{count: leads}}\n" for n in range(9))
    focus = "".join(f"  x{n}: {{focus: true}}\n" for n in range(9))
    more = text_of().replace("\nnorth_star:", f"\n{many}north_star:").replace("\nkpis:\n", f"\nkpis:\n{focus}")
    assert len(charted(project_of(more))) == CHARTS


def test_what_is_behind_comes_first_with_whose_it_is_and_what_is_done() -> None:
    star, reply, other = told("en").concerns
    assert (star.card.label, star.doing) == ("商談化リード数", "Held back by: 返信率")
    assert (reply.card.label, reply.card.owner) == ("返信率 (guardrail)", "佐藤")
    assert reply.doing == "Under way: トークスクリプト改訂 (+2.0pt)"
    assert other.card.metric == "companies"


def test_where_all_is_well_nothing_is_of_concern() -> None:
    found = gist()
    star = found.status.star
    assert star
    well = replace(found.status, star=replace(star, state=State.AHEAD), focus=(), departments=(), others=())
    told_ = story(replace(found, status=replace(well, milestones=())), words("ja"))
    assert (told_.concerns, told_.calm) == ((), "目標に遅れている数字はありません。")


def test_an_outcome_that_is_behind_is_no_calm() -> None:
    found = gist()
    readings = {metric: reading for metric, reading in every_reading(found.status).items() if metric != "sales"}
    star, sales = readings["qualified_leads"], every_reading(found.status)["sales"]
    well = replace(found.status, star=replace(star, state=State.AHEAD), focus=(), departments=())
    late = replace(well, others=(replace(sales, state=State.BEHIND),))
    assert [each.card.metric for each in story(replace(found, status=late), words("en")).concerns] == ["sales"]


def test_where_only_a_milestones_conditions_are_behind_they_are_named() -> None:
    found = gist()
    star, (milestone, *_) = found.status.star, found.status.milestones
    assert star
    (first, *_) = milestone.conditions
    late = replace(milestone, conditions=(replace(first, state=State.BEHIND),) * 2)
    well = replace(found.status, star=replace(star, state=State.AHEAD), focus=(), departments=(), others=())
    told_ = story(replace(found, status=replace(well, milestones=(late,))), words("ja"))
    label = told("ja").stages[0].aims[0].text.split(" ")[0]
    assert (told_.concerns, told_.calm) == ((), f"マイルストーンの条件で遅れている数字: {label}")


def test_where_nothing_is_done_the_story_says_so() -> None:
    found = gist()
    idle = replace(found, project=replace(found.project, initiatives=()))
    doing = {concern.card.metric: concern.doing for concern in story(idle, words("ja")).concerns}
    assert "`initiatives`" in doing["reply_rate"]


def test_milestones_stand_before_and_after_today_and_the_next_one_is_known() -> None:
    found = told()
    assert [(stage.title, stage.past) for stage in found.stages] == [("m0", True), ("m3", False), ("半年後", False)]
    assert found.ahead == found.stages[1]
    assert found.span == "2026年4月1日〜2026年10月1日"


def test_problems_come_with_their_place_and_the_next_move() -> None:
    fixes = told("en").fixes
    assert [fix.badge.word for fix in fixes] == ["error", "warning", "remark", "remark"]
    assert all(fix.place.startswith("shinro.yaml:") and fix.following for fix in fixes)


@pytest.mark.parametrize("lang", LANGS)
def test_every_key_is_said(lang: str) -> None:
    text = re.sub(r"<style>.*?</style>", "", page_of(gist(), (lang,)), flags=re.DOTALL)
    assert not re.search(r"\b(?:story|status|state|period|milestone|reading|now|data|q\d|problems)\.[a-z_]+\b", text)
    assert "{" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_project_that_has_nothing_yet_says_how_to_get_each_part(lang: str) -> None:
    """company: 青空"""
    text = page_of(empty("company: 青空\n"), (lang,))
    for key in ("picture", "north_star", "departments", "milestones", "initiatives", "shinro sync"):
        assert f"<code>{key}</code>" in text


def test_metrics_without_data_are_unknown_not_zero() -> None:
    found = story(empty(text_of()), words("ja"))
    assert found.star
    assert (found.star.value, found.star.badge and found.star.badge.word) == ("不明", "不明")
    assert found.charts == ()
    assert (found.concerns, found.calm) == ((), "目標と比べられる数字がまだありません。")
    assert found.unmeasured == ()


def test_a_day_that_nobody_set_is_said() -> None:
    """milestones: [{id: someday, reach: [leads >= 1 per month]}]"""
    found = gist()
    milestone = replace(found.status.milestones[0], due=None, days_left=None)
    stages = story(replace(found, status=replace(found.status, milestones=(milestone,))), words("en")).stages
    assert stages[0].when == "no day yet: write `by`"
    assert not stages[0].past


def test_the_same_day_gives_the_same_page() -> None:
    assert page_of(gist()) == page_of(gist())
    assert date(2026, 6, 17) == AS_OF


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_said_of_an_initiative_does_not_say_its_verdict_again(lang: str) -> None:
    """Neither where something was estimated nor where nothing could be."""
    telling = Telling(words(lang), gist().project)
    (seen, *_) = gist().studies[lang].seen
    assert seen.says
    assert seen.verdict not in seen.says[0]
    silent = Effect(seen.name, Verdict.CANNOT_TELL)
    assert estimated(silent, telling) == ""
    assert sentence(silent, telling).startswith(verdict(silent, telling))
