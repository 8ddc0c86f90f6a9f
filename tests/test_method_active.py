"""The example of docs/methods/active.md, as the page says it; what is kept; the SQL that is shown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from measuring import Duck
from shinro.definitions.metric import ACTIVE_PARTS
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.reports.words import words
from shinro.run.opening import open_project
from shinro.run.sql import sql
from shinro.run.values import values
from stories import Story

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "active.md").read_text("utf-8")
TEXT = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if block.startswith("company"))
(ROWS,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
TABLE = [line.strip("| ").split(" | ") for line in re.findall(r"^\| (?:week|\d{4}-\d\d-\d\d) .*$", PAGE, re.MULTILINE)]
AS_OF = date(2026, 4, 26)


@pytest.fixture
def made(tmp_path: Path) -> Story:
    found = Story(tmp_path, datetime(2026, 4, 27, tzinfo=UTC))
    found.write("shinro.yaml", TEXT)
    found.write("data/events.csv", ROWS)
    return found


def test_the_example_is_what_the_page_says(made: Story) -> None:
    header, *lines = TABLE
    wants = {name: Want(name, Grain.WEEK) for name in header[1:]}
    with made.gathered(AS_OF) as gathered:
        series = {name: found[0] for name, want in wants.items() for found in [gathered.measure([want])[want]]}
    assert len(lines) == 3
    for week, *cells in lines:
        points = [series[name].on(date.fromisoformat(week)) for name in header[1:]]
        assert [str(point.value) if point else "" for point in points] == cells, week


def test_segments_and_their_overlap_are_what_the_page_says(made: Story) -> None:
    with made.gathered(AS_OF) as gathered:
        found = values(gathered, ("wau",), Grain.WEEK, ("device",))
    lines = {series.segment[0][1]: series.points[0].value for series in found.series}
    assert lines == {"phone": 2, "desk": 1}
    assert found.overlaps[0].points[0].value == -1


def test_every_part_stands_on_the_page_and_has_a_name_in_both_languages() -> None:
    assert [part for part in ACTIVE_PARTS if f"`{part}`" not in PAGE] == []
    assert [part for part in ACTIVE_PARTS for lang in ("en", "ja") if not words(lang).knows(f"part.{part}")] == []


def test_rolling_windows_and_their_parts_come_from_one_scan_which_is_kept(made: Story) -> None:
    names = ("dau", "wau", "stickiness", *(f"wau.{part}" for part in ACTIVE_PARTS))
    wants = [Want(name, grain) for name in names for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH)]
    with made.gathered() as gathered:
        first = gathered.measure(wants)
        assert len(gathered.asked.scanned) == 1
    with made.gathered() as gathered:
        assert gathered.measure([Want("wau", Grain.WEEK)])[Want("wau", Grain.WEEK)] == first[Want("wau", Grain.WEEK)]
        assert gathered.measure(wants) == first
        assert gathered.asked.scanned == []


WEDNESDAY = (date(2026, 4, 22) - date(1900, 1, 1)).days
ADDED = {
    "wau": "SELECT sum(many) FROM rows WHERE {x} - 7 < number AND number <= {x} AND number - gap <= {x} - 7",
    "regulars": "SELECT sum(change) FROM rows WHERE kind = 0 AND number <= {x}",
    "active": "SELECT sum(first_week) FROM rows WHERE {x} - 3 < number AND number <= {x}",
}


@pytest.mark.parametrize("metric", ADDED)
def test_the_sql_that_is_shown_divides_nothing_and_says_what_to_add_up(made: Story, metric: str) -> None:
    with made.gathered(date(2026, 4, 22)) as gathered:
        grain = Grain.WEEK if metric == "active" else Grain.DAY
        want = Want(metric, grain)
        number = gathered.measure([want])[want][0].points[-1].value
        (text,) = sql(open_project(made.folder), metric, grain, (), "duckdb")
    assert "\n-- active " in text
    assert " / " not in text
    duck = Duck()
    duck.connection.execute(f"CREATE TABLE events AS SELECT * FROM read_csv('{made.folder}/data/events.csv')")
    query = ADDED[metric].format(x=WEDNESDAY)
    assert duck.rows(f"WITH rows AS ({text}) {query}") == [(number,)]
