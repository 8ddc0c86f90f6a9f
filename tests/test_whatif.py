"""What if: changes of drivers, passed through the tree exactly."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest

from planning import NOW, STORY, bearings_of
from shinro.analysis.aims import wanted_of
from shinro.analysis.footing import footing
from shinro.analysis.plans import plan_of
from shinro.analysis.whatif import what_if
from shinro.definitions.phrases import Change, Level
from shinro.definitions.supposing import supposed
from shinro.definitions.tokens import Mistake
from shinro.findings.plans import WhatIf
from shinro.periods import Grain
from shinro.problems import Place
from test_backplan_chance import PAST

HERE = Place("--what-if")
AS_OF = date(2026, 1, 1)


def look(text: str, story: str = STORY, star: str | None = "paid") -> WhatIf:
    bearings = bearings_of(story, NOW)
    moves = supposed(text, HERE)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    names = [*([star] if star else []), *(move.metric for move in moves)]
    found = footing(bearings, wanted, Grain.MONTH, names, frozenset(move.metric for move in moves), 12)
    return what_if(found, moves, bearings.meanings, star)


def stars(found: WhatIf) -> list[Fraction]:
    return [(each.after or Fraction(0)) - (each.before or Fraction(0)) for each in found.outcomes]


@pytest.mark.parametrize(
    ("text", "metric", "kind", "value", "first"),
    [
        ("reply_rate + 2pt from 2026-09", "reply_rate", "points", "1/50", date(2026, 9, 1)),
        ("reply_rate +2pt 2026-09から", "reply_rate", "points", "1/50", date(2026, 9, 1)),
        ("revenue.churn_rate -10%", "revenue.churn_rate", "relative", "-1/10", None),
        ("返信率＋２pt from 2026年9月", "返信率", "points", "1/50", date(2026, 9, 1)),
        ("leads x2", "leads", "times", "2", None),
        ("leads + 1,200", "leads", "absolute", "1200", None),
    ],
)
def test_a_change_is_read(text: str, metric: str, kind: str, value: str, first: date | None) -> None:
    (move,) = supposed(text, HERE)
    assert isinstance(move.change, Change)
    assert (move.metric, move.change.kind, move.change.value.value, move.first) == (
        metric,
        kind,
        Fraction(value),
        first,
    )


def test_several_changes_and_levels_are_read() -> None:
    moves = supposed("reply_rate + 2pt, leads +10% from 2026-09 and churn to 3%; arpa = 35,000", HERE)
    assert [move.metric for move in moves] == ["reply_rate", "leads", "churn", "arpa"]
    assert [type(move.change) for move in moves] == [Change, Change, Level, Level]


@pytest.mark.parametrize(
    ("text", "code"),
    [("reply_rate", "Q111"), ("", "Q111"), ("leads + ", "Q111"), ("leads + 5 from never", "Q129"),
     ("leads to much", "Q109")],
)  # fmt: skip
def test_what_is_no_change_is_told(text: str, code: str) -> None:
    with pytest.raises(Mistake) as stop:
        supposed(text, HERE)
    assert stop.value.problem.code == code


def test_a_better_conversion_brings_more_companies_and_nothing_before_its_month() -> None:
    found = look("conversion + 10pt from 2026-03")
    assert stars(found)[:2] == [0, 0]
    # 2 trials a month, half decided: in March 0.5 * 3.5 * 10 % more
    assert stars(found)[2] == Fraction(7, 2) / 2 / 10
    assert found.moves[0].first.start == date(2026, 3, 1)
    assert (found.moves[0].before, found.moves[0].after) == (Fraction(1, 5), Fraction(3, 10))
    assert [condition.milestone for condition in found.conditions if condition.text == "paid >= 3"] == ["m3"]


def test_two_changes_together_are_what_the_tree_makes_of_both() -> None:
    both = stars(look("conversion x2, new_trials x2"))
    one, other = stars(look("conversion x2")), stars(look("new_trials x2"))
    assert both[-1] > one[-1] + other[-1]


def test_a_change_may_come_over_some_months_and_a_share_stays_a_share() -> None:
    slow = look("new_trials + 3 in 3 months")
    assert slow.moves[0].after == 5
    first = look("new_trials + 3")
    assert 0 < stars(slow)[1] < stars(first)[1]
    assert look("conversion + 95pt").moves[0].after == 1


def test_what_follows_from_others_is_changed_on_top_and_a_stock_keeps_what_it_got() -> None:
    found = look("paid + 10")
    unchanged = stars(found)
    assert unchanged[0] == 10
    assert unchanged[1] == Fraction(19, 2)
    assert [each for each in stars(look("mrr +10%")) if each] == []
    level = look("mrr to 500,000 from 2026-12")
    assert (level.moves[0].after, level.outcomes[-1].after) == (Fraction(500_000), level.outcomes[-1].before)


def test_the_driver_that_moves_the_star_most_comes_first() -> None:
    found = look("arpa +5%").sensitivities
    assert [each.driver for each in found] == ["conversion", "new_trials", "churn"]
    assert found[-1].step == Fraction(-1, 10)
    assert all(each.gain > 0 for each in found)


@pytest.mark.parametrize(
    "change", ["conversion + 10pt", "paid + 10", "mrr +10%", "mrr to 500,000", "trials x2", "arpa = 35,000, churn -10%"]
)
def test_nothing_differs_before_a_change_whatever_is_asked(change: str) -> None:
    """If drivers stay, the conditions and their probabilities are those of working back."""
    bearings = bearings_of(STORY, {**PAST, "arpa": [30_000] * 12})
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    moves = supposed(change, HERE)
    names = ["paid", *(move.metric for move in moves)]
    found = what_if(footing(bearings, wanted, Grain.MONTH, names, None, 24), moves, bearings.meanings, "paid")
    plan = plan_of(bearings.project, bearings.meanings, footing(bearings, wanted, Grain.MONTH))
    goal = plan_of(bearings.project, bearings.meanings, footing(bearings, wanted[:2], Grain.MONTH))
    assert [each.unchanged for each in found.conditions] == [each.unchanged for each in plan.conditions]
    assert [each.unchanged for each in found.chances] == [each.unchanged for each in plan.chances]
    assert goal.chances[0].unchanged == plan.chances[0].unchanged


def test_what_is_brought_to_a_level_keeps_its_chance() -> None:
    story = re.sub(r"milestones:(\n  -.*)+", "milestones:\n  - {id: m6, by: +6 months, reach: [mrr >= 50000]}", STORY)
    bearings = bearings_of(story, PAST)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    moves = supposed("mrr to 50,000", HERE)
    found = what_if(footing(bearings, wanted, Grain.MONTH, ["mrr"], None, 12), moves, bearings.meanings, None)
    assert 0.2 < found.chances[0].planned < 0.8


def test_without_a_star_there_are_the_milestones() -> None:
    found = look("arpa +5%", star=None)
    assert (found.star, found.outcomes, found.sensitivities) == (None, (), ())
    assert found.conditions


def test_a_change_after_the_last_milestone_changes_nothing() -> None:
    found = look("arpa +5% from 2040-01")
    assert all(each.unchanged == each.planned for each in found.conditions)


def test_where_nothing_is_left_the_star_is_undefined() -> None:
    story = STORY.replace("tree:\n", "tree:\n  each: mrr / paid\n").replace(
        "north_star: {metric: paid}", "north_star: {metric: each}"
    )
    story = story.replace(
        "  mrr: {reported", "  each: {reported: sheet.e, value: value, every: month, unit: money}\n  mrr: {reported"
    )
    found = look("conversion to 0%", story, "each")
    assert found.outcomes[0].after is None
    assert found.outcomes[-1].before == 30_000
