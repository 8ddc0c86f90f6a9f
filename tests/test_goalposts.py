"""A plan's levels written as targets: dated, the ones before kept in sight, comments kept."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import Project, read_project, ref
from shinro.definitions.writing import comments
from shinro.drafts.goalposts import Goalpost, with_goalposts
from shinro.periods import Grain

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


def written(
    text: str, metric: str, steps: dict[date, str], day: date = DAY, past: dict[date, str] | None = None
) -> str:
    read = project(text)
    levels = {when: Fraction(level) for when, level in steps.items()}
    before = {when: Fraction(level) for when, level in (past or {}).items()}
    post = Goalpost(meaning_of(metric, meanings(read)), levels, Grain.MONTH, before)
    return with_goalposts(text, read, {metric: post}, day)


def test_levels_become_dated_steps_and_the_target_before_is_kept() -> None:
    text = written(TEXT, "reply_rate", {date(2026, 3, 1): "0.09", date(2026, 4, 1): "0.1", date(2026, 5, 1): "0.1"})
    target = project(text).targets[ref("reply_rate")]
    assert {when: str(amount.text) for when, amount in target.steps.items()} == {
        date(2026, 3, 1): "9%",
        date(2026, 4, 1): "10%",
    }
    assert target.declared == DAY
    assert [(each.until, str(each.was)) for each in target.before] == [(DAY, "{steps: {2026-01-01: 8%}}")]


def test_the_past_is_judged_by_what_was_meant_then() -> None:
    steps = {date(2026, 3, 1): "0.09"}
    past = {date(2026, 1, 1): "0.08", date(2026, 2, 1): "0.08"}
    target = project(written(TEXT, "reply_rate", steps, past=past)).targets[ref("reply_rate")]
    assert list(target.steps) == [date(2026, 1, 1), date(2026, 3, 1)]


def test_flows_stay_in_the_period_that_people_think_in_and_segments_and_comments_stay() -> None:
    text = written(TEXT, "calls", {date(2026, 3, 1): "1000"})
    target = project(text).targets[ref("calls")]
    assert target.per is Grain.WEEK
    assert [str(amount.text) for amount in target.steps.values()] == ["231"]  # 1000 * 12 * 7 / 365, rounded up
    assert {str(name): dict(levels) for name, levels in target.each.items()}.keys() == {"rep"}
    assert "# of five days" in text
    assert "# what the team agreed on" in text
    assert "# our story" in text


def test_saying_the_same_again_changes_nothing_and_a_second_thought_on_the_same_day_is_no_new_goalpost() -> None:
    once = written(TEXT, "reply_rate", {date(2026, 3, 1): "0.09"})
    assert written(once, "reply_rate", {date(2026, 3, 1): "0.09"}) == once
    again = project(written(once, "reply_rate", {date(2026, 3, 1): "0.095"})).targets[ref("reply_rate")]
    assert len(again.before) == 1
    later = written(once, "reply_rate", {date(2026, 6, 1): "0.095"}, date(2026, 6, 2))
    target = project(later).targets[ref("reply_rate")]
    assert [each.until for each in target.before] == [DAY, date(2026, 6, 2)]


def test_a_metric_without_a_target_gets_one() -> None:
    text = written(TEXT, "replies", {date(2026, 3, 1): "41.5"})
    target = project(text).targets[ref("replies")]
    assert (target.per, target.before) == (Grain.MONTH, ())


def test_a_level_alone_is_kept_as_it_was() -> None:
    text = written(TEXT.replace("{steps: {2026-01-01: 8%}}", "8%"), "reply_rate", {date(2026, 3, 1): "0.09"})
    assert str(project(text).targets[ref("reply_rate")].before[0].was) == "8%"


def test_comments_are_found_and_quoted_signs_are_none() -> None:
    assert comments("a: 1  # one\n# two\nb: 'x # no'\nc: \"y # no\" # three\nd: a#b") == ["# one", "# two", "# three"]
