"""D704 and M410: what is not what was reported, and what is not what was declared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from judging import problems, with_series
from recording import a_report
from shinro.checks.facts import Facts
from shinro.checks.published import RULES
from shinro.entries import Draft, Entry, Kind
from shinro.problems import Severity

CRM = """\
story: {starts: 2026-02-01}
sources: {crm: {type: files, path: data/*.csv}}
tables: {deals: {from: crm.deals, time: closed_at}}
metrics:
  won: {count: deals}
  share: {ratio: won / won, unit: "%"}
milestones:
  - {id: m3, by: 2026-06-30, reach: [won >= 3 per month]}
"""
M3: dict[str, object] = {"due": "2026-06-30", "reach": ["won >= 3 per month"]}


def written(*drafts: Draft, month: int = 3) -> tuple[Entry, ...]:
    return tuple(Entry(n, datetime(2026, month, 2, tzinfo=UTC), "a", draft) for n, draft in enumerate(drafts))


def facts(*drafts: Draft, text: str = CRM, **values: list[int | str | None]) -> Facts:
    return replace(with_series(text, **values), entries=written(*drafts), today=date(2026, 5, 1))


def test_values_that_are_others_now_are_told_once_a_metric_by_the_newest() -> None:
    found = problems(RULES, facts(a_report("won", 1, 1), a_report("won", 2, 2), won=[3, 4, 5]), "D704")
    assert [(each.place.line, dict(each.args)) for each in found] == [
        (5, {"metric": "won", "period": "2026-02", "periods": 2, "now": "4", "was": "2"})
    ]
    assert problems(RULES, facts(a_report("won", 1, 1), won=[1, 9]), "D704") == []


def test_a_share_is_told_in_hundredths_and_what_is_undefined_as_a_dash() -> None:
    (found,) = problems(RULES, facts(a_report("share", 1, None), share=["1/3"]), "D704")
    assert (found.args["now"], found.args["was"]) == ("33.3333%", "–")
    (found,) = problems(RULES, facts(a_report("won", 1, Fraction(1, 3)), won=[None]), "D704")
    assert (found.args["now"], found.args["was"]) == ("–", "0.3333")


def test_the_value_that_stands_is_the_restated_one() -> None:
    old = a_report("won", 1, 1)
    assert old.figure
    new = replace(old, kind=Kind.RESTATE, figure=replace(old.figure, value=Fraction(3)), replaces=0)
    assert problems(RULES, facts(old, new, won=[3]), "D704") == []


def milestone(data: dict[str, object] | None = None, replaces: int | None = None) -> Draft:
    return Draft(kind=Kind.MILESTONE, subject="m3", data=data or M3, replaces=replaces)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "case"),
    [
        ("", "", None),
        ("won >= 3", "won >= 2", "edited"),
        ("2026-06-30", "2026-07-31", "edited"),
        ("id: m3", "id: m9", "given_up"),
    ],
)
def test_a_milestone_that_is_not_as_it_was_declared(before: str, after: str, case: str | None) -> None:
    found = problems(RULES, facts(milestone(), text=CRM.replace(before, after)), "M410")
    assert [(each.args["case"], each.severity) for each in found] == ([(case, Severity.WARNING)] if case else [])


def test_a_milestone_in_the_place_of_another_was_not_changed_itself() -> None:
    more = "  - {id: m4, by: 2026-09-30, reach: [won >= 3 per month], replaces: m3}\n"
    (found,) = problems(RULES, facts(milestone(), text=CRM + more), "M410")
    assert [found.args[name] for name in ("case", "old", "milestone")] == ["instead", "m3", "m4"]


def test_once_recorded_a_move_is_kept_and_shown_as_a_remark() -> None:
    moved = {**M3, "due": "2026-07-31"}
    drafts = milestone(), milestone(moved, 0)
    (found,) = problems(RULES, facts(*drafts, text=CRM.replace("2026-06-30", "2026-07-31")), "M410")
    assert (found.args["case"], found.severity) == ("moved", Severity.INFO)
    assert found.args["was"] == "2026-06-30: won >= 3 per month"


def test_before_the_story_starts_a_plan_may_be_changed() -> None:
    early = replace(facts(milestone(), text=CRM.replace("won >= 3", "won >= 2")), today=date(2026, 1, 5))
    assert problems(RULES, early, "M410") == []


def test_a_condition_that_cannot_be_read_any_more_is_compared_as_it_is_written() -> None:
    old: dict[str, object] = {**M3, "reach": ["won at least three"]}
    (found,) = problems(RULES, facts(milestone(old)), "M410")
    assert found.args["was"] == "2026-06-30: won at least three"
