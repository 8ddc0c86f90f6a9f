"""Whose log it is, and what a machine remembers: a guard against mishaps that stands in nobody's way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recording import NOW, a_report, a_writer, stopped
from shinro.problems import CannotGoOn
from shinro.record.book import read, write
from shinro.record.keys import Writer
from shinro.record.memory import FOLDER, company_digest, earlier


def a_firm(config: Path, company: str, project: Path | None = None) -> Writer:
    return replace(a_writer(), company=company, config=config, project=project)


@pytest.mark.parametrize(("before", "after"), [("青空 クラウド", "青空　クラウド "), ("ACME", "ＡＣＭＥ"), ("", "A")])
def test_a_name_in_another_width_or_spacing_is_the_same_and_a_log_without_a_name_is_anyones(
    before: str, after: str, tmp_path: Path
) -> None:
    write(tmp_path / "record", [a_report("a", 1)], a_firm(tmp_path / "config", before), NOW)
    write(tmp_path / "record", [a_report("b", 1)], a_firm(tmp_path / "config", after), NOW)
    assert len(read(tmp_path / "record")) == 3


def test_the_same_name_has_another_digest_in_another_log() -> None:
    assert company_digest("a", "青空") != company_digest("b", "青空") != ""
    assert company_digest("a", " ") == ""


def test_what_is_remembered_and_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    config, store = tmp_path / "config", tmp_path / "record"
    (config / FOLDER).mkdir(parents=True)
    for name, content in (("a", "{"), ("b", "[]"), ("c", '{"origin": 1}')):
        (config / FOLDER / f"{name}.json").write_text(content)
    write(store, [a_report("a", 1)], a_firm(config, "A"), NOW)
    (tmp_path / "file").write_text("x")
    write(store, [a_report("b", 1)], a_firm(tmp_path / "file", "A"), NOW)
    assert len(read(store)) == 3


def test_a_project_is_remembered_wherever_its_record_lay(tmp_path: Path) -> None:
    writer = a_firm(tmp_path / "config", "A", tmp_path)
    write(tmp_path / "record", [a_report("a", 1)], writer, NOW)
    with pytest.raises(CannotGoOn) as stop:
        write(tmp_path / "other", [a_report("a", 1)], writer, NOW)
    assert stopped(stop) == "B824"
    assert earlier(replace(writer, config=None), tmp_path / "record") is None
    write(tmp_path / "other", [a_report("a", 1)], replace(writer, anew=True), NOW)
    assert read(tmp_path / "other")[0].draft.data["after"] == read(tmp_path / "record")[0].draft.subject


def test_a_copy_that_is_written_on_leaves_the_first_one_remembered(tmp_path: Path) -> None:
    config = tmp_path / "config"
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
    write(tmp_path / "one" / "record", [a_report("a", 1)], a_firm(config, "A", tmp_path / "one"), NOW)
    book = (tmp_path / "one" / "record" / "book.sqlite").read_bytes()
    (tmp_path / "two" / "record").mkdir()
    (tmp_path / "two" / "record" / "book.sqlite").write_bytes(book)
    write(tmp_path / "two" / "record", [a_report("b", 1)], a_firm(config, "A", tmp_path / "two"), NOW)
    (tmp_path / "one" / "record" / "book.sqlite").unlink()
    with pytest.raises(CannotGoOn) as stop:
        write(tmp_path / "one" / "record", [a_report("a", 2)], a_firm(config, "A", tmp_path / "one"), NOW)
    assert stopped(stop) == "B824"
    write(tmp_path / "three" / "record", [a_report("a", 2)], a_firm(config, "A", tmp_path / "three"), NOW)
