"""A plan's levels written as targets: dated, the ones before kept in sight, comments kept."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from planning import bearings_of
from shinro.analysis.targets import course_of
from shinro.definitions.formers import former
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import Project, read_project, ref
from shinro.definitions.writing import comments
from shinro.drafts.goalposts import Goalpost, was, with_goalposts, without_goalposts
from shinro.findings.plans import Plan, PlannedCondition
from shinro.periods import Grain, Period
from shinro.run.goalposts import asked_per

TEXT = """\
story: {starts: 2026-01-01}  # our story
sources: {crm: {type: files, path: "data/*.csv"}}
tables:
  contacts: {from: crm.contacts, key: id, time: at, dimensions: [rep]}
metrics:
  calls: {count: contacts}
  replies: {count: contacts, where: outcome = 'reached'}
  reply_rate: {ratio: replies / calls}
targets:
  # what the team agreed on
  calls:
    per: week  # of five days
    from: 200
    to: 250
    by: 2026-12-31
    each:
      rep: {佐藤: 100 per week}
  reply_rate: {steps: {2026-01-01: 8%}}
"""
DAY = date(2026, 3, 10)


def project(text: str) -> Project:
    read, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    return read


def written(text: str, metric: str, steps: dict[date, str], day: date = DAY, per: Grain | None = None) -> str:
    read = project(text)
    levels = {when: Fraction(level) for when, level in steps.items()}
    post = Goalpost(meaning_of(metric, meanings(read)), levels, Grain.MONTH, planned=True, per=per)
    return with_goalposts(text, read, {metric: post}, day)


def test_levels_become_dated_steps_and_the_target_before_is_kept() -> None:
    text = written(TEXT, "reply_rate", {date(2026, 3, 1): "0.09", date(2026, 4, 1): "0.1", date(2026, 5, 1): "0.1"})
    target = project(text).targets[ref("reply_rate")]
    assert {when: str(amount.text) for when, amount in target.steps.items()} == {
        DAY: "9%",
        date(2026, 4, 1): "10%",
    }
    assert target.declared == DAY
    assert [(each.until, str(each.was)) for each in target.before] == [(DAY, "{steps: {2026-01-01: 8%}}")]


def test_a_level_holds_from_the_day_of_the_plan_and_what_has_passed_is_not_written() -> None:
    steps = {date(2026, 1, 1): "0.07", date(2026, 3, 1): "0.09", date(2026, 4, 1): "0.1"}
    target = project(written(TEXT, "reply_rate", steps)).targets[ref("reply_rate")]
    assert list(target.steps) == [DAY, date(2026, 4, 1)]
    assert target.planned


def test_flows_stay_in_the_period_that_people_think_in_and_segments_and_comments_stay() -> None:
    text = written(TEXT, "calls", {date(2026, 3, 1): "1000"})
    target = project(text).targets[ref("calls")]
    assert target.per is Grain.WEEK
    assert [str(amount.text) for amount in target.steps.values()] == ["231"]  # 1000 * 12 * 7 / 365, rounded up
    assert {str(name): dict(levels) for name, levels in target.each.items()}.keys() == {"rep"}
    assert "# of five days" in text
    assert "# what the team agreed on" in text
    assert "# our story" in text


def test_a_target_of_a_plan_asks_in_no_month_for_less_than_the_plan_has_for_it() -> None:
    off = TEXT.replace("story:", "holidays: JP\nstory:").replace("{佐藤: 100 per week}", "{佐藤: 100}")
    text = written(off, "calls", {date(2026, 3, 1): "1000", date(2026, 5, 1): "1100"}, per=Grain.MONTH)
    target = project(text).targets[ref("calls")]
    assert (target.per, [str(amount.text) for amount in target.steps.values()]) == (Grain.MONTH, ["1000", "1100"])
    assert [str(amount.text) for levels in target.each.values() for amount in levels.values()] == ["100 per week"]
    course = course_of(bearings_of(text, {"calls": [900]}, date(2026, 1, 1)), "calls", Grain.WEEK)
    may = Period(date(2026, 5, 1), date(2026, 6, 1))  # Golden Week: 18 working days
    assert course
    assert course.target(may) == 1100
    assert written(text, "calls", {date(2026, 5, 1): "1100"}, date(2026, 5, 2), Grain.MONTH) == text


@pytest.mark.parametrize(
    ("conditions", "per"),
    [
        (["calls >= 230 per week"], Grain.WEEK),
        (["calls >= 230 per week", "calls >= 46 per day"], Grain.WEEK),
        (["calls >= 1000 per month", "calls >= 230 per week"], Grain.MONTH),
        (["calls >= 3000 per quarter"], Grain.MONTH),
        (["calls >= 1000"], Grain.MONTH),
        (["reply_rate >= 9% over 3 months"], Grain.MONTH),
    ],
)
def test_a_plan_is_saved_in_the_period_that_its_conditions_are_of(conditions: list[str], per: Grain) -> None:
    calls, march = meaning_of("calls", meanings(project(TEXT))), Period(date(2026, 3, 1), date(2026, 4, 1))
    asked = [
        PlannedCondition("m3", text, calls, ">=", Fraction(1), march, None, None, holds=True) for text in conditions
    ]
    assert asked_per(Plan(DAY, Grain.MONTH, march, (march,), (), (), tuple(asked), 0.0)) is per


def test_what_is_no_amount_of_a_period_is_written_as_it_stands() -> None:
    more = TEXT.replace(
        "metrics:\n", "metrics:\n  wait: {avg: contacts.wait, unit: days}\n  users: {active: contacts}\n"
    )
    more = more.replace("key: id", "key: id, entity: rep").replace(
        "targets:\n", "targets:\n  wait: {level: 4 per week}\n"
    )
    assert "steps: {2026-03-10: 3}" in written(more, "wait", {date(2026, 3, 1): "3"}, per=Grain.WEEK)
    users = project(written(more, "users", {date(2026, 3, 1): "30"}, per=Grain.WEEK)).targets[ref("users")]
    assert (users.per, [str(amount.text) for amount in users.steps.values()]) == (Grain.MONTH, ["30"])
    new = project(written(more, "users.new", {date(2026, 3, 1): "30"})).targets[ref("users.new")]
    assert new.per is Grain.MONTH


def test_saying_the_same_again_changes_nothing_also_on_a_later_day() -> None:
    steps = {date(2026, 3, 1): "0.09", date(2026, 4, 1): "0.1"}
    once = written(TEXT, "reply_rate", steps)
    assert written(once, "reply_rate", steps) == once
    assert written(once, "reply_rate", {date(2026, 4, 1): "0.1"}, date(2026, 4, 7)) == once


def test_every_target_before_is_kept_also_of_the_same_day() -> None:
    once = written(TEXT, "reply_rate", {date(2026, 3, 1): "0.09"})
    again = written(once, "reply_rate", {date(2026, 3, 1): "0.095"})
    assert befores(again) == [(DAY, "{steps: {2026-01-01: 8%}}"), (DAY, "{steps: {2026-03-10: 9%}}")]
    later = written(again, "reply_rate", {date(2026, 6, 1): "0.1"}, date(2026, 6, 2))
    assert befores(later)[-1] == (date(2026, 6, 2), "{steps: {2026-03-10: 9.5%}}")
    assert len(befores(later)) == 3


def befores(text: str) -> list[tuple[date, str]]:
    return [(each.until, str(each.was)) for each in project(text).targets[ref("reply_rate")].before]


def test_a_target_that_is_ended_keeps_what_it_said_and_the_levels_of_segments() -> None:
    once = written(TEXT, "reply_rate", {date(2026, 3, 1): "0.09"})
    text = without_goalposts(once, project(once), ["reply_rate", "replies"], date(2026, 3, 20))
    target = project(text).targets[ref("reply_rate")]
    assert (target.is_blank, target.planned, target.declared) == (True, False, date(2026, 3, 20))
    assert befores(text)[-1] == (date(2026, 3, 20), "{steps: {2026-03-10: 9%}}")
    assert without_goalposts(text, project(text), ["reply_rate"], date(2026, 4, 1)) == text
    anew = written(text, "reply_rate", {date(2026, 5, 1): "0.1"}, date(2026, 5, 2))
    assert befores(anew)[-1] == (date(2026, 5, 2), "none")
    calls = project(without_goalposts(TEXT, project(TEXT), ["calls"], DAY)).targets[ref("calls")]
    assert (calls.is_blank, [str(each) for each in calls.each]) == (False, ["rep"])


def test_where_milestones_alone_asked_for_a_level_that_is_kept() -> None:
    asked = TEXT + "milestones:\n  - {id: m12, by: 2026-12-31, reach: [replies >= 90 per month]}\n"
    target = project(written(asked, "replies", {date(2026, 3, 1): "41"})).targets[ref("replies")]
    assert [(each.until, str(each.was)) for each in target.before] == [(DAY, "none")]


@pytest.mark.parametrize("text", ["FORMER", "{steps: [", "{levels: 5%}", "[1, 2]", ""])
def test_words_that_are_no_target_are_none(text: str) -> None:
    assert former(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "25%",
        "{steps: {2026-01-01: 8%}}",
        "{per: week, from: 200, to: 250, by: 2026-12-31, each: {rep: {佐藤: 100 per week}}}",
    ],
)
def test_a_former_target_is_read_as_it_was_written(text: str) -> None:
    found = former(text)
    assert found
    assert was(found) == text


def test_a_metric_without_a_target_gets_one() -> None:
    text = written(TEXT, "replies", {date(2026, 3, 1): "41.5"})
    target = project(text).targets[ref("replies")]
    assert (target.per, target.before) == (Grain.MONTH, ())


def test_a_level_alone_is_kept_as_it_was() -> None:
    text = written(TEXT.replace("{steps: {2026-01-01: 8%}}", "8%"), "reply_rate", {date(2026, 3, 1): "0.09"})
    assert str(project(text).targets[ref("reply_rate")].before[0].was) == "8%"


def test_comments_are_found_and_quoted_signs_are_none() -> None:
    assert comments("a: 1  # one\n# two\nb: 'x # no'\nc: \"y # no\" # three\nd: a#b") == ["# one", "# two", "# three"]
