"""Candidates for the star: what counts as value, and what is said of the one that comes out first."""

from __future__ import annotations

import re
from datetime import date

import pytest

from checking import facts_of
from shinro.analysis.candidates import candidates
from shinro.findings.inventory import Answer, Candidate, Candidates, Question, Trial
from shinro.reports.inventory import candidates_report
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import words

LOST = """\
sources:
  crm: {type: files, path: data/*.csv}
tables:
  paid: {from: crm.paid, key: paid_id, time: ended_at}
  subs: {from: crm.subs, key: id, entity: company, starts: began, ends: ended, amount: price}
metrics:
  kept: {count: paid, where: "kind = 'kept'"}
  left: {count: paid, where: "kind = 'left'", better: lower}
  wait: {median: paid.took, where: "kind = 'kept'", better: higher}
  r: {recurring: subs}
"""


@pytest.mark.parametrize(
    ("metric", "key", "answer"),
    [
        ("kept", "value", "yes"),
        ("left", "loss", "no"),
        ("wait", "middle", "no"),
        ("r.companies", "value", "yes"),
        ("r.churned_companies", "loss", "no"),
        ("r.churn_rate", "loss", "no"),
    ],
)
def test_a_loss_or_a_time_says_not_that_somebody_got_something(metric: str, key: str, answer: str) -> None:
    tried = candidates(facts_of(LOST), [metric])[0]
    got = {each.key: each.answer.value for each in tried.trials if each.key in ("value", "loss", "middle")}
    assert got == {key: answer}


def of(metric: str, passed: int, failed: int, *barred: str) -> Candidate:
    came = [Answer.YES] * passed + [Answer.NO] * failed
    return Candidate(metric, tuple(Trial(Question.GROWTH, "falls", each) for each in came), barred=barred)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((of("won", 6, 5), of("calls", 8, 3, "work")), "passes the largest share of the tests, of those that are not"),
        ((of("won", 6, 5), of("leads", 5, 6)), "passes the largest share of the tests, of these."),
        ((of("won", 2, 1), of("leads", 4, 2), of("calls", 1, 2)), "pass the same share of the tests, the largest of"),
        ((of("calls", 8, 3, "work"),), "None of these can be a North Star"),
    ],
)
def test_the_closing_claims_no_more_than_the_table_shows(found: tuple[Candidate, ...], said: str) -> None:
    telling = Telling(words("en"), facts_of(LOST).project)
    assert said in render(candidates_report(Candidates(found, date(2026, 5, 11)), telling), 400)


def test_sentences_about_a_star_hold_for_one_that_is_better_lower() -> None:
    for lang, one_way in (("en", r"\b(?:rais|ris|rose|fall|fell|drop)"), ("ja", "上が|上げ|下が|増え|増や|減")):
        for key in ("inventory.next.guardrail", "inventory.because.guardrail", "N107.none.says", "N110.none.says",
                    "N110.none.next", "N110.same.next", "N110.falls.says"):  # fmt: skip
            args = dict.fromkeys(("metric", "guardrail", "first", "last"), "x")
            assert not re.search(one_way, words(lang).say(key, **args)), key
