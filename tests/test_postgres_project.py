"""PostgreSQL as a source, end to end: the numbers of the files, read alone, and no password in any word."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from postgres import Postgres
from shinro.cli import main
from shinro.periods import Grain
from shinro.reports.last_read import read_texts
from shinro.reports.readings import Telling
from shinro.reports.words import words
from stories import AGENTS, DEALS, STORY, Story, story

SOURCE = 'crm: {type: postgres, url: "${DEMO_URL}"}'
IN_A_DATABASE = STORY.replace("crm: {type: files, path: data/*.csv}", SOURCE)
HOSTILE = {
    "TimeZone": "America/St_Johns", "DateStyle": "SQL, DMY", "IntervalStyle": "sql_standard", "search_path": "nowhere",
    "default_transaction_isolation": "serializable", "extra_float_digits": "-15", "bytea_output": "escape",
}  # fmt: skip
ASKED = (
    ("won", ()), ("win_rate", ("rep",)), ("worth", ("office",)), ("sellers", ()), ("open", ("stage",)),
    ("deals", ("owner",)),
)  # fmt: skip
PASSWORD = "p@ss:/?#w%rd"  # noqa: S105 - made up


@pytest.fixture
def database(postgres: Postgres) -> Postgres:
    made = postgres.database(HOSTILE)
    with psycopg.connect(made.url) as connection:
        connection.execute("SET search_path TO public")
        connection.execute(
            "CREATE TABLE deals (id text, rep text, owner text, opened timestamptz, closed date, stage varchar(20), "
            "amount numeric(12, 2))"
        )
        connection.execute("CREATE TABLE agents (name text, office text)")
        connection.execute("SET TimeZone TO 'Asia/Tokyo'; SET DateStyle TO 'ISO, YMD'")
        for table, text in (("deals", DEALS), ("agents", AGENTS)):
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)".encode()) as copy:
                copy.write(text)
    return made


def address(database: Postgres, user: str, password: str) -> str:
    return f"postgresql://{user}:{password}@{database.host}:{database.port}/{database.dbname}"


def connected(folder: Path, url: str) -> Story:
    return replace(story(folder, IN_A_DATABASE), environ={"DEMO_URL": url})


def test_the_same_numbers_as_from_the_files(tmp_path: Path, database: Postgres) -> None:
    files, tables = story(tmp_path / "files"), connected(tmp_path / "tables", database.url)
    for metric, by in ASKED:
        for grain in (Grain.DAY, Grain.MONTH):
            assert tables.values(metric, grain, by) == files.values(metric, grain, by), metric


def test_new_rows_are_seen_and_old_ones_are_not_measured_again(tmp_path: Path, database: Postgres) -> None:
    made = connected(tmp_path, database.url)
    assert made.sync().scans
    assert made.sync().scans == ()
    database.run("INSERT INTO public.deals VALUES ('d5', 'Ann', 'Bob', '2026-05-01', '2026-05-02', 'won', 1)")
    made.sync()
    assert made.values("won") == {"": [0, 1, 2]}


TWINS = """\
company: A
timezone: UTC
story: {starts: 2026-01-01}
sources: {crm: {type: postgres, url: "${DEMO_URL}"}}
tables:
  one: {from: crm.deals, key: id, time: opened, times: {closed: closed}}
  same: {from: crm.deals, key: id, time: closed, times: {opened: opened}}
  empty: {from: crm.empty, key: id, time: at}
  also: {from: crm.also, key: id, time: at}
metrics: {one: {count: one}, same: {count: same}, empty: {count: empty}, also: {count: also}}
"""


def shut_out(made: Story, database: Postgres) -> Story:
    return replace(made, environ={"DEMO_URL": replace(database, password="wrong").url})  # noqa: S106


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)], ids=["today", "tomorrow"])
def test_what_a_server_gave_holds_until_it_is_read_again(tmp_path: Path, database: Postgres, later: timedelta) -> None:
    """Tables of the same bytes too, on another day too, and where the server is down."""
    database.run(*(f"CREATE TABLE public.{name} (id text, at date)" for name in ("empty", "also")))
    made = replace(story(tmp_path, TWINS), environ={"DEMO_URL": database.url})
    made.sync()
    database.run(
        "INSERT INTO public.deals VALUES ('d5', 'Ann', 'Bob', '2026-05-01', '2026-05-02', 'won', 1)",
        *(f"INSERT INTO public.{name} VALUES ('a', '2026-05-01')" for name in ("empty", "also")),
    )
    after = replace(made, now=made.now + later)
    for asked in (after, shut_out(after, database), after):
        with asked.gathered() as found:
            rows = {name: load.rows for name, load in found.loads.items()}
            assert rows == {"one": 4, "same": 4, "empty": 0, "also": 0}
            assert all(load.read_at for load in found.loads.values())
            assert [load.files for load in found.loads.values()] == [
                ("public.deals",), ("public.deals",), ("public.empty",), ("public.also",),
            ]  # fmt: skip
    after.sync()
    with after.gathered() as found:
        assert [load.rows for load in found.loads.values()] == [5, 5, 1, 1]


def test_a_column_that_a_server_lacks_is_told_on_another_day_too(tmp_path: Path, database: Postgres) -> None:
    text = TWINS.replace("key: id, time: opened,", "key: id, time: opened, dimensions: [lane],")
    database.run(*(f"CREATE TABLE public.{name} (id text, at date)" for name in ("empty", "also")))
    made = replace(story(tmp_path, text), environ={"DEMO_URL": database.url})
    made.sync()
    tomorrow = replace(made, now=made.now + timedelta(days=1))
    with shut_out(tomorrow, database).gathered() as found:
        assert found.loads["one"].rows == 4
        assert [each.code for each in found.found["one"]] == ["L111"]


def test_a_role_that_may_only_read_is_enough_and_nothing_is_written(tmp_path: Path, database: Postgres) -> None:
    database.run(
        "DROP ROLE IF EXISTS reader",
        f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    made = connected(tmp_path, address(database, "reader", quote(PASSWORD, safe="")))
    assert made.values("won") == {"": [0, 1, 1]}
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert kept == []
    database.run("DROP OWNED BY reader", "DROP ROLE reader")


def told(folder: Path, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit):
        main((*args, "-p", str(folder)))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    ("code", "change", "story_change"),
    [
        ("L125", ("password", "p:ss?w#rd"), ("", "")),
        ("L124", ("password", PASSWORD), ("", "")),
        ("L125", ("port", 1), ("", "")),
        ("L125", ("host", "no-such-host.invalid"), ("", "")),
        ("L125", ("dbname", "nothing"), ("", "")),
        ("L128", ("user", "shinro"), ("from: crm.deals", "from: crm.dealz")),
        ("L109", ("user", "shinro"), ("count_distinct: deals.rep", "count_distinct: deals.repp")),
    ],
)
def test_no_password_is_in_any_word(
    tmp_path: Path, database: Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    lang: str, code: str, change: tuple[str, object], story_change: tuple[str, str],
) -> None:  # fmt: skip
    name, value = change
    server = replace(database, **{name: value})  # type: ignore[arg-type]  # a field of it
    connected(tmp_path, server.url).write("shinro.yaml", IN_A_DATABASE.replace(*story_change))
    monkeypatch.setenv("DEMO_URL", server.url + "?connect_timeout=2")
    for args in (("sync",), ("sync", "--json"), ("status",), ("values", "won"), ("check", "--data", "--json")):
        said = told(tmp_path, capsys, *args, "--lang", lang)
        for secret in (server.password, database.password, quote(server.password), "p@ss", "w%rd", "w%25rd"):
            assert secret not in said
    codes = [each["code"] for each in json.loads(told(tmp_path, capsys, "sync", "--json", "--lang", lang))["problems"]]
    assert code in codes


@pytest.mark.parametrize("password", ["p@xyzzy/w", "p/xyzzy", "a@xyzzy@c", "p xyzzy", "100%xyzzy"])
def test_a_password_with_bare_signs_is_not_shown_in_pieces(
    tmp_path: Path,
    database: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: str,
) -> None:
    connected(tmp_path, "")
    monkeypatch.setenv("DEMO_URL", address(database, "ann", password))
    said = told(tmp_path, capsys, "sync", "--lang", "en")
    assert "L124" in said
    assert "percent-encoded" in said
    assert "xyzzy" not in said


def test_without_the_variable_the_place_of_its_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    story(tmp_path, IN_A_DATABASE)
    monkeypatch.delenv("DEMO_URL", raising=False)
    said = told(tmp_path, capsys, "sync", "--json", "--lang", "en")
    assert "DEMO_URL" in said
    assert "S132" in said


GROWING = """\
company: 青空
currency: JPY
timezone: Asia/Tokyo
languages: [ja, en]
story: {starts: 2026-01-01}
sources: {crm: {type: postgres, url: "${DEMO_URL}"}}
tables: {leads: {from: crm.leads, key: lead_id, time: created_at}}
metrics: {leads: {count: leads, label: {ja: リード, en: Leads}}}
north_star: {metric: leads, meaning: {ja: 数, en: n}}
kpis: {leads: {owner: 田中, cadence: monthly, focus: true, decides: 予算}}
checks: {N104: {severity: warning, because: later}}
"""
LEAD = "INSERT INTO public.leads VALUES ('{}', '2026-{}-10')"


@pytest.fixture
def growing(tmp_path: Path, database: Postgres, monkeypatch: pytest.MonkeyPatch) -> Path:
    database.run("CREATE TABLE public.leads (lead_id text, created_at date)")
    database.run(LEAD.format("a", "03"), LEAD.format("b", "04"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "shinro.yaml").write_text(GROWING, "utf-8")
    monkeypatch.setenv("DEMO_URL", database.url)
    monkeypatch.setenv("SHINRO_CONFIG", str(tmp_path / "config"))
    return folder


AT = r"\d{4}年\d+月\d+日 \d\d:\d\d|[A-Z][a-z]{2} \d+, \d{4} \d\d:\d\d"
WHEN = {
    "en": rf"The data of crm are as they were read on ({AT}): `shinro sync` reads them again\.",
    "ja": rf"crm のデータは({AT})に読み込んだものです。`shinro sync` で読み込み直します。",
}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_server_that_was_not_read_again_is_told_with_the_time_and_what_was_just_read_is_not(
    growing: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    asked = (
        ("values", "leads"), ("values", "leads", "--csv"), ("status",), ("explain",), ("explain", "--effects"),
        ("plan",), ("plan", "--forecast", "leads"), ("review",),
        ("check", "--data"), ("check", "--inventory", "--data"), ("check", "--north-star"),
    )  # fmt: skip
    when = WHEN[lang].replace(" ", "")  # Japanese is broken into lines anywhere

    def times(*args: str) -> int:
        return len(re.findall(when, said(growing, capsys, *args, "--lang", lang).replace(" ", "")))

    assert not times("values", "leads")  # it has just been read
    assert {args: times(*args) for args in asked} == dict.fromkeys(asked, 1)
    assert not times("sync")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_tables_of_a_server_that_were_read_at_several_times_are_told_apart(
    tmp_path: Path, database: Postgres, lang: str
) -> None:
    made = replace(story(tmp_path, TWINS), environ={"DEMO_URL": database.url})
    with made.gathered() as found:
        telling = Telling(words(lang), found.opened.project)
        one = replace(found.loads["one"], read_at=datetime(2026, 5, 14, 3, 0, 1, tzinfo=UTC))
    same = replace(one, table="same", read_at=datetime(2026, 5, 14, 3, 0, 59, tzinfo=UTC))
    later = replace(one, table="later", read_at=datetime(2026, 5, 15, 3, tzinfo=UTC))
    (together,) = read_texts((same, one), telling)
    (apart,) = read_texts((later, same, one), telling)
    assert {"en": "as they were read on May 14, 2026 03:00", "ja": "2026年5月14日 03:00に読み込んだもの"}[
        lang
    ] in together
    assert {
        "en": "not all read at one time, the oldest (one) on May 14, 2026 03:00, the newest on May 15, 2026 03:00:",
        "ja": "最も古い one は2026年5月14日 03:00、最も新しいテーブルは2026年5月15日 03:00に",
    }[lang] in apart


def test_json_says_when_a_server_was_read(growing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "read" not in json.loads(told(growing, capsys, "values", "leads", "--json"))
    before = datetime.now(UTC)
    for args in (
        ("values", "leads"),
        ("explain",),
        ("plan",),
        ("review", "--draft"),
        ("check", "--data"),
        ("check", "--north-star"),
    ):
        at = datetime.fromisoformat(json.loads(told(growing, capsys, *args, "--json"))["read"]["crm"])
        assert before - timedelta(minutes=5) < at <= before, args
    (table,) = json.loads(told(growing, capsys, "status", "--json"))["data"]
    assert datetime.fromisoformat(table["read_at"]) <= before


def test_the_story_page_says_when_a_server_was_read(growing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sheet,) = json.loads(told(growing, capsys, "tell", "story", "--json", "--lang", "en"))["sheets"]
    assert not re.search(AT, sheet["until"])
    (sheet,) = json.loads(told(growing, capsys, "tell", "story", "--json", "--lang", "en"))["sheets"]
    assert re.fullmatch(rf"Apr 10, 2026 \(read ({AT})\)", sheet["until"])


def test_what_is_published_was_read_just_now(
    growing: Path, database: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    told(growing, capsys, "sync")
    database.run(LEAD.format("c", "03"))
    assert march(told(growing, capsys, "values", "leads", "--json")) == 1
    assert "Mar 2026" in told(growing, capsys, "record", "publish", "-y", "--lang", "en")
    assert march(told(growing, capsys, "values", "leads", "--json")) == 2
    found = json.loads(told(growing, capsys, "record", "check", "--json"))
    assert found["read"]["crm"]
    assert not found["drifted"]
    database.run(LEAD.format("d", "03"))
    restated = ("record", "restate", "leads", "--period", "2026-03", "--because", "late", "-y", "--json")
    (pair,) = json.loads(told(growing, capsys, *restated))["restated"]
    assert march(told(growing, capsys, "values", "leads", "--json")) == 3, pair


def test_what_cannot_be_read_again_is_neither_published_nor_restated(
    growing: Path, database: Postgres, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(growing, capsys, "record", "publish", "-y")
    log = told(growing, capsys, "record", "log", "--json")
    monkeypatch.setenv("DEMO_URL", replace(database, password="wrong").url)  # noqa: S106
    assert march(told(growing, capsys, "values", "leads", "--json")) == 1
    why = ("--because", "late", "-y", "--lang", "en")
    for args in (
        ("publish", "-y", "--lang", "en"),
        ("restate", "leads", "--period", "2026-03", *why),
        ("restate", "--all-drifted", *why),
    ):
        assert told(growing, capsys, "record", *args).count("L125") == 1, args
    assert told(growing, capsys, "record", "log", "--json") == log


def said(folder: Path, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What a command says, its lines joined as they are read."""
    text = told(folder, capsys, *args)
    return re.sub(r"\s+", " ", text)


def march(text: str) -> object:
    (series,) = json.loads(text)["series"]
    return next(float(each["value"]) for each in series["points"] if each["first_day"] == "2026-03-01")
