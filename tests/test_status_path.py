"""status through the whole path: the demo's files to the facts that are told."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shinro.findings.readings import Reading, Status
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.run.check import check
from shinro.run.check_data import check_data
from shinro.run.demo import demo
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.status import status
from shinro.run.sync import sync

NOW = datetime(2026, 6, 22, 1, tzinfo=UTC)  # a Monday in Tokyo: the demo's export is of Friday
SIZE = 0.1


def silent(_step: str, _name: str) -> None: ...


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    demo(made, Moment(NOW), silent, size=SIZE)
    return made


@pytest.fixture(scope="module")
def found(folder: Path) -> Status:
    return status(open_project(folder), Moment(NOW), everything=True)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def everyones(found: Status) -> list[Reading]:
    """Every reading of a whole metric."""
    star = [found.star] if found.star else []
    departments = [each for _, owned in found.departments for each in owned]
    return [*star, *found.focus, *departments, *found.others]


def test_it_stands_on_the_newest_day_of_the_data(folder: Path, found: Status) -> None:
    assert found.as_of == date(2026, 6, 19)
    assert max(row["occurred_at"] for row in rows(folder, "contacts")).startswith("2026-06-19")


def test_the_stars_value_is_what_plain_counting_of_the_file_finds(folder: Path, found: Status) -> None:
    assert found.star is not None
    held = [row for row in rows(folder, "contacts") if (row["kind"], row["outcome"]) == ("meeting", "held")]
    for point in filter(None, (found.star.last, found.star.now, found.star.before)):
        inside = {row["lead_id"] for row in held if date.fromisoformat(row["occurred_at"][:10]) in point.period}
        assert point.value == len(inside)


def test_every_kpi_is_read_at_its_cadence(folder: Path, found: Status) -> None:
    project = open_project(folder).project
    cadences = {str(metric): kpi.cadence.grain for metric, kpi in project.kpis.items() if kpi.cadence}
    read = {each.metric: each.grain for each in everyones(found)}
    assert cadences.items() <= read.items()


def test_a_second_look_scans_nothing_and_finds_the_same(folder: Path, found: Status) -> None:
    assert status(open_project(folder), Moment(NOW), everything=True) == found
    steps: list[str] = []
    status(open_project(folder), Moment(NOW), progress=lambda step, _name: steps.append(step), everything=True)
    assert "measure" not in steps


def test_a_sync_measures_all_that_a_status_reads(folder: Path) -> None:
    sync(open_project(folder), Moment(NOW), silent)
    steps: list[str] = []
    status(open_project(folder), Moment(NOW), progress=lambda step, _name: steps.append(step))
    assert steps == []


@pytest.mark.parametrize("grain", Grain)
def test_every_grain_has_a_status(folder: Path, grain: Grain) -> None:
    asked = status(open_project(folder), Moment(NOW), grain)
    assert asked.star is not None
    assert asked.star.grain is grain


def test_the_demo_is_kept_as_it_is(folder: Path) -> None:
    """Its files; the page that tells it is written anew."""
    kept = [folder / "shinro.yaml", *(folder / "data").iterdir()]
    before = {path: path.read_bytes() for path in kept}
    demo(folder, Moment(NOW + timedelta(days=30)), silent)
    assert {path: path.read_bytes() for path in kept} == before


def test_the_demo_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    mine = tmp_path / "data" / "leads.csv"
    mine.write_text("mine\n", "utf-8")
    with pytest.raises(CannotGoOn) as stop:
        demo(tmp_path, Moment(NOW), silent, size=SIZE)
    assert [problem.code for problem in stop.value.problems] == ["S136"]
    assert mine.read_text("utf-8") == "mine\n"
    assert not (tmp_path / "shinro.yaml").exists()


def test_checks_with_data_find_what_the_static_ones_find_and_more(folder: Path) -> None:
    plain = check(folder, NOW.date())
    whole = check_data(folder, Moment(NOW))
    assert not whole.failed, whole.problems
    lasting = {(each.code, each.place) for each in plain.problems}
    assert lasting <= {(each.code, each.place) for each in whole.problems}


def test_a_project_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [each.code for each in check_data(tmp_path, Moment(NOW)).problems] == ["S133"]
