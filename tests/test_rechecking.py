"""Every published value is found again to the byte from its own snapshots, or what came between is named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from books import book
from publishing import AS_OF, EDITED, GOALS, STORY, a_project, drifts, entries, offered, published, rechecked, restated
from recording import a_writer
from shinro.definitions.meaning import meanings
from shinro.entries import Figure
from shinro.findings.drift import Drift, Rows
from shinro.problems import Place, problem
from shinro.reports.readings import Telling
from shinro.reports.rechecked import recheck_json, recheck_report
from shinro.reports.terminal import render
from shinro.reports.words import LANGUAGES, words
from shinro.run import regathering
from shinro.run.opening import open_project
from shinro.run.publishing import publish
from stories import DEALS, Story

ALL = ("win_rate 2026-04", "won 2026-04", "worth 2026-04")


def printed(made: Story, lang: str = "en") -> str:
    project = open_project(made.folder).project
    return render(recheck_report(rechecked(made), Telling(words(lang), project), meanings(project)), 120)


def test_what_was_published_is_found_again_and_later_rows_are_no_drift(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("data/deals.csv", DEALS + "d5,Ann,Bob,2026-05-20,2026-06-02,won,7\n")
    shutil.rmtree(tmp_path / ".shinro" / "cache")
    found = rechecked(made, date(2026, 6, 3))
    assert [(each.drifts, each.found, each.again == each.now) for each in found.every] == [((), True, True)] * 3


def test_data_that_changed_are_named_by_their_rows(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("data/deals.csv", EDITED.replace("d4,", "d9,"))
    assert drifts(made) == {key: ["data"] for key in ALL}
    (won,) = rechecked(made, AS_OF, "won").every
    assert won.found
    assert won.tables == (Rows("deals", 4, 4, 1, 1, 1, (("stage", 1),), ("d2", "d4", "d9")),)
    assert "1 added, 1 removed, 1 changed (columns: stage 1); such as d2, d4, d9" in printed(made)
    for metric in ("won", "worth", "win_rate"):
        restated(made, metric, "2026-04")
    assert drifts(made) == {}
    assert rechecked(made).restated == 3


def test_rows_without_a_key_are_told_apart_as_wholes(tmp_path: Path) -> None:
    made = a_project(tmp_path, STORY.replace(" key: id,", "") + GOALS)
    published(made)
    made.write("data/deals.csv", EDITED)
    (won,) = rechecked(made, AS_OF, "won").every
    (rows,) = won.tables
    assert replace(rows, keys=()) == Rows("deals", 4, 4, 1, 1, 0)
    assert [("stage won" in key, "stage lost" in key) for key in rows.keys] == [(False, True), (True, False)]
    assert "1 added, 1 removed, 0 changed; such as amount" in printed(made)


def test_a_definition_that_changed_is_shown_before_and_after(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("shinro.yaml", STORY.replace("where: stage = 'won'}", "where: stage != 'open'}", 1) + GOALS)
    assert drifts(made) == {"won 2026-04": ["definition"], "win_rate 2026-04": ["definition"]}
    won = next(each for each in rechecked(made).every if each.entry.draft.subject == "won")
    assert won.definition == (("metric won where", "stage = 'won'", "stage != 'open'"),)
    assert [figure and figure.value for figure in (won.then, won.again, won.now)] == [1, 2, 2]
    assert won.found
    assert "`metric won where` said stage = 'won' and now says stage != 'open'" in printed(made)


def test_labels_order_and_other_metrics_are_no_other_definition(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    text = STORY.replace("  closed: {", "  more: {count: deals}\n  closed: {label: 決着, ")
    made.write(
        "shinro.yaml", "# a remark\n" + text.replace("dimensions: [rep, owner, stage]", "dimensions: [rep]") + GOALS
    )
    assert drifts(made) == {}


def test_a_metric_that_is_no_longer_defined_drifted_in_its_definition(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    text = STORY.replace("  win_rate: {ratio: won / closed}\n", "").replace("tree: {won: closed * win_rate}\n", "")
    made.write("shinro.yaml", text[: text.index("kpis:")] + GOALS)
    assert drifts(made) == {"win_rate 2026-04": ["definition"]}
    (rate,) = rechecked(made, AS_OF, "win_rate").every
    assert (rate.found, rate.again, rate.now) == (True, None, None)


def test_the_same_definition_and_input_with_another_value_is_drift_of_code(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    found = offered(made)
    won, *rest = found.candidates
    assert won.figure
    other = replace(won, figure=Figure(won.figure.value and won.figure.value + 1, won.figure.unit, won.figure.mark))
    publish(open_project(tmp_path), replace(found, candidates=(other, *rest)), a_writer(), made.now)
    assert drifts(made) == {"won 2026-04": ["code"]}


@pytest.mark.parametrize("how", ["removed", "changed"])
def test_a_snapshot_that_is_gone_is_named(tmp_path: Path, how: str) -> None:
    made = a_project(tmp_path)
    published(made)
    (kept,) = [file for file in (tmp_path / ".shinro" / "snapshots").glob("*.csv") if b"d2" in file.read_bytes()]
    made.write("data/deals.csv", DEALS + "\n")
    kept.unlink() if how == "removed" else kept.write_text(EDITED, "utf-8")
    assert drifts(made) == {key: ["input gone"] for key in ALL}
    assert "put the snapshots back" in printed(made)


def test_a_definition_of_then_that_is_gone_is_told(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    for file in (tmp_path / ".shinro" / "snapshots").glob("*.project.json"):
        file.unlink()
    assert drifts(made) == {}
    made.write("shinro.yaml", STORY.replace("where: stage = 'won'}", "where: stage != 'open'}") + GOALS)
    assert drifts(made) == {key: ["definition"] for key in ALL}
    assert "the text of then has gone" in printed(made)


def test_a_snapshot_that_cannot_be_read_any_more_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = a_project(tmp_path)
    published(made)
    broken = problem("L126", Place("shinro.yaml", 7, 3), table="deals", says="no more")
    monkeypatch.setattr(regathering, "load_again", lambda *_, **__: (None, (broken,)))
    assert drifts(made) == {key: ["unreadable"] for key in ALL}
    assert rechecked(made).every[0].problems == (broken,)
    assert "L126" in printed(made)


def as_sqlite(folder: Path) -> str:
    with sqlite3.connect(folder / "crm.sqlite") as db:
        header, *rows = [line.split(",") for line in DEALS.splitlines()]
        db.execute(f"CREATE TABLE deals ({', '.join(header)})")
        db.executemany(f"INSERT INTO deals VALUES ({', '.join('?' * len(header))})", rows)
    return "{type: sqlite, path: crm.sqlite}"


def as_duckdb(folder: Path) -> str:
    with duckdb.connect(str(folder / "crm.duckdb")) as db:
        db.execute(f"CREATE TABLE deals AS SELECT * FROM read_csv('{folder}/data/deals.csv')")
    return "{type: duckdb, path: crm.duckdb}"


def as_parquet(folder: Path) -> str:
    duckdb.sql(f"COPY (FROM read_csv('{folder}/data/deals.csv')) TO '{folder}/deals.parquet' (FORMAT parquet)")
    return "{type: files, path: '*.parquet'}"


def as_dated_files(folder: Path) -> str:
    lines = DEALS.splitlines()
    for name, rows in (("2026-04-30", lines[:3]), ("2026-05-11", [lines[0], *lines[2:]])):
        (folder / f"deals_{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return "{type: files, path: '*.csv', files: union}"


def as_sheet_of_a_book(folder: Path) -> str:
    book(folder / "deals_and_more.xlsx", [line.split(",") for line in DEALS.splitlines()], "deals")
    return "{type: files, path: '*.xlsx'}"


@pytest.mark.parametrize("kind", [as_sqlite, as_duckdb, as_parquet, as_dated_files, as_sheet_of_a_book])
def test_whatever_it_was_read_from_it_is_found_again_when_that_has_gone(
    tmp_path: Path, kind: Callable[[Path], str]
) -> None:
    made = a_project(tmp_path)
    source = kind(tmp_path)
    made.write("shinro.yaml", STORY.replace("{type: files, path: data/*.csv}", source) + GOALS)
    published(made)
    for file in (*tmp_path.glob("crm.*"), *tmp_path.glob("deals*.*")):
        file.unlink()
    shutil.rmtree(tmp_path / ".shinro" / "cache")
    found = rechecked(made)
    assert [(each.entry.draft.subject, each.drifts, each.found) for each in found.every] == [
        ("win_rate", (), True),
        ("won", (), True),
        ("worth", (), True),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_drift_has_its_words(tmp_path: Path, lang: str) -> None:
    made = a_project(tmp_path)
    telling = Telling(words(lang), open_project(tmp_path).project)
    assert telling.say("recheck.nothing") in printed(made, lang)
    published(made)
    assert recheck_json(rechecked(made), telling) == {
        "as_of": "2026-05-11",
        "checked": 3,
        "found": 3,
        "restated": 0,
        "drifted": [],
    }
    for drift in Drift:
        for key in (f"drift.{drift.name.lower()}", f"recheck.next.{drift.name.lower()}"):
            assert telling.words.knows(key)
    assert len(entries(made)) == 6
