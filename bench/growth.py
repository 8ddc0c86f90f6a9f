"""Growth metrics through a project file, as an adapter for a harness: `setup(data_dir)` once, `run(metric)` timed.

In: `events.parquet` (user_id, ts, event, channel, plan, country), `subs.parquet`, `crm.parquet`; out: a list of rows.
A folder whose name ends in h holds moments of UTC to be counted in Tokyo's days, and ids that are texts.

Two adapters, two questions. `Adapter` is the first time in a project's life: every statement is compiled. `Later` is
any later look at new rows, as of another day: a process before it measured the same metrics as of a week earlier, all
that it found is thrown away, and its compiled statements are there. Imports and loading are timed in neither.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from operator import attrgetter
from pathlib import Path

import duckdb
from sales import Adapter as Sales

from shinro.cli import COLLECT
from shinro.periods import Grain, Period
from shinro.queries.scans import Want, scans
from shinro.run.curve import Asked, curves
from shinro.run.gathering import Gathered, Moment, gathering
from shinro.run.opening import open_project
from shinro.series import Point, Segment

Rows = list[tuple[object, ...]]
By = Mapping[Segment, tuple[Point, ...]]

HEAD = """\
company: bench
currency: USD
timezone: {zone}
sources: {{bench: {{type: files, path: "{folder}/*.parquet", timezone: UTC}}}}
"""
EVENTS = """\
tables: {events: {from: bench.events, time: ts, entity: user_id, dimensions: [channel, plan, country]}}
metrics:
  dau: {active: events, within: 1 day}
  wau: {active: events, within: 7 days}
  mau: {active: events, within: 28 days}
  active: {active: events}
  events: {count: events, where: user_id is not null}
  purchases: {count: events, where: "event = 'purchase' and user_id is not null"}
  kept: {retention: events, after: 30 days}
  bought:
    funnel: events
    within: 7 days
    steps:
      search: event = 'search'
      cart: event = 'cart'
      checkout: event = 'checkout'
      purchase: event = 'purchase'
"""
SUBS = """\
tables:
  subs: {from: bench.subs, time: ts, entity: account_id, dimensions: [plan]}
  changes: {from: bench.changes, time: ts, entity: account_id, amount: usd}
metrics:
  revenue: {recurring: changes}
  trials: {count: subs, where: change = 'trial_start'}
  starts: {count: subs, where: change = 'start'}
  paid: {conversion: trials, to: starts, within: 14 days}
"""
# The harness fixes rates and rounds each change down to a cent: what is shaped upstream, and so not timed.
IN_USD = """
copy (select account_id, ts, (mrr_cents * case currency when 'USD' then 1000000 when 'EUR' then 1080000
    when 'GBP' then 1270000 else 6700 end // 1000000)::decimal(18, 2) / 100 as usd from '{subs}') to '{changes}'
"""
STEPS = ("search", "cart", "checkout", "purchase")
TREE = ("events", "active", "purchases")
GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH)
DIMENSIONS = ((), ("channel",), ("plan",), ("country",))
NUMBER = attrgetter("value")  # of a point


class Adapter:
    """The product's side of the benchmark."""

    name = "shinro"
    later = False

    def setup(self, data_dir: str) -> None:
        """Writes the projects, loads the tables, imports the compiler: not part of the timing of `run`.

        All that may be asked for is readied, or, where the environment names one kind of table, that alone.
        """
        gc.set_threshold(*COLLECT)
        self.stack, self.opened = ExitStack(), dict[str, Gathered]()
        data = Path(data_dir).resolve()
        shaped = Path(tempfile.mkdtemp(prefix="shinro-bench-"))
        self.stack.callback(shutil.rmtree, shaped, ignore_errors=True)
        self.zone = "Asia/Tokyo" if data.name.endswith("h") else "UTC"
        only = os.environ.get("SHINRO_BENCH_ONLY")
        for kind, text in (("events", EVENTS), ("subs", SUBS)):
            if (data / f"{kind}.parquet").is_file() and only in (None, kind):
                (shaped / f"{kind}.parquet").symlink_to(data / f"{kind}.parquet")
                if kind == "subs":
                    duckdb.sql(IN_USD.format(subs=data / "subs.parquet", changes=shaped / "changes.parquet"))
                self.opened[kind] = self._open(self._folder(kind, HEAD.format(zone=self.zone, folder=shaped) + text))
        if (data / "crm.parquet").is_file() and only in (None, "crm"):
            self.sales = Sales()
            self.sales.later = self.later
            self.sales.setup(data_dir)

    def _folder(self, kind: str, text: str) -> Path:
        """A folder with the project, in which an earlier process has measured where this is a later look."""
        folder = Path(tempfile.mkdtemp(prefix="shinro-bench-"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "shinro.yaml").write_text(text, "utf-8")
        if self.later:
            subprocess.run([sys.executable, __file__, kind, str(folder)], check=True)
            shutil.rmtree(folder / ".shinro" / "cache" / "answers")
        return folder

    def _open(self, folder: Path, days: int = 20) -> Gathered:
        opened = open_project(folder)
        gathered = self.stack.enter_context(gathering(opened, Moment(datetime.now(UTC), date(9999, 1, 1), {})))
        table = next(iter(gathered.loads))
        name = next(str(name) for name, metric in opened.project.metrics.items() if metric.count)
        scan = scans(opened.project, [Want(name, Grain.WEEK)], {table: None}, None)[0]
        gathered.asked.engine.sql(scan, gathered.loads)
        newest = gathered.loads[table].newest or date.max
        # whatever is counted within so many days of something is known of all: the harness leaves nobody out
        object.__setattr__(gathered, "as_of", newest + timedelta(days=days))
        return gathered

    def earlier(self, kind: str, folder: Path) -> None:
        """What a look a week earlier measured."""
        with ExitStack() as self.stack:
            self.opened = {kind: self._open(folder, 13)}
            for metric, of in KINDS.items():
                if of == kind:
                    self.run(metric)

    def run(self, metric: str) -> Rows:
        """The rows of a metric, as the harness asks for them. Raises KeyError for what is not known."""
        if metric == "sales":
            return self.sales.run(metric)
        return RUNS[metric](self)

    def series(self, kind: str, wants: list[Want]) -> list[By]:
        """The points of each want by segment."""
        found = self.opened[kind].measure(wants)
        return [{one.segment: one.points for one in found.get(want, ())} for want in wants]

    @property
    def span(self) -> Period:
        """All days of the events."""
        load = self.opened["events"].loads["events"]
        return Period(load.oldest or date.min, (load.newest or date.max) + timedelta(days=1))


class Later(Adapter):
    """A later look."""

    later = True


def active(bench: Adapter) -> Rows:
    """(day, distinct users of the day, of 7 days, of 28 days), where there are any."""
    first = bench.span.start
    daily, weekly, monthly = (found[()] for found in bench.series("events", [Want(n, Grain.DAY) for n in WINDOWS]))
    rows = zip(daily, weekly, monthly, strict=True)
    return [((a.period.start - first).days, a.value, b.value, c.value) for a, b, c in rows if c.value]


def funnel(bench: Adapter) -> Rows:
    """(level, users who reach it), in all of the time."""
    wants = [Want(f"bought.{step}", Grain.YEAR, span=bench.span) for step in STEPS]
    return [(n, found[()][0].value) for n, found in enumerate(bench.series("events", wants), 1)]


def tree(bench: Adapter) -> Rows:
    """(grain, start, dimension, value, events, active users, purchases) by three grains and four dimensions."""
    cuts = [(grain, by) for by in DIMENSIONS for grain in GRAINS]
    found = bench.series("events", [Want(name, grain, by) for grain, by in cuts for name in TREE])
    rows: Rows = []
    for n, (cut, _) in enumerate(cuts):
        grain = cut.value
        events, users, purchases = found[3 * n : 3 * n + 3]
        starts = [at.period.start for at in next(iter(events.values()), ())]
        for segment, points in events.items():
            name, value = segment[0] if segment else ("all", "all")
            bought = map(NUMBER, purchases[segment]) if segment in purchases else repeat(0)
            sides = zip(starts, map(NUMBER, points), map(NUMBER, users[segment]), bought, strict=False)
            rows += [(grain, start, name, value, a, b, c) for start, a, b, c in sides if a]
    return rows


def trial(bench: Adapter) -> Rows:
    """(month, plan, trials, of which paid within 14 days)."""
    (found,) = bench.series("subs", [Want("paid", Grain.MONTH, ("plan",))])
    return [
        (at.period.start, segment[0][1], at.base, at.over)
        for segment, points in found.items()
        for at in points
        if at.base
    ]


def retention(bench: Adapter) -> Rows:
    """(cohort's day, days since, users who are active on that day), up to 30 days."""
    gathered, first = bench.opened["events"], bench.span.start
    (curve,) = curves(gathered, ("kept",), Asked(Grain.DAY, 30)).curves
    return [
        ((cohort.period.start - first).days, n, users)
        for cohort in curve.cohorts
        for n, users in enumerate(cohort.kept)
        if users
    ]


def mrr(bench: Adapter) -> Rows:
    """(month, new, expansion, contraction, churn, reactivation, MRR at its end, payers, lost accounts), in cents."""
    found = bench.series("subs", [Want(f"revenue.{part}", Grain.MONTH) for part in MRR])
    columns = [[at.value for at in one[()]] for one in found]
    cents = [[value and value * 100 for value in column] for column in columns[:6]]
    return [
        (n, *each) for n, each in enumerate(zip(*cents, *columns[6:], strict=True)) if None not in each and any(each)
    ]


MRR = (
    "new_mrr", "expansion", "contraction", "churned_mrr", "reactivation", "mrr", "companies", "churned_companies",
)  # fmt: skip
WINDOWS = ("dau", "wau", "mau")
RUNS: Mapping[str, Callable[[Adapter], Rows]] = {
    "active": active, "retention": retention, "funnel": funnel, "tree": tree, "mrr": mrr, "trial": trial,
}  # fmt: skip
KINDS = {metric: "subs" if metric in ("mrr", "trial") else "events" for metric in RUNS}

if __name__ == "__main__":
    Adapter().earlier(sys.argv[1], Path(sys.argv[2]))
