"""What cohorts pay, from files to what is printed, CSV and JSON, in both languages; companies in several segments."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.cli import main
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.run.curve import Asked
from shinro.run.opening import open_project
from shinro.run.revenue import are_recurring, revenues
from shinro.run.values import values
from stories import Story

TEXT = """\
company: Sora
currency: USD
timezone: UTC
languages: [en, ja]
sources: {billing: {type: files, path: data/*.csv}}
tables:
  subscriptions:
    {from: billing.subscriptions, entity: company, starts: starts, ends: ends, amount: amount, dimensions: [plan]}
  changes: {from: billing.changes, entity: company, time: at, amount: amount}
  broken: {from: billing.changes, entity: company, time: at}
metrics:
  revenue: {recurring: subscriptions}
  changed: {recurring: changes}
  lacking: {recurring: broken}
  rows: {count: changes}
"""
SUBSCRIPTIONS = """\
company,plan,starts,ends,amount
A,pro,2026-01-05,,100
B,pro,2026-01-20,2026-03-10,100
B,plus,2026-02-10,2026-03-10,50
C,pro,2026-02-03,,40
B,pro,2026-04-02,,30
"""
CHANGES = """\
company,at,amount
A,2026-01-05,100
B,2026-01-20,100
B,2026-02-10,150
C,2026-02-03,40
B,2026-03-10,0
B,2026-04-02,30
"""


def made(folder: Path) -> Story:
    """A story in which January's cohort pays 200, 250, 100 and 130, and February's 40."""
    story = Story(folder, datetime(2026, 4, 20, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    story.write("data/subscriptions.csv", SUBSCRIPTIONS)
    story.write("data/changes.csv", CHANGES)
    return story


@pytest.mark.parametrize("metric", ["revenue", "revenue.nrr", "changed"])
def test_a_cohort_is_followed_with_all_that_it_pays_later_and_nobody_joins_it(tmp_path: Path, metric: str) -> None:
    with made(tmp_path).gathered() as gathered:
        (found,) = revenues(gathered, (metric,), Asked()).revenues
    january, february, *later = found.cohorts
    assert [list(january.amounts), list(january.companies)] == [[200, 250, 100, 130], [2, 2, 1, 2]]
    assert [list(february.amounts), list(february.companies)] == [[40, 40, 40], [1, 1, 1]]
    assert [january.rate(3), february.rate(3), january.complete] == [Fraction(13, 20), None, 3]
    assert list(found.pooled(1)) == [290, 240, 2]
    assert all(set(each.companies) == {0} for each in later)


def test_a_filter_keeps_a_segment_and_a_number_of_periods_is_kept_to(tmp_path: Path) -> None:
    with made(tmp_path).gathered() as gathered:
        (found,) = revenues(gathered, ("revenue",), Asked(Grain.QUARTER, 1, (), "plan = 'pro'")).revenues
    assert [list(each.amounts) for each in found.cohorts] == [[140, 140], [30]]


@pytest.mark.parametrize(
    ("asked", "case"), [(Asked(by=("plan",)), "by"), (Asked(last=0), "length"), (Asked(last=1001), "length")]
)
def test_what_has_no_answer_is_refused(tmp_path: Path, asked: Asked, case: str) -> None:
    with made(tmp_path).gathered() as gathered, pytest.raises(CannotGoOn) as caught:
        revenues(gathered, ("revenue",), asked)
    assert [(each.code, each.args["case"]) for each in caught.value.problems] == [("Q153", case)]


def test_only_recurring_metrics_have_cohorts_of_revenue(tmp_path: Path) -> None:
    story = made(tmp_path)
    project = open_project(story.folder).project
    asked = [("revenue",), ("revenue.mrr", "changed"), ("rows",), ("revenue", "rows"), ("nothing",), ()]
    assert [are_recurring(project, metrics) for metrics in asked] == [True, True, False, False, False, False]
    with story.gathered() as gathered:
        assert revenues(gathered, ("lacking",), Asked()).unmeasured == (("lacking.mrr", "unmeasured.terms"),)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["values", "revenue", "--curve", "--as-of", "2026-04-20", *args])
    assert not ended.value.code
    return capsys.readouterr().out


@pytest.mark.parametrize(("lang", "first"), [("en", "First MRR"), ("ja", "はじめのMRR")])
def test_the_triangle_is_printed(tmp_path: Path, lang: str, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path)
    told = run(capsys, "-p", str(tmp_path), "--lang", lang)
    assert first in told
    assert all(text in told for text in ("125.0%", "65.0%…", "250", "120.8%"))
    lines = [line.replace("$", "").replace("ドル", "").split()[-4:] for line in told.splitlines()]
    assert ["2*", "125.0%", "50.0%", "65.0%…"] in lines  # few companies, not little money
    assert ["200", "250", "100", "130…"] in lines


def test_all_is_given_exactly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path)
    rows = list(csv.DictReader(io.StringIO(run(capsys, "-p", str(tmp_path), "--csv"))))
    assert rows[3] == {
        "metric": "revenue", "unit": "month", "first_day": "2026-01-01", "last_day": "2026-01-31", "later": "3",
        "first_mrr": "200", "mrr": "130", "companies": "2", "rate": "0.65", "mark": "incomplete",
    }  # fmt: skip
    (found,) = json.loads(run(capsys, "-p", str(tmp_path), "--json"))["revenues"]
    assert [found["currency"], found["policy"].split(", ")[2]] == ["USD", "pauses: 0"]
    assert found["cohorts"][0]["periods"][1]["rate"] == "1.25"
    assert found["pooled"][1] == {"later": 1, "cohorts": 2, "first_mrr": "240", "mrr": "290", "rate": "29/24"}


def test_segments_and_the_overlap_of_companies_add_up_to_the_whole(tmp_path: Path) -> None:
    parts = ("companies", "new_companies", "churned_companies", "mrr")
    with made(tmp_path).gathered() as gathered:
        cut = values(gathered, tuple(f"revenue.{part}" for part in parts), Grain.MONTH, ("plan",))
        whole = values(gathered, tuple(f"revenue.{part}" for part in parts), Grain.MONTH)
    lines = {each.metric: [point.value or Fraction(0) for point in each.points] for each in cut.overlaps}
    assert lines["revenue.companies"] == [0, -1, 0, 0]
    assert "revenue.mrr" not in lines
    for total in whole.series:
        for n, point in enumerate(total.points):
            segments = sum(
                (each.points[n].value or 0 for each in cut.series if each.metric == total.metric), Fraction(0)
            )
            assert segments + (lines[total.metric][n] if total.metric in lines else 0) == point.value
