"""What is planted in the made-up company is in its rows, found by plain counting."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from shinro.checks.stages import between_stages
from shinro.definitions.project import read_project
from shinro.demo.exports import exports
from shinro.demo.people import TEAMS
from shinro.periods import Grain
from shinro.queries.scans import Want
from stories import Story

LAST = date(2026, 6, 19)
Row = dict[str, str]


@pytest.fixture(scope="module")
def texts() -> Mapping[str, str]:
    return exports(LAST)


@pytest.fixture(scope="module")
def truths(texts: Mapping[str, str]) -> Any:
    return json.loads(texts["truths.json"])


@pytest.fixture(scope="module")
def contacts(texts: Mapping[str, str]) -> list[Row]:
    return rows(texts, "contacts")


def rows(texts: Mapping[str, str], name: str) -> list[Row]:
    return list(csv.DictReader(texts[f"data/{name}.csv"].splitlines()))


def day(row: Row) -> date:
    return date.fromisoformat(row["occurred_at"][:10])


def rate(found: list[Row], over: Callable[[Row], bool], base: Callable[[Row], bool]) -> Fraction:
    return Fraction(sum(map(over, found)), sum(map(base, found)))


def called(row: Row) -> bool:
    return row["kind"] == "call"


def reached(row: Row) -> bool:
    return called(row) and row["outcome"] == "reached"


def held(row: Row) -> bool:
    return (row["kind"], row["outcome"]) == ("meeting", "held")


def test_there_are_a_few_hundred_thousand_rows(texts: Mapping[str, str]) -> None:
    assert 200_000 < sum(text.count("\n") for name, text in texts.items() if name.endswith(".csv")) < 400_000


def test_the_same_seed_and_day_make_the_same_rows() -> None:
    assert exports(LAST, 5, 0.02) == exports(LAST, 5, 0.02)
    assert exports(LAST, 5, 0.02) != exports(LAST, 6, 0.02)


def test_the_project_reads_without_a_problem(texts: Mapping[str, str]) -> None:
    project, problems = read_project(texts["shinro.yaml"], "shinro.yaml")
    assert problems == ()
    assert project.star is not None


def test_nothing_happens_on_a_holiday(contacts: list[Row]) -> None:
    days = {day(row) for row in contacts}
    assert max(days) == LAST
    assert not {each for each in days if each.weekday() >= 5}
    assert date(2026, 5, 5) not in days


@pytest.mark.parametrize("channel", ["web", "exhibition", "referral", "partner"])
def test_one_channel_answers_less_from_one_month_on(contacts: list[Row], truths: Any, channel: str) -> None:
    fell = date.fromisoformat(truths["reply_rate_fell"]["from"])
    mine = [row for row in contacts if row["channel"] == channel]
    before = rate([row for row in mine if fell - timedelta(days=90) <= day(row) < fell], reached, called)
    after = rate([row for row in mine if day(row) >= fell], reached, called)
    planted = channel == truths["reply_rate_fell"]["channel"]
    assert (after / before < Fraction(7, 10)) is planted


def test_the_script_helped_one_team(contacts: list[Row], truths: Any) -> None:
    since = date.fromisoformat(truths["initiative_that_worked"]["from"])
    risen = {}
    for team in ("east", "west"):
        mine = [row for row in contacts if TEAMS[row["rep"]] == team]
        before = rate([row for row in mine if day(row) < since], held, reached)
        risen[team] = rate([row for row in mine if day(row) >= since + timedelta(days=21)], held, reached) / before
    assert risen["east"] > Fraction(125, 100)
    assert risen["west"] < Fraction(120, 100)


def test_the_exhibition_moved_the_mailing_list_alone(texts: Mapping[str, str], truths: Any) -> None:
    month = truths["vanity_only"]["on"][:7]
    listed = Counter(row["registered_on"][:7] for row in rows(texts, "registrations"))
    leads = Counter(row["created_on"][:7] for row in rows(texts, "leads"))
    others = [number for each, number in listed.items() if each not in (month, f"{LAST:%Y-%m}")]
    assert listed[month] > 3 * max(others)
    assert leads[month] < 1.3 * sorted(leads.values())[len(leads) // 2]


def test_the_first_milestone_only_looks_reached(contacts: list[Row], truths: Any) -> None:
    month = truths["looks_reached"]["from"][:7]
    met = Counter(f"{day(row):%Y-%m}" for row in contacts if held(row))
    months = sorted(met)
    at = months.index(month)
    assert met[month] > max(met[months[at - 1]], met[months[at + 1]])


def test_doubled_calls_make_the_period_rate_fall_at_first(contacts: list[Row], truths: Any) -> None:
    push = date.fromisoformat(truths["doubled_calls"]["from"])
    fortnight = timedelta(days=truths["doubled_calls"]["days"])
    during = [row for row in contacts if push <= day(row) < push + fortnight]
    before = [row for row in contacts if push - fortnight <= day(row) < push]
    after = [row for row in contacts if push + fortnight <= day(row) < push + 2 * fortnight]
    assert sum(map(called, during)) > 1.7 * sum(map(called, before))
    assert rate(during, held, reached) < rate(before, held, reached) < rate(after, held, reached)


def test_what_is_measured_of_customers_is_what_plain_counting_finds(tmp_path: Path) -> None:
    """In May 2026: companies that pay at its end and what they pay. Of January's leads: won within 90 days."""
    made, small = Story(tmp_path, datetime(2026, 6, 19, 3, tzinfo=UTC)), exports(LAST, size=0.2)
    for name, text in small.items():
        made.write(name, text)
    paying = [
        row for row in rows(small, "subscriptions") if row["started_on"] < "2026-06-01" <= (row["ended_on"] or "9")
    ]
    born = {row["lead_id"]: date.fromisoformat(row["created_on"]) for row in rows(small, "leads")}
    asked = {lead for lead, day in born.items() if f"{day:%Y-%m}" == "2026-01"}
    won = [(row["lead_id"], row["closed_on"]) for row in rows(small, "deals") if row["stage"] == "won"]
    kept = {lead for lead, on in won if 0 <= (date.fromisoformat(on) - born[lead]).days <= 90}
    wants = [Want(name, Grain.MONTH) for name in ("revenue.companies", "revenue.mrr", "lead_to_won")]
    with made.gathered() as gathered:
        companies, mrr, rate = (gathered.measure(wants)[want][0] for want in wants)
    points = companies.on(date(2026, 5, 1)), mrr.on(date(2026, 5, 1)), rate.on(date(2026, 1, 1))
    assert [point.value for point in points if point] == [
        len({row["company_id"] for row in paying}),
        sum(int(row["amount"]) for row in paying),
        Fraction(len(asked & kept), len(asked)),
    ]
    assert asked & kept


def test_the_rate_that_doubled_calls_mislead_is_told_where_the_star_is_taken_apart_by_week(
    texts: Mapping[str, str],
) -> None:
    project, _ = read_project(texts["shinro.yaml"], "shinro.yaml")
    staged = {each.metric: each.grain for each in between_stages(project)}
    assert staged["appointment_rate"] is Grain.WEEK
