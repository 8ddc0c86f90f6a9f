"""`shinro tell traction` from a folder and its record to a file in each form."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from made_up import project_of
from recounting import milestone, reports
from shinro.cli import main
from shinro.cli import traction as command
from shinro.definitions.project import Project
from shinro.entries import Draft, Entry, Kind
from shinro.record.book import head, read, write
from shinro.record.keys import writer
from shinro.record.shelf import FILE
from shinro.run import traction as telling
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.publishing import book_of
from shinro.run.written import is_ours, write_file

NOW = datetime(2026, 8, 10, 12, tzinfo=UTC)
FORMS = {"html": b"<!doctype html>", "pdf": b"%PDF-", "pptx": b"PK", "xlsx": b"PK", "md": b"# "}
PROJECT = """
company: 青空クラウド
timezone: UTC
languages: [ja, en]
story: {starts: 2026-01-01}
north_star: {metric: companies, because: 使い続ける会社だけが払う, outcomes: [leads], guardrail: leads}
influences: [{from: companies, to: leads, lag: 1 month}]
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: id, time: at, dimensions: [customer]}
  customers: {from: crm.customers, starts: since, ends: until}
metrics:
  leads: {label: {ja: リード数, en: Leads}, count: leads}
  companies: {label: {ja: 有料契約社数, en: Paying companies}, stock: customers, better: higher}
milestones: [{id: m6, by: 2026-07-01, reach: [companies >= 10]}]
traction:
  - audience: investors
    headline: companies
    supports: [leads]
    period: 6 months
    cadence: month
    words: {ja: 現場に通い続けました。, en: We kept going to the customers.}
    asks: [{ja: 紹介をお願いします, en: Introductions}]
    claims: [{says: 会社は絶好調, kpi: companies, starts: 2030-01-01}]
    customers: {metric: leads, by: customer}
"""
DATA = "id,at,customer\n" + "".join(f"{n},2026-0{1 + n % 7}-1{n % 9},{'ABC'[n % 3]}社\n" for n in range(42))


CUSTOMERS = "2026-01-05,\n" * 10


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SHINRO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHINRO_CONFIG", str(tmp_path / "keys"))
    monkeypatch.setattr(command, "moment", lambda day, _: Moment(NOW, date.fromisoformat(day) if day else None))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with nothing recorded yet."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    (home / "data" / "leads.csv").write_text(DATA, encoding="utf-8")
    (home / "data" / "customers.csv").write_text(f"since,until\n{CUSTOMERS}2026-08-09,\n", encoding="utf-8")
    monkeypatch.chdir(home)
    return home


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year on record: a milestone before it was reached, two metrics month by month; and the key beside it."""
    home = tmp_path_factory.mktemp("book")
    (home / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    found = [milestone("m6", "2026-07-01", ["companies >= 10"], date(2025, 12, 20), 0)]
    found += reports("companies", [3, 4, 6, 7, 9, 10, 12], 1)
    found += reports("leads", [6, 7, 6, 7, 6, 7, 6], 20)
    record(home, found)
    return home


@pytest.fixture
def recorded(folder: Path, book: Path) -> Path:
    """The project with that record."""
    shutil.copytree(book / ".shinro", folder / ".shinro")
    shutil.copytree(book.parent / "keys", folder.parent / "keys", dirs_exist_ok=True)
    return folder


def record(folder: Path, entries: list[Entry]) -> None:
    """Writes entries on the days that they carry."""
    store = book_of(open_project(folder))
    by = writer(folder.parent / "keys", "田中", "青空クラウド")
    for each in entries:
        write(store, [each.draft], by, each.written_at)


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["tell", "traction", *args])
    return int(done.value.code or 0)


def test_without_a_record_the_next_move_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--lang", "en") == 1
    said = capsys.readouterr().err
    assert "B820" in said
    assert "record publish" in said
    assert not (folder / "traction.html").exists()


@pytest.mark.parametrize(
    ("text", "args", "case"),
    [
        ("", (), "none"),
        ("traction: [{audience: investors, headline: leads}]", ("-a", "investor"), "near"),
        ("traction: [{audience: investors, headline: leads}]", ("-a", "board"), "far"),
    ],
)
def test_an_audience_that_there_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, args: tuple[str, ...], case: str
) -> None:
    project = PROJECT[: PROJECT.index("traction:")] + text + "\n"
    (folder / "shinro.yaml").write_text(project, encoding="utf-8")
    assert run("--lang", "en", *args) == 1
    said = capsys.readouterr().err
    assert "Q170" in said
    assert {"none": "nowhere", "near": "Ask for investors, if", "far": "Ask for one of: investors"}[case] in said


def test_a_record_without_periods_of_the_cadence_has_nothing_to_tell(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(folder, [milestone("m6", "2026-07-01", ["companies >= 10"], date(2025, 12, 20), 0)])
    assert run("--lang", "en") == 1
    said = capsys.readouterr().err
    assert "Q170" in said
    assert "record publish" in said


@pytest.mark.usefixtures("recorded")
def test_a_day_before_anything_was_written_leads_into_no_circle(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--as-of", "2025-12-25", "--lang", "en") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "On 2025-12-25 the record held no final period" in said
    assert "the first was written on 2026-02-05" in said
    assert "--as-of 2026-02-05 or later" in said
    assert "record publish" not in said
    assert run("--as-of", "2026-02-04", "--lang", "ja") == 1
    assert "2026-02-05" in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_is_written_in_every_form_and_the_record_stays_as_it_is(recorded: Path, form: str) -> None:
    before = (book_of(open_project(recorded)) / FILE).read_bytes()
    assert run("-o", f"traction.{form}") == 0
    assert (recorded / f"traction.{form}").read_bytes().startswith(FORMS[form])
    assert (book_of(open_project(recorded)) / FILE).read_bytes() == before


def test_what_is_told(recorded: Path) -> None:
    assert run("-o", "traction.md", "--lang", "ja") == 0
    text = (recorded / "traction.md").read_text(encoding="utf-8")
    checkpoint = head(book_of(open_project(recorded)))
    assert checkpoint
    assert "6か月で有料契約社数が3から12に（4.0倍）** (約束どおり達成)" in text
    assert "計画外" not in text  # leads did not rise
    assert "宣言 2025年12月20日" in text
    assert checkpoint.short in text.splitlines()[-1]
    assert "下書き" in text.splitlines()[-1]
    assert "現場に通い続けました。" in text
    assert "紹介をお願いします" in text
    assert "「会社は絶好調」" in text
    assert "上位3社でリード数の100.0%" in text
    assert "A社" not in text


def test_names_are_shown_where_the_company_says_so(recorded: Path) -> None:
    project = PROJECT.replace("by: customer}", "by: customer, names: shown}")
    (recorded / "shinro.yaml").write_text(project, encoding="utf-8")
    assert run("-o", "traction.md", "--lang", "en") == 0
    assert "A社" in (recorded / "traction.md").read_text(encoding="utf-8")


def test_publishing_writes_the_file_and_the_entry_that_says_so(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = book_of(open_project(recorded))
    before = len(read(store))
    assert run("-o", "traction.md", "--publish", "--by", "田中", "--lang", "en") == 0
    told = read(store)[-1].draft
    assert len(read(store)) == before + 1
    assert (told.kind.value, told.subject) == ("told", "investors")
    assert told.data["metrics"] == ["companies", "leads"]
    text = (recorded / "traction.md").read_text(encoding="utf-8")
    assert "DRAFT" not in text
    assert "the first telling" in text
    assert f"entry #{before}" in capsys.readouterr().out


def test_nothing_is_told_from_a_record_that_was_altered(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = book_of(open_project(recorded)) / FILE
    text = file.read_bytes()
    assert text.count(b'"value":"12"') == 1
    file.write_bytes(text.replace(b'"value":"12"', b'"value":"92"'))
    assert run("-o", "traction.md", "--lang", "en") == 1
    assert "B8" in capsys.readouterr().err
    assert not (recorded / "traction.md").exists()


def test_a_fault_of_the_whole_stops_what_is_told_and_never_a_look(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PROJECT.replace("headline: companies", "headline: total").replace(
        "milestones:", "  total: {label: {ja: 累計リード数, en: Total leads}, cumulative: leads}\nmilestones:"
    )
    (recorded / "shinro.yaml").write_text(text, encoding="utf-8")
    assert run("-o", "traction.md", "--lang", "en") == 0
    assert "(R603)" in (recorded / "traction.md").read_text(encoding="utf-8")
    assert run("-o", "traction.md", "--lang", "en", "--publish") == 1
    assert "R603" in capsys.readouterr().err
    silenced = text + "checks: {R603: {severity: off, because: 投資家の求め}}\n"
    (recorded / "shinro.yaml").write_text(silenced, encoding="utf-8")
    assert run("-o", "traction.md", "--lang", "en", "--publish") == 0
    assert "(R603)" in (recorded / "traction.md").read_text(encoding="utf-8")


def test_an_error_of_the_check_stops_what_is_told_unless_the_project_sets_it_milder(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PROJECT.replace("reach: [companies >= 10]", "reach: [companies <= 10]")
    (recorded / "shinro.yaml").write_text(text, encoding="utf-8")
    before = len(read(book_of(open_project(recorded))))
    assert run("-o", "traction.md", "--lang", "ja", "--publish") == 1
    assert "M403" in capsys.readouterr().err
    assert not (recorded / "traction.md").exists()
    assert len(read(book_of(open_project(recorded)))) == before
    assert run("-o", "traction.md", "--lang", "en") == 0  # a draft is never stopped
    milder = text + "checks: {M403: {severity: warning, because: 縮小の計画}}\n"
    (recorded / "shinro.yaml").write_text(milder, encoding="utf-8")
    assert run("-o", "traction.md", "--lang", "en", "--publish") == 0


def test_late_data_are_told_and_the_report_says_how_late(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 12, 10, 12, tzinfo=UTC)
    monkeypatch.setattr(command, "moment", lambda *_: Moment(late))
    assert run("-o", "traction.md", "--lang", "en", "--publish") == 0
    assert "(this report is of Dec 10, 2026)" in (recorded / "traction.md").read_text(encoding="utf-8")


def test_cohorts_stand_in_the_report_whole(recorded: Path) -> None:
    tables = """tables:
  visits: {from: crm.visits, key: id, time: at, entity: who}
  plans: {from: crm.plans, entity: who, starts: since, ends: until, amount: amount}
"""
    metrics = """metrics:
  week_1: {label: {ja: 翌週継続率, en: Back after a week}, retention: visits, after: 1 week}
  revenue: {label: {ja: 契約, en: Contracts}, recurring: plans}
"""
    text = PROJECT.replace("tables:\n", tables).replace("metrics:\n", metrics)
    text = text.replace("    customers:", "    cohorts: [week_1, revenue]\n    customers:") + "currency: JPY\n"
    (recorded / "shinro.yaml").write_text(text, encoding="utf-8")
    visits = [f"{n},2026-0{1 + n % 6}-1{n % 9},u{n % 7}" for n in range(40)]
    (recorded / "data" / "visits.csv").write_text("\n".join(["id,at,who", *visits]), encoding="utf-8")
    plans = [f"c{n},2026-0{1 + n % 6}-01,,{1000 * n}" for n in range(1, 7)]
    (recorded / "data" / "plans.csv").write_text("\n".join(["who,since,until,amount", *plans]), encoding="utf-8")
    assert run("-o", "traction.md", "--lang", "en") == 0
    told = (recorded / "traction.md").read_text(encoding="utf-8")
    assert "**Back after a week, by period since the start**" in told
    assert "**Contracts MRR, by period since the start**" in told
    assert "| Feb 2026 | ¥1,000 | 100.0% |" in told


def test_what_is_told_is_told_of_today(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = len(read(book_of(open_project(recorded))))
    assert run("-o", "traction.md", "--publish", "--as-of", "2026-06-10") == 2
    assert "--as-of" in capsys.readouterr().err
    assert len(read(book_of(open_project(recorded)))) == before
    assert run("-o", "traction.md", "--as-of", "2026-06-10", "--lang", "en") == 0
    assert "from 3 to 9 in 4 months" in (recorded / "traction.md").read_text(encoding="utf-8")


def test_the_next_report_tells_what_was_dropped(recorded: Path) -> None:
    draft = Draft(kind=Kind.TOLD, subject="investors", data={"metrics": ["companies", "leads", "nps"]})
    by = writer(recorded.parent / "keys", "田中", "青空クラウド")
    write(book_of(open_project(recorded)), [draft], by, datetime(2026, 8, 8, tzinfo=UTC))
    assert run("-o", "traction.md", "--lang", "en") == 0
    text = (recorded / "traction.md").read_text(encoding="utf-8")
    assert "Told last time (Aug 8, 2026" in text
    assert "nps: nothing in the record" in text


def test_a_file_of_somebody_else_and_one_that_was_changed_since_are_left_alone(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (recorded / "traction.md").write_text("mine", encoding="utf-8")
    assert run("-o", "traction.md") == 2
    assert "--force" in capsys.readouterr().err
    assert (recorded / "traction.md").read_text(encoding="utf-8") == "mine"
    assert run("-o", "traction.md", "--force") == 0
    assert run("-o", "traction.md") == 0
    with (recorded / "traction.md").open("a", encoding="utf-8") as file:
        file.write("a note of mine")
    assert run("-o", "traction.md") == 2


@pytest.mark.parametrize("place", ["nowhere/t.md", "data.md"])
def test_a_place_that_cannot_be_written_leaves_the_record_as_it_is(
    recorded: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (recorded / "data.md").mkdir()
    before = len(read(book_of(open_project(recorded))))
    assert run("-o", place, "--publish", "--force") == 1
    assert f"{place} S142" in capsys.readouterr().err
    assert len(read(book_of(open_project(recorded)))) == before


def test_an_ending_that_names_no_form_is_refused(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-o", "traction.docx") == 2
    assert ".pptx" in capsys.readouterr().err
    assert not (recorded / "traction.docx").exists()


@pytest.mark.usefixtures("recorded")
def test_customers_that_no_dimension_tells_apart_are_refused_at_their_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key of a row is no dimension: `check` says so (T201), and the telling names the line of the file."""
    (folder / "shinro.yaml").write_text(PROJECT.replace("by: customer}", "by: id}"), encoding="utf-8")
    assert run("--lang", "en") == 1
    line = PROJECT.split("\n").index("    customers: {metric: leads, by: customer}") + 1
    assert f"shinro.yaml:{line}:36 Q133" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["check", "--lang", "en"])
    assert f"shinro.yaml:{line}:36 T201" in capsys.readouterr().out


STATUS_TELLS = {
    "en": "Paying companies ≥ 10: met in the record at the last period end before, Jun 30, 2026 (10), and not on Jul 1",
    "ja": "有料契約社数≥10：記録では直前の期末（2026年6月30日）に10で満たしていましたが、2026年7月1日当日は満たして",
}


@pytest.mark.usefixtures("recorded")
def test_a_stock_that_its_very_day_shows_unmet_is_missed_as_the_status_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten to the last of June, and nine on the first of July, which is the day: the record's month end is not it."""
    rows = CUSTOMERS.replace("2026-01-05,", "2026-01-05,2026-07-01", 1)
    (folder / "data" / "customers.csv").write_text(f"since,until\n{rows}2026-08-09,\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["status", "--json", "--as-of", "2026-08-10"])
    (asked,) = json.loads(capsys.readouterr().out)["milestones"]
    assert asked["state"] == "missed"
    assert asked["conditions"][0]["recorded"] == {"last_day": "2026-06-30", "value": "10"}
    for lang, told_so in STATUS_TELLS.items():
        with pytest.raises(SystemExit):
            main(["status", "--as-of", "2026-08-10", "--lang", lang])
        assert told_so in re.sub(r"\s+", "" if lang == "ja" else " ", capsys.readouterr().out)
    assert run("--json", "--lang", "en") == 0
    told = json.loads(capsys.readouterr().out)
    (found,) = told["milestones"]
    assert found["kept"] == told["claims"][0]["pledge"]["kept"] == "late"
    assert found["conditions"][0]["on_its_day_by_the_data"] == "9"
    said = next(each["says"] for each in told["lowlights"] if each["key"] == "low.late")
    assert "missed on its day, reached later; on its very day, Jul 1, 2026, the data read 9" in said


def test_the_same_in_json(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--lang", "en") == 0
    told = json.loads(capsys.readouterr().out)
    assert [claim["says"] for claim in told["claims"]] == ["Paying companies grew from 3 to 12 in 6 months (4.0x)"]
    assert told["claims"][0]["pledge"]["kept"] == "on time"
    assert told["claims"][0]["first"]["seq"] == 2  # the key's entry is the first
    assert told["milestones"][0]["kept"] == "on time"
    assert told["concentration"]["shares"][0]["name"] is None
    assert not (recorded / "traction.html").exists()


def test_a_write_that_is_stopped_leaves_the_old_file(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    file, store = tmp_path / "t.md", tmp_path / "store"
    write_file(file, b"old", store)
    with pytest.raises(KeyboardInterrupt):
        write_file(file, b"new", store, stop)
    assert file.read_bytes() == b"old"
    assert is_ours(file, store)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store", "t.md"]


def published_with(then: Project, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers on record, as if they had been published by another project file."""
    found = [
        replace(each, draft=replace(each.draft, data={"project": "x"})) if each.draft.figure else each
        for each in read(book_of(open_project(recorded)))
    ]
    monkeypatch.setattr(telling, "project_of_then", lambda _opened, digest: then if digest else None)
    monkeypatch.setattr(telling, "read", lambda _store: tuple(found))


def test_another_name_or_direction_than_when_it_was_published_is_said(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = project_of(
        PROJECT.replace("en: Paying companies}", "en: Trials}").replace("better: higher", "better: lower")
    )
    published_with(then, recorded, monkeypatch)
    assert run("--lang", "en", "-o", "traction.md") == 0
    text = (recorded / "traction.md").read_text(encoding="utf-8")
    assert "Paying companies was called “Trials” when its numbers were published." in text
    assert "Paying companies: the project calls the opposite direction good by now" in text


def test_a_metric_that_has_gone_is_told_by_what_it_was_when_it_was_published(
    recorded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rate stays one, in points; nothing is claimed of it, and its condition stands as it was written."""
    (recorded / "shinro.yaml").write_text(PROJECT.replace("companies", "firms"), encoding="utf-8")
    rate = PROJECT.replace("stock: customers", "ratio: leads / leads, unit: '%'")
    published_with(project_of(rate), recorded, monkeypatch)
    assert run("--lang", "en", "-o", "traction.md") == 0
    text = (recorded / "traction.md").read_text(encoding="utf-8")
    assert "| companies | 300.0% | 1,200.0% | +900.0pt |" in text
    assert "| companies (companies) | % |" in text
    assert "| · companies >= 10 |" in text
    capsys.readouterr()
    assert run("--json", "--lang", "en") == 0
    assert json.loads(capsys.readouterr().out)["claims"] == []
