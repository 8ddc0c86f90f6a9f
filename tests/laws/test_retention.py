"""Retention is what a slow walk finds, on both engines; it never exceeds its cohort, and segments add up to the whole.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_retention.py` tries 2,000 worlds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import retention_oracle
from measuring import Duck, Server, columns_of, exact_cells, measured, project_of
from oracle import Row, World
from retaining import PROJECT, TYPES, scan_of, triangle
from shinro.periods import WEEKDAYS, Grain, Period
from shinro.queries.scans import Want
from shinro.series import Mark
from subscribing import Remembering
from worlds import WORLDS, ZONES, days, moments

UNITS = (Grain.DAY, Grain.WEEK, Grain.MONTH)
WHERES = ("", "", ", where: kind = 'open'", ", where: \"kind != 'open' or level > 1\"", ", where: plan is null")
PARTS = ("", "cohort", "kept")


@dataclass(frozen=True)
class Asked:
    world: World
    unit: Grain
    grain: Grain
    by: tuple[str, ...]

    @property
    def wants(self) -> dict[str, Want]:
        return {part: Want(f"kept.{part}" if part else "kept", self.grain, self.by) for part in PARTS}


def near() -> st.SearchStrategy[datetime]:
    """Moments within a few weeks around a leap day, so that somebody comes back."""
    day = st.integers(0, 45).map(lambda n: date(2024, 2, 5) + timedelta(days=n))
    hours = st.sampled_from((0, 5, 12, 15, 23))
    return st.builds(lambda on, hour: datetime(on.year, on.month, on.day, hour), day, hours)  # noqa: DTZ001 - UTC


def rows(at: st.SearchStrategy[datetime | None]) -> st.SearchStrategy[list[Row]]:
    columns = {
        "who": st.sampled_from(("A", "A", "B", "C", "", "0", "東京", None)),
        "at": at,
        "kind": st.sampled_from(("open", "open", "x", None)),
        "plan": st.sampled_from(("basic", "pro", "東京", "", None)),
        "level": st.sampled_from((None, 0, 1, 2, 10)),
    }
    return st.lists(st.fixed_dictionaries(columns), max_size=24)


@st.composite
def asked(
    draw: st.DrawFn, counted: str = "", by: tuple[tuple[str, ...], ...] = ((), ("plan",), ("level", "plan"))
) -> Asked:
    unit, after = draw(st.sampled_from(UNITS)), draw(st.sampled_from((1, 2, 3, 4, 13)))
    how = f"after: {after} {unit.value}s"
    kind = counted or draw(st.sampled_from(("on", "on", "on or after", "until")))
    how += f", until: {after + draw(st.integers(1, 4))} {unit.value}s" if kind == "until" else f", counted: {kind}"
    how += f", cohort: {draw(st.sampled_from(('first', 'each')))}" + draw(st.sampled_from(WHERES))
    text = PROJECT.format(zone=draw(st.sampled_from(ZONES)), week=draw(st.sampled_from(WEEKDAYS)), how=how)
    found = draw(rows(near()) | rows(st.none() | moments()))
    newest = max((row["at"].date() for row in found if isinstance(row["at"], datetime)), default=date(2024, 3, 1))
    as_of = draw(st.sampled_from((newest, newest + timedelta(days=9), newest - timedelta(days=6))) | days())
    late = draw(st.sampled_from((0, 0, 2)))
    world = World(project_of(text), TYPES, {"events": found}, as_of, as_of + timedelta(days=late), late)
    return Asked(world, unit, draw(st.sampled_from(Grain)), draw(st.sampled_from(by)))


@WORLDS
@given(asked())
def test_retention_is_what_a_slow_walk_finds(duck: Duck, server: Server, asked: Asked) -> None:
    reading = Remembering(asked.world, TYPES, duck)
    found = measured(asked.world, TYPES, reading, asked.wants.values())
    walked = retention_oracle.retained(asked.world, asked.grain, asked.by)
    for part, want in asked.wants.items():
        segments = walked if asked.by else {(): walked.get((), {})}
        expected = {each: retention_oracle.value(of, asked.world, asked.grain, part) for each, of in segments.items()}
        assert columns_of(found, want) == expected, part
    other = Remembering(asked.world, TYPES, server)
    for scan, its in reading.scans.items():
        assert exact_cells(other.read(scan)) == exact_cells(its)
    server.connection.rollback()


@WORLDS
@given(asked(), st.sampled_from(UNITS), st.integers(1, 6))
def test_a_curve_is_what_a_slow_walk_finds(duck: Duck, server: Server, asked: Asked, unit: Grain, last: int) -> None:
    found = triangle(asked.world, unit, last, asked.by, duck)
    walked = retention_oracle.triangle(asked.world, unit, last, asked.by)
    for segment, cohorts in found.items():
        mine = walked.get(segment, {})
        for each in cohorts:
            counts = [n for n in mine.get(each.period, [0] * len(each.kept)) if n is not None]
            assert list(each.kept) == counts, (segment, each.period)
        known = {cut for cut, counts in mine.items() if counts[0] is not None}
        assert known <= {each.period for each in cohorts}
    if asked.by:
        assert found.keys() == walked.keys()
    assert triangle(asked.world, unit, last, asked.by, server) == found
    server.connection.rollback()


@WORLDS
@given(asked(), st.integers(1, 6))
def test_nobody_is_kept_who_was_not_there_and_in_bucket_0_all_are(duck: Duck, asked: Asked, last: int) -> None:
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), asked.wants.values())
    for one in found.get(asked.wants[""], ()):
        for point in one.points:
            if point.mark is not Mark.UNKNOWN:
                assert point.over is not None
                assert point.base is not None
                assert 0 <= point.over <= point.base
                assert point.value == (point.over / point.base if point.base else None)
    for cohorts in triangle(asked.world, asked.unit, last, asked.by, duck).values():
        for each in cohorts:
            assert all(0 <= kept <= each.size for kept in each.kept)
            assert each.rate(0) == (1 if each.size else None)
            assert each.complete <= len(each.kept) <= last + 1 - each.unknown


@WORLDS
@given(asked("on"))
def test_on_or_after_keeps_all_whom_on_keeps_and_never_gains_with_time(duck: Duck, asked: Asked) -> None:
    metrics = {name: replace(on, counted="on or after") for name, on in asked.world.project.metrics.items()}
    ever = replace(asked.world, project=replace(asked.world.project, metrics=metrics))
    exact = triangle(asked.world, asked.unit, 5, asked.by, duck)
    longer = triangle(ever, asked.unit, 5, asked.by, duck)
    assert exact.keys() == longer.keys()
    for segment, cohorts in exact.items():
        for here, there in zip(cohorts, longer[segment], strict=True):
            assert all(few <= many for few, many in zip(here.kept, there.kept, strict=True))
            assert list(there.kept) == sorted(there.kept, reverse=True)


@WORLDS
@given(asked(by=(("plan",), ("level",), ("plan", "level"))))
def test_segments_add_up_to_the_whole(duck: Duck, asked: Asked) -> None:
    whole = replace(asked, by=())
    wants = [*asked.wants.values(), *whole.wants.values()]
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), wants)
    for part in ("cohort", "kept"):
        parts = columns_of(found, asked.wants[part]).values()
        for period, (number, mark) in columns_of(found, whole.wants[part]).get((), {}).items():
            if mark is not Mark.UNKNOWN:
                assert sum((column[period][0] or 0 for column in parts), Fraction(0)) == number
    curves = triangle(asked.world, asked.unit, 4, asked.by, duck).values()
    for each in triangle(asked.world, asked.unit, 4, (), duck).get((), ()):
        same = [one.kept for cohorts in curves for one in cohorts if one.period == each.period]
        assert each.kept == tuple(map(sum, zip(*same, strict=True))) or not same


@WORLDS
@given(asked(), st.randoms(use_true_random=False), st.booleans())
def test_rows_in_another_order_or_twice_give_the_same_bytes(
    duck: Duck, asked: Asked, chance: random.Random, twice: bool
) -> None:
    rows = [*asked.world.rows["events"], *(asked.world.rows["events"] if twice else ())]
    chance.shuffle(rows)
    raw = []
    for world in (asked.world, replace(asked.world, rows={"events": rows})):
        reading = Remembering(world, TYPES, duck)
        measured(world, TYPES, reading, asked.wants.values())
        reading.read(scan_of(world, asked.unit, 4, asked.by))
        raw.append(repr(reading.raw))
    assert raw[0] == raw[1]


@WORLDS
@given(asked(), st.integers(0, 60), st.integers(1, 40))
def test_a_span_pools_the_cohorts_that_mature_in_it(duck: Duck, asked: Asked, back: int, length: int) -> None:
    end = asked.world.as_of - timedelta(days=back)
    span = Period(end - timedelta(days=length), end)
    days = [replace(want, grain=Grain.DAY) for want in asked.wants.values()]
    whole = [replace(want, span=span) for want in days]
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), [*days, *whole])
    for want, pooled in zip(days[1:], whole[1:], strict=True):
        columns = columns_of(found, want)
        for segment, column in columns_of(found, pooled).items():
            ((period, (number, mark)),) = column.items()
            assert period == span
            inside = [told for each, told in columns[segment].items() if each.start in span]
            total = sum((n or 0 for n, _ in inside), Fraction(0))
            if mark is Mark.UNKNOWN:
                assert number is None
            elif any(each is Mark.UNKNOWN for _, each in inside):  # what matures on such a day is only in the span
                assert mark is Mark.INCOMPLETE
                assert number is not None
                assert number >= total
            else:
                assert number == total
