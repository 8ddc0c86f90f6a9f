"""init without files: a company type's text, the questions put to it one by one, the project written at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import available_timezones

from shinro.definitions.phrases import condition
from shinro.definitions.tokens import Mistake
from shinro.drafts.interview import Question, Setting, answered, levelled, questions, starting_point
from shinro.drafts.text import Say, asked
from shinro.problems import Problem
from shinro.run.check import check
from shinro.run.gathering import Moment
from shinro.run.init import ZONES, Drafted, made, refuse_existing, write_new

Put = Callable[[Question], str]  # a question -> the answer, its default where nothing was said
Tell = Callable[[Problem], None]  # an answer that cannot be read


def init_by_asking(kind: str, folder: Path, moment: Moment, say: Say, language: str, put: Put, tell: Tell) -> Drafted:
    """Writes a project from answers, after the last one. Raises CannotGoOn where one is there already."""
    file = refuse_existing(folder)
    zone = (moment.environ or {}).get("TZ", "")
    zone = zone if zone in available_timezones() else ZONES[language]
    today = moment.today(zone)
    languages = (language, "en" if language == "ja" else "ja")
    text = starting_point(kind, Setting(languages, zone, today.replace(day=1)), say)
    person = ""
    for question in tuple(questions(text, language)):
        answer = _answer(question, put, tell)
        person = answer if question.kind == "person" else person
        text = answered(text, question, answer, today, person)
    with made(folder):
        write_new(file, text)
    return Drafted(file, text, (), asked(text), check(folder, today).problems)


def _answer(question: Question, put: Put, tell: Tell) -> str:
    """An answer that can be written: a level is asked for again until it is one, three times at most."""
    for _ in range(3):
        answer = put(question)
        if question.kind != "level" or answer == question.default:
            return "" if answer == question.default and question.kind != "level" else answer
        whole = levelled(question.default, answer)
        try:
            condition(whole)
        except Mistake as mistake:
            tell(mistake.problem)
            continue
        return whole
    return question.default
