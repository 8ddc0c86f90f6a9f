from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from shinro.definitions.nodes import Text
from shinro.problems import Place
from shinro.reports.cards import every_reading
from shinro.reports.efforts import efforts, phase, under_way
from shinro.reports.parts import Effort
from shinro.reports.readings import Telling
from shinro.reports.words import words
from telling import AS_OF, gist, look


def told(lang: str) -> tuple[Effort, ...]:
    found = gist()
    return efforts(every_reading(found.status), AS_OF, (), Telling(words(lang), found.project))


def test_initiatives_stand_in_the_order_of_their_days_with_what_is_expected_of_them() -> None:
    assert [(each.name, each.phase, each.when, each.expect) for each in told("ja")] == [
        ("展示会出展", "終了", "2026年4月8日", "1か月で+80"),
        ("トークスクリプト改訂", "実施中", "2026年5月11日〜", "+2.0pt"),
        ("紹介制度", "予定", "2026年7月1日", "×2"),
        ("料金改定", "予定", "2026年8月1日〜2026年9月30日", "+10.0%"),
    ]


def test_they_name_their_kpi_its_state_whose_they_are_and_what_they_cost() -> None:
    script = told("en")[1]
    assert (script.moves, script.owner, script.cost) == ("返信率", "佐藤", "¥200K")
    assert script.badge
    assert script.badge.word == "behind"
    assert told("en")[0].verdict == "リードは増えたが商談は増えなかった"
    assert told("en")[0].expect == "+80 in 1 month"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 7, 31), "planned"),
        (date(2026, 8, 1), "running"),
        (date(2026, 9, 30), "running"),
        (date(2026, 10, 1), "ended"),
    ],
)
def test_a_spell_is_planned_then_running_then_ended(day: date, expected: str) -> None:
    """{name: 料金改定, starts: 2026-08-01, ends: 2026-09-30}"""
    assert phase(look().project.initiatives[2], day) == expected


def test_what_is_over_is_not_under_way() -> None:
    found = gist()
    reading = every_reading(found.status)["leads"]
    assert under_way(reading, AS_OF, Telling(words("ja"), found.project)) == []


def test_what_says_little_is_told_as_far_as_it_goes() -> None:
    """{name: 検討中}: no day, no KPI"""
    found = gist()
    bare = replace(
        found.project.initiatives[0],
        name=Text("検討中", Place("")),
        starts=None,
        moves=None,
        expect=None,
        owner=None,
        cost=None,
    )
    project = replace(found.project, initiatives=(bare,))
    (told_,) = efforts({}, AS_OF, (), Telling(words("ja"), project))
    assert (told_.name, told_.when, told_.moves, told_.expect, told_.owner, told_.cost) == (
        "検討中",
        "",
        "",
        "",
        "",
        "",
    )
    assert told_.badge is None
