"""docs/methods/derived.md: every definition on it, run on its company; the tables are what comes out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.definitions.refusals import refusals
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.reports.numbers import number
from shinro.reports.words import words
from shinro.run.gathering import Gathered
from shinro.run.values import values
from stories import Story

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "derived.md").read_text("utf-8")
HEAD, *MORE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
TEXT = HEAD + "".join(block.removeprefix("metrics:\n") for block in MORE)
FILES = re.findall(r"`data/(\w+)\.csv`", PAGE)
SHEETS = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
TABLES = re.findall(r"^\| (month|quarter) \| (.+) \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", PAGE, re.MULTILINE)
SAID = re.findall(r"^\| (`.+`) \| (.+) \| (.+) \| (higher|lower) \|$", PAGE, re.MULTILINE)
UNITS = {
    "%": "1",
    "times": "times",
    "money": "JPY",
    "months": "month",
    "points, -100 to 100": "points",
    "money per user": r"JPY/user",
    "money per customer": r"JPY/company",
}
NAMED = {"cmgr": "growth_of_3_months"}


@pytest.fixture(scope="module")
def project() -> Project:
    found, problems = read_project(TEXT, "shinro.yaml")
    assert problems == ()
    return found


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Story:
    made = Story(tmp_path_factory.mktemp("derived"), datetime(2026, 7, 1, 3, tzinfo=UTC))
    made.write("shinro.yaml", TEXT)
    for name, rows in zip(FILES, SHEETS, strict=True):
        made.write(f"data/{name}.csv", rows)
    return made


def shown(gathered: Gathered, metric: str, grain: Grain, lang: str = "en") -> dict[str, str]:
    """First days of periods -> values as a reader sees them."""
    want = Want(metric, grain)
    (series,) = gathered.measure([want])[want]
    return {f"{point.period.start:%Y-%m}": number(point.value, series.meaning, lang) for point in series.points}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table[0]} {table[1]}")
def test_a_table_is_what_comes_out(table: tuple[str, str, str], company: Story) -> None:
    grain, header, body = table
    metrics = header.split(" | ")
    with company.gathered(date(2026, 6, 30)) as gathered:
        found = {metric: shown(gathered, metric, Grain(grain)) for metric in metrics}
    for line in body.splitlines():
        when, *cells = line.strip("| ").split(" | ")
        assert (when, [found[metric][when] for metric in metrics]) == (when, cells)


def test_every_table_and_sheet_was_seen() -> None:
    assert (len(TABLES), len(FILES), len(MORE)) == (12, 7, 10)
    assert len(SAID) == 16


@pytest.mark.parametrize("said", SAID, ids=lambda said: said[0])
def test_what_a_metric_is_said_to_be(said: tuple[str, str, str, str], project: Project) -> None:
    names, _, unit, better = said
    for name in re.findall("`(.+?)`", names):
        meaning = meanings(project)[NAMED.get(name, name)]
        assert (meaning.percent, str(meaning.unit), meaning.better.value) == (unit == "%", UNITS[unit], better)


def test_nothing_on_the_page_is_refused(project: Project) -> None:
    assert list(refusals(project, meanings(project))) == []


def test_japanese_readers_see_months_money_and_points(company: Story) -> None:
    with company.gathered(date(2026, 6, 30)) as gathered:
        found = [shown(gathered, name, Grain.MONTH, "ja") for name in ("runway", "ltv_of_3_months", "nps")]
    assert [each[month] for each, month in zip(found, ("2026-04", "2026-06", "2026-02"), strict=True)] == [
        "16.2か月",
        "42.2万円",
        "-66.7",
    ]


def test_a_formula_of_months_has_no_weeks(company: Story) -> None:
    with company.gathered(date(2026, 6, 30)) as gathered:
        found = values(gathered, ("runway", "new_users"), Grain.WEEK)
    assert [series.metric for series in found.series] == ["new_users"]
    assert found.unmeasured == (("runway", "unmeasured.shorter"),)
    assert all(words(lang).knows("unmeasured.shorter") for lang in ("en", "ja"))


def test_what_is_typed_in_by_month_has_no_weeks_and_neither_has_what_is_made_of_it(company: Story) -> None:
    """January's cost is no cost of the week that its first day lies in; its cash is no level of that week."""
    asked = ("sales_and_marketing", "cash", "net_burn", "cac", "cac_lagged", "burn_multiple")
    with company.gathered(date(2026, 4, 12)) as gathered:
        found = values(gathered, asked, Grain.WEEK)
        monthly = values(gathered, asked, Grain.QUARTER)
    assert found.series == ()
    assert dict(found.unmeasured) == dict.fromkeys(asked, "unmeasured.shorter")
    assert [series.metric for series in monthly.series] == list(asked)


def test_a_formula_of_weeks_over_what_comes_by_month_is_made_by_month(company: Story, tmp_path: Path) -> None:
    made = Story(tmp_path, company.now)
    made.write(
        "shinro.yaml", TEXT + "  cac_by_week: {ratio: sales_and_marketing / revenue.new_companies, every: week}\n"
    )
    for name, rows in zip(FILES, SHEETS, strict=True):
        made.write(f"data/{name}.csv", rows)
    assert made.values("cac_by_week") == made.values("cac") != {}
    assert made.values("cac_by_week", Grain.WEEK) == {}
