"""Plans and questions as readers are told them, in both languages: nothing is left unsaid, no sentence is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planning import NOW, STORY, Value, bearings_of, footing_of
from shinro.analysis.aims import wanted_of
from shinro.analysis.footing import footing
from shinro.analysis.plans import plan_of
from shinro.analysis.whatif import what_if
from shinro.definitions.meaning import meanings
from shinro.definitions.supposing import supposed
from shinro.findings.plans import Easing
from shinro.periods import Grain
from shinro.problems import Place
from shinro.reports.chances import chance_text
from shinro.reports.plans import plan_report
from shinro.reports.plans_json import chances_json, plan_json
from shinro.reports.readings import Telling
from shinro.reports.report import Heading, Lines, Report
from shinro.reports.whatif import what_if_report
from shinro.reports.words import words
from test_backplan import FUNNEL, SOLD
from test_backplan_chance import PAST, WIDE

KEY = re.compile(r"\b(?:back|plan|whatif|length|status)\.[a-z_]+")
LANGUAGES = pytest.mark.parametrize("lang", ["en", "ja"])
AS_OF = date(2026, 1, 1)


def said(report: Report) -> str:
    texts: list[str] = []
    for block in report.blocks:
        if isinstance(block, Heading):
            texts.append(block.text)
        elif isinstance(block, Lines):
            texts += [line.text for line in block.lines]
        else:
            texts += [*(column.title for column in block.columns), *(cell.text for row in block.rows for cell in row)]
    joined = "\n".join(texts)
    assert KEY.findall(joined) == []
    return joined


def plan(text: str, values: Mapping[str, Sequence[Value]], lang: str, wanted: float | None = None) -> str:
    project = bearings_of(text, values).project
    found = plan_of(project, meanings(project), footing_of(text, values), wanted=wanted)
    return said(plan_report(found, Telling(words(lang), project)))


def question(
    asked: str, lang: str, text: str = STORY, values: Mapping[str, Sequence[Value]] = NOW, star: str | None = "paid"
) -> str:
    bearings = bearings_of(text, values)
    moves = supposed(asked, Place("--what-if"))
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    names = [*([star] if star else []), *(move.metric for move in moves)]
    standing = footing(bearings, wanted, Grain.MONTH, names, frozenset(move.metric for move in moves), 12)
    found = what_if(standing, moves, bearings.meanings, star)
    return said(what_if_report(found, Telling(words(lang), bearings.project)))


def test_json_says_by_how_much_later_a_condition_would_be_easier_as_the_text_does() -> None:
    project = bearings_of(STORY, NOW).project
    found, telling = plan_of(project, meanings(project), footing_of()), Telling(words("en"), project)
    day, bound = Easing(found.conditions[0], None, 1.0), Easing(None, found.levers[0].lever, 2.0)
    eased = replace(found, easings=(day, replace(day, later=Grain.QUARTER), bound))
    easier: Any = plan_json(eased, telling)["easier"]
    assert [each["later"] for each in easier] == ["month", "quarter", None]
    assert "were due a month later" in (text := said(plan_report(eased, telling)))
    assert "were due a quarter later" in text


@LANGUAGES
def test_how_likely_a_plan_is_and_that_a_buffer_can_be_asked_for(lang: str) -> None:
    text = plan(WIDE, PAST, lang)
    assert "--sure 80%" in text
    assert "%" in text
    assert "arpa" in text  # of whose noise nothing is known


@LANGUAGES
def test_a_probability_that_the_bounds_do_not_allow_is_told_beside_the_most_that_they_do(lang: str) -> None:
    text = plan(STORY, PAST, lang, 0.99)
    assert "99%" in text
    assert "--sure" not in text


@LANGUAGES
def test_a_capacity_that_the_steps_would_need_more_of_is_told(lang: str) -> None:
    text = plan(FUNNEL.replace("people: {at_most: 12}", "people: {at_most: 5}"), SOLD, lang)
    assert {"en": "7 are needed, 5 is the most", "ja": "7必要ですが、上限は5"}[lang] in text


@LANGUAGES
def test_scenarios_ceilings_and_what_is_left_out_are_told(lang: str) -> None:
    ranged = STORY.replace("arpa: {at_most: 40000}", "arpa: {at_least: 25000, at_most: 40000}")
    known = {name: each for name, each in NOW.items() if name != "arpa"}
    assert {"en": "A scenario: nothing is measured yet of arpa", "ja": "シナリオです。arpa"}[lang] in plan(
        ranged, known, lang
    )
    ceiling = STORY.replace("    churn: {at_least: 1.5%}\n", "    churn: {at_least: 1.5%}\n    trials: {at_least: 1}\n")
    assert {"en": "a better plan may exist", "ja": "より良い計画"}[lang] in plan(ceiling, NOW, lang)
    bare = STORY.replace("    arpa: {at_most: 40000}\n", "")
    assert {"en": "no measured value", "ja": "実績がまだありません"}[lang] in plan(bare, known, lang)
    assert {"en": "none can be planned for yet", "ja": "計画を立てられるものがまだありません"}[lang] in plan(
        bare, {"arpa": [1]}, lang
    )
    lows = {"new_trials": "1", "conversion": "10%", "arpa": "20000"}
    zero = STORY.replace("{at_least: 1.5%}", "{at_least: 1.5%, at_most: 8%}")
    for name, low in lows.items():
        zero = zero.replace(f"{name}: {{at_most", f"{name}: {{at_least: {low}, at_most")
    assert {"en": "start at 0", "ja": "0から始めています"}[lang] in plan(zero, {}, lang)


@LANGUAGES
def test_a_driver_past_its_bound_and_one_without_a_bound_are_told(lang: str) -> None:
    text = STORY.replace("conversion: {at_most: 45%}", "conversion: {at_most: 15%}").replace(
        "    arpa: {at_most: 40000}\n", ""
    )
    told = plan(text, NOW, lang)
    assert {"en": "past its bound", "ja": "範囲を超えています"}[lang] in told
    assert {"en": "(assumed)", "ja": "（仮定）"}[lang] in told


@LANGUAGES
def test_nothing_to_do_and_nothing_in_reach(lang: str) -> None:
    goals = "milestones:\n  - {id: m3, by: +3 months, reach: [paid >= 0, churn <= 6%]}\nplanning:"
    easy = re.sub(r"milestones:.*planning:", goals, STORY, flags=re.DOTALL)
    assert {"en": "Nothing has to change", "ja": "いまの水準のままで"}[lang] in plan(easy, NOW, lang)
    never = STORY.replace("paid >= 30", "paid >= 1000000").replace("paid >= 3]", "paid >= 1000000]")
    assert {"en": "No single bound", "ja": "足りません"}[lang] in plan(never, NOW, lang)


@LANGUAGES
def test_questions_are_answered_with_chances_and_without_a_star(lang: str) -> None:
    assert {"en": "Probability of each milestone", "ja": "達成確率"}[lang] in question(
        "conversion x2", lang, WIDE, PAST
    )
    assert {"en": "No North Star", "ja": "ノーススターがないため"}[lang] in question("conversion x2", lang, star=None)
    assert {"en": "move neither", "ja": "動きません"}[lang] in question("arpa + 0", lang)
    known = {name: each for name, each in NOW.items() if name != "arpa"}
    bare = STORY.replace("    arpa: {at_most: 40000}\n", "")
    assert {"en": "left out", "ja": "計画に入れていません"}[lang] in question("conversion x2", lang, bare, known)
    assert question("arpa x2", lang, star="mrr")


def test_probabilities_are_never_certain() -> None:
    assert [chance_text(chance) for chance in (0.0, 0.004, 0.5, 0.996, 1.0)] == [
        "<1%",
        "<1%",
        "50%",
        ">99%",
        ">99%",
    ]
    assert chances_json(()) == []


@LANGUAGES
def test_a_driver_whose_numbers_end_before_the_others_is_named_with_its_last_month(lang: str) -> None:
    """A conversion within 60 days is complete two months later than what comes in."""
    long = {**NOW, "new_trials": [2, 2, 2], "conversion": ["1/5", "1/5", "1/5"]}
    bearings = bearings_of(STORY, long)
    series = dict(bearings.measured.series)
    late = series["conversion", Grain.MONTH]
    series["conversion", Grain.MONTH] = replace(late, points=late.points[:1])
    bearings = replace(bearings, measured=replace(bearings.measured, series=series))
    standing = footing(bearings, tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF)), Grain.MONTH)
    found = plan_of(bearings.project, bearings.meanings, standing)
    told = said(plan_report(found, Telling(words(lang), bearings.project)))
    named = {"en": "conversion: up to Oct 2025, the last", "ja": "conversion：実績は2025年10月まで"}
    assert named[lang] in told
    assert {"en": "at the latest Dec 2025", "ja": "2025年12月まで"}[lang] in told
    assert named[lang] not in plan(STORY, NOW, lang)
