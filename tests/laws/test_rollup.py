"""A scan finds over a roll-up what it finds over the table, on both engines, whatever the rows and the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import given

import oracle
from measuring import Duck, Engine, Reading, Server, exact_cells, measured, project_of, together
from shinro.definitions.printing import text
from shinro.periods import Grain
from shinro.queries.compile import rollup_sql, sql
from shinro.queries.rollup import Rollup, rollups
from shinro.queries.scans import Scan, Want, scans
from shinro.queries.schema import over
from shinro.series import Segment
from shinro.warehouse.engine import quoted
from shinro.warehouse.frame import WIDE, Cells, Row, cells
from shinro.warehouse.reads import enumerated
from shinro.warehouse.texts import Texts
from worlds import TYPES, WORLDS, Asked, asked

COUNTED = ("count", "count_distinct")
Told = dict[Segment, dict[int, tuple[Fraction | None, ...]]]


def execute(engine: Engine, statement: str) -> None:
    connection = engine.connection  # type: ignore[attr-defined]
    connection.execute(statement.encode() if isinstance(engine, Server) else statement)


def telling(scan: Scan, found: Cells) -> Told:
    """Cells without the rows that say no more than a missing one does: nothing counted, nothing to sum up.

    A table is cut by what tells most of the rows that count, a roll-up by all that a row must meet.
    """

    def tells(row: tuple[Fraction | None, ...]) -> bool:
        numbers = iter(row)
        wide = ((one.way, [next(numbers) for _ in range(1 + (one.way in WIDE))]) for one in scan.measures)
        return any(part[-1] if way in COUNTED or way in WIDE else part[0] is not None for way, part in wide)

    told = {segment: {n: row for n, row in rows.items() if tells(row)} for segment, rows in exact_cells(found).items()}
    return {segment: rows for segment, rows in told.items() if rows}


def few(rows: list[oracle.Row], types: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """All values of each text column, as a loader tells them."""
    texts = [name for name, kind in types.items() if kind == "text"]
    return {name: tuple(sorted({str(row[name]) for row in rows if row[name] is not None})) for name in texts}


def in_order(scan: Scan, rolled: list[Row], plain: list[Row]) -> bool:
    """Whether the periods and segments that both have come in the same order."""
    width = 1 + len(scan.dimensions)
    keys, others = ([repr(row[:width]) for row in rows] for rows in (rolled, plain))
    return [key for key in keys if key in {*others}] == [key for key in others if key in {*keys}]


@WORLDS
@given(asked())
def test_a_scan_finds_the_same_over_a_roll_up(duck: Duck, server: Server, asked: Asked) -> None:
    for engine in (duck, server):
        reading = Reading(asked.world, TYPES, engine)
        wants = [replace(want, grain=grain) for want in asked.wants for grain in (Grain.DAY, Grain.WEEK, asked.grain)]
        measured(asked.world, TYPES, reading, wants)
        rolled: dict[str, str] = {}
        texts: list[str] = []
        raw: list[list[Row]] = []
        for n, rollup in enumerate(rollups(reading.scans, reading.schema.joins, reading.schema.types)):
            name = quoted(f"rolled {n}")
            summed = rollup_sql(rollup, reading.schema, engine.dialect, quoted)
            values = few(asked.world.rows[rollup.table], TYPES[rollup.table])
            rolled[rollup.name] = enumerated(summed, rollup, values) if engine is duck else summed
            execute(engine, f"DROP TABLE IF EXISTS {name}")
            execute(engine, f"CREATE TEMP TABLE {name} AS {rolled[rollup.name]}")
            for (scan, found), plain in zip(reading.scans.items(), reading.raw, strict=True):
                if rollup.holds(scan, reading.schema.joins.get(scan.table, {}), TYPES[scan.table]):
                    text = sql(scan, over(rollup, reading.schema), engine.dialect)
                    assert engine is server or text == Texts().scan(scan, over(rollup, reading.schema))
                    texts.append(text)
                    raw.append(engine.rows(text.replace(quoted(rollup.name), name)))
                    assert telling(scan, cells(scan, raw[-1])) == telling(scan, found), (rollup, scan)
                    assert engine is server or in_order(scan, raw[-1], plain), (rollup, scan)
        if engine is duck and texts:
            assert repr(together(duck, asked.world.rows, rolled, texts)) == repr(raw)
    server.connection.rollback()


def test_scans_that_follow_the_same_entity_or_nobody_share_a_roll_up() -> None:
    project = project_of(
        """
sources: {crm: {type: files, path: "*.csv"}}
tables: {calls: {from: crm.calls, time: at, entity: lead, dimensions: [rep]}}
metrics:
  calls: {count: calls}
  held: {count: calls, where: kind = 'held'}
  missed: {count: calls, where: kind = 'missed'}
  leads: {count_distinct: calls.lead, where: kind = 'held'}
"""
    )
    wants = [Want("leads", Grain.WEEK), Want("leads", Grain.MONTH)]
    (found,) = rollups(scans(project, wants, {"calls": None}, None), {}, {})
    assert found == Rollup("calls", "at", ("lead",), (), "lead", found.counts)
    assert [text(node) for node in found.counts] == ["kind = 'held'"]
    beside = [*wants, Want("calls", Grain.DAY), Want("missed", Grain.DAY)]
    (found,) = rollups(scans(project, beside, {"calls": None}, None), {}, {})
    assert (found.keys, [text(node) for node in found.counts]) == (("lead",), ["kind = 'held'", "kind = 'missed'"])
    (found,) = rollups(scans(project, [*beside[2:], Want("calls", Grain.WEEK)], {"calls": None}, None), {}, {})
    assert (found.keys, found.entity, found.counts) == (("kind",), None, ())


def test_a_moment_that_is_counted_or_cut_by_is_read_from_the_table_itself() -> None:
    """Over a roll-up it would be its day: 120 instants of 5 days were counted as 5."""
    project = project_of(
        """
sources: {crm: {type: files, path: "*.csv"}}
tables: {calls: {from: crm.calls, time: at, times: {slot: slot}, dimensions: [slot]}}
metrics:
  slots: {count_distinct: calls.slot}
  calls: {count: calls}
  late: {count: calls, where: slot > 2026-01-01}
"""
    )
    types = {"calls": {"at": "moment", "slot": "moment"}}
    for name, by in (("slots", ()), ("calls", ("slot",))):
        wants = [Want(name, grain, by) for grain in (Grain.DAY, Grain.WEEK)]
        assert rollups(scans(project, wants, {"calls": None}, None), {}, types) == ()
    wants = [Want("late", grain) for grain in (Grain.DAY, Grain.WEEK)]
    (found,) = rollups(scans(project, wants, {"calls": None}, None), {}, types)
    assert found.keys == ("slot",)


def test_values_are_numbers_of_a_list_and_read_as_texts(duck: Duck) -> None:
    values = {"rep": ("", "O'Neil", 'say "x"', "東京"), "lead": ("a",), "blank": ()}
    rollup = Rollup("calls", "at", ("rep", "lead", "blank", "other"), (), "lead")
    known = "('東京', 7, NULL, 'z'), ('O''Neil', 8, NULL, 'y'), (NULL, 9, NULL, NULL)"
    rows = f"SELECT * FROM (VALUES {known}) v(rep, lead, blank, other)"
    told = enumerated(rows, rollup, values)
    assert duck.rows(f"SELECT *, typeof(rep) LIKE 'ENUM%' FROM ({told}) ORDER BY rep") == [
        ("O'Neil", 8, None, "y", True),
        ("東京", 7, None, "z", True),
        (None, 9, None, None, True),
    ]
    assert enumerated(rows, rollup, {}) == rows
