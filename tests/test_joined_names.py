"""Columns of joined tables are their own, whatever those of the table that joins them are called."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from stories import Story

NOW = datetime(2026, 2, 10, tzinfo=UTC)
STORY = """\
company: A
timezone: UTC
sources: {app: {type: files, path: data/*.csv}}
tables:
  acc: {from: app.acc, key: id, dimensions: [reg, b__c]}
  acc__b: {from: app.others, key: id, dimensions: [c]}
  events:
    from: app.events
    time: at
    entity: user
    joins: {acc: user, acc__b: user}
    dimensions: [acc__reg]
metrics:
  rows: {count: events}
  of_a: {count: events, where: acc.reg = 'A'}
  both: {active: events, within: 28 days, where: acc.reg = 'A' and acc__reg = 'own0'}
"""
EVENTS = "user,at,acc__reg\nu,2026-01-29,own0\nv,2026-01-30,own1\nu,2026-01-31,own1\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Story:
    found = Story(Path(tmp_path_factory.mktemp("joined")), NOW)
    found.write("shinro.yaml", STORY)
    found.write("data/events.csv", EVENTS)
    found.write("data/acc.csv", "id,reg,b__c\nu,A,p\nv,B,q\n")
    found.write("data/others.csv", "id,c\nu,x\nv,y\n")
    return found


@pytest.mark.parametrize(
    ("by", "segments"),
    [
        (("acc.reg", "acc__reg"), {"A, own0": 1, "A, own1": 1, "B, own1": 1}),
        (("acc__reg", "acc.reg"), {"own0, A": 1, "own1, A": 1, "own1, B": 1}),
        (("acc.b__c", "acc__b.c"), {"p, x": 2, "q, y": 1}),
        (("acc__reg",), {"own0": 1, "own1": 2}),
    ],
)
def test_rows_are_cut_by_the_column_that_is_named(made: Story, by: tuple[str, ...], segments: dict[str, int]) -> None:
    assert {name: points[0] for name, points in made.values("rows", by=by, as_of=date(2026, 1, 31)).items()} == segments


def test_rows_are_filtered_by_the_column_that_is_named(made: Story) -> None:
    assert made.values("of_a", by=("acc__reg",), as_of=date(2026, 1, 31)) == {"own0": [1], "own1": [1]}
    assert made.values("both", as_of=date(2026, 1, 31)) == {"": [Fraction(1)]}
