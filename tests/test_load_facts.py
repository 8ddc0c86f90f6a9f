"""What a load says of its rows: days, gaps, keys, ends, values, joins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loading import SOURCE, TODAY, loaded, plan
from shinro.loads import Happened, Joined, JoinPlan, Load, Priced, TablePlan
from shinro.warehouse.session import session
from shinro.warehouse.verify import verify_joins


def put(folder: Path, text: str, name: str = "leads") -> None:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def test_days_gaps_and_the_future(tmp_path: Path) -> None:
    put(tmp_path, "at\n2026-05-01\n2026-05-01\n2026-05-04\n2026-05-14\n2026-05-15\n2026-05-16\n2027-01-01\n\n")
    made = loaded(plan(tmp_path, "at:time", time="at"), tmp_path)
    assert (made.oldest, made.newest, made.known_until) == (date(2026, 5, 1), TODAY, TODAY)
    assert (made.longest_gap, made.future, made.rows) == (10, 2, 7)


def test_rows_of_the_future_count_once(tmp_path: Path) -> None:
    put(tmp_path, "at,closed\n2026-05-01,2026-05-09\n2026-05-02,2026-06-01\n2026-06-03,2026-06-04\n")
    made = loaded(replace(plan(tmp_path, "at:time", "closed:time", time="at"), times=("at", "closed")), tmp_path)
    assert (made.oldest, made.latest, made.future) == (date(2026, 5, 1), date(2026, 6, 4), 2)


@pytest.mark.parametrize(
    ("closed", "newest"),
    [
        ("2026-03-31", "2026-04-05"),
        ("2026-05-06", "2026-05-06"),  # a month after the newest row
        ("2026-05-07", "2026-04-05"),
    ],
)
def test_another_time_counts_while_it_is_no_more_than_a_month_ahead(tmp_path: Path, closed: str, newest: str) -> None:
    put(tmp_path, f"at,closed\n2026-03-26,{closed}\n2026-04-05,2026-05-10\n")
    made = loaded(replace(plan(tmp_path, "at:time", "closed:time", time="at"), times=("at", "closed")), tmp_path)
    assert (made.newest, made.known_until) == (date.fromisoformat(newest), date.fromisoformat(newest))


def test_no_other_time_counts_that_is_more_than_a_month_ahead(tmp_path: Path) -> None:
    put(tmp_path, "at,closed\n2026-01-01,2026-05-02\n2026-04-01,2026-05-03\n")
    made = loaded(replace(plan(tmp_path, "at:time", "closed:time", time="at"), times=("at", "closed")), tmp_path)
    assert (made.newest, made.longest_gap) == (date(2026, 5, 2), 90)


@pytest.mark.parametrize(
    ("rows", "newest"),
    [
        ("2026-03-26,2026-04-30,open", "2026-04-05"),  # hoped for: the export may be of any day since
        ("2026-03-26,2026-04-30,won", "2026-04-30"),  # a live export with one deal is as new as its closing
        ("2026-03-26,2026-04-30,open\n2026-03-27,2026-04-12,lost", "2026-04-12"),
        ("2026-03-26,2026-04-30,", "2026-04-05"),
    ],
)
def test_another_time_counts_in_the_rows_in_which_it_happened(tmp_path: Path, rows: str, newest: str) -> None:
    put(tmp_path, f"at,closed,stage\n{rows}\n2026-04-05,2026-06-10,open\n")
    asked = replace(plan(tmp_path, "at:time", "closed:time", "stage:text", time="at"), times=("at", "closed"))
    assert loaded(asked, tmp_path).newest == date(2026, 4, 30)  # nothing tells plans apart
    apart = replace(asked, happened=(Happened("closed", (("stage", ("lost", "won")),)),))
    made = loaded(apart, tmp_path)
    assert (made.newest, made.known_until, made.latest) == (date.fromisoformat(newest), made.newest, date(2026, 6, 10))
    numbers = replace(asked, happened=(Happened("closed", (("at", ("2026-03-26",)),)),))
    assert loaded(numbers, tmp_path).newest == date(2026, 4, 30)  # compared with texts alone


def test_where_no_time_leads_the_rows_in_which_it_happened_tell_the_newest_day(tmp_path: Path) -> None:
    put(tmp_path, "closed,stage\n2026-03-26,won\n2026-05-10,open\n2026-07-10,won\n")
    asked = replace(plan(tmp_path, "closed:time", "stage:text"), times=("closed",))
    assert loaded(asked, tmp_path).newest == date(2026, 5, 10)
    apart = replace(asked, happened=(Happened("closed", (("stage", ("won",)),)),))
    assert loaded(apart, tmp_path).newest == date(2026, 3, 26)


def test_where_no_time_leads_all_of_them_tell_the_newest_day(tmp_path: Path) -> None:
    put(tmp_path, "a,b\n2026-01-01,2026-05-02\n2026-04-01,2026-04-30\n")
    made = loaded(replace(plan(tmp_path, "a:time", "b:time"), times=("a", "b")), tmp_path)
    assert (made.newest, made.longest_gap) == (date(2026, 5, 2), 90)


def test_a_date_in_the_name_bounds_the_other_times(tmp_path: Path) -> None:
    put(tmp_path, "at,closed\n2026-01-01,2026-02-11\n2026-01-02,2026-05-10\n", "leads_2026-02-12")
    made = loaded(replace(plan(tmp_path, "at:time", "closed:time", time="at"), times=("at", "closed")), tmp_path)
    assert (made.newest, made.known_until) == (date(2026, 2, 11), date(2026, 2, 12))


@pytest.mark.parametrize(("zone", "day"), [("UTC", date(2026, 5, 1)), ("Asia/Tokyo", date(2026, 5, 2))])
def test_the_day_of_a_moment_is_the_projects(tmp_path: Path, zone: str, day: date) -> None:
    put(tmp_path, "at\n2026-05-01 20:00\n")
    made = loaded(plan(tmp_path, "at:time", time="at", timezone="UTC"), tmp_path, zone=zone)
    assert (made.oldest, made.newest) == (day, day)


def test_a_table_without_times_has_no_days(tmp_path: Path) -> None:
    put(tmp_path, "id\n1\n")
    made = loaded(plan(tmp_path, "id:text"), tmp_path)
    assert (made.oldest, made.newest, made.known_until, made.longest_gap, made.future) == (None, None, None, 0, 0)


def test_the_ends_of_periods_do_not_tell_how_new_a_table_is(tmp_path: Path) -> None:
    put(tmp_path, "s,e\n2026-01-01,2026-04-30\n2026-02-01,\n2026-03-01,9999-12-31\n")
    made = loaded(replace(plan(tmp_path, "s:time", "e:time"), starts="s", ends="e"), tmp_path)
    assert (made.oldest, made.newest, made.latest) == (date(2026, 1, 1), date(2026, 3, 1), date(9999, 12, 31))
    assert (made.ended, made.future) == (2, 1)


def test_amounts_below_zero_are_counted(tmp_path: Path) -> None:
    put(tmp_path, "id,x\na,1\nb,-2\nc,\nd,0\ne,-0.5\n")
    asked = plan(tmp_path, "id:text", "x:number")
    assert [loaded(replace(asked, amount=amount), tmp_path).negative for amount in ("x", None, "id")] == [2, 0, 0]


@pytest.mark.parametrize(
    ("amounts", "short"),
    [
        ("1\n-2\n\n", True),
        ("\n", True),
        ("999999999.999999999\n-999999999.999999999\n", True),
        ("1\n1000000000\n", False),
        ("-1000000000\n", False),
    ],
)
def test_amounts_are_short_where_none_has_ten_digits(tmp_path: Path, amounts: str, short: bool) -> None:
    put(tmp_path, "x,id\n" + amounts.replace("\n", ",a\n"))
    asked = plan(tmp_path, "id:text", "x:number")
    assert loaded(replace(asked, amount="x"), tmp_path).short is short
    assert not loaded(replace(asked, amount="id"), tmp_path).short


@pytest.mark.parametrize(
    ("status", "listed", "periods", "told"),
    [
        (None, None, False, (4, 4)),
        (None, "l", False, (4, 3)),
        ("s", "l", False, (1, 0)),
        ("s", "l", True, (2, 1)),  # a term that was cancelled is paid up to its end
        ("gone", "gone", True, (4, 4)),
    ],
)
def test_rows_that_should_say_what_is_paid_are_counted(
    tmp_path: Path, status: str | None, listed: str | None, periods: bool, told: tuple[int, int]
) -> None:
    put(tmp_path, "id,x,s,l\na,1,active,\nb,,In Trial,\nc,,upgrade,7\nd,,解約,\ne,,paused,\n,,active,\n")
    asked = plan(tmp_path, "id:text", "x:number", "s:text", "l:number")
    made = loaded(replace(asked, priced=Priced("id", "x", periods, status, listed)), tmp_path)
    assert (made.unpriced, made.unlisted) == told
    text = loaded(replace(asked, priced=Priced("id", "s", periods)), tmp_path)
    assert (text.unpriced, text.unlisted) == (0, 0)


@pytest.mark.parametrize(
    ("rows", "repeats"),
    [
        ("a,2026-01-01,9 b,2026-01-01,5 a,2026-02-01,9 b,2026-02-01,5 b,2026-03-01,5", 3),
        ("a,2026-01-31,9 a,2026-02-28,9 a,2026-03-31,12", 1),  # the last days of months
        ("a,2026-01-31,9 a,2026-02-28,10 a,2026-03-31,12", 0),  # nothing is repeated
        ("a,2026-01-01,9 a,2026-02-01,9 a,2026-03-02,9", 0),
        ("a,2026-01-01,9 a,2026-02-01,9 a,2026-03-01,0", 0),  # it ends
        ("a,2026-01-01,9 b,2026-02-01,9 b,2026-04-01,9", 0),
        ("a,2026-01-01,9,active a,2026-02-01,9,cancel", 0),
        ("a,2026-01-01,9,active a,2026-02-01,9,active", 1),
    ],
)
def test_changes_that_look_like_a_list_of_each_month(tmp_path: Path, rows: str, repeats: int) -> None:
    lines = (row if row.count(",") == 3 else f"{row}," for row in rows.split())
    put(tmp_path, "\n".join(["id,at,x,s", *lines]) + "\n")
    asked = plan(tmp_path, "id:text", "at:time", "x:number", "s:text", time="at")
    priced = Priced("id", "x", periods=False, status="s", changes="at", stream=None)
    assert loaded(replace(asked, priced=priced), tmp_path).repeated_amounts == repeats
    assert loaded(replace(asked, priced=replace(priced, changes=None)), tmp_path).repeated_amounts == 0
    assert loaded(replace(asked, priced=replace(priced, amount="s")), tmp_path).repeated_amounts == 0


def test_keys_that_repeat_or_lack(tmp_path: Path) -> None:
    put(tmp_path, "id,x\nb,1\na,2\nb,3\na,4\nb,5\nc,6\n,7\n,8\n")
    made = loaded(plan(tmp_path, "id:text", "x:number", key="id"), tmp_path)
    assert (made.repeated_keys, made.key_samples, made.null_keys) == (2, ("a", "b"), 2)


def test_values_of_columns_that_have_few_and_short_ones(tmp_path: Path) -> None:
    lines = [f"{n},{('won', 'lost', '')[n % 3]},{n % 60},{'x' * 90 if n else 'y'},{n % 5}" for n in range(300)]
    put(tmp_path, "\n".join(["id,stage,many,long,number", *lines]))
    asked = plan(tmp_path, "id:text", "stage:text", "many:text", "long:text", "number:number", key="id")
    assert dict(loaded(asked, tmp_path).values) == {"stage": ("lost", "won")}


@pytest.mark.parametrize(
    ("kind", "told"),
    [("BIGINT", True), ("UINTEGER", True), ("TINYINT", True), ("UBIGINT", False), ("HUGEINT", True),
     ("DECIMAL(9, 2)", False), ("DOUBLE", True), ("VARCHAR", False), ("BOOLEAN", False)],
)  # fmt: skip
def test_columns_of_whole_numbers_are_told_as_the_typed_table_has_them(tmp_path: Path, kind: str, told: bool) -> None:
    duckdb.sql(f"COPY (SELECT 1::{kind} AS id, 7 AS n) TO '{tmp_path / 'leads.parquet'}'")
    role = {"VARCHAR": "text", "BOOLEAN": "truth"}.get(kind, "number")
    made = loaded(plan(tmp_path, f"id:{role}", "n:number"), tmp_path)
    assert made.whole == (("id", "n") if told else ("n",))


@pytest.mark.parametrize(("cells", "told"), [("1\n-2\n\n", ("n",)), ("1\n2.5\n", ()), ("", ("n",))])
def test_columns_of_whole_numbers_are_told_of_texts(tmp_path: Path, cells: str, told: tuple[str, ...]) -> None:
    put(tmp_path, f"n\n{cells}")
    assert loaded(plan(tmp_path, "n:number"), tmp_path).whole == told


def test_columns_and_types_are_told(tmp_path: Path) -> None:
    put(tmp_path, "id,日時,額,可,other\na,2026-05-01 10:00,1,yes,x\n")
    made = loaded(plan(tmp_path, "id:text", "at=日時:time", "amount=額:number", "ok=可:truth"), tmp_path)
    assert made.columns == ("id", "日時", "額", "可", "other")
    assert dict(made.types) == {"id": "text", "at": "moment", "amount": "number", "ok": "truth"}


def join(tmp_path: Path, here: str, there: str, role: str = "text") -> Joined:
    put(tmp_path, here, "calls")
    put(tmp_path, there, "leads")
    joins = (JoinPlan("leads", "lead", "id", SOURCE), JoinPlan("gone", "lead", "id", SOURCE))
    calls = replace(plan(tmp_path, f"lead:{role}", stem="calls"), joins=joins)
    leads: TablePlan = plan(tmp_path, "id:text", key="id")
    loads: dict[str, Load] = {one.name: loaded(one, tmp_path) for one in (calls, leads)}
    with session(loads, tmp_path / ".shinro") as opened:
        [joined] = verify_joins(opened.rows, calls, loads).joined
    return joined


def test_a_join_counts_nulls_orphans_and_keys_that_repeat(tmp_path: Path) -> None:
    joined = join(tmp_path, "lead,n\na,1\nb,2\nz,3\ny,4\nz,5\n,6\n", "id,n\na,1\nb,2\nb,3\n,4\n")
    assert joined == Joined("leads", nulls=1, orphans=3, samples=("y", "z"), repeated=1)


def test_a_join_of_a_number_and_a_text(tmp_path: Path) -> None:
    assert join(tmp_path, "lead\n1\n2\n", "id\n1\n2\n", role="number") == Joined("leads", 0, 0, (), 0)


@pytest.mark.parametrize(
    ("here", "there"),
    [("INTEGER", "DECIMAL(10, 2)"), ("DECIMAL(12, 3)", "DECIMAL(10, 2)"), ("DOUBLE", "DECIMAL(10, 2)")],
)
def test_a_join_of_numbers_finds_what_their_rows_find_however_they_are_stored(
    tmp_path: Path, here: str, there: str
) -> None:
    with duckdb.connect() as engine:
        for name, column, kind, numbers in (("calls", "lead", here, "1, 2, 9"), ("leads", "id", there, "1, 2, 3")):
            rows = f"SELECT CAST(n AS {kind}) AS {column} FROM unnest([{numbers}]) AS t(n)"
            engine.execute(f"COPY ({rows}) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    calls = replace(plan(tmp_path, "lead:any", stem="calls"), joins=(JoinPlan("leads", "lead", "id", SOURCE),))
    loads = {one.name: loaded(one, tmp_path) for one in (calls, plan(tmp_path, "id:any", key="id"))}
    with session(loads, tmp_path / ".shinro") as opened:
        [joined] = verify_joins(opened.rows, calls, loads).joined
    assert (joined.orphans, [Decimal(sample) for sample in joined.samples]) == (1, [Decimal(9)])


def test_rejects_are_numbered_by_rows_and_five_are_kept(tmp_path: Path) -> None:
    lines = [f"{n},{'x' if n % 3 == 0 else n}" for n in range(1, 31)]
    lines[3] = "4"
    lines[7] = '8,"y"z'
    put(tmp_path, "\n".join(["title", "id,n", *lines]))
    made = loaded(plan(tmp_path, "id:text", "n:number"), tmp_path)
    assert (made.rows, made.rejected) == (18, 12)
    assert [(one.row, one.column, one.value, one.reason) for one in made.rejects] == [
        (3, "n", "x", "number"),
        (4, "n", "4", "too few columns"),
        (6, "n", "x", "number"),
        (8, "", '8,"y"z', "quote"),
        (9, "n", "x", "number"),
    ]


def test_more_than_half_rejected_is_refused_and_just_half_is_not(tmp_path: Path) -> None:
    put(tmp_path, "id,n\n1,1\n2,x\n")
    assert loaded(plan(tmp_path, "id:text", "n:number"), tmp_path).rejected == 1


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ("2026-04-30\n2026-05-01", date(2026, 5, 15)),
        ("2026-04-29\n2026-04-30", date(2026, 4, 30)),
        ("2026-04-15\n2026-04-30", date(2026, 5, 15)),
        ("2026-05-14\n2026-05-18", date(2026, 5, 18)),
    ],
)
def test_a_day_in_a_name_is_believed_of_a_silence_of_two_weeks_or_as_usual(
    rows: str, known: date, tmp_path: Path
) -> None:
    put(tmp_path, f"at\n{rows}\n", "leads_2026-05-15")
    made = loaded(plan(tmp_path, "at:time", time="at"), tmp_path, date(2026, 5, 20))
    assert (made.known_until, made.named) == (known, date(2026, 5, 15))
