"""What `since start` reads, through the whole path: files to the conditions of milestones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from made_up import project_of
from shinro.analysis.totals import added_by, adds_up
from shinro.definitions.meaning import meaning_of, meanings
from shinro.findings.readings import ConditionReading
from shinro.periods import Grain, Period
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.status import status
from shinro.series import State

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
PROJECT = """
company: T
currency: USD
timezone: UTC
story: {{starts: {starts}, picture: x}}
sources: {{billing: {{type: files, path: data/*.csv}}}}
tables:
  subs: {{from: billing.subs, entity: company, starts: starts, ends: ends, amount: amount}}
  rows: {{from: billing.rows, entity: company, time: starts}}
metrics:
  revenue: {{recurring: subs}}
  rows: {{count: rows}}
  twice: {{derived: 2 * rows}}
  squared: {{derived: revenue.new_mrr * rows}}
  companies: {{count_distinct: rows.company}}
  net: {{derived: revenue.new_companies + revenue.reactivated_companies - revenue.churned_companies}}
  mixed: {{derived: revenue.new_companies - companies}}
milestones:
  - {{id: m, by: {by}, reach: [{reach}]}}
"""
# A stays; B and D come and go within a month; C leaves for two days; E stays; F was there before, left and is back;
# G joins in January and leaves in February.
SUBS = """company,starts,ends,amount
F,2025-11-03,2025-12-10,100
A,2026-01-03,,100
B,2026-01-05,2026-01-20,100
G,2026-01-25,2026-02-20,100
C,2026-02-01,2026-02-10,100
C,2026-02-12,,100
D,2026-03-01,2026-03-20,100
F,2026-03-25,,100
E,2026-04-02,,100
E,2026-05-02,,100
"""
ROWS = "".join(line + "\n" for line in SUBS.splitlines() if "2025" not in line)
NEW, CHURNED, BACK = (f"revenue.{each}_companies >= 0 since start" for each in ("new", "churned", "reactivated"))


def read(folder: Path, starts: str, by: str, *reach: str, subs: str = SUBS) -> list[ConditionReading]:
    (folder / "data").mkdir()
    (folder / "data" / "subs.csv").write_text(subs, encoding="utf-8")
    (folder / "data" / "rows.csv").write_text(ROWS, encoding="utf-8")
    text = PROJECT.format(starts=starts, by=by, reach=", ".join(f'"{each}"' for each in reach))
    (folder / "shinro.yaml").write_text(text, encoding="utf-8")
    return list(status(open_project(folder), Moment(NOW)).milestones[0].conditions)


def test_what_moves_in_revenue_since_the_start_is_the_sum_of_the_months(tmp_path: Path) -> None:
    """January to April: A, G, C and E are new, G leaves, F is back; B and D were there at no month's end."""
    net = "net >= 0 since start"
    found = read(tmp_path, "2026-01-01", "2026-04-30", NEW, CHURNED, BACK, net)
    assert [each.value for each in found] == [4, 1, 1, 4]
    assert {each.period for each in found} == {Period(date(2026, 1, 1), date(2026, 5, 1))}
    assert {each.state for each in found} == {State.REACHED}


def test_a_start_or_a_day_within_a_month_cuts_its_month(tmp_path: Path) -> None:
    """From January 10 (A is there, B is not new) to April 10: G, C and E are new, B and G leave."""
    found = read(tmp_path, "2026-01-10", "2026-04-10", NEW, CHURNED, BACK, "revenue.new_mrr >= 0 since start")
    assert [each.value for each in found] == [3, 2, 1, 300]
    assert found[0].period == Period(date(2026, 1, 10), date(2026, 4, 11))


@pytest.mark.parametrize(
    ("paid", "new", "churned", "back"),
    [
        (("2026-01-16,2026-01-18", "2026-01-25,"), 1, 0, 0),  # at no end of a month, nor on January 18: it is new
        (("2026-01-16,2026-01-27", "2026-02-02,"), 0, 1, 1),  # on January 18: it leaves, and is back
        (("2025-12-16,2026-01-02", "2026-01-25,"), 0, 0, 1),  # at the end of December
    ],
)
def test_who_paid_the_day_before_the_start_is_known_from_then_on(
    tmp_path: Path, paid: tuple[str, ...], new: int, churned: int, back: int
) -> None:
    """The story starts on January 19: the day before ends a period, as the last days of months do, and no other day."""
    lines = (
        "company,starts,ends,amount",
        "A,2025-12-01,,100",
        *(f"C,{days},100" for days in paid),
        "A,2026-05-02,,100",
    )
    subs = "".join(f"{line}\n" for line in lines)
    found = read(tmp_path, "2026-01-19", "2026-04-10", NEW, CHURNED, BACK, subs=subs)
    assert [each.value for each in found] == [new, churned, back]


def test_before_its_day_the_running_month_counts_as_far_as_it_is(tmp_path: Path) -> None:
    found = read(tmp_path, "2026-04-01", "2026-12-31", NEW)
    assert (found[0].value, found[0].period) == (Fraction(1), Period(date(2026, 4, 1), date(2026, 5, 3)))


def test_before_the_first_row_nothing_had_happened_yet(tmp_path: Path) -> None:
    """The story starts a month before the first row of one table, and three before the first of the other."""
    reach = ("rows >= 1 since start", "twice >= 1 since start", "companies >= 1 since start")
    rows, twice, distinct, new = read(tmp_path, "2025-10-01", "2026-04-30", *reach, NEW)
    assert [rows.value, twice.value, distinct.value, new.value] == [8, 16, 7, 5]
    assert {each.period for each in (rows, twice, distinct)} == {Period(date(2026, 1, 3), date(2026, 5, 1))}
    assert new.period == Period(date(2025, 11, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("metric", "by"),
    [
        ("rows", Grain.DAY), ("twice", None), ("squared", None), ("companies", None), ("mixed", None),
        ("revenue.new_mrr", Grain.MONTH), ("net", Grain.MONTH), ("revenue.mrr", None),
    ],
)  # fmt: skip
def test_only_what_adds_up_is_added(metric: str, by: Grain | None) -> None:
    project = project_of(PROJECT.format(starts="2026-01-01", by="2026-04-30", reach='"rows >= 1 per month"'))
    assert added_by(project, meaning_of(metric, meanings(project))) is by
    assert adds_up(project, metric) is (by is not None or metric == "twice")
