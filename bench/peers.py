"""SQL that other products generate, beside ours: warm, in one process, on one connection, in turns.

    python bench/peers.py DATA_DIR [--runs 3] [--only dau,seven]

In: `events.parquet` (user_id, ts, event, channel, plan, country) over one year, of UTC days. Out: CPU seconds, medians,
ratios to ours, and how many of our numbers the other text gives, too. The texts are what came out of
`mf query --explain` (MetricFlow 0.213.0) and `.sql()` (boring-semantic-layer 0.3.18) on 2026-11-26; line breaks and
table names are ours. One of MetricFlow's windows takes about a minute at 10M rows.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
from collections.abc import Mapping
from typing import TypeAlias

import duckdb
from growth import Adapter

from shinro.periods import Grain
from shinro.queries.scans import Want, scans

Rows: TypeAlias = list[tuple[object, ...]]

SPINE = """
CREATE TEMP TABLE spine AS
SELECT d::DATE AS date_day FROM generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY) AS days(d)
"""
METRICFLOW = """
SELECT DATE_TRUNC('{grain}', ts) AS metric_time__{grain} , COUNT(DISTINCT user_id) AS users
FROM "events" events_src_10000 GROUP BY DATE_TRUNC('{grain}', ts)
"""
METRICFLOW_WINDOW = """
SELECT subq_3.date_day AS metric_time__day , COUNT(DISTINCT events_src_10000.user_id) AS users_{days}
FROM "spine" subq_3 INNER JOIN "events" events_src_10000
ON ( DATE_TRUNC('day', events_src_10000.ts) <= subq_3.date_day )
AND ( DATE_TRUNC('day', events_src_10000.ts) > subq_3.date_day - INTERVAL {days} day ) GROUP BY subq_3.date_day
"""
BORING = """
SELECT * FROM (
SELECT "t1"."{grain}", COUNT(DISTINCT "t1"."user_id") AS "users" FROM (
SELECT "t0"."user_id", "t0"."ts", "t0"."event", "t0"."channel", "t0"."plan", "t0"."country",
DATE_TRUNC('{GRAIN}', "t0"."ts") AS "{grain}" FROM "events" AS "t0"
) AS "t1" GROUP BY 1 ) AS "t2"
"""
BORING_WINDOW = """
SELECT * FROM (
SELECT "t2"."day", "t2"."users",
SUM("t2"."users") OVER (ORDER BY "t2"."day" ASC ROWS BETWEEN {before} preceding AND CURRENT ROW) AS "r" FROM (
SELECT "t1"."day", COUNT(DISTINCT "t1"."user_id") AS "users" FROM (
SELECT "t0"."user_id", "t0"."ts", "t0"."event", "t0"."channel", "t0"."plan", "t0"."country",
DATE_TRUNC('DAY', "t0"."ts") AS "day" FROM "events" AS "t0"
) AS "t1" GROUP BY 1 ) AS "t2" ) AS "t3"
"""


def _distinct(grain: Grain) -> Mapping[str, str]:
    return {
        "metricflow": METRICFLOW.format(grain=grain.value),
        "boring": BORING.format(grain=grain.value, GRAIN=grain.value.upper()),
    }


def _window(days: int) -> Mapping[str, str]:
    return {"metricflow": METRICFLOW_WINDOW.format(days=days), "boring": BORING_WINDOW.format(before=days - 1)}


CASES: Mapping[str, tuple[Want, Mapping[str, str]]] = {
    "dau": (Want("active", Grain.DAY), _distinct(Grain.DAY)),
    "week": (Want("active", Grain.WEEK), _distinct(Grain.WEEK)),
    "month": (Want("active", Grain.MONTH), _distinct(Grain.MONTH)),
    "seven": (Want("wau", Grain.DAY), _window(7)),
    "twenty-eight": (Want("mau", Grain.DAY), _window(28)),
}


def spent() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def timed(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[float, Rows]:
    """CPU seconds of a query, and its rows."""
    before = spent()
    rows = connection.execute(text).fetchall()
    return spent() - before, rows


def compared(bench: Adapter, case: str, runs: int) -> str:
    """A line on one case: ours first. The first turn warms, and is not counted."""
    want, others = CASES[case]
    gathered = bench.opened["events"]
    (scan,) = scans(gathered.opened.project, [want], {"events": None}, None)
    texts = {"shinro": gathered.asked.engine.sql(scan, gathered.loads), **others}
    connection = gathered.asked.engine.session.connection
    turns = [{name: timed(connection, text) for name, text in texts.items()} for _ in range(runs + 1)]
    (series,) = bench.series("events", [want])
    ours = {point.period.start.isoformat(): point.value for point in series[()] if point.value}
    said = [f"shinro {statistics.median(turn['shinro'][0] for turn in turns[1:]):.3f} s"]
    for name in others:
        cpu = statistics.median(turn[name][0] for turn in turns[1:])
        ratio = statistics.median(turn[name][0] / turn["shinro"][0] for turn in turns[1:])
        theirs = {str(row[0])[:10]: row[-1] for row in turns[-1][name][1]}
        equal = sum(theirs.get(day) == value for day, value in ours.items())
        said.append(f"{name} {cpu:.3f} s (x {ratio:.2f}, {equal} of {len(ours)} equal)")
    return f"{case}: {', '.join(said)}"


def main() -> None:
    """Prints a line a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(CASES))
    asked = parser.parse_args()
    os.environ["SHINRO_BENCH_ONLY"] = "events"
    bench = Adapter()
    bench.setup(asked.data_dir)
    try:
        first, last = bench.span.start, bench.opened["events"].loads["events"].newest
        bench.opened["events"].asked.engine.session.connection.execute(SPINE.format(first=first, last=last))
        for case in asked.only.split(","):
            print(compared(bench, case, asked.runs), flush=True)
    finally:
        bench.stack.close()


if __name__ == "__main__":
    main()
