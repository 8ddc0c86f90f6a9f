"""The examples of docs/methods/retention.md, as the page says them; the rule that it states; the SQL that is shown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from measuring import Duck
from shinro.analysis.flattening import LOSES
from shinro.definitions.metric import RETENTION_PARTS
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.reports.words import words
from shinro.run.curve import LENGTHS, Asked, curves
from shinro.run.opening import open_project
from shinro.run.sql import sql
from stories import Story

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "retention.md").read_text("utf-8")
TEXT, ROWS = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("yaml", "csv"))
AS_OF = date(2026, 3, 30)


def table(head: str) -> list[list[str]]:
    """The rows of the table that starts with a word, its header first."""
    lines = PAGE[PAGE.index(f"| {head} |") :].split("\n\n")[0].splitlines()
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [found[0], *found[2:]]


@pytest.fixture
def made(tmp_path: Path) -> Story:
    found = Story(tmp_path, datetime(2026, 3, 30, tzinfo=UTC))
    found.write("shinro.yaml", TEXT)
    found.write("data/events.csv", ROWS)
    return found


def test_the_example_is_what_the_page_says(made: Story) -> None:
    header, *lines = table("week")
    wants = {name: Want(name, Grain.WEEK) for name in header[1:]}
    with made.gathered(AS_OF) as gathered:
        series = {name: found[0] for name, want in wants.items() for found in [gathered.measure([want])[want]]}
    assert len(lines) == 4
    for week, *cells in lines:
        points = [series[name].on(date.fromisoformat(week)) for name in header[1:]]
        assert [str(point.value) if point and point.value is not None else "–" for point in points] == cells, week


def test_the_curve_is_what_the_page_says(made: Story) -> None:
    _, *lines = table("cohort")
    with made.gathered(AS_OF) as gathered:
        (curve,) = curves(gathered, ("week_1",), Asked(last=4)).curves
    shown = [
        [
            each.period.start.isoformat(),
            *(f"{n} …" if at >= each.complete else str(n) for at, n in enumerate(each.kept)),
        ]
        for each in curve.cohorts
    ]
    assert shown == [[cell for cell in line if cell] for line in lines]


def test_every_part_stands_on_the_page_and_has_a_name_in_both_languages() -> None:
    assert [part for part in RETENTION_PARTS if f"`{part}`" not in PAGE] == []
    assert [part for part in RETENTION_PARTS for lang in ("en", "ja") if not words(lang).knows(f"part.{part}")] == []


def test_the_limits_and_lengths_are_those_of_the_page() -> None:
    said = ", ".join(f"{limit * 100} % a {unit.value}" for unit, limit in LOSES.items())
    assert f"A flat curve may lose {said}." in PAGE
    assert [LENGTHS[unit] for unit in (Grain.DAY, Grain.WEEK, Grain.MONTH)] == [30, 12, 12]


def test_metrics_with_their_parts_and_curves_come_from_one_scan_which_is_kept(made: Story) -> None:
    wants = [Want(name, Grain.WEEK) for name in ("week_1", "week_1.cohort", "week_1.kept", "week_12")]
    wants += [Want("week_1", grain) for grain in (Grain.DAY, Grain.MONTH)]
    wants.append(Want("week_1", Grain.WEEK, span=Period(date(2026, 3, 9), AS_OF)))
    made.write("shinro.yaml", TEXT + "  week_12: {retention: events, after: 12 weeks}\n")
    with made.gathered(AS_OF) as gathered:
        first = gathered.measure(wants)
        curves(gathered, ("week_1",), Asked())
        assert len(gathered.asked.scanned) == 1
    with made.gathered(AS_OF) as gathered:
        assert gathered.measure(wants) == first
        assert gathered.asked.scanned == []


def test_a_span_pools_the_cohorts_that_mature_in_it(made: Story) -> None:
    """Both weeks mature between the 9th and the 29th: two of four are kept."""
    want = Want("week_1", Grain.DAY, span=Period(date(2026, 3, 9), date(2026, 3, 30)))
    with made.gathered(AS_OF) as gathered:
        (point,) = gathered.measure([want])[want][0].points
    assert [point.over, point.base] == [2, 4]


@pytest.mark.parametrize("metric", ["week_1", "again", "weeks_1_2", "weekly"])
@pytest.mark.parametrize("by", [(), ("plan",)])
def test_the_sql_that_is_shown_finds_the_cohorts_and_never_divides(
    made: Story, metric: str, by: tuple[str, ...]
) -> None:
    (text,) = sql(open_project(made.folder), metric, Grain.WEEK, by, "duckdb")
    assert "/" not in text
    kept = metric == "weeks_1_2"
    assert ("n: 1 for those who are kept" in text, "n: active so far behind" in text) == (kept, not kept)
    duck = Duck()
    rows = f"read_csv('{made.folder}/data/events.csv')"
    duck.connection.execute(f'CREATE TABLE events AS SELECT * REPLACE ("at"::TIMESTAMP AS "at") FROM {rows}')
    found = [row for row in duck.rows(text) if metric in ("again", "weeks_1_2") or row[-2] == 0]
    sizes = [row[-1] for row in found if isinstance(row[-1], int)]
    assert sum(sizes) == (9 if metric == "weekly" else 5)
