"""Conversions whose other end has days alone, and whose other end stopped."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.periods import Grain
from shinro.run.values import values
from shinro.series import Mark
from stories import story

TEXT = """
company: Sora
timezone: UTC
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead, time: created, entity: company, dimensions: [channel]}
  signed: {from: crm.signed, key: deal, time: opened, entity: company}
metrics: {won: {conversion: leads, to: signed, within: 30 days}}
"""
HOURS = {"ads": "09:00", "web": "18:00"}
LEADS = "\n".join(f"{n}{by},2026-01-10 {at},{by},c{n}" for n in range(6) for by, at in HOURS.items())


@pytest.mark.parametrize("when", ["2026-01-12", "2026-01-12 10:00"])
def test_two_starts_of_one_day_are_no_tie_where_the_ends_have_days_alone(tmp_path: Path, when: str) -> None:
    signed = "\n".join(f"{n},{when},c{n}" for n in range(6))
    made = story(
        tmp_path,
        TEXT,
        leads=f"lead,created,channel,company\n{LEADS}\n",
        signed=f"deal,opened,company\n{signed}\n",
    )
    found = made.values("won.cohort", by=("channel",), as_of=date(2026, 2, 20))
    assert {segment: values[0] for segment, values in found.items()} == {"ads": 6}


def test_whose_window_reaches_behind_the_end_of_a_table_is_not_told_as_lost(tmp_path: Path) -> None:
    """Everybody signs on the fifth day; the deals end on 10 March: of those who began on the sixth nothing is known."""
    days = [date(2026, 2, 2) + timedelta(days=n) for n in range(50)]
    leads = "\n".join(f"{n},{day},web,c{n}" for n, day in enumerate(days))
    deals = [(n, day + timedelta(days=5)) for n, day in enumerate(days)]
    signed = "\n".join(f"{n},{day},c{n}" for n, day in deals if day <= date(2026, 3, 10))
    made = story(
        tmp_path,
        TEXT.replace("30 days", "7 days"),
        leads=f"lead,created,channel,company\n{leads}\n",
        signed=f"deal,opened,company\n{signed}\n",
    )
    with made.gathered() as found:
        (weeks,) = values(found, ("won",), Grain.WEEK, ()).series
    told = {point.period.start.isoformat(): point for point in weeks.points}
    assert (told["2026-02-23"].mark, told["2026-02-23"].value) == (Mark.COMPLETE, Fraction(1))
    assert {told[day].mark for day in ("2026-03-02", "2026-03-09")} == {Mark.INCOMPLETE}
    assert (told["2026-03-16"].mark, told["2026-03-16"].value) == (Mark.UNKNOWN, None)


def test_a_table_that_begins_after_the_day_asked_for_is_as_unknown_as_one_without_rows(tmp_path: Path) -> None:
    leads, first = "lead,created,channel,company\n1,2026-01-10,web,c1\n2,2026-02-10,web,c2\n", "1,2026-05-01,c1\n"
    for deals in ("", first):
        made = story(tmp_path, TEXT, leads=leads, signed=f"deal,opened,company\n{deals}")
        with made.gathered(date(2026, 4, 20)) as found:
            (months,) = values(found, ("won",), Grain.MONTH, ()).series
        assert {point.mark for point in months.points} == {Mark.UNKNOWN}


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (
            "{conversion: leads, to: signed, ",
            "{conversion: leads, to: {table: signed, at: opened}, ",
            "unmeasured.asked",
        ),
        (", time: opened, entity: company}", ", time: opened}", "unmeasured.growth"),
        (", time: created, entity: company, ", ", entity: company, ", "unmeasured.growth"),
    ],
)
def test_why_a_conversion_is_not_measured_is_told_apart(tmp_path: Path, before: str, after: str, why: str) -> None:
    """Who and when are told by the tables, but `at` names none of the other `times`; or they are not told."""
    leads, signed = "lead,created,channel,company\na,2026-01-10,web,c\n", "deal,opened,company\na,2026-01-12,c\n"
    made = story(tmp_path, TEXT.replace(before, after), leads=leads, signed=signed)
    with made.gathered() as found:
        assert {told for _, told in found.unmeasured(("won",))} == {why}
