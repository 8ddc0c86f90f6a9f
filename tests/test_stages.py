"""Stages: three rules, three answers."""

from __future__ import annotations

from fractions import Fraction

from shinro.analysis.stages import funnel
from shinro.findings.stages import Rule

COUNTS = {"visits": 10_000, "leads": 1_200, "qualified": 360, "held": 300, "proposals": 180, "won": 45}
STAGES = [(name, Fraction(count)) for name, count in COUNTS.items()]
WORTH = {"visits": 1, "leads": 20, "qualified": 90, "held": 120, "proposals": 300}


def named(rule: Rule, worth: dict[str, int] | None = None) -> list[str]:
    found = funnel(STAGES, {name: Fraction(n) for name, n in (worth or {}).items()})
    return [step.start for step in found.by(rule).steps]


def test_drops_and_the_share_that_comes_through() -> None:
    found = funnel(STAGES)
    assert [round(float(step.drop or 0) * 100) for step in found.steps] == [88, 70, 17, 40, 75]
    assert found.overall == Fraction(45, 10_000)


def test_the_answer_names_its_rule() -> None:
    assert (named(Rule.RATE), named(Rule.LOSS), named(Rule.MONEY)) == (["visits"], ["visits"], [])
    assert named(Rule.MONEY, WORTH) == ["proposals"]  # 8,800 and 16,800 before, 135 * 300 = 40,500 there


def test_money_is_not_told_where_a_stage_has_no_worth() -> None:
    assert named(Rule.MONEY, {"proposals": 300}) == []


def test_steps_that_tie_are_all_told() -> None:
    found = funnel([("a", Fraction(8)), ("b", Fraction(4)), ("c", Fraction(2))])
    assert [step.start for step in found.by(Rule.RATE).steps] == ["a", "b"]
    assert [step.start for step in found.by(Rule.LOSS).steps] == ["a"]


def test_where_nobody_comes_there_is_no_rate() -> None:
    found = funnel([("a", Fraction(0)), ("b", Fraction(0))])
    assert (found.overall, found.steps[0].rate, found.steps[0].drop) == (None, None, None)
    assert all(answer.steps == () for answer in found.answers)


def test_where_more_pass_than_come_nothing_is_lost() -> None:
    found = funnel([("a", Fraction(2)), ("b", Fraction(3))])
    assert found.steps[0].lost == -1
    assert found.by(Rule.LOSS).steps == ()
