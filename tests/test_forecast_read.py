"""What a condition reads along a path is what the status reads on the day, were that path to come."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from foretelling import ground_of, milestone
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_read import Read, read
from shinro.analysis.probability import sums_amiss
from shinro.analysis.targets import metric_of
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.reports.forecasts import milestone_texts, prospects_json
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.run.forecasts import coming, ground_judged, prospects
from shinro.run.status import status_of
from stories import Story

NOW = datetime(2026, 12, 31, 3, tzinfo=UTC)
TEXT = """\
company: A
currency: JPY
story: {{starts: {starts}}}
sources: {{files: {{type: files, path: data/*.csv}}}}
tables:
  deals: {{from: files.deals, key: id, time: day}}
  subs: {{from: files.subs, entity: company, starts: starts, ends: ends, amount: amount}}
metrics:
  deals: {{count: deals}}
  won: {{count: deals, where: won = 'y'}}
  lost: {{derived: deals - won}}
  paid: {{recurring: subs}}
  rate: {{ratio: won / deals, unit: "%"}}
  typed: {{reported: files.months, value: n, every: month, nature: flow, unit: deals}}
  stood: {{reported: files.months, value: s, every: month, nature: stock, unit: deals}}
milestones:
"""
MILESTONE = "  - {{id: '{condition} by {due}', by: {due}, reach: ['{condition}']}}\n"
FIRST = date(2025, 2, 3)
LAST = date(2026, 12, 20)


def deals() -> Iterator[str]:
    yield "id,day,won"
    for n in range((date(2026, 12, 30) - FIRST).days):
        day = FIRST + timedelta(days=n)
        for k in range((n * n // 7) % 4 if day.weekday() < 5 else 0):
            yield f"{n}-{k},{day},{'y' if (n + k) % 3 == 0 else 'n'}"


def subs() -> Iterator[str]:
    yield "company,starts,ends,amount"
    for n in range(60):
        start = FIRST + timedelta(days=11 * n)
        end = start + timedelta(days=40 + 13 * (n % 17))
        yield f"c{n},{start},{end if n % 3 == 0 and end < date(2026, 12, 30) else ''},{100 + n}"


def months(gap: str) -> Iterator[str]:
    yield "date,n,s"
    for n in range(2, 24):
        year, month = 2025 + n // 12, n % 12 + 1
        day = f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"
        yield f"{day},," if day.startswith(gap) else f"{day},{50 + n * n % 17},{300 + n * n % 23}"


def story(folder: Path, asked: Sequence[tuple[str, str]], starts: str = "2026-01-15", gap: str = "none") -> Story:
    found = Story(folder, NOW)
    told = [MILESTONE.format(condition=condition, due=due) for condition, due in asked]
    found.write("shinro.yaml", TEXT.format(starts=starts) + "".join(told))
    found.write("data/deals.csv", "\n".join(deals()) + "\n")
    found.write("data/subs.csv", "\n".join(subs()) + "\n")
    found.write("data/months.csv", "\n".join(months(gap)) + "\n")
    return found


def along_what_came(made: Story, as_of: date, grain: Grain | None = None) -> dict[str, Read]:
    """Conditions read as of an earlier day, on the paths that came true."""
    found = {}
    with made.gathered(date(2026, 12, 30)) as later, made.gathered(as_of) as gathered:
        for milestone, due in coming(gathered.opened.project, as_of):
            (goal,) = milestone.reach
            assert goal.condition
            metric = metric_of(goal.condition)
            ground = ground_judged(gathered, [metric], grain, [(milestone, due)])
            (series,) = later.measure([Want(metric, ground.grain)])[Want(metric, ground.grain)]
            points = [point for period in ground.ahead(40) if (point := series.at(period)) and period.end < LAST]
            parts = ([getattr(point, name) for point in points] for name in ("value", "over", "base"))
            value, over, base = (None if None in each else np.array([each], dtype=np.float64) for each in parts)
            assert value is not None
            found[milestone.title] = read(ground, goal.condition, Stream(value, over, base), due)
    return found


def on_the_day(made: Story, due: str) -> dict[str, float | None]:
    with made.gathered(date.fromisoformat(due)) as gathered:
        return {
            each.title: None if each.conditions[0].value is None else float(each.conditions[0].value)
            for each in status_of(gathered).milestones
        }


@pytest.mark.parametrize(
    ("starts", "asked"),
    [
        ("2025-01-06", [("deals >= 1 since start", "2026-07-31")]),  # before the first row
        (
            "2026-01-15",
            [
                ("deals >= 1 since start", "2026-07-31"),
                ("lost >= 1 since start", "2026-07-31"),
                ("lost >= 1 per quarter", "2026-07-31"),
                ("paid.new_companies >= 1 since start", "2026-07-31"),
                ("paid.new_companies >= 1 per quarter", "2026-05-20"),
                ("paid.churn_rate <= 90% over 3 months", "2026-07-31"),
                ("paid.companies >= 1", "2026-07-31"),
                ("deals >= 1 per quarter", "2026-05-20"),
                ("deals >= 1 per quarter", "2026-06-30"),
                ("deals >= 1 per quarter", "2026-07-31"),
                ("deals >= 1 per year", "2026-07-31"),
                ("deals >= 1", "2026-05-20"),
                ("rate >= 1% over 3 months", "2026-05-20"),
                ("rate >= 1% per quarter", "2026-07-31"),
                ("typed >= 1 per quarter", "2026-07-15"),
                ("stood >= 1", "2026-07-15"),
                ("stood >= 1 per quarter", "2026-07-15"),
            ],
        ),
        (
            "2026-04-08",
            [
                (each, "2026-07-31")
                for each in ("deals >= 1 since start", "lost >= 1 since start", "paid.new_companies >= 1 since start")
            ],
        ),  # in the month that runs
        (
            "2026-01-01",
            [("typed >= 1 since start", "2026-07-31"), ("typed >= 1 since start", "2026-07-15")],
        ),
        (
            "2026-05-01",
            [("typed >= 1 since start", "2026-07-31"), ("deals >= 1 since start", "2026-07-31")],
        ),  # still to come
    ],
)
def test_it_reads_what_the_status_reads_on_the_day(tmp_path: Path, starts: str, asked: list[tuple[str, str]]) -> None:
    made = story(tmp_path, asked, starts)
    meant = {due: on_the_day(made, due) for _, due in asked}
    for as_of in (date(2026, 3, 31), date(2026, 4, 10), date(2026, 5, 2)):
        found = along_what_came(made, as_of)
        assert len(found) == len(asked)
        for title, each in found.items():
            assert each.missing is None
            cut = 2 if str(as_of) < starts == "2026-04-08" else 1e-9  # a month to come is shared by its working days
            assert each.due[0] == pytest.approx(meant[title[-10:]][title], abs=cut), (title, as_of)


def test_weeks_are_cut_by_their_working_days(tmp_path: Path) -> None:
    """What the start, the day or the end of a month cuts off a week is known as far as it was measured."""
    told = ("deals >= 1 since start", "deals >= 1 per month", "deals >= 1 per quarter")
    asked = [(each, due) for each in told for due in ("2026-07-31", "2026-05-24")]
    made = story(tmp_path, asked, "2026-04-01")
    meant = {due: on_the_day(made, due) for _, due in asked}
    for title, each in along_what_came(made, date(2026, 5, 14), Grain.WEEK).items():
        near = 4 if title.endswith("07-31") else 1e-9
        assert each.due[0] == pytest.approx(meant[title[-10:]][title], abs=near), title


@pytest.mark.parametrize(
    ("condition", "due", "missing"),
    [
        ("typed >= 1 since start", "2026-07-31", (2026, 5)),
        ("typed >= 1 per quarter", "2026-07-31", (2026, 5)),
        ("typed >= 1 per quarter", "2026-10-31", None),
    ],
)
def test_a_period_without_a_number_is_unknown_and_not_nothing(
    tmp_path: Path, condition: str, due: str, missing: tuple[int, int] | None
) -> None:
    made = story(tmp_path, [(condition, due)], "2026-01-01", "2026-05")
    (found,) = along_what_came(made, date(2026, 7, 2)).values()
    assert found.missing == (Period(date(*missing, 1), date(2026, 6, 1)) if missing else None)
    with made.gathered(date(2026, 7, 2)) as gathered:
        told, project = prospects(gathered, back=False), gathered.opened.project
    (odds,) = told.milestones
    en, ja = ("\n".join(milestone_texts(odds, Telling(words(lang), project))) for lang in ("en", "ja"))
    assert (odds.probability is None) is bool(missing)
    assert told.untold == ((("typed", "forecast.gap"),) if missing else ())
    assert ("May 2026 has no number" in en, "2026年5月の値がありません" in ja) == (bool(missing),) * 2
    assert "too far ahead" not in en
    plain = json.loads(json.dumps(prospects_json(told, Telling(words("en"), project))))
    days = {"first_day": "2026-05-01", "last_day": "2026-05-31"} if missing else None
    assert plain["milestones"][0]["conditions"][0]["missing"] == days


def test_a_typed_in_sum_that_the_start_cuts_is_unknown_as_in_the_status(tmp_path: Path) -> None:
    made = story(tmp_path, [("typed >= 1 since start", "2026-07-31")], "2026-01-15")
    assert set(on_the_day(made, "2026-07-31").values()) == {None}
    with made.gathered(date(2026, 4, 10)) as gathered:
        (odds,) = prospects(gathered, back=False).milestones
        en, ja = (
            "\n".join(milestone_texts(odds, Telling(words(lang), gathered.opened.project))) for lang in ("en", "ja")
        )
    assert (odds.probability, "The story starts on Jan 15, 2026, within a period" in en) == (None, True)
    assert "(2026年1月15日) が、手入力の期間の途中にあります" in ja


def test_without_a_start_nothing_is_said_of_what_came_since(tmp_path: Path) -> None:
    made = story(tmp_path, [("deals >= 1 since start", "2026-07-31")])
    text = (tmp_path / "shinro.yaml").read_text("utf-8").replace("story: {starts: 2026-01-15}\n", "")
    made.write("shinro.yaml", text)
    with made.gathered(date(2026, 4, 10)) as gathered:
        assert prospects(gathered, back=False).milestones[0].probability is None


@pytest.mark.parametrize(
    ("condition", "amiss"),
    [("people >= 1 over 28 days", False), ("people >= 1 per week", False), ("people >= 1 over 3 months", True)],
)
def test_a_sum_is_amiss_by_the_periods_that_its_condition_names(condition: str, *, amiss: bool) -> None:
    text = f"{TEXT.partition('milestones')[0].format(starts='2026-01-15')}  people: {{count_distinct: deals.id}}\n"
    project, _ = read_project(text, "shinro.yaml")
    weekly = replace(
        ground_of({"come": [1], "gone": [0]}), project=project, meanings=meanings(project), grain=Grain.WEEK
    )
    (goal,) = milestone(condition).reach
    assert goal.condition
    assert sums_amiss(weekly, goal.condition) is amiss
