"""Texts are kept: a later look compiles nothing, no text is stale, and no damage or race changes one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from measuring import project_of
from shinro.definitions.grammar import where
from shinro.periods import Calendar, Grain, Period
from shinro.queries import compile as compiling
from shinro.queries.identity import COMPILER, ROOT, compiler, identity
from shinro.queries.rollup import Rollup
from shinro.queries.scans import Dimension, Measure, Scan, Want, scans
from shinro.queries.schema import Schema, over
from shinro.warehouse import texts
from shinro.warehouse.engine import quoted
from shinro.warehouse.kept import write_note
from shinro.warehouse.texts import Texts
from stories import DEALS, Story, story

PROJECT = project_of("""
timezone: Asia/Tokyo
sources: {crm: {type: files, path: "*.csv"}}
tables:
  agents: {from: crm.agents, key: name, dimensions: [office]}
  deals:
    from: crm.deals
    time: opened
    starts: opened
    ends: closed
    entity: who
    amount: size
    dimensions: [stage]
    joins: {agents: agent}
metrics:
  won: {count: deals, where: stage = 'won'}
  eastern: {count: deals, where: agents.office = 'East'}
  open: {stock: deals}
  late: {count: deals, where: opened < 9411-03-17}
  here: {active: deals}
  paid: {recurring: deals}
  path: {funnel: deals, within: 7 days, steps: {asked: stage = 'asked', won: stage = 'won'}}
""")
SCHEMA = Schema(
    {
        "deals": {
            "opened": "moment", "closed": "moment", "who": "text", "stage": "text", "agent": "text", "size": "number",
        },
        "agents": {"name": "text", "office": "text"},
        "others": {"name": "text"},
    },
    {"deals": {"agents": ("agent", "name")}, "agents": {}, "others": {}},
    Calendar("Asia/Tokyo"),
    ((None, 32_400),),
)  # fmt: skip
TODAY = date(2026, 11, 26)


def scan_of(metric: str, last: date | None = TODAY, by: tuple[str, ...] = ()) -> Scan:
    (found,) = scans(PROJECT, [Want(metric, Grain.MONTH, by)], dict.fromkeys(("deals", "agents"), last), last)
    return found


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the compiler was asked for."""
    asked: list[object] = []
    plain = compiling.sql

    def sql(scan: Scan, tables: Schema, dialect: str) -> str:
        asked.append(scan)
        return plain(scan, tables, dialect)

    monkeypatch.setattr(compiling, "sql", sql)
    return asked


def test_a_text_is_compiled_once(tmp_path: Path, compiled: list[object]) -> None:
    first = Texts(tmp_path).scan(scan_of("won"), SCHEMA)
    assert Texts(tmp_path).scan(scan_of("won"), SCHEMA) == first
    assert len(compiled) == 1


@pytest.mark.parametrize("metric", ["won", "eastern", "open", "path"])
def test_a_text_serves_every_day_and_is_the_one_that_is_compiled_for_it(
    tmp_path: Path, compiled: list[object], metric: str
) -> None:
    for last in (TODAY, date(2024, 2, 29), date(1999, 12, 31), date(2026, 3, 8)):
        assert Texts(tmp_path).scan(scan_of(metric, last), SCHEMA) == Texts().scan(scan_of(metric, last), SCHEMA)
        assert Texts().scan(scan_of(metric, last), SCHEMA) == compiling.sql(scan_of(metric, last), SCHEMA, "duckdb")
    assert len(compiled) == 1 + 4 * 3


@pytest.mark.parametrize("metric", ["won", "path", "here", "paid"])
def test_a_text_serves_every_span_of_so_many_days(tmp_path: Path, compiled: list[object], metric: str) -> None:
    for start, days in ((date(2024, 2, 1), 29), (date(2026, 2, 2), 29), (date(2026, 1, 1), 31)):
        span = Period(start, start + timedelta(days=days))
        (scan,) = scans(
            PROJECT, [Want(metric, Grain.MONTH, span=span)], dict.fromkeys(("deals", "agents"), TODAY), TODAY
        )
        assert Texts(tmp_path).scan(scan, SCHEMA) == compiling.sql(scan, SCHEMA, "duckdb")
    assert len(compiled) == 2 + 3


ROLLUP = Rollup("deals", "opened", ("stage", "agent"), ())
WON = scan_of("won")
BY = {"size by stage": ("stage",), "by agent": ("agent",), "by two": ("stage", "agent"), "turned": ("agent", "stage")}


def _sizes(by: tuple[str, ...]) -> Scan:
    scan = replace(WON, measures=(Measure("size", "sum", "size"),))
    return replace(scan, dimensions=tuple(Dimension(name, "deals", name) for name in by))


@pytest.mark.parametrize(
    "tables", [SCHEMA, over(Rollup("deals", "opened", ("stage", "agent"), (("size", "sum"),)), SCHEMA)]
)
def test_a_text_serves_every_dimension_and_is_the_one_that_is_compiled_for_it(
    tmp_path: Path, compiled: list[object], tables: Schema
) -> None:
    for by in BY.values():
        assert Texts(tmp_path).scan(_sizes(by), tables) == compiling.sql(_sizes(by), tables, "duckdb")
    assert len(compiled) == 2 + 4


@pytest.mark.parametrize(
    ("scan", "types"),
    [
        (replace(_sizes(("stage",)), measures=WON.measures), {}),  # asked about in a condition
        (replace(_sizes(("size",))), {}),  # summed as well
        (_sizes(("shinro dimension 0",)), {"shinro dimension 0": "text"}),
        (replace(_sizes(()), dimensions=(Dimension("office", "agents", "office"),)), {}),
        (_sizes(("stage", "stage")), {}),
    ],
)  # fmt: skip
def test_a_column_that_is_read_for_more_than_a_dimension_has_a_text_of_its_own(
    compiled: list[Scan], scan: Scan, types: dict[str, str]
) -> None:
    tables = replace(SCHEMA, types={**SCHEMA.types, "deals": {**SCHEMA.types["deals"], **types}})
    assert Texts().scan(scan, tables) == compiling.sql(scan, tables, "duckdb")
    assert compiled[0].dimensions == scan.dimensions


def test_dimensions_of_other_types_have_texts_of_their_own(tmp_path: Path, compiled: list[object]) -> None:
    types = {**SCHEMA.types["deals"], "stage": "truth", "closed": "date"}
    tables = replace(SCHEMA, types={**SCHEMA.types, "deals": types})
    for by in ("agent", "stage", "closed"):
        assert Texts(tmp_path).scan(_sizes((by,)), tables) == compiling.sql(_sizes((by,)), tables, "duckdb")
    assert len(compiled) == 3 + 3


def test_a_scan_that_speaks_of_the_day_that_stands_in_is_compiled_each_time(
    tmp_path: Path, compiled: list[object]
) -> None:
    scan = scan_of("late")
    assert Texts(tmp_path).scan(scan, SCHEMA) == compiling.sql(scan, SCHEMA, "duckdb")
    assert "MAKE_DATE(9411, 3, 17)" in Texts(tmp_path).scan(scan, SCHEMA)
    assert compiled == [scan] * 3
    assert not list(tmp_path.rglob("*.json"))


def test_a_form_that_writes_the_day_in_a_way_that_is_not_known_is_compiled_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "sql", lambda scan, _tables, _dialect: f"SELECT MAKE_DATE({scan.last.year}, 1, 1)")
    for last in (TODAY, date(2024, 2, 29)):
        assert Texts(tmp_path).scan(scan_of("won", last), SCHEMA) == f"SELECT MAKE_DATE({last.year}, 1, 1)"


LOST = Measure("won", "count", None, where("stage = 'lost'"))
EAST = ((None, 0), (datetime.fromisoformat("2026-03-08T07:00"), 3600))
OTHER_SCANS: dict[str, Scan] = {
    "moment": replace(WON, moment="closed"),
    "grain": replace(WON, grain=Grain.WEEK),
    "way": replace(WON, measures=(Measure("won", "sum", "size"),)),
    "where": replace(WON, measures=(LOST,)),
    "measures": replace(WON, measures=(*WON.measures, LOST)),
    "dimensions": replace(WON, dimensions=(Dimension("stage", "deals", "stage"),)),
    "ends": replace(WON, ends="closed"),
    "inclusive ends": replace(WON, ends="closed", ends_inclusive=True),
    "no last day": replace(WON, last=None),
    "span": replace(WON, span=Period(date(2026, 1, 1), date(2026, 2, 1))),
    "another span": replace(WON, span=Period(date(2026, 1, 1), date(2026, 3, 1))),
}
OTHER_SCHEMAS: dict[str, Schema] = {
    "types": replace(SCHEMA, types={**SCHEMA.types, "deals": {**SCHEMA.types["deals"], "opened": "date"}}),
    "offsets": replace(SCHEMA, offsets=EAST),
    "week": replace(SCHEMA, calendar=Calendar("Asia/Tokyo", week_starts=6)),
    "roll-up": over(ROLLUP, SCHEMA),
    "another roll-up": over(replace(ROLLUP, keys=("agent", "stage")), SCHEMA),
}


def test_whatever_changes_a_text_has_a_text_of_its_own(tmp_path: Path, compiled: list[object]) -> None:
    """What is asked later would get an earlier text if its name left anything out."""
    every = [(WON, SCHEMA), *((scan, SCHEMA) for scan in OTHER_SCANS.values())]
    every += [(WON, tables) for tables in OTHER_SCHEMAS.values()]
    kept = [Texts(tmp_path).scan(*one) for one in every]
    assert len(compiled) == len(every)
    assert kept == [compiling.sql(*one, "duckdb") for one in every]


@pytest.mark.parametrize(
    "other",
    [
        replace(SCHEMA, joins={**SCHEMA.joins, "deals": {"agents": ("stage", "name")}}),
        replace(SCHEMA, repeated=frozenset([("deals", "agents")])),
        replace(SCHEMA, types={**SCHEMA.types, "agents": {"name": "integer", "office": "text"}}),
    ],
)
def test_whatever_changes_a_join_has_a_text_of_its_own(tmp_path: Path, other: Schema) -> None:
    kept = Texts(tmp_path)
    first = kept.scan(scan_of("eastern"), SCHEMA)
    assert kept.scan(scan_of("eastern"), other) == compiling.sql(scan_of("eastern"), other, "duckdb") != first


def test_other_tables_and_days_off_change_no_text(tmp_path: Path, compiled: list[object]) -> None:
    kept = Texts(tmp_path)
    kept.scan(scan_of("won"), SCHEMA)
    calendar = Calendar("Asia/Tokyo", days_off=frozenset([TODAY]))
    kept.scan(scan_of("won"), replace(SCHEMA, types={**SCHEMA.types, "others": {}}, calendar=calendar))
    assert len(compiled) == 1


def test_roll_ups_and_their_kinds_are_kept_apart(tmp_path: Path) -> None:
    kept, other = Texts(tmp_path), replace(ROLLUP, keys=("stage",))
    asked = [kept.rollup(ROLLUP, SCHEMA), kept.rollup(other, SCHEMA), kept.kinds(ROLLUP, SCHEMA)]
    asked.append(kept.kinds(other, SCHEMA))
    assert len({*asked}) == len(asked) == len(list(tmp_path.rglob("*.json")))
    assert kept.rollup(ROLLUP, SCHEMA) == compiling.rollup_sql(ROLLUP, SCHEMA, "duckdb", quoted)
    assert kept.kinds(ROLLUP, SCHEMA) == compiling.kinds_sql(ROLLUP, SCHEMA, "duckdb")


def test_another_compiler_keeps_its_own_and_sweeps(
    tmp_path: Path, compiled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    Texts(tmp_path).scan(scan_of("won"), SCHEMA)
    monkeypatch.setattr(texts, "compiler", lambda: "another")
    Texts(tmp_path).scan(scan_of("won"), SCHEMA)
    assert len(compiled) == 2
    assert [found.parent.name for found in tmp_path.rglob("*.json")] == ["another"]


def test_where_the_compiler_is_not_known_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "compiler", lambda: None)
    assert Texts(tmp_path).scan(scan_of("won"), SCHEMA) == Texts().scan(scan_of("won"), SCHEMA)
    assert not list(tmp_path.iterdir())


def _edited(path: Path) -> None:
    note = json.loads(path.read_bytes())
    path.write_text(json.dumps(note | {"body": note["body"].replace("COUNT", "SUM")}), "utf-8")


def _into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "empty": lambda path: path.write_bytes(b""),
    "edited": _edited,
    "not a note": lambda path: path.write_text("[1]", "utf-8"),
    "not a text": lambda path: write_note(path, {"of": path.stem, "text": 1}),
    "another's": lambda path: write_note(path, {"of": "0" * 64, "text": "SELECT 1"}),
    "gone": lambda path: path.unlink(),
    "a folder": _into_folder,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_broken_text_is_compiled_anew(tmp_path: Path, damage: str) -> None:
    right = Texts(tmp_path).scan(scan_of("won"), SCHEMA)
    (path,) = tmp_path.rglob("*.json")
    DAMAGE[damage](path)
    assert Texts(tmp_path).scan(scan_of("won"), SCHEMA) == right


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", "utf-8")
    assert Texts(tmp_path).scan(scan_of("won"), SCHEMA) == Texts().scan(scan_of("won"), SCHEMA)


def test_many_who_keep_at_once_leave_whole_texts(tmp_path: Path) -> None:
    """Every reader gets the whole text, also while a compiler of another version sweeps."""
    right = {metric: Texts().scan(scan_of(metric), SCHEMA) for metric in ("won", "open")}

    def one(n: int) -> bool:
        metric = ("won", "open")[n % 2]
        if n % 10 == 0:
            texts._sweep(tmp_path / "cache" / "texts" / f"other {n}")  # what another version does
        return Texts(tmp_path).scan(scan_of(metric), SCHEMA) == right[metric]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(60)))
    assert not list(tmp_path.rglob(".part-*"))


LATER = """
import sys
from pathlib import Path
from stories import Story
made = Story(Path(sys.argv[1]))
print(*(made.values(metric) for metric in ("won", "win_rate", "open")), "ibis" in sys.modules, "sqlglot" in sys.modules)
"""


def test_a_later_process_measures_new_rows_without_the_compiler(tmp_path: Path) -> None:
    made: Story = story(tmp_path)
    before = [made.values(metric) for metric in ("won", "win_rate", "open")]
    made.write("data/deals.csv", DEALS + "d5,Bob,Ann,2026-05-01,2026-05-12,won,1\n")
    command = [sys.executable, "-c", LATER, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    after = [made.values(metric) for metric in ("won", "win_rate", "open")]
    assert done.stdout.split("\n")[0] == " ".join([*map(str, after), "False", "False"])
    assert after != before


def test_all_that_the_compiler_imports_is_part_of_its_identity() -> None:
    found = (
        "import shinro.queries.compile, sys; print(*(m.__file__ for n, m in sys.modules.items() if n[:6] == 'shinro'))"
    )
    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    told = {path for pattern in COMPILER for path in ROOT.glob(pattern)}
    assert {Path(name) for name in done.stdout.split()} <= told
    assert compiler() == compiler() is not None


def test_the_code_of_the_compiler_is_part_of_its_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "queries").mkdir()
    found = []
    monkeypatch.setattr("shinro.queries.identity.ROOT", tmp_path)
    for code in (None, "1", "2"):
        if code:
            (tmp_path / "queries" / "compile.py").write_text(code, "utf-8")
        compiler.cache_clear()
        found.append(compiler())
    compiler.cache_clear()
    assert found[0] is None
    assert len({*found}) == len(found)


def test_identity_tells_kinds_and_orders_apart_and_sets_not() -> None:
    pairs = [("1", 1), (1, True), ((1, 2), (2, 1)), (Fraction(1), 1), (date(2026, 1, 1), "2026-01-01"), (None, "null")]
    assert all(identity(one) != identity(other) for one, other in pairs)
    assert identity("a", "b") != identity("a,b") != identity(("a", "b"))
    assert identity(frozenset("abc")) == identity(frozenset("cba"))
    assert identity({"a": 1, "b": 2}) == identity({"b": 2, "a": 1})
    with pytest.raises(TypeError):
        identity(object())
