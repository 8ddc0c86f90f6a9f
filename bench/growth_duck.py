"""Growth metrics as one would write them by hand for DuckDB, on data made here: the peer of `growth.py`."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

EVENTS = """
copy (select cast(hash(i) % greatest({rows} // 40, 10) as bigint) user_id,
    timestamp '2025-01-01' + to_seconds(cast(hash(i, 1) % 31536000 as bigint)) ts,
    ['view', 'view', 'search', 'cart', 'checkout', 'purchase'][cast(1 + hash(i, 2) % 6 as int)] event,
    ['paid', 'organic', 'mail'][cast(1 + hash(user_id, 3) % 3 as int)] channel,
    ['free', 'pro'][cast(1 + hash(user_id, 4) % 2 as int)] plan,
    ['JP', 'US', 'DE'][cast(1 + hash(i, 5) % 3 as int)] country
  from range({rows}) t(i)) to '{folder}/events.parquet' (format parquet)
"""
SUBS = """
copy (select account_id, unnest([
    {{'ts': began, 'change': 'trial_start', 'mrr_cents': 0}},
    {{'ts': began + to_seconds(cast(hash(account_id, 1) % 2592000 as bigint)),
      'change': if(hash(account_id, 2) % 3 = 0, 'cancel', 'start'), 'mrr_cents': 1000 * (hash(account_id, 3) % 90)}}],
    recursive := true), 'USD' currency, ['basic', 'pro', 'team'][cast(1 + hash(account_id, 4) % 3 as int)] plan
  from (select cast(i as bigint) account_id,
      timestamp '2025-01-01' + to_seconds(cast(hash(i) % 31536000 as bigint)) began
    from range({rows} // 2) t(i))) to '{folder}/subs.parquet' (format parquet)
"""
DAYS = "days as (select distinct user_id, ts::date d from events)"
SQL: Mapping[str, str] = {
    "active": f"""with {DAYS}, ends as (select min(d) first, max(d) last from days),
      gaps as (select d, d - lag(d) over (partition by user_id order by d) gap from days),
      cells as (select d, least(coalesce(gap, 99), 99)::int gap, count(*) n from gaps group by all),
      spread as (select unnest(generate_series(d::timestamp, least(d + 27, last)::timestamp, interval 1 day))::date x,
          d, gap, n, first from cells, ends)
    select x - first, coalesce(sum(n) filter (d = x), 0)::bigint,
      coalesce(sum(n) filter (d > x - 7 and d - gap <= x - 7), 0)::bigint,
      sum(n) filter (d - gap <= x - 28)::bigint from spread group by x, first""",
    "retention": f"""with {DAYS}, known as (select d, min(d) over (partition by user_id) born from days)
    select born - (select min(d) from days), d - born, count(*) from known where d - born <= 30 group by all""",
    "trial": """with each as (select account_id, min(ts) filter (change = 'trial_start') t,
        min(ts) filter (change = 'start') s, any_value(plan) filter (change = 'trial_start') plan
      from subs where change in ('trial_start', 'start') group by account_id)
    select date_trunc('month', t)::date, plan, count(*), count(*) filter (s <= t + interval 14 day)
    from each where t is not null group by all""",
}
TABLES: Mapping[str, str] = {"active": "events", "retention": "events", "trial": "subs"}


def made(folder: str, rows: int) -> None:
    """Writes the events and the subscriptions' changes."""
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    for text in (EVENTS, SUBS):
        connection.execute(text.format(rows=rows, folder=folder))


class Peer:
    """The SQL on the same files."""

    def setup(self, data_dir: str) -> None:
        """A view of each file."""
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 2")
        for table in ("events", "subs"):
            self.connection.execute(f"create view {table} as from read_parquet('{data_dir}/{table}.parquet')")

    def run(self, metric: str) -> list[tuple[object, ...]]:
        """The rows."""
        return self.connection.execute(SQL[metric]).fetchall()
