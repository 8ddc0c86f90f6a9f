"""The example of docs/methods/recurring.md, as the page says it; refusals; what real files make of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from measuring import Duck
from shinro.definitions.metric import PARTS
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.reports.words import words
from shinro.run.opening import open_project
from shinro.run.sql import sql
from shinro.run.values import values
from stories import Story

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "recurring.md").read_text("utf-8")
TEXT, ROWS = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("yaml", "csv"))
TABLE = [line.strip("| ").split(" | ") for line in re.findall(r"^\| (?:month|\d{4}-\d\d) .*$", PAGE, re.MULTILINE)]


def made(folder: Path, rows: str = ROWS, text: str = TEXT) -> Story:
    found = Story(folder, datetime(2026, 3, 1, tzinfo=UTC))
    found.write("shinro.yaml", text)
    found.write("data/subscriptions.csv", rows)
    return found


def test_the_example_is_what_the_page_says(tmp_path: Path) -> None:
    header, *lines = TABLE
    wants = {name: Want(f"revenue.{name}", Grain.MONTH) for name in header[1:]}
    with made(tmp_path).gathered(date(2026, 2, 28)) as gathered:
        series = {name: found[0] for name, want in wants.items() for found in [gathered.measure([want])[want]]}
    for month, *cells in lines:
        points = [series[name].on(date.fromisoformat(f"{month}-01")) for name in header[1:]]
        said = ["–" if point is None or point.value is None else str(point.value) for point in points]
        assert (month, said) == (month, cells)
    assert len(lines) == 6


def test_every_part_stands_on_the_page() -> None:
    assert [part for part in PARTS if f"`{part}`" not in PAGE] == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_part_has_a_name_in_both_languages(lang: str) -> None:
    assert [part for part in PARTS if not words(lang).knows(f"part.{part}")] == []


def test_all_parts_come_from_one_scan_which_is_kept(tmp_path: Path) -> None:
    wants = [Want(f"revenue.{part}", Grain.MONTH) for part in PARTS]
    story = made(tmp_path)
    with story.gathered() as gathered:
        first = gathered.measure(wants)
        assert len(gathered.asked.scanned) == 1
    with story.gathered() as gathered:
        assert gathered.measure(wants) == first
        assert gathered.asked.scanned == []


def test_a_span_is_one_period_whose_opening_is_what_stood_before_it(tmp_path: Path) -> None:
    """From June to January: Sora pays 60 less in June and leaves in January."""
    span = Period(date(2025, 6, 1), date(2026, 2, 1))
    parts = ("mrr", "new_mrr", "contraction", "churned_mrr", "grr", "churn_rate")
    wants = [Want(f"revenue.{part}", Grain.DAY, span=span) for part in parts]
    with made(tmp_path).gathered() as gathered:
        found = gathered.measure(wants)
    assert [found[want][0].points[0].value for want in wants] == [60, 0, 0, 260, Fraction(60, 320), Fraction(1, 2)]


def test_a_formula_over_parts_is_measured_by_segment(tmp_path: Path) -> None:
    """Gold has no row of silver's months: its part there is zero, not unknown."""
    text = TEXT + '  net_new: {derived: "revenue.new_mrr + revenue.expansion - revenue.churned_mrr"}\n'
    with made(tmp_path, text=text).gathered(date(2026, 2, 28)) as gathered:
        series = values(gathered, ("net_new",), Grain.MONTH, ("plan",)).series
    found = {one.segment[0][1]: one.on(date(2026, 2, 1)) for one in series}
    assert {plan: point.value for plan, point in found.items() if point} == {"gold": 40, "silver": 0}


def test_a_filter_of_the_metric_and_one_that_is_asked_for_narrow_the_rows(tmp_path: Path) -> None:
    text = TEXT.replace("{recurring: subscriptions}", "{recurring: subscriptions, where: plan = 'silver'}")
    with made(tmp_path, text=text).gathered(date(2026, 2, 28)) as gathered:
        filtered = values(gathered, ("revenue.mrr",), Grain.MONTH).series[0].on(date(2025, 3, 1))
        asked = values(gathered, ("revenue.mrr",), Grain.MONTH, where="company = 'Umi'").series[0].on(date(2025, 3, 1))
    assert filtered
    assert asked
    assert [filtered.value, asked.value] == [120, 60]


@pytest.mark.parametrize(
    ("column", "word", "why"),
    [
        ("every", "fortnight", "unmeasured.intervals"),
        ("status", "zombie", "unmeasured.statuses"),
        ("currency", "EUR", "unmeasured.currencies"),
    ],
)
def test_a_word_that_no_amount_can_be_told_from_is_refused_until_a_filter_reads_it(
    tmp_path: Path, column: str, word: str, why: str
) -> None:
    known = {"every": "month", "status": "active", "currency": "USD"}[column]
    rows = f"company,starts,ends,amount,{column}\nA,2026-01-01,,10,{known}\nB,2026-01-01,,20,{word}\n"
    text = TEXT.replace("    every: every\n    dimensions: [plan]\n", f"    {column}: {column}\n")
    with made(tmp_path, rows, text).gathered() as gathered:
        assert values(gathered, ("revenue.mrr",), Grain.MONTH).unmeasured == (("revenue.mrr", why),)
    kept = text.replace(f"    {column}: {column}\n", f"    {column}: {column}\n    where: {column} != '{word}'\n")
    with made(tmp_path, rows, kept).gathered(date(2026, 1, 31)) as gathered:
        found = values(gathered, ("revenue.mrr",), Grain.MONTH)
    assert [found.series[0].points[0].value, found.unmeasured] == [10, ()]


def test_a_row_in_another_currency_is_never_added(tmp_path: Path) -> None:
    rows = "company,starts,ends,amount,currency\nA,2026-01-01,,10,usd\nB,2026-01-01,,20,EUR\nC,2026-01-01,,5,$\n"
    text = TEXT.replace(
        "    every: every\n    dimensions: [plan]\n", "    currency: currency\n    where: currency != 'x'\n"
    )
    with made(tmp_path, rows, text).gathered(date(2026, 1, 31)) as gathered:
        assert not values(gathered, ("revenue.mrr",), Grain.MONTH).series
        assert [each.words for each in gathered.strange.values()] == [("EUR",)]
    for kept, mrr in (("currency in ('usd', '$')", 15), ("currency = 'EUR'", 20)):
        story = made(tmp_path, rows, text.replace("currency != 'x'", kept))
        with story.gathered(date(2026, 1, 31)) as gathered:
            assert values(gathered, ("revenue.mrr",), Grain.MONTH).series[0].points[0].value == mrr


def test_the_sql_that_is_shown_finds_the_movements(tmp_path: Path) -> None:
    story = made(tmp_path)
    (text,) = sql(open_project(tmp_path), "revenue.nrr", Grain.MONTH, (), "duckdb")
    assert "/" not in text
    duck = Duck()
    duck.connection.execute(
        f"CREATE TABLE subscriptions AS SELECT * REPLACE (starts::TIMESTAMP AS starts, ends::TIMESTAMP AS ends, "
        f"amount::DECIMAL(38, 9) AS amount) FROM read_csv('{story.folder}/data/subscriptions.csv')"
    )
    months = [row[0] for row in duck.rows(text)]
    assert months == [24300, 24301, 24302, 24305, 24312, 24313]
