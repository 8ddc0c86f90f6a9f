"""What is asked together is read together: every table once, whatever is asked of it, and nothing else is found."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import rmtree

import pytest

from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.queries.scans import Want, scans
from shinro.queries.sharing import sharing
from shinro.run.gathering import Moment, gathering
from shinro.run.opening import open_project
from shinro.warehouse import reads
from shinro.warehouse.asking import Asking
from shinro.warehouse.measure import Measured
from shinro.warehouse.session import Session

MOMENT = Moment(datetime(2026, 6, 30, tzinfo=UTC), date(2026, 6, 30))
SHOP = """
currency: JPY
sources: {shop: {type: files, path: data/*.csv}}
tables:
  events: {from: shop.events, time: at, entity: user, dimensions: [plan], joins: {users: user}}
  users: {from: shop.users, key: user, time: born, entity: user, dimensions: [office]}
  deals:
    {from: shop.deals, key: deal, time: starts, times: {closed: ends}, starts: starts, ends: ends, amount: amount,
     entity: firm}
metrics:
  all: {count: events}
  none: {count: events, where: kind = 'nothing'}
  bought: {count: events, where: kind = 'buy'}
  buyers: {count_distinct: events.user, where: kind = 'buy'}
  size: {median: events.amount}
  sum: {sum: events.amount, where: users.office = 'East'}
  week: {active: events, within: 7 days}
  kept: {retention: events, after: 1 month}
  path: {funnel: events, within: 7 days, steps: {seen: kind = 'see', paid: kind = 'buy'}}
  tried: {conversion: users, to: bought, within: 30 days}
  deals: {count: deals}
  ended: {count: deals, at: closed}
  open: {stock: deals}
  revenue: {recurring: deals}
"""
ALL = ("all", "bought", "buyers", "size", "sum", "week", "kept", "path", "tried", "deals", "ended", "open")
WANTS = [Want(name, grain) for name in (*ALL, "revenue.mrr") for grain in (Grain.WEEK, Grain.MONTH)]
ROLLED = [Want(name, grain) for name in ("buyers", "week", "kept") for grain in (Grain.WEEK, Grain.MONTH)]
WANTS += [Want(name, Grain.MONTH, ("plan",)) for name in ("all", "buyers", "size", "path", "sum")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "shinro.yaml").write_text(SHOP, "utf-8")
    days = [date(2026, 1 + n % 6, 1 + n * 7 % 28) for n in range(60)]
    kind = ("see", "see", "buy")
    rows = {
        "events": ["at,user,plan,kind,amount"]
        + [f"{day} 0{n % 9}:00,u{n % 7},{'ab'[n % 2]},{kind[n % 3]},{n}.5" for n, day in enumerate(days)],
        "users": ["user,born,office"] + [f"u{n},2026-01-0{n + 1},{('East', '西')[n % 2]}" for n in range(6)],
        "deals": ["deal,firm,starts,ends,amount"]
        + [f"{n},f{n % 4},{day},{'' if n % 3 else day.replace(month=6, day=28)},{n}000" for n, day in enumerate(days)],
    }
    for name, lines in rows.items():
        (tmp_path / "data" / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def measured(folder: Path, wants: list[Want]) -> Measured:
    with gathering(open_project(folder), MOMENT) as gathered:
        return gathered.measure(wants)


@pytest.fixture
def read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each table is read from now on; a look at its first rows is none."""
    measured(folder, [])  # loaded, joins verified
    read: Counter[str] = Counter()
    rows, keep = Session.rows, Session.keep

    def look(session: Session, sql: str) -> str:
        if "LIMIT" in sql:
            return sql
        plan = session.connection.execute(f"EXPLAIN (ANALYZE, FORMAT json) {sql}").fetchall()[0][1]
        waiting = [json.loads(plan)["operator"][0]]
        while waiting:
            one = waiting.pop()
            waiting += one.get("children", [])
            read.update([one["extra_info"]["Filename(s)"]] if "Filename(s)" in one["extra_info"] else [])
        return sql

    monkeypatch.setattr(Session, "rows", lambda session, sql: rows(session, look(session, sql)))
    monkeypatch.setattr(Session, "keep", lambda session, name, sql: keep(session, name, look(session, sql)))
    return read


@pytest.mark.parametrize("wants", [WANTS, ROLLED], ids=["all", "rolled"])
@pytest.mark.parametrize("few", [reads.FEW_ROWS, 1], ids=["tables", "roll-ups"])
def test_every_table_is_read_once_and_gives_what_each_scan_gives_alone(
    folder: Path, read: Counter[str], wants: list[Want], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "FEW_ROWS", few)
    monkeypatch.setattr(reads, "WORTH", 0)
    together = measured(folder, wants)
    assert set(read.values()) == {1}, read
    assert set(together) == set(wants)
    rmtree(folder / ".shinro" / "cache" / "answers")
    monkeypatch.setattr(Asking, "prepare", lambda *_: None)
    assert measured(folder, wants) == together
    assert min(read.values()) > 1


@pytest.mark.parametrize("name", ["all", "none"])
def test_longer_periods_of_counts_are_added_up_from_days_that_are_asked_for(folder: Path, name: str) -> None:
    with gathering(open_project(folder), MOMENT) as gathered:
        found = gathered.measure([Want(name, grain) for grain in (Grain.WEEK, Grain.DAY, Grain.MONTH)])
        assert len(gathered.asked.scanned) == 1
    rmtree(folder / ".shinro" / "cache" / "answers")
    for want, series in found.items():
        assert measured(folder, [want]) == {want: series}


def test_scans_are_linked_by_the_tables_that_they_read(folder: Path) -> None:
    tables = dict.fromkeys(("events", "users", "deals"))
    found = scans(open_project(folder).project, WANTS, tables, MOMENT.as_of)
    events, deals = sorted(sharing(found), key=len, reverse=True)
    assert {scan.table for scan in events} == {"events", "users"}
    assert {scan.table for scan in deals} == {"deals"}
    assert sorted(map(str, (*events, *deals))) == sorted(map(str, found))
    assert sharing([]) == ()


def test_what_fails_together_is_asked_alone_and_only_what_fails_is_told(tmp_path: Path) -> None:
    """thirty amounts of 29 digits"""
    (tmp_path / "data").mkdir()
    rows = "".join(f"{n},2026-05-01,{'9' * 29}\n" for n in range(30))
    (tmp_path / "data" / "deals.csv").write_text("id,day,amount\n" + rows, "utf-8")
    story = "sources: {crm: {type: files, path: data/*.csv}}\ntables: {deals: {from: crm.deals, key: id, time: day}}\n"
    metrics = "metrics:\n  middle: {median: deals.amount}\n  total: {sum: deals.amount}\n"
    (tmp_path / "shinro.yaml").write_text(story + metrics, "utf-8")
    wants = [Want("middle", Grain.MONTH), Want("total", Grain.MONTH)]
    with pytest.raises(CannotGoOn) as caught:
        measured(tmp_path, wants)
    (told,) = caught.value.problems
    assert (told.code, told.args["metrics"]) == ("L143", "total")
