"""The three company types, and the questions that are put to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from drafting import MOMENT, errors, project_of, unasked
from shinro.definitions.project import read_project
from shinro.drafts.interview import TYPES, Question, Setting, answered, levelled, questions, starting_point
from shinro.problems import CannotGoOn, Problem
from shinro.reports.words import words
from shinro.run.enter import enter
from shinro.run.init import Drafted
from shinro.run.interview import init_by_asking
from shinro.run.opening import open_project
from shinro.run.status import status

TODAY = date(2026, 6, 1)
SETTING = Setting(("ja", "en"), "Asia/Tokyo", date(2026, 6, 1))


def silent(_: Problem) -> None:
    """Nobody listens."""


def answering(**answers: str) -> Callable[[Question], str]:
    """Answers by the keys of questions; what is proposed for all others."""
    return lambda question: answers.get(question.key, question.default)


def written(folder: Path, kind: str, language: str = "ja", **answers: str) -> Drafted:
    return init_by_asking(kind, folder, MOMENT, words(language).say, language, answering(**answers), silent)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_type_passes_but_for_what_it_asks(kind: str, language: str, tmp_path: Path) -> None:
    made = written(tmp_path, kind, language)
    project = project_of(made)
    assert {each.code for each in errors(made)} == {"K303"}
    assert unasked(made) == []
    assert not re.search(r"<[a-z_.]+>|types\.", made.text)
    assert not {each.code for each in made.problems} & {"N102", "N103", "N108", "N109", "T207", "M405", "M412"}
    assert len(project.milestones) == 3


@pytest.mark.parametrize("kind", TYPES)
def test_with_owners_and_answers_nothing_is_wrong(kind: str, tmp_path: Path) -> None:
    made = written(tmp_path, kind, owner="田中", growth="yes", shared="yes", actionable="yes")
    assert [each for each in made.problems if each.severity.rank < 2] == []
    assert "# ask: owner" not in made.text


@pytest.mark.parametrize("kind", TYPES)
def test_numbers_can_be_typed_in_from_the_first_day(kind: str, tmp_path: Path) -> None:
    written(tmp_path, kind)
    opened = open_project(tmp_path)
    star = str(opened.project.star.metric) if opened.project.star else ""
    for period in ("2026-04-22", "2026-05-20"):
        enter(opened, star, "42", period, TODAY)
    found = status(opened, MOMENT)
    assert found.star is not None


def test_answers_stand_where_they_belong(tmp_path: Path) -> None:
    said = {"company": "青空", "core_action": "初回商談", "because": "商談が先", "picture": "月100件", "owner": "佐藤"}
    made = written(tmp_path, "inside-sales", **said)
    project = project_of(made)
    assert project.company == "青空"
    assert project.star is not None
    assert project.star.because == "商談が先"
    assert project.star.meaning is not None
    assert project.star.meaning.in_("ja") == "初回商談"
    assert {str(owner) for kpi in project.kpis.values() for owner in kpi.owner} == {"佐藤"}
    assert project.story is not None
    assert project.story.picture is not None
    assert project.story.picture.in_("ja") == "月100件"


def test_a_level_is_a_number_or_a_whole_condition(tmp_path: Path) -> None:
    made = written(tmp_path, "inside-sales", level="7")
    goals = [str(goal.text) for milestone in project_of(made).milestones for goal in milestone.reach]
    assert goals[:2] == ["qualified_leads >= 7 per month", "customers >= 7"]
    assert levelled("won >= 10 per month", "won >= 3 per week") == "won >= 3 per week"
    assert levelled("churn <= 5% over 3 months", "4%") == "churn <= 4% over 3 months"


def test_a_level_that_is_none_is_asked_for_again(tmp_path: Path) -> None:
    said: list[str] = []
    tries = iter(["many", "more", "12"])

    def put(question: Question) -> str:
        return next(tries, question.default) if question.key == "level" else question.default

    made = init_by_asking(
        "inside-sales", tmp_path, MOMENT, words("en").say, "en", put, lambda problem: said.append(problem.code)
    )
    assert said == ["Q109", "Q109"]
    assert "qualified_leads >= 12 per month" in made.text


def test_what_was_answered_is_asked_no_more() -> None:
    text = starting_point("b2b-saas", SETTING, words("en").say)
    company = next(questions(text, "ja"))
    assert company.key == "company"
    done = answered(text, company, "Aozora", TODAY)
    assert "company: Aozora\n" in done
    assert answered(text, company, "", TODAY) == text


def test_every_question_has_words_in_both_languages() -> None:
    for language in ("ja", "en"):
        tell = words(language)
        for kind in TYPES:
            text = starting_point(kind, SETTING, tell.say)
            assert read_project(text, "shinro.yaml")[1] == ()
            for question in questions(text, language):
                assert tell.knows(f"interview.{question.key}")
                assert not re.search(r"[{}]", tell.say(f"interview.{question.key}", **question.args))


def test_nothing_is_left_behind_by_who_breaks_off(tmp_path: Path) -> None:
    def put(question: Question) -> str:
        if question.key == "picture":
            raise KeyboardInterrupt
        return question.default

    with pytest.raises(KeyboardInterrupt):
        init_by_asking("b2c-app", tmp_path / "new", MOMENT, words("en").say, "en", put, silent)
    assert not (tmp_path / "new").exists()


def test_a_project_that_is_there_is_not_asked_over(tmp_path: Path) -> None:
    written(tmp_path, "b2c-app")
    with pytest.raises(CannotGoOn):
        written(tmp_path, "b2b-saas")
