"""Marks of a claim, and faults of a report as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from checking import project_of
from shinro.checks.telling import faults, marks
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import Project
from shinro.findings.claims import Claim, Cohorts, Kept, Low, Pledge, Shape, Step, Tale, Track, Was
from shinro.periods import Calendar, Grain, Period
from shinro.problems import Problem
from shinro.reports.problems import says
from shinro.reports.words import LANGUAGES, words
from shinro.series import Mark

TEXT = """\
company: Hoshizora
sources: {app: {type: files, path: data/*.csv}}
tables:
  members: {from: app.members, key: id, time: joined_at}
  logins: {from: app.logins, key: id, time: at, entity: member_id}
  orders: {from: app.orders, key: id, time: at}
  subscriptions: {from: app.subscriptions, entity: company_id, starts: start_date, ends: end_date, amount: amount}
metrics:
  revenue: {recurring: subscriptions}
  signups: {label: Sign-ups, count: members}
  total: {cumulative: signups}
  active_users: {active: logins, within: 28 days}
  gmv: {label: GMV, sum: orders.total}
  won: {label: 受注数, count: orders}
  won_amount: {label: 受注額, sum: orders.amount, unit: JPY}
  win_rate: {label: 受注率, ratio: won / signups, unit: "%"}
  deal_size: {label: 受注単価, ratio: won_amount / won}
  per_week: {ratio: won_amount / won, every: week}
  visits: {reported: app.visits, value: n, every: week, nature: flow}
traction:
  - {audience: investors, headline: HEADLINE, supports: [SUPPORTS], period: 12 months, cadence: month}
"""
CALENDAR = Calendar()
ON = date(2026, 5, 2)


def story(headline: str = "revenue.companies", supports: str = "revenue.churn_rate") -> Project:
    return project_of(TEXT.replace("HEADLINE", headline).replace("SUPPORTS", supports))


def path(project: Project, metric: str, values: Iterable[int | Fraction], **last: Any) -> Track:
    """A published path by month from May 2025 on; what is said of its last step."""
    steps = []
    for n, value in enumerate(values):
        period = CALENDAR.step(CALENDAR.period(date(2025, 5, 1), Grain.MONTH), Grain.MONTH, n)
        steps.append(Step(period, Fraction(value), n, published=ON))
    steps[-1] = replace(steps[-1], **last)
    return Track(meaning_of(metric, meanings(project)), Grain.MONTH, tuple(steps))


def claim(track: Track, months: int = 12, pledge: Pledge | None = None, **more: Any) -> Claim:
    first, last = track.steps[0], track.steps[-1]
    return Claim(
        shape=Shape.TIMES,
        track=track,
        first=first,
        last=last,
        months=months,
        change=(last.value or Fraction(0)) - (first.value or Fraction(0)),
        factor=None,
        pledge=pledge or Pledge(Kept.ON_TIME, "m6"),
        strength=Fraction(1),
        **more,
    )


def of(project: Project, found: Claim) -> list[str]:
    (traction,) = project.traction
    return told(marks(found, traction, project))


def told(problems: Iterable[Problem]) -> list[str]:
    """Codes and cases, each of which both languages can say."""
    found = list(problems)
    for problem in found:
        assert all(says(problem, words(lang)) and "{" not in says(problem, words(lang)) for lang in LANGUAGES)
    return [f"{problem.code} {problem.args['case']}" for problem in found]


def test_a_claim_that_was_promised_over_the_declared_window_needs_no_mark() -> None:
    project = story()
    assert of(project, claim(path(project, "revenue.companies", range(40, 53)))) == []


@pytest.mark.parametrize(
    ("kept", "marks"),
    [
        (Kept.UNPLANNED, ["R602 marked"]),
        (Kept.RETROSPECTIVE, ["R602 retrospective"]),
        (Kept.UNDATED, ["R602 undated"]),
        (Kept.LATE, []),
    ],
)
def test_what_was_not_promised_before_says_so(kept: Kept, marks: list[str]) -> None:
    project = story()
    track = path(project, "revenue.companies", range(40, 53))
    assert of(project, claim(track, pledge=Pledge(kept, text="revenue.companies >= 50"))) == marks


@pytest.mark.parametrize(
    ("values", "months", "marks"),
    [
        (range(40, 42), 1, ["R605 few_points"]),
        (range(40, 44), 3, ["R605 short_path"]),
        (range(40, 48), 7, ["R605 other_window"]),
        (range(40, 52), 11, []),
    ],
)
def test_a_short_path_or_another_window_is_told(values: range, months: int, marks: list[str]) -> None:
    project = story()
    assert of(project, claim(path(project, "revenue.companies", values), months)) == marks


def test_another_cadence_than_the_declared_one_is_told() -> None:
    project = story()
    track = replace(path(project, "revenue.companies", range(40, 53)), grain=Grain.QUARTER)
    assert of(project, claim(track)) == ["R605 other_cadence"]


def test_a_month_that_shows_its_last_week_or_adds_up_four_or_five_says_so() -> None:
    """Four weeks end in May 2025 from Monday on, and five in May 2026: 400 and 500 visits are the same."""
    project = story("per_week", "visits")
    assert of(project, claim(path(project, "per_week", range(40, 53)))) == ["R605 last"]
    visits = path(project, "visits", range(400, 413))
    assert of(project, claim(visits)) == ["R605 weeks"]
    (mark,) = marks(claim(visits), project.traction[0], project)
    assert (mark.args["first"], mark.args["last"]) == (4, 5)


def test_a_small_base_is_told_with_its_n_and_interval() -> None:
    project = story()
    few: dict[str, Any] = {"over": Fraction(1), "base": Fraction(20)}
    track = path(project, "revenue.churn_rate", [Fraction(1, 10)] * 12 + [Fraction(1, 20)], **few)
    interval = (Fraction(1, 100), Fraction(24, 100))
    (traction,) = project.traction
    (mark,) = marks(claim(track, interval=interval), traction, project)
    assert (mark.code, mark.args["n"], mark.args["low"], mark.args["high"]) == ("R611", 20, "1%", "24%")
    first = replace(track.steps[0], **few)
    assert of(project, replace(claim(track), first=first)) == ["R611 start"]
    many = replace(track.steps[-1], base=Fraction(200))
    assert of(project, replace(claim(track), last=many)) == []


def test_an_average_of_few_is_told_with_how_many_stand_behind_its_ends() -> None:
    """Twice the amount a deal, of 8 deals and of 5: one large one would do; of 80 and of 50 nothing is said."""
    project = story("deal_size", "won_amount")
    few, many = (
        path(project, "deal_size", [100] * 12 + [200], base=Fraction(5 * times), over=Fraction(1000 * times))
        for times in (1, 10)
    )
    first = replace(few.steps[0], base=Fraction(8), over=Fraction(800))
    (traction,) = project.traction
    (mark,) = marks(replace(claim(few), first=first), traction, project)
    assert (mark.code, mark.args["first"], mark.args["last"]) == ("R611", 8, 5)
    assert of(project, replace(claim(few), first=first)) == ["R611 average"]
    assert of(project, replace(claim(many), first=replace(first, base=Fraction(80)))) == []


def test_a_period_that_is_not_over_and_one_that_was_restated_are_marked() -> None:
    project = story()
    track = path(project, "revenue.companies", range(40, 53), mark=Mark.INCOMPLETE)
    assert of(project, claim(track)) == ["R612 marked"]
    was = (Was(Fraction(60), 12, date(2026, 4, 2), "counted twice"),)
    track = path(project, "revenue.companies", range(40, 53), was=was)
    (traction,) = project.traction
    (mark,) = marks(claim(track), traction, project)
    assert (mark.args["old"], mark.args["new"], mark.args["published"], mark.args["restated"]) == (
        "60",
        "52",
        date(2026, 4, 2),
        ON,
    )
    assert told([mark]) == ["R613 marked"]


def test_two_definitions_are_marked_and_a_period_declared_in_days_is_read_in_months() -> None:
    project = story()
    track = path(project, "revenue.companies", range(40, 53), definition="b")
    other = replace(claim(track), first=replace(track.steps[0], definition="a"))
    assert of(project, other) == ["R613 redefined"]
    days = project_of(TEXT.replace("HEADLINE", "revenue.mrr").replace("SUPPORTS", "").replace("12 months", "360 days"))
    assert of(days, claim(track)) == []
    same = (Was(Fraction(52), 12, date(2026, 4, 2)),)
    assert of(project, claim(path(project, "revenue.companies", range(40, 53), was=same))) == []


def test_nrr_is_read_with_grr_and_arr_as_a_run_rate() -> None:
    project = story()
    net = claim(path(project, "revenue.nrr", [1] * 13))
    assert of(project, net) == ["R610 nrr_marked"]
    assert of(project, replace(net, beside=(claim(path(project, "revenue.grr", [1] * 13)),))) == []
    assert of(project, claim(path(project, "revenue.arr", range(40, 53)))) == ["R610 arr_marked"]


def tale(project: Project, headline: str, *supports: str, values: Iterable[int] = range(40, 53), **more: Any) -> Tale:
    return Tale(
        company="Hoshizora",
        audience="investors",
        as_of=ON,
        period=Period(date(2025, 5, 1), date(2026, 6, 1)),
        grain=Grain.MONTH,
        headline=path(project, headline, values),
        supports=tuple(path(project, metric, range(40, 53)) for metric in supports),
        claims=(),
        refused=(),
        promises=(),
        **{"lows": (Low("fell", "revenue.mrr"),), **more},
    )


def faulty(project: Project, found: Tale) -> list[str]:
    (traction,) = project.traction
    return told(faults(found, traction, project))


def test_a_whole_report_has_no_fault() -> None:
    project = story()
    assert faulty(project, tale(project, "revenue.companies", "revenue.mrr")) == []


def test_what_a_report_lacks_is_told() -> None:
    project = story()
    whole = tale(project, "revenue.companies", "revenue.churn_rate")
    assert faulty(project, whole) == ["R607 cohorts"]
    cohorts = (Cohorts(meaning_of("revenue.companies", meanings(project)), Grain.MONTH, ()),)
    assert faulty(project, replace(whole, cohorts=cohorts)) == []
    assert faulty(project, replace(whole, cohorts=cohorts, lows=())) == ["R609 none"]
    dropped = (path(project, "revenue.mrr", [1, 2, 3]),)
    assert faulty(project, replace(whole, cohorts=cohorts, dropped=dropped)) == ["R608 dropped"]
    short = path(project, "revenue.companies", [40, 41, 42, 43])
    assert faulty(project, replace(whole, cohorts=cohorts, headline=short)) == ["R605 headline"]
    assert faulty(project, replace(whole, cohorts=cohorts, headline=None)) == []


def test_crowds_totals_and_money_stand_beside_what_they_need() -> None:
    project = story("signups", "revenue.mrr")
    assert faulty(project, tale(project, "signups", "revenue.mrr")) == ["R604 beside"]
    project = story("total", "revenue.mrr")
    assert "R603 total" in faulty(project, tale(project, "total", "revenue.mrr"))
    project = story("gmv", "active_users")
    assert faulty(project, tale(project, "gmv", "active_users")) == ["R610 alone"]
    project = story("won", "won_amount")
    found = tale(project, "won", "won_amount", "win_rate", "deal_size")
    (fault,) = faults(found, project.traction[0], project)
    assert (fault.code, fault.args["metrics"]) == ("R610", ["won_amount"])
    assert faulty(project, tale(project, "won", "win_rate", "deal_size")) == []
    project = story("revenue.nrr", "revenue.mrr")
    assert faulty(project, tale(project, "revenue.nrr", "revenue.mrr")) == ["R607 cohorts", "R610 nrr"]
    assert faulty(project, tale(project, "revenue.nrr", "revenue.mrr", "revenue.grr")) == ["R607 cohorts"]
