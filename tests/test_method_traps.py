"""docs/methods/traps.md: what shinro answers on the rows of the page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.run.check_data import check_data
from shinro.run.opening import open_project
from shinro.run.status import status
from shinro.series import Mark
from stories import Story

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "traps.md").read_text("utf-8")
(TEXT,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FILES: dict[str, str] = dict(re.findall(r"```csv (\w+)\n(.*?)```", PAGE, re.DOTALL))
ROWS: list[list[str]] = [line.split(" | ") for line in re.findall(r"^\| (\d+ \| .*) \|$", PAGE, re.MULTILINE)]
SAID = {int(number): answer for number, _, _, answer, _ in ROWS}
VISITED = date(2026, 3, 8)
CALLED = date(2026, 3, 4)
PAID = date(2026, 1, 6)


def written(folder: Path, **files: str) -> Story:
    found = Story(folder, datetime(2026, 4, 10, tzinfo=UTC))
    found.write("shinro.yaml", TEXT)
    for name, rows in {**FILES, **files}.items():
        found.write(f"data/{name}.csv", rows)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return written(tmp_path_factory.mktemp("traps"))


def shown(made: Story, metric: str, grain: Grain, first: date, count: int = 1, as_of: date | None = None) -> str:
    """A metric's values in so many periods from the one of a day on, as the page writes them."""
    want = Want(metric, grain)
    with made.gathered(as_of) as gathered:
        (series,) = gathered.measure([want])[want]
    start = next(n for n, point in enumerate(series.points) if first in point.period)
    points = series.points[start : start + count]
    begun = " (incomplete)" if points[-1].mark is Mark.INCOMPLETE else ""
    return ", ".join(str(point.value) for point in points) + begun


def test_ten_traps_stand_on_the_page() -> None:
    assert list(SAID) == list(range(1, 11))
    assert len(FILES) == 7


def test_people_of_seven_days_are_people(made: Story) -> None:
    found = [shown(made, "visitors_7", Grain.DAY, date(2026, 3, day)) for day in (2, 3, 4, 8)]
    assert ", ".join(found) == SAID[1]


def test_a_rolling_number_of_a_week_is_that_of_its_end(made: Story) -> None:
    assert shown(made, "visitors_7", Grain.WEEK, VISITED) == SAID[2]


def test_converters_are_counted_and_not_conversions(made: Story) -> None:
    assert shown(made, "bought", Grain.MONTH, VISITED).removesuffix(" (incomplete)") == SAID[3]


def test_a_share_is_divided_once_and_exactly(made: Story) -> None:
    rates = made.values("win_rate", by=("region",))
    assert ", ".join(str(rates[region][0]) for region in ("east", "north", "west")) == SAID[4]


def test_a_day_without_rows_is_zero_while_the_data_is_fresh(made: Story) -> None:
    assert shown(made, "visitors", Grain.DAY, CALLED, 5) == SAID[5]


def test_weeks_are_local_and_one_that_runs_is_marked(made: Story) -> None:
    assert shown(made, "calls", Grain.WEEK, date(2026, 2, 28), 2, as_of=CALLED) == SAID[6]


def test_companies_of_a_day_are_those_before_and_what_moved(made: Story) -> None:
    parts = {"companies": "companies", "new": "new_companies", "churned": "churned_companies"}
    found = {
        name: shown(made, f"revenue.{part}", Grain.DAY, date(2026, 1, 1), 5, as_of=PAID) for name, part in parts.items()
    }
    assert "; ".join(f"{name} {values}" for name, values in found.items()) == SAID[7]


def test_who_joins_and_leaves_within_the_month_is_not_lost_from_its_start(made: Story) -> None:
    assert shown(made, "revenue.churn_rate", Grain.MONTH, VISITED) == SAID[8]


def test_churn_above_its_limit_is_behind(made: Story) -> None:
    (milestone,) = status(open_project(made.folder), made.moment(), everything=True).milestones
    (condition,) = milestone.conditions
    assert (str(condition.value), milestone.state.value) == (SAID[8], SAID[9])


def test_a_date_that_can_be_read_in_two_ways_is_not_guessed(tmp_path: Path) -> None:
    made = written(tmp_path, visits=FILES["ambiguous"])
    found = [each for each in check_data(made.folder, made.moment()).problems if each.code.startswith("L")]
    assert [f"refused ({each.code})" for each in found] == [SAID[10]]
    assert "dates:" in str(found[0].args["lines"])
