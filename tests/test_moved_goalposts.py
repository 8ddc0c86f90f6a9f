"""Targets that were moved, in words: what stood before, where there was none, and what a plan gave up."""

from __future__ import annotations

import pytest

from shinro.definitions.project import read_project
from shinro.reports.goalposts import moved_goalposts
from shinro.reports.readings import Telling
from shinro.reports.words import words

TEXT = """\
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: "data/*.csv"}}
tables:
  contacts: {from: crm.contacts, key: id, time: at}
metrics:
  calls: {label: Calls, count: contacts}
  replies: {label: Replies, count: contacts, where: outcome = 'reached'}
targets:
  calls: {declared: 2026-03-10, before: [{until: 2026-03-10, was: "{per: week, level: 200}"}]}
  replies:
    {per: week, steps: {2026-03-10: 20}, declared: 2026-03-10, planned: yes, before: [{until: 2026-03-10, was: none}]}
"""


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "Calls: the target before ({per: week, level: 200}, until Mar 10, 2026) is kept in sight.",
                "Calls: since Mar 10, 2026 it has no target any more; the plan of that day lets it be.",
                "Replies: until Mar 10, 2026 it had no target of its own.",
            ],
        ),
        (
            "ja",
            [
                "Calls: 以前の目標（2026年3月10日まで{per: week, level: 200}）は残してあります。",
                "Calls: 2026年3月10日から目標はありません。その日の計画では動かさないことになりました。",
                "Replies: 2026年3月10日までは独自の目標がありませんでした。",
            ],
        ),
    ],
)
def test_what_stood_before_stays_in_sight(lang: str, said: list[str]) -> None:
    project, problems = read_project(TEXT, "shinro.yaml")
    assert problems == ()
    assert list(moved_goalposts(Telling(words(lang), project))) == said
