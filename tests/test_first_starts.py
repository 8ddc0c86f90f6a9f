"""Conversions by segment: an entity is of the segment of its first start, by the moment, whatever the end has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

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
