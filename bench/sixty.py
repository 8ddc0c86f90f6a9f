"""A project of sixty metrics over five tables: what a cold look costs, and how often it reads each table.

    python bench/sixty.py [--rows 10000000] [--runs 3] [--statements] [--folder FOLDER]

The rows are made here, seeded, and loaded first; loading is no part of the figures. `first` is a look with no compiled
statement kept, `later` one with those of an earlier look, `kept` one where nothing changed. A read is one scan of a
table's typed file in the plan that the engine ran: what a statement reads a second time counts again. A look at the
first rows of a table, to choose how it is summed up, is a sample.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from shinro.run.gathering import Moment, gathering
from shinro.run.opening import open_project
from shinro.run.status import status
from shinro.warehouse.session import Session

LAST = date(2026, 9, 30)
MOMENT = Moment(datetime(2026, 9, 30, 14, tzinfo=UTC), LAST)
STATUS = [sys.executable, "-m", "shinro.cli", "status", "--as-of", LAST.isoformat(), "-p"]
LOOKS: dict[str, tuple[str, ...] | None] = {"first": ("texts",), "later": (), "kept": None}  # what each one lacks
SHARES = {"events": 0.6, "contacts": 0.3, "leads": 0.06, "deals": 0.025, "subscriptions": 0.015}
# Rows come as they do, in order of time, over the two years before the last day: `i` numbers them. An event is one of
# five within a visit; a contact is with a lead of the days before, and a deal is opened with one of a month before.
FROM = f"""(select i, timestamp '{LAST} 14:00' - to_seconds(62208000 - i * 62208000 // {{rows}}) as moment,
    moment::date as day, i // 5 as visit from range({{rows}}) numbers(i))"""
ROWS = {
    "events": """'u' || (pow(hash(visit) / 18446744073709551616, 2) * ({rows} // 20))::bigint as user_id,
        moment - to_seconds(visit % 3600) + to_seconds(i % 5 * 40) as seen,
        ['view', 'view', 'view', 'search', 'search', 'cart', 'purchase', 'invite'][1 + (hash(i, 3) % 8)::int] as event,
        ['organic', 'ads', 'referral', 'sales'][1 + (hash(visit, 4) % 4)::int] as channel,
        ['free', 'free', 'team', 'business'][1 + (hash(visit, 5) % 4)::int] as plan,
        (hash(i, 6) % 9000)::int as amount""",
    "contacts": """i as activity_id, 'l' || abs(i // 5 - (hash(i, 1) % 20000)::bigint) as lead_id, moment as seen,
        ['call', 'call', 'call', 'mail', 'mail', 'meeting'][1 + (hash(i, 3) % 6)::int] as kind,
        ['reached', 'reached', 'missed', 'held'][1 + (hash(i, 4) % 4)::int] as outcome,
        ['phone', 'web', 'event'][1 + (hash(i, 5) % 3)::int] as channel, 'r' || hash(i, 6) % 40 as rep,
        (hash(i, 7) % 60)::int as minutes""",
    "leads": """'l' || i as lead_id, day as created_on, (hash(i, 4) % 100)::int as score,
        ['organic', 'ads', 'referral', 'fair'][1 + (hash(i, 3) % 4)::int] as channel""",
    "deals": """i as deal_id, 'l' || abs(i * 12 // 5 - (hash(i, 1) % 20000)::bigint) as lead_id, day as opened_on,
        day + (5 + hash(i, 3) % 20)::int as proposed_on,
        case when hash(i, 4) % 5 > 0 then day + (30 + hash(i, 5) % 60)::int end as closed_on,
        ['open', 'won', 'lost', 'lost', 'lost'][1 + (hash(i, 4) % 5)::int] as stage, 'r' || hash(i, 6) % 40 as rep,
        ['team', 'business'][1 + (hash(i, 7) % 2)::int] as plan, (100 + hash(i, 8) % 900)::int * 1000 as amount""",
    "subscriptions": """i as subscription_id, 'c' || hash(i, 1) % greatest({rows} * 2 // 3, 10) as company_id,
        day as started_on, case when hash(i, 3) % 3 = 0 then day + (60 + hash(i, 4) % 400)::int end as ended_on,
        ['team', 'business'][1 + (hash(i, 5) % 2)::int] as plan, (10 + hash(i, 6) % 90)::int * 1000 as amount""",
}
PROJECT = """
company: Sixty
currency: JPY
timezone: Asia/Tokyo
story: {starts: 2025-10-01}
sources: {app: {type: files, path: "data/*.parquet", timezone: UTC}}
tables:
  events: {from: app.events, time: seen, entity: user_id, dimensions: [channel, plan]}
  contacts: {from: app.contacts, key: activity_id, time: seen, entity: lead_id, dimensions: [channel, rep]}
  leads: {from: app.leads, key: lead_id, time: created_on, entity: lead_id, dimensions: [channel]}
  deals:
    from: app.deals
    key: deal_id
    time: opened_on
    times: {proposed: proposed_on, closed: closed_on}
    starts: opened_on
    ends: closed_on
    entity: lead_id
    amount: amount
    dimensions: [rep, plan]
  subscriptions:
    from: app.subscriptions
    key: subscription_id
    time: started_on
    times: {ended: ended_on}
    starts: started_on
    ends: ended_on
    entity: company_id
    amount: amount
    dimensions: [plan]
metrics:
  views: {count: events, where: event = 'view'}
  searches: {count: events, where: event = 'search'}
  carts: {count: events, where: event = 'cart'}
  purchases: {count: events, where: event = 'purchase'}
  invites: {count: events, where: event = 'invite'}
  views_organic: {count: events, where: "event = 'view' and channel = 'organic'"}
  views_ads: {count: events, where: "event = 'view' and channel = 'ads'"}
  views_referral: {count: events, where: "event = 'view' and channel = 'referral'"}
  sales: {sum: events.amount, where: event = 'purchase'}
  basket: {ratio: sales / purchases}
  users: {count_distinct: events.user_id}
  buyers: {count_distinct: events.user_id, where: event = 'purchase'}
  paying_rate: {ratio: buyers / users}
  dau: {active: events, within: 1 day}
  wau: {active: events, within: 7 days}
  mau: {active: events, within: 28 days}
  stickiness: {ratio: dau / mau}
  kept: {retention: events, after: 4 weeks}
  bought:
    funnel: events
    within: 7 days
    steps: {search: event = 'search', cart: event = 'cart', paid: event = 'purchase'}
  calls: {count: contacts, where: kind = 'call', kind: activity}
  mails: {count: contacts, where: kind = 'mail', kind: activity}
  replies: {count: contacts, where: "kind = 'call' and outcome = 'reached'"}
  meetings: {count: contacts, where: "kind = 'meeting' and outcome = 'held'"}
  calls_phone: {count: contacts, where: "kind = 'call' and channel = 'phone'"}
  calls_web: {count: contacts, where: "kind = 'call' and channel = 'web'"}
  calls_event: {count: contacts, where: "kind = 'call' and channel = 'event'"}
  minutes: {sum: contacts.minutes, where: kind = 'call'}
  talk: {avg: contacts.minutes, where: "kind = 'call' and outcome = 'reached'"}
  longest: {max: contacts.minutes}
  qualified_leads: {count_distinct: contacts.lead_id, where: "kind = 'meeting' and outcome = 'held'"}
  worked_leads: {active: contacts, within: 28 days}
  calls_per_lead: {ratio: calls / leads}
  reply_rate: {ratio: replies / calls}
  appointment_rate: {ratio: qualified_leads / replies}
  leads: {count: leads}
  leads_organic: {count: leads, where: channel = 'organic'}
  leads_ads: {count: leads, where: channel = 'ads'}
  leads_referral: {count: leads, where: channel = 'referral'}
  good_leads: {count: leads, where: score >= 70}
  lead_to_won: {conversion: leads, to: won, within: 90 days}
  opened: {count: deals}
  proposed: {count: deals, at: proposed}
  won: {count: deals, at: closed, where: stage = 'won'}
  lost: {count: deals, at: closed, where: stage = 'lost'}
  closed: {count: deals, at: closed, where: "stage in ('won', 'lost')"}
  won_amount: {sum: deals.amount, at: closed, where: stage = 'won'}
  pipeline: {sum: deals.amount}
  open_deals: {stock: deals}
  win_rate: {ratio: won / closed}
  deal_size: {ratio: won_amount / won}
  revenue: {recurring: subscriptions}
  companies: {stock: subscriptions, better: higher}
  new_contracts: {count: subscriptions}
  ended_contracts: {count: subscriptions, at: ended}
  new_mrr: {sum: subscriptions.amount}
  ended_mrr: {sum: subscriptions.amount, at: ended}
  net_mrr: {derived: new_mrr - ended_mrr}
  mrr: {cumulative: net_mrr}
  business: {count: subscriptions, where: plan = 'business'}
  team: {count: subscriptions, where: plan = 'team'}
north_star: {metric: qualified_leads, guardrail: win_rate}
tree:
  qualified_leads: leads * calls_per_lead * reply_rate * appointment_rate
  companies: previous + new_contracts - ended_contracts
departments:
  marketing: {owns: [leads]}
  inside_sales: {owns: [calls, calls_per_lead, reply_rate, appointment_rate]}
  customer_success: {owns: [ended_contracts]}
kpis:
  leads: {owner: a, cadence: weekly, focus: true, decides: channels}
  calls: {owner: b, cadence: weekly, decides: people}
  reply_rate: {owner: b, cadence: weekly, focus: true, decides: lists}
  appointment_rate: {owner: b, cadence: monthly, focus: true, decides: the script}
  ended_contracts: {owner: c, cadence: monthly, better: lower, decides: onboarding}
  wau: {owner: d, cadence: weekly, decides: the product}
targets:
  calls: {per: week, from: 3200, to: 3900, by: 2026-11-01, each: {rep: {r1: 350 per week, r2: 350 per week}}}
milestones:
  - id: m12
    by: +12 months
    reach: [qualified_leads >= 300 per month, companies >= 600, "win_rate >= 30% over 3 months"]
"""


def spent() -> float:
    """Processor seconds of this process's children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def made(folder: Path, rows: int) -> None:
    """The project, its rows, and its loaded tables."""
    (folder / "data").mkdir(parents=True)
    (folder / "shinro.yaml").write_text(PROJECT, "utf-8")
    for name, share in SHARES.items():
        told = f"select {ROWS[name]} from {FROM}".format(rows=max(int(rows * share), 10))
        duckdb.sql(f"copy ({told}) to '{folder / 'data' / name}.parquet'")
    with gathering(open_project(folder), MOMENT):
        pass


def forget(folder: Path, *kept: str) -> None:
    """The cold state: nothing that was measured is kept, nor what else is named."""
    for name in ("answers", *kept):
        shutil.rmtree(folder / ".shinro" / "cache" / name, ignore_errors=True)
    with gathering(open_project(folder), MOMENT):
        pass  # what joins see belongs to loading


def timed(folder: Path, runs: int) -> None:
    """CPU and wall seconds of whole commands, medians."""
    for name, kept in LOOKS.items():
        figures = []
        for _ in range(runs):
            if kept is not None:
                forget(folder, *kept)
            before, wall = spent(), time.perf_counter()
            subprocess.run([*STATUS, str(folder)], check=False, capture_output=True)
            figures.append((spent() - before, time.perf_counter() - wall))
        cpu, wall = (statistics.median(part) for part in zip(*figures, strict=True))
        print(f"status, {name:6} cpu {cpu:6.2f} s  wall {wall:6.2f} s  (median of {runs})")


def counted(folder: Path, *, told: bool) -> None:
    """How often each table is read in a cold look, as the engine's plans say."""
    forget(folder)
    reads: Counter[str] = Counter()
    samples: Counter[str] = Counter()
    statements = 0

    def watched(run: Callable[..., object]) -> Callable[..., object]:
        def watch(session: Session, *given: str) -> object:
            nonlocal statements
            seen = Counter(tables_of(session, given[-1]))
            statements += bool(seen)
            (samples if "LIMIT" in given[-1] else reads).update(seen)
            if told and seen:
                print(f"{statements:3} {dict(seen)} {len(given[-1]):,} characters")
            return run(session, *given)

        return watch

    for name in ("rows", "keep"):
        setattr(Session, name, watched(getattr(Session, name)))
    status(open_project(folder), MOMENT)
    print(f"{statements} statements over tables; {sum(reads.values())} reads of {len(reads)} tables")
    for name, many in reads.items():
        print(f"  {name:14} read {many}, sampled {samples[name] // 2}")


def tables_of(session: Session, sql: str) -> Iterator[str]:
    """The tables that a statement reads, one as often as it is scanned; a sample scans twice (rows, then columns)."""
    views = session.connection.execute("SELECT view_name, sql FROM duckdb_views() WHERE NOT internal").fetchall()
    plan = session.connection.execute(f"EXPLAIN (ANALYZE, FORMAT json) {sql}").fetchall()[0][1]
    waiting = [json.loads(plan)["operator"][0]]
    while waiting:
        one = waiting.pop()
        waiting += one.get("children", [])
        files = str(one["extra_info"].get("Filename(s)", ""))
        if files:
            yield next(name for name, text in views if files in text)


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the project is, or is made")
    parser.add_argument("--statements", action="store_true", help="tell every statement")
    asked = parser.parse_args()
    with TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch) / "sixty"
        if not folder.exists():
            made(folder, asked.rows)
        timed(folder, asked.runs)
        counted(folder, told=asked.statements)


if __name__ == "__main__":
    main()
