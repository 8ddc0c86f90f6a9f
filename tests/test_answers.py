"""Answers are kept: nothing is measured twice, nothing stale is answered, and no crash or damage changes a number."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.loads import Joined
from shinro.warehouse.answers import (
    Key,
    keep_cells,
    keep_joins,
    keep_rows,
    known_cells,
    known_joins,
    known_rows,
)
from stories import AGENTS, DEALS, STORY, Story, story


@pytest.fixture
def kept(tmp_path: Path) -> Story:
    made = story(tmp_path)
    assert made.sync().scans
    return made


def numbers(made: Story) -> list[dict[str, list[Fraction | None]]]:
    return [made.values("win_rate"), made.values("worth", by=("office",)), made.values("open", by=("office",))]


RIGHT = [
    {"": [None, Fraction(1, 2), 1]},
    {"East": [0, 100, 0], "West": [0, 0, Fraction(601, 2)]},
    {"East": [1, 0, 0], "West": [0, 1, 0], "None": [0, 0, 1]},
]


def test_a_second_sync_scans_nothing_and_what_it_measured_is_right(kept: Story) -> None:
    assert kept.sync().scans == ()
    assert numbers(kept) == RIGHT


def test_a_file_that_is_written_again_with_the_same_rows_scans_nothing(kept: Story) -> None:
    kept.write("data/deals.csv", DEALS)
    assert kept.sync().scans == ()


def test_a_file_that_changed_is_measured_again(kept: Story) -> None:
    kept.write("data/deals.csv", DEALS + "d5,Bob,Ann,2026-05-01,2026-05-12,won,1\n")
    assert kept.sync().scans
    assert kept.values("won") == {"": [0, 1, 2]}


@pytest.mark.parametrize(
    ("old", "new", "metric", "by", "expected"),
    [
        ("stage = 'won'}", "stage = 'lost'}", "won", (), {"": [0, 1, 0]}),
        ("at: closed, where: stage = 'won'}", "where: stage = 'won'}", "won", (), {"": [1, 1, 0]}),
        ("joins: {agents: rep}", "joins: {agents: owner}", "won", ("office",), {"West": [0, 1, 0], "East": [0, 0, 1]}),
        ("    joins:", "    ends_are: inclusive\n    joins:", "open", (), {"": [1, 1, 2]}),
        ("timezone: Asia/Tokyo", "timezone: America/New_York", "won", (), {"": [0, 1, 1]}),
        ("    joins:", "    where: rep = 'Bob'\n    joins:", "worth", (), {"": [0, 0, Fraction(601, 2)]}),
    ],
)
def test_a_definition_that_changed_is_measured_again(
    kept: Story, old: str, new: str, metric: str, by: tuple[str, ...], expected: dict[str, list[Fraction | None]]
) -> None:
    kept.values(metric, by=by)
    kept.write("shinro.yaml", STORY.replace(old, new))
    assert kept.values(metric, by=by) == expected


def test_a_label_or_an_owner_that_changed_scans_nothing(kept: Story) -> None:
    text = STORY.replace("deals: {count: deals}", "deals: {count: deals, label: Deals}").replace(
        "owner: Ann", "owner: Bob"
    )
    kept.write("shinro.yaml", text)
    assert kept.sync().scans == ()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def without_its_last_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def changed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))


def garbled(path: Path) -> None:
    path.write_bytes(b"\xff" * path.stat().st_size)


def lost(path: Path) -> None:
    path.unlink()


DAMAGE = (emptied, cut_in_half, without_its_last_byte, changed, garbled, lost)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_answers_are_measured_again(kept: Story, damage: Callable[[Path], None]) -> None:
    before = {path: path.read_bytes() for path in kept.answers}
    for path in kept.answers:
        damage(path)
    assert numbers(kept) == RIGHT
    kept.sync()
    assert {path: path.read_bytes() for path in kept.answers if path in before} == before


@pytest.mark.parametrize("damage", [emptied, changed, lost])
def test_damage_anywhere_in_the_cache_changes_no_number(kept: Story, damage: Callable[[Path], None]) -> None:
    for path in sorted((kept.folder / ".shinro" / "cache").rglob("*")):
        if path.is_file():
            damage(path)
    assert numbers(kept) == RIGHT


def test_the_same_rows_in_another_order_leave_the_same_bytes(tmp_path: Path) -> None:
    header, *rows = DEALS.splitlines()
    one = story(tmp_path / "one")
    other = story(tmp_path / "other", deals="\n".join([header, *rows[::-1]]) + "\n")
    for made in (one, other):
        made.sync()
        assert numbers(made) == RIGHT
    assert sorted(path.read_bytes() for path in one.answers) == sorted(path.read_bytes() for path in other.answers)


def test_a_sync_that_is_killed_at_any_moment_costs_at_most_a_recompute(tmp_path: Path) -> None:
    """Killed twenty times, a little later each time, in one folder that is never cleaned."""
    many = "".join(f"x{n},Ann,Bob,2026-03-30,2026-04-02,won,1\n" for n in range(2000))
    made = story(tmp_path, deals=DEALS + many)
    command = [sys.executable, "-m", "shinro.cli", "sync", "-p", str(tmp_path)]
    chance = random.Random(20)  # noqa: S311 - the same moments again
    for turn in range(20):
        made.write("data/deals.csv", DEALS + many + f"y{turn},Ann,Bob,2026-03-30,2026-04-02,lost,1\n")
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.05, 0.9))
        process.send_signal(signal.SIGKILL)
        _, said = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), said
    made.write("data/deals.csv", DEALS)
    assert numbers(made) == RIGHT
    made.sync()
    assert made.sync().scans == ()
    left = [path for path in (tmp_path / ".shinro").rglob(".part-*") if path.stat().st_size > 1 << 20]
    assert left == []


def test_rows_and_joins_are_read_back_as_they_were_kept(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(1, "東京", None, 10**30, "0.1"), (2, "", "x", 0, None)]
    joins = (Joined("agents", 1, 2, ("a", "b"), 3),)
    keep_rows(tmp_path, "rows", rows)
    keep_joins(tmp_path, "joins", joins)
    assert (known_rows(tmp_path, "rows"), known_joins(tmp_path, "joins")) == (rows, joins)
    assert (known_rows(tmp_path, "none"), known_joins(tmp_path, "none")) == (None, None)


@pytest.mark.parametrize("wide", [0, -(2**15), 2**15 - 1, 2**15, 2**31 - 1, -(2**31) - 1, 2**63 - 1, -(2**63), 2**63])
def test_whole_numbers_are_read_back_whatever_their_width(tmp_path: Path, wide: int) -> None:
    rows: list[tuple[object, ...]] = [(1, wide, True), (-7, 3, False)]
    keep_rows(tmp_path, "rows", rows)
    found = known_rows(tmp_path, "rows") or []
    assert (found, {type(part) for *_, part in found}) == (rows, {bool})


SIZES = """
timezone: Asia/Tokyo
company: A
sources: {b: {type: files, path: data/*.csv}}
tables:
  leads: {from: b.leads, time: at, dimensions: [size]}
  calls: {from: b.calls, time: at, dimensions: [size]}
metrics:
  leads: {count: leads, where: size < 99}
  calls: {count: calls, where: size < 99}
  calls_per_lead: {ratio: calls / leads}
"""
SIZED = "at,size\n2026-01-05,2.5\n2026-01-06,10\n2026-01-07,0\n2026-01-07,-0.05\n"


@pytest.mark.parametrize("first", ["calls_per_lead", "leads", "calls"])
def test_segments_of_decimals_are_called_the_same_when_they_are_kept(tmp_path: Path, first: str) -> None:
    """A part that was kept and one that is fresh meet in a ratio."""
    made = Story(tmp_path)
    made.write("shinro.yaml", SIZES)
    made.write("data/leads.csv", SIZED)
    made.write("data/calls.csv", SIZED + "2026-01-08,10\n")
    made.values(first, by=("size",))
    found = made.values("calls_per_lead", by=("size",))
    assert found == {"0": [1], "10": [2], "2.5": [1], "-0.05": [1]}


def test_a_partner_that_changed_is_joined_anew(kept: Story) -> None:
    kept.values("won", by=("office",))
    kept.write("data/agents.csv", AGENTS.replace("East", "North"))
    assert kept.values("won", by=("office",)) == {"North": [0, 1, 0], "West": [0, 0, 1]}


def test_an_answer_serves_those_that_ask_for_less(tmp_path: Path) -> None:
    """`values won` after a `sync`: the same numbers, the least amount of nothing among them, and no scan."""
    both = Key("f", ("count() where a", "min(b) where true"), (1, 1), 2)
    keep_cells(tmp_path, both, [(1, "x", 3, 0), (1, "y", 0, 5)])
    assert known_cells(tmp_path, Key("f", ("min(b) where true",), (1,), 2)) == [(1, "x", 0), (1, "y", 5)]
    assert known_cells(tmp_path, Key("f", ("count() where a",), (1,), 2)) == [(1, "x", 3), (1, "y", 0)]
    assert known_cells(tmp_path, Key("f", ("max(b) where true",), (1,), 2)) is None
    assert known_cells(tmp_path, Key("g", ("count() where a",), (1,), 2)) is None
