from __future__ import annotations

from datetime import date

from made_up import STORY, project_of
from shinro.analysis.sought import Sought, measurable, needed, shown, told
from shinro.definitions.meaning import meanings
from shinro.periods import Grain, Period

AS_OF = date(2026, 4, 22)


def sought(more: str = "", asked: Grain | None = None, *, everything: bool = False) -> set[Sought]:
    project = project_of(STORY + more)
    found = needed(project, meanings(project), AS_OF, asked, everything=everything)
    assert len(found) == len(set(found))
    return set(found)


def test_kpis_and_the_star_are_wanted_at_their_cadence() -> None:
    assert sought() == {
        Sought("qualified_leads", Grain.WEEK),
        Sought("qualified_leads", Grain.MONTH),  # to tell the year by
        Sought("leads", Grain.WEEK),
        Sought("calls", Grain.WEEK),
        Sought("reply_rate", Grain.WEEK),
    }


def test_a_grain_asked_for_is_everybodys() -> None:
    assert Sought("calls", Grain.QUARTER) in sought(asked=Grain.QUARTER)
    assert Sought("calls", Grain.WEEK) not in sought(asked=Grain.QUARTER)


def test_all_metrics_on_request_and_a_stocks_days() -> None:
    assert {Sought("companies", Grain.MONTH), Sought("companies", Grain.DAY)} <= sought(everything=True)
    assert not any(want.metric == "companies" for want in sought())


def test_conditions_want_what_they_read() -> None:
    """A month for a rate, a day for a stock, weeks, days or the very span for a flow."""
    reach = (
        "companies >= 3", "leads >= 10 per week", "churn_rate <= 5%", "reply_rate >= 9% over 2 weeks",
        "calls >= 100 since start", "qualified_leads >= 9 since start",
    )  # fmt: skip
    quoted = ", ".join(f'"{each}"' for each in reach)
    found = sought(f"milestones: [{{id: m3, by: +3 months, reach: [{quoted}]}}]\n")
    assert {
        Sought("companies", Grain.DAY),
        Sought("leads", Grain.WEEK),
        Sought("churn_rate", Grain.MONTH),
        Sought("reply_rate", Grain.WEEK),
        Sought("calls", Grain.DAY),
        Sought("qualified_leads", Grain.DAY, span=Period(date(2026, 4, 1), date(2026, 4, 23))),
    } <= found


def test_an_event_and_a_start_to_come_want_nothing() -> None:
    more = 'milestones: [{id: fair, by: 2026-07-08, reach: [展示会出展, "qualified_leads >= 9 since start"]}]\n'
    project = project_of((STORY + more).replace("starts: 2026-04-01", "starts: 2026-06-01"))
    assert not any(want.span for want in needed(project, meanings(project), AS_OF))


def test_a_target_by_rep_wants_the_metric_by_rep() -> None:
    found = sought("targets: {calls: {per: week, each: {rep: {佐藤: 10}}}}\n")
    assert Sought("calls", Grain.WEEK, "rep") in found


def test_a_target_without_a_start_wants_its_baseline() -> None:
    found = sought("targets: {calls: {per: month, to: 900, by: 2026-09-30}}\n")
    assert Sought("calls", Grain.MONTH) in found


def test_what_no_way_measures_is_not_wanted() -> None:
    more = "  both: {derived: kept * 2}\n"
    text = STORY.replace("north_star:", f"{more}north_star:")
    project = project_of(text)
    assert not measurable(project, "both")
    assert measurable(project, "reply_rate")
    found = needed(project, meanings(project), AS_OF, everything=True)
    assert not {want.metric for want in found} & {"kept", "both"}


def test_what_is_told_is_the_headline_else_the_star() -> None:
    assert told(project_of(STORY)) == ("qualified_leads",)
    assert told(project_of(STORY + "traction: [{audience: all, headline: leads}]\n")) == ("leads",)


def test_what_is_shown_stands_once() -> None:
    assert shown(project_of(STORY)) == ("qualified_leads", "leads", "calls", "reply_rate")


def test_a_reported_stock_is_wanted_by_the_period_that_it_comes_in() -> None:
    """nps: {reported: crm.nps, value: score, every: month}: it has no days."""
    text = STORY.replace("metrics:\n", "metrics:\n  nps: {reported: crm.nps, value: score, every: month}\n")
    project = project_of(text + "milestones: [{id: m3, by: +3 months, reach: [nps >= 30]}]\n")
    found = needed(project, meanings(project), AS_OF, everything=True)
    assert [want.grain for want in found if want.metric == "nps"] == [Grain.MONTH]
